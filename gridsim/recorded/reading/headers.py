"""Where the header of a table is, and which of its columns are meant."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ...scenario.errors import ScenarioError, nearest
from ...scenario.given import shown

TWO_COLUMNS = ("place", "opened", "closed", "limit")  # degrees; a day and its hour
REQUIRED, OPTIONAL = ("opened", "type", "place"), ("closed", "limit", "source", "urgency", "id")
LONGEST_SHOWN = 60  # letters of a column's name in a message
LOOKED_AT = 200  # rows among which the header is looked for
Columns = Mapping[str, str | Sequence[str]]


def columns_given(columns: Any) -> Columns:
    """Take a map of names to columns as texts; nothing and an empty text are no column.

    Raises
    ------
    ScenarioError
        If it is none, a name is not known or one that is needed is missing.
    """
    if not isinstance(columns, Mapping):
        raise ScenarioError(
            f"columns = {shown(columns)}: must be names with their columns, such as {{'opened': 'Created'}}"
        )
    found: dict[str, str | list[str]] = {}
    for name, value in columns.items():
        if value is None or isinstance(value, str):
            texts: Any = value
        elif isinstance(value, Iterable) and not isinstance(value, bytes | Mapping):
            texts = list(value)
        else:
            texts = [value]
        if isinstance(texts, list) and not all(isinstance(one, str) for one in texts):
            raise ScenarioError(f"map: {name} = {shown(value)}: must be the name of a column")
        if texts:
            found[name] = texts
    check_names(found)
    return found


def check_names(columns: Columns) -> None:
    """Refuse a map with a name that is not known, or without one that is needed.

    Raises
    ------
    ScenarioError
        If there is one.
    """
    known = (*REQUIRED, *OPTIONAL)
    for name in columns:
        if name not in known:
            raise ScenarioError(
                f"map: {name!r} is not known; allowed are {', '.join(known)}{nearest(str(name), known)}"
            )
    if missing := [name for name in REQUIRED if not columns.get(name)]:
        raise ScenarioError(f"map: say which column holds {' and '.join(missing)}")


def header_of(row: Sequence[str]) -> list[str]:
    """The names in a row of cells: without blanks around them, and no two alike."""
    names: list[str] = []
    for cell in row:
        name = plain = str(cell).strip().strip("\ufeff").strip()
        number = 1
        while name in names:
            name, number = f"{plain}.{number}", number + 1
        names.append(name)
    return names


def header_row(rows: Sequence[Sequence[str]], columns: Columns) -> int | None:
    """Which of the first rows holds the names of all columns that are asked for; None: no row does."""
    for number, row in enumerate(rows[:LOOKED_AT]):
        header = header_of(row)
        if all(columns_meant(value, header) for value in columns.values()):
            return number
    return None


def likely_header(rows: Sequence[Sequence[str]]) -> int:
    """The first of the widest rows: what is taken for the header where the names that are asked for are nowhere."""
    filled = [sum(bool(str(cell).strip()) for cell in row) for row in rows[:LOOKED_AT]]
    return filled.index(max(filled)) if filled else 0


def columns_meant(given: str | Sequence[str], header: Sequence[str]) -> list[str]:
    """The columns that a value of the map names: one, or the two of a place; empty: not all are there."""
    for names in _readings(given):
        if all(name in header for name in names):
            return names
    for names in _readings(given):
        alike = [heading_like(name, header) for name in names]
        if all(alike):
            return [name for name in alike if name]
    return []


def heading_like(name: str, header: Sequence[str]) -> str | None:
    """The one heading that differs from a name in blanks, upper case, wide letters or accents written apart; else none."""
    plain = folded(name)
    found = [one for one in header if folded(one) == plain] if plain else []
    return name if name in header else found[0] if len(found) == 1 else None


def folded(text: str) -> str:
    """A text without what two writings of one name differ in."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _readings(given: str | Sequence[str]) -> list[list[str]]:
    """One column of that very name; without quotes; two of them with a comma or a plus between."""
    if not isinstance(given, str):
        return [[str(name).strip() for name in given]]
    whole = given.strip()
    bare = whole[1:-1] if len(whole) > 1 and whole[0] == whole[-1] and whole[0] in "\"'" else whole
    found = [[whole], [bare]]
    for sign in ",+":
        try:
            parts = [name.strip() for name in next(csv.reader([whole], delimiter=sign, skipinitialspace=True), [])]
        except csv.Error:
            continue
        if len(parts) == 2:
            found.append(parts)
    return found


def named_columns(file: Path, columns: Columns, header: Sequence[str]) -> dict[str, list[str]]:
    """Which columns of a header are meant by each name of the map.

    Raises
    ------
    ScenarioError
        If one is not there.
    """
    found = {}
    for name, value in columns.items():
        found[name] = columns_meant(value, header)
        if not found[name]:
            wanted = _readings(value)[-1]
            refuse_missing(file, next((one for one in wanted if one not in header), str(value)), header)
        if len(found[name]) > 1 and name not in TWO_COLUMNS:
            raise ScenarioError(f"map: {name} names {len(found[name])} columns; allowed is one")
        if len(found[name]) > 2:
            raise ScenarioError(f"map: {name} names {len(found[name])} columns; allowed are one or two")
    return found


def refuse_missing(file: Path, name: str, header: Sequence[str]) -> NoReturn:
    """Say that a column is not there, which is nearest, and which there are.

    Raises
    ------
    ScenarioError
        Always.
    """
    there = [one for one in header if one]
    listed = ", ".join(one[:LONGEST_SHOWN] for one in there[:30]) + (", ..." if len(there) > 30 else "")
    near = nearest(name, [one for one in there if len(one) <= LONGEST_SHOWN])
    raise ScenarioError(f"{file}: there is no column {name!r}{near}; there are {listed}")
