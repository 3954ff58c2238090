"""How sure the mean of a count is that may well be 0 in most runs, such as the problems open at the end.

Eight runs that leave nothing open do not prove that none ever will. So beside the interval of a skewed mean stands the score
interval of a count of unrelated events (L. Barker, "A comparison of nine confidence intervals for a Poisson parameter when
the expected number of events is <= 5", The American Statistician 56 (2002) 85-89), with a design effect for what varies
from run to run, and each end is the further of the two: what `share_interval` does for shares. A paired difference is what
the pairs have more less what they have fewer; both are counts, and their intervals add up in squares (G. Y. Zou and
A. Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27 (2008) 1693-1702).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .statistics import Difference, Interval, mean_interval, paired_difference

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def count_interval(counts: ArrayLike, confidence: float = 0.95) -> Interval:
    """Give the mean of a count over replications and its interval, which has a width even where all are 0.

    Parameters
    ----------
    counts
        One count per replication; nan where there is none.
    confidence
        How often such an interval holds the true mean, a share of 1.
    """
    known = np.asarray(counts, dtype=np.float64)
    known = known[~np.isnan(known)]
    mean, low, high = mean_interval(known, confidence)
    if len(known) < 2:
        return Interval(mean, low, high)
    least, most = _score(known, confidence)
    return Interval(mean, min(low, least), max(high, most))


def count_difference(values: ArrayLike, baseline: ArrayLike, confidence: float = 0.95) -> Difference:
    """Give the mean paired difference of a count, its interval and two-sided p; it has a width even where no pair differs.

    Parameters
    ----------
    values, baseline
        One count per replication, in the same order; a pair with a nan is left out.
    confidence
        How often such an interval holds the true difference, a share of 1.
    """
    found = paired_difference(values, baseline, confidence)
    pairs = np.asarray(values, dtype=np.float64) - np.asarray(baseline, dtype=np.float64)
    pairs = pairs[~np.isnan(pairs)]
    if len(pairs) < 2:
        return found
    more, fewer = np.maximum(pairs, 0.0), np.maximum(-pairs, 0.0)
    (least_more, most_more), (least_fewer, most_fewer) = _score(more, confidence), _score(fewer, confidence)
    down = float(np.hypot(more.mean() - least_more, most_fewer - fewer.mean()))
    up = float(np.hypot(most_more - more.mean(), fewer.mean() - least_fewer))
    mean = found.difference
    return found._replace(low=min(found.low, mean - down), high=max(found.high, mean + up))


def _score(counts: Floats, confidence: float) -> tuple[float, float]:
    """The ends of the score interval of the mean of some counts; exactly 0 where nothing speaks against it."""
    from scipy.special import ndtri, stdtrit

    tail = 0.5 + confidence / 2.0
    normal, student = float(ndtri(tail)), float(stdtrit(len(counts) - 1, tail))
    mean = float(counts.mean())
    varies = float(counts.var(ddof=1)) / mean if mean > 0.0 else 0.0  # 1: as much as unrelated events
    spare = max(normal**2, student**2 * varies) / len(counts)
    half = float(np.sqrt(spare * mean + spare**2 / 4.0))
    return (mean + spare / 2.0 - half if mean > 0.0 else 0.0), mean + spare / 2.0 + half
