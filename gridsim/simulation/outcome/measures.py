"""The measures of a run: closure rates, times, load, inequality and cost, from the arrays it leaves behind.

They are over the problems reported in the measured window [warm_up, days - follow_up); measures of time
(load, backlog, cost) are over the same window. Where there is nothing to divide by, a measure is nan. A time
still running at the end is censored, not dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..events import Busy, Reason, Source, Status
from ..instants import of_hours
from ..plan.plan import LEADER
from ..rules import HOUR, NEVER, UNSET
from .growth import backlog_growth
from .nearness import nearest_minutes
from .survival import kaplan_meier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .outcome import Flags, Floats, Instants, Outcome

QUANTILES = (("median", 0.5), ("p90", 0.9), ("p95", 0.95))
NEAR_MINUTES = (5, 10, 15)
CAME = np.uint64(1)


class Times(NamedTuple):
    """Hours of some durations, and which of them have finished; the others still ran when the run ended."""

    hours: Floats
    observed: Flags


class _Course(NamedTuple):
    """The course of the backlog: what came and went, sorted, and how many problems were open before and after each."""

    moved: NDArray[np.uint64]  # twice the instant, and one more for what came: what went at an instant goes first
    level: NDArray[np.int64]  # one longer: 0 before the first

    def at(self, instants: Any) -> Any:
        """How many are open right after given instants (from 0 on)."""
        return self.level[self.moved.searchsorted(_twice(instants) + CAME, side="right")]

    def largest(self, start: int, end: int) -> int:
        """The most that are open right after an instant, and from then on before another."""
        first = int(self.moved.searchsorted(_twice(start) + CAME, side="left"))  # what goes at the start is gone
        after = int(self.moved.searchsorted(_twice(end), side="left"))
        return int(self.level[first : after + 1].max(initial=int(self.at(start))))


@dataclass(slots=True)
class _Measured:
    """The measured problems of a run, or of a part of it."""

    outcome: Outcome
    rows: NDArray[np.intp] | slice
    reported: int
    reported_at: Instants
    status: NDArray[Any]
    source: NDArray[Any]

    def of(self, column: NDArray[Any]) -> NDArray[Any]:
        """The measured rows of a column."""
        return column[self.rows]

    def count(self, status: Status) -> int:
        return _count(self.status == status)


def measures(outcome: Outcome, rows: NDArray[Any] | None = None, minutes: Floats | None = None) -> pd.Series[float]:
    """Compute the measures of a run, or of some of its problems.

    Parameters
    ----------
    outcome
        What the run left behind.
    rows
        Which problems (flags or row numbers); absent: all. For a part of the problems, what cannot be told
        apart by problem (load, trust, cost) is left out.
    minutes
        Travel time to every problem from the nearest person of the bottom tier (`nearest_minutes`),
        where it is known already.

    Returns
    -------
    Series
        One number per measure: hours, shares of 1, counts or money, as the model description lists them.
    """
    chosen = _measured(outcome, rows)
    found = _counts(chosen, rows) | _rates(chosen) | _durations(chosen) | _tiers(chosen) | _troubles(chosen)
    if rows is None:
        found |= {"trust_mean": outcome.trust_mean} | _loads(outcome)
    spans = _spans(outcome, rows)
    course = _course(spans)
    found |= _backlog(outcome, spans, course)
    if rows is None:
        found["backlog_growth"] = backlog_growth(outcome, lambda hours: course.at(of_hours(hours)))
    found["response_gini"] = _response_gini(chosen)
    found |= _nearness(outcome, rows, minutes)
    if rows is None:
        found |= _costs(outcome, found["closed"]) | _offered(outcome)
    return pd.Series(np.fromiter(found.values(), float, len(found)), index=list(found))


def response_times(outcome: Outcome, rows: NDArray[Any] | None = None) -> Times:
    """Give the hours from report to first work on site of the measured problems."""
    return _since_report(_measured(outcome, rows), outcome.first_response_at)


def resolution_times(outcome: Outcome, rows: NDArray[Any] | None = None) -> Times:
    """Give the hours from report to closing of the measured problems; unresolved means never closed."""
    return _since_report(_measured(outcome, rows), outcome.closed_at)


def backlog_at(outcome: Outcome, instants: Instants, rows: NDArray[Any] | None = None) -> NDArray[np.int64]:
    """Count the problems that are reported and neither closed nor unresolved at given instants.

    Parameters
    ----------
    outcome
        What the run left behind.
    instants
        The instants (nanoseconds since the start).
    rows
        Which problems; absent: all.
    """
    result: NDArray[np.int64] = _course(_spans(outcome, rows)).at(instants)
    return result


def gini(values: Floats) -> float:
    """Give the Gini coefficient: 0 where all are equal, towards 1 where one has everything."""
    if not len(values):
        return float("nan")
    ordered, count = np.sort(values), len(values)
    total = ordered.sum()
    if total <= 0.0 or ordered[0] == ordered[-1]:
        return 0.0
    return float(2.0 * (np.arange(1, count + 1) @ ordered) / (count * total) - (count + 1) / count)


def _measured(outcome: Outcome, rows: NDArray[Any] | None) -> _Measured:
    start, end = outcome.window
    reported_at = outcome.reported_at if rows is None else outcome.reported_at[rows]
    within = np.flatnonzero((reported_at >= start) & (reported_at < end))
    if rows is not None:
        within = _numbers(rows)[within]
    chosen = _as_slice(within)
    reported_at, status, source = outcome.reported_at, outcome.status, outcome.source
    return _Measured(outcome, chosen, len(within), reported_at[chosen], status[chosen], source[chosen])


def _as_slice(rows: NDArray[np.intp]) -> NDArray[np.intp] | slice:
    """Rows without a gap as a slice, which copies nothing."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1 and (np.diff(rows) == 1).all():
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def _numbers(rows: NDArray[Any]) -> NDArray[np.intp]:
    return np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.intp, copy=False)


def _arisen(outcome: Outcome, rows: NDArray[Any] | None) -> NDArray[Any]:
    """Numbers of the problems that arose in the measured window."""
    first, after = outcome.demand.arises_at.searchsorted(outcome.window)
    if rows is None:
        return np.arange(first, after)
    numbers = _numbers(rows)
    within: NDArray[Any] = numbers[(numbers >= first) & (numbers < after)]
    return within


def _count(flags: Any) -> int:
    return int(np.count_nonzero(flags))


def _share(count: float, of: float) -> float:
    return count / of if of else float("nan")


def _counts(chosen: _Measured, rows: NDArray[Any] | None) -> dict[str, float]:
    arisen = chosen.outcome.status[_arisen(chosen.outcome, rows)]
    return {
        "reported": chosen.reported,
        "closed": chosen.count(Status.CLOSED),
        "open": chosen.count(Status.OPEN),
        "unresolved": chosen.count(Status.UNRESOLVED),
        "unreported": _count(arisen == Status.UNREPORTED),
        "arisen": len(arisen),
        "due": _count(_due(chosen)),
        "hazards": sum(_hazards(chosen)),
    }


def _due(chosen: _Measured) -> NDArray[Any]:
    """Whether the limit of each problem ended within the run."""
    return chosen.of(chosen.outcome.due_at) <= chosen.outcome.end


def _rates(chosen: _Measured) -> dict[str, float]:
    outcome = chosen.outcome
    due_at, due = chosen.of(outcome.due_at), _due(chosen)
    limits = _count(due)
    closed = chosen.status == Status.CLOSED
    in_time = due & closed & (chosen.of(outcome.closed_at) <= due_at)
    return {
        "closure_rate": _share(_count(closed), chosen.reported),
        "due_closure_rate": _share(_count(closed & due), limits),
        "on_time_rate": _share(_count(in_time), limits),
    }


def _since_report(chosen: _Measured, moment: Instants) -> Times:
    reached = chosen.of(moment)
    observed = reached != UNSET
    return Times((np.where(observed, reached, chosen.outcome.end) - chosen.reported_at) / HOUR, observed)


def _durations(chosen: _Measured) -> dict[str, float]:
    found: dict[str, float] = {}
    outcome = chosen.outcome
    for name, moment in (("response", outcome.first_response_at), ("resolution", outcome.closed_at)):
        times = kaplan_meier(*_since_report(chosen, moment), [share for _, share in QUANTILES])
        found[f"{name}_hours_mean"] = times.mean
        for (label, _), value in zip(QUANTILES, times.quantiles, strict=True):
            found[f"{name}_hours_{label}"] = value
    return found


def _tiers(chosen: _Measured) -> dict[str, float]:
    tiers = chosen.of(chosen.outcome.closed_tier)
    names = chosen.outcome.plan.tier_names
    counts = np.bincount(tiers[tiers >= 0], minlength=len(names))
    closed = int(counts.sum())
    return {f"closed_at.{name}": _share(int(counts[tier]), closed) for tier, name in enumerate(names)}


def _troubles(chosen: _Measured) -> dict[str, float]:
    outcome, reported = chosen.outcome, chosen.reported
    by_column = chosen.of(outcome.escalations).T  # seven long columns are added faster than many short rows
    by_reason = [int(column.sum(dtype=np.int64)) for column in by_column]
    found = {
        "escalations_per_problem": _share(sum(by_reason), reported),
        "escalated_share": _share(_count(reduce(np.bitwise_or, by_column)), reported),
    }
    for reason, count in zip(Reason, by_reason, strict=False):  # policy, the last, only where there is one
        found[f"escalations.{reason.name.lower()}"] = _share(count, reported)
    petitions = _count(chosen.of(outcome.petitioned_at) != UNSET)
    found["petition_rate"] = _share(petitions, reported)
    found["incident_rate"] = _share(_count(chosen.source == Source.INCIDENT), reported)
    found["rework_rate"] = _share(_count(chosen.of(outcome.reworks)), reported)
    timely, matured = _hazards(chosen)
    found["found_before_maturing"] = _share(timely, timely + matured)
    return found


def _hazards(chosen: _Measured) -> tuple[int, int]:
    """How many hidden problems were found in time, and how many matured into incidents."""
    source = chosen.source[chosen.of(chosen.outcome.demand.hidden)]
    return _count((source == Source.PATROL) | (source == Source.INFORMANT)), _count(source == Source.INCIDENT)


def _loads(outcome: Outcome) -> dict[str, float]:
    names = outcome.plan.tier_names
    busy = outcome.use.sum(axis=1)
    found = {
        f"utilisation.{names[pool.tier]}.{pool.role}": _share(float(hours), pool.duty_hours)
        for pool, hours in zip(outcome.pools, busy, strict=True)
    }
    found["travel_share"] = _share(float(outcome.use[:, Busy.TRAVEL].sum()), float(busy.sum()))
    return found


def _spans(outcome: Outcome, rows: NDArray[Any] | None) -> tuple[Instants, Instants]:
    """When the reported problems came in, and when they went; those that are still open never do."""
    reported, ended = outcome.reported_at, outcome.ended_at
    known = reported != UNSET
    if rows is not None:
        known = _numbers(rows)[known[rows]]
    return reported[known], np.where(ended[known] == UNSET, NEVER, ended[known])


def _course(spans: tuple[Instants, Instants]) -> _Course:
    reported, ended = spans
    moved = np.concatenate((_twice(reported) + CAME, _twice(ended)))
    moved.sort()
    level = np.zeros(len(moved) + 1, np.int64)
    np.cumsum(((moved & CAME).view(np.int64) << 1) - 1, out=level[1:])
    return _Course(moved, level)


def _twice(instants: Any) -> Any:
    """Twice some instants, which may need the last bit."""
    return np.asarray(instants, np.int64).astype(np.uint64) << CAME


def _backlog(outcome: Outcome, spans: tuple[Instants, Instants], course: _Course) -> dict[str, float]:
    """Problems reported, neither closed nor unresolved: in the window, and at the end of the run."""
    start, end = outcome.window
    reported, ended = spans
    stay = np.clip(ended, start, end) - np.clip(reported, start, end)
    return {
        "backlog_mean": _share(float((stay / HOUR).sum()), (end - start) / HOUR),
        "backlog_max": course.largest(start, end),
        "backlog_end": _count(ended == NEVER),
    }


def _response_gini(chosen: _Measured) -> float:
    hours, observed = _since_report(chosen, chosen.outcome.first_response_at)
    cells = chosen.of(chosen.outcome.demand.cell)[observed]
    count = np.bincount(cells)
    total = np.bincount(cells, hours[observed])
    return gini(total[count > 0] / count[count > 0])


def _nearness(outcome: Outcome, rows: NDArray[Any] | None, minutes: Floats | None) -> dict[str, float]:
    if minutes is None:
        minutes = nearest_minutes(outcome.plan, outcome.demand)
    arisen = minutes[_arisen(outcome, rows)]
    return {f"within_{near}_min": _share(_count(arisen <= near), len(arisen)) for near in NEAR_MINUTES}


def _costs(outcome: Outcome, closed: float) -> dict[str, float]:
    total = sum(pool_costs(outcome))
    overtime = float(outcome.overtime.sum())
    return {"cost_total": total, "cost_per_closed": _share(total, closed), "overtime_hours": overtime}


def pool_costs(outcome: Outcome) -> list[float]:
    """Give the wages of each pool in the measured window: on duty in full, on call in part, overtime dearer.

    Parameters
    ----------
    outcome
        What the run left behind.
    """
    wages = outcome.scenario.wages
    return [
        pool.wage_per_hour * (pool.duty_hours + wages.on_call * pool.on_call_hours + wages.overtime * float(overtime))
        for pool, overtime in zip(outcome.pools, outcome.overtime, strict=True)
    ]


def _offered(outcome: Outcome) -> dict[str, float]:
    """Arriving work over hours on duty: of each tier's staff (its leaders, where it has none), leaders and roles."""
    found: dict[str, float] = {}
    for tier, name in enumerate(outcome.plan.tier_names):
        mine = [(row, pool) for row, pool in enumerate(outcome.pools) if pool.tier == tier]
        led = sum(pool.duty_hours for _, pool in mine if pool.role == LEADER)
        staffed = sum(pool.duty_hours for _, pool in mine if pool.role != LEADER)
        to_leaders = float(outcome.offered_to_leaders[tier])
        found[f"offered_load.{name}"] = (
            _share(float(outcome.offered[tier]), staffed) if staffed > 0.0 else _share(to_leaders, led)
        )
        for row, pool in mine:
            work = to_leaders if pool.role == LEADER else float(outcome.taken[row])
            found[f"offered_load.{name}.{pool.role}"] = _share(work, pool.duty_hours)
    return found
