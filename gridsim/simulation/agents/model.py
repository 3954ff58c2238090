"""The Mesa model: events in continuous time, and agents who act when something happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from ...scenario.errors import ScenarioError
from ...scenario.given import as_scenario, as_seed, is_number, shown
from .. import rules
from ..demand.drawing import draw_demand
from ..demand.draws import difficulty_matters, places_matter
from ..events import LOG_FIELDS, LOST_HOURS, NOBODY, TRAVEL_HOURS, WORK_HOURS, Event, Place, Reason, Source
from ..outcome.outcome import Outcome
from ..plan.planning import make_plan
from ..policy import as_policy
from ..rules import HOUR, NEVER
from .booking import Booking
from .calendar import Calendar, Entry
from .draws_at_hand import DrawsAtHand
from .people import GridLeader, Resident, ServiceStaff
from .problem import Problem
from .shifts import Shifts
from .unit import Unit

if TYPE_CHECKING:
    from ...scenario.given import Given
    from ...scenario.scenario import Scenario
    from ..demand.demand import Demand
    from ..outcome.result import Result
    from ..plan.plan import Plan
    from ..policy import Policy, Rule


class GridModel(mesa.Model):  # type: ignore[misc]
    """A territory with its residents, units and people; one step is one hour, and `running` ends with the run.

    Parameters
    ----------
    scenario
        What is simulated: a scenario, or the name of a site.
    seed
        Any whole number; the same scenario and seed give the same run.
    trace, parts
        Keep the event log; keep the parts of the time per tier.
    demand
        Problems to use in place of drawn ones.
    resident, leader, staff, unit, problem
        Classes of the agents, and of the units and problems, to change how they behave.
    policy
        An escalation rule of one's own: a function of what is asked (`gridsim.Asked`) that gives a step.
    """

    NO_ACTION, EXPEDITE, ESCALATE = 0, 1, 2

    def __init__(
        self,
        scenario: Given,
        seed: int = 0,
        trace: bool = False,
        parts: bool = False,
        demand: Demand | None = None,
        resident: type[Resident] = Resident,
        leader: type[GridLeader] = GridLeader,
        staff: type[ServiceStaff] = ServiceStaff,
        unit: type[Unit] = Unit,
        problem: type[Problem] = Problem,
        policy: Rule | Policy | None = None,
    ) -> None:
        scenario, seed = as_scenario(scenario), as_seed(seed)
        super().__init__(rng=seed % 2**64)  # for agents of one's own that draw from `model.random` or `model.rng`
        check_agents(
            resident=(resident, Resident), leader=(leader, GridLeader), staff=(staff, ServiceStaff),
            unit=(unit, Unit), problem=(problem, Problem),
        )  # fmt: skip
        self.scenario = scenario
        self.policy = as_policy(policy)
        self.seed_of_run = seed
        self.plan = self.plan_at_first = plan = make_plan(scenario)  # a switch changes `plan`
        if demand is None:
            demand = draw_demand(scenario, seed, places_matter(plan), difficulty_matters(plan))
        self.demand = demand
        self.calendar = Calendar(plan, demand.arises_at.tolist())
        self.push, self.later = self.calendar.push, self.calendar.later
        self.shifts = Shifts(plan, self.calendar)
        self.draws = DrawsAtHand(demand, plan)
        self.booking = Booking(plan, self.calendar, self.shifts, self.draws)
        self.open_problems = self.reported = self.closed = 0
        self.touched: set[int] = set()
        self.ended_on_arrival: list[tuple[Problem, int]] = []
        self._resident_class = resident
        self._residents: dict[int, Resident] = {}
        self._trust_matters = plan.settings.trust_matters > 0
        self._log: list[tuple[int, int, int, int]] | None = [] if trace else None
        self.shares = [set(types) for types in plan.shares]
        self._unit_of_cell: list[list[int]] = plan.unit_of_cell.tolist()
        self._limits_of(plan)
        self.units = self._make_units(unit, leader, staff)
        self.problems = self._make_problems(problem, parts)
        self._plan_patrols()
        self._handlers = [
            self._edge_of_hours, self._patrol_due, self._people_free, self._end_of_work, self._end_of_triage,
            self._end_of_patrol, self._matures, self._noticed, self._time_limit, self._overdue, self._patience_ends,
        ]  # fmt: skip
        self._collected = 0  # full hours whose state was collected
        self.datacollector = mesa.DataCollector(
            model_reporters={"hour": "hour", "backlog": "open_problems", "reported": "reported", "closed": "closed"}
        )
        self.touched.update(range(len(self.units)))
        self._people_choose()

    # --- setting up ----------------------------------------------------------------------------------------------

    def _limits_of(self, plan: Plan) -> None:
        self._residents_are_patient = not plan.settings.patience
        self._limit_hours: list[int] = plan.type["limit_hours"].tolist()
        self._limit_clock: list[int] = plan.type["limit_clock"].tolist()

    def _make_units(self, kind: type[Unit], leader: type[GridLeader], staff: type[ServiceStaff]) -> list[Unit]:
        plan = self.plan
        units: list[Unit | None] = [None] * plan.units
        for number in reversed(range(plan.units)):
            tier, parent = int(plan.unit_tier[number]), int(plan.parent[number])
            unit = kind(self, number, tier, None if parent < 0 else units[parent])
            units[number] = unit
            if plan.tier["leaders"][tier]:
                unit.leader = leader(self, unit)
            slot = int(plan.slot_first[number])
            for k, role in enumerate(range(int(plan.role_first[tier]), int(plan.role_first[tier + 1]))):
                count, on_call = int(plan.count[slot + k]), int(plan.on_call[slot + k])
                unit.staff.append(staff(self, unit, role, count, on_call))
        return [unit for unit in units if unit is not None]

    def _make_problems(self, kind: type[Problem], parts: bool) -> list[Problem]:
        d, n = self.demand, len(self.demand)
        zeros = [0.0] * n
        x, y = (zeros if d.x is None else d.x.tolist()), (zeros if d.y is None else d.y.tolist())
        difficulty = zeros if d.difficulty is None else d.difficulty.tolist()
        urgency = self.plan.type["urgency"][d.type].tolist()
        columns = zip(range(n), d.type.tolist(), d.cell.tolist(), d.resident.tolist(), x, y, difficulty, urgency)  # noqa: B905
        problems = [kind(*row) for row in columns]
        if parts:
            for problem in problems:
                problem.by_tier = {}
        return problems

    def _switch(self, plan: Plan) -> None:
        """Go on under another plan: what people and problems do goes on, and only what the plan says is new."""
        calendar = self.calendar
        calendar.now = self.plan.switch_at
        arisen = self.problems[: calendar.arisen]
        for problem in arisen:
            if problem.place == Place.INBOX:
                self.booking.count_off_duty(problem, calendar.now)
        led = {unit.number for unit in self.units if unit.leader is not None and unit.leader.on_duty}
        self.plan = plan
        self._limits_of(plan)
        for part in (self.draws, calendar, self.shifts, self.booking):
            part.follows(plan)
        for unit in self.units:
            unit.follows(plan)
        waiting = [problem for problem in arisen if problem.place == Place.QUEUE]
        queues = [(problem, problem.unit) for problem in waiting if problem.unit is not None]
        for problem, unit in queues:
            unit.queue.put_in(problem)
        for problem, unit in queues:
            if problem.place == Place.QUEUE and not unit.staff_can_serve(problem, problem.urgent):
                unit.joins_or_goes_up(problem)
        for unit in self.units:
            if unit.leader is not None and unit.number in led and not unit.leader.on_duty:
                unit.leaders_leave()
            self.touched.add(unit.number)
            self._people_choose()

    def _plan_patrols(self) -> None:
        for tier in np.flatnonzero(self.plan.tier["patrols"]).tolist():
            if self.plan.tier["patrol_every"][tier] > 0:
                self._push_patrol(tier, 1)

    def _push_patrol(self, tier: int, number: int) -> None:
        self.calendar.push_patrol(number, int(self.plan.tier["patrol_every"][tier]), int(self.plan.first_unit[tier]))

    @property
    def scenario(self) -> Scenario:
        """What is simulated; it is frozen, and from version 3.5 on Mesa's own property would write into it."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        self._scenario = scenario

    # --- running -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Run one hour."""
        self.run_for(1.0)

    def run_for(self, hours: float) -> None:
        """Run for some hours, but not beyond the end of the run; the state is collected at every full hour.

        Parameters
        ----------
        hours
            How many, 0 or more; infinity runs to the end.

        Raises
        ------
        ScenarioError
            If it is no such number.
        """
        if not is_number(hours) or not hours >= 0:
            raise ScenarioError(f"hours = {shown(hours)}: must be a number of hours of at least 0")
        until = min(rules.after(self.now, rules.nanoseconds(float(hours)), self.plan.end), self.plan.end)
        hour = -(-self.now // HOUR)
        while hour * HOUR <= until:
            self._run_until(hour * HOUR)
            if hour >= self._collected:
                self._collected = hour + 1
                self.steps = hour  # under which Mesa keeps what its agents report
                self.datacollector.collect(self)
            hour += 1
        self._run_until(until)
        self.running = self.now < self.plan.end

    @property
    def now(self) -> int:
        """The time of the model in nanoseconds since the start."""
        return self.calendar.now

    @property
    def hour(self) -> float:
        """The time of the model in hours since the start."""
        return self.now / HOUR

    def _run_until(self, until: int) -> None:
        later = self.plan.later
        if later is not None and self.plan.switch_at <= until:
            self._play(self.plan.switch_at - 1)
            self._switch(later)
        self._play(until)

    def _play(self, until: int) -> None:
        calendar, handlers = self.calendar, self._handlers
        entries, arises_at = calendar.entries, calendar.arises_at
        touched, ended_on_arrival = self.touched, self.ended_on_arrival
        while True:
            first, number = entries[0], calendar.arisen
            time = arises_at[number]
            if time < first[0] or (time == first[0] and (time, Event.REPORT, number, NOBODY) < first[:4]):
                if time > until:
                    break
                calendar.now = time
                calendar.arisen += 1
                self._arises_now(self.problems[number])
            else:
                if first[0] > until:
                    break
                heappop(entries)
                calendar.now = first[0]
                handlers[first[1]](first)
            if touched or ended_on_arrival:
                self._people_choose()
        calendar.now = max(calendar.now, until)

    def _people_choose(self) -> None:
        """People choose after each event; then limits that had ended on arrival act, each followed by choosing."""
        touched, units = self.touched, self.units
        while True:
            while touched:
                if len(touched) == 1:
                    number = touched.pop()
                else:
                    number = min(touched)
                    touched.discard(number)
                units[number].people_choose()
            if not self.ended_on_arrival:
                return
            problem, arrival = self.ended_on_arrival.pop(0)
            if problem.arrivals == arrival:
                problem.listed = 0  # it may end again when the work that has begun fails
                if problem.limit_ends <= self.now:
                    self._limit_acts(problem)

    def note(self, kind: Event, problem: Problem | None, unit: Unit | None) -> None:
        """Write a row of the event log, if one is kept."""
        if self._log is not None:
            who = NOBODY if problem is None else problem.number
            self._log.append((self.now, kind, who, NOBODY if unit is None else unit.number))

    # --- what the calendar brings --------------------------------------------------------------------------------

    def _edge_of_hours(self, entry: Entry) -> None:
        tier = entry[4]
        change, leave = self.shifts.reach_edge(tier)
        if not change:
            return
        units = self.units[int(self.plan.first_unit[tier]) : int(self.plan.first_unit[tier + 1])]
        self.note(Event.EDGE_OF_HOURS, None, units[0])
        for unit in units:
            if leave and unit.leader is not None:
                unit.leaders_leave()
            self.touched.add(unit.number)
            self._people_choose()

    def _patrol_due(self, entry: Entry) -> None:
        tier = int(self.plan.unit_tier[entry[3]])
        self._push_patrol(tier, entry[4] + 1)
        self.note(Event.PATROL_DUE, None, self.units[entry[3]])
        for unit in self.units[int(self.plan.first_unit[tier]) : int(self.plan.first_unit[tier + 1])]:
            assert unit.leader is not None
            unit.leader.patrol_owed = True
            self.touched.add(unit.number)

    def _people_free(self, entry: Entry) -> None:
        entries, roles = self.calendar.entries, [entry[4]]
        while entries[0][:4] == entry[:4]:
            roles.append(heappop(entries)[4])
        self._are_back(self.problems[entry[2]], self.units[entry[3]], roles)

    def _are_back(self, problem: Problem, unit: Unit, roles: Sequence[int]) -> None:
        self.note(Event.PEOPLE_FREE, problem, unit)
        for role in roles:
            people = unit.staff[role] if role != NOBODY else unit.leader
            assert people is not None
            people.comes_back()
        self.touched.add(unit.number)

    def _end_of_work(self, entry: Entry) -> None:
        problem, unit = self.problems[entry[2]], self.units[entry[3]]
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
            problem.spends(LOST_HOURS, travel + work)
            problem.failed = max(problem.failed, problem.authority)
            self._failed(problem, unit)
        elif self.draws.is_reworked(problem):
            problem.spends(LOST_HOURS, travel + work)
            problem.reworks += 1
            unit.arrives(problem)
            unit.joins_or_goes_up(problem)
        else:
            if travel:
                problem.spends(TRAVEL_HOURS, travel)
            problem.spends(WORK_HOURS, work)
            self._closes(problem)

    def _failed(self, problem: Problem, unit: Unit) -> None:
        """The work is lost: people of more authority here, else up."""
        unit.failed(problem)

    def has_ended(self, problem: Problem) -> None:
        """The limit has ended on arrival: it acts right after people have chosen; once for an arrival."""
        if problem.listed != problem.arrivals:
            problem.listed = problem.arrivals
            self.ended_on_arrival.append((problem, problem.arrivals))

    def _closes(self, problem: Problem) -> None:
        problem.place = Place.CLOSED
        problem.closed_at = problem.ended_at = self.calendar.now
        problem.limit_ends = NEVER
        self.open_problems -= 1
        self.closed += 1
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
                assert leader is not None
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
        elif self.plan.settings.overdue == self.EXPEDITE:
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

    # --- reporting and routes ------------------------------------------------------------------------------------

    def report(self, problem: Problem, source: Source, unit: Unit) -> None:
        """A problem reaches the organisation: along a route if it has one, else at the unit that takes it in."""
        plan, now = self.plan, self.calendar.now
        self.note(Event.REPORT, problem, unit)
        self.open_problems += 1
        self.reported += 1
        problem.reported_at = now
        problem.source = source
        problem.perceived = self.draws.perceived(problem, 0)
        problem.due_at = self.calendar.ends(now, self._limit_hours[problem.type], self._limit_clock[problem.type])
        if plan.may_be_overdue and problem.due_at < NEVER:
            self.push(problem.due_at, Event.OVERDUE, problem.number, NOBODY, 0)
        if not self._residents_are_patient:
            self.push(self.later(self.draws.patience[problem.number]), Event.PATIENCE, problem.number, NOBODY, 0)
        route = self._route(problem)
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

    def lowest_that_can_serve(self, problem: Problem, below: int, urgent: bool | None = None) -> Unit | None:
        """Find the lowest unit of a problem's branch, under a tier, that can serve it."""
        for tier in range(below):
            unit = self.unit_of(problem, tier)
            if unit.can_serve(problem, urgent):
                return unit
        return None

    def unit_of(self, problem: Problem, tier: int) -> Unit:
        """Give the unit of a tier that covers a problem."""
        return self.units[self._unit_of_cell[tier][problem.cell]]

    def resident_of(self, problem: Problem) -> Resident:
        """Give the resident of a problem; residents become agents when something first happens to them."""
        resident = self._residents.get(problem.resident)
        if resident is None:
            resident = self._residents[problem.resident] = self._resident_class(self, problem.resident)
        return resident

    # --- what comes out ------------------------------------------------------------------------------------------

    def result(self) -> Result:
        """The result of the run; of a run that is not over, of the part until now."""
        from ..outcome.result import Result

        return Result(self.outcome(), seed=self.seed_of_run, engine="mesa")

    def outcome(self) -> Outcome:
        """The state of every problem, and the use of every pool."""
        from .to_outcome import outcome_of_model

        return outcome_of_model(self)

    @property
    def log(self) -> Any:
        """The event log as a structured array; None without trace."""
        if self._log is None:
            return None
        return np.array(self._log, dtype=LOG_FIELDS)


def check_agents(**given: tuple[object, type]) -> None:
    """Refuse what cannot be an agent before anything runs.

    Parameters
    ----------
    given
        What was given, and the class that it must be or come from, by name.

    Raises
    ------
    ScenarioError
        If it is not such a class.
    """
    for name, (one, wanted) in given.items():
        if not (isinstance(one, type) and issubclass(one, wanted)):
            raise ScenarioError(f"{name} = {shown(one)}: must be a subclass of gridsim.{wanted.__name__}")
