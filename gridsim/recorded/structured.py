"""Files that hold more than text: workbooks, JSON and Parquet, brought to the same table of text."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..scenario.errors import ScenarioError
from .delimited import opened
from .headers import Columns, header_of, header_row, likely_header

if TYPE_CHECKING:
    import pandas as pd

WHOLE = 1e15  # numbers below it that are whole are written without a point
FEW_SHEETS = 12


def text_of(value: Any) -> str:
    """A cell as a CSV file would hold it; nothing is an empty text.

    Parameters
    ----------
    value
        A number, date, text, list or nothing.
    """
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
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def read_workbook(file: Path, columns: Columns) -> tuple[pd.DataFrame, str, int]:
    """Read the sheet of a workbook that has the columns.

    Returns
    -------
    DataFrame, str, int
        The cells as text; the name of the sheet; how many rows lie above the header.

    Raises
    ------
    ScenarioError
        If it is no workbook, or empty.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names[:FEW_SHEETS]
        }
    except (CalamineError, OSError, ValueError) as error:
        raise ScenarioError(f"{file}: is not a workbook ({' '.join(str(error).split())[:200]})") from None
    texts = {name: [[text_of(cell) for cell in row] for row in rows] for name, rows in sheets.items() if rows}
    for name, rows in texts.items():
        if (number := header_row(rows, columns)) is not None:
            return _framed(rows, number), name, number
    if not texts:
        raise ScenarioError(f"{file}: is empty")
    name = max(texts, key=lambda one: len(texts[one]))
    number = likely_header(texts[name])
    return _framed(texts[name], number), name, number


def _framed(rows: Sequence[Sequence[str]], number: int) -> pd.DataFrame:
    import pandas as pd

    header = header_of(rows[number])
    filled = [row for row in rows[number + 1 :] if any(row)]
    return pd.DataFrame(filled, columns=header, dtype=str)


def read_json(file: Path) -> pd.DataFrame:
    """Read objects: an array of them, one a line, or the features of a GeoJSON file.

    Raises
    ------
    ScenarioError
        If it is no JSON, or holds no objects.
    """
    import pandas as pd

    with opened(file) as stream:
        content = stream.read()
    try:
        found = _objects(json.loads(content))
    except json.JSONDecodeError as error:
        found = _one_a_line(file, content, error)
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise ScenarioError(f"{file}: is not JSON ({' '.join(str(error).split())[:200]})") from None
    if not found:
        raise ScenarioError(f"{file}: holds no objects; an export is an array of objects, one a request")
    try:
        frame = pd.json_normalize(found)
    except RecursionError:
        raise ScenarioError(f"{file}: is nested too deeply for a table") from None
    frame.columns = pd.Index(header_of([str(name) for name in frame.columns]))
    return frame.map(text_of).astype(str)


def _objects(found: Any) -> list[dict[str, Any]]:
    """The list of objects in what a file holds; a point of GeoJSON becomes a column of its own."""
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        found = max(lists, key=len) if lists else [found]
    if not isinstance(found, list):
        return []
    objects = [one for one in found if isinstance(one, dict)]
    return [
        {**one["properties"], "geometry": one.get("geometry")} if isinstance(one.get("properties"), dict) else one
        for one in objects
    ]


def _one_a_line(file: Path, content: bytes, error: json.JSONDecodeError) -> list[dict[str, Any]]:
    lines = [line for line in content.splitlines() if line.strip()]
    try:
        if len(lines) > 1:
            return _objects([json.loads(line) for line in lines])
    except (ValueError, RecursionError):
        pass
    raise ScenarioError(f"{file}: is not JSON (line {error.lineno}: {error.msg})") from None


def read_parquet(file: Path, names: Sequence[str] | None) -> pd.DataFrame:
    """Read columns of a Parquet file as text; missing values are empty, and times with a zone keep their offset.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    import pandas as pd

    parquet = _parquet()
    try:
        table = parquet.read_table(file, columns=None if names is None else list(dict.fromkeys(names)))
        frame = table.to_pandas(integer_object_nulls=True, strings_to_categorical=False, ignore_metadata=True)
    except Exception as error:
        raise ScenarioError(f"{file}: is not Parquet ({' '.join(str(error).split())[:200]})") from None
    frame.columns = pd.Index(header_of([str(name) for name in frame.columns]))
    return pd.DataFrame({name: _texts(frame[name]) for name in frame.columns})


def parquet_names(file: Path) -> list[str]:
    """Names of the columns of a Parquet file.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    parquet = _parquet()
    try:
        return [str(name) for name in parquet.read_schema(file).names]
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
