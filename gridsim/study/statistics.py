"""How sure a mean is: Student's intervals over replications, alone and paired with a baseline.

Replications in which a measure has no value (nan) are left out. One value gives no interval (nan).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


class Interval(NamedTuple):
    """A mean over replications and the ends of its confidence interval."""

    mean: float
    low: float
    high: float


class Difference(NamedTuple):
    """A mean paired difference, the ends of its interval, and the chance of one so large by luck."""

    difference: float
    low: float
    high: float
    p: float


def mean_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Give the mean of some replications and its confidence interval by Student's t.

    Parameters
    ----------
    values
        One number per replication; nan where there is none.
    confidence
        How often such an interval holds the true mean, a share of 1.
    """
    known = _known(np.asarray(values, dtype=np.float64))
    if len(known) < 2:
        return Interval(float(known[0]) if len(known) else np.nan, np.nan, np.nan)
    mean, error = _mean_and_error(known)
    half = _student(confidence, len(known) - 1) * error if error else 0.0
    return Interval(mean, mean - half, mean + half)


def paired_difference(values: ArrayLike, baseline: ArrayLike, confidence: float = 0.95) -> Difference:
    """Give the mean of values less baseline, paired by replication, its interval and two-sided p.

    On common random numbers equal designs differ by exactly zero, with an interval of no width and p = 1.

    Parameters
    ----------
    values, baseline
        One number per replication, in the same order; a pair with a nan is left out.
    confidence
        How often such an interval holds the true difference, a share of 1.
    """
    pairs = np.asarray(values, dtype=np.float64) - np.asarray(baseline, dtype=np.float64)
    known = _known(pairs)
    mean, low, high = mean_interval(known, confidence)
    return Difference(mean, low, high, _chance(known))


def holm(chances: ArrayLike) -> Floats:
    """Correct p values for their number (Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70).

    Parameters
    ----------
    chances
        p values of one family; nan where there is none.
    """
    given = np.asarray(chances, dtype=np.float64)
    adjusted = np.full(given.shape, np.nan)
    order = [k for k in np.argsort(given, kind="stable") if not np.isnan(given[k])]
    highest = 0.0
    for rank, k in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * given[k]))
        adjusted[k] = highest
    return adjusted


def variance_ratio(values: ArrayLike, baseline: ArrayLike) -> float:
    """Give how many times as many replications a difference would need without common random numbers.

    Parameters
    ----------
    values, baseline
        One number per replication, in the same order.

    Returns
    -------
    float
        Sum of both variances / variance of the paired difference; inf where it is always the same, nan without two pairs.
    """
    pairs = np.column_stack([np.asarray(values, dtype=np.float64), np.asarray(baseline, dtype=np.float64)])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    if len(pairs) < 2:
        return float("nan")
    apart, together = float(pairs.var(axis=0, ddof=1).sum()), float((pairs[:, 0] - pairs[:, 1]).var(ddof=1))
    return apart / together if together else float("inf")


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _mean_and_error(values: Floats) -> tuple[float, float]:
    """Mean and standard error; of equal values exactly that value and zero."""
    if (values == values[0]).all():
        return float(values[0]), 0.0
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))


def _student(confidence: float, freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, 0.5 + confidence / 2.0))


def _chance(differences: Floats) -> float:
    """Two-sided p of Student's test that the mean difference is zero."""
    from scipy.special import stdtr

    if len(differences) < 2:
        return float("nan")
    mean, error = _mean_and_error(differences)
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return float(2.0 * stdtr(len(differences) - 1, -abs(mean) / error))
