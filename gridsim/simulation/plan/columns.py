"""The tables of a plan, column by column: its name, its type, and where in a scenario its values come from.

A number of a scenario that the engines read is described here, once: the Mesa model and the compiled engine find it
under this name. Durations that are compared with the time of a run are whole nanoseconds; what a draw multiplies is in
hours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...scenario.parts import Leader
from ..events import Overdue
from ..instants import of_hours
from .hours import Patterns

if TYPE_CHECKING:
    from ...scenario.parts import ProblemType, Staff, Tier
    from ...scenario.scenario import Scenario

URGENCIES = ("routine", "urgent", "emergency")
NOT_ONE = -1  # in place of a limit, a pattern of hours or a tier that a scenario does not name


@dataclass(frozen=True)
class TierRow:
    """A tier as its columns read it.

    Parameters
    ----------
    scenario, number, tier
        The scenario, and the tier with its number.
    patterns
        The hours known so far.
    shift, pool
        The hours of its leaders, and their pool; -1 without leaders.
    """

    scenario: Scenario
    number: int
    tier: Tier
    patterns: Patterns
    shift: int
    pool: int

    @property
    def leader(self) -> Leader:
        """Its leaders; where there are none, leaders with all that is usual."""
        return self.tier.leader or Leader(count=0)

    @property
    def leads(self) -> bool:
        """Whether there is a leader."""
        return self.tier.leaders > 0

    def of_escalation(self, key: str, absent: float) -> float:
        """A number of the escalation, that may be one for each tier."""
        value = getattr(self.scenario.escalation, key)
        if isinstance(value, dict):
            value = value.get(self.tier.name)
        return absent if value is None else float(value)


class RoleRow(NamedTuple):
    """A role with its tier, and the hours that it follows."""

    number: int
    tier: Tier
    staff: Staff
    shift: int


class TypeRow(NamedTuple):
    """A problem type, and the hours known so far."""

    type: ProblemType
    patterns: Patterns


class Column(NamedTuple):
    """One column of a table.

    Parameters
    ----------
    name
        As both engines call it.
    dtype
        As for numpy.
    of
        Its value for a row.
    """

    name: str
    dtype: str
    of: Callable[[Any], Any]


def in_nanoseconds(hours: float | None) -> int:
    """Give a duration in nanoseconds; None and infinity are never."""
    return int(of_hours(np.inf if hours is None else hours))


def hours_per_km(speed_kmh: float | None) -> float:
    """How long a kilometre takes; 0 where travel takes no time."""
    return 0.0 if speed_kmh is None else 1.0 / speed_kmh


def _resistance(finds: float) -> float:
    """A patrol finds a problem of this much resistance, exponential of mean 1; infinity finds all."""
    return float(-np.log1p(-finds)) if finds < 1.0 else np.inf


TIER = (
    Column("solves", "f8", lambda t: t.tier.solves),
    Column("leads", "i4", lambda t: t.leads),  # whether some unit has a leader
    Column("leader_pool", "i4", lambda t: t.pool),
    Column("leader_shift", "i4", lambda t: t.shift),
    Column("handles_below", "f8", lambda t: t.leader.handles_below),
    Column("leader_pace", "f8", lambda t: t.leader.pace),
    Column("leader_hours_per_km", "f8", lambda t: hours_per_km(t.leader.speed_kmh)),
    Column("triage_mean", "f8", lambda t: t.leader.triage_hours.mean),
    Column("patrols", "i4", lambda t: t.leads and t.leader.patrol_every_hours is not None),
    Column("patrol_every", "i8", lambda t: in_nanoseconds(t.leader.patrol_every_hours or 0.0)),  # 0: whenever idle
    Column("patrol_mean", "f8", lambda t: t.leader.patrol_hours.mean),
    Column("finds_rate", "f8", lambda t: _resistance(t.leader.finds)),
    Column("after_hours", "i8", lambda t: in_nanoseconds(t.of_escalation("after_hours", np.inf))),
    Column("queue_limit", "i4", lambda t: int(t.of_escalation("queue_limit", NOT_ONE))),
    Column(  # the pattern that the escalation clock follows; -1: the calendar
        "clock", "i4",
        lambda t: t.patterns.number(t.tier.hours) if t.scenario.escalation.clock == "duty" else NOT_ONE,
    ),
)  # fmt: skip
ROLE = (
    Column("tier", "i4", lambda r: r.number),
    Column("solves", "f8", lambda r: r.tier.solves if r.staff.solves is None else r.staff.solves),
    Column("pace", "f8", lambda r: r.staff.pace),
    Column("hours_per_km", "f8", lambda r: hours_per_km(r.staff.speed_kmh)),
    Column("shift", "i4", lambda r: r.shift),
)
TYPE = (
    Column("urgency", "i4", lambda p: URGENCIES.index(p.type.urgency)),
    Column("skills", "i4", lambda p: len(p.type.skills)),
    Column("limit_hours", "i8", lambda p: in_nanoseconds(p.type.limit_hours)),
    Column(  # the pattern that the limit's clock follows; -1: the calendar
        "limit_clock", "i4",
        lambda p: NOT_ONE if p.type.limit_clock == "calendar" else p.patterns.number(p.type.limit_clock),
    ),
    Column("incident_work", "f8", lambda p: p.type.incident_work),
    Column("rework", "f8", lambda p: p.type.rework),
)  # fmt: skip
SETTINGS = (  # one row for the whole scenario
    Column("by_authority", "i4", lambda s: s.escalation.by_authority),
    Column("triage_error", "f8", lambda s: s.escalation.triage_error),
    Column("since_report", "i4", lambda s: s.escalation.since == "report"),
    Column("emergency_tier", "i4", lambda s: _tier_named(s, s.escalation.emergency_to, NOT_ONE)),
    Column("intake_tier", "i4", lambda s: _tier_named(s, s.escalation.intake, 0)),
    Column("overdue", "i4", lambda s: Overdue[s.escalation.overdue.upper()]),
    Column("hold", "i4", lambda s: s.escalation.joint == "hold"),
    Column("whistle", "i4", lambda s: s.escalation.whistle),
    Column("patience", "i4", lambda s: s.residents.patience_hours is not None),
    # Problems that all informants of a unit notice in an hour, each.
    Column("noticed_an_hour", "f8", lambda s: s.tiers[0].informants * (s.tiers[0].finds_per_informant_per_day / 24.0)),
    Column("trust", "f8", lambda s: s.residents.trust),
    Column("trust_gain", "f8", lambda s: s.residents.trust_gain),
    Column("trust_loss", "f8", lambda s: s.residents.trust_loss),
    Column("trust_matters", "i4", lambda s: s.residents.trust_gain > 0.0 or s.residents.trust_loss > 0.0),
    Column("reports_without_trust", "f8", lambda s: s.residents.reports_without_trust),
)


def fields_of(columns: Sequence[Column]) -> list[tuple[str, str]]:
    """Give names and types of columns, as numpy takes them.

    Parameters
    ----------
    columns
        Of one table.
    """
    return [(column.name, column.dtype) for column in columns]


def table(columns: Sequence[Column], rows: Sequence[Any]) -> Any:
    """Fill a table.

    Parameters
    ----------
    columns
        What it holds.
    rows
        What each row is made from.

    Returns
    -------
    array
        Structured, shape (rows,).
    """
    result = np.zeros(len(rows), np.dtype(fields_of(columns)))
    for column in columns:
        result[column.name] = [column.of(row) for row in rows]
    return result


def _tier_named(scenario: Scenario, name: str | None, absent: int) -> int:
    return absent if name is None else [tier.name for tier in scenario.tiers].index(name)
