"""How the engine is compiled: every rule as it stands, a cache that knows the sources, plain Python without a JIT."""

from __future__ import annotations

import hashlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.extending import register_jitable

from .. import rules
from .code_folder import code_folder
from .linking import options

Function = TypeVar("Function", bound=Callable[..., Any])
# What the names of types in a signature stand for.
WIDE = {"int": numba.int64, "float": numba.float64, "bool": numba.boolean}
SMALL = 300  # bytes of Python's code; what is smaller is put where it is called
HERE = Path(__file__).parent
OF_INNER, OF_ENTRY = options()
CALLED_BY_COMPILED = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **OF_INNER}
COMPILED = [HERE.parent / "rules.py", HERE.parent / "events.py", *sorted(HERE.glob("*.py"))]


def sources_digest() -> str:
    """Hash of everything that is compiled: an edited rule never runs stale."""
    digest = hashlib.sha256(numba.__version__.encode())
    for file in COMPILED:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _name_of_folder() -> str:
    """A folder per hash of the sources and version of Python."""
    return f"{sources_digest()[:16]}-{sys.version_info[0]}.{sys.version_info[1]}"


def compiled(function: Function) -> Function:
    """Compile a function that other compiled functions call, once, for the types that its signature names.

    Whole numbers of all widths, and constants, would else each ask for a version of their own, and the engine
    would take four times as long to compile.
    """
    if numba.config.DISABLE_JIT:
        return function
    small = len(function.__code__.co_code) <= SMALL
    result: Any = numba.njit(nogil=True, error_model="numpy", forceinline=small, **CALLED_BY_COMPILED)(function)
    named = [WIDE.get(parameter.annotation) for parameter in inspect.signature(function).parameters.values()]
    template = result.get_call_template

    def for_named_types(args: tuple[Any, ...], kws: Any) -> Any:
        return template(tuple(wide or given for wide, given in zip(named, args, strict=True)), kws)

    result.get_call_template = for_named_types
    return result  # type: ignore[no-any-return]


def entry(function: Function) -> Function:
    """Compile a function that Python calls, with all that it calls; it releases the lock of the interpreter."""
    folder = code_folder(_name_of_folder())
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder or "")
    try:
        result: Function = numba.njit(cache=folder is not None, nogil=True, error_model="numpy", **OF_ENTRY)(function)
    finally:
        numba.config.CACHE_DIR = before
    return result


for _, _rule in inspect.getmembers(rules, inspect.isfunction):
    if _rule.__module__ == rules.__name__:
        register_jitable(forceinline=True, **CALLED_BY_COMPILED)(_rule)
