"""The compiled engine: the events of the whole model on arrays, the very same rules, the same event log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..demand.drawing import draw_demand
from ..demand.draws import difficulty_matters, draw_numbers, places_matter
from ..outcome.outcome import Outcome, mean_trust
from ..plan.kept import kept
from ..plan.planning import make_plan
from ..policy import RAISED, problem_in_words
from .codes import FAULT, FAULT_PROBLEM, FAULT_STEP, LOG
from .own_rule import address_of, asked_of
from .pointer import play_all
from .world import INSTANTS, MARKS, TALLIES, World, make_world, switched_world

if TYPE_CHECKING:
    from ...scenario.scenario import Scenario
    from ..demand.demand import Demand
    from ..plan.plan import Plan
    from ..policy import Policy

ROWS_PER_PROBLEM = 16
plan_of = kept(make_plan)  # a scenario does not change


def run(
    scenario: Scenario, seed: int, trace: bool = False, parts: bool = False, demand: Demand | None = None,
    policy: Policy | None = None,
) -> Outcome:  # fmt: skip
    """Play a scenario to its end.

    Parameters
    ----------
    scenario, seed
        What is simulated.
    trace, parts
        Keep the event log; keep the parts of the time per tier.
    demand
        Problems in place of drawn ones.
    policy
        An escalation rule of one's own.

    Raises
    ------
    ScenarioError
        If the policy cannot be compiled, or did what it may not.
    """
    address = 0 if policy is None else address_of(policy)
    plan = plan_of(scenario)
    if demand is None:
        demand = draw_demand(scenario, seed, places_matter(plan), difficulty_matters(plan))
    draws = draw_numbers(demand, plan)
    until = plan.end if plan.later is None else plan.switch_at - 1
    rows = ROWS_PER_PROBLEM * len(demand) + 1024 if trace else 0
    while True:
        world = make_world(plan, demand, draws, rows, parts, address)
        play_all(world, until, ends=plan.later is None)
        if plan.later is not None and not world.count[FAULT]:
            after = draw_numbers(demand, plan.later)
            world = switched_world(world, plan.later, demand, after, plan.switch_at, parts)
            play_all(world, plan.end, begun=True, ends=True)
        if policy is not None:
            _check_policy(policy, world, plan)
        if world.count[LOG] <= rows or not trace:
            break
        rows = int(world.count[LOG])  # the log was too short: the same run again with room for it
    return _outcome(scenario, demand, plan, world, parts, trace)


def _check_policy(policy: Policy, w: World, plan: Plan) -> None:
    """Say what a policy did that it may not, if it did."""
    number, step, p = (int(w.count[place]) for place in (FAULT, FAULT_STEP, FAULT_PROBLEM))
    if number:
        asked = asked_of(w.asked)
        raise policy.fault(
            number, asked, step, problem_in_words(p, asked, plan, int(w.now[0])),
            policy.what_it_raises(asked) if number == RAISED else None,
        )  # fmt: skip


def _outcome(scenario: Scenario, demand: Demand, plan: Plan, w: World, parts: bool, trace: bool) -> Outcome:
    changed = np.flatnonzero(w.trust != plan.settings.trust)
    columns = zip((*INSTANTS, *MARKS, *TALLIES), (*w.instants, *w.marks, *w.tallies), strict=True)
    return Outcome(
        scenario=scenario,
        demand=demand,
        plan=plan,
        **dict(columns),
        unit=w.last_unit,
        team=w.team,
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
