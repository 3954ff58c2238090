"""The Mesa model: events in continuous time, and agents who act when something happens to them."""

from __future__ import annotations

from heapq import heappop
from typing import TYPE_CHECKING

import mesa
import numpy as np

from ...scenario.errors import ScenarioError
from ...scenario.given import as_scenario, as_seed, is_number, shown
from .. import rules
from ..events import NOBODY, Event, Place
from ..outcome.outcome import Outcome
from ..rules import HOUR
from .calendar import Entry
from .people import GridLeader, Resident, ServiceStaff
from .problem import Problem
from .reporting import Reporting
from .service import Service
from .territory import check_agents
from .unit import Unit

if TYPE_CHECKING:
    from ...scenario.given import Given
    from ..demand.demand import Demand
    from ..outcome.result import Result
    from ..plan.plan import Plan
    from ..policy import Policy, Rule


class GridModel(Service, Reporting):
    """A territory with its residents, units and people; one step is one hour, and `running` ends with the run.

    Parameters
    ----------
    scenario
        What is simulated: a scenario, or the name of a site.
    seed
        Any whole number; the same scenario and seed give the same run. None, which Mesa's `batch_run` gives, is 0.
    trace, parts
        Keep the event log; keep the parts of the time per tier.
    demand
        Problems to use in place of drawn ones.
    resident, leader, staff, unit, problem
        Classes of the agents, and of the units and problems, to change how they behave.
    policy
        An escalation rule of one's own: a function of what is asked (`gridsim.Asked`) that gives a step.
    """

    def __init__(
        self,
        scenario: Given,
        seed: int | None = 0,
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
        check_agents(
            resident=(resident, Resident), leader=(leader, GridLeader), staff=(staff, ServiceStaff),
            unit=(unit, Unit), problem=(problem, Problem),
        )  # fmt: skip
        super().__init__(as_scenario(scenario), as_seed(0 if seed is None else seed), trace, demand, resident, policy)
        self._limits_of(self.plan)
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

    def _make_units(self, kind: type[Unit], leader: type[GridLeader], staff: type[ServiceStaff]) -> list[Unit]:
        plan = self.plan
        units: list[Unit | None] = [None] * plan.units
        for number in reversed(range(plan.units)):
            tier, parent = int(plan.unit_tier[number]), int(plan.parent[number])
            unit = kind(self, number, tier, None if parent < 0 else units[parent])
            units[number] = unit
            if plan.leaders[number]:
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
                self.steps, self.time = hour, float(hour)  # under which Mesa keeps what its agents report
                self.datacollector.collect(self)
            hour += 1
        self._run_until(until)
        self.running = self.now < self.plan.end

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
        problems, units, arises = self.problems, self.units, self._arises_now
        while True:
            first, number = entries[0], calendar.arisen
            time = arises_at[number]
            if time < first[0] or (time == first[0] and (time, Event.REPORT, number, NOBODY) < first[:4]):
                if time > until:
                    break
                calendar.now = time
                calendar.arisen += 1
                arises(problems[number])
            else:
                if first[0] > until:
                    break
                heappop(entries)
                calendar.now = first[0]
                handlers[first[1]](first)
            if len(touched) == 1:
                units[touched.pop()].people_choose()
            if touched or ended_on_arrival:
                self._people_choose()
        calendar.now = max(calendar.now, until)

    # --- hours and patrols ---------------------------------------------------------------------------------------

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
            if unit.leader is not None:
                unit.leader.patrol_owed = True
            self.touched.add(unit.number)

    def _plan_patrols(self) -> None:
        for tier in np.flatnonzero(self.plan.tier["patrols"]).tolist():
            if self.plan.tier["patrol_every"][tier] > 0:
                self._push_patrol(tier, 1)

    def _push_patrol(self, tier: int, number: int) -> None:
        self.calendar.push_patrol(number, int(self.plan.tier["patrol_every"][tier]), int(self.plan.first_unit[tier]))

    # --- what comes out ------------------------------------------------------------------------------------------

    def result(self) -> Result:
        """The result of the run; of a run that is not over, of the part until now."""
        from ..outcome.result import Result

        return Result(self.outcome(), seed=self.seed_of_run, engine="mesa")

    def outcome(self) -> Outcome:
        """The state of every problem, and the use of every pool."""
        from .to_outcome import outcome_of_model

        return outcome_of_model(self)
