"""Files as they come: packed files are unpacked while they are read, and what is no table is named for what it is."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from ...scenario.errors import ScenarioError, said

GZIP, BZIP, XZ, ZIP, OLE = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PARTS_OF_BOOKS = ("xl/", "content.xml", "mimetype", "[Content_Types].xml", "_rels/")
NOT_MEANT = ("__MACOSX/", ".")
TEXTS = {".csv", ".tsv", ".json", ".geojson", ".jsonl", ".ndjson"}  # of several files, the one table
NO_TEXT = (GZIP, ZIP, OLE, b"PAR1")
NO_TABLES = (
    (b"%PDF", "a PDF document"), (b"\x89PNG", "an image"), (b"\xff\xd8\xff", "an image"), (b"GIF8", "an image"),
    (b"SQLite format 3\0", "a SQLite database"), (b"ARROW1", "a Feather file"), (b"Rar!", "a packed file (RAR)"),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (7z)"), (b"\x28\xb5\x2f\xfd", "a packed file (Zstandard)"),
    (b"\x80\x03", "a Python pickle"), (b"\x80\x04", "a Python pickle"), (b"\x80\x05", "a Python pickle"),
    (b"{\\rtf", "a text document (RTF)"), (b"<stata_dta>", "a Stata file"), (b"$FL2", "an SPSS file"),
)  # fmt: skip
PAGES = ((b"<!doctype html", "a web page"), (b"<html", "a web page"), (b"<table", "a web page"), (b"<", "an XML file"))


def refuse_other_files(file: Path, head: bytes) -> None:
    """Name a file that is no table for what it is.

    Raises
    ------
    ScenarioError
        If it is one.
    """
    start = head[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    found = [what for mark, what in NO_TABLES if head.startswith(mark)]
    found += [what for mark, what in PAGES if start.startswith(mark)]
    if found:
        raise ScenarioError(f"{file}: is {found[0]}, whatever its name says; save the table as CSV or as a workbook")


@contextmanager
def opened(file: Path) -> Iterator[Any]:
    """Open a file of bytes, unpacking gzip, bzip2, xz and a zip of one file; what is damaged is said.

    Raises
    ------
    ScenarioError
        If it cannot be read.
    """
    try:
        with file.open("rb") as raw:
            yield _unpacked(file, raw)
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise ScenarioError(f"{file}: is cut off or damaged ({' '.join(str(error).split())})") from None
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read ({error.strerror or error})") from None


def packed_as(file: Path) -> str:
    """How a file is packed, in a word; empty: it is not."""
    with file.open("rb") as raw:
        start = raw.read(6)
    names = {GZIP: "gzip", BZIP: "bzip2", XZ: "xz", ZIP: "zip"}
    return next((name for mark, name in names.items() if start.startswith(mark)), "")


def _unpacked(file: Path, raw: BinaryIO) -> Any:
    start = raw.read(6)
    raw.seek(0)
    if start.startswith(GZIP) or file.suffix.lower() == ".gz":
        return gzip.GzipFile(fileobj=raw)
    if start.startswith(BZIP):
        return bz2.BZ2File(raw)
    if start.startswith(XZ):
        return lzma.LZMAFile(raw)
    return _only_part(file, raw) if start.startswith(ZIP) else raw


def _only_part(file: Path, raw: BinaryIO) -> Any:
    """The one file in a zip; a workbook is left as it is."""
    try:
        pack = zipfile.ZipFile(raw)
    except zipfile.BadZipFile:  # a workbook that is cut off says so itself
        if file.suffix.lower() == ".zip":
            raise
        raw.seek(0)
        return raw
    names = [one.filename for one in pack.infolist() if not one.is_dir()]
    if any(name.startswith(PARTS_OF_BOOKS) for name in names):
        raw.seek(0)
        return raw
    names = [name for name in names if not name.startswith(NOT_MEANT)]
    if not names:
        raise ScenarioError(f"{file}: is an archive without a file")
    chosen = names if len(names) == 1 else [name for name in names if Path(name).suffix.lower() in TEXTS]
    if len(chosen) != 1:
        listed = ", ".join(said(name, 40) for name in names[:5]) + (", ..." if len(names) > 5 else "")
        raise ScenarioError(f"{file}: holds {len(names)} files ({listed}); unpack it and name one")
    try:
        with pack.open(chosen[0]) as part:
            if part.read(6).startswith(NO_TEXT):
                raise ScenarioError(f"{file}: holds {said(chosen[0], 40)}, which is no text; unpack it first")
        return pack.open(chosen[0])
    except (RuntimeError, NotImplementedError) as error:  # locked, or packed in another way
        raise ScenarioError(f"{file}: cannot be unpacked ({' '.join(str(error).split())[:100]})") from None
