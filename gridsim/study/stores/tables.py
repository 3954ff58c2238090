"""What is in a store: its studies, its scenarios and its runs as tables, and those as CSV or Parquet."""

from __future__ import annotations

import json
import tempfile
from array import array
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ..errors import StudyError, some
from .checksum import checksum
from .file import connect_to_read, file_named, saying
from .fingerprint import rules_digest
from .spreadsheet import harmless
from .store import STUDY

if TYPE_CHECKING:
    import os
    import sqlite3
    from collections.abc import Iterator, Sequence

ENDINGS = (".csv", ".parquet")
WITH_CHECKSUMS = 2  # the first schema that has them
ROWS_AT_ONCE = 5000  # of an export, so that its memory stays flat
STUDIES = ("study", "began", "ended", "seed", "replications", "scenarios", "engine", "done", "already_there", "failed")
COUNTS = ("done", "already_there", "failed")
RUNS = """SELECT digest, rules, engine, runs_records, replication, seed, names, numbers, restricted, error, seconds,
    checksum, name, named FROM (SELECT scenarios.digest, conditions.rules, conditions.engine,
    conditions.records AS runs_records, replication, seed, names, numbers, restricted, error, seconds,
    {checksum} AS checksum, scenarios.name AS name, {named} AS named, runs.scenario AS s, runs.conditions AS c FROM runs
    LEFT JOIN scenarios ON scenarios.id = runs.scenario LEFT JOIN conditions ON conditions.id = runs.conditions
    LEFT JOIN measures ON measures.id = runs.measures) ORDER BY s, c, replication, seed"""
ABOUT = ("scenario", "digest", "replication", "seed", "engine", "rules", "records", "error", "seconds")


class Contents(NamedTuple):
    """What is in a store.

    Parameters
    ----------
    studies
        One row per study, with how many of its runs were done, were there already, and failed.
    scenarios
        One row per scenario and engine, with how many runs there are, and how many of those failed.
    damaged
        The rows that are damaged, and therefore left out.
    """

    studies: pd.DataFrame
    scenarios: pd.DataFrame
    damaged: tuple[str, ...]


def studies_in(path: str | os.PathLike[str]) -> Contents:
    """List what is in a store, of these rules or of others.

    Parameters
    ----------
    path
        Its file.

    Raises
    ------
    StudyError
        If it is not a store, or damaged as a whole, or from a newer version.
    """
    damaged: list[str] = []
    with _reading(file_named(path)) as connection:
        studies = _studies(connection, damaged)
        scenarios = _scenarios(connection, damaged)
    return Contents(studies, scenarios, tuple(damaged))


def said_of_damage(damaged: Sequence[str]) -> list[str]:
    """Say in a sentence which rows are damaged; nothing if none is."""
    return [f"Damaged rows are left out; the same study runs them again: {some(damaged)}."] if damaged else []


def runs_in(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Give all runs of a store: one row each, as in `Comparison.runs`; parameters and errors as for `studies_in`."""
    damaged: list[str] = []
    with _reading(file_named(path)) as connection:
        return pd.concat(_parts(connection, _measures(connection), damaged))


def export(path: str | os.PathLike[str], target: str | os.PathLike[str]) -> tuple[int, tuple[str, ...]]:
    """Write all runs of a store to a table, all of it or nothing.

    Parameters
    ----------
    path
        The store's file.
    target
        The table's file; its ending says which kind: .csv or .parquet.

    Returns
    -------
    tuple
        How many runs; and the damaged rows, which are left out.

    Raises
    ------
    StudyError
        If the store cannot be read, or the table not written.
    """
    goal, damaged = Path(target), list[str]()
    if goal.suffix not in ENDINGS:
        raise StudyError(f"{goal}: a table ends in {' or '.join(ENDINGS)}")
    if goal.is_dir() or not goal.parent.is_dir():
        raise StudyError(f"{goal}: {'is a folder' if goal.is_dir() else f'the folder {goal.parent} is not there'}")
    write = _write_parquet if goal.suffix == ".parquet" else _write_csv
    try:
        with (
            _reading(file_named(path)) as connection,
            tempfile.TemporaryDirectory(prefix=f".{goal.name}-", dir=goal.parent) as made,
        ):
            count = write(connection, Path(made) / goal.name, damaged)
            (Path(made) / goal.name).replace(goal)
            return count, tuple(damaged)
    except OSError as error:
        raise StudyError(f"{goal}: cannot be written ({error.strerror or error})") from error


def other_rules(scenarios: pd.DataFrame) -> str:
    """Say that runs were made by other rules than these; empty if none were.

    Parameters
    ----------
    scenarios
        As `studies_in` gives them.
    """
    others = sorted(set(scenarios["rules"]) - {rules_digest()})
    if not others:
        return ""
    return (f"These runs were made by other rules ({', '.join(others)}; this version has {rules_digest()}): they can"
            " be listed and exported, but no study of this version goes on in this file.")  # fmt: skip


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    connection = connect_to_read(path)
    connection.create_function("checksum_of", -1, checksum, deterministic=True)
    try:
        with saying(path):
            yield connection
    finally:
        connection.close()


def _schema(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _studies(connection: sqlite3.Connection, damaged: list[str]) -> pd.DataFrame:
    old = _schema(connection) < WITH_CHECKSUMS
    rows = []
    for *row, told in connection.execute(f"SELECT {STUDY}, {'NULL' if old else 'checksum'} FROM studies ORDER BY id"):
        counts = [row[0], row[5], *row[-3:]]
        if all(one is None or isinstance(one, int) for one in counts) if old else told == checksum(*row):
            rows.append([*row[:2], row[2] or "interrupted", *row[3:]])
        else:
            damaged.append(f"study {row[0]}")
    return pd.DataFrame(rows, columns=pd.Index(STUDIES)).astype(dict.fromkeys(COUNTS, "Int64"))


def _scenarios(connection: sqlite3.Connection, damaged: list[str]) -> pd.DataFrame:
    """One row per scenario, engine and rules, counted over the rows that are whole."""
    found: dict[tuple[str, ...], list[Any]] = {}
    for name, digest, replication, _, engine, rules, _, error, *_ in _sound(connection, damaged):
        counted = found.setdefault((name, digest, engine, rules), [0, 0, set()])
        counted[0] += 1
        counted[1] += error != ""
        counted[2].add(replication)
    rows = [(name, digest[:12], engine, runs, failed, len(replications), rules)
            for (name, digest, engine, rules), (runs, failed, replications) in found.items()]  # fmt: skip
    columns = ["scenario", "digest", "engine", "runs", "failed", "replications", "rules"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def _sound(connection: sqlite3.Connection, damaged: list[str]) -> Iterator[tuple[Any, ...]]:
    """The runs whose rows are whole: the columns ABOUT, then names and numbers; the others are named."""
    old = _schema(connection) < WITH_CHECKSUMS
    told = {"checksum": "NULL", "named": "NULL"} if old else {
        "checksum": "runs.checksum",
        "named": "scenarios.checksum = checksum_of(scenarios.digest, scenarios.name, scenarios.toml)",
    }  # fmt: skip
    for *content, kept, name, is_named in connection.execute(RUNS.format(**told)):
        digest, rules, engine, records, replication, seed, names, numbers, _, error, seconds = content
        shown = name if old or is_named else str(digest)[:12]
        if _is_readable(content) if old else kept == checksum(*content):
            yield shown, digest, replication, seed, engine, rules, records, error, seconds, names, numbers
        else:
            damaged.append(f"{shown if name and digest else 'an unknown scenario'} replication {replication}")


def _is_readable(content: list[Any]) -> bool:
    """Whether a row without a checksum can be read at all."""
    digest, rules, engine, records, replication, seed, names, numbers, _, error, seconds = content
    texts = all(isinstance(one, str) for one in (digest, rules, engine, records, names, error))
    if not (texts and isinstance(numbers, bytes) and isinstance(seconds, float)):
        return False
    whole = isinstance(replication, int) and isinstance(seed, int)
    return whole and len(numbers) == 8 * len(_names(names) or [None])


def _names(text: object) -> list[str] | None:
    """Names of measures; None where they cannot be read."""
    try:
        found = json.loads(str(text))
    except ValueError:
        return None
    return found if isinstance(found, list) and all(isinstance(name, str) for name in found) else None


def _measures(connection: sqlite3.Connection) -> list[str]:
    """Names of all measures, in the order in which runs have them."""
    lists = connection.execute("SELECT names FROM measures ORDER BY id")
    return list(dict.fromkeys(name for (names,) in lists for name in _names(names) or ()))


def _parts(connection: sqlite3.Connection, measures: list[str], damaged: list[str]) -> Iterator[pd.DataFrame]:
    """All runs, some thousand rows at a time; at least one part, which may be empty."""
    rows = _sound(connection, damaged)
    place, first = {name: number for number, name in enumerate(measures)}, 0
    while (some_rows := list(islice(rows, ROWS_AT_ONCE))) or not first:
        numbers = np.full((len(some_rows), len(measures)), np.nan)
        for line, row in zip(numbers, some_rows, strict=True):
            line[[place[name] for name in json.loads(row[-2])]] = array("d", row[-1])
        index = pd.RangeIndex(first, first + len(some_rows))
        about = pd.DataFrame([row[:-2] for row in some_rows], index, pd.Index(ABOUT))
        yield pd.concat([about, pd.DataFrame(numbers, index, pd.Index(measures))], axis=1)
        first += len(some_rows)
        if not some_rows:
            return


def _write_csv(connection: sqlite3.Connection, file: Path, damaged: list[str]) -> int:
    count = 0
    for part in _parts(connection, _measures(connection), damaged):
        harmless(part).to_csv(file, mode="a", header=not count, index=False)
        count += len(part)
    return count


def _write_parquet(connection: sqlite3.Connection, file: Path, damaged: list[str]) -> int:
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise StudyError("Parquet needs pyarrow: pip install 'gridsim[parquet]', or export to .csv") from None
    measures, count = _measures(connection), 0
    texts = {name: pa.string() for name in ("scenario", "digest", "engine", "rules", "records", "error")}
    whole = dict.fromkeys(("replication", "seed"), pa.int64())
    kinds = texts | whole
    schema = pa.schema([(name, kinds.get(name, pa.float64())) for name in (*ABOUT, *measures)])
    with ParquetWriter(file, schema) as writer:
        for part in _parts(connection, measures, damaged):
            writer.write_table(pa.Table.from_pandas(part, schema, preserve_index=False))
            count += len(part)
    return count
