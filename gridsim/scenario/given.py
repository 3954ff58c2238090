"""What is given where a scenario or a seed is asked for: taken the same way by every function, or refused in a sentence."""

from __future__ import annotations

import os
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

from .errors import ScenarioError
from .scenario import Scenario, load

LONGEST = 60  # letters of a wrong value that a message repeats

Given = Scenario | str | os.PathLike[str]


def as_scenario(given: Given, where: str = "scenario") -> Scenario:
    """Take a scenario as it is, or load a site by its name or a TOML file by its path.

    Parameters
    ----------
    given
        What a planner gave.
    where
        What it was given for; for the message.

    Raises
    ------
    ScenarioError
        If it is none of these, or there is no such site or file.
    """
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | os.PathLike):
        return load(given)
    raise ScenarioError(
        f"{where} = {shown(given)}: must be a scenario, the name of a site, or the path of a TOML file (see gridsim.load)"
    )


def as_seed(seed: Any) -> int:
    """Take any whole number as a seed, a negative one and NumPy's too.

    Parameters
    ----------
    seed
        What was given.

    Raises
    ------
    ScenarioError
        If it is none.
    """
    if not is_whole(seed):
        raise ScenarioError(f"seed = {shown(seed)}: must be a whole number")
    return int(seed)


def as_changes(changes: Any) -> Mapping[str, Any]:
    """Take key paths and their new values.

    Parameters
    ----------
    changes
        What was given.

    Raises
    ------
    ScenarioError
        If it is not a mapping.
    """
    if not isinstance(changes, Mapping):
        raise ScenarioError(
            f'changes = {shown(changes)}: must be key paths with values, such as {{"escalation.after_hours": 4}}'
        )
    return changes


def is_whole(value: object) -> bool:
    """Whether it is a whole number, NumPy's too; True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Whether it is a real number, NumPy's too; True and False are none."""
    return isinstance(value, Real) and not isinstance(value, bool)


def shown(value: object) -> str:
    """A wrong value as a message repeats it: on one line, and short."""
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
