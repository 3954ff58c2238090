"""Where the numbers of a scenario come from: which have no source, and which sources name nothing."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .paths import NAME_OF

if TYPE_CHECKING:
    from .scenario import Scenario

NOT_SIMULATED = ("name", "description", "sources", "reported")


def without_source(scenario: Scenario) -> list[str]:
    """Key paths of the numbers that no pattern under [sources] covers.

    Parameters
    ----------
    scenario
        Any scenario. A source covers a key and everything below it; `*` stands for one step, or a part of one.
    """
    patterns = [text for text, source in scenario.sources.items() if source.strip()]
    return [path for path in number_paths(scenario) if not any(_covers(pattern, path) for pattern in patterns)]


def of_nothing(scenario: Scenario) -> list[str]:
    """Patterns under [sources] that name no key of the scenario."""
    paths = [path for path, _ in _leaves(_simulated(scenario), "", "")]
    return [pattern for pattern in scenario.sources if not any(_covers(pattern, path) for path in paths)]


def number_paths(scenario: Scenario) -> list[str]:
    """Key paths of all numbers that a scenario says; a list of numbers is one key."""
    return [path for path, value in _leaves(_simulated(scenario), "", "") if _holds_number(value)]


def _simulated(scenario: Scenario) -> dict[str, Any]:
    return {key: value for key, value in scenario.as_data().items() if key not in NOT_SIMULATED}


def _leaves(here: Any, path: str, last: str) -> Iterator[tuple[str, Any]]:
    if isinstance(here, dict):
        for key, value in here.items():
            yield from _leaves(value, f"{path}.{key}".lstrip("."), key)
    elif isinstance(here, list) and here and all(isinstance(item, dict) for item in here):
        for number, item in enumerate(here):
            name = item.get(NAME_OF.get(last, ""), number)
            yield from _leaves(item, f"{path}.{name}", "")
    else:
        yield path, here


def _holds_number(value: Any) -> bool:
    if isinstance(value, list):
        return any(_holds_number(item) for item in value)
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _covers(pattern: str, path: str) -> bool:
    wanted, steps = pattern.split("."), path.split(".")
    return len(wanted) <= len(steps) and all(fnmatchcase(step, want) for step, want in zip(steps, wanted, strict=False))
