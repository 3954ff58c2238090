"""One pointer for all arrays of the compiled engine.

Passed as a tuple, each of the seventy arrays would be counted in and out at every call of a function, which costs
fifty times what the events cost. The pointer is an address: nothing is counted.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Lock
from typing import Any

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model

from .closing import close_books
from .code_folder import CHOSEN, drop, is_sealed, seal
from .compile import entry
from .kernel import begin, goes_on, play
from .rows import as_rows
from .world import World

_ONE_AT_A_TIME = Lock()  # threads that begin together compile once


class Pointer(types.Type):  # type: ignore[misc]
    """The type of the pointer: a pointer to the arrays of a world."""

    def __init__(self, arrays: Any) -> None:
        self.arrays = arrays
        super().__init__(f"Pointer({arrays})")


@register_model(Pointer)
class _Address(models.PrimitiveModel):  # type: ignore[misc]
    """How the pointer is passed: as an address, of which nothing is counted."""

    def __init__(self, manager: Any, pointer: Any) -> None:
        super().__init__(manager, pointer, manager.lookup(pointer.arrays).get_data_type().as_pointer())


@infer_getattr
class _Fields(AttributeTemplate):  # type: ignore[misc]
    """The pointer has the fields of a world."""

    key = Pointer

    def generic_resolve(self, pointer: Any, field: str) -> Any:
        """The type of a field."""
        return pointer.arrays[World._fields.index(field)] if field in World._fields else None


@lower_getattr_generic(Pointer)
def _field(context: Any, builder: Any, pointer: Any, address: Any, field: str) -> Any:
    """Read a field; it is counted in as numba counts it out, and the optimiser strikes out both."""
    place = World._fields.index(field)
    array = pointer.arrays[place]
    model = context.data_model_manager[array]
    value = model.load_from_data_pointer(builder, cgutils.gep_inbounds(builder, address, 0, place))
    return impl_ret_borrowed(context, builder, array, value)


@intrinsic  # type: ignore[untyped-decorator]
def _pointer_to(_: Any, arrays: Any) -> Any:
    """A pointer of arrays, which its caller keeps: they are read without their owners, so nothing is counted."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        models = context.data_model_manager
        place = cgutils.alloca_once(builder, models[signature.args[0]].get_data_type())
        for number, array_type in enumerate(signature.args[0]):
            array = context.make_array(array_type)(context, builder, value=builder.extract_value(args[0], number))
            array.meminfo = ir.Constant(array.meminfo.type, None)
            array.parent = ir.Constant(array.parent.type, None)
            data = models[array_type].as_data(builder, array._getvalue())
            builder.store(data, cgutils.gep_inbounds(builder, place, 0, number))
        return place

    return Pointer(types.Tuple([as_rows(array) for array in arrays]))(arrays), codegen


@entry
def _play_all(world: Any, until: int, begun: bool, ends: bool) -> None:
    pointer = _pointer_to(world)
    if begun:
        goes_on(pointer)
    else:
        begin(pointer)
    play(pointer, until)
    if ends:
        close_books(pointer)


def play_all(world: World, until: int, begun: bool = False, ends: bool = False) -> None:
    """Play all events up to an instant, compiled where there is a compiler.

    Parameters
    ----------
    world
        The arrays of the run.
    until
        The instant.
    begun
        Whether it goes on after a switch of the plan.
    ends
        Whether the run is over then.
    """
    if numba.config.DISABLE_JIT:
        goes_on(world) if begun else begin(world)
        play(world, until)
        if ends:
            close_books(world)
    else:
        if not _play_all.signatures:
            _get_ready(world, until, begun, ends)
        _play_all(world, until, begun, ends)


def folder_of_code() -> Path | None:
    """Where the compiled engine is kept; None if it is for this process alone, or there is no compiler."""
    kept_in = None if numba.config.DISABLE_JIT else _play_all.stats.cache_path
    return Path(kept_in) if kept_in else None


def _get_ready(*given: Any) -> None:
    """The first run of a process: load what is compiled and whole, or compile it and say so."""
    with _ONE_AT_A_TIME:
        if _play_all.signatures:
            return
        folder = folder_of_code()
        if folder is None:
            _say("gridsim finds no folder of your own for its compiled engine: each process compiles it."
                 f" Name one with {CHOSEN}.")  # fmt: skip
        elif not is_sealed(folder):
            if drop(folder):
                _say("The compiled engine that was kept is damaged or only half there: it is compiled again.")
            elif sys.stderr is not None and sys.stderr.isatty():
                _say("gridsim compiles its engine, once for this version (about a quarter of a minute) ...")
        try:
            _play_all.compile(tuple(numba.typeof(one) for one in given))
        except OSError as error:  # it is compiled then, and could only not be kept
            if not _play_all.signatures:
                raise
            _say(f"The compiled engine cannot be kept ({error.strerror or error}): it is compiled again next time.")
        if folder is not None and _play_all.stats.cache_misses:
            seal(folder)


def _say(sentence: str) -> None:
    if sys.stderr is not None:
        print(sentence, file=sys.stderr)  # noqa: T201
