"""The clock of a run and what is still to come."""

from __future__ import annotations

from heapq import heapify, heappush

from .. import rules
from ..events import NOBODY, Event
from ..plan.plan import Plan
from ..rules import NEVER

Entry = tuple[int, int, int, int, int]  # time, event, problem, unit, and what the event needs
NOTHING: Entry = (NEVER, 0, 0, 0, 0)  # lies under all entries, so that there is always a next one


class Calendar:
    """The time of a run, and the events to come in the order that `events` gives them.

    Parameters
    ----------
    plan
        The scenario as numbers.
    arises_at
        When problems arise, in their order, in nanoseconds.
    """

    def __init__(self, plan: Plan, arises_at: list[int]) -> None:
        self.now = 0  # nanoseconds
        self.end = plan.end
        self.entries: list[Entry] = [NOTHING]
        self.arises_at = [*arises_at, NEVER]
        self.arisen = 0  # how many problems have arisen
        self.follows(plan)

    def follows(self, plan: Plan) -> None:
        """Take the windows of clocks from a plan, and drop the edges of hours of the one before."""
        self._windows = [pattern.key for pattern in plan.patterns]
        self.entries = [entry for entry in self.entries if entry[1] != Event.EDGE_OF_HOURS or entry is NOTHING]
        heapify(self.entries)

    def later(self, duration: int) -> int:
        """The instant so much later than now, or NEVER where the run ends before it."""
        return rules.after(self.now, duration, self.end)

    def ends(self, start: int, duration: int, pattern: int) -> int:
        """When a duration has passed on a clock: that of a pattern of hours, or the calendar (-1)."""
        if duration == NEVER:
            return NEVER
        if pattern < 0:
            return rules.after(start, duration, self.end)
        return rules.clock_ends(start, duration, *self._windows[pattern], self.end)

    def push(self, time: int, event: int, problem: int, unit: int, extra: int) -> None:
        """Put an event on the calendar, unless the run ends before it."""
        if time <= self.end:
            heappush(self.entries, (time, event, problem, unit, extra))

    def push_patrol(self, number: int, every: int, unit: int) -> None:
        """Put the k-th patrol of a tier on the calendar, under the first of its units."""
        self.push(rules.patrol_due_at(number, every, self.end), Event.PATROL_DUE, NOBODY, unit, number)
