"""Every key that a scenario may have: unit, what is allowed, what absent means; all of it read from the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import ScenarioError, nearest, said
from .hours import NAMED, hours_in_words, people_on_roster, week_hours

LEAST_LIKE = 0.7  # likeness from which a word is taken for another one
KINDS = {"string": "text", "boolean": "true or false", "number": "number", "integer": "whole number", "object": "table"}


@dataclass(frozen=True)
class Key:
    """One key of a scenario.

    Parameters
    ----------
    path
        Its key path; `*` stands for the name of a tier, role or type, or the number of a surge.
    unit
        What its number counts; empty where it is no number.
    allowed
        Kind of value, and its bounds.
    default
        What holds where the key is absent; "required" where it must not be.
    meaning
        What it is, in a planner's words.
    """

    path: str
    unit: str
    allowed: str
    default: str
    meaning: str


def keys(word: str | None = None) -> list[Key]:
    """Give the keys of a scenario, all of them or those that a word fits.

    Parameters
    ----------
    word
        A part of a key, or a word of its meaning or unit. A key path with names (tiers.grid.units) fits too.

    Raises
    ------
    ScenarioError
        If it fits no key; the nearest names are said.
    """
    every = _every_key()
    if word is None:
        return every
    wanted = word.strip().lower()
    found = [one for one in every if wanted and _fits(one, wanted)]
    if not found:
        names = {step for one in every for step in one.path.split(".")} | set(NAMED)
        close = nearest(wanted, names) or "; `gridsim keys` lists all"
        raise ScenarioError(f"{said(word)!r}: no key of a scenario has this word{close}")
    return found


def _fits(one: Key, wanted: str) -> bool:
    """Whether a word stands in a key, its values, unit or meaning, or is a key path whose names `*` stands for."""
    if any(wanted in text.lower() for text in (one.path, one.unit, one.allowed, one.meaning)):
        return True
    own, asked = one.path.split("."), wanted.split(".")
    return len(asked) > 1 and len(own) == len(asked) and all(a in ("*", b) for a, b in zip(own, asked, strict=True))


def _every_key() -> list[Key]:
    from .scenario import Scenario

    schema = Scenario.model_json_schema()
    return list(_walk(schema, schema["$defs"], ""))


def _walk(part: dict[str, Any], parts: dict[str, Any], before: str) -> Iterator[Key]:
    """Keys of a part, and of the parts inside it."""
    for name, field in part["properties"].items():
        path = before + name
        inner, listed = _inner(field, parts)
        if inner is None or "mean" in inner["properties"] or "windows" in inner["properties"]:
            yield _key(path, field, name in part.get("required", []))
        if inner is not None:
            yield from _walk(inner, parts, f"{path}.*." if listed else f"{path}.")


def _key(path: str, field: dict[str, Any], required: bool) -> Key:
    return Key(path, field.get("unit", ""), _allowed(field), _default(field, required), field["description"])


def _inner(field: dict[str, Any], parts: dict[str, Any]) -> tuple[dict[str, Any] | None, bool]:
    """The part that a key holds, if it holds one, and whether it holds several by name."""
    for kind in field.get("anyOf", [field]):
        several = kind.get("items") or kind.get("additionalProperties")
        held = several if isinstance(several, dict) and "$ref" in several else kind
        if "$ref" in held:
            return parts[held["$ref"].rsplit("/", 1)[-1]], held is several
    return None, False


def _allowed(kind: dict[str, Any]) -> str:
    """Say which values a key takes."""
    if "anyOf" in kind:
        return " or ".join(_allowed(one) for one in kind["anyOf"] if one.get("type") != "null")
    if "$ref" in kind:
        return "windows, days" if kind["$ref"].endswith("Hours") else "mean, cv, law"
    if "enum" in kind or "const" in kind:
        return ", ".join(kind.get("enum") or [kind["const"]])
    if kind["type"] == "array":
        return _list(kind)
    if isinstance(kind.get("additionalProperties"), dict):
        return f"by name: {_allowed(kind['additionalProperties'])}"
    return "date" if kind.get("format") == "date" else KINDS[kind["type"]] + _bounds(kind)


def _list(kind: dict[str, Any]) -> str:
    if "prefixItems" in kind:
        return f"{len(kind['prefixItems'])} numbers"
    inner = _allowed(kind["items"])
    return f"list of pairs of {inner.removeprefix('2 ')}" if "prefixItems" in kind["items"] else f"list of {inner}"


def _bounds(kind: dict[str, Any]) -> str:
    low = f" {kind['minimum']:g}" if "minimum" in kind else ""
    low = f" above {kind['exclusiveMinimum']:g}" if "exclusiveMinimum" in kind else low
    return f"{low} to {kind['maximum']:,}" if "maximum" in kind else low


def _default(field: dict[str, Any], required: bool) -> str:
    if required:
        return "required"
    value = field.get("default")
    if value is None or value in ([], ()):
        return "absent"
    if isinstance(value, dict):
        return f"{value['mean']:g}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, int | float) else str(value) or "empty"


@dataclass(frozen=True)
class HoursByName:
    """Hours that a scenario says by name.

    Parameters
    ----------
    name
        As it stands in the scenario.
    windows
        When people are on duty.
    week_hours
        Hours in a week.
    people_for_one
        People on a rotating roster for one on duty throughout, at 40 hours a week each.
    """

    name: str
    windows: str
    week_hours: float
    people_for_one: int


def hours_by_name() -> list[HoursByName]:
    """Give the hours that have a name, and the people whom a roster for one on duty needs."""
    return [HoursByName(name, hours_in_words(name), week_hours(name), people_on_roster(1, name)) for name in NAMED]
