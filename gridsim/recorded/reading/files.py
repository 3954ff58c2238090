"""A file of requests in any of the forms in which people have them, as one table of text, and what was recognised."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...scenario.errors import ScenarioError, said
from .delimited import SEPARATORS, head_of, layout_of, read_rows
from .encodings import Encoding
from .headers import Columns, heading_like, named_columns, refuse_missing
from .json_shapes import read_json
from .packed import OLE, ZIP, packed_as, refuse_other_files
from .structured import parquet_names, read_parquet, read_workbook

if TYPE_CHECKING:
    import pandas as pd

BOOK_MARKS = (ZIP, OLE)
PARQUET_MARK = b"PAR1"
OBJECTS = re.compile(rb'^(?:\xef\xbb\xbf)?\s*(?:\[\s*\{|\{\s*")')
JSON = {".json", ".geojson", ".jsonl", ".ndjson"}
NO_FILE = "an export is a CSV, JSON or Parquet file or a workbook"


@dataclass(frozen=True)
class Table:
    """The cells of a file as text.

    Parameters
    ----------
    frame
        Rows and columns; missing values are empty texts.
    columns
        Which columns hold what.
    said
        What was recognised: kind of file, encoding, separator, and what lies above the header.
    damaged
        Lines that are no rows: they have more cells than the header.
    """

    frame: pd.DataFrame
    columns: dict[str, list[str]]
    said: tuple[str, ...]
    damaged: int = 0


def read_table(
    file: Path, columns: Columns, also: Sequence[str], whole: bool, encoding: Encoding | None = None
) -> Table:
    """Read the columns of a file that are asked for.

    Parameters
    ----------
    file
        A CSV, JSON or Parquet file (CSV and JSON also gzip or zip), or a workbook.
    columns
        Which column holds what.
    also
        Names of further columns to read, as given by `--leave-out`.
    whole
        Whether all columns are read.
    encoding
        How the letters of a text are written; None: it is told from them.

    Raises
    ------
    ScenarioError
        If it cannot be read, or a column is not there.
    """
    _check_file(file)
    table = _read(file, columns, also, whole, encoding)
    if not len(table.frame):
        raise ScenarioError(f"{file}: holds no rows")
    return table


def _check_file(file: Path) -> None:
    try:
        if file.is_dir():
            raise ScenarioError(f"{file}: is a directory; {NO_FILE}")
        if not file.exists():
            raise ScenarioError(f"{file}: there is no such file")
        if not file.is_file():
            raise ScenarioError(f"{file}: is no ordinary file; {NO_FILE}")
    except OSError as error:  # a name of thousands of letters, links that lead in a circle
        raise ScenarioError(f"{said(str(file))}: cannot be read ({error.strerror})") from None


def _read(file: Path, columns: Columns, also: Sequence[str], whole: bool, encoding: Encoding | None) -> Table:
    head = head_of(file)
    refuse_other_files(file, head)
    if head.startswith(PARQUET_MARK) or file.suffix.lower() == ".parquet":
        names = parquet_names(file)
        found = named_columns(file, columns, names)
        wanted = _wanted(file, found, also, names)
        frame = read_parquet(file, None if whole else wanted)
        return Table(frame, found, ("Read as Parquet.",))
    if head.startswith(BOOK_MARKS) or file.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods"):
        frame, sheet, above = read_workbook(file, columns)
        words, cut = (f"Read as a workbook, {sheet}.", *_skipped(above, "row")), 0
    elif OBJECTS.match(head) or not JSON.isdisjoint(suffix.lower() for suffix in file.suffixes):
        (frame, cut), words = read_json(file, columns), ("Read as JSON.",)
    else:
        return _delimited(file, head, columns, also, whole, encoding)
    found = named_columns(file, columns, list(frame.columns))
    wanted = _wanted(file, found, also, list(frame.columns))
    return Table(frame if whole else frame[wanted], found, words, cut)


def _delimited(
    file: Path, head: bytes, columns: Columns, also: Sequence[str], whole: bool, given: Encoding | None
) -> Table:
    layout = layout_of(file, head, columns, given)
    found = named_columns(file, columns, layout.header)
    wanted = _wanted(file, found, also, layout.header)
    frame, damaged, encoding = read_rows(file, layout, None if whole else wanted)
    packed = f", {packed_as(file)}" if packed_as(file) else ""
    words = f"Read as text: encoding {encoding.said}, separator {SEPARATORS[layout.separator]}{packed}."
    return Table(frame, found, (words, *_skipped(layout.above, "line")), damaged)


def _skipped(above: int, what: str) -> tuple[str, ...]:
    if not above:
        return ()
    plural = f"{what} above it was" if above == 1 else f"{what}s above it were"
    return (f"The header was found in {what} {above + 1}; the {plural} skipped.",)


def _wanted(file: Path, found: dict[str, list[str]], also: Sequence[str], header: Sequence[str]) -> list[str]:
    more = [heading_like(name, header) or refuse_missing(file, name, header) for name in also]
    return list(dict.fromkeys([name for names in found.values() for name in names] + more))
