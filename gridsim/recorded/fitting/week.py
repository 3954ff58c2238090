"""The hours of the week, from days that were observed; the spread from day to day; hours that were not written.

Day-to-day spread is that of gamma factors common to all types: with daily counts N and their expectation m,
Var N = m + m^2 cv^2, so cv^2 = sum((N - m)^2 - m) / sum(m^2) (method of moments, Cameron and Trivedi 2013, 3.3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...simulation.demand.arrivals import DAYTIME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Days = NDArray[np.int64]

LONG_GAP, SURE_GAP = 14, 30.0  # days without a request, and requests expected in them, from which on nobody recorded
SEED = 20_240_101  # the same file gives the same hours
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def observed_days(time: Floats) -> Days:
    """Days since time 0 on which requests were recorded, from the first to the last; long gaps are not observed.

    Parameters
    ----------
    time
        Hours since a Monday.
    """
    day = np.floor(time / 24.0).astype(np.int64)
    busy = np.unique(day)
    gaps = np.diff(busy) - 1
    usual = len(time) / max(1, int(busy[-1] - busy[0] + 1 - gaps[gaps >= LONG_GAP].sum()))
    long = (gaps >= LONG_GAP) & (gaps * usual >= SURE_GAP)
    starts, ends = np.append(busy[0], busy[1:][long]), np.append(busy[:-1][long], busy[-1])
    return np.concatenate([np.arange(start, end + 1) for start, end in zip(starts, ends, strict=True)])


def week_of(time: Floats, hour_known: NDArray[np.bool_], days: Days) -> Floats:
    """Weights of the hours of the week, of mean 1: requests in each hour / how often that hour was observed.

    A day of the week that was never observed is taken as the others of its kind (working days, weekends), or as all.
    Requests without an hour count for their day; where no request has one, an assumed daytime curve is taken.

    Parameters
    ----------
    time
        Hours since a Monday.
    hour_known
        Which of them have an hour; of the others only the day counts.
    days
        The days that were observed.
    """
    came = np.bincount(days % 7, minlength=7)
    requests = np.bincount(np.floor(time / 24.0).astype(np.int64) % 7, minlength=7)
    levels = _filled(np.divide(requests, came, out=np.zeros(7), where=came > 0), came > 0)
    rates = levels[:, None] * _shapes(time[hour_known])
    return np.asarray((rates / rates.mean()).ravel() if rates.any() else np.ones(168))


def _filled(levels: Floats, seen: NDArray[np.bool_]) -> Floats:
    """Days of the week that were not observed, as the others of their kind."""
    found = levels.copy()
    for day in np.flatnonzero(~seen):
        kind = (np.arange(7) >= 5) == (day >= 5)
        found[day] = levels[seen & kind].mean() if (seen & kind).any() else levels[seen].mean()
    return found


def _shapes(time: Floats) -> Floats:
    """Shares of the hours of each day of the week, shape (7, 24); a day without requests has those of all."""
    counts = np.bincount(np.floor(time).astype(np.int64) % 168, minlength=168).reshape(7, 24).astype(np.float64)
    all_days = counts.sum(axis=0) if len(time) else np.array(DAYTIME)
    counts[counts.sum(axis=1) == 0] = all_days
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def per_day(requests: int, week: Floats, days: Days) -> float:
    """Requests of a mean day: those that came, over the weight of the days that were observed."""
    weight = week.reshape(7, 24).mean(axis=1)[days % 7].sum()
    return float(requests / weight) if weight > 0.0 else requests / len(days)


def with_hours(time: Floats, hour_known: NDArray[np.bool_]) -> Floats:
    """Give requests of which only the day is known an hour of it, drawn from those of the others.

    Parameters
    ----------
    time
        Hours since a Monday; of days without an hour their midnight.
    hour_known
        Which have an hour.
    """
    missing = np.flatnonzero(~hour_known)
    if not len(missing):
        return time
    generator = np.random.default_rng(SEED)
    found, midnight = time.copy(), np.floor(time / 24.0) * 24.0
    shapes = np.cumsum(_shapes(time[hour_known]), axis=1)
    weekday = (midnight[missing] // 24.0).astype(np.int64) % 7
    hour = np.minimum((shapes[weekday] < generator.random(len(missing))[:, None]).sum(axis=1), 23)
    found[missing] = midnight[missing] + hour + np.floor(3600.0 * generator.random(len(missing))) / 3600.0
    return found


def day_cv(time: Floats, days: Days, week: Floats) -> float:
    """Spread of the level from day to day, over the days that were observed."""
    counts = np.bincount(np.floor(time / 24.0).astype(np.int64), minlength=int(days[-1]) + 1)[days].astype(np.float64)
    share = week.reshape(7, 24).sum(axis=1)[days % 7]
    expected = share * counts.sum() / share.sum()
    square = float(((counts - expected) ** 2 - expected).sum() / (expected**2).sum())
    return round(float(np.sqrt(max(0.0, square))), 4)


def said_of(days: Days, hour_known: NDArray[np.bool_]) -> list[str]:
    """Which days were observed and which hours are assumed, in sentences."""
    found = [f"The records cover {'one day' if len(days) == 1 else f'{len(days):,} days'}."]
    missing = [name for day, name in enumerate(NAMES) if not (days % 7 == day).any()]
    if missing:
        found.append(f"{', '.join(missing)}: not observed, and taken as the other days.")
    if gap := int(days[-1] - days[0] + 1 - len(days)):
        found.append(f"{gap:,} days without any request between others count as not recorded.")
    if not hour_known.any():
        found.append("The dates have no hours: daytime hours are assumed, most requests in the morning.")
    elif not hour_known.all():
        found.append(
            f"{int((~hour_known).sum()):,} requests have a day and no hour: they take the hours of the others."
        )
    return found
