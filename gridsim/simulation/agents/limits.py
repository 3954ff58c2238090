"""What falls due: time limits, limits of types, and the patience of residents."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

from .. import rules
from ..events import Event, Overdue, Place, Reason
from ..rules import NEVER
from .calendar import Entry
from .problem import Problem
from .territory import Territory
from .unit import Unit


class Limits(Territory):
    """A territory where problems fall due; what had ended on arrival acts right after people have chosen."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.ended_on_arrival: list[tuple[int, int]] = []  # a heap: number of the problem, and of its arrival

    def _people_choose(self) -> None:
        """People choose after each event; then limits that had ended on arrival act, each followed by choosing."""
        touched, units = self.touched, self.units
        while True:
            while touched:
                number = min(touched)
                touched.discard(number)
                units[number].people_choose()
            if not self.ended_on_arrival:
                return
            number, arrival = heappop(self.ended_on_arrival)
            problem = self.problems[number]
            if problem.arrivals == arrival:
                problem.listed = 0  # it may end again when the work that has begun fails
                if problem.limit_ends <= self.now:
                    self._limit_acts(problem)

    def has_ended(self, problem: Problem) -> None:
        """The limit has ended on arrival: it acts right after people have chosen; once for an arrival."""
        if problem.listed != problem.arrivals:
            problem.listed = problem.arrivals
            heappush(self.ended_on_arrival, (problem.number, problem.arrivals))

    def _time_limit(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        if problem.arrivals == entry[4] and problem.limit_ends <= self.calendar.now:
            self._limit_acts(problem)

    def _limit_acts(self, problem: Problem) -> None:
        unit, acts = problem.unit, self._when_it_acts(problem)
        if unit is None or acts == rules.NOT_AT_ALL:
            return
        self.note(Event.TIME_LIMIT, problem, unit)
        problem.limit_ends = NEVER
        if acts == rules.AFTER_TRIAGE:
            problem.limit_ended = True
        else:
            unit.goes_up_at(problem, rules.LIMIT, Reason.TIME_LIMIT)

    def limit_begins_anew(self, problem: Problem, unit: Unit) -> None:
        """The same time limit once more, from now on."""
        problem.limit_ends = self.calendar.ends(self.now, unit.after_hours, unit.clock)
        problem.listed = 0
        self.push(problem.limit_ends, Event.TIME_LIMIT, problem.number, unit.number, problem.arrivals)

    def _when_it_acts(self, problem: Problem) -> int:
        return rules.falls_due(problem.waits, problem.place == Place.TRIAGE)

    def _overdue(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        unit, acts = problem.unit, self._when_it_acts(problem)
        if unit is None or acts == rules.NOT_AT_ALL or not self.plan.settings.overdue:
            return
        self.note(Event.OVERDUE, problem, unit)
        if acts == rules.AFTER_TRIAGE:
            problem.overdue_pending = True
        elif self.plan.settings.overdue == Overdue.EXPEDITE:
            unit.becomes_urgent(problem)
        else:
            unit.goes_up_at(problem, rules.OVERDUE, Reason.OVERDUE)

    def _patience_ends(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        unit, acts = problem.unit, self._when_it_acts(problem)
        if unit is None or acts == rules.NOT_AT_ALL or not rules.petitions(problem.set_out_once):
            return
        self.note(Event.PATIENCE, problem, unit)
        problem.petitioned_at = self.now
        if self._trust_matters:
            self.resident_of(problem).is_let_down()
        if acts == rules.AFTER_TRIAGE:
            problem.petition_pending = True
        elif not self.moves_to_the_top(problem):
            unit.becomes_urgent(problem)

    def moves_to_the_top(self, problem: Problem) -> bool:
        """A petition moves to the top, urgent, if it is not there and the top can serve it; say whether it did."""
        unit, top = problem.unit, self.unit_of(problem, self.plan.tiers - 1)
        assert unit is not None
        usual = rules.usual_petition(unit is top, top.can_serve(problem, urgent=True))
        can_here = unit.can_serve(problem)
        if unit.chosen(problem, rules.PATIENCE, usual, can_here, usual == rules.UP) != rules.UP:
            return False
        self.touched.add(unit.number)
        unit.let_go(problem)
        problem.urgency = rules.more_urgent(problem.urgency, rules.URGENT)
        problem.goes_up(Reason.PETITION)
        top.take_in(problem)
        return True
