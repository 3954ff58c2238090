"""How the engine is compiled: every rule as it stands, a cache that knows the sources, plain Python without a JIT."""

from __future__ import annotations

import hashlib
import inspect
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any, TypeVar

# Higher levels of optimisation take six times as long to compile the engine, which then runs no faster. The
# level is read once, when numba is first imported.
_ours = "NUMBA_OPT" not in os.environ
os.environ.setdefault("NUMBA_OPT", "1")

import numba  # noqa: E402
from numba.extending import register_jitable  # noqa: E402

from . import rules  # noqa: E402

if _ours:
    del os.environ["NUMBA_OPT"]

Function = TypeVar("Function", bound=Callable[..., Any])
SOURCES = ("rules.py", "events.py", "jit.py", "kernel.py", "waiting.py", "calendar.py", "handle.py", "world.py")


def sources_digest() -> str:
    """Hash of everything that is compiled: an edited rule never runs stale."""
    folder = Path(__file__).parent
    digest = hashlib.sha256(numba.__version__.encode())
    for name in SOURCES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Where compiled code is kept: a folder per hash of the sources."""
    home = Path.home() / ".cache"
    try:
        home.mkdir(exist_ok=True)
    except OSError:
        home = Path(gettempdir())
    return home / "gridsim" / sources_digest()[:16]


FOLDER = cache_folder()


def compiled(function: Function) -> Function:
    """Compile a function of the engine; it releases the lock of the interpreter while it runs."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(FOLDER)
    try:
        result: Function = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # no folder can be written: compile for this process alone
        result = numba.njit(nogil=True, error_model="numpy")(function)
    finally:
        numba.config.CACHE_DIR = before
    return result


for _, _rule in inspect.getmembers(rules, inspect.isfunction):
    if _rule.__module__ == rules.__name__:
        register_jitable(_rule)
