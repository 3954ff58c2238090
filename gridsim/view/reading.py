"""What views read from a comparison: one measure of every scenario, and the columns that a sweep adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..scenario.wording import clock_in_words
from ..simulation.events import PARTS
from ..simulation.outcome.measure_table import COST_PER_DAY, Measure

if TYPE_CHECKING:
    import pandas as pd

    from ..study.comparing.comparison import Comparison

OFF_DUTY = "hours_inbox_off_duty"  # a share of the hours in the inbox


def readings(study: Comparison, measure: str) -> pd.DataFrame:
    """Give one measure of every scenario: mean, low, high, n, and the swept columns.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    measure
        A measure of the model, or "cost_per_day" (wages of a mean day, known without running).

    Returns
    -------
    DataFrame
        One row per scenario that has the measure, in the order in which they were given.

    Raises
    ------
    StudyError
        If no scenario has such a measure.
    """
    known = study.table(["reported" if measure == COST_PER_DAY else measure])
    known = known.drop(columns="measure").set_index("scenario")
    if measure == COST_PER_DAY:
        cost = [study.scenarios[str(name)].cost_per_day for name in known.index]
        known = known.assign(mean=cost, low=cost, high=cost)
    return known


def swept_columns(study: Comparison) -> list[str]:
    """Name the columns that a sweep adds to the table: the keys it varied."""
    return list(next(iter(study.levers.values()), {}))


def clock_of(study: Comparison) -> str:
    """Name the clock of the limit on waiting that all scenarios have: "working hours"; "h" where it differs."""
    clocks = {clock_in_words(scenario) for scenario in study.scenarios.values()}
    return clocks.pop() if len(clocks) == 1 else "h"


def tiers_of(study: Comparison, scenario: str) -> list[str]:
    """Name the tiers of one scenario, from the bottom to the top."""
    return [tier.name for tier in study.scenarios[scenario].tiers]


def bounds(table: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The ends of the intervals, columns low and high, within what the measure can be.

    Parameters
    ----------
    table
        As `readings` gives it.
    measure
        Its row in the table of measures.
    """
    return table[["low", "high"]].clip(measure.least, measure.most)


def at_least(study: Comparison, measure: str, scenario: str) -> str:
    """Say "at least " where a mean is restricted: cut short in some run, as the longest time was still running."""
    return "at least " if (measure, scenario) in study.restricted else ""


def cut_short(study: Comparison, measure: str) -> set[str]:
    """Name the scenarios in which a mean is restricted, so that the true one is larger."""
    return {scenario for cut, scenario in study.restricted if cut == measure}


def where_hours(problems: pd.DataFrame) -> dict[str, float]:
    """Give the mean hours that a problem spends in each part of its way; the inbox by whether leaders are on duty.

    Parameters
    ----------
    problems
        Rows of `Result.problems`; where they do not say which hours in the inbox had its leaders off duty, it is one part.
    """
    hours = {part: float(problems[f"hours_{part}"].mean()) if len(problems) else 0.0 for part in PARTS}
    if OFF_DUTY not in problems:
        return hours
    closed = float(problems[OFF_DUTY].mean()) if len(problems) else 0.0
    inbox = hours.pop("inbox")
    return {"inbox_closed": closed, "inbox_busy": inbox - closed, **hours}
