"""Files that hold more than text: workbooks, JSON and Parquet, brought to the same table of text."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...scenario.errors import ScenarioError
from .headers import Columns, header_of, header_row, likely_header
from .reach import check_reach

if TYPE_CHECKING:
    import pandas as pd

WHOLE = 1e15  # numbers below it that are whole are written without a point
FEW_SHEETS = 3


def text_of(value: Any) -> str:
    """A cell as a CSV file would hold it; nothing is an empty text.

    Parameters
    ----------
    value
        A number, date, text, list or nothing.
    """
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=text_of)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if getattr(value, "shape", ()) != ():  # a list in a cell of Parquet
        return text_of(value.tolist())
    if value is None or value != value:
        return ""
    if isinstance(value, datetime):
        return "" if str(value) == "NaT" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return (
            "" if math.isnan(value) else str(int(value)) if value.is_integer() and abs(value) < WHOLE else repr(value)
        )
    return str(value)


def read_workbook(file: Path, columns: Columns) -> tuple[pd.DataFrame, str, int]:
    """Read the sheets of a workbook that have the columns, one below the other where their headers are the same.

    Returns
    -------
    DataFrame, str, int
        The cells as text; the sheets in words; how many rows lie above the (first) header.

    Raises
    ------
    ScenarioError
        If it is no workbook, empty, or a sheet reaches too far.
    """
    import pandas as pd
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        check_reach(file)
        book = CalamineWorkbook.from_path(str(file))
        texts = {name: _cells(book.get_sheet_by_name(name)) for name in _sheets(book)}
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError(f"{file}: is not a workbook ({' '.join(str(error).split())[:200]})") from None
    texts = {name: rows for name, rows in texts.items() if rows}
    if not texts:
        raise ScenarioError(f"{file}: is empty")
    numbers = {name: header_row(rows, columns) for name, rows in texts.items()}
    frames = {name: _framed(texts[name], number) for name, number in numbers.items() if number is not None}
    if not frames:
        name = max(texts, key=lambda one: len(texts[one]))
        number = likely_header(texts[name])
        return _framed(texts[name], number), f"sheet {name!r}", number
    first = next(iter(frames))
    alike = [name for name, frame in frames.items() if list(frame.columns) == list(frames[first].columns)]
    words = ("sheet " if len(alike) == 1 else "sheets ") + ", ".join(map(repr, alike[:FEW_SHEETS]))
    words += f" and {len(alike) - FEW_SHEETS} more" if len(alike) > FEW_SHEETS else ""
    return pd.concat([frames[name] for name in alike], ignore_index=True), words, numbers[first] or 0


def _sheets(book: Any) -> list[str]:
    """The sheets that are shown; all where none is."""
    shown = [str(one.name) for one in book.sheets_metadata if str(one.visible).endswith("Visible")]
    return shown or list(book.sheet_names)


def _cells(sheet: Any) -> list[list[str]]:
    """The cells as text; a day in a cell is its midnight, as a workbook keeps days and hours in one number."""
    rows = sheet.to_python(skip_empty_area=False)
    return [[text_of(datetime.combine(cell, time()) if type(cell) is date else cell) for cell in row] for row in rows]


def _framed(rows: Sequence[Sequence[str]], number: int) -> pd.DataFrame:
    import pandas as pd

    header = header_of(rows[number])
    filled = [row for row in rows[number + 1 :] if any(row) and header_of(row) != header]
    return pd.DataFrame(filled, columns=header, dtype=str)


def read_parquet(file: Path, wanted: Sequence[str] | None) -> pd.DataFrame:
    """Read columns of a Parquet file as text; missing values are empty, and times with a zone keep their offset.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    import pandas as pd

    parquet = _parquet()
    try:
        source = parquet.ParquetFile(file)
        raw = list(source.schema_arrow.names)
        header = header_of(raw)
        # Two columns of one name cannot be asked for apart: then all are read, and told by their place.
        told_apart = wanted is not None and len(set(raw)) == len(raw)
        use = [number for number, name in enumerate(header) if wanted is None or name in wanted]
        table = source.read(columns=[raw[number] for number in use] if told_apart else None)
        read = [header[number] for number in use] if told_apart else header
        frame = table.rename_columns(read).to_pandas(integer_object_nulls=True, ignore_metadata=True)
    except Exception as error:
        raise ScenarioError(f"{file}: is not Parquet ({' '.join(str(error).split())[:200]})") from None
    return pd.DataFrame({header[number]: _texts(frame[header[number]]) for number in use})


def parquet_names(file: Path) -> list[str]:
    """Names of the columns of a Parquet file.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    parquet = _parquet()
    try:
        return header_of(parquet.read_schema(file).names)
    except Exception as error:
        raise ScenarioError(f"{file}: is not Parquet ({' '.join(str(error).split())[:200]})") from None


def _parquet() -> Any:
    try:
        import pyarrow.parquet as parquet
    except ImportError:
        raise ScenarioError("Parquet needs pyarrow: pip install 'gridsim[parquet]', or save it as CSV") from None
    return parquet


def _texts(column: pd.Series[Any]) -> pd.Series[str]:
    return column.astype(object).map(text_of).astype(str)
