"""Changes by key path: a value put, removed, or scaled; and what a star flattens."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from .errors import ScenarioError, nearest, said
from .paths import DEEPEST, _all_paths, _field, _model_in, _name_of, _root, _set, _value
from .scaling import WRITTEN, Scale, check_meant, numbers_in, scale_of, scaled


def apply_changes(data: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Give a copy of a scenario's data with values changed by key path; x1.25 and +25% scale what stands there.

    Raises
    ------
    ScenarioError
        If a path names nothing (the nearest paths are said), or nothing that can be scaled.
    """
    result = copy.deepcopy(data)
    for path, value in changes.items():
        _apply(result, str(path), value)
    return result


def _apply(data: dict[str, Any], path: str, value: Any) -> None:
    steps = path.split(".")
    known = all(steps) and len(steps) <= DEEPEST
    found = list(_found(data, steps, "", _root(), [])) if known and isinstance(value, str) else []
    if numeric := [one for one in found if _holds_numbers(one)]:
        check_meant(path, value)
        if scale := scale_of(value, said(path)):
            _scale(data, path, numeric, scale)
            return
    if not known or not _set(data, steps, value, "", _root()):
        raise ScenarioError(f"{said(path)}: there is no such key{nearest(path, _all_paths(data), 3)}")


class Found(NamedTuple):
    """A value that a key path names: its own path, what stands there or is meant where it is absent, what it may hold."""

    steps: tuple[str, ...]
    value: Any
    may_be: Any


def _holds_numbers(one: Found) -> bool:
    """Whether numbers, and no free text, may stand there."""
    return bool(numbers_in(one.may_be)) or isinstance(one.value, dict)


def _scale(data: dict[str, Any], path: str, found: list[Found], scale: Scale) -> None:
    """Scale every number that a path names; a path that names none, or that rounds back to what was, is refused."""
    new = [(one, scaled(one.value, scale, one.may_be, _places(data, one))) for one in found]
    new = [(one, value) for one, value in new if value is not None] if "*" in path else new
    if not new or any(value is None for _, value in new):
        raise ScenarioError(f"{said(path)} = {said(scale.text)}: no number stands there to scale; give one")
    if scale.factor != 1 and all(value == one.value for one, value in new):
        raise ScenarioError(
            f"{said(path)} = {said(scale.text)}: leaves everything as it is (0, or rounded to whole numbers);"
            " give the number itself"
        )
    for one, value in new:
        _set(data, list(one.steps), value, "", _root())
        if one.steps[-1] == "count":
            _call_no_more(data, one.steps)


def _call_no_more(data: dict[str, Any], steps: tuple[str, ...]) -> None:
    """Where fewer people are left, no more than they are on call."""
    for _, called, _ in _found(data, [*steps[:-1], "on_call"], "", _root(), []):
        count = next(_found(data, list(steps), "", _root(), [])).value
        most = max(count) if isinstance(count, list) else count
        if called > most:
            _set(data, [*steps[:-1], "on_call"], most, "", _root())


def _places(data: dict[str, Any], one: Found) -> int:
    """Units or cells over which a whole number that may be a list can be spread."""
    if not any(get_origin(kind) is tuple for kind in get_args(one.may_be)):
        return 1
    if one.steps[0] == "territory":
        return int(data["territory"]["cells"])
    return next((int(tier["units"]) for tier in data["tiers"] if tier["name"] == one.steps[1]), 1)


def _found(here: Any, steps: list[str], last: str, model: Any, path: list[str]) -> Iterator[Found]:
    """Find what a path names below `here`; what is absent has the value that absent means."""
    step, rest = steps[0], steps[1:]
    if isinstance(here, list):
        for number, item in enumerate(here):
            if rest and step in ("*", name := _name_of(item, last, number)):
                yield from _found(item, rest, "", model, [*path, name])
        return
    for key in (list(here) if step == "*" else [step]) if isinstance(here, dict) else []:
        is_part = isinstance(model, type) and issubclass(model, BaseModel)
        field = _field(model, key) if is_part else model
        value = here.get(key, _absent(model, key) if is_part else None)
        if not rest and field is not None:
            yield Found((*path, key), value, field)
        elif rest and isinstance(value, (dict, list)):
            inner = _model_in(field)
            yield from _found(value, rest, key, field if inner in (None, dict) else inner, [*path, key])


def _absent(model: type[BaseModel], key: str) -> Any:
    """The value that an absent key of a part means; None where it means that something does not happen."""
    field = model.model_fields.get(key)
    return None if field is None or field.is_required() else _value(field.get_default(call_default_factory=True))


def flattened(data: dict[str, Any], changes: Mapping[str, Any]) -> list[str]:
    """Say which changes put one value where different ones stood.

    Parameters
    ----------
    data
        A scenario's data.
    changes
        As for `apply_changes`, which takes them.
    """
    sentences = []
    for path, value in changes.items():
        steps = str(path).split(".")
        if "*" not in steps or value is None or scale_of(value) is not None:
            continue
        found = _found(data, steps, "", _root(), [])
        different = {json.dumps(_even(one.value), sort_keys=True, default=str) for one in found}
        if len(different) > 1:
            sentences.append(
                f"{path}: one value replaces {len(different)} different ones. To keep them apart, write {WRITTEN}."
            )
    return sentences


def _even(value: Any) -> Any:
    """The same number is the same value, whole or not."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
