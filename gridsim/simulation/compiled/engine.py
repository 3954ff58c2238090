"""The compiled engine: the events of the whole model on arrays, the very same rules, the same event log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..demand.drawing import draw_demand
from ..demand.draws import difficulty_matters, draw_numbers, places_matter
from ..events import INBOX_HOURS, QUEUE_HOURS, TRAVEL_HOURS, TRIAGE_HOURS, WORK_HOURS, Place, Status
from ..outcome.outcome import Outcome, mean_trust
from ..plan.planning import make_plan
from ..policy import RAISED, problem_in_words
from ..rules import UNSET
from .codes import FAULT, FAULT_PROBLEM, FAULT_STEP, LOG
from .own_rule import address_of, asked_of
from .pointer import play_all
from .world import World, count_off_duty, make_world, switched_world

if TYPE_CHECKING:
    from ...scenario.scenario import Scenario
    from ..demand.demand import Demand
    from ..plan.plan import Plan
    from ..policy import Policy

ROWS_PER_PROBLEM = 16


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
    plan = make_plan(scenario)
    if demand is None:
        demand = draw_demand(scenario, seed, places_matter(plan), difficulty_matters(plan))
    draws = draw_numbers(demand, plan)
    until = plan.end if plan.later is None else plan.switch_at - 1
    rows = ROWS_PER_PROBLEM * len(demand) + 1024 if trace else 0
    while True:
        world = make_world(plan, demand, draws, rows, parts, address)
        play_all(world, until)
        if plan.later is not None and not world.count[FAULT]:
            after = draw_numbers(demand, plan.later)
            world = switched_world(world, plan.later, demand, after, plan.switch_at, parts)
            play_all(world, plan.end, begun=True)
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
    problem, end = w.problem, plan.end
    place, unit = problem["place"], problem["unit"]
    closed = place == Place.CLOSED
    reported_at = problem["reported_at"].copy()
    status = np.where(reported_at == UNSET, Status.UNREPORTED, Status.OPEN).astype("i1")
    status[closed] = Status.CLOSED
    status[place == Place.UNRESOLVED] = Status.UNRESOLVED
    response = problem["first_response_at"].copy()
    response[response > end] = UNSET
    _close_books(w, end, parts)
    changed = np.flatnonzero(w.trust != plan.settings.trust)
    return Outcome(
        scenario=scenario,
        demand=demand,
        plan=plan,
        reported_at=reported_at,
        source=problem["source"].copy(),
        first_response_at=response,
        closed_at=problem["closed_at"].copy(),
        ended_at=problem["ended_at"].copy(),
        closed_tier=np.where(closed, plan.unit_tier[unit], -1).astype("i1"),
        status=status,
        urgency=problem["urgency"].copy(),
        escalations=w.escalations,
        attempts=problem["attempts"].astype("u1"),
        reworks=problem["reworks"].astype("u1"),
        petitioned_at=problem["petitioned_at"].copy(),
        due_at=problem["due_at"].copy(),
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


def _close_books(w: World, end: int, parts: bool) -> None:
    """Count the time that is still running at the end of the run."""
    problem = w.problem
    count_off_duty(w, end)
    for place, part in ((Place.INBOX, INBOX_HOURS), (Place.TRIAGE, TRIAGE_HOURS), (Place.QUEUE, QUEUE_HOURS)):
        rows = np.flatnonzero(problem["place"] == place)
        _add(w, rows, part, end - problem["entered_at"][rows], parts)
    rows = np.flatnonzero(problem["place"] == Place.SERVICE)
    started = np.minimum(end, problem["work_starts_at"][rows])
    _add(w, rows, TRAVEL_HOURS, started - problem["entered_at"][rows], parts)
    _add(w, rows, WORK_HOURS, end - started, parts)


def _add(w: World, rows: Any, part: int, time: Any, parts: bool) -> None:
    w.where[rows, part] += time
    if parts:
        w.by_tier[rows, w.unit["tier"][w.problem["unit"][rows]], part] += time
