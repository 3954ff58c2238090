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

from .errors import StudyError
from .fingerprint import engine_kind, records_digest, rules_digest
from .runs import Finished
from .store_file import connect, file_named, saying, transaction

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from ..scenario.scenario import Scenario
    from .runs import Run, Settings

FIND = """SELECT names, numbers, restricted, error, seconds FROM runs JOIN measures ON measures.id = runs.measures
    WHERE scenario = ? AND conditions = ? AND replication = ? AND seed = ?"""
# Another study may have kept the same run meanwhile: a good row stays, a failed one may become better.
KEEP = """INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET measures = excluded.measures,
    numbers = excluded.numbers, restricted = excluded.restricted, error = excluded.error, seconds = excluded.seconds
    WHERE runs.error <> ''"""


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
                self._conditions = self._id_of_conditions(engine_kind(settings.engine), records)
                self._scenarios = {name: self._id_of(name, one) for name, one in settings.scenarios.items()}
        except BaseException:
            self._connection.close()
            raise
        self._measures: dict[str, int] = {}

    def find(self, run: Run) -> Finished | None:
        """Give a run as it went, bit for bit; None if it is not there.

        Parameters
        ----------
        run
            Which run.
        """
        key = (self._scenarios[run.scenario], self._conditions, run.replication, run.seed)
        with saying(self.path):
            row = self._connection.execute(FIND, key).fetchone()
        if row is None:
            return None
        names, numbers, restricted, error, seconds = row
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
                self._connection.executemany(KEEP, [self._row(one) for one in finished])
        except StudyError:
            self._measures = known  # names that were to come in are not there either
            raise

    def begin_study(self, seed: int, replications: object) -> int:
        """Note that a study begins; give its number."""
        row = (_now(), str(seed), str(replications), len(self._scenarios), engine_kind(self.settings.engine))
        with saying(self.path):
            inserted = self._connection.execute(
                "INSERT INTO studies (began, seed, replications, scenarios, engine) VALUES (?, ?, ?, ?, ?)", row
            )
        return int(inserted.lastrowid or 0)

    def end_study(self, number: int, done: int, already_there: int, failed: int) -> None:
        """Note that a study is over, and how many of its runs were done, were there, and failed."""
        row = (_now(), done, already_there, failed, number)
        with saying(self.path):
            self._connection.execute(
                "UPDATE studies SET ended = ?, done = ?, already_there = ?, failed = ? WHERE id = ?", row
            )

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

    def _id_of_conditions(self, engine: str, records: str) -> int:
        from gridsim import __version__

        key = (rules_digest(), engine, records)
        self._connection.execute(
            "INSERT OR IGNORE INTO conditions (rules, engine, records, version) VALUES (?, ?, ?, ?)",
            [*key, __version__],
        )
        return self._first("SELECT id FROM conditions WHERE rules = ? AND engine = ? AND records = ?", *key)

    def _id_of(self, name: str, scenario: Scenario) -> int:
        self._connection.execute(
            "INSERT OR IGNORE INTO scenarios (digest, name, toml) VALUES (?, ?, ?)",
            [scenario.digest, name, scenario.to_toml()],
        )
        return self._first("SELECT id FROM scenarios WHERE digest = ?", scenario.digest)

    def _row(self, one: Finished) -> tuple[object, ...]:
        run, names = one.run, json.dumps(list(one.measures))
        if names not in self._measures:
            self._connection.execute("INSERT OR IGNORE INTO measures (names) VALUES (?)", [names])
            self._measures[names] = self._first("SELECT id FROM measures WHERE names = ?", names)
        numbers = array("d", one.measures.values()).tobytes()
        key = (self._scenarios[run.scenario], self._conditions, run.replication, run.seed)
        return (*key, self._measures[names], numbers, json.dumps(one.restricted), one.error, one.seconds)

    def _first(self, query: str, *values: object) -> int:
        return int(self._connection.execute(query, values).fetchone()[0])


def _now() -> str:
    """The time in UTC."""
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
