"""A scenario from recorded requests: rates, profiles, spread and limits in closed form; what they cannot say is assumed.

Day-to-day spread is that of gamma factors common to all types: with daily counts N and their expectation m,
Var N = m + m^2 cv^2, so cv^2 = sum((N - m)^2 - m) / sum(m^2) (method of moments, Cameron and Trivedi 2013, 3.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scenario.errors import ScenarioError
from .requests import Export, read_export
from ..scenario.records import Records, monday_before
from ..scenario.scenario import Scenario, make
from ..simulation.territory import nearest_cells

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WEEK = 168
MOST_TYPES, OTHER = 20, "other"
ENOUGH_FOR_A_PROFILE = 2000  # rows of a type from which on its hours are its own; fewer take those of all
ENOUGH_LIMITS = 30
KM_A_DEGREE = 111.32
STAFF_WORDS = ("employee", "worker", "staff", "patrol", "inspector", "crew")
CLOCKS: dict[str, Any] = {
    "calendar": None,
    "office": [[8.5, 12.0], [14.0, 17.5]],
    "8:30 to 16:30": [[8.5, 16.5]],
    "9 to 17": [[9.0, 17.0]],
    "8 to 17": [[8.0, 17.0]],
    "working days": [[0.0, 24.0]],
}
NEAR = 0.1  # hours by which limits of one type may differ and still be the same


@dataclass(frozen=True)
class Fitted:
    """A scenario from records, the records themselves, and what was found on the way.

    Parameters
    ----------
    scenario
        The scenario; numbers that records cannot say are marked assumed in its sources.
    records
        What was recorded, to be replayed with `simulate(scenario, records=...)`.
    notes
        What was found and left out, in plain sentences.
    """

    scenario: Scenario
    records: Records
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join([self.scenario.describe(), *self.notes])


def fit(
    path: str | Path,
    columns: Mapping[str, str],
    design: str = "three_tier",
    headcount: int | None = None,
    residents: int | None = None,
    cells: int = 64,
    found_by: Sequence[str] | None = None,
    dates: str | None = None,
) -> Fitted:
    """Make a scenario from an export of recorded requests.

    Parameters
    ----------
    path, columns, dates
        As for `read_export`.
    design, headcount
        The hierarchy, one of `designs()`, and its people; absent: one person for every 300 requests of a year.
    residents
        People who live there; absent: 1,000 a place, assumed.
    cells
        Cells of the lattice, where places are coordinates.
    found_by
        Values of the source column that mean that staff found the problem themselves; absent: those that name
        employees, workers, staff, patrols, inspectors or crews.

    Raises
    ------
    ScenarioError
        If the file cannot be read or used.
    """
    from ..scenario.designs import design as designed

    export = read_export(path, columns, dates)
    notes = [export.said + "."]
    kinds, names = _types(export.rows["type"], notes)
    place = _places(export, cells)
    monday = monday_before(export.rows["opened"].iloc[0].date())
    hours = ((export.rows["opened"] - _stamp(monday)) / _hour()).to_numpy(np.float64)
    records = Records(tuple(names), hours, kinds.astype(np.int16), place.cell, place.x, place.y, monday)
    first = float(np.floor(hours[0] / 24.0) * 24.0)
    data = _data(Path(path), export, records, kinds, hours, names, place, residents, first, found_by, notes)
    base = make(data, None)
    people = headcount or max(
        3 * len(base.tiers), round(len(hours) / max(1.0, records.days - first / 24.0) * 365.0 / 300.0)
    )
    scenario = designed(design, base, people)
    final = scenario.as_data() | {"name": base.name, "description": base.description}
    return Fitted(make(final, None), records, tuple(notes))


@dataclass(frozen=True)
class _Places:
    """Where records lie: their cells, the cells' names or the lattice's corner and side."""

    cell: NDArray[np.int32]
    cells: int
    side: float
    names: tuple[str, ...] | None = None
    corner: tuple[float, float] | None = None
    x: Floats | None = None
    y: Floats | None = None


def _places(export: Export, cells: int) -> _Places:
    import pandas as pd

    if not export.by_coordinates:
        codes, names = pd.factorize(export.rows["place"], sort=True)
        return _Places(codes.astype(np.int32), len(names), 1.0, tuple(map(str, names)))
    latitude, longitude = (export.rows[name].to_numpy(np.float64) for name in ("latitude", "longitude"))
    south, north = np.quantile(latitude, [0.001, 0.999])
    west, east = np.quantile(longitude, [0.001, 0.999])
    x = (longitude - west) * KM_A_DEGREE * np.cos(np.radians((south + north) / 2.0))
    y = (latitude - south) * KM_A_DEGREE
    width = (east - west) * KM_A_DEGREE * np.cos(np.radians((south + north) / 2.0))
    extent = max(float(width), float((north - south) * KM_A_DEGREE), 0.1)
    side = round(extent / np.ceil(np.sqrt(cells)), 4) or 0.1
    x, y = np.clip(x, 0.0, extent), np.clip(y, 0.0, extent)
    return _Places(nearest_cells(x / side, y / side, cells), cells, side, None, (float(south), float(west)), x, y)


def _types(given: pd.Series[str], notes: list[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Types by number, the commonest under their own names, the others together."""
    import pandas as pd

    counts = given.value_counts()
    own = list(counts.index[: MOST_TYPES if len(counts) <= MOST_TYPES else MOST_TYPES - 1])
    names: list[str] = []
    for name in own:
        plain = re.sub(r"[^\w-]+", "_", str(name).lower()).strip("_") or "type"
        while plain in names or plain in (OTHER, "leader"):
            plain += "_2"
        names.append(plain)
    if len(counts) > len(own):
        rows = int(counts.iloc[len(own) :].sum())
        notes.append(f"{len(counts) - len(own)} rarer types ({rows:,} rows) are taken together as 'other'.")
        names.append(OTHER)
    number = pd.Series(range(len(own)), index=own)
    return np.asarray(given.map(number).fillna(len(own)), dtype=np.int64), names


def _data(
    path: Path, export: Export, records: Records, kinds: NDArray[np.int64], hours: Floats, names: list[str],
    place: _Places, residents: int | None, first: float, found_by: Sequence[str] | None, notes: list[str],
) -> dict[str, Any]:  # fmt: skip
    end = records.days * 24.0
    everyone = residents or 1000 * place.cells
    each = max(1, round(everyone / place.cells))
    days = (end - first) / 24.0
    pooled = _profile(records.time, first, end)
    order = np.lexsort((kinds, hours))  # as records are sorted
    problems = []
    for number, name in enumerate(names):
        rows_of = np.flatnonzero(records.type == number)
        time, cell = records.time[rows_of], _cells_of(records)[rows_of]
        own = _profile(time, first, end) if len(time) >= ENOUGH_FOR_A_PROFILE else pooled
        entry: dict[str, Any] = {
            "type": name, "skills": [name], "work_hours": {"mean": 1.0, "cv": 1.0},
            "per_1000_residents_per_day": len(time) / days / (each * place.cells / 1000.0),
            "profile": [round(float(weight), 5) for weight in own],
            "cells": [round(float(w), 5) for w in _weights(cell, place.cells)],
        }  # fmt: skip
        rows = export.rows.iloc[order[rows_of]]
        entry |= _limit(rows, notes if number == 0 else [])
        entry |= _urgency(rows)
        entry |= _hidden(rows, export, found_by)
        problems.append(entry)
    spread = _day_cv(records.time, first, end, pooled)
    notes.append(
        f"Day-to-day spread (day_cv) {spread:.2f}; {len(names)} types in {place.cells} cells over {days:g} days."
    )
    notes.append("Work times cannot be read from closing times: they are assumed (1 h), and can be calibrated.")
    territory: dict[str, Any] = {
        "cells": place.cells,
        "cell_km": place.side,
        "residents_per_cell": each,
        "day_cv": spread,
    }
    if place.names:
        territory["cell_names"] = list(place.names)
    if place.corner:
        territory["corner"] = list(place.corner)
    return {
        "name": re.sub(r"[^\w-]+", "_", path.name.split(".")[0]), "description": f"fitted from {path.name}",
        "run": {"days": records.days, "start": records.start}, "territory": territory, "problems": problems,
        "tiers": _tiers(place.cells), "sources": _sources(path.name, place, residents),
    }  # fmt: skip


def _cells_of(records: Records) -> NDArray[np.int32]:
    assert records.cell is not None
    return records.cell


def _profile(time: Floats, first: float, end: float) -> Floats:
    """Weights of the hours of the week, of mean 1: requests in each hour / how often that hour came."""
    counts = np.bincount(np.floor(time).astype(np.int64) % WEEK, minlength=WEEK).astype(np.float64)
    came = np.bincount(np.arange(int(first), int(end)) % WEEK, minlength=WEEK)
    rates = np.divide(counts, came, out=np.zeros(WEEK), where=came > 0)
    return np.asarray(rates / rates.mean() if rates.any() else np.ones(WEEK))


def _weights(cell: NDArray[np.int32], cells: int) -> Floats:
    counts = np.bincount(cell, minlength=cells).astype(np.float64)
    return np.asarray(counts / counts.mean() if counts.any() else np.ones(cells))


def _day_cv(time: Floats, first: float, end: float, profile: Floats) -> float:
    days = np.arange(int(first // 24), int(end // 24))
    counts = np.bincount((time // 24.0).astype(np.int64), minlength=int(end // 24))[days[0] :].astype(np.float64)
    share = profile.reshape(7, 24).sum(axis=1)[days % 7]
    expected = share * counts.sum() / share.sum()
    square = float(((counts - expected) ** 2 - expected).sum() / (expected**2).sum())
    return round(float(np.sqrt(max(0.0, square))), 4)


def _limit(rows: pd.DataFrame, notes: list[str]) -> dict[str, Any]:
    """The limit of a type and the clock on which it is the same for most: calendar or working hours."""
    if "limit" not in rows:
        return {}
    both = rows.loc[rows["limit"].notna() & (rows["limit"] > rows["opened"]), ["opened", "limit"]]
    if len(both) < ENOUGH_LIMITS:
        return {}
    best = max(CLOCKS, key=lambda name: _agreement(both, CLOCKS[name])[0])
    share, hours = _agreement(both, CLOCKS[best])
    if hours < 0.01:
        return {}
    notes.append(
        f"Limits of the commonest type follow the clock '{best}' ({100 * share:.0f} % within {NEAR:g} h of the same)."
    )
    clock = CLOCKS[best]
    hours_of = (
        "calendar" if clock is None else "office" if best == "office" else {"windows": clock, "days": [0, 1, 2, 3, 4]}
    )
    return {"limit_hours": round(hours, 3), "limit_clock": hours_of}


def _agreement(both: pd.DataFrame, windows: Any) -> tuple[float, float]:
    """The share of limits that are within a tenth of an hour of the commonest one, and that one, on a clock."""
    start, end = (both[name].to_numpy("datetime64[s]").astype(np.int64) / 3600.0 - 96.0 for name in ("opened", "limit"))
    hours = end - start if windows is None else _inside(end, windows) - _inside(start, windows)
    ordered = np.sort(hours)
    near = np.searchsorted(ordered, ordered + NEAR, side="right") - np.arange(len(ordered))
    k = int(np.argmax(near))
    return float(near[k] / len(ordered)), float(np.median(ordered[k : k + near[k]]))


def _inside(time: Floats, windows: Sequence[Sequence[float]]) -> Floats:
    """Hours inside windows of Monday to Friday until a time (hours since a Monday)."""
    week, rest = np.divmod(time, 168.0)
    day, hour = np.divmod(rest, 24.0)
    length = sum(end - start for start, end in windows)
    today = sum(np.clip(hour, start, end) - start for start, end in windows)
    return np.asarray(week * 5.0 * length + np.minimum(day, 5.0) * length + np.where(day < 5.0, today, 0.0))


def _urgency(rows: pd.DataFrame) -> dict[str, Any]:
    if "urgency" not in rows or not len(rows):
        return {}
    commonest = str(rows["urgency"].str.lower().mode().iloc[0])
    return {"urgency": commonest} if commonest in ("routine", "urgent", "emergency") else {}


def _hidden(rows: pd.DataFrame, export: Export, found_by: Sequence[str] | None) -> dict[str, Any]:
    """The share that staff found themselves: no resident saw it."""
    if "source" not in rows or not len(rows):
        return {}
    known = export.rows["source"].unique()
    for name in found_by or ():
        if name not in known:
            raise ScenarioError(f"found_by = {name!r}: the source column has {', '.join(map(str, known[:12]))}")
    own = (
        set(found_by)
        if found_by
        else {name for name in known if any(word in str(name).lower() for word in STAFF_WORDS)}
    )
    share = float(rows["source"].isin(own).mean())
    return {"hidden": round(share, 4), "matures_hours": {"mean": 240.0, "cv": 1.0}} if share > 0.0 else {}


def _tiers(cells: int) -> list[dict[str, Any]]:
    """An assumed hierarchy to move people about in: grids, communities and a top, people with every skill."""
    communities = max(1, cells // 6)
    leader = {"count": 1, "triage_hours": {"mean": 0.1, "cv": 1.0}, "patrol_every_hours": 24.0, "finds": 0.5,
              "patrol_hours": {"mean": 1.0, "cv": 0.0}, "wage_per_hour": 30.0}  # fmt: skip

    def tier(name: str, units: int, solves: float, count: int) -> dict[str, Any]:
        staff = {"role": "member", "skills": ["*"], "count": count, "wage_per_hour": 25.0}
        own = leader if name == "grid" else {k: v for k, v in leader.items() if "patrol" not in k and k != "finds"}
        return {
            "name": name,
            "units": units,
            "solves": solves,
            "hours": "office",
            "leader": dict(own),
            "staff": [staff],
        }

    return [tier("grid", cells, 0.85, 2), tier("community", communities, 0.95, 2), tier("street", 1, 1.0, 4)]


def _sources(file: str, place: _Places, residents: int | None) -> dict[str, str]:
    fitted = f"fitted from {file}"
    return {
        "run": f"the days of {file}", "territory.cells": fitted, "territory.day_cv": fitted,
        "territory.cell_km": fitted if place.corner else "assumed",
        "territory.residents_per_cell": "given" if residents else "assumed: 1,000 a place",
        "problems.*.per_1000_residents_per_day": fitted, "problems.*.profile": fitted, "problems.*.cells": fitted,
        "problems.*.work_hours": "assumed: closing times hold waiting; calibrate",
        "tiers": "assumed",
    }  # fmt: skip


def _stamp(day: Any) -> Any:
    import pandas as pd

    return pd.Timestamp(day)


def _hour() -> Any:
    import pandas as pd

    return pd.Timedelta(hours=1)
