"""Recorded requests, read, checked and counted: what a request does not use cannot disqualify it.

Times are local wall time. A row is left out only if it has no time of opening, is there twice, or is left out by name; all
else that is missing or cannot be is unknown, and counted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scenario.errors import ScenarioError
from ..scenario.given import shown
from .cells.dates import WORDS, Dates, OpenOrderError, read_dates, said_of
from .cells.places import LONGEST_NAME, read_places
from .cells.words import one_spelling, says_nothing
from .cells.zones import wall_times, zone_named
from .leaving_out import LeaveOut, pairs_of, rows_left_out, said_of_strays
from .reading.encodings import encoding_named
from .reading.files import read_table
from .reading.headers import Columns, columns_given

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

TIMES = ("opened", "closed", "limit")
UNREAD = 0.5  # share of times of opening that may be no dates


@dataclass(frozen=True)
class Requests:
    """Usable rows of a file of requests, and what was recognised, left out and unknown.

    Parameters
    ----------
    rows
        Columns opened, type, place (or latitude and longitude), type_known, place_known, hour_known, and closed, limit,
        source, urgency where mapped; sorted by opened. Text that says nothing is empty, times that cannot be are missing.
    found
        How many rows the file has.
    left_out
        Rows left out, by reason.
    unknown
        Rows that are used although something in them is unknown, by what.
    recognised
        Format, encoding, separator, header, dates, zone and places, in sentences.
    by_coordinates
        Whether places are coordinates (columns latitude and longitude).
    """

    rows: pd.DataFrame
    found: int
    left_out: dict[str, int]
    unknown: dict[str, int]
    recognised: tuple[str, ...]
    by_coordinates: bool

    @property
    def said(self) -> str:
        """What was found, used and left out, and what is unknown, in sentences."""
        out = [f"{count:,} left out: {reason}." for reason, count in self.left_out.items() if count]
        unknown = [f"{count:,} {what}." for what, count in self.unknown.items() if count]
        return " ".join([f"{len(self.rows):,} of {self.found:,} rows used.", *out, *unknown])


def read_requests(
    path: str | Path,
    columns: Columns,
    dates: str | None = None,
    date_format: str | None = None,
    timezone: str | None = None,
    leave_out: LeaveOut | None = None,
    encoding: str | None = None,
) -> Requests:
    """Read a file of recorded requests.

    Parameters
    ----------
    path
        A CSV or JSON file (also .gz or .zip), a workbook or a Parquet file.
    columns
        Which column holds what: opened, type and place are required ("latitude,longitude" where a place is two columns,
        "day,hour" where a time is); closed, limit, source, urgency and id are read where named.
    dates
        "day first" or "month first", where the dates do not say it.
    date_format
        Format of the dates in the letters of strptime, such as "%d.%m.%Y %H:%M", where it cannot be told.
    timezone
        Zone of the place, such as "America/New_York"; times with an offset are converted to it.
    leave_out
        Rows to leave out: "COLUMN=VALUE" texts, or a mapping of columns to values.
    encoding
        How the letters of a text file are written, such as "cp1251"; absent: it is told from them, and said.

    Raises
    ------
    ScenarioError
        If the file cannot be read, a column is not there, or the times cannot be told.
    """
    file, columns = as_file(path), columns_given(columns)
    pairs, zone = pairs_of(leave_out), zone_named(timezone)
    if dates not in (None, *WORDS):
        raise ScenarioError(f"dates = {dates!r}: allowed are 'day first' and 'month first'")
    if not isinstance(date_format, str | None):
        raise ScenarioError(f"date_format = {shown(date_format)}: must be a text such as '%d.%m.%Y %H:%M'")
    also = [name for name, _ in pairs]
    table = read_table(file, columns, also, whole="id" not in columns, encoding=encoding_named(encoding))
    frame = table.frame.reset_index(drop=True)
    one = {name: _one_column(frame, names) for name, names in table.columns.items()}
    written = _written(file, one, dates, date_format)
    _refuse_unread(file, one["opened"], written["opened"])
    as_written = {name: given.times for name, given in written.items()}
    offsets = {name: given.offsets for name, given in written.items()}
    times, zones = wall_times(file, as_written, offsets, zone, written["opened"].has_hours)
    keep, left_out, alike = _kept(file, frame, one, written["opened"], pairs)
    if table.damaged:
        left_out["lines with more cells than the header, or cut off"] = table.damaged
    rows, unknown = _times_known(times, written, keep)
    unknown["have a day and no hour, and are like another line: they are kept"] = int((keep & alike).sum())
    kinds = one_spelling(one["type"])
    rows["type_known"] = ~says_nothing(kinds) & (kinds.str.len() <= LONGEST_NAME).to_numpy(bool)
    rows["type"] = kinds.where(rows["type_known"], "")
    places = read_places(frame, table.columns["place"])
    rows = rows.join(places.rows)
    rows["place_known"] = places.known
    unknown["without a type: spread as the others are"] = int((keep & ~rows["type_known"]).sum())
    unknown["without a place: spread as the others are"] = int((keep & ~rows["place_known"]).sum())
    for name in ("source", "urgency"):
        if name in one:
            rows[name] = one_spelling(one[name]).where(~says_nothing(one[name]), "")
    if not keep.any():
        reasons = "; ".join(f"{count:,} {reason}" for reason, count in left_out.items() if count)
        raise ScenarioError(f"{file}: no row can be used: {reasons}")
    strays = said_of_strays(table.columns["opened"][0], one["opened"][keep], rows.loc[keep, "opened"])
    used = rows[keep].sort_values("opened", kind="stable", ignore_index=True)
    recognised = (*table.said, *said_of(written), *zones, *strays, *places.said)
    return Requests(used, len(frame) + table.damaged, left_out, unknown, recognised, places.by_coordinates)


def as_file(path: Any) -> Path:
    """Take the file as a path.

    Raises
    ------
    ScenarioError
        If it is none.
    """
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise ScenarioError(f"path = {shown(path)}: a file is named by text or a path")
    return Path(path)


def _one_column(frame: pd.DataFrame, names: list[str]) -> pd.Series[str]:
    """A column; of two that hold the day and the hour of a time, both, with a blank between."""
    first: pd.Series[str] = frame[names[0]]
    if len(names) == 1:
        return first
    hours = frame[names[1]].str.strip().str.replace(r"^\d{4}-\d{2}-\d{2}[ T](?=\d)", "", regex=True)
    days = first.str.strip().str.replace(r"(?<=\d)[ T]+0?0:00(?::00)?(?:\.0+)?$", "", regex=True)
    return days.where(says_nothing(hours), days + " " + hours)


def _written(file: Path, one: Mapping[str, pd.Series[str]], dates: str | None, form: str | None) -> dict[str, Dates]:
    """The times as they are written; what one column leaves open (day or month first) another may say."""
    found: dict[str, Dates] = {}
    try:
        found["opened"] = read_dates(file, one["opened"], "opened", dates, form)
    except OpenOrderError:
        orders = [_order_of(file, one[name], name, form) for name in ("closed", "limit") if name in one]
        usual = next((order for order in orders if order), "")
        found["opened"] = read_dates(file, one["opened"], "opened", dates, form, usual)
    for name in ("closed", "limit"):
        if name not in one:
            continue
        try:
            found[name] = read_dates(file, one[name], name, dates, form, found["opened"].day_or_month)
        except ScenarioError:
            if name == "limit":
                raise
            found[name] = _no_dates(one[name])  # a scenario takes nothing from closings
    return found


def _refuse_unread(file: Path, column: pd.Series[str], opened: Dates) -> None:
    """Refuse a file of whose times of opening fewer than half can be read: the others are not damaged but unknown.

    Raises
    ------
    ScenarioError
        If it is one.
    """
    unread = opened.given & opened.times.isna().to_numpy(bool)
    if unread.sum() > UNREAD * opened.given.sum():
        raise ScenarioError(
            f"{file}: 'opened' holds {int(unread.sum()):,} of {int(opened.given.sum()):,} dates that cannot be read,"
            f" such as {shown(column[unread].iloc[0])}; give their format with --date-format, such as '%d.%m.%Y %H:%M'"
        )


def _order_of(file: Path, column: pd.Series[str], name: str, form: str | None) -> str:
    """Day or month first in a column; empty: it cannot be told."""
    try:
        return read_dates(file, column, name, None, form).day_or_month
    except ScenarioError:
        return ""


def _no_dates(column: pd.Series[str]) -> Dates:
    import pandas as pd

    missing: Any = pd.Series(pd.NaT, index=column.index, dtype="datetime64[s]")
    return Dates(missing, np.full(len(column), np.nan), ~says_nothing(column), "", np.zeros(len(column), bool))


def _kept(
    file: Path, frame: pd.DataFrame, one: Mapping[str, pd.Series[str]], opened: Dates, pairs: list[tuple[str, str]]
) -> tuple[NDArray[np.bool_], dict[str, int], NDArray[np.bool_]]:
    """Which rows are used; how many are not and why (each row has the first reason that it meets); which are like another."""
    keep, left_out = np.ones(len(frame), bool), dict[str, int]()

    def leave_out(reason: str, which: Any) -> None:
        rows = keep & np.asarray(which, dtype=bool)
        left_out[reason] = int(rows.sum())
        keep[rows] = False

    for name, value in pairs:
        leave_out(f"{name} = {value}", rows_left_out(file, frame, name, value))
    leave_out("without a time of opening", ~opened.given)
    leave_out("with a time of opening that is no date", opened.times.isna())
    if "id" in one:
        numbers = one["id"].str.strip()
        rounded = numbers.str.fullmatch(r"[-+]?\d[.,]?\d*[eE]\+?\d+").to_numpy(
            bool
        )  # 1.01E+11 of a spreadsheet is many numbers
        twice = numbers.duplicated().to_numpy() & ~says_nothing(numbers) & ~rounded
    else:
        twice = frame.duplicated().to_numpy()
    alike = np.zeros(len(frame), bool)
    if "id" not in one and {str(column.name) for column in one.values()} >= set(frame.columns):
        alike = twice & ~opened.has_hours  # a day, a type and a place do not tell two requests apart
    leave_out("twice in the file", twice & ~alike)
    return keep, left_out, alike


def _times_known(
    times: dict[str, pd.Series[Any]], written: dict[str, Dates], keep: NDArray[np.bool_]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Times that can be: a closing or a limit before the opening is unknown, and so is one that is no date."""
    import pandas as pd

    rows = pd.DataFrame({"opened": times["opened"], "hour_known": written["opened"].has_hours})
    unknown: dict[str, int] = {}
    for name, words in (("closed", "closing"), ("limit", "limit")):
        if name not in times:
            continue
        by_day = name == "limit" and not written["limit"].has_hours.any()
        before = (times[name] < (times["opened"].dt.normalize() if by_day else times["opened"])).to_numpy(bool)
        what = "closed before they were opened" if name == "closed" else "have a limit before they were opened"
        unknown[f"{what}: their {words} is taken as unknown"] = int((keep & before).sum())
        no_date = written[name].given & times[name].isna().to_numpy(bool)
        unknown[f"have a {words} that is no date: it is taken as unknown"] = int((keep & no_date).sum())
        rows[name] = times[name].mask(before)
    if "limit" in written:
        rows["limit_hour_known"] = written["limit"].has_hours
    return rows, unknown
