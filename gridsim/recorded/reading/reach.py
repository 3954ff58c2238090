"""How far the cells of a workbook reach, looked at before they are read: one stray cell makes a table of terabytes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from ...scenario.errors import ScenarioError

MOST_CELLS = 100_000_000  # of one sheet; 32 bytes each while it is read
MOST_BYTES = 4_000_000_000  # of a workbook when it is unpacked
BLOCK = 1 << 20
LONGEST_MARK = 40  # letters of a cell's place in a sheet
SHEETS = re.compile(r"xl/worksheets/[^/]+\.xml$")
PLACE = re.compile(rb'<(?:\w+:)?c [^>]{0,30}?r="([A-Z]{1,3})(\d{1,7})"')


def check_reach(file: Path) -> None:
    """Refuse a workbook whose cells would not fit into memory.

    Parameters
    ----------
    file
        The workbook; only the kinds that are zip files (.xlsx, .xlsm) say where each cell is.

    Raises
    ------
    ScenarioError
        If it is one.
    BadZipFile
        If it is cut off.
    """
    if not zipfile.is_zipfile(file):
        return
    with zipfile.ZipFile(file) as book:
        size = sum(part.file_size for part in book.infolist())
        if size > MOST_BYTES:
            raise ScenarioError(f"{file}: is {size / 1e9:.0f} GB when unpacked; save the table as CSV")
        for name in filter(SHEETS.match, book.namelist()):
            _check_sheet(file, book, name)


def _check_sheet(file: Path, book: zipfile.ZipFile, name: str) -> None:
    rows, columns, rest = 0, 0, b""
    with book.open(name) as sheet:
        while block := sheet.read(BLOCK):
            text = rest + block
            for letters, number in PLACE.findall(text):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            rest = text[-LONGEST_MARK:]
            if rows * columns > MOST_CELLS:
                raise ScenarioError(
                    f"{file}: {name} reaches to row {rows:,} and column {columns:,};"
                    " delete the empty rows and columns, or save the table as CSV"
                )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
