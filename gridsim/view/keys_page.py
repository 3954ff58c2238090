"""The keys of a scenario as a page of the documents and as tables of a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..scenario.keys import Key, hours_by_name
from .report import plain_table

if TYPE_CHECKING:
    from rich.table import Table

HEADS = ("key", "unit", "allowed", "if absent", "meaning")
INTRODUCTION = """# Keys of a scenario

What a scenario file may say, and what holds where it says nothing. This page is made from the program's own
definitions: `gridsim keys --markdown`. Search it with `gridsim keys WORD`.

- A `*` stands for the name of a tier, a role or a problem type, or the number of a surge.
- Keys are changed with `--set KEY=VALUE` and varied with `--vary KEY=V1,V2`.
- "required" keys must be there; "absent" ones do nothing until they are given.
- Counts and rates end at 1,000,000.
"""
HOURS_INTRODUCTION = """## Hours by name

`hours` of a tier or a role, and `limit_clock`, take these names or windows of one's own. `count` is the number of
people on duty at once. The last column says how many a rotating roster needs for each of them, at 40 hours a week.
Leave and illness come on top.
"""


def keys_page(keys: Iterable[Key]) -> str:
    """Write the page of all keys, part by part, in Markdown.

    Parameters
    ----------
    keys
        As `gridsim.scenario.keys.keys` gives them.
    """
    parts: dict[str, list[Key]] = {}
    for one in keys:
        parts.setdefault(one.path.split(".")[0] if "." in one.path else "name", []).append(one)
    sections = [f"## {_title(part)}\n\n{_markdown(HEADS, map(_row, found))}" for part, found in parts.items()]
    hours = f"{HOURS_INTRODUCTION}\n{_markdown(HOURS_HEADS, _hours_rows())}"
    return "\n".join([INTRODUCTION, *sections, hours])


def keys_table(keys: Iterable[Key], title: str) -> Table:
    """Set out keys for a terminal.

    Parameters
    ----------
    keys
        As `gridsim.scenario.keys.keys` gives them.
    title
        One line above the table.
    """
    return _table(title, HEADS, map(_row, keys))


HOURS_HEADS = ("hours", "on duty", "hours a week", "people on the roster for one on duty")


def hours_table() -> Table:
    """Set out the hours that have a name, with the people whom a roster needs."""
    return _table("Hours by name (at 40 hours a week each)", HOURS_HEADS, _hours_rows())


def _title(part: str) -> str:
    return "The scenario itself" if part == "name" else f"[{part}]"


def _row(one: Key) -> tuple[str, ...]:
    return one.path, one.unit, one.allowed, one.default, one.meaning


def _hours_rows() -> list[tuple[str, ...]]:
    return [(one.name, one.windows, f"{one.week_hours:g}", str(one.people_for_one)) for one in hours_by_name()]


def _markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    for name, *others in rows:
        lines.append("| " + " | ".join([f"`{name}`", *(text.replace("|", "\\|") for text in others)]) + " |")
    return "\n".join(lines) + "\n"


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = plain_table(title, [(head, "text") for head in heads])
    for column in table.columns:
        column.vertical = "top"
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(*row)
    return table
