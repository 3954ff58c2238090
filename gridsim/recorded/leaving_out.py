"""Rows that a planner leaves out, by a column and its value: duplicates, cancelled calls; and days that look like mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scenario.errors import ScenarioError, nearest
from ..scenario.given import shown
from .reading.headers import heading_like

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

YEAR, DAYS_A_YEAR = 365, 365.25
FEW, NAMED = 0.01, 3  # share of the requests that may be strays; how many are named
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


def said_of_strays(column: str, given: pd.Series[str], opened: pd.Series[pd.Timestamp]) -> list[str]:
    """Name the few requests that lie a year and more from all others: they stretch the days of the run.

    Parameters
    ----------
    column
        The column of the openings, as the file names it.
    given
        Its cells, as they are written, of the requests that are used.
    opened
        The same as times.
    """
    order = np.argsort(opened.to_numpy(), kind="stable")
    days = opened.dt.normalize().to_numpy()[order].astype("datetime64[D]").astype(np.int64)
    gaps, few = np.diff(days), max(1, int(FEW * len(days)))
    early = max((k + 1 for k in np.flatnonzero(gaps >= YEAR) if k < few), default=0)
    late = min((k + 1 for k in np.flatnonzero(gaps >= YEAR) if k + 1 >= len(days) - few), default=len(days))
    if early >= late:  # two or three requests in all: none of them is the rule
        return []
    strays = [(row, "before", days[early] - days[row]) for row in range(early)]
    strays += [(row, "after", days[row] - days[late - 1]) for row in range(late, len(days))]
    said = [_said_of_a_stray(column, str(given.iloc[order[row]]).strip(), which, int(away / DAYS_A_YEAR) or 1)
            for row, which, away in strays[:NAMED]]  # fmt: skip
    rest = len(strays) - len(said)
    return said + ([f"{rest:,} more requests lie as far from the others."] if rest else [])


def _said_of_a_stray(column: str, value: str, which: str, years: int) -> str:
    far = "a year" if years == 1 else f"{years} years"
    option = f"{column}={value}".replace('"', '\\"')
    return (
        f"The request of {value} lies {far} {which} the others and stretches the run. Correct it, or leave it out:"
        f' --leave-out "{option}".'
    )
