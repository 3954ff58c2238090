"""What a scenario says of itself, and what is said of a wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from .errors import nearest, said
from .hours import ALWAYS, HOURS_OF_WEEK, WORKING_WEEK, as_hours, hours_in_words, people_on_roster
from .parts import is_volunteer
from .paths import _field, key_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .parts import ProblemType, Tier
    from .scenario import Scenario

LONG_WEEK = 60.0  # hours on duty from which a week is no person's


def sentence(error: ValidationError, data: Any) -> str:
    """Say the first thing wrong: key path, value and what is allowed."""
    first = _tells_most(error.errors(include_url=False)[:LOOKED_AT], data)
    path = said(key_path(first["loc"], data))
    message = _plain(first["msg"].removeprefix("Value error, "))
    if first["type"] == "extra_forbidden":
        return f"{path}: there is no such key{nearest(path.split('.')[-1], _siblings(first['loc']))}"
    if first["type"] == "missing":
        return f"{path}: is required and absent"
    if first["type"] == "value_error" and not isinstance(first["input"], (int, float, str)):
        return (
            f"{path}: {message}"
            if path and not message.startswith(("tiers", "problems", "esc", "surges", "switch"))
            else message
        )
    return f"{path} = {_short(first['input'])}: {message[0].lower()}{message[1:]}"


LOOKED_AT = 1000  # errors; a list of a million words for numbers has as many


def _tells_most(errors: Sequence[Any], data: Any) -> Any:
    """Of the alternatives that the first wrong value was tried as: a key too many, else what lies deepest in it."""
    steps = [key_path(error["loc"], data).split(".") for error in errors]
    of_first = [
        (error["type"] == "extra_forbidden", len(path), _is_inside(error), -number)
        for number, (error, path) in enumerate(zip(errors, steps, strict=True))
        if path[: len(steps[0])] == steps[0]
    ]
    return errors[-max(of_first)[-1]]


def _is_inside(error: Any) -> bool:
    """Whether it says what is wrong in a table, not that it should have been a word."""
    return isinstance(error["input"], dict) and error["type"] != "literal_error"


PLAIN = {
    r"valid dictionary or instance of \w+": "table of keys",
    r"[Tt]uple should have": "list should have",
    "valid tuple": "list",
    " after validation": "",
}


def _plain(message: str) -> str:
    """Say in words of TOML what pydantic says in words of Python."""
    for pattern, words in PLAIN.items():
        message = re.sub(pattern, words, message)
    return message


def _short(value: Any) -> str:
    """The value as it was given, or how it begins; one that Python refuses to write is only said to be long."""
    try:
        text = said(repr(value), 10_000)
    except ValueError:
        return "a number of thousands of digits"
    except RecursionError:
        return "a list in a list in a list ..."
    return text if len(text) <= 60 else text[:57] + "..."


def _siblings(location: tuple[Any, ...]) -> list[str]:
    from .paths import _model_in, _root

    model = _root()
    for step in location[:-1]:
        if isinstance(step, str):
            inner = _model_in(_field(model, step))
            model = inner if inner is not None else model
    return list(getattr(model, "model_fields", {}))


def describe(scenario: Scenario) -> str:
    """Say in words what a scenario holds."""
    place = scenario.territory
    residents = place.residents_per_cell
    total = sum(residents) if isinstance(residents, tuple) else residents * place.cells
    daily = sum(map(_rate_of_a_mean_day, scenario.problems)) * total / 1000.0
    lines = [
        f"{scenario.name}: {scenario.description}".rstrip(": "),
        f"{total:,} residents in {place.cells:,} cells of {place.cell_km:g} km; about {daily:,.1f} problems a day in "
        f"{len(scenario.problems)} types; {scenario.run.days:g} days.",
        f"{scenario.headcount:,} people, {scenario.cost_per_day:,.0f} in wages a day, in {len(scenario.tiers)} tiers:",
    ]
    for tier in reversed(scenario.tiers):
        leader = _leaders_in_words(tier)
        roles = ", ".join(f"{staff.role} {_range(staff.count)}" for staff in tier.staff) or "no staff"
        units = _counted(tier.units, "unit")
        lines.append(f"  {tier.name}: {units}, authority {_authority(tier)}; in each {leader}; {roles}")
        lines.append(f"    On duty {_duty(tier)}. {_patrols(tier)}")
    lines += _units_in_words(scenario)
    lines.append(
        "Authority is the most difficult problem that a tier closes; problems range from 0 (easy) to 1 (hard)."
    )
    lines.append(_intake(scenario))
    lines.append(f"What goes up: {rule_in_words(scenario)}.")
    lines += [f"On duty {hours:.0f} hours a week each, the same people throughout: {who}."
              for who, hours in long_weeks(scenario)]  # fmt: skip
    if (needed := people_needed(scenario)) > scenario.headcount:
        lines.append(
            f"A rotating roster for that needs at least {needed:,} people, at {WORKING_WEEK:g} hours a week each."
        )
    return "\n".join(lines)


def _rate_of_a_mean_day(problem: ProblemType) -> float:
    """Problems per 1,000 residents on a mean day; a profile of a whole week leaves its weekend as it is."""
    weekly = isinstance(problem.profile, tuple) and len(problem.profile) == HOURS_OF_WEEK
    return problem.per_1000_residents_per_day * (1.0 if weekly else (5.0 + 2.0 * problem.weekend) / 7.0)


def _authority(tier: Tier) -> str:
    """Authority of a tier, and of the roles that have another."""
    own = [f"{staff.role} {staff.solves:g}" for staff in tier.staff if staff.solves not in (None, tier.solves)]
    return f"{tier.solves:g}" + (f" ({', '.join(own)})" if own else "")


def _duty(tier: Tier) -> str:
    """Hours of a tier, and of the roles that have others."""
    own = [f"{staff.role} {hours_in_words(staff.hours)}" for staff in tier.staff
           if staff.hours is not None and as_hours(staff.hours) != as_hours(tier.hours)]  # fmt: skip
    return "; ".join([hours_in_words(tier.hours), *own])


def _patrols(tier: Tier) -> str:
    """When the leaders of a tier patrol, and what they may close."""
    leader = tier.leader
    if leader is None:
        return "Nobody triages."
    alone = f"; they close alone up to {leader.handles_below:g}" if leader.handles_below else ""
    if leader.patrol_every_hours is None:
        return f"Leaders do not patrol{alone}."
    when = f"every {leader.patrol_every_hours:g} h" if leader.patrol_every_hours else "whenever idle"
    return f"Leaders patrol {when}{alone}."


def _intake(scenario: Scenario) -> str:
    """Where reports arrive, and what becomes of them there."""
    bottom = scenario.tiers[0].name
    intake = scenario.escalation.intake or bottom
    down = "" if intake == bottom else ", and are sent down to the lowest tier that can serve them"
    to = scenario.escalation.emergency_to
    return f"Reports arrive at {intake}{down}." + (f" Emergencies go straight to {to}." if to else "")


def people_needed(scenario: Scenario) -> int:
    """People whom rotating rosters need at 40 hours a week, leaders and staff, volunteers apart.

    Parameters
    ----------
    scenario
        Whose counts are people on duty at once.
    """
    needed = 0
    for tier in scenario.tiers:
        needed += people_on_roster(tier.leaders, tier.hours)
        needed += sum(people_on_roster(staff.people(tier.units), staff.hours or tier.hours)
                      for staff in tier.staff if not is_volunteer(staff.role, staff.wage_per_hour))  # fmt: skip
    return needed


def why_units(scenario: Scenario, tier: str) -> str:
    """Say why a design has so many units in a tier; empty where no design made it.

    Parameters
    ----------
    scenario
        Any scenario.
    tier
        Name of the tier.
    """
    said_by, _, why = scenario.sources.get(f"tiers.{tier}.units", "").partition(": ")
    return why if said_by.startswith("design ") else ""


def _units_in_words(scenario: Scenario) -> list[str]:
    """Say why a design has so many units in each tier; nothing of a scenario that no design made."""
    why = [(tier, why_units(scenario, tier.name)) for tier in reversed(scenario.tiers)]
    made = [f"{tier.name} {tier.units:,}, {text}" for tier, text in why if text]
    return [f"Units of the design: {'; '.join(made)}."] if made else []


def rule_in_words(scenario: Scenario) -> str:
    """Name a scenario's rule of escalation with its numbers and their clock: "after 8 working hours".

    Parameters
    ----------
    scenario
        Whose `[escalation]`; hours on the clock "duty" are working hours, unless the tier is always on duty.
    """
    rule = scenario.escalation
    said = ["by authority" if rule.by_authority else "trying first"]
    if rule.after_hours is not None:
        limit = limit_in_words(scenario)
        said = [limit] if rule.by_authority else [*said, limit]
    if rule.queue_limit is not None:
        said.append(f"from a queue of {_per_tier(rule.queue_limit)}")
    if rule.overdue == "escalate":
        said.append("when overdue")
    return ", ".join(said)


def limit_in_words(scenario: Scenario, tiers: bool = True) -> str:
    """Name a scenario's limit on waiting, its hours and their clock: "after 24 hours (calendar)"; empty without one.

    Parameters
    ----------
    scenario
        Whose `[escalation]`.
    tiers
        Whether to say which tiers have which hours, where they differ.
    """
    rule = scenario.escalation
    if rule.after_hours is None:
        return ""
    names = [tier.name for tier in scenario.tiers]
    limits = rule.after_hours if isinstance(rule.after_hours, dict) else dict.fromkeys(names, rule.after_hours)
    named = {name: limits[name] for name in names if name in limits}
    since = " since the report" if rule.since == "report" else ""
    hours, apart = _hours_of(named)
    return f"after {hours} {clock_in_words(scenario)}{since}{apart if tiers else ''}"


def clock_in_words(scenario: Scenario) -> str:
    """Name the clock of a scenario's limit on waiting: "working hours", or "hours (calendar)".

    Parameters
    ----------
    scenario
        Whose `[escalation]`; where the tiers are always on duty, both clocks are one.
    """
    closes = any(as_hours(tier.hours) != ALWAYS for tier in scenario.tiers)
    return "working hours" if scenario.escalation.clock == "duty" and closes else "hours (calendar)"


def _hours_of(named: Mapping[str, float]) -> tuple[str, str]:
    """The hours of a limit, "8" or "8/24", and where they differ for which tiers: " at grid/community"."""
    if len(set(named.values())) == 1:
        return f"{next(iter(named.values())):g}", ""
    return "/".join(f"{hours:g}" for hours in named.values()), f" at {'/'.join(named)}"


def _per_tier(limit: int | Mapping[str, int]) -> str:
    return str(limit) if isinstance(limit, int) else ", ".join(f"{count} at {tier}" for tier, count in limit.items())


def long_weeks(scenario: Scenario) -> list[tuple[str, float]]:
    """Name people who are on duty so many hours a week that no person works them.

    Parameters
    ----------
    scenario
        Whose tiers, leaders and roles.

    Returns
    -------
    list of pairs
        Who ("the people of tier grid", "fire of tier grid") and how many hours each is on duty in a mean week.
    """
    found = []
    for tier in scenario.tiers:
        pools = dict(_weeks_of(tier))
        if len(pools) > 1 and len(set(pools.values())) == 1:
            pools = {"the people": next(iter(pools.values()))}
        found += [(f"{who} of tier {tier.name}", hours) for who, hours in pools.items() if hours > LONG_WEEK]
    return found


def _weeks_of(tier: Tier) -> Iterator[tuple[str, float]]:
    """Hours on duty in a mean week of a tier's leaders and of each of its roles that has people."""
    if tier.leaders:
        yield "the leaders", HOURS_OF_WEEK * as_hours(tier.hours).share
    for staff in tier.staff:
        if staff.people(tier.units):
            yield f"the people in role {staff.role}", HOURS_OF_WEEK * as_hours(staff.hours or tier.hours).share


def _leaders_in_words(tier: Tier) -> str:
    """Leaders of a unit: "1 leader", or "0 to 2 leaders" where units differ."""
    few, many = min(tier.leaders_of_units), max(tier.leaders_of_units)
    if few != many:
        return f"{few} to {_counted(many, 'leader')}"
    return _counted(many, "leader") if tier.leader else "no leader"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _range(count: int | tuple[int, ...]) -> str:
    """People of a role in a unit: a number, or "9 to 11" where units differ."""
    if isinstance(count, int):
        return str(count)
    few, many = min(count), max(count)
    return f"{few}" if few == many else f"{few} to {many}"


def html_of(scenario: Scenario) -> str:
    """Show a scenario as a table with units."""
    head = "<tr><th>tier</th><th>units</th><th>authority (0-1)</th><th>leaders a unit</th><th>staff a unit (people)</th></tr>"
    rows = []
    for tier in reversed(scenario.tiers):
        roles = ", ".join(f"{escape(staff.role)} {_range(staff.count)}" for staff in tier.staff)
        leaders = _range(tier.leader.count) if tier.leader else "0"
        rows.append(
            f"<tr><td>{escape(tier.name)}</td><td>{tier.units:,}</td><td>{tier.solves:g}</td>"
            f'<td>{leaders}</td><td style="text-align: left">{roles}</td></tr>'
        )
    lines = describe(scenario).split("\n")
    title = "<br>".join(escape(line) for line in lines if not line.startswith("  "))
    return f"<p>{title}</p><table>{head}{''.join(rows)}</table>"
