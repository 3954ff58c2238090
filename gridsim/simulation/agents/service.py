"""How work ends: people come back, and a problem is closed, failed, or not good."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop

from .. import rules
from ..events import NOBODY, Event, Part, Place
from ..rules import NEVER
from .calendar import Entry
from .limits import Limits
from .problem import Problem
from .unit import Unit


class Service(Limits):
    """A territory where people finish what they do, and then come back."""

    def _people_free(self, entry: Entry) -> None:
        entries, roles = self.calendar.entries, [entry[4]]
        while entries[0][:4] == entry[:4]:
            roles.append(heappop(entries)[4])
        self._are_back(self.problems[entry[2]], self.units[entry[3]], roles)

    def _are_back(self, problem: Problem, unit: Unit, roles: Sequence[int]) -> None:
        if self.traced:
            self.note(Event.PEOPLE_FREE, problem, unit)
        for role in roles:
            if role != NOBODY:
                unit.staff[role].comes_back()
            elif unit.leader is not None:
                unit.leader.comes_back()
        self.touched.add(unit.number)

    def _end_of_work(self, entry: Entry) -> None:
        problem, unit = self.problems[entry[2]], self.units[entry[3]]
        if self.traced:
            self.note(Event.END_OF_WORK, problem, unit)
        back = unit.people_return(problem)
        problem.entered_at, left_at = self.calendar.now, problem.entered_at
        problem.place = Place.NOT_YET
        self._ends_well_or_not(problem, unit, problem.work_starts_at - left_at)
        if back:  # no way: nothing of this instant comes before it but the choice after this event
            if self.touched or self.ended_on_arrival:
                self._people_choose()
            self._are_back(problem, unit, back)

    def _ends_well_or_not(self, problem: Problem, unit: Unit, travel: int) -> None:
        work = problem.work_ends_at - problem.work_starts_at
        if not rules.succeeds(problem.difficulty, problem.authority):
            problem.spends(Part.LOST, travel + work)
            problem.failed = max(problem.failed, problem.authority)
            unit.failed(problem)
        elif self.draws.some_is_reworked and self.draws.is_reworked(problem):
            problem.spends(Part.LOST, travel + work)
            problem.reworks += 1
            unit.arrives(problem)
            unit.joins_or_goes_up(problem)
        else:
            if travel:
                problem.spends(Part.TRAVEL, travel)
            problem.spends(Part.WORK, work)
            self._closes(problem)

    def _closes(self, problem: Problem) -> None:
        problem.place = Place.CLOSED
        problem.closed_at = problem.ended_at = self.calendar.now
        problem.limit_ends = NEVER
        self.open_problems -= 1
        self.closed += 1
        if self.traced:
            self.note(Event.CLOSES, problem, problem.unit)
        if self._trust_matters:
            self.resident_of(problem).is_served(rules.in_time(self.now, problem.due_at))

    def becomes_unresolved(self, problem: Problem) -> None:
        """Nobody here or above can serve it."""
        problem.place = Place.UNRESOLVED
        problem.ended_at = self.now
        self.open_problems -= 1
        self.note(Event.UNRESOLVED, problem, problem.unit)

    def _end_of_triage(self, entry: Entry) -> None:
        problem, unit = self.problems[entry[2]], self.units[entry[3]]
        self.note(Event.END_OF_TRIAGE, problem, unit)
        assert unit.leader is not None
        unit.leader.end_triage(problem)

    def _end_of_patrol(self, entry: Entry) -> None:
        unit = self.units[entry[3]]
        self.note(Event.END_OF_PATROL, None, unit)
        assert unit.leader is not None
        unit.leader.end_patrol()
