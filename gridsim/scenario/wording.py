"""What a scenario says of itself, and what is said of a wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from .errors import nearest, said
from .paths import _field, key_path

if TYPE_CHECKING:
    from .scenario import Scenario


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
    daily = sum(problem.per_1000_residents_per_day for problem in scenario.problems) * total / 1000.0
    lines = [
        f"{scenario.name}: {scenario.description}".rstrip(": "),
        f"{total:,} residents in {place.cells:,} cells of {place.cell_km:g} km; about {daily:,.1f} problems a day in "
        f"{len(scenario.problems)} types; {scenario.run.days:g} days.",
        f"{scenario.headcount:,} people, {scenario.cost_per_day:,.0f} in wages a day, in {len(scenario.tiers)} tiers:",
    ]
    for tier in reversed(scenario.tiers):
        leader = f"{_counted(tier.leader.count, 'leader')}" if tier.leader else "no leader"
        roles = ", ".join(f"{staff.role} {_range(staff.count)}" for staff in tier.staff) or "no staff"
        units = _counted(tier.units, "unit")
        lines.append(f"  {tier.name}: {units}, authority {tier.solves:g}; in each {leader}; {roles}")
    return "\n".join(lines)


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
        leaders = tier.leader.count if tier.leader else 0
        rows.append(
            f"<tr><td>{escape(tier.name)}</td><td>{tier.units:,}</td><td>{tier.solves:g}</td>"
            f'<td>{leaders}</td><td style="text-align: left">{roles}</td></tr>'
        )
    title = escape(describe(scenario).split("\n  ")[0]).replace("\n", "<br>")
    return f"<p>{title}</p><table>{head}{''.join(rows)}</table>"
