"""The compiled engine: the events of the whole model on arrays, the very same rules, the same event log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..demand.drawing import draw_demand
from ..demand.draws import difficulty_matters, draw_numbers, places_matter
from ..outcome.outcome import Outcome, mean_trust
from ..plan.kept import kept
from ..plan.planning import make_plan
from .codes import LOG
from .pointer import play_all
from .world import INSTANTS, MARKS, TALLIES, World, make_world, switched_world

if TYPE_CHECKING:
    from ...scenario.scenario import Scenario
    from ..demand.demand import Demand
    from ..plan.plan import Plan

ROWS_PER_PROBLEM = 16
plan_of = kept(make_plan)  # a scenario does not change


def run(
    scenario: Scenario, seed: int, trace: bool = False, parts: bool = False, demand: Demand | None = None
) -> Outcome:
    """Play a scenario to its end.

    Parameters
    ----------
    scenario, seed
        What is simulated.
    trace, parts
        Keep the event log; keep the parts of the time per tier.
    demand
        Problems in place of drawn ones.
    """
    plan = plan_of(scenario)
    if demand is None:
        demand = draw_demand(scenario, seed, places_matter(plan), difficulty_matters(plan))
    draws = draw_numbers(demand, plan)
    until = plan.end if plan.later is None else plan.switch_at - 1
    rows = ROWS_PER_PROBLEM * len(demand) + 1024 if trace else 0
    while True:
        world = make_world(plan, demand, draws, rows, parts)
        play_all(world, until, ends=plan.later is None)
        if plan.later is not None:
            after = draw_numbers(demand, plan.later)
            world = switched_world(world, plan.later, demand, after, plan.switch_at, parts)
            play_all(world, plan.end, begun=True, ends=True)
        if world.count[LOG] <= rows or not trace:
            break
        rows = int(world.count[LOG])  # the log was too short: the same run again with room for it
    return _outcome(scenario, demand, plan, world, parts, trace)


def _outcome(scenario: Scenario, demand: Demand, plan: Plan, w: World, parts: bool, trace: bool) -> Outcome:
    changed = np.flatnonzero(w.trust != plan.trust)
    columns = zip((*INSTANTS, *MARKS, *TALLIES), (*w.instants, *w.marks, *w.tallies), strict=True)
    return Outcome(
        scenario=scenario,
        demand=demand,
        plan=plan,
        **dict(columns),
        escalations=w.escalations,
        where=w.where,
        visits=w.visits[: len(plan.pools)],
        use=w.use[: len(plan.pools)],
        overtime=w.overtime[: len(plan.pools)],
        offered=w.offered,
        offered_to_leaders=w.offered_to_leaders,
        taken=w.taken[: len(plan.pools)],
        inbox_off_duty=w.off_duty,
        trust=w.trust[changed],
        trust_mean=mean_trust(w.trust[changed], plan),
        where_by_tier=w.by_tier if parts else None,
        events=w.log[: int(w.count[LOG])] if trace else None,
    )
