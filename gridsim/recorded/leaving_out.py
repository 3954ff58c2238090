"""Rows that a planner leaves out: duplicates, cancelled and information calls, by a column and its value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scenario.errors import ScenarioError, nearest
from ..scenario.given import shown
from .headers import heading_like

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d+)?")
LeaveOut = Mapping[str, str | Iterable[str]] | Iterable[str]


def pairs_of(given: Any) -> list[tuple[str, str]]:
    """Columns and values, from COLUMN=VALUE texts or from a mapping of columns to one value or several.

    Raises
    ------
    ScenarioError
        If a text has no equals sign.
    """
    if given is None:
        return []
    if isinstance(given, str):
        given = [given]
    if isinstance(given, Mapping):
        return [(str(name), _value(one)) for name, values in given.items() for one in _several(values)]
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise ScenarioError(f"leave_out = {shown(given)}: must be texts COLUMN=VALUE, or columns with values")
    return [_pair(text) for text in given]


def _several(values: Any) -> list[Any]:
    return list(values) if isinstance(values, Iterable) and not isinstance(values, str | bytes) else [values]


def _value(value: Any) -> str:
    """A value as it stands in a cell; nothing is an empty one."""
    return "" if value is None else str(value).strip()


def _pair(text: Any) -> tuple[str, str]:
    """Cut at the last equals sign: a column's name may hold one, a value hardly."""
    name, sign, value = text.rpartition("=") if isinstance(text, str) else ("", "", "")
    if not sign or not name.strip():
        raise ScenarioError(f"leave_out: {shown(text)}: write it as COLUMN=VALUE")
    return _bare(name), _bare(value)


def _bare(text: str) -> str:
    plain = text.strip()
    return plain[1:-1] if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'" else plain


def rows_left_out(file: Path, frame: pd.DataFrame, name: str, value: str) -> NDArray[np.bool_]:
    """Which rows have a value in a column; upper and lower case are the same.

    Raises
    ------
    ScenarioError
        If no row has it.
    """
    import pandas as pd

    cells = frame[heading_like(name, list(frame.columns)) or name].str.strip()
    which = np.asarray(cells.str.casefold() == value.casefold())
    if not which.any() and NUMBER.fullmatch(value):
        which = np.asarray(pd.to_numeric(cells, errors="coerce") == float(value))  # 1 is 1.0
    if not which.any():
        known = [str(one) for one in cells.value_counts().index[:50]]
        listed = ", ".join(repr(one) for one in known[:8]) + (", ..." if len(known) > 8 else "")
        raise ScenarioError(f"{file}: no row has {name} = {value!r}{nearest(value, known)}; there are {listed}")
    return which
