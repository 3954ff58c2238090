"""The Mesa model: a calendar of events in continuous time, and agents who act when something happens to them."""

from __future__ import annotations

from heapq import heappop, heappush
from math import ceil, inf
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from ...scenario.errors import ScenarioError
from ...scenario.given import as_scenario, as_seed, is_number, shown
from .. import rules
from ..demand.drawing import draw_demand
from ..demand.draws import difficulty_matters, draw_numbers, may_go_unreported, places_matter
from ..events import (
    BUSY,
    BUSY_TRAVEL,
    BUSY_WORK,
    LOG_FIELDS,
    LOST_HOURS,
    NOBODY,
    TRAVEL_HOURS,
    WORK_HOURS,
    Event,
    Place,
    Reason,
    Source,
)
from ..instants import of_hours
from ..outcome.outcome import Outcome
from ..plan.planning import make_plan
from ..policy import as_policy
from ..rules import HOUR, NEVER, UNSET
from .people import GridLeader, Resident, ServiceStaff
from .problem import Problem
from .unit import Unit

if TYPE_CHECKING:
    from ...scenario.given import Given
    from ...scenario.scenario import Scenario
    from ..demand.demand import Demand
    from ..outcome.result import Result
    from ..plan.plan import Plan
    from ..policy import Policy, Rule

Entry = tuple[int, int, int, int, int]  # time, event, problem, unit, and what the event needs
NOTHING: Entry = (NEVER, 0, 0, 0, 0)  # in place of the first entry of an empty calendar


class GridModel(mesa.Model):  # type: ignore[misc]
    """A territory with its residents, units and people; one step is one hour.

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
    resident, leader, staff
        Classes of the agents, to change how they behave.
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
        policy: Rule | Policy | None = None,
    ) -> None:
        super().__init__()
        scenario, seed = as_scenario(scenario), as_seed(seed)
        check_agents(resident=(resident, Resident), leader=(leader, GridLeader), staff=(staff, ServiceStaff))
        self.scenario = scenario
        self.policy = as_policy(policy)
        self.seed_of_run = seed
        self.plan = self.plan_at_first = plan = make_plan(scenario)  # a switch changes `plan`
        self.shares = [set(types) for types in plan.shares]
        if demand is None:
            demand = draw_demand(scenario, seed, places_matter(plan), difficulty_matters(plan))
        self.demand = demand
        self.draws = draw_numbers(demand, plan)
        self.now = 0  # nanoseconds
        self.open_problems = 0
        self.on_duty: list[bool] = []
        self.touched: set[int] = set()
        self.ended_on_arrival: list[tuple[Problem, int]] = []
        self._resident_class = resident
        self._residents: dict[int, Resident] = {}
        self._trust_matters = plan.trust_gain > 0.0 or plan.trust_loss > 0.0
        self._all_report = not may_go_unreported(plan)
        self._log: list[tuple[int, int, int, int]] | None = [] if trace else None
        self._use = [[0.0] * len(BUSY) for _ in plan.pools]
        self._visits = [0] * len(plan.pools)
        self._overtime = [0.0] * len(plan.pools)
        self._offered = [0.0] * plan.tiers
        self._offered_to_leaders = [0.0] * plan.tiers
        self._taken = [0.0] * len(plan.pools)
        self._changed: set[int] = set()  # tiers whose hours changed at this instant and that have not acted yet
        self._leave: set[int] = set()  # those of them whose leaders leave
        self._work = self.draws.work.tolist()
        self._triage = self.draws.triage.tolist()
        self._read_often(plan)
        self._stations = self._stations_of_units()
        self._calendar: list[Entry] = []
        self.units = self._make_units(leader, staff)
        self.problems = self._make_problems(parts)
        self._arises = [*demand.arises_at.tolist(), NEVER]
        self._next = 0
        self._open_shifts()
        self._plan_patrols()
        self._handlers = [
            self._edge_of_hours, self._patrol_due, self._people_free, self._end_of_work, self._end_of_triage,
            self._end_of_patrol, self._matures, self._noticed, self._time_limit, self._overdue, self._patience_ends,
        ]  # fmt: skip
        self.datacollector = mesa.DataCollector(
            model_reporters={"hour": "hour", "backlog": "open_problems", "reported": "reported", "closed": "closed"}
        )
        self.reported = self.closed = 0
        for unit in self.units:
            self.touched.add(unit.number)
        self._people_choose()

    # --- setting up ----------------------------------------------------------------------------------------------

    def _read_often(self, plan: Plan) -> None:
        """Keep as lists what every event reads: an entry of an array costs as much as a rule."""
        self._incident_work: list[float] = plan.incident_work.tolist()
        self._rework: list[float] = plan.rework.tolist()
        self._limit_hours: list[int] = plan.limit_hours.tolist()
        self._limit_clock: list[int] = plan.limit_clock.tolist()
        self._clock_of_tier: list[int] = plan.clock.tolist()
        self._unit_of_cell: list[list[int]] = plan.unit_of_cell.tolist()
        self._hidden: list[bool] = self.demand.hidden.tolist()
        self._patience: list[int] = of_hours(self.draws.patience).tolist()
        self._maturing: list[int] = of_hours(self.draws.maturing).tolist()
        self._noticing: list[int] = of_hours(self.draws.noticing).tolist()
        self._window_start, self._window_end = plan.window

    def _make_units(self, leader: type[GridLeader], staff: type[ServiceStaff]) -> list[Unit]:
        plan = self.plan
        units: list[Unit | None] = [None] * plan.units
        for number in reversed(range(plan.units)):
            tier, parent = int(plan.unit_tier[number]), int(plan.parent[number])
            unit = Unit(self, number, tier, None if parent < 0 else units[parent])
            units[number] = unit
            if plan.leaders[tier]:
                unit.leader = leader(self, unit)
            slot = int(plan.slot_first[number])
            for k, role in enumerate(range(int(plan.role_first[tier]), int(plan.role_first[tier + 1]))):
                count, on_call = int(plan.count[slot + k]), int(plan.on_call[slot + k])
                unit.staff.append(staff(self, unit, role, count, on_call))
        return [unit for unit in units if unit is not None]

    def _make_problems(self, parts: bool) -> list[Problem]:
        d, n = self.demand, len(self.demand)
        zeros = [0.0] * n
        x, y = (zeros if d.x is None else d.x.tolist()), (zeros if d.y is None else d.y.tolist())
        difficulty = zeros if d.difficulty is None else d.difficulty.tolist()
        urgency = self.plan.type_urgency[d.type].tolist()
        columns = zip(range(n), d.type.tolist(), d.cell.tolist(), d.resident.tolist(), x, y, difficulty, urgency)  # noqa: B905
        problems = [Problem(*row) for row in columns]
        if parts:
            for problem in problems:
                problem.by_tier = {}
        return problems

    def _stations_of_units(self) -> list[list[tuple[float, float]]]:
        plan = self.plan
        places = list(zip(plan.station_x.tolist(), plan.station_y.tolist(), strict=True))
        first = plan.station_first.tolist()
        return [places[a:b] for a, b in zip(first[:-1], first[1:], strict=True)]

    def _open_shifts(self, now: int = 0) -> None:
        """Set every shift as it is now, and put the next edge of the hours of every tier on the calendar."""
        plan = self.plan
        self.on_duty = []
        self._edges: list[list[int]] = []
        self._edge: list[int] = []  # number of the next edge of each shift
        for number in plan.shift_pattern.tolist():
            pattern = plan.patterns[number]
            edges = [] if pattern.always else [e for w in zip(pattern.starts, pattern.ends, strict=True) for e in w]
            self._edges.append(edges)
            self._edge.append(int(now // pattern.cycle) * len(edges))
            while self._next_edge(len(self._edge) - 1) <= now:
                self._edge[-1] += 1
            self.on_duty.append(pattern.always or self._edge[-1] % 2 == 1)  # edges begin and end windows in turn
        for tier in range(plan.tiers):
            self._push_edge(tier)

    def _switch(self, plan: Plan) -> None:
        """Go on under another plan: what people and problems do goes on, and only what the plan says is new."""
        self.now = self.plan.switch_at
        for problem in self.problems[: self._next]:
            if problem.place == Place.INBOX:
                self.count_off_duty(problem, self.now)
        led = {unit.number for unit in self.units if unit.leader is not None and unit.leader.on_duty}
        self.plan = plan
        self.draws = draw_numbers(self.demand, plan)
        self._work = self.draws.work.tolist()
        self._triage = self.draws.triage.tolist()
        self._read_often(plan)
        self._calendar = sorted(entry for entry in self._calendar if entry[1] != Event.EDGE_OF_HOURS)
        self._open_shifts(self.now)
        for unit in self.units:
            unit.follows(plan)
        waiting = [problem for problem in self.problems[: self._next] if problem.place == Place.QUEUE]
        queues = [(problem, problem.unit) for problem in waiting if problem.unit is not None]
        for problem, unit in queues:
            unit.put_in_line(problem)
        for problem, unit in queues:
            if problem.place == Place.QUEUE and not unit.staff_can_serve(problem, problem.urgent):
                unit.joins_or_goes_up(problem)
        for unit in self.units:
            if unit.leader is not None and unit.number in led and not unit.leader.on_duty:
                unit.leaders_leave()
            self.touched.add(unit.number)
            self._people_choose()

    def _next_edge(self, shift: int) -> int:
        edges, number = self._edges[shift], self._edge[shift]
        if not edges:
            return NEVER
        cycle = self.plan.patterns[int(self.plan.shift_pattern[shift])].cycle
        return (number // len(edges)) * cycle + edges[number % len(edges)]

    def _push_edge(self, tier: int) -> None:
        shifts = np.flatnonzero(self.plan.shift_tier == tier).tolist()
        time = min((self._next_edge(shift) for shift in shifts), default=NEVER)
        if time < NEVER:
            self.push(time, Event.EDGE_OF_HOURS, NOBODY, int(self.plan.first_unit[tier]), tier)

    def _plan_patrols(self) -> None:
        for tier in np.flatnonzero(self.plan.patrols).tolist():
            if self.plan.patrol_every[tier] > 0:
                self._push_patrol(tier, 1)

    def _push_patrol(self, tier: int, number: int) -> None:
        time = rules.patrol_due_at(number, int(self.plan.patrol_every[tier]), self.plan.end)
        self.push(time, Event.PATROL_DUE, NOBODY, int(self.plan.first_unit[tier]), number)

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
            if hour * HOUR == self.now and len(self.datacollector.model_vars["hour"]) <= hour:
                self.datacollector.collect(self)
            hour += 1
        self._run_until(until)

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
        calendar, handlers, arises = self._calendar, self._handlers, self._arises
        while True:
            first = calendar[0] if calendar else NOTHING
            time = arises[self._next]
            if time < first[0] or (time == first[0] and (time, Event.REPORT, self._next, NOBODY) < first[:4]):
                if time > until:
                    break
                self.now = time
                self._next += 1
                self._arises_now(self.problems[self._next - 1])
            else:
                if first[0] > until:
                    break
                heappop(calendar)
                self.now = first[0]
                handlers[first[1]](first)
            if self.touched or self.ended_on_arrival:
                self._people_choose()
        self.now = max(self.now, until)

    def _people_choose(self) -> None:
        """People choose after each event; then limits that had ended on arrival act, each followed by choosing."""
        while True:
            while self.touched:
                number = min(self.touched)
                self.touched.discard(number)
                self.units[number].people_choose()
            if not self.ended_on_arrival:
                return
            problem, arrival = self.ended_on_arrival.pop(0)
            if problem.arrivals == arrival and problem.limit_ends <= self.now:
                self._limit_acts(problem)

    def later(self, duration: int) -> int:
        """The instant so much later than now, or NEVER where the run ends before it."""
        return rules.after(self.now, duration, self.plan.end)

    def push(self, time: int, kind: int, problem: int, unit: int, extra: int) -> None:
        """Put an event on the calendar, unless the run ends before it."""
        if time > self.plan.end:
            return
        heappush(self._calendar, (time, int(kind), problem, unit, extra))

    def note(self, kind: Event, problem: Problem | None, unit: Unit | None) -> None:
        """Write a row of the event log, if one is kept."""
        if self._log is not None:
            who = NOBODY if problem is None else problem.number
            self._log.append((self.now, int(kind), who, NOBODY if unit is None else unit.number))

    # --- what the calendar brings --------------------------------------------------------------------------------

    def _shifts_change(self) -> None:
        """Who is on duty follows from the time alone: the hours of all tiers change before anybody acts."""
        for shift, tier in enumerate(self.plan.shift_tier.tolist()):
            before = self.on_duty[shift]
            while self._next_edge(shift) <= self.now:
                self._edge[shift] += 1
                self.on_duty[shift] = not self.on_duty[shift]
            if before != self.on_duty[shift]:
                self._changed.add(tier)
                if before and shift == int(self.plan.leader_shift[tier]):
                    self._leave.add(tier)

    def _edge_of_hours(self, entry: Entry) -> None:
        tier = entry[4]
        self._shifts_change()
        self._push_edge(tier)
        if tier not in self._changed:
            return
        units = self.units[int(self.plan.first_unit[tier]) : int(self.plan.first_unit[tier + 1])]
        self.note(Event.EDGE_OF_HOURS, None, units[0])
        leave = tier in self._leave
        self._changed.discard(tier)
        self._leave.discard(tier)
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
        unit = self.units[entry[3]]
        self.note(Event.PEOPLE_FREE, self.problems[entry[2]], unit)
        self._comes_back(unit, entry[4])
        while self._calendar and self._calendar[0][:4] == entry[:4]:
            self._comes_back(unit, heappop(self._calendar)[4])
        self.touched.add(unit.number)

    def _comes_back(self, unit: Unit, role: int) -> None:
        if role == NOBODY:
            assert unit.leader is not None
            unit.leader.comes_back()
        else:
            unit.staff[role].comes_back()

    def _end_of_work(self, entry: Entry) -> None:
        problem, unit = self.problems[entry[2]], self.units[entry[3]]
        self.note(Event.END_OF_WORK, problem, unit)
        self._people_return(problem, unit)
        travel, work = problem.work_starts_at - problem.entered_at, problem.work_ends_at - problem.work_starts_at
        problem.entered_at = self.now
        problem.place = Place.NOT_YET
        if not rules.succeeds(problem.difficulty, problem.authority):
            problem.spends(LOST_HOURS, travel + work)
            problem.failed = max(problem.failed, problem.authority)
            self._failed(problem, unit)
        elif self._is_reworked(problem):
            problem.spends(LOST_HOURS, travel + work)
            problem.reworks += 1
            unit.arrives(problem)
            unit.joins_or_goes_up(problem)
        else:
            problem.spends(TRAVEL_HOURS, travel)
            problem.spends(WORK_HOURS, work)
            self._closes(problem)

    def _people_return(self, problem: Problem, unit: Unit) -> None:
        team = problem.team
        if isinstance(team, list):
            for person in team:
                back = self.later(person.travel_time(problem.distance))
                self.push(back, Event.PEOPLE_FREE, problem.number, unit.number, unit.staff.index(person))
        elif team is not None:
            back = self.later(rules.travel_time(problem.distance, team.hours_per_km))
            self.push(back, Event.PEOPLE_FREE, problem.number, unit.number, NOBODY)
        problem.team = None

    def _failed(self, problem: Problem, unit: Unit) -> None:
        """The work is lost: people of more authority here, else up."""
        unit.failed(problem)

    def has_ended(self, problem: Problem) -> None:
        """The limit has ended on arrival: it acts right after people have chosen; once for an arrival."""
        if problem.listed != problem.arrivals:
            problem.listed = problem.arrivals
            self.ended_on_arrival.append((problem, problem.arrivals))

    def _is_reworked(self, problem: Problem) -> bool:
        chance = self._rework[problem.type]
        if chance == 0.0:
            return False
        draw = self.draws.rework[rules.which_draw(problem.attempts), problem.number]
        return rules.is_reworked(float(draw), chance, problem.reworks)

    def _closes(self, problem: Problem) -> None:
        problem.place = Place.CLOSED
        problem.closed_at = problem.ended_at = self.now
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
        seen = not self._hidden[problem.number]
        if seen and (self._all_report or self.resident_of(problem).reports(problem)):
            self.report(problem, Source.RESIDENT, self.unit_of(problem, self.plan.intake_tier))
        else:
            self._waits_unseen(problem)

    def _waits_unseen(self, problem: Problem) -> None:
        plan, number = self.plan, problem.number
        problem.place = Place.HIDDEN
        if self._maturing[number] < NEVER:
            self.push(self.later(self._maturing[number]), Event.MATURING, number, NOBODY, 0)
        if plan.informants and plan.informant_rate > 0.0:
            self.push(self.later(self._noticing[number]), Event.REPORT, number, NOBODY, 0)
        for tier in range(plan.tiers):
            if plan.patrols[tier] and plan.finds_rate[tier] > 0.0:
                leader = self.unit_of(problem, tier).leader
                assert leader is not None
                passes = max(1, ceil(float(self.draws.passes[tier, number]) / float(plan.finds_rate[tier])))
                leader.hidden.setdefault(leader.patrols_done + passes, []).append(problem)

    def _matures(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        if problem.place != Place.HIDDEN:
            return
        self.note(Event.MATURING, problem, None)
        problem.incident = True
        problem.urgency = rules.EMERGENCY
        if self._trust_matters:
            self.resident_of(problem).is_let_down()
        self.report(problem, Source.INCIDENT, self.unit_of(problem, self.plan.intake_tier))

    def _noticed(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        if problem.place == Place.HIDDEN:
            self.report(problem, Source.INFORMANT, self.unit_of(problem, self.plan.intake_tier))

    def _time_limit(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        if problem.arrivals == entry[4] and problem.limit_ends <= self.now:
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
        problem.limit_ends = self._clock(self.now, unit.after_hours, self._clock_of_tier[unit.tier])
        problem.listed = 0
        self.push(problem.limit_ends, Event.TIME_LIMIT, problem.number, unit.number, problem.arrivals)

    def _when_it_acts(self, problem: Problem) -> int:
        return rules.falls_due(problem.waits, problem.place == Place.TRIAGE)

    def _overdue(self, entry: Entry) -> None:
        problem = self.problems[entry[2]]
        unit, acts = problem.unit, self._when_it_acts(problem)
        if unit is None or acts == rules.NOT_AT_ALL:
            return
        self.note(Event.OVERDUE, problem, unit)
        if acts == rules.AFTER_TRIAGE:
            problem.overdue_pending = True
        elif self.plan.overdue == self.EXPEDITE:
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
        plan, now = self.plan, self.now
        self.note(Event.REPORT, problem, unit)
        self.open_problems += 1
        self.reported += 1
        problem.reported_at = now
        problem.source = source
        problem.perceived = self._perceived(problem, 0)
        problem.due_at = self._clock(now, self._limit_hours[problem.type], self._limit_clock[problem.type])
        if plan.overdue and problem.due_at < NEVER:
            self.push(problem.due_at, Event.OVERDUE, problem.number, NOBODY, 0)
        if self.scenario.residents.patience_hours is not None:
            self.push(self.later(self._patience[problem.number]), Event.PATIENCE, problem.number, NOBODY, 0)
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
        if problem.urgency == rules.EMERGENCY and plan.emergency_tier >= 0:
            unit: Unit | None = self.unit_of(problem, plan.emergency_tier)
            above = unit
            while above is not None:
                if above.can_serve(problem):
                    return unit
                above = above.parent
        if plan.whistle and len(plan.skills_of[problem.type]) > 1:
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

    # --- draws and clocks ----------------------------------------------------------------------------------------

    def assess(self, problem: Problem) -> None:
        """One more pass through the decisions, with a fresh look at the difficulty."""
        problem.handlings += 1
        problem.perceived = self._perceived(problem, rules.which_draw(problem.handlings))

    def _perceived(self, problem: Problem, row: int) -> float:
        if self.plan.triage_error == 0.0:
            return problem.difficulty
        draw = float(self.draws.error[row, problem.number])
        return rules.perceived_difficulty(problem.difficulty, self.plan.triage_error, draw)

    def triage_time(self, problem: Problem, tier: int, handling: int) -> int:
        """How long a leader of a tier needs for a handling of a problem."""
        row = int(self.draws.triage_row[tier])
        rows = self._triage[row]
        draw = 1.0 if row == len(self._triage) - 1 else rows[rules.which_draw(handling)][problem.number]
        return rules.triage_time(draw, float(self.plan.triage_mean[tier]))

    def patrol_time(self, unit: Unit, number: int, when_idle: bool) -> int:
        """How long the k-th patrol of a unit takes."""
        draws = self.draws.patrol[unit.number]
        mean = float(self.plan.patrol_mean[unit.tier])
        return rules.patrol_time(float(draws[number % len(draws)]), mean, when_idle)

    def work_time(self, problem: Problem, attempt: int, pace: float) -> int:
        """How long the work of an attempt takes."""
        row = rules.which_draw(attempt) if len(self._work) > 1 else 0
        multiplier = self._incident_work[problem.type]
        return rules.work_time(self._work[row][problem.number], pace, problem.incident, multiplier)

    def reporting_draw(self, problem: Problem) -> float:
        """The uniform number that decides whether a problem is reported."""
        return float(self.draws.reporting[problem.number]) if not self._all_report else 0.0

    def limit_ends(self, problem: Problem, unit: Unit) -> int:
        """When the time limit of an arrival ends."""
        starts = rules.limit_starts(self.plan.since_report, problem.reported_at, problem.arrived_at)
        return self._clock(starts, unit.after_hours, self._clock_of_tier[unit.tier])

    def _clock(self, start: int, duration: int, pattern: int) -> int:
        if duration == NEVER or pattern < 0:
            return rules.after(start, duration, self.plan.end)
        return rules.clock_ends(start, duration, *self.plan.patterns[pattern].key, self.plan.end)

    # --- service -------------------------------------------------------------------------------------------------

    def distance(self, problem: Problem, unit: Unit) -> float:
        """Distance in km from the nearest station of a unit."""
        if self.demand.x is None:
            return 0.0
        best = inf
        for x, y in self._stations[unit.number]:
            best = min(best, rules.distance_km(problem.x, problem.y, x, y))
        return best

    def begin_service(self, problem: Problem, authority: float, travel: int, pace: float) -> int:
        """People set out to a problem; gives how long the work takes."""
        now, unit = self.now, problem.unit
        assert unit is not None
        problem.place = Place.SERVICE
        problem.entered_at = now
        problem.set_out_once = True
        problem.attempts += 1
        problem.authority = authority
        work = self.work_time(problem, problem.attempts, pace)
        problem.work_starts_at = starts = self.later(travel)
        problem.work_ends_at = ends = rules.after(starts, work, self.plan.end)
        if problem.first_response_at == UNSET:
            problem.first_response_at = starts
        self.push(ends, Event.END_OF_WORK, problem.number, unit.number, 0)
        return work

    def book(self, pool: int, part: int, start: int, end: int) -> None:
        """Add busy hours to a pool, cut to the measured window."""
        self._use[pool][part] += rules.overlap(start, end, self._window_start, self._window_end) / HOUR

    def book_overtime(self, pool: int, start: int, end: int) -> None:
        """Add the part of busy hours outside the hours of a pool, cut to the measured window."""
        shift = self.plan.pools[pool].shift
        if self.on_duty[shift] and end <= self._next_edge(shift):
            return
        first, last = max(start, self._window_start), min(end, self._window_end)
        self._overtime[pool] += self._time_off_duty(shift, first, last) / HOUR

    def _time_off_duty(self, shift: int, start: int, end: int) -> int:
        if not self._edges[shift]:
            return 0
        pattern = self.plan.patterns[int(self.plan.shift_pattern[shift])]
        return rules.time_off_duty(start, end, *pattern.key)

    def count_off_duty(self, problem: Problem, time: int) -> None:
        """Count the time in the inbox in which its leaders were off duty."""
        problem.inbox_off_duty = self.off_duty_until(problem, time)
        problem.off_duty_from = time

    def off_duty_until(self, problem: Problem, time: int) -> int:
        """Time in the inbox with leaders off duty, for what may still lie there."""
        if problem.place != Place.INBOX:
            return problem.inbox_off_duty
        assert problem.unit is not None
        shift = int(self.plan.leader_shift[problem.unit.tier])
        return problem.inbox_off_duty + self._time_off_duty(shift, problem.off_duty_from, time)

    @property
    def _is_measured(self) -> bool:
        return self._window_start <= self.now < self._window_end

    def book_service(self, pool: int, travel: int, work: int, back: int) -> None:
        """Add one person's visit: out (for the slowest of a team), work, back."""
        self._visits[pool] += 1
        if self._is_measured:
            self._taken[pool] += travel / HOUR + work / HOUR + back / HOUR
        starts = self.later(travel)
        ends = rules.after(starts, work, self.plan.end)
        home = rules.after(ends, back, self.plan.end)
        self.book_overtime(pool, self.now, home)
        self.book(pool, BUSY_TRAVEL, self.now, starts)
        self.book(pool, BUSY_WORK, starts, ends)
        self.book(pool, BUSY_TRAVEL, ends, home)

    def count_offered(self, problem: Problem, unit: Unit) -> None:
        """Work that arrives for the staff of a tier: the next attempt, and travel both ways, per person."""
        this = (problem.arrivals, problem.attempts + 1)
        if problem.offered_work == this or not self._is_measured:
            return
        problem.offered_work = this
        people = unit.regular_team(problem.type)
        if people:
            work = self.work_time(problem, problem.attempts + 1, max(person.pace for person in people))
            hours = len(people) * (work / HOUR)
            for person in people:
                hours += 2.0 * (person.travel_time(problem.distance) / HOUR)
            self._offered[unit.tier] += hours

    def count_offered_triage(self, problem: Problem, unit: Unit) -> None:
        """Triage that arrives for leaders, once, and the work that they will handle alone."""
        leader, this = unit.leader, (problem.arrivals, problem.handlings + 1)
        assert leader is not None
        if problem.offered_triage == this or not self._is_measured:
            return
        problem.offered_triage = this
        hours = self.triage_time(problem, unit.tier, problem.handlings + 1) / HOUR
        perceived = self._perceived(problem, rules.which_draw(problem.handlings + 1))
        if rules.leader_handles(leader.handles_below, leader.solves, perceived, problem.failed):
            hours += self.work_time(problem, problem.attempts + 1, leader.pace) / HOUR
            hours += 2.0 * (rules.travel_time(self.distance(problem, unit), leader.hours_per_km) / HOUR)
        self._offered_to_leaders[unit.tier] += hours

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
