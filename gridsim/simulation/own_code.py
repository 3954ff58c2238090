"""Code of a planner's own: where it stands, what it is made of, and names that it may not use."""

from __future__ import annotations

import hashlib
import inspect
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHANCE_AND_CLOCK = frozenset({"random", "secrets", "time", "datetime", "uuid", "default_rng", "urandom"})
MODULES = frozenset({"random", "secrets", "time", "datetime", "uuid", "numpy.random"})
LENGTH = 16  # hexadecimal digits


def place_of(code: Any) -> str:
    """Say in which file and line a function or class begins; empty where nobody knows.

    Parameters
    ----------
    code
        A function or a class.
    """
    try:
        file = inspect.getsourcefile(code)
        line = code.__code__.co_firstlineno if hasattr(code, "__code__") else inspect.getsourcelines(code)[1]
    except (TypeError, OSError):
        return ""
    return f" ({Path(file).name}, line {line})" if file else ""


def digest_of(code: Any) -> str:
    """Hash of a function or class: its code, its defaults, what it closes over and the globals that it names.

    Parameters
    ----------
    code
        A function or a class.
    """
    digest = hashlib.sha256()
    for part in _parts(code, set()):
        digest.update(part + b"\0")
    return digest.hexdigest()[:LENGTH]


def forbidden_names(rule: Any) -> list[str]:
    """Name what a function uses of chance and of the time of day.

    Parameters
    ----------
    rule
        A function; what it calls is looked at too.
    """
    return list(_forbidden(rule, set()))


def _forbidden(code: Any, seen: set[int]) -> Iterator[str]:
    if type(getattr(code, "__self__", None)).__module__.split(".")[0] in {"random", "numpy"}:
        yield str(getattr(code, "__name__", code))
    function = _function(code)
    if function is None or id(function) in seen:
        return
    seen.add(id(function))
    for name, value in _named(function):
        module = value.__name__ if isinstance(value, types.ModuleType) else str(getattr(value, "__module__", "") or "")
        if (
            module in MODULES
            or type(value).__module__.split(".")[0] == "random"
            or "numpy.random" in type(value).__module__
        ):
            yield name
        elif isinstance(value, types.ModuleType):
            if found := CHANCE_AND_CLOCK.intersection(_attributes(function.__code__)):
                yield f"{name}.{min(found)}"
        else:
            yield from _forbidden(value, seen)


def _attributes(code: types.CodeType) -> set[str]:
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= _attributes(constant)
    return found


def _function(code: Any) -> types.FunctionType | None:
    """The plain function in what is given: itself, what numba or functools wraps, or the `__call__` of an object."""
    code = inspect.unwrap(getattr(code, "py_func", code)) if callable(code) else code
    if isinstance(code, types.MethodType):
        code = code.__func__
    if isinstance(code, types.FunctionType):
        return code
    call = None if isinstance(code, type) else vars(type(code)).get("__call__")
    return call if isinstance(call, types.FunctionType) else None


def _named(function: types.FunctionType) -> Iterator[tuple[str, Any]]:
    """What a function closes over and the globals that it names, by name."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=False)
    for name, cell in cells:
        try:
            yield name, cell.cell_contents
        except ValueError:  # not filled yet: a function that names itself
            continue
    for name in sorted(_attributes(function.__code__)):
        if name in function.__globals__:
            yield name, function.__globals__[name]


def _parts(value: Any, seen: set[int]) -> Iterator[bytes]:
    function = _function(value)
    if id(value) in seen or (function is not None and id(function) in seen):
        yield b"seen"
    elif isinstance(value, type):
        seen.add(id(value))
        yield from _parts_of_class(value, seen)
    elif function is not None:
        seen.add(id(function))
        yield from _parts_of_code(function.__code__)
        yield repr((function.__defaults__, function.__kwdefaults__)).encode()
        for name, named in _named(function):
            yield name.encode()
            yield from _parts(named, seen)
        if function is not value and hasattr(value, "__dict__"):
            yield repr(sorted(vars(value).items(), key=lambda item: item[0])).encode()
    elif isinstance(value, types.ModuleType):
        yield value.__name__.encode()
    elif isinstance(value, (set, frozenset)):  # in no order that two processes share
        yield repr(sorted(map(repr, value))).encode()
    elif hasattr(value, "tobytes"):
        yield f"{getattr(value, 'dtype', '')}{getattr(value, 'shape', '')}".encode() + value.tobytes()
    elif " at 0x" in (text := repr(value)):  # it says where it lies, not what it is
        import cloudpickle

        yield cloudpickle.dumps(value)
    else:
        yield text.encode()


def _parts_of_class(one: type, seen: set[int]) -> Iterator[bytes]:
    """A class and those it derives from, as far as they are a planner's own."""
    for base in one.__mro__:
        if base.__module__.split(".")[0] in {"gridsim", "mesa", "builtins"}:
            yield base.__qualname__.encode()
            continue
        for name, value in sorted(vars(base).items()):
            if name in {"__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "__static_attributes__"}:
                continue
            yield name.encode()
            inner = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            yield from _parts(inner, seen)


def _parts_of_code(code: types.CodeType) -> Iterator[bytes]:
    yield code.co_code
    yield repr((code.co_names, code.co_varnames, code.co_freevars)).encode()
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _parts_of_code(constant)
        else:
            yield from _parts(constant, set())
