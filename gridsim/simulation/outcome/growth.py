"""Whether the backlog of a run was seen to grow to its end: the one rule by which gridsim says so.

A load of 1 or more proves no growth: work begun is finished after hours, and a storm passes. So the backlog itself is
looked at, where nothing passing moves it: after the switch of the policy, and in the longest time without a surge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..instants import as_hours

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .outcome import Floats, Outcome

DAY, WEEK = 24.0, 168.0
FEWEST_HOURS = 3.0 * DAY  # in less, nothing can be told
BLOCKS = 12  # at least, each a whole week where there are weeks enough, or a whole day
GROWS_BY = 0.25  # of what the backlog had gained before, and of one problem
MOST_AT_ONCE = 0.7  # of all that was gained: more in one sixth of the time is a jump


def backlog_growth(outcome: Outcome, open_at: Callable[[Floats], NDArray[np.int64]]) -> float:
    """Give the open problems gained a day where the backlog was seen to grow to the end; else 0.

    The steady stretch of the run is cut into sixths. The backlog grows if its mean is larger in the last two sixths
    than in the two before by a quarter of what it had gained until then, and by more than it varies within them; if it
    rose in three of the last four steps from sixth to sixth, the last among them; and if no one step makes up most of it.

    Parameters
    ----------
    outcome
        What the run left behind.
    open_at
        Counts the problems that are open at given times (hours since the start).
    """
    if as_hours(outcome.end) < FEWEST_HOURS:
        return 0.0
    start, end = steady_stretch(outcome)
    if end - start < FEWEST_HOURS:
        return 0.0
    levels = _levels(open_at, start, end)
    third = len(levels) // 3
    before, last = levels[-2 * third : -third], levels[-third:]
    gained = float(last.mean() - before.mean())
    noise = float(np.hypot(before.std(ddof=1), last.std(ddof=1)))
    until_then = max(1.0, float(before.mean() - levels[0]))  # a storm may have left a backlog behind
    if gained <= max(noise, GROWS_BY * until_then) or not _steady_rise(levels):
        return 0.0
    return gained * DAY * len(levels) / (third * (end - start))


def steady_stretch(outcome: Outcome) -> tuple[float, float]:
    """Give the longest time that no surge disturbs (hours): from the switch on, and to the end that was simulated."""
    scenario, end = outcome.scenario, as_hours(outcome.end)
    first = DAY * scenario.switch.day if scenario.switch else 0.0
    surges = sorted((DAY * one.start_day, DAY * (one.start_day + one.days)) for one in scenario.surges)
    passing = [surge for surge in surges if surge[1] < end]  # one that lasts to the end does not pass
    gaps, calm_from = [], first
    for began, over in [*passing, (end, end)]:
        gaps.append((calm_from, min(began, end)))
        calm_from = max(calm_from, over)
    calm = max(gaps, key=lambda gap: gap[1] - gap[0])
    return calm if calm[1] - calm[0] >= (end - first) / 3.0 else (first, end)


def _levels(open_at: Callable[[Floats], NDArray[np.int64]], start: float, end: float) -> Floats:
    """Mean backlog of blocks of equal length, up to the end: weeks or days where there are enough of them."""
    whole = next((hours for hours in (WEEK, DAY) if end - start >= BLOCKS * hours), (end - start) / BLOCKS)
    count = int((end - start) / whole + 1e-9)
    each = max(1, round(whole))  # looks in a block: one an hour
    moments = end - whole * count + whole * (np.arange(count * each) + 0.5) / each
    return np.asarray(open_at(moments).reshape(count, each).mean(axis=1), np.float64)


def _steady_rise(levels: Floats) -> bool:
    sixths = np.array([part.mean() for part in np.array_split(levels, 6)])
    steps = np.diff(sixths)[1:]  # what an empty start needs to fill is over
    rise = float(sixths[-1] - sixths[1])
    return bool(steps[-1] > 0.0 and np.count_nonzero(steps > 0.0) >= 3 and steps.max() <= MOST_AT_ONCE * rise)
