"""What must fit together across the parts of a scenario."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .errors import nearest

if TYPE_CHECKING:
    from .scenario import Scenario


def check(scenario: Scenario) -> None:
    """Check names, units, skills and cells; the first thing wrong is said with its key path."""
    names = [tier.name for tier in scenario.tiers]
    _once("tiers", names)
    _once("problems", [problem.type for problem in scenario.problems])
    for tier in scenario.tiers:
        _once(f"tiers.{tier.name}.staff", [staff.role for staff in tier.staff])
    _units(scenario)
    _skills(scenario)
    _cells(scenario)
    _tier_names(scenario, names)
    for tier in scenario.tiers[1:]:
        if tier.informants:
            raise ValueError(f"tiers.{tier.name}.informants = {tier.informants}: only the bottom tier has informants")
    if scenario.switch is not None:
        _switch(scenario)
    types = ["*", *(problem.type for problem in scenario.problems)]
    for number, surge in enumerate(scenario.surges):
        for kind in surge.types:
            _known(f"surges.{number}.types", kind, types)


# What a switch may change; nothing that says where problems lie, who they need or which people there are at all.
MAY_SWITCH = re.compile(
    r"escalation\..+|tiers\.[^.]+\.(solves|hours(\..+)?)"
    r"|tiers\.[^.]+\.leader\.(count|handles_below|pace|speed_kmh)"
    r"|tiers\.[^.]+\.staff\.[^.]+\.(skills|count|on_call|solves|pace|speed_kmh|hours(\..+)?)"
)


def _switch(scenario: Scenario) -> None:
    """A switch changes staff, hours and escalation, within the run."""
    assert scenario.switch is not None
    if scenario.switch.day >= scenario.run.days:
        raise ValueError(f"switch.day = {scenario.switch.day:g}: allowed is less than run.days = {scenario.run.days:g}")
    for path in scenario.switch.to:
        if not MAY_SWITCH.fullmatch(path):
            raise ValueError(
                f"switch.to.{path}: a switch may change the escalation, the hours and solves of a tier, count,"
                " handles_below, pace and speed_kmh of leaders, and skills, count, on_call, solves, pace, speed_kmh and"
                " hours of staff"
            )
    try:
        after = scenario.after_switch
    except ValueError as error:
        raise ValueError(f"switch.to: {error}") from None
    for before, now in zip(scenario.tiers, after.tiers, strict=True):
        if [count > 0 for count in before.leaders_of_units] != [count > 0 for count in now.leaders_of_units]:
            raise ValueError(
                f"switch.to.tiers.{now.name}.leader.count: a unit keeps its leaders, or has none throughout"
            )


def _once(where: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{where}: the name {name!r} stands twice; names do not repeat")


def _known(where: str, name: str, known: Iterable[str]) -> None:
    known = list(known)
    if name not in known:
        raise ValueError(f"{where} = {name!r}: allowed are {', '.join(known)}{nearest(name, known)}")


def _units(scenario: Scenario) -> None:
    below, what = scenario.territory.cells, "cells"
    for tier in scenario.tiers:
        if tier.units > below:
            raise ValueError(f"tiers.{tier.name}.units = {tier.units}: allowed is at most {below}, the {what} below it")
        below, what = tier.units, f"units of {tier.name}"


def _skills(scenario: Scenario) -> None:
    if any(tier.leader and tier.leaders and tier.leader.handles_below > 0.0 for tier in scenario.tiers):
        return
    has = {skill for tier in scenario.tiers for staff in tier.staff for skill in staff.skills}
    for problem in scenario.problems:
        for skill in problem.skills:
            if "*" not in has:
                _known(f"problems.{problem.type}.skills", skill, sorted(has))


def _cells(scenario: Scenario) -> None:
    cells = scenario.territory.cells
    for problem in scenario.problems:
        if problem.cells is not None and len(problem.cells) != cells:
            given = len(problem.cells)
            raise ValueError(f"problems.{problem.type}.cells has {given} weights; allowed is one per cell ({cells})")


def _tier_names(scenario: Scenario, names: list[str]) -> None:
    rules = scenario.escalation
    for key in ("intake", "emergency_to"):
        name = getattr(rules, key)
        if name is not None:
            _known(f"escalation.{key}", name, names)
    for key in ("after_hours", "queue_limit"):
        value = getattr(rules, key)
        if isinstance(value, dict):
            for name in value:
                _known(f"escalation.{key}", name, names)
