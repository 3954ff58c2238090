"""Arrays of the engine in which -1 is no place: an index counts from the front, and nothing is looked up for one that does not.

numba lets a negative index count from the end, as Python does, and asks at every access whether it is negative; the
engine never counts from the end (its test with bounds checks says so), and the question costs a sixth of its time.
"""

from __future__ import annotations

import operator
from typing import Any

from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing import signature
from numba.extending import lower_builtin, register_model


class Rows(types.Array):
    """The type of an array whose whole numbers of an index are never negative."""


register_model(Rows)(models.ArrayModel)


def as_rows(array: Any) -> Rows:
    """Give the type for an array of a given type."""
    return Rows(array.dtype, array.ndim, array.layout, readonly=not array.mutable, aligned=array.aligned)


def _from_the_front(context: Any, builder: Any, kind: Any, index: Any) -> tuple[Any, Any]:
    """An index as numbers without a sign, with their type."""
    if isinstance(kind, types.Integer):
        return types.uintp, context.cast(builder, index, kind, types.intp)
    if not isinstance(kind, types.BaseTuple):  # type: ignore[attr-defined]
        return kind, index  # a slice
    numbers = [
        _from_the_front(context, builder, one, value)
        for one, value in zip(kind, cgutils.unpack_tuple(builder, index), strict=True)
    ]
    unsigned = types.Tuple([one for one, _ in numbers])  # type: ignore[attr-defined]
    return unsigned, context.make_tuple(builder, unsigned, [value for _, value in numbers])


def _get(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Read an element or a row, as of any array."""
    kind, index = _from_the_front(context, builder, sig.args[1], args[1])
    array = sig.args[0].copy()
    read = context.get_function(operator.getitem, signature(sig.return_type, array, kind))
    return read(builder, (args[0], index))


def _set(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Write an element, as of any array."""
    kind, index = _from_the_front(context, builder, sig.args[1], args[1])
    array = sig.args[0].copy()
    write = context.get_function(operator.setitem, signature(types.none, array, kind, sig.args[2]))
    return write(builder, (args[0], index, args[2]))


for _kind in (types.Integer, types.BaseTuple):  # type: ignore[attr-defined]
    lower_builtin(operator.getitem, Rows, _kind)(_get)
    lower_builtin(operator.setitem, Rows, _kind, types.Any)(_set)
