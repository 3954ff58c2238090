"""Key paths: tiers.grid.staff.fire.count names one value of a scenario; parts are named, surges numbered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel

NAME_OF = {"tiers": "name", "staff": "role", "problems": "type"}
DEEPEST = 16  # steps; no key of a scenario has half as many


def key_path(location: tuple[Any, ...], data: Any) -> str:
    """Turn a location of keys and list positions into a key path with the names of the parts."""
    path: list[str] = []
    here, last = data, ""
    for step in location:
        if isinstance(step, int) and isinstance(here, (list, tuple)) and step < len(here):
            here = here[step]
            path.append(_name_of(here, last, step))
        elif isinstance(here, dict) and step in here:
            here, last = here[step], str(step)
            path.append(last)
        elif isinstance(step, str) and _is_alternative(step):
            continue  # which alternative of a value was tried
        else:
            path.append(str(step))
    return ".".join(path)


def _is_alternative(step: str) -> bool:
    """Whether pydantic names a kind of value here, such as `Hours`, `constrained-int` or `tuple[...]`."""
    return step[:1].isupper() or "[" in step or step.startswith("constrained-") or step in ("float", "int", "tuple")


def _root() -> Any:
    from .scenario import Scenario

    return Scenario


def _set(here: Any, steps: list[str], value: Any, last: str, model: Any) -> bool:
    """Set a value below `here`; say whether the path exists."""
    step, rest = steps[0], steps[1:]
    if isinstance(here, list):
        found = [k for k, item in enumerate(here) if step in ("*", _name_of(item, last, k))]
        if not rest:
            if value is None:
                for k in reversed(found):
                    del here[k]
            else:
                for k in found:
                    here[k] = _value(value)
            return bool(found)
        return any([_set(here[k], rest, value, "", model) for k in found])  # noqa: C419 (each that has the key is set)
    if not isinstance(here, dict):
        return False
    if step == "*":
        return any([_set(here, [key, *rest], value, last, model) for key in list(here) if key != "*"])  # noqa: C419
    field = _field(model, step)
    if field is None and step not in here:
        return False
    if not rest:
        if value is None:
            here.pop(step, None)
        else:
            here[step] = _value(value)
        return True
    inner = _model_in(field)
    if not isinstance(here.get(step), (dict, list)):
        if step not in here and inner is None and field is not dict:
            return False
        here[step] = {}
    return _set(here[step], rest, value, step, inner if inner is not None else dict)


def _value(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_none=True)
    if isinstance(value, tuple):
        return list(value)
    return value.item() if hasattr(value, "item") and not hasattr(value, "__len__") else value


def _name_of(item: Any, last: str, number: int) -> str:
    """The name of a part of a list; its number where parts have no names, or this one has none that is a word."""
    name = item.get(NAME_OF.get(last, "")) if isinstance(item, dict) else None
    return name if isinstance(name, str) else str(number)


def _field(model: Any, step: str) -> Any:
    """The annotation of a key of a part; None where the part has no such key."""
    if model is dict:
        return float
    if isinstance(model, type) and issubclass(model, BaseModel) and step in model.model_fields:
        return model.model_fields[step].annotation
    return None


def _model_in(annotation: Any) -> Any:
    """The part inside an annotation such as `Leader | None` or `tuple[Tier, ...]`; dict for a table by tier."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is dict or annotation is dict:
        return dict
    inner = [_model_in(item) for item in get_args(annotation) if item is not None]
    parts = [item for item in inner if item is not None]
    return parts[0] if parts else None


def _all_paths(data: dict[str, Any]) -> list[str]:
    return sorted({".".join(path) for path in _walk(data, _root(), "", 0)})


def _walk(here: Any, model: Any, last: str, depth: int) -> Iterator[list[str]]:
    if isinstance(here, list):
        for number, item in enumerate(here):
            for path in _walk(item, model, "", depth + 1):
                yield [_name_of(item, last, number), *path]
        return
    if isinstance(here, dict) and depth < 8:
        keys = set(here)
        if isinstance(model, type) and issubclass(model, BaseModel):
            keys |= set(model.model_fields)
        for key in keys:
            yield [key]
            field = _field(model, key) if model is not dict else None
            inner = _model_in(field)
            below = here.get(key, {} if inner not in (None, dict) and get_origin(field) is not tuple else None)
            if isinstance(below, (dict, list)) and below is not None:
                for path in _walk(below, inner or dict, key, depth + 1):
                    yield [key, *path]


def values_at(data: dict[str, Any], pattern: str | None) -> dict[str, Any]:
    """Find the values that a key path names, by concrete key path; without a path, all of them.

    Parameters
    ----------
    data
        A scenario's data.
    pattern
        A key path, `*` allowed.
    """
    steps = None if pattern is None else pattern.split(".")
    return {
        ".".join(path): value
        for path, value in _leaves(data, "")
        if steps is None or (len(path) == len(steps) and all(s in ("*", p) for s, p in zip(steps, path, strict=True)))
    }


def _leaves(here: Any, last: str) -> Iterator[tuple[list[str], Any]]:
    """All values that are not parts, with their key paths."""
    if isinstance(here, dict) and last != "sources":
        items = [(str(key), value, str(key)) for key, value in here.items()]
    elif isinstance(here, list) and any(isinstance(item, dict) for item in here):
        items = [(_name_of(item, last, number), item, "") for number, item in enumerate(here)]
    else:
        yield [], here
        return
    for name, value, key in items:
        for path, leaf in _leaves(value, key):
            yield [name, *path], leaf
