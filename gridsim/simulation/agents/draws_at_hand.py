"""What is drawn, at hand for one problem at a time: how hard it looks, how long it takes, whether it comes again."""

from __future__ import annotations

from math import ceil

from .. import rules
from ..demand.demand import Demand
from ..demand.draws import draw_numbers, may_go_unreported
from ..instants import of_hours
from ..plan.plan import Plan
from .problem import Problem


class DrawsAtHand:
    """The random numbers of a run, as the rules ask for them.

    What every event reads is kept as lists: an entry of an array costs as much as a rule.

    Parameters
    ----------
    demand
        The problems.
    plan
        The scenario as numbers.
    """

    def __init__(self, demand: Demand, plan: Plan) -> None:
        self.demand = demand
        self.hidden: list[bool] = demand.hidden.tolist()
        self.all_report = not may_go_unreported(plan)
        self.follows(plan)

    def follows(self, plan: Plan) -> None:
        """Draw what the rules of a plan can use; what both use is the same."""
        self.numbers = numbers = draw_numbers(self.demand, plan)
        self._plan = plan
        self._error = plan.settings.triage_error
        self.errs = plan.settings.triage_error > 0.0
        self._attempts = len(numbers.work)
        self._work: list[list[float]] = numbers.work.tolist()
        self._work_as_drawn: list[list[int]] = of_hours(numbers.work).tolist()
        self._triage: list[list[list[float]]] = numbers.triage.tolist()
        self._incident_work: list[float] = plan.type["incident_work"].tolist()
        self._rework: list[float] = plan.type["rework"].tolist()
        self.some_is_reworked = any(self._rework)
        self.patience: list[int] = of_hours(numbers.patience).tolist()
        self.maturing: list[int] = of_hours(numbers.maturing).tolist()
        self.noticing: list[int] = of_hours(numbers.noticing).tolist()

    def assess(self, problem: Problem) -> None:
        """One more pass through the decisions, with a fresh look at the difficulty."""
        problem.handlings += 1
        problem.perceived = self.perceived(problem, problem.handlings) if self.errs else problem.difficulty

    def perceived(self, problem: Problem, handling: int) -> float:
        """How difficult a problem looks at a handling; 0: at the report."""
        if not self.errs:
            return problem.difficulty
        draw = float(self.numbers.error[rules.which_draw(handling), problem.number])
        return rules.perceived_difficulty(problem.difficulty, self._error, draw)

    def triage_time(self, problem: Problem, tier: int, handling: int) -> int:
        """How long a leader of a tier needs for a handling of a problem."""
        row = int(self.numbers.triage_row[tier])
        rows = self._triage[row]
        draw = 1.0 if row == len(self._triage) - 1 else rows[rules.which_draw(handling)][problem.number]
        return rules.triage_time(draw, float(self._plan.tier["triage_mean"][tier]))

    def patrol_time(self, unit: int, tier: int, number: int, when_idle: bool) -> int:
        """How long the k-th patrol of a unit takes."""
        draws = self.numbers.patrol[unit]
        return rules.patrol_time(
            float(draws[number % len(draws)]), float(self._plan.tier["patrol_mean"][tier]), when_idle
        )

    def work_time(self, problem: Problem, attempt: int, pace: float) -> int:
        """How long the work of an attempt takes."""
        row = rules.which_draw(attempt) if self._attempts > 1 else 0
        if pace == 1.0 and not problem.incident:
            return self._work_as_drawn[row][problem.number]
        multiplier = self._incident_work[problem.type]
        return rules.work_time(self._work[row][problem.number], pace, problem.incident, multiplier)

    def is_reworked(self, problem: Problem) -> bool:
        """Whether the work that has just ended was not good."""
        chance = self._rework[problem.type]
        if chance == 0.0:
            return False
        draw = self.numbers.rework[rules.which_draw(problem.attempts), problem.number]
        return rules.is_reworked(float(draw), chance, problem.reworks)

    def reporting(self, problem: Problem) -> float:
        """The uniform number that decides whether a problem is reported."""
        return float(self.numbers.reporting[problem.number]) if not self.all_report else 0.0

    def passes(self, problem: Problem, tier: int) -> int:
        """How many patrols of a tier pass before one finds a hidden problem, that one included."""
        resistance = float(self.numbers.passes[tier, problem.number])
        return max(1, ceil(resistance / float(self._plan.tier["finds_rate"][tier])))
