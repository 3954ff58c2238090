"""How a scenario becomes arrays: one function per part of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...scenario.hours import as_hours
from ...scenario.parts import Duration, Leader
from ..instants import of_days, of_hours
from .capability import eligible_roles, reach_of_units
from .plan import LEADER, NO_LIMIT, URGENCIES, Pattern, Plan, Pool
from .territory import lattice, station_places, units_of_cells

if TYPE_CHECKING:
    from ...scenario.parts import Staff
    from ...scenario.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Role = tuple[int, "Staff"]  # number of its tier, and the staff


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
    too_bold = (plan.leaders > 0) & (plan.handles_below > plan.tier_solves)
    return bool(plan.rework.any() or not plan.by_authority or plan.triage_error > 0.0 or too_bold.any())


def _plan_for(scenario: Scenario) -> Plan:
    """The arrays of one policy."""
    tiers = scenario.tiers
    names = [tier.name for tier in tiers]
    patterns = _Patterns()
    after = of_hours(_per_tier(scenario.escalation.after_hours, names, np.inf))
    on_duty_clock = scenario.escalation.clock == "duty"
    clock = _ints(patterns.number(tier.hours) if on_duty_clock else -1 for tier in tiers)
    limits = _ints(-1 if p.limit_clock == "calendar" else patterns.number(p.limit_clock) for p in scenario.problems)
    territory = _territory(scenario)
    roles = [(number, staff) for number, tier in enumerate(tiers) for staff in tier.staff]
    skills = sorted({skill for problem in scenario.problems for skill in problem.skills})
    skill_number = {skill: number for number, skill in enumerate(skills)}
    skills_of = [[skill_number[s] for s in problem.skills] for problem in scenario.problems]
    counts = [_counts(staff, tiers[t].units) for t, staff in roles]
    shifts = _Shifts(patterns)
    role_shift = [shifts.number(t, tiers[t].hours if staff.hours is None else staff.hours) for t, staff in roles]
    leader_shift = [shifts.number(t, tier.hours) for t, tier in enumerate(tiers)]
    people = [tier.leader or Leader(count=0) for tier in tiers]
    has_leader = [tier.leader is not None and tier.leader.count > 0 for tier in tiers]
    pools = _pools(scenario, roles, counts, role_shift, leader_shift, shifts)
    leader_pool = np.full(len(tiers), -1, np.int32)
    leader_pool[has_leader] = len(roles) + np.arange(sum(has_leader))
    role_first = np.searchsorted([t for t, _ in roles], range(len(tiers) + 1)).astype(np.int32)
    slot_first, count, on_call = _slots(scenario, role_first, counts, roles)
    able = eligible_roles([s.skills for _, s in roles], role_first, skills, skills_of)
    role_solves = [tiers[t].solves if s.solves is None else s.solves for t, s in roles]
    distinct = [sorted(set(role_solves[role_first[t] : role_first[t + 1]])) or [0.0] for t in range(len(tiers))]
    duty = [
        [shifts.of(role_shift[r]).key for r in range(a, b)]
        for a, b in zip(role_first[:-1], role_first[1:], strict=True)
    ]
    reach = reach_of_units(able, role_first, role_solves, slot_first, count, on_call, duty, [t.units for t in tiers])
    escalation, residents = scenario.escalation, scenario.residents
    plan = Plan(
        scenario=scenario,
        end=of_days(scenario.run.days),
        window=_window(scenario),
        tier_names=names,
        type_names=[problem.type for problem in scenario.problems],
        role_names=[staff.role for _, staff in roles],
        pools=pools,
        tier_solves=_floats(tier.solves for tier in tiers),
        leaders=_ints(leader.count if has else 0 for leader, has in zip(people, has_leader, strict=True)),
        leader_pool=leader_pool,
        leader_shift=_ints(leader_shift),
        handles_below=_floats(leader.handles_below for leader in people),
        leader_pace=_floats(leader.pace for leader in people),
        leader_hours_per_km=_floats(_hours_per_km(leader.speed_kmh) for leader in people),
        triage_mean=_floats(leader.triage_hours.mean for leader in people),
        triage_law=[_law(leader.triage_hours) for leader in people],
        patrols=np.array(
            [has and p.patrol_every_hours is not None for p, has in zip(people, has_leader, strict=True)], bool
        ),
        patrol_every=of_hours([p.patrol_every_hours or 0.0 for p in people]),
        patrol_mean=_floats(leader.patrol_hours.mean for leader in people),
        patrol_law=[_law(leader.patrol_hours) for leader in people],
        finds_rate=_floats(-np.log1p(-p.finds) if p.finds < 1.0 else np.inf for p in people),
        after_hours=after,
        queue_limit=_ints(int(n) for n in _per_tier(escalation.queue_limit, names, NO_LIMIT)),
        clock=clock,
        **territory,
        role_first=role_first,
        role_tier=_ints(t for t, _ in roles),
        role_solves=_floats(role_solves),
        role_pace=_floats(staff.pace for _, staff in roles),
        role_hours_per_km=_floats(_hours_per_km(staff.speed_kmh) for _, staff in roles),
        role_shift=_ints(role_shift),
        slot_first=slot_first,
        count=count,
        on_call=on_call,
        shift_tier=_ints(shifts.tier),
        shift_pattern=_ints(shifts.pattern),
        patterns=patterns.known,
        type_urgency=_ints(URGENCIES.index(problem.urgency) for problem in scenario.problems),
        limit_hours=of_hours([np.inf if p.limit_hours is None else p.limit_hours for p in scenario.problems]),
        limit_clock=limits,
        incident_work=_floats(problem.incident_work for problem in scenario.problems),
        rework=_floats(problem.rework for problem in scenario.problems),
        skills_of=skills_of,
        shares=[[k for k, other in enumerate(skills_of) if set(mine) & set(other)] for mine in skills_of],
        eligible=able,
        reach=reach,
        levels=distinct,
        by_authority=escalation.by_authority,
        triage_error=float(escalation.triage_error),
        since_report=escalation.since == "report",
        emergency_tier=-1 if escalation.emergency_to is None else names.index(escalation.emergency_to),
        intake_tier=0 if escalation.intake is None else names.index(escalation.intake),
        overdue=("none", "expedite", "escalate").index(escalation.overdue),
        hold=escalation.joint == "hold",
        whistle=escalation.whistle,
        informants=tiers[0].informants,
        informant_rate=tiers[0].finds_per_informant_per_day / 24.0,
        trust=float(residents.trust),
        trust_gain=float(residents.trust_gain),
        trust_loss=float(residents.trust_loss),
        reports_without_trust=float(residents.reports_without_trust),
    )
    plan.tries_again, plan.may_be_overdue = may_try_again(plan), plan.overdue > 0
    return plan


class _Patterns:
    """The distinct patterns of hours, numbered as they are met."""

    def __init__(self) -> None:
        self.known: list[Pattern] = []

    def number(self, hours: object) -> int:
        starts, ends, cycle = as_hours(hours).windows_in_cycle()
        pattern = Pattern(tuple(of_hours(starts).tolist()), tuple(of_hours(ends).tolist()), int(of_hours(cycle)))
        if pattern not in self.known:
            self.known.append(pattern)
        return self.known.index(pattern)


class _Shifts:
    """The distinct pairs of a tier and a pattern of hours."""

    def __init__(self, patterns: _Patterns) -> None:
        self._patterns = patterns
        self.tier: list[int] = []
        self.pattern: list[int] = []

    def number(self, tier: int, hours: object) -> int:
        pattern = self._patterns.number(hours)
        known = list(zip(self.tier, self.pattern, strict=True))
        if (tier, pattern) not in known:
            self.tier.append(tier)
            self.pattern.append(pattern)
            return len(known)
        return known.index((tier, pattern))

    def of(self, shift: int) -> Pattern:
        return self._patterns.known[self.pattern[shift]]


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int32)


def _hours_per_km(speed_kmh: float | None) -> float:
    return 0.0 if speed_kmh is None else 1.0 / speed_kmh


def _law(duration: Duration) -> tuple[float, str]:
    return float(duration.cv), duration.law


def _window(scenario: Scenario) -> tuple[int, int]:
    run = scenario.run
    return of_days(run.warm_up_days), of_days(run.days) - of_days(run.follow_up_days)


def _per_tier(value: Any, names: list[str], absent: float) -> list[float]:
    if isinstance(value, dict):
        return [absent if value.get(name) is None else float(value[name]) for name in names]
    return [absent if value is None else float(value)] * len(names)


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


def _counts(staff: Staff, units: int) -> Ints:
    return np.broadcast_to(np.asarray(staff.count, dtype=np.int32), (units,))


def _slots(scenario: Scenario, role_first: Ints, counts: list[Ints], roles: list[Role]) -> tuple[Ints, Ints, Ints]:
    """People of every unit and role, one slot each; nobody is on call who is not there."""
    first, count, on_call = [0], [], []
    for tier, (a, b) in enumerate(zip(role_first[:-1], role_first[1:], strict=True)):
        units = scenario.tiers[tier].units
        first.extend(first[-1] + (b - a) * np.arange(1, units + 1))
        if b > a:
            people = np.stack(counts[a:b], axis=1)
            called = np.array([roles[r][1].on_call for r in range(a, b)], np.int32)
            count.append(people.ravel())
            on_call.append(np.minimum(people, called).ravel())
    empty = [np.zeros(0, np.int32)]
    return (
        np.array(first, dtype=np.int32),
        np.concatenate(count or empty).astype(np.int32),
        np.concatenate(on_call or empty).astype(np.int32),
    )


def _pools(
    scenario: Scenario, roles: list[Role], counts: list[Ints], role_shift: list[int], leader_shift: list[int],
    shifts: _Shifts,
) -> list[Pool]:  # fmt: skip
    """One pool per role, then one per tier with leaders; their hours depend on what is measured."""
    pools = []
    for (tier, staff), count, shift in zip(roles, counts, role_shift, strict=True):
        people, called = int(count.sum()), int(np.minimum(count, staff.on_call).sum())
        pools.append(Pool(tier, staff.role, people, called, 0.0, 0.0, staff.wage_per_hour, shift, shifts.of(shift)))
    for number, one in enumerate(scenario.tiers):
        if one.leader is not None and one.leader.count > 0:
            people, wage, shift = one.leader.count * one.units, one.leader.wage_per_hour, leader_shift[number]
            pools.append(Pool(number, LEADER, people, 0, 0.0, 0.0, wage, shift, shifts.of(shift)))
    return pools
