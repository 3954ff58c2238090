"""Every random number that the rules of a scenario can use, but for when, where and what arises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...scenario.given import as_scenario
from ..plan.planning import make_plan
from ..rules import DRAWS, PATROL_DRAWS
from .drawing import demand
from .streams import Streams, fill_durations

if TYPE_CHECKING:
    from ...scenario.given import Given
    from ..plan.plan import Plan
    from .demand import Demand

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(slots=True)
class Draws:
    """The random numbers that the rules of a scenario can use; an array of one row stands for what cannot be used.

    Parameters
    ----------
    work
        Hours of each attempt before pace, shape (1 or 4, problems).
    triage
        Hours of mean 1 per handling and distinct law, shape (laws, 1 or 4, problems or 1).
    triage_row
        Per tier which of the laws.
    error
        Standard normal error of each handling, shape (1 or 4, problems or 1).
    rework, reporting, patience, maturing, noticing, passes
        Uniform per attempt; uniform; hours; hours; hours until an informant notices; unit exponential per tier.
    patrol
        Patrol times of mean 1, shape (units, 1 or up to 1024).
    """

    work: Floats
    triage: Floats
    triage_row: Ints
    error: Floats
    rework: Floats
    reporting: Floats
    patience: Floats
    maturing: Floats
    noticing: Floats
    passes: Floats
    patrol: Floats


def draws(scenario: Given, seed: int = 0) -> Draws:
    """Draw every number that the rules of a scenario can use, but for when, where and what arises.

    Parameters
    ----------
    scenario
        A scenario or the name of a site.
    seed
        Any whole number; the same seed gives the same numbers.
    """
    chosen = as_scenario(scenario)
    return draw_numbers(demand(chosen, seed), make_plan(chosen))


def draw_numbers(problems: Demand, plan: Plan) -> Draws:
    """Draw what the rules of a scenario can use, and nothing else."""
    scenario, n = problems.scenario, len(problems)
    attempts = range(1, (DRAWS if plan.tries_again else 1) + 1)
    nothing = np.zeros((1, 1))
    laws = sorted({law for law, leads in zip(plan.triage_law, plan.tier["leads"], strict=True) if leads and law[0] > 0})
    handlings = range(1, DRAWS + 1)
    triage = np.ones((len(laws) + 1, DRAWS if laws else 1, n if laws else 1))
    for row, law in enumerate(laws):
        for k in handlings:
            triage[row, k - 1] = problems.draw("triage", k, *law, law=law)
    patience = scenario.residents.patience_hours
    unseen = unseen_possible(plan)
    return Draws(
        work=np.stack([problems.work(k) for k in attempts]),
        triage=triage,
        triage_row=np.array([laws.index(law) if law in laws else len(laws) for law in plan.triage_law], np.int32),
        error=(
            np.stack([problems.draw("perceived", k, law=(1.0, "normal")) for k in handlings])
            if plan.settings.triage_error > 0.0
            else nothing
        ),
        rework=np.stack([problems.draw("rework", k) for k in handlings]) if plan.type["rework"].any() else nothing,
        reporting=problems.draw("reporting") if may_go_unreported(plan) else nothing[0],
        patience=(
            nothing[0]
            if patience is None
            else problems.draw("patience", law=(patience.cv, patience.law)) * patience.mean
        ),
        maturing=problems.maturing() if unseen else nothing[0],
        noticing=(
            problems.draw("noticing", law=(1.0, "gamma")) / plan.settings.noticed_an_hour
            if unseen and plan.settings.noticed_an_hour > 0.0
            else nothing[0]
        ),
        passes=(
            np.stack([problems.draw("passes", tier, law=(1.0, "gamma")) for tier in range(plan.tiers)])
            if unseen and plan.tier["patrols"].any()
            else nothing
        ),
        patrol=_patrol_times(problems.seed, plan),
    )


def may_go_unreported(plan: Plan) -> bool:
    """Whether some resident may not report what he sees."""
    said = plan.settings
    return bool(said.reports_without_trust < 1.0 and (said.trust < 1.0 or said.trust_loss > 0.0))


def unseen_possible(plan: Plan) -> bool:
    """Whether a problem may be hidden or unreported."""
    return may_go_unreported(plan) or any(problem.hidden > 0.0 for problem in plan.scenario.problems)


def difficulty_matters(plan: Plan) -> bool:
    """Whether somebody's authority can fall short of a problem."""
    if plan.later is not None and difficulty_matters(plan.later):
        return True
    solves = np.concatenate((plan.role["solves"], plan.tier["solves"][plan.tier["leads"] > 0]))
    handles = plan.tier["handles_below"][plan.tier["leads"] > 0]
    partly = ((handles > 0.0) & (handles < 1.0)).any()
    return bool(plan.settings.triage_error > 0.0 or (solves < 1.0).any() or partly)


def places_matter(plan: Plan) -> bool:
    """Whether anybody travels."""
    if plan.later is not None and places_matter(plan.later):
        return True
    return bool(plan.role["hours_per_km"].any() or plan.tier["leader_hours_per_km"][plan.tier["leads"] > 0].any())


def _patrol_times(seed: int, plan: Plan) -> Floats:
    """Patrol times of mean 1, a stream per tier and unit, as many as a unit can make."""
    streams = Streams(seed)
    most = 1
    for tier in np.flatnonzero(plan.tier["patrols"]):
        if plan.patrol_law[tier][0] > 0.0:
            every = plan.tier["patrol_every"][tier]
            most = max(most, PATROL_DRAWS if every == 0 else min(PATROL_DRAWS, int(plan.end // every) + 2))
    result = np.ones((plan.units, most))
    for tier in np.flatnonzero(plan.tier["patrols"]):
        law = plan.patrol_law[tier]
        if law[0] > 0.0:
            first = int(plan.first_unit[tier])
            for unit in range(first, int(plan.first_unit[tier + 1])):
                fill_durations(streams.at("patrol", plan.tier_names[tier], unit - first), result[unit], *law)
    return result
