"""A scenario from recorded requests: rates, hours, spread and limits in closed form; what they cannot say is assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...scenario.errors import ScenarioError, nearest
from ...scenario.given import is_whole, shown
from ...scenario.records import Records, monday_before
from ...scenario.scenario import Scenario, make
from ...simulation.outcome.notes import some
from ...simulation.plan.territory import nearest_cells
from ..cells.places import lent
from ..cells.words import names_staff
from ..leaving_out import LeaveOut
from ..reading.headers import Columns
from ..requests import Requests, read_requests
from .limits import limit_of
from .week import SEED, day_cv, observed_days, per_day, said_of, week_of, with_hours

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_TYPES, OTHER, ONLY = 20, "other", "request"
ENOUGH_FOR_A_PROFILE = 2000  # rows of a type from which on its hours are its own; fewer take those of all
KM_A_DEGREE = 111.32
URGENCIES = ("routine", "urgent", "emergency")
MOST = 1_000_000  # people and cells of a scenario


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
    columns: Columns,
    design: str = "three_tier",
    headcount: int | None = None,
    residents: int | None = None,
    cells: int = 64,
    found_by: Sequence[str] | None = None,
    dates: str | None = None,
    date_format: str | None = None,
    timezone: str | None = None,
    leave_out: LeaveOut | None = None,
    encoding: str | None = None,
) -> Fitted:
    """Make a scenario from a file of recorded requests.

    Parameters
    ----------
    path, columns, dates, date_format, timezone, leave_out, encoding
        As for `read_requests`.
    design, headcount
        The hierarchy, one of `designs()`, and its people; absent: one person for every 300 requests of a year.
    residents
        People who live there; absent: 1,000 a place, assumed.
    cells
        Cells of the lattice, where places are coordinates.
    found_by
        Values of the source column that mean that staff found the problem themselves; absent: those that name
        employees, workers, staff, patrols, inspectors or crews, in many languages.

    Raises
    ------
    ScenarioError
        If the file cannot be read or used.
    """
    from ...scenario.designs.designs import design as designed

    _check_whole("cells", cells, MOST)
    for name, value in (("headcount", headcount), ("residents", residents)):
        if value is not None:
            _check_whole(name, value, MOST if name == "headcount" else MOST * MOST)
    found_by = _names_of(found_by)
    requests = read_requests(path, columns, dates, date_format, timezone, leave_out, encoding)
    notes = [requests.said, *requests.recognised]
    seen = _seen(requests, int(cells), notes)
    data = _data(Path(path), requests, seen, residents, found_by, notes)
    base = make(data, None)
    people = headcount or max(3 * len(base.tiers), round(len(seen.records) / len(seen.days) * 365.0 / 300.0))
    scenario = designed(design, base, people)
    final = scenario.as_data() | {"name": base.name, "description": base.description}
    return Fitted(make(final, None), seen.records, tuple(notes))


def _check_whole(name: str, value: Any, most: int) -> None:
    """Refuse what is no whole number of at least 1 before the file is read."""
    if not (is_whole(value) and 1 <= value <= most):
        raise ScenarioError(f"{name} = {shown(value)}: allowed is a whole number from 1 to {most:,}")


def _names_of(found_by: Any) -> list[str]:
    """Sources that mean staff, one or several; none where it is for the words to say."""
    given = [found_by] if isinstance(found_by, str) else found_by
    if given is None:
        return []
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise ScenarioError(f"found_by = {shown(found_by)}: must be values of the source column")
    return [str(one) for one in given]


@dataclass(frozen=True)
class _Seen:
    """What was seen: records in order of time, the rows that they come from, the days, and where they lie."""

    records: Records
    rows: pd.DataFrame
    days: NDArray[np.int64]
    place: _Places

    def week(self, which: NDArray[np.bool_] | slice = slice(None)) -> Floats:
        """Weights of the hours of the week of some records."""
        known = self.rows["hour_known"].to_numpy(bool)
        return week_of(self.records.time[which], known[which], self.days)


def _seen(requests: Requests, cells: int, notes: list[str]) -> _Seen:
    """Records with a type, a place and an hour each; what a request does not say is borrowed from the others."""
    rows = requests.rows
    type_known, place_known, hour_known = (rows[f"{name}_known"].to_numpy(bool) for name in ("type", "place", "hour"))
    kinds, names = _types(rows["type"], type_known, notes)
    kinds = kinds[lent(type_known, np.zeros(len(rows), np.int64), SEED)] if type_known.any() else kinds
    place = _places(requests, place_known, kinds, cells)
    monday = monday_before(rows["opened"].iloc[0].date())
    hours = ((rows["opened"] - _stamp(monday)) / _hour()).to_numpy(np.float64)
    hours = with_hours(hours, hour_known)
    order = np.lexsort((kinds, hours))  # as records are sorted
    records = Records(tuple(names), hours, kinds.astype(np.int16), place.cell, place.x, place.y, monday)
    days = observed_days(records.time)
    notes += said_of(days, hour_known)
    return _Seen(records, rows.iloc[order].reset_index(drop=True), days, place)


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


def _places(requests: Requests, known: NDArray[np.bool_], kinds: NDArray[np.int64], cells: int) -> _Places:
    import pandas as pd

    lenders = lent(known, kinds, SEED)
    if not requests.by_coordinates:
        codes, names = pd.factorize(requests.rows["place"].iloc[lenders], sort=True)
        return _Places(codes.astype(np.int32), len(names), 1.0, tuple(map(str, names)))
    latitude, longitude = (requests.rows[name].to_numpy(np.float64) for name in ("latitude", "longitude"))
    south, north = np.quantile(latitude[known], [0.001, 0.999])
    west, east = np.quantile(longitude[known], [0.001, 0.999])
    latitude, longitude = latitude[lenders], longitude[lenders]
    x = (longitude - west) * KM_A_DEGREE * np.cos(np.radians((south + north) / 2.0))
    y = (latitude - south) * KM_A_DEGREE
    width = (east - west) * KM_A_DEGREE * np.cos(np.radians((south + north) / 2.0))
    extent = max(float(width), float((north - south) * KM_A_DEGREE), 0.1)
    side = round(extent / np.ceil(np.sqrt(cells)), 4) or 0.1
    x, y = np.clip(x, 0.0, extent), np.clip(y, 0.0, extent)
    return _Places(nearest_cells(x / side, y / side, cells), cells, side, None, (float(south), float(west)), x, y)


def _types(given: pd.Series[str], known: NDArray[np.bool_], notes: list[str]) -> tuple[NDArray[np.int64], list[str]]:
    """Types by number, the commonest under their own names, the others together."""
    import pandas as pd

    counts = given[known].value_counts()
    if not len(counts):
        notes.append("No row names a type: all requests are taken as one type.")
        return np.zeros(len(given), np.int64), [ONLY]
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
    path: Path, requests: Requests, seen: _Seen, residents: int | None, found_by: Sequence[str] | None, notes: list[str]
) -> dict[str, Any]:
    place, names = seen.place, seen.records.types
    each = max(1, round(int(residents or 1000 * place.cells) / place.cells))
    pooled = seen.week()
    staff = _staff(requests, found_by, notes)
    _say_urgencies(requests, notes)
    problems = [_problem(seen, number, pooled, each, staff, notes) for number in range(len(names))]
    spread = day_cv(seen.records.time, seen.days, pooled)
    cells = "one cell" if place.cells == 1 else f"{place.cells} cells"
    types = "one type" if len(names) == 1 else f"{len(names)} types"
    notes.append(f"Day-to-day spread (day_cv) {spread:.2f}; {types} in {cells}.")
    notes.append("Work times cannot be read from closing times: 1 h is assumed. Set them, or calibrate.")
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
        "run": {"days": seen.records.days, "start": seen.records.start}, "territory": territory, "problems": problems,
        "tiers": _tiers(place.cells),
        "sources": _sources(path.name, place, residents, bool(seen.rows["hour_known"].any())),
    }  # fmt: skip


def _problem(seen: _Seen, number: int, pooled: Floats, each: int, staff: set[str], notes: list[str]) -> dict[str, Any]:
    """One type: its rate, hours, places, limit, urgency and what staff find of it."""
    which = seen.records.type == number
    name, count = seen.records.types[number], int(which.sum())
    own = seen.week(which) if count >= ENOUGH_FOR_A_PROFILE else pooled
    rows = seen.rows[which]
    known = which & seen.rows["place_known"].to_numpy(bool)
    told = known if known.any() else seen.rows["place_known"].to_numpy(bool)
    entry: dict[str, Any] = {
        "type": name, "skills": [name], "work_hours": {"mean": 1.0, "cv": 1.0},
        "per_1000_residents_per_day": per_day(count, own, seen.days) / (each * seen.place.cells / 1000.0),
        "profile": [round(float(weight), 5) for weight in own],
        "cells": [round(float(w), 5) for w in _weights(_cells_of(seen.records)[told], seen.place.cells)],
    }  # fmt: skip
    rows = rows[rows["type_known"]]
    if "limit" in rows:
        limit, said = limit_of(rows, name)
        entry |= limit
        notes.append(said)
    return entry | _urgency(rows) | _hidden(rows, staff)


def _cells_of(records: Records) -> NDArray[np.int32]:
    assert records.cell is not None
    return records.cell


def _weights(cell: NDArray[np.int32], cells: int) -> Floats:
    counts = np.bincount(cell, minlength=cells).astype(np.float64)
    return np.asarray(counts / counts.mean() if counts.any() else np.ones(cells))


def _urgency(rows: pd.DataFrame) -> dict[str, Any]:
    if "urgency" not in rows or not len(rows):
        return {}
    told = rows.loc[rows["urgency"] != "", "urgency"].str.lower()
    commonest = str(told.mode().iloc[0]) if len(told) else ""
    return {"urgency": commonest} if commonest in URGENCIES else {}


def _say_urgencies(requests: Requests, notes: list[str]) -> None:
    """Say that a column of urgencies holds none of the three words, rather than pass it over."""
    if "urgency" not in requests.rows:
        return
    known = [str(name) for name in requests.rows["urgency"].value_counts().index if name]
    if known and not any(name.lower() in URGENCIES for name in known):
        notes.append(f"Urgencies are {some(known)}: none is {', '.join(URGENCIES)}. All requests are taken as routine.")


def _staff(requests: Requests, found_by: Sequence[str] | None, notes: list[str]) -> set[str]:
    """The sources that mean that staff found the problem themselves."""
    if "source" not in requests.rows:
        if found_by:
            raise ScenarioError("found_by: say which column holds the source, such as source=Channel in the map")
        return set()
    known = [str(name) for name in requests.rows["source"].value_counts().index if name]
    listed = some(known)
    for name in found_by or ():
        if name not in known:
            raise ScenarioError(f"found_by = {name!r}: the source column has {listed}{nearest(name, known)}")
    own = set(found_by) if found_by else {name for name in known if names_staff(name)}
    if own:
        notes.append(f"Found by staff: requests whose source is {' or '.join(sorted(own))}.")
    else:
        notes.append(f"No source names staff ({listed}): if one means that staff found it, say --found-by VALUE.")
    return own


def _hidden(rows: pd.DataFrame, staff: set[str]) -> dict[str, Any]:
    """The share that staff found themselves: no resident saw it."""
    if not staff or not len(rows):
        return {}
    told = rows.loc[rows["source"] != "", "source"]
    share = float(told.isin(staff).mean()) if len(told) else 0.0
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


def _sources(file: str, place: _Places, residents: int | None, hours: bool) -> dict[str, str]:
    fitted = f"fitted from {file}"
    return {
        "run": f"the days of {file}", "territory.cells": fitted, "territory.day_cv": fitted,
        "territory.cell_km": fitted if place.corner else "assumed",
        "territory.residents_per_cell": "given" if residents else "assumed: 1,000 a place",
        "problems.*.per_1000_residents_per_day": fitted, "problems.*.cells": fitted,
        "problems.*.profile": fitted if hours else "days fitted, hours assumed",
        "problems.*.work_hours": "assumed: closing times hold waiting; calibrate",
        "tiers": "assumed",
    }  # fmt: skip


def _stamp(day: Any) -> Any:
    import pandas as pd

    return pd.Timestamp(day)


def _hour() -> Any:
    import pandas as pd

    return pd.Timedelta(hours=1)
