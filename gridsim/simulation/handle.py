"""One handle for all arrays of the compiled engine.

Passed as a tuple, each of the seventy arrays would be counted in and out at every call of a function, which costs
fifty times what the events cost. The handle is an address: nothing is counted.
"""

from __future__ import annotations

import sys
from typing import Any

# isort: off
from .jit import FOLDER, entry  # first, because it sets how numba optimises

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model

# isort: on

from .kernel import begin, goes_on, play
from .world import World


class Handle(types.Type):  # type: ignore[misc]
    """The type of the handle: a pointer to the arrays of a world."""

    def __init__(self, arrays: Any) -> None:
        self.arrays = arrays
        super().__init__(f"Handle({arrays})")


@register_model(Handle)
class _Pointer(models.PrimitiveModel):  # type: ignore[misc]
    """How the handle is passed: as an address, of which nothing is counted."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, manager.lookup(kind.arrays).get_data_type().as_pointer())


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    """The handle has the fields of a world."""

    key = Handle

    def generic_resolve(self, handle: Any, field: str) -> Any:
        """The type of a field."""
        return handle.arrays[World._fields.index(field)] if field in World._fields else None


@lower_getattr_generic(Handle)
def _field(context: Any, builder: Any, kind: Any, handle: Any, field: str) -> Any:
    """Read a field; it is counted in as numba counts it out, and the optimiser strikes out both."""
    place = World._fields.index(field)
    array = kind.arrays[place]
    model = context.data_model_manager[array]
    value = model.load_from_data_pointer(builder, cgutils.gep_inbounds(builder, handle, 0, place))
    return impl_ret_borrowed(context, builder, array, value)


@intrinsic  # type: ignore[untyped-decorator]
def _handle_of(_: Any, arrays: Any) -> Any:
    """A handle of arrays, which its caller keeps: they are read without their owners, so nothing is counted."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        models = context.data_model_manager
        place = cgutils.alloca_once(builder, models[signature.args[0]].get_data_type())
        for number, kind in enumerate(signature.args[0]):
            array = context.make_array(kind)(context, builder, value=builder.extract_value(args[0], number))
            array.meminfo = ir.Constant(array.meminfo.type, None)
            array.parent = ir.Constant(array.parent.type, None)
            data = models[kind].as_data(builder, array._getvalue())
            builder.store(data, cgutils.gep_inbounds(builder, place, 0, number))
        return place

    return Handle(types.Tuple(tuple(arrays)))(arrays), codegen


@entry
def _play_all(world: Any, until: int, begun: bool) -> None:
    handle = _handle_of(world)
    if begun:
        goes_on(handle)
    else:
        begin(handle)
    play(handle, until)


def play_all(world: World, until: int, begun: bool = False) -> None:
    """Play all events up to an instant, compiled where there is a compiler; begun: after a switch of the plan."""
    if numba.config.DISABLE_JIT:
        goes_on(world) if begun else begin(world)
        play(world, until)
    elif _play_all.signatures:
        _play_all(world, until, begun)
    else:
        _compile_and_play(world, until, begun)


def _compile_and_play(world: World, until: int, begun: bool) -> None:
    """The first run of a process: load what is compiled, or compile it and say so."""
    if not FOLDER.exists() and sys.stderr is not None and sys.stderr.isatty():
        print("gridsim compiles its engine, once for this version (about half a minute) ...", file=sys.stderr)  # noqa: T201
    _play_all(world, until, begun)
