"""What must fit together across the parts of a scenario."""

from __future__ import annotations

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
    types = ["*", *(problem.type for problem in scenario.problems)]
    for number, surge in enumerate(scenario.surges):
        for kind in surge.types:
            _known(f"surges.{number}.types", kind, types)


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
    if any(tier.leader and tier.leader.count and tier.leader.handles_below > 0.0 for tier in scenario.tiers):
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
