"""Rows that a planner leaves out: duplicates, cancelled and information calls, by a column and its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..scenario.errors import ScenarioError, nearest

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LeaveOut = Mapping[str, str | Sequence[str]] | Sequence[str]


def pairs_of(given: LeaveOut | None) -> list[tuple[str, str]]:
    """Columns and values, from COLUMN=VALUE texts or from a mapping of columns to one value or several.

    Raises
    ------
    ScenarioError
        If a text has no equals sign.
    """
    if not given:
        return []
    if isinstance(given, str):
        given = [given]
    if isinstance(given, Mapping):
        several = {name: [values] if isinstance(values, str) else list(values) for name, values in given.items()}
        return [(str(name), str(value).strip()) for name, values in several.items() for value in values]
    return [_pair(str(text)) for text in given]


def _pair(text: str) -> tuple[str, str]:
    """Cut at the last equals sign: a column's name may hold one, a value hardly."""
    name, sign, value = text.rpartition("=")
    if not sign or not name.strip():
        raise ScenarioError(f"leave_out: {text!r}: write it as COLUMN=VALUE")
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
    cells = frame[name].str.strip()
    which = np.asarray(cells.str.casefold() == value.casefold())
    if not which.any():
        known = [str(one) for one in cells.value_counts().index[:50]]
        listed = ", ".join(repr(one) for one in known[:8]) + (", ..." if len(known) > 8 else "")
        raise ScenarioError(f"{file}: no row has {name} = {value!r}{nearest(value, known)}; there are {listed}")
    return which
