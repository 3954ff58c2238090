"""Where finished runs are kept: one SQLite file, a row per run, so that nothing is ever played twice.

A run is known by the content of its scenario, its replication and seed, and the conditions it was played under:
the hash of the rules, the engine, the hash of recorded problems. Only the parent process of a study writes, a batch
of runs in one transaction.
"""

from __future__ import annotations

import json
from array import array
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..errors import StudyError
from ..run import Finished
from .checksum import checksum
from .file import SENTENCES, connect, file_named, saying, transaction
from .fingerprint import engine_kind, records_digest, rules_digest

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from ...scenario.scenario import Scenario
    from ..run import Run, Settings

FIND = """SELECT names, numbers, restricted, error, seconds, checksum FROM runs LEFT JOIN measures ON measures.id = runs.measures
    WHERE scenario = ? AND conditions = ? AND replication = ? AND seed = ?"""
# Another study may have kept the same run meanwhile: a good row stays, a failed one may become better.
KEEP = """INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET measures = excluded.measures,
    numbers = excluded.numbers, restricted = excluded.restricted, error = excluded.error, seconds = excluded.seconds,
    checksum = excluded.checksum
    WHERE runs.error <> ''"""
DROP = "DELETE FROM runs WHERE scenario = ? AND conditions = ? AND replication = ? AND seed = ?"
STUDY = "id, began, ended, seed, replications, scenarios, engine, done, already_there, failed"


class Store:
    """The runs that one file keeps, open for one study.

    Parameters
    ----------
    path
        The file; made if it is not there.
    settings
        What the runs of the study have in common.

    Raises
    ------
    StudyError
        If the file cannot be used, or was made by other rules.
    """

    def __init__(self, path: str | os.PathLike[str], settings: Settings):
        self.path = file_named(path)
        self.settings = settings
        records = records_digest(settings.records)
        self._connection = connect(self.path)
        try:
            self._refuse_other_rules()
            with saying(self.path), transaction(self._connection):
                self._made_by = (rules_digest(), engine_kind(settings.engine), records)
                self._conditions = self._id_of_conditions(*self._made_by)
                self._scenarios = {name: self._id_of(name, one) for name, one in settings.scenarios.items()}
        except BaseException:
            self._connection.close()
            raise
        self._measures: dict[str, int] = {}
        self.damaged: dict[Run, None] = {}  # in the order in which they were found

    def find(self, run: Run) -> Finished | None:
        """Give a run as it went, bit for bit; None if it is not there, or its row is damaged.

        Parameters
        ----------
        run
            Which run.
        """
        with saying(self.path):
            row = self._connection.execute(FIND, self._key(run)).fetchone()
        if row is None:
            return None
        *content, told = row
        if told != self._checksum(run, *content):
            self.damaged[run] = None
            return None
        names, numbers, restricted, error, seconds = content
        measures = dict(zip(json.loads(names), array("d", numbers), strict=True))
        return Finished(run, measures, tuple(json.loads(restricted)), error, seconds)

    def keep(self, finished: Iterable[Finished]) -> None:
        """Write runs, all of them or none.

        Parameters
        ----------
        finished
            The runs.

        Raises
        ------
        StudyError
            If the file cannot be written.
        """
        known = dict(self._measures)
        try:
            with saying(self.path), transaction(self._connection):
                rows = [(one, self._row(one)) for one in finished]
                self._connection.executemany(DROP, [row[:4] for one, row in rows if one.run in self.damaged])
                self._connection.executemany(KEEP, [row for _, row in rows])
        except StudyError:
            self._measures = known  # names that were to come in are not there either
            raise

    def begin_study(self, seed: int, replications: object) -> int:
        """Note that a study begins; give its number."""
        row = (_now(), str(seed), str(replications), len(self._scenarios), engine_kind(self.settings.engine))
        with saying(self.path), transaction(self._connection):
            inserted = self._connection.execute(
                "INSERT INTO studies (began, seed, replications, scenarios, engine) VALUES (?, ?, ?, ?, ?)", row
            )
            number = int(inserted.lastrowid or 0)
            self._sign_study(number)
        return number

    def end_study(self, number: int, done: int, already_there: int, failed: int) -> None:
        """Note that a study is over, and how many of its runs were done, were there, and failed."""
        row = (_now(), done, already_there, failed, number)
        with saying(self.path), transaction(self._connection):
            self._connection.execute(
                "UPDATE studies SET ended = ?, done = ?, already_there = ?, failed = ? WHERE id = ?", row
            )
            self._sign_study(number)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _refuse_other_rules(self) -> None:
        with saying(self.path):
            other = self._connection.execute(
                "SELECT version, rules FROM conditions WHERE rules <> ?", [rules_digest()]
            ).fetchone()
        if other:
            raise StudyError(
                f"{self.path}: its runs were made by other rules (gridsim {other[0]}, rules {other[1]}; these are"
                f" {rules_digest()}) and cannot be mixed with new ones; nothing in it was changed; name another file,"
                " or install that version"
            )

    def _sign_study(self, number: int) -> None:
        row = self._connection.execute(f"SELECT {STUDY} FROM studies WHERE id = ?", [number]).fetchone()
        if row is not None:
            self._connection.execute("UPDATE studies SET checksum = ? WHERE id = ?", [checksum(*row), number])

    def _id_of_conditions(self, rules: str, engine: str, records: str) -> int:
        from gridsim import __version__

        key = (rules, engine, records)
        self._connection.execute(
            "INSERT OR IGNORE INTO conditions (rules, engine, records, version) VALUES (?, ?, ?, ?)",
            [*key, __version__],
        )
        return self._first("SELECT id FROM conditions WHERE rules = ? AND engine = ? AND records = ?", *key)

    def _id_of(self, name: str, scenario: Scenario) -> int:
        digest = self.settings.digest(name)
        content = (digest, str(name), scenario.to_toml())
        told = (*content, checksum(*content))
        self._connection.execute(
            "INSERT OR IGNORE INTO scenarios (digest, name, toml, checksum) VALUES (?, ?, ?, ?)", told
        )
        there = self._connection.execute(
            "SELECT digest, name, toml, checksum FROM scenarios WHERE digest = ?", told[:1]
        ).fetchone()
        if there is not None and checksum(*there[:3]) != there[3]:  # damaged: it is told anew
            self._connection.execute("UPDATE scenarios SET name = ?, toml = ?, checksum = ? WHERE digest = ?",
                                     [*told[1:], told[0]])  # fmt: skip
        return self._first("SELECT id FROM scenarios WHERE digest = ?", digest)

    def _row(self, one: Finished) -> tuple[object, ...]:
        run, names = one.run, json.dumps(list(one.measures))
        if names not in self._measures:
            self._connection.execute("INSERT OR IGNORE INTO measures (names) VALUES (?)", [names])
            self._measures[names] = self._first("SELECT id FROM measures WHERE names = ?", names)
        error = one.error.encode("utf-8", "replace").decode()
        content = (array("d", one.measures.values()).tobytes(), json.dumps(one.restricted), error, float(one.seconds))
        return (*self._key(run), self._measures[names], *content, self._checksum(run, names, *content))

    def _key(self, run: Run) -> tuple[int, int, int, int]:
        return (self._scenarios[run.scenario], self._conditions, run.replication, run.seed)

    def _checksum(self, run: Run, *content: object) -> bytes:
        digest = self.settings.digest(run.scenario)
        return checksum(digest, *self._made_by, run.replication, run.seed, *content)

    def _first(self, query: str, *values: object) -> int:
        row = self._connection.execute(query, values).fetchone()
        if row is None or not isinstance(row[0], int):
            raise StudyError(f"{self.path}: {SENTENCES['SQLITE_CORRUPT'].format('a row is not where it belongs')}")
        return row[0]


def _now() -> str:
    """The time in UTC."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
