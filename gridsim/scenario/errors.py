"""What is wrong in a scenario, said once and clearly."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ScenarioError(ValueError):
    """Something is wrong in a scenario: file, key path, value and what is allowed."""


def nearest(name: str, known: Iterable[str], most: int = 3) -> str:
    """Say which known names are nearest to a wrong one; empty if none is near."""
    found = get_close_matches(name, list(known), n=most, cutoff=0.5)
    return f"; did you mean {' or '.join(found)}?" if found else ""
