"""Levers by name: what a planner turns that is no single key. Headcount, design, demand and storms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .changing import apply_changes, flattened
from .designs.people import largest_remainder
from .errors import ScenarioError
from .given import is_number, is_whole, shown
from .parts import is_volunteer
from .scaling import WRITTEN, Scale, scale_of, scaled, spread, times
from .scenario import make
from .values import MOST

if TYPE_CHECKING:
    from .scenario import Scenario

HEADCOUNT, DESIGN, KEEP_GRIDS = "headcount", "design", "keep_grids"
NAMED = (HEADCOUNT, DESIGN, KEEP_GRIDS)  # they act after all other changes


def varied(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """Change a scenario by key paths, then by headcount and design.

    Parameters
    ----------
    scenario
        What is changed.
    changes
        As for `Scenario.vary`.

    Raises
    ------
    ScenarioError
        If a path does not exist, or the result is not a scenario.
    """
    plain = {path: value for path, value in changes.items() if path not in NAMED}
    data = scenario.as_data()
    found = make(apply_changes(data, plain), None).noted([*scenario.notes, *flattened(data, plain)])
    headcount = _headcount(found, changes.get(HEADCOUNT))
    if changes.get(DESIGN) is None:
        if changes.get(KEEP_GRIDS):
            raise ScenarioError(f"{KEEP_GRIDS}: is for a design; give one, such as design = 'three_tier'")
        return found if headcount is None else with_headcount(found, headcount)
    from .designs.designs import design

    return design(changes[DESIGN], found, headcount, keep_grids=bool(changes.get(KEEP_GRIDS)))


def _headcount(scenario: Scenario, given: Any) -> int | None:
    """The headcount asked for; a scale is of the people that there are."""
    if scale := scale_of(given):
        return int(scaled(scenario.headcount, scale, int, 1))
    if given is not None and (not is_whole(given) or not 1 <= given <= MOST):
        raise ScenarioError(
            f"headcount = {shown(given)}: allowed is a whole number from 1 to {MOST:,}; {WRITTEN} scales it"
        )
    return None if given is None else int(given)


def with_headcount(scenario: Scenario, headcount: int) -> Scenario:
    """Give the same organisation with so many people: leaders and volunteers stay, staff keep the shares of their roles.

    Parameters
    ----------
    scenario
        Whose tiers, units and roles stay.
    headcount
        Leaders and staff of the result, exactly.

    Raises
    ------
    ScenarioError
        If that is too few for its leaders and one of each role.
    """
    pools = {
        (tier.name, staff.role): [*staff.count] if isinstance(staff.count, tuple) else [staff.count] * tier.units
        for tier in scenario.tiers
        for staff in tier.staff
        if not is_volunteer(staff.role, staff.wage_per_hour) and staff.people(tier.units)
    }
    sizes = [sum(counts) for counts in pools.values()]
    leaders = scenario.headcount - sum(sizes)
    if headcount < leaders + len(pools) or (not pools and headcount != leaders):
        raise ScenarioError(
            f"headcount = {headcount}: allowed is at least {leaders + len(pools):,} in {scenario.name}, its leaders and one"
            " of each role; a design can do with fewer"
            if pools
            else f"headcount = {headcount}: {scenario.name} has no staff to share out, only {leaders:,} leaders"
        )
    data = scenario.as_data()
    for (tier, role), counts, people in zip(pools, pools.values(), _shares(sizes, headcount - leaders), strict=True):
        new = spread(counts, people)
        row = next(row for one in data["tiers"] if one["name"] == tier for row in one["staff"] if row["role"] == role)
        row["count"] = new[0] if len(set(new)) == 1 else new
        if row.get("on_call", 0) > max(new):
            row["on_call"] = max(new)
    return make(data, None).noted(scenario.notes)


def _shares(sizes: list[int], people: int) -> list[int]:
    """As many people of each role as its share, at least one."""
    shares = largest_remainder(sizes, people) if sizes else []
    while shares and min(shares) < 1:
        shares[shares.index(max(shares))] -= 1
        shares[shares.index(min(shares))] += 1
    return shares


def with_demand(scenario: Scenario, factor: float | str, types: Iterable[str] = ("*",)) -> Scenario:
    """Give a scenario with so many times as many problems; as `Scenario.with_demand`."""
    if is_number(factor) and 0 <= float(factor) <= MOST:
        scale: Scale | None = Scale(Decimal(repr(float(factor))), str(factor))
    else:
        scale = scale_of(factor, "demand")
    if scale is None:
        or_number = "" if isinstance(factor, str) else ", or a number from 0 such as 1.25"
        raise ScenarioError(f"demand = {shown(factor)}: write {WRITTEN}{or_number}")
    rates = {f"problems.{name}.per_1000_residents_per_day": times(float(scale.factor)) for name in _names(types)}
    return scenario if scale.factor == 1 else scenario.vary(rates)


def with_storm(scenario: Scenario, day: float, days: float, factor: float, types: Iterable[str] = ("*",)) -> Scenario:
    """Give a scenario with one more surge; as `Scenario.with_storm`."""
    for name, value in {"day": day, "days": days, "factor": factor}.items():
        if not is_number(value):
            raise ScenarioError(f"storm: {name} = {shown(value)}: must be a number")
    if not 0 <= day < scenario.run.days:
        raise ScenarioError(
            f"storm: day = {day:g}: the run has the days 0 to {scenario.run.days:g}; begin before its end"
        )
    data = scenario.as_data()
    storm = {"start_day": float(day), "days": float(days), "factor": float(factor), "types": _names(types)}
    data["surges"] = [*data.get("surges", []), storm]
    return make(data, None).noted(scenario.notes)


def _names(types: Iterable[str]) -> list[str]:
    return [types] if isinstance(types, str) else list(types)
