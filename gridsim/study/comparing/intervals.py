"""The interval of any measure of a study: of a share or a count that of a count, of all else that of a skewed mean.

Whatever shows or weighs an interval over replications asks here, so that a table, a stopping rule and a report agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...simulation.outcome.measure_table import BUILT_IN, Measure
from .counts import count_difference, count_interval
from .statistics import Difference, Interval, mean_interval, paired_difference, share_difference, share_interval

if TYPE_CHECKING:
    import pandas as pd

CARRIES = 0.75  # share of the squared deviations from which one run is said to carry the spread
FEWEST_TO_CARRY = 4  # of three runs one always stands apart


def interval_of(runs: pd.DataFrame, measure: str | Measure, confidence: float = 0.95) -> Interval:
    """Give the mean of a measure over replications and its interval, within what the measure can be.

    Parameters
    ----------
    runs
        Measures of one scenario, a row per replication.
    measure
        Its name, or its row in the table of measures; beside a share stands the count that it is a share of.
    confidence
        How often such an interval holds the true mean, a share of 1.
    """
    row = _row(measure)
    if row.per in runs:
        return share_interval(runs[row.name], runs[row.per], confidence)
    interval = count_interval if row.counted else mean_interval
    mean, low, high = interval(runs[row.name], confidence)
    return Interval(mean, max(low, row.least), min(high, row.most))


def _row(measure: str | Measure) -> Measure:
    return BUILT_IN[measure] if isinstance(measure, str) else measure


def difference_of(
    runs: pd.DataFrame, baseline: pd.DataFrame, measure: str | Measure, confidence: float = 0.95
) -> Difference:
    """Give the mean paired difference of a measure from another scenario, its interval and two-sided p.

    Parameters
    ----------
    runs, baseline
        Measures of one scenario each, a row per replication, indexed by it.
    measure
        Its name, or its row in the table of measures.
    confidence
        How often such an interval holds the true difference, a share of 1.
    """
    row = _row(measure)
    values, base = runs[row.name], baseline[row.name].reindex(runs.index)
    if row.per in runs and row.per in baseline:
        fewer = np.minimum(runs[row.per], baseline[row.per].reindex(runs.index))
        found = share_difference(values, base, fewer, confidence)
        return found if found.low != found.high else _left_open(found, runs, baseline, row, confidence)
    return (count_difference if row.counted else paired_difference)(values, base, confidence)


def _left_open(
    found: Difference, runs: pd.DataFrame, baseline: pd.DataFrame, measure: Measure, confidence: float
) -> Difference:
    """The width that two shares leave open which differ in no pair (Newcombe 1998, Statistics in Medicine 17, 873-890)."""
    one, other = (interval_of(part, measure, confidence) for part in (runs, baseline))
    down = float(np.hypot(one.mean - one.low, other.high - other.mean))
    up = float(np.hypot(one.high - one.mean, other.mean - other.low))
    return found._replace(low=found.difference - down, high=found.difference + up)


def carried_by_one(values: pd.Series[float]) -> float:
    """The share of the spread of a measure that its most unusual replication carries; 0 if it is nothing unusual.

    Parameters
    ----------
    values
        The measure, one number per replication; nan where there is none.
    """
    known = values.dropna().to_numpy(np.float64)
    if len(known) < FEWEST_TO_CARRY or (known == known[0]).all():
        return 0.0
    squares = (known - known.mean()) ** 2
    share = float(squares.max() / squares.sum())
    return share if share >= CARRIES else 0.0
