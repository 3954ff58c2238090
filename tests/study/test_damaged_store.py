"""A damaged store: its whole rows are right, its damaged ones are named and run again, or a sentence says it cannot be used."""

import json
import random
import shutil
import sqlite3

import pandas as pd
import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.study.stores import tables as store_tables

QUIET = {"workers": 1, "progress": False}
REPLICATIONS = 4


@pytest.fixture(scope="module")
def scenarios():
    from conftest import one_desk

    base = one_desk().vary({"run.days": 0.5})
    return {"as it is": base, "faster": base.vary({"problems.matter.work_hours.mean": 0.5})}


@pytest.fixture(scope="module")
def whole(scenarios, tmp_path_factory):
    """A store, and what is right."""
    file = tmp_path_factory.mktemp("store") / "study.db"
    study = gs.compare(scenarios, REPLICATIONS, store=file, **QUIET)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file, study.runs, store_tables.runs_in(file)


@pytest.fixture
def file(whole, tmp_path):
    return shutil.copy(whole[0], tmp_path / "study.db")


def execute(file, *statements):
    with sqlite3.connect(file) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


GARBLED = {
    "numbers cut short": "UPDATE runs SET numbers = substr(numbers, 1, 9) WHERE replication = 1",
    "numbers of another kind": "UPDATE runs SET numbers = 'abc' WHERE replication = 1",
    "numbers of another run": "UPDATE runs SET numbers = (SELECT numbers FROM runs WHERE replication = 2)"
    " WHERE replication = 1",
    "text that is none": "UPDATE runs SET restricted = CAST(x'ff80' AS TEXT) WHERE replication = 1",
    "no names": "UPDATE runs SET measures = 99 WHERE replication = 1",
    "a checksum": "UPDATE runs SET checksum = x'00' WHERE replication = 1",
    "seconds": "UPDATE runs SET seconds = 'long' WHERE replication = 1",
}


@pytest.mark.parametrize("statement", GARBLED.values(), ids=GARBLED)
def test_a_damaged_row_is_named_left_out_and_run_again(scenarios, whole, file, statement):
    """In the list, in the export, and when the study is asked for again; then nothing is damaged any more."""
    execute(file, statement)
    listed = store_tables.studies_in(file)
    assert set(listed.damaged) == {"as it is replication 1", "faster replication 1"}
    assert listed.scenarios["runs"].tolist() == [REPLICATIONS - 1] * 2
    done = CliRunner().invoke(app, ["studies", str(file)])
    assert done.exit_code == 0
    assert "Damaged rows are left out" in " ".join(done.output.split())
    again = gs.compare(scenarios, REPLICATIONS, store=file, **QUIET)
    pd.testing.assert_frame_equal(again.runs, whole[1], check_exact=True)
    assert (again.counts.done, again.counts.already_there) == (2, 2 * (REPLICATIONS - 1))
    assert any("left out and run again: as it is replication 1" in sentence for sentence in again.warnings)
    assert gs.compare(scenarios, REPLICATIONS, store=file, **QUIET).counts.done == 0
    assert store_tables.studies_in(file).damaged == ()


def test_names_of_measures_that_are_damaged_take_their_runs_with_them(scenarios, whole, file):
    """Two names are swapped: no number may stand under the wrong one."""
    names = json.loads(sqlite3.connect(file).execute("SELECT names FROM measures").fetchone()[0])
    names[0], names[1] = names[1], names[0]
    execute(file, f"UPDATE measures SET names = '{json.dumps(names)}'")
    assert len(store_tables.studies_in(file).damaged) == 2 * REPLICATIONS
    again = gs.compare(scenarios, REPLICATIONS, store=file, **QUIET)
    pd.testing.assert_frame_equal(again.runs, whole[1], check_exact=True)


def test_an_interrupted_study_is_listed(file):
    """Its counts are not known: a dash, and null."""
    execute(file, "INSERT INTO studies (began, seed, replications, scenarios, engine) VALUES ('x', '0', '4', 2, 'mesa')",
            "UPDATE studies SET done = 'abc' WHERE id = 1")  # fmt: skip
    assert store_tables.studies_in(file).damaged == ("study 1", "study 2")


def test_an_unfinished_study_has_a_dash(scenarios, whole, file):
    """In the table and as JSON."""
    from gridsim.study.run import Settings
    from gridsim.study.stores.store import Store

    kept = Store(file, Settings(scenarios))
    kept.begin_study(0, 3)
    kept.close()
    assert CliRunner().invoke(app, ["studies", str(file)]).exit_code == 0
    told = json.loads(CliRunner().invoke(app, ["studies", str(file), "--json"]).stdout)
    assert told["studies"][-1]["done"] is None
    assert told["studies"][-1]["ended"] == "interrupted"
    assert told["damaged"] == []


def test_a_store_of_the_first_schema_is_still_listed(file):
    """It had no checksums; new runs go elsewhere."""
    execute(file, "ALTER TABLE runs DROP COLUMN checksum", "ALTER TABLE studies DROP COLUMN checksum",
            "ALTER TABLE scenarios DROP COLUMN checksum", "PRAGMA user_version = 1")  # fmt: skip
    listed = store_tables.studies_in(file)
    assert listed.damaged == ()
    assert listed.scenarios["runs"].sum() == 2 * REPLICATIONS


def mutated(generator, data, file):
    """One damage of any kind: bytes, length, rows, schema, another file."""
    kind = generator.randrange(7)
    content = bytearray(data)
    if kind == 0:
        content = content[: generator.randrange(len(content))]
    elif kind in (1, 2, 3):
        for _ in range(generator.choice((1, 2, 8, 64))):
            content[generator.randrange(len(content))] = generator.randrange(256)
    elif kind == 4:
        start = generator.randrange(len(content))
        content[start : start + generator.randrange(5000)] = b""
    file.write_bytes(bytes(content))
    if kind >= 5:
        table, columns = generator.choice(list(COLUMNS.items()))
        column, value = generator.choice(columns), generator.choice(VALUES)
        where = f"WHERE rowid % {generator.randrange(1, 3)} = 0" if table != "runs" else "WHERE replication < 2"
        statements = [f"UPDATE OR IGNORE {table} SET {column} = {value} {where}", f"DELETE FROM {table} {where}",
                      f"DROP TABLE {table}", f"PRAGMA user_version = {generator.choice((0, 1, 3, -1))}",
                      "PRAGMA application_id = 7", f"ALTER TABLE {table} RENAME TO other"]  # fmt: skip
        try:
            execute(file, statements[generator.choice((0, 0, 0, 0, 1, 1, 2, 3, 4, 5))])
        except sqlite3.Error:
            return


COLUMNS = {
    "runs": ["scenario", "conditions", "replication", "seed", "measures", "numbers", "restricted", "error", "seconds",
             "checksum"],
    "scenarios": ["digest", "name", "toml", "checksum"],
    "conditions": ["rules", "engine", "records", "version"],
    "measures": ["names"],
    "studies": ["began", "ended", "seed", "replications", "scenarios", "engine", "done", "failed", "checksum"],
}  # fmt: skip
VALUES = ["0", "-1", "1e300", "'abc'", "''", "x'ff00'", "CAST(x'ff80' AS TEXT)", "'[1]'", "zeroblob(1000)"]


def abuse(count, seed, scenarios, whole, folder):
    """Mutate a store many times; reading and going on is right, or a sentence."""
    original, runs, kept = whole
    data, generator, used = original.read_bytes(), random.Random(seed), 0
    refused = []
    right = kept.set_index(["digest", "replication"])["closure_rate"]
    for number in range(count):
        file = folder / f"{number}.db"
        mutated(generator, data, file)
        try:
            store_tables.studies_in(file)
            read = store_tables.runs_in(file)
            if sqlite3.connect(file).execute("PRAGMA user_version").fetchone()[0] == 2:
                for row in read.itertuples():
                    assert row.closure_rate == right[row.digest, row.replication], number
        except gs.StudyError as error:
            refused.append(str(error))
        try:
            again = gs.compare(scenarios, REPLICATIONS, store=file, **QUIET)
        except gs.StudyError as error:
            refused.append(str(error))
        else:
            pd.testing.assert_frame_equal(again.runs, runs, check_exact=True)
            used += 1
        for left in folder.iterdir():
            left.unlink()
    assert not [sentence for sentence in refused if "\n" in sentence]
    return used


def test_fifty_mutated_stores_work_or_are_refused(scenarios, whole, tmp_path):
    """Never another exception, never another number."""
    assert 5 < abuse(50, 1, scenarios, whole, tmp_path) < 50


@pytest.mark.slow
def test_two_thousand_mutated_stores_work_or_are_refused(scenarios, whole, tmp_path):
    """As above, at length."""
    assert 200 < abuse(2000, 2, scenarios, whole, tmp_path) < 2000
