"""Recorded problems: what arose where and when last year, to be replayed under another hierarchy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import ScenarioError, nearest

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from .scenario import Scenario

Floats = NDArray[np.float64]
TIMES = ("time", "arises_at")


@dataclass(frozen=True)
class Records:
    """Problems as they were recorded, sorted by time; nothing in it can be changed.

    Parameters
    ----------
    types
        Names of the problem types.
    time
        Hours of local wall time since the Monday 00:00 on or before the first record, shape (records,).
    type
        Number of each problem's type in `types`.
    cell
        Number of each problem's cell; None where coordinates say it.
    x, y
        Place in km from the corner of the lattice; None where the cell is all that is known.
    start
        The Monday of time 0; None where it is not known.
    """

    types: tuple[str, ...]
    time: Floats
    type: NDArray[np.int16]
    cell: NDArray[np.int32] | None = None
    x: Floats | None = None
    y: Floats | None = None
    start: date | None = None

    def __post_init__(self) -> None:
        if (self.x is None) != (self.y is None) or (self.cell is None and self.x is None):
            raise ScenarioError("records: a place is a cell, or both x and y")
        _check_columns(self)
        order = np.lexsort((self.type, self.time))
        for name in ("time", "type", "cell", "x", "y"):
            values = getattr(self, name)
            if values is not None:
                values = values[order]
                values.flags.writeable = False
                object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.time)

    @property
    def days(self) -> float:
        """Whole days from time 0 to the end of the last record's day."""
        return float(np.floor(self.time[-1] / 24.0) + 1.0) if len(self) else 0.0

    @cached_property
    def digest(self) -> str:
        """Hash of all that is replayed."""
        digest = hashlib.sha256("\n".join(self.types).encode())
        for name in ("time", "type", "cell", "x", "y"):
            values = getattr(self, name)
            digest.update(f"|{name}|".encode() + (b"" if values is None else values.tobytes()))
        return digest.hexdigest()

    def for_scenario(self, scenario: Scenario) -> NDArray[np.int16]:
        """Give the number that each record's type has in a scenario.

        Raises
        ------
        ScenarioError
            If the scenario lacks a type, or a cell.
        """
        known = [problem.type for problem in scenario.problems]
        for name in (self.types[number] for number in np.unique(self.type)):
            if name not in known:
                raise ScenarioError(
                    f"records: type {name!r} is not one of {scenario.name}'s: {_some(known)}{nearest(name, known)}"
                )
        cells = scenario.territory.cells
        if self.cell is not None and len(self) and int(self.cell.max()) >= cells:
            raise ScenarioError(
                f"records: cell {int(self.cell.max())} is not in {scenario.name}; allowed are 0 to {cells - 1}"
            )
        number = np.array([known.index(name) if name in known else -1 for name in self.types], np.int16)
        return np.asarray(number[self.type], dtype=np.int16)


def _numbers(name: str, given: Any, kind: str) -> NDArray[Any]:
    """Numbers of a column as they are kept; what a kind of number cannot hold is refused, not cut.

    Raises
    ------
    ScenarioError
        If one is no such number.
    """
    try:
        plain = np.asarray(given)
        if plain.dtype.kind == "c":
            raise TypeError
        values = plain.astype("f8")
        if kind != "f8" and not (np.isfinite(values).all() and (values == np.floor(values)).all()):
            raise ScenarioError(f"records: {name} holds a value that is not a whole number")
        if kind != "f8" and len(values) and np.abs(values).max() > np.iinfo(kind).max:
            raise ScenarioError(f"records: {name} = {values.max():.0f}: allowed are up to {np.iinfo(kind).max:,}")
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError(f"records: {name} holds a value that is not a number") from None
    return np.array(values, dtype=kind)


def _check_columns(records: Records) -> None:
    """Times are not negative, numbers are finite, and every column has one value per record."""
    for name, kind in (("time", "f8"), ("type", "i2"), ("cell", "i4"), ("x", "f8"), ("y", "f8")):
        values = getattr(records, name)
        if values is None:
            continue
        values = _numbers(name, values, kind)
        if values.shape != (len(records.time),):
            raise ScenarioError(f"records: {name} has shape {values.shape}; allowed is one value per time")
        if not np.isfinite(values).all():
            raise ScenarioError(f"records: {name} holds a value that is not a finite number")
        if name in ("time", "cell", "type") and len(values) and values.min() < 0:
            raise ScenarioError(f"records: {name} = {values.min()}: must not be negative")
        object.__setattr__(records, name, values)
    if len(records.type) and int(records.type.max()) >= len(records.types):
        raise ScenarioError(f"records: type {int(records.type.max())} has no name; there are {len(records.types)}")


def as_records(given: Any) -> Records | None:
    """Take records as they are, or make them from a table with a time, a type and a place.

    Parameters
    ----------
    given
        Records; or a pandas DataFrame with the columns `time` (or `arises_at`; hours, or local dates and times),
        `type`, and `cell` or `x` and `y` (km); or None.

    Raises
    ------
    ScenarioError
        If it is neither, or a column is missing.
    """
    if given is None or isinstance(given, Records):
        return given
    if not hasattr(given, "columns"):
        raise ScenarioError(f"records = {type(given).__name__}: allowed are gridsim.Records or a pandas DataFrame")
    return _from_frame(given)


def _from_frame(frame: pd.DataFrame) -> Records:
    import pandas as pd

    names = [str(name) for name in frame.columns]
    if twice := next(
        (name for name in names if name in (*TIMES, "type", "cell", "x", "y") and names.count(name) > 1), ""
    ):
        raise ScenarioError(f"records: there are two columns {twice}; leave one out")
    time = next((name for name in TIMES if name in names), None)
    if time is None or "type" not in names or not ({"cell"} <= set(names) or {"x", "y"} <= set(names)):
        raise ScenarioError(f"records: needs columns time, type, and cell or x and y; there are {_some(names)}")
    if frame[[time, "type"]].isna().to_numpy().any():
        raise ScenarioError("records: a time or a type is missing")
    codes, types = pd.factorize(frame["type"].astype(str), sort=True)
    hours, start = _hours(frame[time])
    places = {name: _numbers(name, frame[name].to_numpy(), "f8") for name in ("cell", "x", "y") if name in names}
    by_cell = "cell" in places
    return Records(
        tuple(types), hours, codes.astype(np.int16),
        _cell_numbers(places["cell"]) if by_cell else None,
        places.get("x") if not by_cell or "y" in places else None,
        places.get("y") if not by_cell or "x" in places else None,
        start,
    )  # fmt: skip


def _cell_numbers(values: Floats) -> NDArray[np.int32]:
    if not (np.isfinite(values).all() and (values == np.floor(values)).all() and (abs(values) < 2**31).all()):
        raise ScenarioError("records: cell holds a value that is not a whole number")
    return values.astype(np.int32)


def _hours(times: pd.Series[Any]) -> tuple[Floats, date | None]:
    """Hours since the Monday on or before the first; numbers are hours already."""
    import pandas as pd

    if pd.api.types.is_numeric_dtype(times):
        return _numbers("time", times.to_numpy(), "f8"), None
    try:
        when = pd.to_datetime(times)
    except (ValueError, TypeError) as error:
        raise ScenarioError(f"records: time holds what is no date and time ({str(error).splitlines()[0]})") from None
    if getattr(when.dt, "tz", None) is not None:
        when = when.dt.tz_localize(None)  # local wall time as it is written
    monday = monday_before(when.min().date()) if len(when) else None
    if monday is None:
        return np.empty(0), None
    return np.asarray((when - pd.Timestamp(monday)) / pd.Timedelta(hours=1), dtype=np.float64), monday


def monday_before(day: date) -> date:
    """The Monday on or before a day."""
    from datetime import timedelta

    return day - timedelta(days=day.weekday())


def _some(names: list[str], most: int = 12) -> str:
    listed = ", ".join(names[:most])
    return listed + (f" and {len(names) - most} more" if len(names) > most else "")
