"""The interval of any measure of a study: of a share or a count that of a count, of all else that of a skewed mean.

Whatever shows or weighs an interval over replications asks here, so that a table, a stopping rule and a report agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...simulation.outcome.measure_units import is_share, whole_of
from .counts import count_difference, count_interval
from .statistics import Difference, Interval, mean_interval, paired_difference, share_difference, share_interval

if TYPE_CHECKING:
    import pandas as pd

OPEN = frozenset({"backlog_end", "open"})  # counts at one instant, 0 in many runs
CARRIES = 0.75  # share of the squared deviations from which one run is said to carry the spread
FEWEST_TO_CARRY = 4  # of three runs one always stands apart


def interval_of(runs: pd.DataFrame, measure: str, confidence: float = 0.95) -> Interval:
    """Give the mean of a measure over replications and its interval, within what the measure can be.

    Parameters
    ----------
    runs
        Measures of one scenario, a row per replication.
    measure
        Its name; beside a share stands the count that it is a share of.
    confidence
        How often such an interval holds the true mean, a share of 1.
    """
    whole = whole_of(measure)
    if whole in runs:
        return share_interval(runs[measure], runs[whole], confidence)
    interval = count_interval if measure in OPEN else mean_interval
    mean, low, high = interval(runs[measure], confidence)
    return Interval(mean, max(low, 0.0), min(high, 1.0) if is_share(measure) else high)


def difference_of(runs: pd.DataFrame, baseline: pd.DataFrame, measure: str, confidence: float = 0.95) -> Difference:
    """Give the mean paired difference of a measure from another scenario, its interval and two-sided p.

    Parameters
    ----------
    runs, baseline
        Measures of one scenario each, a row per replication, indexed by it.
    measure
        Its name.
    confidence
        How often such an interval holds the true difference, a share of 1.
    """
    values, base, whole = runs[measure], baseline[measure].reindex(runs.index), whole_of(measure)
    if whole in runs and whole in baseline:
        fewer = np.minimum(runs[whole], baseline[whole].reindex(runs.index))
        found = share_difference(values, base, fewer, confidence)
        return found if found.low != found.high else _left_open(found, runs, baseline, measure, confidence)
    return (count_difference if measure in OPEN else paired_difference)(values, base, confidence)


def _left_open(
    found: Difference, runs: pd.DataFrame, baseline: pd.DataFrame, measure: str, confidence: float
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
