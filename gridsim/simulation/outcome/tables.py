"""A run as tables: a row per problem, per hour, per pool of people, per event, per part of the problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...scenario.errors import ScenarioError
from ...scenario.given import shown
from ..events import NO_ONE_YET, NOBODY, PARTS, Event, Reason, Source, Status
from ..instants import in_hours
from ..plan.columns import URGENCIES
from ..plan.plan import LEADER
from ..rules import EMERGENCY, HOUR, NEVER, UNSET
from .measures import backlog_at, measures, pool_costs
from .nearness import nearest_minutes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .outcome import Outcome

NOT_CLOSED = "-"
PARTITIONS = ("type", "urgency", "cell", "tier", "unit")
MANY = 1 << 16  # more than there are roles
SMALL = np.int16  # signed, so that a planner may subtract
SOURCES = tuple(source.name.lower() for source in Source if source >= 0)
STATUSES = tuple(status.name.lower() for status in Status)
EVENTS = tuple(kind.name.lower() for kind in Event)


def problems(outcome: Outcome) -> pd.DataFrame:
    """One row per problem, in the order in which they arise; times and durations in hours.

    Parameters
    ----------
    outcome
        What the run left behind; if it kept where the time went per tier, there are also columns
        `hours_queue.grid` and so on.
    """
    plan, demand = outcome.plan, outcome.demand
    columns: dict[str, Any] = {
        "type": _named(demand.type, plan.type_names),
        "cell": demand.cell,
        "resident": demand.resident,
        "arises_at": in_hours(demand.arises_at),
        "reported_at": in_hours(outcome.reported_at),
        "source": _named(outcome.source, SOURCES),
        "first_response_at": in_hours(outcome.first_response_at),
        "closed_at": in_hours(outcome.closed_at),
        "closed_tier": _named(outcome.closed_tier, plan.tier_names, ordered=True),
        "unit": _named(outcome.unit, plan.unit_names),
        "person": _people(outcome),
        "status": _named(outcome.status, STATUSES),
        "urgency": _named(outcome.urgency, URGENCIES, ordered=True),
        "urgency_reported": _named(urgency_reported(outcome), URGENCIES, ordered=True),
        "escalations": outcome.escalations.sum(axis=1, dtype=np.int64),
    }
    for reason in list(Reason)[: outcome.escalations.shape[1]]:  # policy, the last, only where there is one
        columns[f"escalations_{reason.name.lower()}"] = outcome.escalations[:, reason].astype(SMALL)
    columns |= {"attempts": outcome.attempts.astype(SMALL), "reworks": outcome.reworks.astype(SMALL)}
    due_at = np.where(outcome.due_at == NEVER, UNSET, outcome.due_at)
    columns |= {"petitioned_at": in_hours(outcome.petitioned_at), "due_at": in_hours(due_at)}
    columns |= {f"hours_{part}": outcome.where[:, k] / HOUR for k, part in enumerate(PARTS)}
    columns["hours_inbox_off_duty"] = outcome.inbox_off_duty / HOUR
    return pd.DataFrame(columns | _hours_by_tier(outcome)).rename_axis("problem")


def _named(numbers: NDArray[Any], names: Sequence[str], ordered: bool = False) -> Any:
    """Names for numbers, as a categorical column; -1 is a missing value."""
    return pd.Categorical.from_codes(numbers, categories=pd.Index(list(names)), ordered=ordered)


def _people(outcome: Outcome) -> Any:
    """Who last set out to each problem: "leader", a role, or the roles of a team; missing where nobody did."""
    _, first, who = np.unique(_as_one_number(outcome.team), return_index=True, return_inverse=True)
    names = [_team_name(team, outcome.plan.role_names) for team in outcome.team[first].tolist()]
    known = dict.fromkeys(name for name in names if name)  # tiers may have roles of one name
    codes = [list(known).index(name) if name else -1 for name in names]
    return _named(np.array(codes, np.int64)[who], list(known))


def _as_one_number(team: NDArray[Any]) -> NDArray[Any]:
    """A number for each row, the same for the same row, in the order of the rows."""
    number = team[:, 0].astype(np.int64)
    for column in team.T[1:]:
        number = np.unique(number, return_inverse=True)[1] * MANY + column
    return number


def _team_name(team: list[int], roles: list[str]) -> str:
    people = [role for role in team if role != NO_ONE_YET]
    return "+".join(LEADER if role == NOBODY else roles[role] for role in people)


def _hours_by_tier(outcome: Outcome) -> dict[str, Any]:
    where = outcome.where_by_tier
    if where is None:
        return {}
    tiers = enumerate(outcome.plan.tier_names)
    return {f"hours_{part}.{name}": where[:, tier, k] / HOUR for tier, name in tiers for k, part in enumerate(PARTS)}


def timeline(outcome: Outcome) -> pd.DataFrame:
    """One row per hour, from 0 to the end: what came and went in the hour that ends then, and the backlog.

    Parameters
    ----------
    outcome
        What the run left behind.
    """
    instants = np.append(np.arange(0, outcome.end, HOUR), outcome.end)
    unresolved = outcome.ended_at[outcome.status == Status.UNRESOLVED]
    columns = {
        "hour": in_hours(instants),
        "arisen": _per_hour(outcome.demand.arises_at, instants),
        "reported": _per_hour(outcome.reported_at, instants),
        "closed": _per_hour(outcome.closed_at, instants),
        "unresolved": _per_hour(unresolved, instants),
        "backlog": backlog_at(outcome, instants),
    }
    return pd.DataFrame(columns)


def _per_hour(times: NDArray[Any], instants: NDArray[Any]) -> NDArray[Any]:
    until = np.sort(times[times != UNSET]).searchsorted(instants, side="right")
    return np.diff(until, prepend=0)


def staff(outcome: Outcome) -> pd.DataFrame:
    """One row per role and tier and one per tier's leaders: people, hours in the window, visits and wages.

    Parameters
    ----------
    outcome
        What the run left behind.
    """
    plan, use = outcome.plan, outcome.use
    pools = outcome.pools
    duty = np.array([pool.duty_hours for pool in pools], dtype=float)
    on_call = np.array([pool.on_call_hours for pool in pools], dtype=float)
    columns = {
        "tier": [plan.tier_names[pool.tier] for pool in pools],
        "role": [pool.role for pool in pools],
        "people": [pool.people for pool in pools],
        "on_call": [pool.on_call for pool in pools],
        "duty_hours": duty,
        "on_call_hours": on_call,
    }
    busy = {f"busy_hours_{name}": use[:, k] for k, name in enumerate(("travel", "work", "triage", "patrol"))}
    with np.errstate(divide="ignore", invalid="ignore"):
        utilisation = np.where(duty > 0.0, use.sum(axis=1) / duty, np.nan)
    rest = {"overtime_hours": outcome.overtime, "utilisation": utilisation, "visits": outcome.visits}
    rest["cost"] = np.array(pool_costs(outcome), dtype=float)
    return pd.DataFrame(columns | busy | rest)


def events(outcome: Outcome) -> pd.DataFrame:
    """One row per event, in the order in which they happened: time (hours), kind, problem, unit and tier.

    Parameters
    ----------
    outcome
        What a run with a trace left behind.
    """
    log, plan = outcome.events, outcome.plan
    assert log is not None, "a run without a trace has no event log"
    tiers = np.where(log["unit"] >= 0, plan.unit_tier[log["unit"]], -1)
    columns = {
        "time": in_hours(log["time"]),
        "kind": _named(log["kind"], EVENTS),
        "problem": pd.arrays.IntegerArray(log["problem"].astype(np.int64), log["problem"] < 0),
        "unit": _named(log["unit"], plan.unit_names),
        "tier": _named(tiers, plan.tier_names, ordered=True),
    }
    return pd.DataFrame(columns)


def by(outcome: Outcome, part: str) -> pd.DataFrame:
    """The measures of each part of the problems, one row per part.

    Parameters
    ----------
    outcome
        What the run left behind.
    part
        "type", "urgency" (as reported), "cell", "tier" (that closed them; "-" for what is not closed), or "unit" (that
        closed them or where they are; "-" for what reached none).

    Raises
    ------
    ScenarioError
        If there is no such part.
    """
    labels, numbers = _parts(outcome, part)
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(len(labels) + 1))
    minutes = nearest_minutes(outcome.plan, outcome.demand)
    rows = [measures(outcome, order[bounds[k] : bounds[k + 1]], minutes) for k in range(len(labels))]
    return pd.DataFrame(rows, index=pd.Index(labels, name=part))


def urgency_reported(outcome: Outcome) -> NDArray[Any]:
    """Give the urgency with which each problem was reported: that of its type, or emergency for an incident."""
    as_usual = outcome.plan.type["urgency"][outcome.demand.type]
    return np.where(outcome.source == Source.INCIDENT, EMERGENCY, as_usual)


def _parts(outcome: Outcome, part: str) -> tuple[list[Any], NDArray[Any]]:
    """The names of the parts, and the number of the part of every problem."""
    plan = outcome.plan
    if part == "type":
        return list(plan.type_names), outcome.demand.type
    if part == "urgency":
        return list(URGENCIES), urgency_reported(outcome)
    if part == "cell":
        return list(range(len(plan.residents))), outcome.demand.cell
    if part == "tier":
        tiers = len(plan.tier_names)
        return [*plan.tier_names, NOT_CLOSED], np.where(outcome.closed_tier < 0, tiers, outcome.closed_tier)
    if part == "unit":
        return [*plan.unit_names, NOT_CLOSED], np.where(outcome.unit == NOBODY, plan.units, outcome.unit)
    raise ScenarioError(f"by({shown(part)}) is not a part of the problems; allowed are {', '.join(PARTITIONS)}")
