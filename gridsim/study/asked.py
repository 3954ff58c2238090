"""What a study is asked for, taken the same way by every function, or refused in a sentence before anything runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..scenario.given import as_scenario, is_number, is_whole, shown
from .errors import StudyError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ..scenario.scenario import Scenario

MOST_VALUES = 1_000_000  # of one key path: an endless generator ends here


def as_scenarios(given: Any) -> dict[str, Scenario]:
    """Take scenarios by name; each as `as_scenario` takes it.

    Parameters
    ----------
    given
        What a planner gave.

    Raises
    ------
    StudyError
        If they have no names.
    ScenarioError
        If one is no scenario.
    """
    if not isinstance(given, Mapping):
        raise StudyError(f'scenarios = {shown(given)}: must be scenarios by name, such as {{"A": one, "B": other}}')
    return {name: as_scenario(one, f"scenarios[{shown(name)}]") for name, one in given.items()}


def as_mapping(name: str, given: Any, example: str) -> Mapping[str, Any]:
    """Take a mapping, such as key paths with their values.

    Parameters
    ----------
    name, example
        What it is called, and what it may look like; for the message.
    given
        What a planner gave.

    Raises
    ------
    StudyError
        If it is none.
    """
    if not isinstance(given, Mapping):
        raise StudyError(f"{name} = {shown(given)}: must be names with their values, such as {example}")
    return given


def as_values(path: str, given: Any) -> list[Any]:
    """Read the values of a key path, once: a list, an array or a generator.

    Parameters
    ----------
    path
        The key path.
    given
        Its values.

    Raises
    ------
    StudyError
        If it is not a list of at least one value, or endless.
    """
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable) or getattr(given, "ndim", 1) != 1:
        raise StudyError(f"{path} = {shown(given)}: give a list of at least one value")
    values = list(islice(given, MOST_VALUES + 1))
    if not values:
        raise StudyError(f"{path} = {shown(given)}: give a list of at least one value")
    if len(values) > MOST_VALUES:
        raise StudyError(f"{path} has more than {MOST_VALUES:,} values: give a list that ends")
    return values


def as_names(what: str, given: Any) -> list[Any]:
    """Take one name as a list of one; several are read once, so that a generator is not used up.

    Parameters
    ----------
    what
        What they are called, for the message.
    given
        What a planner gave.

    Raises
    ------
    StudyError
        If there are no names in it.
    """
    if isinstance(given, str | os.PathLike):
        return [given]
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise StudyError(f"{what} = {shown(given)}: must be a name, or several")
    return list(given)


def check_whole(name: str, value: Any, least: int) -> int:
    """Take a whole number, NumPy's too.

    Parameters
    ----------
    name
        What it is called.
    value
        What was given.
    least
        The smallest that is allowed.

    Raises
    ------
    StudyError
        If it is none, or too small.
    """
    if not is_whole(value) or value < least:
        raise StudyError(f"{name} = {shown(value)}: must be a whole number of at least {least}")
    return int(value)


def check_confidence(value: Any, least: float = 0.0) -> None:
    """Refuse a confidence that is not a share above `least` and below 1."""
    if not is_number(value) or not least < value < 1.0:
        raise StudyError(f"confidence = {shown(value)}: must be above {least:g} and below 1")


def check_executor(executor: Executor | None) -> None:
    """Refuse what cannot play runs before anything starts.

    Parameters
    ----------
    executor
        What was given.

    Raises
    ------
    StudyError
        If it has no `submit` as executors of `concurrent.futures` have.
    """
    if executor is None:
        return
    if hasattr(executor, "get_executor"):
        raise StudyError("executor is a Dask client: give client.get_executor()")
    if isinstance(executor, type) or not callable(getattr(executor, "submit", None)):
        raise StudyError(
            f"executor = {shown(executor)}: must be an executor, such as concurrent.futures.ProcessPoolExecutor()"
        )
