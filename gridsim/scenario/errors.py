"""What is wrong in a scenario, said once and clearly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_NAME = 100  # letters; nobody means a name of the model by more
# What would break a line, steer a terminal, turn the direction of writing, or cannot be written as UTF-8.
STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+")
ENDLESS = re.compile(r"\S{300,}")  # a value without end says no more than its two ends


class ScenarioError(ValueError):
    """Something is wrong in a scenario: file, key path, value and what is allowed."""

    def __init__(self, message: str):
        super().__init__(ENDLESS.sub(lambda word: said(word[0]), STEERS.sub(" ", message)))


def said(name: object, most: int = LONGEST_NAME) -> str:
    """Give a name from outside as it may stand in a message: on one line, and not endless.

    Parameters
    ----------
    name
        A name, a key or a path.
    most
        Letters; of a longer one its two ends are given.
    """
    text = STEERS.sub(" ", str(name))
    half = (most - 3) // 2
    return text if len(text) <= most else f"{text[:half]}...{text[-half:]}"


def nearest(name: str, known: Iterable[str], most: int = 3) -> str:
    """Say which known names are nearest to a wrong one; empty if none is near."""
    if len(name) > LONGEST_NAME:
        return ""
    found = get_close_matches(name, list(known), n=most, cutoff=0.5)
    return f"; did you mean {' or '.join(map(said, found))}?" if found else ""
