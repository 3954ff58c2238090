"""A problem: what residents, leaders and staff pass from hand to hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..events import Place, Reason, Source
from ..rules import NEVER, UNSET, URGENT

if TYPE_CHECKING:
    from .crew import Crew
    from .queue import Line
    from .unit import Unit


class Problem:
    """One problem and everything that has happened to it; times are whole nanoseconds since the start.

    Parameters
    ----------
    number
        Its row in the demand.
    type
        Number of its type.
    cell, resident
        Where it is and whose it is.
    x, y
        Place in km.
    difficulty
        0 to 1: whoever has at least this authority succeeds.
    urgency
        0 routine, 1 urgent, 2 emergency; only ever raised.
    """

    __slots__ = (
        "number", "type", "cell", "resident", "x", "y", "difficulty", "urgency", "place", "unit", "reported_at",
        "source", "arrived_at", "arrivals", "entered_at", "handlings", "perceived", "failed", "attempts", "reworks",
        "first_response_at", "closed_at", "ended_at", "petitioned_at", "due_at", "limit_ends", "limit_ended",
        "petition_pending", "overdue_pending", "set_out_once", "may_go_down", "incident", "escalations", "where",
        "by_tier", "line", "team", "sent_by", "ways", "authority", "distance", "work_starts_at", "work_ends_at", "offered_triage",
        "offered_work", "off_duty_from", "inbox_off_duty", "listed",
    )  # fmt: skip

    def __init__(
        self, number: int, type: int, cell: int, resident: int, x: float, y: float, difficulty: float, urgency: int
    ) -> None:
        self.number = number
        self.type = type
        self.cell = cell
        self.resident = resident
        self.x = x
        self.y = y
        self.difficulty = difficulty
        self.urgency = urgency
        self.place: int = Place.NOT_YET
        self.unit: Unit | None = None
        self.reported_at = UNSET
        self.source: int = Source.NONE
        self.arrived_at = UNSET  # at the present unit
        self.arrivals = 0  # at any unit; tells an old time limit from the present one
        self.entered_at = UNSET  # the present place
        self.handlings = 0
        self.perceived = 0.0
        self.failed = -1.0  # the highest authority that failed
        self.attempts = 0
        self.reworks = 0
        self.first_response_at = UNSET
        self.closed_at = UNSET
        self.ended_at = UNSET
        self.petitioned_at = UNSET
        self.due_at = UNSET
        self.limit_ends = NEVER  # of the present arrival; NEVER once it has acted
        self.limit_ended = False  # during triage
        self.petition_pending = False
        self.overdue_pending = False
        self.set_out_once = False
        self.may_go_down = False
        self.incident = False
        self.escalations: list[int] | None = None
        self.where: dict[int, int] = {}  # time by part; unlike a list of them, nothing that garbage collection walks
        self.by_tier: dict[tuple[int, int], int] | None = None
        self.line: Line | None = None  # of the queue in which it last waited
        self.team: Sequence[int] = ()  # who last set out to it: roles of that unit, NOBODY for its leader
        self.sent_by: Crew | None = None  # that unit
        self.ways: Sequence[int] = ()  # how long each of them travels
        self.authority = 0.0
        self.distance = 0.0
        self.work_starts_at = UNSET
        self.work_ends_at = UNSET
        self.offered_triage = 0  # the arrival of which a triage that has not begun was counted as arriving work
        self.offered_work = 0  # arrivals and attempts when its work was last counted as arriving work
        self.off_duty_from = UNSET  # since when hours off duty in the inbox are still to be counted
        self.inbox_off_duty = 0
        self.listed = 0  # the arrival whose limit is in the list of those that ended on arrival

    @property
    def urgent(self) -> bool:
        """Whether people on call set out for it."""
        return self.urgency >= URGENT

    @property
    def waits(self) -> bool:
        """Whether it lies in an inbox or a queue."""
        return self.place in (Place.INBOX, Place.QUEUE)

    def spends(self, part: int, time: int) -> None:
        """Add to a part of its time, here."""
        where = self.where
        where[part] = where.get(part, 0) + time
        if self.by_tier is not None and self.unit is not None:
            key = (self.unit.tier, part)
            self.by_tier[key] = self.by_tier.get(key, 0) + time

    def goes_up(self, reason: Reason) -> None:
        """Count an escalation."""
        if self.escalations is None:
            self.escalations = [0] * len(Reason)
        self.escalations[reason] += 1
