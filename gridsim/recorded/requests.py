"""Recorded requests as an ordinary export has them: a CSV (gzip too) or Parquet file, read, checked and counted.

Times are local wall time as written. What cannot be used is left out and counted by its reason; what would make every row
doubtful (two date formats, several time zones, day or month first) is refused in a sentence.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scenario.errors import ScenarioError, nearest

if TYPE_CHECKING:
    import pandas as pd

REQUIRED, OPTIONAL = ("opened", "type", "place"), ("closed", "limit", "source", "urgency", "id")
FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y",
)  # fmt: skip
ZONE = r"(?:Z|[+-]\d{2}:?\d{2})$"
SAMPLE = 2000
SECOND_FORMAT = 0.005  # share of rows from which on another format is no typing error
FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_NAME = 200  # characters of a type or place; longer ones are damaged rows


@dataclass(frozen=True)
class Export:
    """Usable rows of an export, and how many were left out and why.

    Parameters
    ----------
    rows
        Columns opened, type, place (text, or latitude and longitude), and closed, limit, source, urgency where mapped;
        sorted by opened.
    found
        How many rows the file has.
    left_out
        Rows left out, by reason.
    by_coordinates
        Whether places are coordinates (columns latitude and longitude).
    """

    rows: pd.DataFrame
    found: int
    left_out: dict[str, int]
    by_coordinates: bool

    @property
    def said(self) -> str:
        """What was found and what was left out, in a sentence."""
        out = "; ".join(f"{count:,} {reason}" for reason, count in self.left_out.items() if count)
        return f"{self.found:,} rows, {len(self.rows):,} used" + (f"; left out: {out}" if out else "")


def read_export(path: str | Path, columns: Mapping[str, str], dates: str | None = None) -> Export:
    """Read an export.

    Parameters
    ----------
    path
        A CSV file (also .gz) or a Parquet file.
    columns
        Which column holds what: opened, type and place are required ("latitude,longitude" where a place is two columns);
        closed, limit, source, urgency and id are read where named.
    dates
        "day first" or "month first", where the dates do not say it.

    Raises
    ------
    ScenarioError
        If the file cannot be read, a column is not there, or the times cannot be told.
    """
    file = Path(path)
    _check_names(columns)
    frame = _frame(file, columns)
    if not len(frame):
        raise ScenarioError(f"{file}: holds no rows")
    return _cleaned(file, frame, columns, dates)


def _check_names(columns: Mapping[str, str]) -> None:
    known = (*REQUIRED, *OPTIONAL)
    for name in columns:
        if name not in known:
            raise ScenarioError(f"map: {name!r} is not known; allowed are {', '.join(known)}{nearest(name, known)}")
    if missing := [name for name in REQUIRED if not columns.get(name)]:
        raise ScenarioError(f"map: say which column holds {' and '.join(missing)}")


def _frame(file: Path, columns: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    if file.is_dir():
        raise ScenarioError(f"{file}: is a directory; an export is a CSV or Parquet file")
    if not file.exists():
        raise ScenarioError(f"{file}: there is no such file")
    wanted = [name.strip() for value in columns.values() for name in value.split(",")]
    try:
        if file.suffix == ".parquet":
            return _parquet(file, wanted).astype(str).where(lambda table: table != "nan", "")
        there = [str(name) for name in pd.read_csv(file, nrows=0, dtype=str, encoding="utf-8-sig").columns]
        _check_columns(file, wanted, there)
        return pd.read_csv(file, usecols=sorted(set(wanted)), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{file}: is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ScenarioError(f"{file}: is cut off or not gzip ({' '.join(str(error).split())})") from None
    except pd.errors.EmptyDataError:
        raise ScenarioError(f"{file}: is empty") from None
    except (pd.errors.ParserError, ValueError, OverflowError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError(f"{file}: is not a table ({' '.join(str(error).split())[:200]})") from None
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read ({error.strerror or error})") from None


def _parquet(file: Path, wanted: list[str]) -> pd.DataFrame:
    import pandas as pd

    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise ScenarioError("Parquet needs pyarrow: pip install 'gridsim[parquet]', or save it as CSV") from None
    try:
        there = parquet.read_schema(file).names
    except Exception as error:
        raise ScenarioError(f"{file}: is not Parquet ({' '.join(str(error).split())[:200]})") from None
    _check_columns(file, wanted, there)
    return pd.read_parquet(file, columns=sorted(set(wanted)))


def _check_columns(file: Path, wanted: list[str], there: list[str]) -> None:
    for name in wanted:
        if name not in there:
            listed = ", ".join(there[:30]) + (", ..." if len(there) > 30 else "")
            raise ScenarioError(f"{file}: there is no column {name!r}{nearest(name, there)}; there are {listed}")


def _cleaned(file: Path, frame: pd.DataFrame, columns: Mapping[str, str], dates: str | None) -> Export:
    import pandas as pd

    found, left_out = len(frame), dict[str, int]()
    keep = np.ones(found, bool)

    def leave_out(reason: str, which: Any) -> None:
        rows = keep & np.asarray(which, dtype=bool)
        left_out[reason] = int(rows.sum())
        keep[rows] = False

    whole = frame[columns["id"]] if "id" in columns else frame
    empty_id = (whole == "").to_numpy() if "id" in columns else np.zeros(found, bool)
    opened_text = frame[columns["opened"]].str.strip()
    leave_out("without a time of opening", opened_text == "")
    times = {
        name: _times(file, frame[columns[name]], name, dates)
        for name in ("opened", "closed", "limit")
        if name in columns
    }
    leave_out("with a time of opening that is no date", times["opened"].isna())
    for name in ("closed", "limit"):
        if name in times:
            leave_out(f"whose time '{name}' is no date", times[name].isna() & (frame[columns[name]].str.strip() != ""))
    leave_out("twice in the file", whole.duplicated().to_numpy() & ~empty_id)
    if "closed" in times:
        leave_out("closed before they were opened", times["closed"] < times["opened"])
    kinds = frame[columns["type"]].str.strip()
    leave_out("without a type", (kinds == "") | (kinds.str.len() > LONGEST_NAME))
    rows = pd.DataFrame({**times, "type": kinds})
    pair = [name.strip() for name in columns["place"].split(",")]
    if len(pair) == 2:
        for name, column in zip(("latitude", "longitude"), pair, strict=True):
            rows[name] = pd.to_numeric(frame[column], errors="coerce")
        leave_out("without a place, or with coordinates of zero", _no_place(rows))
    else:
        rows["place"] = frame[pair[0]].str.strip()
        leave_out("without a place", (rows["place"] == "") | (rows["place"].str.len() > LONGEST_NAME))
    for name in ("source", "urgency"):
        if name in columns:
            rows[name] = frame[columns[name]].str.strip()
    if not keep.any():
        reasons = "; ".join(f"{count:,} {reason}" for reason, count in left_out.items() if count)
        raise ScenarioError(f"{file}: no row can be used: {reasons}")
    used = rows[keep].sort_values("opened", kind="stable", ignore_index=True)
    return Export(used, found, left_out, len(pair) == 2)


def _no_place(rows: pd.DataFrame) -> Any:
    outside = (rows["latitude"].abs() > 90.0) | (rows["longitude"].abs() > 180.0)
    nowhere = (rows["latitude"] == 0.0) | (rows["longitude"] == 0.0)
    return rows["latitude"].isna() | rows["longitude"].isna() | outside | nowhere


def _times(file: Path, text: pd.Series[str], name: str, dates: str | None) -> pd.Series[Any]:
    """Local wall times; what is no date is missing."""
    import pandas as pd

    given = text.str.strip().str.slice(0, 40)
    zones = given.str.extract(f"({ZONE})", expand=False)
    zones = zones[(given != "") & given.str.contains(r"\d:\d", regex=True)].fillna("none")
    if zones.nunique() > 1:
        several = ", ".join(f"{zone} ({count:,})" for zone, count in zones.value_counts().head(4).items())
        raise ScenarioError(
            f"{file}: times in '{name}' have several time zones: {several}; bring them to one local time"
        )
    if len(zones) and zones.iloc[0] != "none":
        given = given.str.replace(ZONE, "", regex=True)
    given = given.str.replace(r"(\d{2}:\d{2}:\d{2})\.\d+", r"\1", regex=True)
    form = _format_of(file, given[given != ""], name, dates)
    parsed: Any = pd.to_datetime(given, format=form or FORMATS[0], errors="coerce")
    years = parsed.dt.year
    found: pd.Series[Any] = parsed.where((years >= FIRST_YEAR) & (years <= LAST_YEAR))
    return found


def _format_of(file: Path, given: pd.Series[str], name: str, dates: str | None) -> str | None:
    """The one format of a column's dates."""
    import pandas as pd

    if not len(given):
        return None
    sample = given.iloc[:: max(1, len(given) // SAMPLE)]
    fits = {form: pd.to_datetime(sample, format=form, errors="coerce").notna().to_numpy() for form in FORMATS}
    best = max(FORMATS, key=lambda form: int(fits[form].sum()))
    if not fits[best].any():
        raise ScenarioError(f"{file}: '{name}' holds no dates that can be read, such as {sample.iloc[0]!r}")
    same = [form for form in FORMATS if fits[form].sum() == fits[best].sum()]
    if len(same) > 1 and best.startswith(("%m", "%d")):
        if dates not in ("day first", "month first"):
            raise ScenarioError(
                f"{file}: '{name}' may have the day or the month first; say dates = 'day first' or 'month first'"
            )
        best = next(form for form in same if form.startswith("%d" if dates == "day first" else "%m"))
    rest = sample[~fits[best]]
    for form in FORMATS:
        others = pd.to_datetime(rest, format=form, errors="coerce").notna().sum() if len(rest) else 0
        if others > max(1, SECOND_FORMAT * len(sample)):
            raise ScenarioError(f"{file}: '{name}' has two date formats, {best} and {form} (in {others:,} of {len(sample):,} rows"
                                " looked at); bring them to one")  # fmt: skip
    return best
