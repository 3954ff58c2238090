"""Time limits of a type, from its records: taken only where they agree on one length and one clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ENOUGH = 10  # requests with a limit
AGREED = 0.5  # share of them that must have the same for it to be the limit of the type
NEAR = 0.1  # hours by which limits of one type may differ and still be the same
WORKING_DAYS = [[0.0, 24.0]]
CLOCKS: dict[str, Any] = {
    "calendar": None,
    "office": [[8.5, 12.0], [14.0, 17.5]],
    "8:30 to 16:30": [[8.5, 16.5]],
    "9 to 17": [[9.0, 17.0]],
    "8 to 17": [[8.0, 17.0]],
    "working days": WORKING_DAYS,
}


def limit_of(rows: pd.DataFrame, name: str) -> tuple[dict[str, Any], str]:
    """The limit of a type, and a sentence: its hours, clock and agreement, or why none is taken.

    Parameters
    ----------
    rows
        The requests of the type: columns opened, limit, and limit_hour_known.
    name
        The type.
    """
    both = rows.loc[
        rows["limit"].notna() & (rows["limit"] > rows["opened"].dt.normalize()), ["opened", "limit", "limit_hour_known"]
    ]
    if len(both) < ENOUGH:
        few = "no request has one" if not len(both) else f"only {len(both)} requests have one, and {ENOUGH} are needed"
        return {}, f"Limit of {name}: none taken; {few}."
    days = not both["limit_hour_known"].any()
    if days:  # a limit that is a day is counted from the day of opening
        both = both.assign(opened=both["opened"].dt.normalize())
    clocks = ("calendar", "working days") if days else tuple(CLOCKS)
    best = max(clocks, key=lambda clock: agreement(both, CLOCKS[clock])[0])
    share, hours = agreement(both, CLOCKS[best])
    if share < AGREED or hours < 0.01:
        why = (
            f"the commonest fits {100 * share:.0f} % of requests, less than half"
            if share < AGREED
            else "most end as they open"
        )
        return {}, f"Limit of {name}: none taken; {why}."
    said = f"Limit of {name}: {hours:g} h on the clock '{best}' ({100 * share:.0f} % agree)."
    return {"limit_hours": round(hours, 3), "limit_clock": _hours_of(best)}, said


def _hours_of(clock: str) -> Any:
    if clock in ("calendar", "office"):
        return clock
    return {"windows": CLOCKS[clock], "days": [0, 1, 2, 3, 4]}


def agreement(both: pd.DataFrame, windows: Any) -> tuple[float, float]:
    """The share of limits that are within a tenth of an hour of the commonest one, and that one, on a clock."""
    start, end = (both[name].to_numpy("datetime64[s]").astype(np.int64) / 3600.0 - 96.0 for name in ("opened", "limit"))
    hours = end - start if windows is None else inside(end, windows) - inside(start, windows)
    ordered = np.sort(hours)
    near = np.searchsorted(ordered, ordered + NEAR, side="right") - np.arange(len(ordered))
    k = int(np.argmax(near))
    return float(near[k] / len(ordered)), round(float(np.median(ordered[k : k + near[k]])), 3)


def inside(time: Floats, windows: Sequence[Sequence[float]]) -> Floats:
    """Hours inside windows of Monday to Friday until a time (hours since a Monday)."""
    week, rest = np.divmod(time, 168.0)
    day, hour = np.divmod(rest, 24.0)
    length = sum(end - start for start, end in windows)
    today = sum(np.clip(hour, start, end) - start for start, end in windows)
    return np.asarray(week * 5.0 * length + np.minimum(day, 5.0) * length + np.where(day < 5.0, today, 0.0))
