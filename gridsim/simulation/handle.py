"""One handle for all arrays of the compiled engine.

Passed as a tuple, each of the seventy arrays would be counted in and out at every call of a function, which costs
fifty times what the events cost; behind a handle only the handle is counted.
"""

from __future__ import annotations

import sys
from typing import Any

# isort: off
from .jit import FOLDER, entry  # first, because it sets how numba optimises

import numba
from numba.core import types
from numba.experimental import structref
from numba.extending import intrinsic

# isort: on

from .kernel import begin, play
from .world import World


@structref.register
class WorldType(types.StructRef):  # type: ignore[misc]
    """The type of the handle: one field per array."""

    def preprocess_fields(self, fields: Any) -> Any:
        """Fields have no literal types."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)


class Handle(structref.StructRefProxy):  # type: ignore[misc]
    """The handle as compiled code makes it."""

    def __new__(cls, *arrays: Any) -> Any:
        """Make a handle from the arrays of a world, in their order."""
        return structref.StructRefProxy.__new__(cls, *arrays)


structref.define_proxy(Handle, WorldType, list(World._fields))


@intrinsic
def _borrowed(_: Any, arrays: Any) -> Any:
    """The same arrays without owners, so that reading one from the handle counts nothing; the caller keeps them."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = []
        for number, kind in enumerate(signature.args[0]):
            array = context.make_array(kind)(context, builder, value=builder.extract_value(args[0], number))
            array.meminfo = array.meminfo.type(None)
            array.parent = array.parent.type(None)
            found.append(array._getvalue())
        return context.make_tuple(builder, signature.return_type, found)

    return arrays(arrays), codegen


@entry
def _play_all(world: Any, until: float) -> None:
    handle = Handle(*_borrowed(world))
    begin(handle)
    play(handle, until)


def play_all(world: World, until: float) -> None:
    """Play all events up to a time (hours), compiled where there is a compiler."""
    if numba.config.DISABLE_JIT:
        begin(world)
        play(world, until)
    elif _play_all.signatures:
        _play_all(world, until)
    else:
        _compile_and_play(world, until)


def _compile_and_play(world: World, until: float) -> None:
    """The first run of a process: load what is compiled, or compile it and say so."""
    if not FOLDER.exists() and sys.stderr is not None and sys.stderr.isatty():
        print("gridsim compiles its engine, once for this version (about 15 seconds) ...", file=sys.stderr)  # noqa: T201
    _play_all(world, until)
