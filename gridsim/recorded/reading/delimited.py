"""Text tables: encoding, separator, title rows and header are recognised; lines that are no rows are counted."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...scenario.errors import ScenarioError
from .encodings import Encoding, encoding_of
from .headers import LOOKED_AT, Columns, header_of, header_row, likely_header
from .packed import opened

if TYPE_CHECKING:
    import pandas as pd

HEAD = 512_000  # bytes from which the layout is told
SEPARATORS = {
    ",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", "^": "caret", "~": "tilde",
    "\x01": "control character 1", "\x1f": "control character 31",
}  # fmt: skip
QUOTES = ('"', "'")
MOST_LINES_OF_A_CELL = 20
MOST_BAD_LINES = 0.1  # share of lines with too many cells from which the file is no table


@dataclass(frozen=True)
class Layout:
    """How a text is laid out as a table.

    Parameters
    ----------
    encoding, separator
        Of its letters and cells.
    above
        Lines above the header.
    header
        Names of the columns.
    quote
        What stands around cells that hold a separator.
    """

    encoding: Encoding
    separator: str
    above: int
    header: list[str]
    quote: str = '"'


def head_of(file: Path) -> bytes:
    """The first bytes of a file, unpacked if it is gzip or a zip archive of one table."""
    with opened(file) as stream:
        return bytes(stream.read(HEAD))


def layout_of(file: Path, head: bytes, columns: Columns, encoding: Encoding | None = None) -> Layout:
    """Tell encoding (where it is not given), separator and header of a text table.

    Raises
    ------
    ScenarioError
        If it is empty, or no text.
    """
    encoding = encoding or encoding_of(head, whole=len(head) < HEAD)
    text = head.decode(encoding.name, errors="replace")
    if not text.strip("\ufeff \r\n\t"):
        raise ScenarioError(f"{file}: is empty")
    if "\0" in text:
        raise ScenarioError(f"{file}: is not a table (it holds bytes of zero); save it as CSV")
    for quote in QUOTES:
        heads = {separator: _first_rows(text, separator, quote) for separator in SEPARATORS}
        for separator, (rows, lines) in heads.items():
            if (number := header_row(rows, columns)) is not None:
                return Layout(encoding, separator, lines[number], header_of(rows[number]), quote)
    heads = {separator: _first_rows(text, separator, QUOTES[0]) for separator in SEPARATORS}
    separator = max(heads, key=lambda one: _evenness(heads[one][0]))
    rows, lines = heads[separator]
    number = likely_header(rows)
    return Layout(encoding, separator, lines[number] if lines else 0, header_of(rows[number]) if rows else [])


def _first_rows(text: str, separator: str, quote: str) -> tuple[list[list[str]], list[int]]:
    """The first rows, and how many lines lie above each."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote)
    rows: list[list[str]] = []
    lines: list[int] = []
    above = 0
    try:
        for row in reader:
            rows.append(row)
            lines.append(above)
            above = reader.line_num
            if len(rows) >= LOOKED_AT:
                break
    except csv.Error:  # a cell of a hundred thousand letters: what was read so far is enough
        pass
    return rows, lines


def _evenness(rows: Sequence[Sequence[str]]) -> float:
    """How many rows have the commonest number of cells, times that number; one cell a row is no table."""
    widths = [len(row) for row in rows if row]
    if not widths:
        return 0.0
    usual = max(set(widths), key=widths.count)
    return widths.count(usual) * min(usual, 5) if usual > 1 else 0.0


def read_rows(file: Path, layout: Layout, wanted: Sequence[str] | None) -> tuple[pd.DataFrame, int, Encoding]:
    """Read the rows below the header as text.

    Parameters
    ----------
    file, layout
        The file, and how it is laid out.
    wanted
        Names of the columns; None: all.

    Returns
    -------
    DataFrame, int, Encoding
        The cells; how many lines have more cells than the header; how its letters are written.

    Raises
    ------
    ScenarioError
        If it is not a table.
    """
    import pandas as pd

    encoding = layout.encoding
    try:
        try:
            return *_parsed(file, layout, encoding, wanted), encoding
        except UnicodeDecodeError:
            encoding = replace(encoding, damaged=True) if encoding.given else _encoding_of_all(file)
            return *_parsed(file, layout, encoding, wanted), encoding
    except ScenarioError:
        raise
    except pd.errors.EmptyDataError:
        raise ScenarioError(f"{file}: holds no rows") from None
    except (pd.errors.ParserError, csv.Error, ValueError, OverflowError) as error:
        raise ScenarioError(f"{file}: is not a table ({' '.join(str(error).split())[:200]})") from None


def _encoding_of_all(file: Path) -> Encoding:
    with opened(file) as stream:
        return encoding_of(stream.read(), whole=True)


def _parsed(file: Path, layout: Layout, encoding: Encoding, wanted: Sequence[str] | None) -> tuple[pd.DataFrame, int]:
    """Read quickly; where a line has too many cells, or the last one is cut off, slowly, and count them."""
    import pandas as pd

    try:
        return _with_pandas(file, layout, encoding, wanted), 0
    except pd.errors.ParserError:
        rows, last = _end(file, layout, encoding)
    if any(cell.count("\n") > MOST_LINES_OF_A_CELL for cell in last):
        # a quotation mark that is never closed took many lines into one cell: it is a letter like any other
        return _counting(file, layout, encoding, wanted, csv.QUOTE_NONE)
    frame, bad = _counting(file, layout, encoding, wanted, csv.QUOTE_MINIMAL)
    return frame, bad + int(rows > len(frame) + bad)  # a row that is cut off is not among them


def _end(file: Path, layout: Layout, encoding: Encoding) -> tuple[int, list[str]]:
    """How many rows a file has below its header, and the last one."""
    rows, last = -1, list[str]()
    with opened(file) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding.name, errors="replace", newline="")
        try:
            for _ in range(layout.above):
                text.readline()
            for row in csv.reader(text, delimiter=layout.separator, quotechar=layout.quote):
                if row:
                    rows, last = rows + 1, row
        except csv.Error:  # a cell of a hundred thousand letters
            last = ["\n" * (MOST_LINES_OF_A_CELL + 1)]
        finally:
            text.detach()
    return rows, last


def _counting(
    file: Path, layout: Layout, encoding: Encoding, wanted: Sequence[str] | None, quoting: int
) -> tuple[pd.DataFrame, int]:
    """Read the rows, and count the lines that have more cells than the header."""
    bad: list[int] = []
    frame = _with_pandas(
        file,
        layout,
        encoding,
        wanted,
        engine="python",
        quoting=quoting,
        on_bad_lines=lambda cells: bad.append(len(cells)),
    )
    if len(bad) > max(1.0, MOST_BAD_LINES * len(frame)):
        raise ScenarioError(f"{file}: is not a table ({len(bad):,} lines have more cells than the header)")
    return frame, len(bad)


def _with_pandas(
    file: Path, layout: Layout, encoding: Encoding, wanted: Sequence[str] | None, **options: Any
) -> pd.DataFrame:
    import pandas as pd

    names = [*layout.header]
    use = None if wanted is None else sorted({names.index(name) for name in wanted})
    with opened(file) as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.ParserWarning)  # cells after the last separator of every line
        text = io.TextIOWrapper(
            stream, encoding=encoding.name, errors="replace" if encoding.damaged else "strict", newline=""
        )
        try:
            for _ in range(layout.above):
                text.readline()
            frame = pd.read_csv(text, sep=layout.separator, header=0, names=names, usecols=use, dtype=str,
                                quotechar=layout.quote, na_filter=False, index_col=False, **options)  # fmt: skip
        finally:
            text.detach()
    cells: pd.DataFrame = frame.fillna("")
    return cells
