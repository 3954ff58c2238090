"""The file of a store: its tables, how it is opened and checked, and what is said when that fails."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION = int.from_bytes(b"grid")  # what SQLite keeps in the file's header to say whose it is
SCHEMA = 2  # 1 had no checksums
WAIT_SECONDS = 10.0  # for another study that is writing to the same store
TABLES = (
    """CREATE TABLE scenarios (
        id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL, toml TEXT NOT NULL,
        checksum BLOB NOT NULL)""",
    """CREATE TABLE conditions (
        id INTEGER PRIMARY KEY, rules TEXT NOT NULL, engine TEXT NOT NULL, records TEXT NOT NULL,
        version TEXT NOT NULL, UNIQUE (rules, engine, records))""",
    """CREATE TABLE measures (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE)""",
    """CREATE TABLE runs (
        scenario INTEGER NOT NULL REFERENCES scenarios, conditions INTEGER NOT NULL REFERENCES conditions,
        replication INTEGER NOT NULL, seed INTEGER NOT NULL, measures INTEGER NOT NULL REFERENCES measures,
        numbers BLOB NOT NULL, restricted TEXT NOT NULL, error TEXT NOT NULL, seconds REAL NOT NULL,
        checksum BLOB NOT NULL,
        PRIMARY KEY (scenario, conditions, replication, seed)) WITHOUT ROWID""",
    """CREATE TABLE studies (
        id INTEGER PRIMARY KEY, began TEXT NOT NULL, ended TEXT, seed TEXT NOT NULL, replications TEXT NOT NULL,
        scenarios INTEGER NOT NULL, engine TEXT NOT NULL, done INTEGER, already_there INTEGER, failed INTEGER,
        checksum BLOB)""",
)
SENTENCES = {
    "SQLITE_NOTADB": "is not a store (not an SQLite file); nothing in it was changed; name another file",
    "SQLITE_CORRUPT": "is damaged or only half there ({}); nothing in it was changed; put a copy in its place,"
    " or name another file",
    "SQLITE_BUSY": "is locked: another program is writing to it, and was not done in {:g} seconds; what was kept"
    " stays; start the same study again when it is",
    "SQLITE_FULL": "the disk is full; what was kept before stays; make room and start the same study again, it goes"
    " on from there",
    "SQLITE_READONLY": "cannot be written to; make it writable, or name another file",
    "SQLITE_CANTOPEN": "cannot be opened; is its folder there, and may you write in it?",
    "SQLITE_IOERR": "could not be read or written ({}); is its disk full or gone? What was kept before stays",
}  # fmt: skip


def file_named(given: object) -> Path:
    """The path of a store; refused where it is none."""
    path = os.fspath(given) if isinstance(given, str | os.PathLike) else None
    if not isinstance(path, str):
        raise StudyError(f"store = {given!r}: must be the path of a file")
    return Path(path)


def connect(path: Path) -> sqlite3.Connection:
    """Open a store to write to it; make it if it is not there.

    Parameters
    ----------
    path
        Its file.

    Raises
    ------
    StudyError
        If it cannot be used; then nothing in it was changed.
    """
    is_new = not path.exists()
    if path.is_dir() or not (is_new or path.is_file()):
        raise StudyError(
            f"store = {str(path)!r}: is {'a folder' if path.is_dir() else 'no ordinary file'}; name a file"
        )
    if not path.parent.is_dir():
        raise StudyError(f"store = {str(path)!r}: the folder {path.parent} is not there")
    made = is_new and _made(path)
    try:
        return _opened(path, is_new)
    except StudyError:
        if made and path.exists() and not path.stat().st_size:  # another may have begun to write to it
            path.unlink()
        raise


def _made(path: Path) -> bool:
    """Whether the file is new by us: not where a link stands, or another process was first."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666))
    except OSError:  # SQLite says what is wrong
        return False
    return True


def _opened(path: Path, is_new: bool) -> sqlite3.Connection:
    with saying(path):
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
        connection.text_factory = _text
    try:
        with saying(path):
            if not is_new and path.stat().st_size:
                check_file(connection, path, SCHEMA)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")  # whole after a kill; a power cut costs the last batches
            with transaction(connection):
                if not _has_tables(connection):
                    _make_tables(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a store that must be there, to read it only; errors as for `connect`."""
    if not path.is_file():
        raise StudyError(f"{path}: {'is a folder; name a file' if path.is_dir() else 'there is no such file'}")
    # Without a log beside it nobody has it open: told so, SQLite makes no files there either, as on a read-only disk.
    alone = not path.with_name(path.name + "-wal").exists()
    where = f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
    with saying(path):
        connection = sqlite3.connect(where, timeout=WAIT_SECONDS, isolation_level=None, uri=True)
        connection.text_factory = _text
    try:
        with saying(path):
            check_file(connection, path)
            if not _has_tables(connection):
                raise StudyError(f"{path}: is empty; no study has been kept in it")
    except BaseException:
        connection.close()
        raise
    return connection


def check_file(connection: sqlite3.Connection, path: Path, oldest: int = 1) -> None:
    """Say what is wrong with a file that is there, before anything in it is used or changed.

    Parameters
    ----------
    connection
        To the file.
    path
        Its name, for the message.
    oldest
        The first schema that may be used: older files are only read.

    Raises
    ------
    StudyError
        If it is another program's, from a newer version, or damaged.
    """
    application, schema = (connection.execute(f"PRAGMA {name}").fetchone()[0]
                           for name in ("application_id", "user_version"))  # fmt: skip
    if not _has_tables(connection):
        return
    if application != APPLICATION:
        raise StudyError(f"{path}: is another program's database, not a store; name another file")
    if schema > SCHEMA:
        raise StudyError(
            f"{path}: was made by a newer gridsim (its schema is {schema}, this version knows {SCHEMA}); nothing in"
            " it was changed; install that version, or name another file"
        )
    if schema < oldest:
        raise StudyError(
            f"{path}: was made by an older gridsim (its schema is {schema}, this version writes {SCHEMA}); `gridsim"
            " studies` lists and exports it; name another file for new runs"
        )
    if (said := connection.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
        raise StudyError(f"{path}: {SENTENCES['SQLITE_CORRUPT'].format(' '.join(said.split()))}")


def _text(raw: bytes) -> str:
    """Damaged text is read too, as something else: its row's checksum tells."""
    return raw.decode("utf-8", "replace")


def _has_tables(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


def _make_tables(connection: sqlite3.Connection) -> None:
    for table in TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside is in the file, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def saying(path: Path) -> Iterator[None]:
    """Turn what SQLite reports into one sentence about the file.

    Parameters
    ----------
    path
        Its name.
    """
    try:
        yield
    except (sqlite3.Error, MemoryError, OverflowError, UnicodeDecodeError) as error:
        name, said = str(getattr(error, "sqlite_errorname", "")), " ".join(str(error).split())
        for start, sentence in SENTENCES.items():
            if name.startswith(start):
                detail = WAIT_SECONDS if start == "SQLITE_BUSY" else said
                raise StudyError(f"{path}: {sentence.format(detail)}") from error
        raise StudyError(f"{path}: cannot be used as a store ({said})") from error
