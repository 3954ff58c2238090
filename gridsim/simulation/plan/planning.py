"""How a scenario becomes arrays: one function per part of it."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..instants import of_days
from .capability import eligible_roles, reach_of_units
from .columns import NOT_ONE, ROLE, SETTINGS, TIER, TYPE, RoleRow, TierRow, TypeRow, table
from .hours import Patterns, Shifts
from .plan import LEADER, Plan, Pool
from .territory import lattice, station_places, units_of_cells

if TYPE_CHECKING:
    from ...scenario.parts import Duration
    from ...scenario.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


def make_plan(scenario: Scenario) -> Plan:
    """Turn a scenario into arrays; where its policy changes, also what holds from then on.

    Parameters
    ----------
    scenario
        A validated scenario.
    """
    start, end = _window(scenario)
    plan = _plan_for(scenario)
    if scenario.switch is not None:
        plan.later, plan.switch_at = _plan_for(scenario.after_switch), of_days(scenario.switch.day)
        plan.tries_again = plan.later.tries_again = plan.tries_again or plan.later.tries_again
        plan.may_be_overdue = plan.later.may_be_overdue = plan.may_be_overdue or plan.later.may_be_overdue
    plan.pools = plan.pools_within(start, end)
    return plan


def may_try_again(plan: Plan) -> bool:
    """Whether a problem can need a second attempt."""
    tier = plan.tier
    too_bold = (tier["leads"] > 0) & (tier["handles_below"] > tier["solves"])
    settings = plan.settings
    return bool(plan.type["rework"].any() or not settings.by_authority or settings.triage_error > 0.0 or too_bold.any())


def _plan_for(scenario: Scenario) -> Plan:
    """The arrays of one policy."""
    tiers, patterns = scenario.tiers, Patterns()
    type = table(TYPE, [TypeRow(problem, patterns) for problem in scenario.problems])
    shifts = Shifts(patterns)
    roles = [
        RoleRow(number, tier, staff, shifts.number(number, tier.hours if staff.hours is None else staff.hours))
        for number, tier in enumerate(tiers)
        for staff in tier.staff
    ]
    rows = _tier_rows(scenario, patterns, shifts, len(roles))
    tier, role = table(TIER, rows), table(ROLE, roles)
    people = _people(scenario, roles, role["solves"], shifts)
    settings = table(SETTINGS, [scenario])[0]
    plan = Plan(
        scenario=scenario,
        end=of_days(scenario.run.days),
        window=_window(scenario),
        tier_names=[tier.name for tier in tiers],
        type_names=[problem.type for problem in scenario.problems],
        role_names=[row.staff.role for row in roles],
        pools=_pools(rows, roles, shifts),
        tier=tier,
        role=role,
        type=type,
        settings=SimpleNamespace(**{column.name: settings[column.name].item() for column in SETTINGS}),
        triage_law=[_law(row.leader.triage_hours) for row in rows],
        patrol_law=[_law(row.leader.patrol_hours) for row in rows],
        shift_tier=_ints(shifts.tier),
        shift_pattern=_ints(shifts.pattern),
        patterns=patterns.known,
        **_territory(scenario),
        **people,
    )
    plan.tries_again, plan.may_be_overdue = may_try_again(plan), plan.settings.overdue > 0
    return plan


def _tier_rows(scenario: Scenario, patterns: Patterns, shifts: Shifts, roles: int) -> list[TierRow]:
    """The tiers; the pools of their leaders follow those of all roles."""
    rows: list[TierRow] = []
    pool = roles
    for number, tier in enumerate(scenario.tiers):
        leads = tier.leaders > 0
        shift = shifts.number(number, tier.hours)
        rows.append(TierRow(scenario, number, tier, patterns, shift, pool if leads else NOT_ONE))
        pool += leads
    return rows


def _people(scenario: Scenario, roles: list[RoleRow], solves: Floats, shifts: Shifts) -> dict[str, Any]:
    """Who there is in each unit, and what they can serve."""
    tiers = scenario.tiers
    skills = sorted({skill for problem in scenario.problems for skill in problem.skills})
    number = {skill: number for number, skill in enumerate(skills)}
    skills_of = [[number[s] for s in problem.skills] for problem in scenario.problems]
    role_first = np.searchsorted([row.number for row in roles], range(len(tiers) + 1)).astype(np.int32)
    of_tier = [slice(a, b) for a, b in zip(role_first[:-1], role_first[1:], strict=True)]
    slot_first, count, on_call = _slots(scenario, role_first, roles)
    able = eligible_roles([row.staff.skills for row in roles], role_first, skills, skills_of)
    duty = [[shifts.of(row.shift).key for row in roles[here]] for here in of_tier]
    authority = solves.tolist()
    return {
        "role_first": role_first,
        "leaders": _ints(count for tier in tiers for count in tier.leaders_of_units),
        "slot_first": slot_first,
        "count": count,
        "on_call": on_call,
        "skills_of": skills_of,
        "shares": [[k for k, other in enumerate(skills_of) if set(mine) & set(other)] for mine in skills_of],
        "eligible": able,
        "reach": reach_of_units(
            able, role_first, authority, slot_first, count, on_call, duty, [tier.units for tier in tiers]
        ),
        "levels": [sorted(set(authority[here])) or [0.0] for here in of_tier],
    }


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int32)


def _law(duration: Duration) -> tuple[float, str]:
    return float(duration.cv), duration.law


def _window(scenario: Scenario) -> tuple[int, int]:
    run = scenario.run
    return of_days(run.warm_up_days), of_days(run.days) - of_days(run.follow_up_days)


def _territory(scenario: Scenario) -> dict[str, Any]:
    """Units, the cells they cover, and their stations."""
    place, tiers = scenario.territory, scenario.tiers
    column, row = lattice(place.cells)
    x = np.asarray(column * float(place.cell_km), dtype=np.float64)
    y = np.asarray(row * float(place.cell_km), dtype=np.float64)
    half = place.cell_km / 2.0
    units = [tier.units for tier in tiers]
    first_unit = np.concatenate(([0], np.cumsum(units))).astype(np.int32)
    covers = units_of_cells(place.cells, units)
    firsts, xs, ys, offset = [], [], [], 0
    for unit_of_cell, tier in zip(covers, tiers, strict=True):
        first, sx, sy = station_places(unit_of_cell, tier.units, tier.stations, x + half, y + half)
        firsts.append(first[:-1] + offset)
        xs.append(sx)
        ys.append(sy)
        offset += int(first[-1])
    residents = np.broadcast_to(np.asarray(place.residents_per_cell, dtype=np.int64), (place.cells,))
    return {
        "first_unit": first_unit,
        "unit_tier": np.repeat(np.arange(len(units)), units).astype(np.int32),
        "parent": _parents(units, first_unit),
        "unit_of_cell": np.array([c + f for c, f in zip(covers, first_unit, strict=False)], dtype=np.int32),
        "station_first": np.concatenate((*firsts, [offset])).astype(np.int32),
        "station_x": np.concatenate(xs),
        "station_y": np.concatenate(ys),
        "cell_x": x,
        "cell_y": y,
        "residents": residents,
    }


def _parents(units: list[int], first_unit: NDArray[Any]) -> Ints:
    """The parent of unit j is floor(j * units above / units)."""
    result = np.full(int(first_unit[-1]), -1, np.int32)
    for tier in range(len(units) - 1):
        here = np.arange(units[tier], dtype=np.int64)
        result[first_unit[tier] : first_unit[tier + 1]] = here * units[tier + 1] // units[tier] + first_unit[tier + 1]
    return result


def _counts(row: RoleRow) -> Ints:
    """People of a role in each unit of its tier."""
    return np.broadcast_to(np.asarray(row.staff.count, dtype=np.int32), (row.tier.units,))


def _slots(scenario: Scenario, role_first: Ints, roles: list[RoleRow]) -> tuple[Ints, Ints, Ints]:
    """People of every unit and role, one slot each; nobody is on call who is not there."""
    first, count, on_call = [0], [], []
    for tier, (a, b) in enumerate(zip(role_first[:-1], role_first[1:], strict=True)):
        units = scenario.tiers[tier].units
        first.extend(first[-1] + (b - a) * np.arange(1, units + 1))
        if b > a:
            people = np.stack([_counts(row) for row in roles[a:b]], axis=1)
            called = np.array([row.staff.on_call for row in roles[a:b]], np.int32)
            count.append(people.ravel())
            on_call.append(np.minimum(people, called).ravel())
    empty = [np.zeros(0, np.int32)]
    return (
        np.array(first, dtype=np.int32),
        np.concatenate(count or empty).astype(np.int32),
        np.concatenate(on_call or empty).astype(np.int32),
    )


def _pools(rows: list[TierRow], roles: list[RoleRow], shifts: Shifts) -> list[Pool]:
    """One pool per role, then one per tier with leaders; their hours depend on what is measured."""
    pools: list[Pool] = []
    for number, _, staff, shift in roles:
        count = _counts(roles[len(pools)])
        people, called = int(count.sum()), int(np.minimum(count, staff.on_call).sum())
        pools.append(Pool(number, staff.role, people, called, 0.0, 0.0, staff.wage_per_hour, shift, shifts.of(shift)))
    for row in rows:
        if row.leads:
            people, wage = row.tier.leaders, row.leader.wage_per_hour
            pools.append(Pool(row.number, LEADER, people, 0, 0.0, 0.0, wage, row.shift, shifts.of(row.shift)))
    return pools
