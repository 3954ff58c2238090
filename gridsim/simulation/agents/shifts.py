"""Who is on duty: the hours that people follow, and their edges on the calendar."""

from __future__ import annotations

import numpy as np

from .. import rules
from ..events import NOBODY, Event
from ..plan.hours import Pattern
from ..plan.plan import Plan
from ..rules import NEVER
from .calendar import Calendar


class Shifts:
    """The shifts of all tiers, as they are now.

    Parameters
    ----------
    plan
        The scenario as numbers.
    calendar
        Where the edges of hours are put down.
    """

    def __init__(self, plan: Plan, calendar: Calendar) -> None:
        self._calendar = calendar
        self._changed: set[int] = set()  # tiers whose hours changed at this instant and that have not acted yet
        self._leave: set[int] = set()  # those of them whose leaders leave
        self.follows(plan)

    def follows(self, plan: Plan) -> None:
        """Set every shift as it is now under a plan, and put the next edge of every tier on the calendar."""
        self._plan = plan
        now = self._calendar.now
        self._patterns: list[Pattern] = [plan.patterns[number] for number in plan.shift_pattern.tolist()]
        self.on_duty: list[bool] = []
        self._edges: list[list[int]] = []
        self._edge: list[int] = []  # number of the next edge of each shift
        for pattern in self._patterns:
            edges = [] if pattern.always else [e for w in zip(pattern.starts, pattern.ends, strict=True) for e in w]
            self._edges.append(edges)
            self._edge.append(int(now // pattern.cycle) * len(edges))
            while self.next_edge(len(self._edge) - 1) <= now:
                self._edge[-1] += 1
            self.on_duty.append(pattern.always or self._edge[-1] % 2 == 1)  # edges begin and end windows in turn
        for tier in range(plan.tiers):
            self._push_edge(tier)

    def next_edge(self, shift: int) -> int:
        """When a shift next begins or ends."""
        edges, number = self._edges[shift], self._edge[shift]
        if not edges:
            return NEVER
        return (number // len(edges)) * self._patterns[shift].cycle + edges[number % len(edges)]

    def _push_edge(self, tier: int) -> None:
        shifts = np.flatnonzero(self._plan.shift_tier == tier).tolist()
        time = min((self.next_edge(shift) for shift in shifts), default=NEVER)
        self._calendar.push(time, Event.EDGE_OF_HOURS, NOBODY, int(self._plan.first_unit[tier]), tier)

    def reach_edge(self, tier: int) -> tuple[bool, bool]:
        """An edge of a tier is reached: whether its hours have changed, and whether its leaders leave."""
        self._change()
        self._push_edge(tier)
        change = tier in self._changed, tier in self._leave
        self._changed.discard(tier)
        self._leave.discard(tier)
        return change

    def _change(self) -> None:
        """Who is on duty follows from the time alone: the hours of all tiers change before anybody acts."""
        for shift, tier in enumerate(self._plan.shift_tier.tolist()):
            before = self.on_duty[shift]
            while self.next_edge(shift) <= self._calendar.now:
                self._edge[shift] += 1
                self.on_duty[shift] = not self.on_duty[shift]
            if before != self.on_duty[shift]:
                self._changed.add(tier)
                if before and shift == int(self._plan.tier["leader_shift"][tier]):
                    self._leave.add(tier)

    def never_end(self, shift: int) -> bool:
        """Whether a shift has no edges."""
        return not self._edges[shift]

    def time_off_duty(self, shift: int, start: int, end: int) -> int:
        """The part of a time that lies outside the hours of a shift."""
        return 0 if not self._edges[shift] else rules.time_off_duty(start, end, *self._patterns[shift].key)
