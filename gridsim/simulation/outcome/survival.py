"""How long things take when some are still running: the Kaplan-Meier estimate.

A time still running at the end of the run is censored: it took at least so long. Between two censored times
every finished one weighs the same. Quantiles are read from the sorted times; sums keep the order of the rows.

Source: E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the
American Statistical Association 53 (1958) 457-481.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

# Rounding may leave a share a hair below a round number: a quantile may be reached this many times short.
HAIR = 1e-6
BINS = 4096  # of the times, in which a finished one is looked up without a search
FEW = 512  # censored times, up to which most bins have none


class Survival(NamedTuple):
    """Mean and quantiles of times of which some are censored.

    Attributes
    ----------
    mean
        Area under the Kaplan-Meier curve up to the largest time (hours); nan without any time.
    quantiles
        The smallest time by which each share has finished (hours); nan if the curve never gets there.
    restricted
        Whether the largest time is censored, so that the true mean is larger than `mean`.
    """

    mean: float
    quantiles: tuple[float, ...]
    restricted: bool


class _Weights(NamedTuple):
    """Stretches between two censored times: what a finished time weighs, and the share finished so far."""

    finished: NDArray[Any]  # per stretch: how many finish in it
    weight: Floats
    share: Floats


def kaplan_meier(hours: Floats, observed: Flags, quantiles: Sequence[float] = ()) -> Survival:
    """Estimate mean and quantiles of times of which some are still running.

    Where a time finishes and another is censored at the same instant, the finished one comes first.

    Parameters
    ----------
    hours
        The times, finished or not (hours, none of them nan).
    observed
        Whether each has finished.
    quantiles
        Shares of 1, for example 0.9.
    """
    finished, censored = hours[observed], np.sort(hours[~observed])
    ordered = np.sort(finished)
    if not len(hours):
        return Survival(np.nan, tuple(np.nan for _ in quantiles), restricted=False)
    if not len(censored):
        ranks = [max(1, int(np.ceil(share * len(finished) - HAIR))) for share in quantiles]
        return Survival(float(finished.mean()), _nth(ordered, ranks), restricted=False)
    weights = _weigh(ordered, censored)
    restricted = bool(not len(ordered) or censored[-1] >= ordered[-1])
    sums = np.bincount(_stretches(finished, censored), finished, minlength=len(weights.weight))
    mean = float(weights.weight @ sums)
    if restricted:
        mean += float((1.0 - weights.share[-1]) * censored[-1])
    return Survival(mean, _nth(ordered, [_rank(weights, share) for share in quantiles]), restricted)


def _weigh(ordered: Floats, censored: Floats) -> _Weights:
    count = np.diff(ordered.searchsorted(censored, side="right"), prepend=0, append=len(ordered))
    at_risk = len(ordered) - np.cumsum(count) + count + np.arange(len(censored), -1, -1)
    staying = 1.0 - count / np.maximum(at_risk, 1)
    left = np.concatenate(([1.0], np.cumprod(staying)))
    return _Weights(count, left[:-1] / np.maximum(at_risk, 1), 1.0 - left[1:])


def _stretches(finished: Floats, censored: Floats) -> NDArray[Any]:
    """How many censored times are shorter than each finished one; only bins with a censored time are searched."""
    if len(censored) > FEW or censored[-1] <= 0.0:
        return censored.searchsorted(finished, side="left")
    scale = BINS / censored[-1]  # the longest is in the last bin, or rounded into the one before
    bin_of = np.minimum(finished * scale, BINS).astype(np.intp)
    inside = np.bincount(np.minimum(censored * scale, BINS).astype(np.intp), minlength=BINS + 1)
    result: NDArray[Any] = (np.cumsum(inside) - inside)[bin_of]
    mixed = np.flatnonzero((inside > 0)[bin_of])
    result[mixed] = censored.searchsorted(finished[mixed], side="left")
    return result


def _rank(weights: _Weights, share: float) -> int:
    """How many finished times it takes to reach a share; 0: it is never reached."""
    reached = weights.share >= share - HAIR * weights.weight
    reached &= weights.finished > 0
    if not reached.any():
        return 0
    k = int(reached.argmax())
    before = weights.share[k - 1] if k else 0.0
    within = max(1, int(np.ceil((share - before) / weights.weight[k] - HAIR)))
    return int(weights.finished[:k].sum()) + min(within, int(weights.finished[k]))


def _nth(ordered: Floats, ranks: Sequence[int]) -> tuple[float, ...]:
    """The smallest, second smallest ... of the sorted values; nan for rank 0."""
    return tuple(float(ordered[rank - 1]) if rank > 0 else np.nan for rank in ranks)


def survival_curve(hours: Floats, observed: Flags) -> tuple[Floats, Floats]:
    """Give the Kaplan-Meier curve: times in hours, from 0, and the share finished by each.

    Parameters
    ----------
    hours
        The times, finished or not (hours).
    observed
        Whether each has finished.
    """
    times, position = np.unique(hours, return_inverse=True)
    done = np.bincount(position[observed], minlength=len(times))
    every = np.bincount(position, minlength=len(times))
    at_risk = len(hours) - np.cumsum(every) + every
    left = np.cumprod(1.0 - done / np.maximum(at_risk, 1))
    steps = done > 0
    return np.concatenate(([0.0], times[steps])), np.concatenate(([0.0], 1.0 - left[steps]))


def share_within(hours: Floats, observed: Flags, limit: float) -> float:
    """Give the Kaplan-Meier share that has finished within a limit (hours); nan without any time."""
    if not len(hours):
        return float("nan")
    times, share = survival_curve(hours, observed)
    return float(share[np.searchsorted(times, limit, side="right") - 1])
