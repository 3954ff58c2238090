"""Measures of a planner's own: functions of a run's result, beside the measures of the package."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...scenario.errors import ScenarioError, nearest
from ...scenario.given import is_number, shown
from ..own_code import place_of
from .measure_table import HIGH, LOW, NEITHER, PROBLEMS, TABLE, Measure, row_of

if TYPE_CHECKING:
    from .result import Result

# What stands beside measures in the tables of a study.
TAKEN = ("scenario", "replication", "seed", "error", "measure", "design", "headcount", "rule", "site")
EXAMPLE = 'gs.Measure("share_within_a_day", of=my_function)'


def as_measures(given: Any) -> tuple[Measure, ...]:
    """Take measures of one's own, or refuse them in a sentence.

    Parameters
    ----------
    given
        One measure or several; None: none.

    Raises
    ------
    ScenarioError
        If one is no measure, its name is taken, or what is said of it cannot be.
    """
    if given is None:
        return ()
    if not isinstance(given, Measure | Iterable) or isinstance(given, str | bytes):
        raise ScenarioError(f"measures = {shown(given)}: must be a list of measures, such as [{EXAMPLE}]")
    found = (given,) if isinstance(given, Measure) else tuple(given)
    names: set[str] = set()
    for one in found:
        if not isinstance(one, Measure):
            raise ScenarioError(f"measures: {shown(one)} must be a measure, such as {EXAMPLE}")
        _check_name(one.name, names)
        _check(one)
        names.add(one.name)
    return found


def _check_name(name: Any, names: set[str]) -> None:
    if not isinstance(name, str) or not name.isidentifier():
        raise ScenarioError(
            f"measures: the name {shown(name)} must be letters, digits and _, such as share_within_a_day"
        )
    if row_of(name) is not None:
        raise ScenarioError(f"measures: {name!r} is the name of a measure of the package; choose another")
    if name in TAKEN:
        raise ScenarioError(f"measures: {name!r} is the name of a column of every table; choose another")
    if name in names:
        raise ScenarioError(f"measures: the name {name!r} stands twice; give each once")


def _check(one: Measure) -> None:
    """Refuse what cannot be said of a measure."""
    where = f"measures: {one.name}"
    if not callable(one.of):
        raise ScenarioError(f"{where}: of = {shown(one.of)}: must be a function of a result that gives one number")
    if one.better not in (HIGH, LOW, NEITHER):
        raise ScenarioError(f"{where}: better = {shown(one.better)}; allowed are 'high', 'low', '' (neither)")
    for text in ("words", "short", "unit", "per"):
        if not isinstance(getattr(one, text), str):
            raise ScenarioError(f"{where}: {text} = {shown(getattr(one, text))}: must be a text")
    if not (is_number(one.least) and is_number(one.most) and one.least < one.most):
        raise ScenarioError(f"{where}: least = {one.least!r} must be a number below most = {one.most!r}")
    counts = [row.name for row in TABLE if row.unit == PROBLEMS]
    if one.per and one.per not in counts:
        raise ScenarioError(
            f"{where}: per = {one.per!r} is no count of problems{nearest(one.per, counts)}; such as reported, due"
        )


def measured(result: Result) -> pd.Series[float]:
    """Compute the measures of one's own of a result.

    Parameters
    ----------
    result
        A run; its `about` says which there are.

    Raises
    ------
    ScenarioError
        If a function fails, or gives no such number; the message names function and run.
    """
    return pd.Series({one.name: _number(one, result) for one in result.about.own}, dtype=float)


def _number(one: Measure, result: Result) -> float:
    assert one.of is not None, "a measure of one's own has a function"
    try:
        given = one.of(result)
    except Exception as error:
        raise ScenarioError(f"{_whose(one, result)}: {type(error).__name__}: {error}") from error
    if getattr(given, "ndim", None) == 0:  # a number of NumPy
        given = given.item()
    if not is_number(given) and not isinstance(given, bool) and not (isinstance(given, float) and math.isnan(given)):
        raise ScenarioError(
            f"{_whose(one, result)} gives {shown(given)}: must be one number, or nan where there is none"
        )
    value = float(given)
    if value < one.least or value > one.most:
        end, bound = ("least", one.least) if value < one.least else ("most", one.most)
        raise ScenarioError(
            f"{_whose(one, result)} gives {value:g}, beyond its {end} of {bound:g}; give {end}= its true end"
        )
    return value


def _whose(one: Measure, result: Result) -> str:
    name = getattr(one.of, "__qualname__", type(one.of).__name__)
    return f"measure {one.name!r}, function {name}{place_of(one.of)}, run of {result.scenario.name!r} with seed {result.seed}"
