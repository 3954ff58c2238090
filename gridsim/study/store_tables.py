"""What is in a store: its studies, its scenarios and its runs as tables, and those as CSV or Parquet."""

from __future__ import annotations

import json
import tempfile
from array import array
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .errors import StudyError
from .fingerprint import rules_digest
from .spreadsheet import harmless
from .store_file import connect_to_read, saying

if TYPE_CHECKING:
    import os
    import sqlite3
    from collections.abc import Iterator

ENDINGS = (".csv", ".parquet")
ROWS_AT_ONCE = 5000  # of an export, so that its memory stays flat
STUDIES = """SELECT id AS study, began, COALESCE(ended, 'interrupted') AS ended, seed, replications, scenarios, engine,
    done, already_there, failed FROM studies ORDER BY id"""
SCENARIOS = """SELECT name AS scenario, substr(digest, 1, 12) AS digest, engine, count(*) AS runs,
    sum(error <> '') AS failed, count(DISTINCT replication) AS replications, rules
    FROM runs JOIN scenarios ON scenarios.id = runs.scenario JOIN conditions ON conditions.id = runs.conditions
    GROUP BY runs.scenario, runs.conditions ORDER BY runs.scenario, runs.conditions"""
RUNS = """SELECT scenarios.name, digest, replication, seed, engine, rules, records, error, seconds, names, numbers
    FROM runs JOIN scenarios ON scenarios.id = runs.scenario JOIN conditions ON conditions.id = runs.conditions
    JOIN measures ON measures.id = runs.measures ORDER BY runs.scenario, runs.conditions, replication, seed"""
ABOUT = ("scenario", "digest", "replication", "seed", "engine", "rules", "records", "error", "seconds")


def studies_in(path: str | os.PathLike[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """List what is in a store, of these rules or of others.

    Parameters
    ----------
    path
        Its file.

    Returns
    -------
    two DataFrames
        One row per study, with how many of its runs were done, were there already, and failed; and one per
        scenario and engine, with how many runs there are, and how many of those failed.

    Raises
    ------
    StudyError
        If it is not a store, or damaged, or from a newer version.
    """
    with _reading(Path(path)) as connection:
        studies, scenarios = (pd.read_sql_query(query, connection) for query in (STUDIES, SCENARIOS))
    counts = ["done", "already_there", "failed"]
    return studies.astype(dict.fromkeys(counts, "Int64")), scenarios


def runs_in(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Give all runs of a store: one row each, as in `Comparison.runs`; parameters and errors as for `studies_in`."""
    with _reading(Path(path)) as connection:
        return pd.concat(_parts(connection, _measures(connection)))


def export(path: str | os.PathLike[str], target: str | os.PathLike[str]) -> int:
    """Write all runs of a store to a table, all of it or nothing.

    Parameters
    ----------
    path
        The store's file.
    target
        The table's file; its ending says which kind: .csv or .parquet.

    Returns
    -------
    int
        How many runs.

    Raises
    ------
    StudyError
        If the store cannot be read, or the table not written.
    """
    goal = Path(target)
    if goal.suffix not in ENDINGS:
        raise StudyError(f"{goal}: a table ends in {' or '.join(ENDINGS)}")
    if goal.is_dir() or not goal.parent.is_dir():
        raise StudyError(f"{goal}: {'is a folder' if goal.is_dir() else f'the folder {goal.parent} is not there'}")
    write = _write_parquet if goal.suffix == ".parquet" else _write_csv
    try:
        with (
            _reading(Path(path)) as connection,
            tempfile.TemporaryDirectory(prefix=f".{goal.name}-", dir=goal.parent) as made,
        ):
            count = write(connection, Path(made) / goal.name)
            (Path(made) / goal.name).replace(goal)
            return count
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
    try:
        with saying(path):
            yield connection
    except pd.errors.DatabaseError as error:
        raise StudyError(f"{path}: cannot be read as a store ({error})") from error
    finally:
        connection.close()


def _measures(connection: sqlite3.Connection) -> list[str]:
    """Names of all measures, in the order in which runs have them."""
    lists = connection.execute("SELECT names FROM measures ORDER BY id")
    return list(dict.fromkeys(name for (names,) in lists for name in json.loads(names)))


def _parts(connection: sqlite3.Connection, measures: list[str]) -> Iterator[pd.DataFrame]:
    """All runs, some thousand rows at a time; at least one part, which may be empty."""
    rows = connection.execute(RUNS)
    place, first = {name: number for number, name in enumerate(measures)}, 0
    while (some := rows.fetchmany(ROWS_AT_ONCE)) or not first:
        numbers = np.full((len(some), len(measures)), np.nan)
        for line, row in zip(numbers, some, strict=True):
            line[[place[name] for name in json.loads(row[-2])]] = array("d", row[-1])
        index = pd.RangeIndex(first, first + len(some))
        about = pd.DataFrame([row[:-2] for row in some], index, pd.Index(ABOUT))
        yield pd.concat([about, pd.DataFrame(numbers, index, pd.Index(measures))], axis=1)
        first += len(some)
        if not some:
            return


def _write_csv(connection: sqlite3.Connection, file: Path) -> int:
    count = 0
    for part in _parts(connection, _measures(connection)):
        harmless(part).to_csv(file, mode="a", header=not count, index=False)
        count += len(part)
    return count


def _write_parquet(connection: sqlite3.Connection, file: Path) -> int:
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
        for part in _parts(connection, measures):
            writer.write_table(pa.Table.from_pandas(part, schema, preserve_index=False))
            count += len(part)
    return count
