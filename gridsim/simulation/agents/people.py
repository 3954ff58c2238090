"""Who acts: residents, grid leaders and service staff, as agents whose methods read as sentences.

Override a method to change how somebody behaves, and give the class to `GridModel`; the rules themselves are the
functions of `rules`.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import mesa

from .. import rules
from ..events import NOBODY, Busy, Event, Overdue, Part, Place, Reason, Source

if TYPE_CHECKING:
    from ..plan.plan import Plan
    from .model import GridModel
    from .problem import Problem
    from .unit import Unit


class Numbers(WeakKeyDictionary["GridModel", "count[int]"]):
    """The next number of an agent of each model; Mesa's own table keeps every model in memory for good."""

    def __getitem__(self, model: GridModel) -> count[int]:
        return self.setdefault(model, count(1))


class Agent(mesa.Agent):  # type: ignore[misc]
    """Somebody of a model, numbered by Mesa from 1."""

    _ids = Numbers()


class Resident(Agent):
    """A resident, whose trust decides whether problems are reported.

    Parameters
    ----------
    model
        The model.
    number
        Number over the whole territory.
    """

    def __init__(self, model: GridModel, number: int) -> None:
        super().__init__(model)
        self.number = number
        self.trust = model.plan.settings.trust

    def reports(self, problem: Problem) -> bool:
        """Whether the resident reports a problem that he or she sees."""
        plan = self.model.plan
        return rules.reports(self.trust, plan.settings.reports_without_trust, self.model.draws.reporting(problem))

    def is_served(self, in_time: bool) -> None:
        """A problem was closed: in time (or without a limit) trust grows, late it shrinks."""
        if in_time:
            self.trust = rules.trust_after_success(self.trust, self.model.plan.settings.trust_gain)
        else:
            self.is_let_down()

    def is_let_down(self) -> None:
        """A late close, a petition or an incident: trust shrinks."""
        self.trust = rules.trust_after_failure(self.trust, self.model.plan.settings.trust_loss)


class ServiceStaff(Agent):
    """The people of one role in one unit.

    Parameters
    ----------
    model, unit
        The model and the unit they belong to.
    role
        Number of the role through all tiers.
    count, on_call
        Persons, and those of them who are available outside the hours for urgent problems.
    """

    def __init__(self, model: GridModel, unit: Unit, role: int, count: int, on_call: int) -> None:
        super().__init__(model)
        plan = model.plan
        self.unit = unit
        self.role = role
        self.name = plan.role_names[role]
        self.busy = 0
        self.follows(plan, count, on_call)

    def follows(self, plan: Plan, count: int, on_call: int) -> None:
        """Take from a plan how many they are and what they may and can do; who is at work finishes it."""
        role = self.role
        self.count = count
        self.on_call = on_call
        self.solves = float(plan.role["solves"][role])
        self.pace = float(plan.role["pace"][role])
        self.hours_per_km = float(plan.role["hours_per_km"][role])
        self.travels = self.hours_per_km > 0.0 or type(self) is not ServiceStaff  # of one's own: as they say
        self._shift = int(plan.role["shift"][role])
        self._on_duty: list[bool] = self.model.shifts.on_duty

    @property
    def on_duty(self) -> bool:
        """Whether it is inside their hours."""
        return self._on_duty[self._shift]

    def can_serve(self, problem: Problem) -> bool:
        """Whether they have people and the authority (that they have the skill is known)."""
        allowed = rules.has_authority(
            self.solves, problem.perceived, problem.failed, self.model.plan.settings.by_authority
        )
        return self.count > 0 and allowed

    def available(self, urgency: int) -> int:
        """How many may set out now for a problem of this urgency."""
        return rules.available(self._on_duty[self._shift], self.count, self.on_call, self.busy, urgency)

    def travel_time(self, distance: float) -> int:
        """How long a distance in km takes."""
        return rules.travel_time(distance, self.hours_per_km)

    def books(self, travel: int, work: int, back: int) -> None:
        """Note one person's travel out, work and travel back."""
        self.model.booking.book_visit(self.role, travel, work, back)

    def comes_back(self) -> None:
        """One person is back at the station and free again."""
        self.busy -= 1


class GridLeader(Agent):
    """The leaders of one unit, of any tier, who share its inbox.

    Parameters
    ----------
    model, unit
        The model and the unit they lead.
    """

    def __init__(self, model: GridModel, unit: Unit) -> None:
        super().__init__(model)
        plan, tier = model.plan, unit.tier
        self.unit = unit
        self.busy = 0
        self.pool = int(plan.tier["leader_pool"][tier])
        self.patrols = bool(plan.tier["patrols"][tier])
        self.patrols_when_idle = self.patrols and plan.tier["patrol_every"][tier] == 0
        self.patrol_owed = False
        self.patrols_begun = 0
        self.patrols_done = 0
        self.hidden: dict[int, list[Problem]] = {}  # by the patrol that would find them
        self.follows(plan)

    def follows(self, plan: Plan) -> None:
        """Take from a plan how many they are and what they may and can do."""
        tier = self.unit.tier
        self.count = int(plan.leaders[self.unit.number])
        self.solves = float(plan.tier["solves"][tier])
        self.handles_below = float(plan.tier["handles_below"][tier])
        self.pace = float(plan.tier["leader_pace"][tier])
        self.hours_per_km = float(plan.tier["leader_hours_per_km"][tier])
        self._shift = int(plan.tier["leader_shift"][tier])
        self._on_duty: list[bool] = self.model.shifts.on_duty

    @property
    def on_duty(self) -> bool:
        """Whether it is inside their hours."""
        return self._on_duty[self._shift]

    # --- what next -----------------------------------------------------------------------------------------------

    def choose_next(self) -> None:
        """What a leader does next, until none is free or there is nothing to do."""
        while self.busy < self.count and self.on_duty:
            following = rules.next_for_leader(self.patrol_owed, bool(self.unit.inbox), self.patrols_when_idle)
            if following == rules.REST:
                return
            if following == rules.PATROL:
                self.patrol_owed = False
                self.begin_patrol()
            else:
                self.begin_triage(self.unit.inbox[0][3])

    # --- triage --------------------------------------------------------------------------------------------------

    def begin_triage(self, problem: Problem) -> None:
        """Take the first problem of the inbox and look at it."""
        model = self.model
        self.unit.let_go(problem)
        model.draws.assess(problem)
        problem.place = Place.TRIAGE
        problem.offered_triage = 0
        ends = model.later(model.draws.triage_time(problem, self.unit.tier, problem.handlings))
        self.busy += 1
        model.note(Event.TRIAGE_BEGINS, problem, self.unit)
        model.booking.book(self.pool, Busy.TRIAGE, ends)
        model.push(ends, Event.END_OF_TRIAGE, problem.number, self.unit.number, 0)

    def end_triage(self, problem: Problem) -> None:
        """What fell into the triage acts first (petition, overdue, time limit); then the decisions."""
        unit, model = self.unit, self.model
        problem.spends(Part.TRIAGE, model.now - problem.entered_at)
        problem.entered_at = model.now
        problem.place = Place.NOT_YET  # in nobody's hands until it is decided
        self.busy -= 1
        model.touched.add(unit.number)
        overdue, problem.overdue_pending = problem.overdue_pending and model.plan.settings.overdue > 0, False
        petition, problem.petition_pending = problem.petition_pending, False
        limit_ended, problem.limit_ended = problem.limit_ended, False
        if overdue and model.plan.settings.overdue == Overdue.EXPEDITE:
            problem.urgency = rules.more_urgent(problem.urgency, rules.URGENT)
            overdue = False
        while True:
            moment = rules.first_after_triage(petition, limit_ended, overdue)
            if moment == rules.DECISION:
                unit.decide(problem, leader=self)
                return
            if moment == rules.PATIENCE:
                petition = False
                if model.moves_to_the_top(problem):
                    return
                problem.urgency = rules.more_urgent(problem.urgency, rules.URGENT)
            elif moment == rules.LIMIT:
                limit_ended = False
                if unit.goes_up_at(problem, moment, Reason.TIME_LIMIT):
                    return
            else:
                overdue = False
                if unit.goes_up_at(problem, moment, Reason.OVERDUE):
                    return

    def may_handle(self, problem: Problem) -> bool:
        """Whether the leader may fix a problem alone."""
        return rules.leader_handles(self.handles_below, self.solves, problem.perceived, problem.failed)

    def handles_alone(self, problem: Problem) -> bool:
        """Whether the leader fixes a problem alone, right after triage."""
        return self.may_handle(problem)

    def set_out(self, problem: Problem) -> None:
        """Go and fix a problem alone."""
        model = self.model
        self.busy += 1
        problem.team = (NOBODY,)
        problem.distance = self.unit.distance(problem)
        travel = rules.travel_time(problem.distance, self.hours_per_km)
        problem.ways = (travel,)
        model.note(Event.LEADER_SETS_OUT, problem, self.unit)
        work = self.unit.begin_service(problem, self.solves, travel, self.pace)
        model.booking.book_visit(self.pool, travel, work, travel)

    def comes_back(self) -> None:
        """The leader is back and free again."""
        self.busy -= 1

    # --- patrol --------------------------------------------------------------------------------------------------

    def begin_patrol(self) -> None:
        """Leave for a round through the area of the unit."""
        model, unit = self.model, self.unit
        self.busy += 1
        self.patrols_begun += 1
        ends = model.later(model.draws.patrol_time(unit.number, unit.tier, self.patrols_begun, self.patrols_when_idle))
        model.note(Event.PATROL_BEGINS, None, self.unit)
        model.booking.book(self.pool, Busy.PATROL, ends)
        model.push(ends, Event.END_OF_PATROL, NOBODY, self.unit.number, 0)

    def end_patrol(self) -> None:
        """Bring back what was found; it is decided here as at an intake."""
        self.busy -= 1
        self.patrols_done += 1
        self.model.touched.add(self.unit.number)
        found = self.hidden.pop(self.patrols_done, [])
        for problem in sorted(found, key=lambda problem: problem.number):
            if problem.place == Place.HIDDEN:
                self.model.report(problem, Source.PATROL, self.unit)
