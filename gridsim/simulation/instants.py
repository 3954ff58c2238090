"""Whole nanoseconds at the border: hours become instants where they come in, and hours again where they go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .rules import HOUR, LONGEST_HOURS, MICRO_HOUR, NEVER, UNSET, nanoseconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Instants = NDArray[np.int64]

DAY = 24 * HOUR


def of_days(days: float) -> int:
    """Give a number of days in nanoseconds; a decimal number of up to six digits as it is written."""
    micro = round(days * 1e6)
    return micro * 24 * MICRO_HOUR if micro / 1e6 == days else nanoseconds(days * 24.0)


def of_hours(hours: Any) -> Instants:
    """Give hours in nanoseconds, as `rules.nanoseconds` does; infinity, and more than any run, is never.

    Parameters
    ----------
    hours
        Numbers, none of them nan.
    """
    given = np.asarray(hours, dtype=np.float64)
    ends = given < LONGEST_HOURS
    finite = np.where(ends, given, 0.0)
    micro = np.floor(finite * 1e6 + 0.5)
    result = np.floor(finite * HOUR + 0.5).astype(np.int64)
    decimal = micro / 1e6 == finite
    if decimal.any():
        result = np.where(decimal, micro.astype(np.int64) * MICRO_HOUR, result)
    return result if ends.all() else np.where(ends, result, NEVER)


def in_hours(time: Any) -> Floats:
    """Give instants or durations in hours: nan for what has not happened, infinity for what never does."""
    given = np.asarray(time, dtype=np.int64)
    hours = given / HOUR
    return np.where(given == UNSET, np.nan, np.where(given == NEVER, np.inf, hours))


def as_hours(time: int) -> float:
    """Give one instant or duration in hours."""
    return float(in_hours(time))
