"""What views read from a comparison: one measure of every scenario, and the columns that a sweep adds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from ..study.comparison import Comparison

COST_PER_DAY = "cost_per_day"


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


def tiers_of(study: Comparison, scenario: str) -> list[str]:
    """Name the tiers of one scenario, from the bottom to the top."""
    return [tier.name for tier in study.scenarios[scenario].tiers]


def half_width(low: float, high: float) -> float:
    """Half the width of an interval; nan without one."""
    width = (high - low) / 2.0
    return width if math.isfinite(width) else math.nan
