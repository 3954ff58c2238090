"""How problems arise, are reported or found, and where the report goes."""

from __future__ import annotations

from .. import rules
from ..events import NOBODY, Event, Place, Source
from ..plan.plan import Plan
from ..rules import NEVER
from .calendar import Entry
from .problem import Problem
from .territory import Territory
from .unit import Unit


class Reporting(Territory):
    """A territory where residents report what they see, and the rest is found or matures."""

    def _limits_of(self, plan: Plan) -> None:
        self._residents_are_patient = not plan.settings.patience
        self._some_have_routes = plan.settings.emergency_tier >= 0 or plan.settings.whistle
        self._limit_hours: list[int] = plan.type["limit_hours"].tolist()
        self._limit_clock: list[int] = plan.type["limit_clock"].tolist()

    def _arises_now(self, problem: Problem) -> None:
        """A resident sees it, unless it is hidden, and reports it or not; else it waits to be found."""
        draws = self.draws
        seen = not draws.hidden[problem.number]
        if seen and (draws.all_report or self.resident_of(problem).reports(problem)):
            self.report(problem, Source.RESIDENT, self.unit_of(problem, self.plan.settings.intake_tier))
        else:
            self._waits_unseen(problem)

    def _waits_unseen(self, problem: Problem) -> None:
        plan, draws, number = self.plan, self.draws, problem.number
        problem.place = Place.HIDDEN
        if draws.maturing[number] < NEVER:
            self.push(self.later(draws.maturing[number]), Event.MATURING, number, NOBODY, 0)
        if plan.settings.noticed_an_hour > 0.0:
            self.push(self.later(draws.noticing[number]), Event.REPORT, number, NOBODY, 0)
        for tier in range(plan.tiers):
            if plan.tier["patrols"][tier] and plan.tier["finds_rate"][tier] > 0.0:
                leader = self.unit_of(problem, tier).leader
                if leader is not None:
                    leader.hidden.setdefault(leader.patrols_done + draws.passes(problem, tier), []).append(problem)

    def _matures(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        if problem.place != Place.HIDDEN:
            return
        self.note(Event.MATURING, problem, None)
        problem.incident = True
        problem.urgency = rules.EMERGENCY
        if self._trust_matters:
            self.resident_of(problem).is_let_down()
        self.report(problem, Source.INCIDENT, self.unit_of(problem, self.plan.settings.intake_tier))

    def _noticed(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        if problem.place == Place.HIDDEN:
            self.report(problem, Source.INFORMANT, self.unit_of(problem, self.plan.settings.intake_tier))

    def report(self, problem: Problem, source: Source, unit: Unit) -> None:
        """A problem reaches the organisation: along a route if it has one, else at the unit that takes it in."""
        plan, now = self.plan, self.calendar.now
        if self.traced:
            self.note(Event.REPORT, problem, unit)
        self.open_problems += 1
        self.reported += 1
        problem.reported_at = now
        problem.source = source
        problem.perceived = self.draws.perceived(problem, 0) if self.draws.errs else problem.difficulty
        limit = self._limit_hours[problem.type]
        problem.due_at = NEVER if limit == NEVER else self.calendar.ends(now, limit, self._limit_clock[problem.type])
        if plan.may_be_overdue and problem.due_at < NEVER:
            self.push(problem.due_at, Event.OVERDUE, problem.number, NOBODY, 0)
        if not self._residents_are_patient:
            self.push(self.later(self.draws.patience[problem.number]), Event.PATIENCE, problem.number, NOBODY, 0)
        route = self._route(problem) if self._some_have_routes else None
        if route is None:
            unit.take_in(problem, may_go_down=unit.tier > 0)
        else:
            route.arrives(problem)
            if route.can_serve(problem):
                route.join(problem)
            else:
                route.decide(problem)

    def _route(self, problem: Problem) -> Unit | None:
        plan = self.plan
        if problem.urgency == rules.EMERGENCY and plan.settings.emergency_tier >= 0:
            unit: Unit | None = self.unit_of(problem, plan.settings.emergency_tier)
            above = unit
            while above is not None:
                if above.can_serve(problem):
                    return unit
                above = above.parent
        if plan.settings.whistle and len(plan.skills_of[problem.type]) > 1:
            unit = self.lowest_that_can_serve(problem, below=plan.tiers, urgent=True)
            if unit is not None:
                problem.urgency = rules.more_urgent(problem.urgency, rules.URGENT)
                return unit
        return None
