"""The ground of the Mesa model: its plan, its parts, and who and what is where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from ...scenario.errors import ScenarioError
from ...scenario.given import shown
from ..demand.drawing import draw_demand
from ..demand.draws import difficulty_matters, places_matter
from ..events import LOG_FIELDS, NOBODY, Event
from ..plan.planning import make_plan
from ..policy import as_policy
from ..rules import HOUR
from .booking import Booking
from .calendar import Calendar
from .draws_at_hand import DrawsAtHand
from .shifts import Shifts

if TYPE_CHECKING:
    from ...scenario.scenario import Scenario
    from ..demand.demand import Demand
    from ..policy import Policy, Rule
    from .crew import Crew
    from .people import Resident
    from .problem import Problem
    from .unit import Unit


class Territory(mesa.Model):  # type: ignore[misc]
    """A territory whose units, residents and problems are known by their place.

    Parameters
    ----------
    scenario, seed
        What is simulated.
    trace
        Keep the event log.
    demand
        Problems to use in place of drawn ones.
    resident
        Class of the residents.
    policy
        An escalation rule of one's own.
    """

    units: list[Unit]
    problems: list[Problem]

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        trace: bool,
        demand: Demand | None,
        resident: Any,
        policy: Rule | Policy | None,
    ) -> None:
        super().__init__(rng=seed % 2**64)  # for agents of one's own that draw from `model.random` or `model.rng`
        self.__dict__.pop("step", None)  # Mesa puts one of its own there, which would count the hours a second time
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
        self.touched: set[int] = set()  # units where people choose after this event
        self.shares = [set(types) for types in plan.shares]
        self._unit_of_cell: list[list[int]] = plan.unit_of_cell.tolist()
        self._resident_class = resident
        self._residents: dict[int, Resident] = {}
        self._trust_matters = plan.settings.trust_matters > 0
        self.traced = trace
        self._log: list[tuple[int, int, int, int]] = []

    @property
    def scenario(self) -> Scenario:
        """What is simulated; it is frozen, and from version 3.5 on Mesa's own property would write into it."""
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        self._scenario = scenario

    @property
    def now(self) -> int:
        """The time of the model in nanoseconds since the start."""
        return self.calendar.now

    @property
    def hour(self) -> float:
        """The time of the model in hours since the start."""
        return self.now / HOUR

    def unit_of(self, problem: Problem, tier: int) -> Unit:
        """Give the unit of a tier that covers a problem."""
        return self.units[self._unit_of_cell[tier][problem.cell]]

    def resident_of(self, problem: Problem) -> Resident:
        """Give the resident of a problem; residents become agents when something first happens to them."""
        resident = self._residents.get(problem.resident)
        if resident is None:
            resident = self._residents[problem.resident] = self._resident_class(self, problem.resident)
        return resident

    def lowest_that_can_serve(self, problem: Problem, below: int, urgent: bool | None = None) -> Unit | None:
        """Find the lowest unit of a problem's branch, under a tier, that can serve it."""
        for tier in range(below):
            unit = self.unit_of(problem, tier)
            if unit.can_serve(problem, urgent):
                return unit
        return None

    def note(self, kind: Event, problem: Problem | None, unit: Crew | None) -> None:
        """Write a row of the event log, if one is kept; what happens often asks for `traced` before it calls this."""
        if self.traced:
            who = NOBODY if problem is None else problem.number
            self._log.append((self.now, kind, who, NOBODY if unit is None else unit.number))

    @property
    def log(self) -> Any:
        """The event log as a structured array; None without trace."""
        return np.array(self._log, dtype=LOG_FIELDS) if self.traced else None


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
