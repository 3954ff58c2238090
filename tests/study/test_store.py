"""A store keeps every run once: studies go on where they stopped, and nothing in it is mixed or lost."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.study.stores import file as store_file
from gridsim.study.stores import store as store_module
from gridsim.study.stores import tables as store_tables

ROOT = Path(__file__).parents[2]
QUIET = {"workers": 1, "progress": False}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "study.db"


def test_a_repeated_study_plays_nothing_and_gives_the_same_table(pair, file):
    """Bit for bit, and it counts them."""
    first = gs.compare(pair, 3, store=file, **QUIET)
    again = gs.compare(pair, 3, store=file, **QUIET)
    pd.testing.assert_frame_equal(first.runs, again.runs, check_exact=True)
    pd.testing.assert_frame_equal(first.runs, gs.compare(pair, 3, **QUIET).runs, check_exact=True)
    assert (first.counts.done, first.counts.already_there) == (6, 0)
    assert (again.counts.done, again.counts.already_there) == (0, 6)
    assert again.restricted == first.restricted


def test_an_extended_study_plays_only_what_is_missing(pair, file, noisy_street):
    """More replications, then one more scenario, then another seed."""
    gs.compare(pair, 2, store=file, **QUIET)
    assert gs.compare(pair, 5, store=file, **QUIET).counts.done == 6
    wider = pair | {"more": noisy_street.vary({"tiers.grid.staff.noise.count": 2})}
    assert gs.compare(wider, 5, store=file, **QUIET).counts.done == 5
    assert gs.compare(pair, 5, seed=1, store=file, **QUIET).counts.done == 10


def test_a_scenario_is_known_by_its_content_not_by_its_name(noisy_street, file):
    """The same under another name is there; another engine's run is not."""
    gs.compare({"a": noisy_street}, 2, store=file, **QUIET)
    assert gs.compare({"b": noisy_street.vary({"name": "other"})}, 2, store=file, **QUIET).counts.done == 0
    assert gs.compare({"a": noisy_street}, 2, store=file, engine="mesa", **QUIET).counts.done == 2


def test_a_failed_run_is_a_row_and_is_retried_on_request(pair, file, monkeypatch):
    """With its error and seed; the study ends with the count."""
    from gridsim.simulation import simulate as module

    whole = module.simulate

    def failing(scenario, seed=0, **how):
        if scenario.escalation.after_hours == 2:
            raise MemoryError("too large")
        return whole(scenario, seed, **how)

    monkeypatch.setattr(module, "simulate", failing)
    broken = gs.compare(pair, 2, store=file, **QUIET)
    assert broken.failed["error"].tolist() == ["MemoryError: too large"] * 2
    assert broken.counts.failed == 2
    monkeypatch.setattr(module, "simulate", whole)
    assert gs.compare(pair, 2, store=file, **QUIET).counts.failed == 2
    mended = gs.compare(pair, 2, store=file, retry_failed=True, **QUIET)
    assert (mended.counts.done, mended.counts.already_there, mended.counts.failed) == (2, 2, 0)


def test_auto_replications_go_on_from_the_store(pair, file):
    """The same study stops at the same replication, and plays nothing twice."""
    asked = {"replications": "auto", "until": "decided", "most": 16, "store": file, **QUIET}
    first, again = gs.compare(pair, **asked), gs.compare(pair, **asked)
    assert again.counts.done == 0
    assert first.stopped == again.stopped


def test_a_store_of_other_rules_is_refused_with_what_to_do(pair, file, monkeypatch):
    """And it stays as it is."""
    gs.compare(pair, 1, store=file, **QUIET)
    before = store_tables.runs_in(file)
    monkeypatch.setattr(store_module, "rules_digest", lambda: "0123456789abcdef")
    with pytest.raises(gs.StudyError, match=r"made by other rules .* name another file"):
        gs.compare(pair, 1, store=file, **QUIET)
    monkeypatch.undo()
    pd.testing.assert_frame_equal(store_tables.runs_in(file), before)


def newer(file):
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")


def damaged(file):
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_text("scenario,replication\n" * 50), "is not a store"),
        (lambda file: (file.unlink(), file.mkdir()), "is a folder"),
        (newer, "made by a newer gridsim"),
        (damaged, "damaged or only half there"),
    ],
)
def test_a_file_that_is_no_store_is_one_message(pair, file, spoil, said):
    """In Python and on the command line, where the exit code is 2."""
    gs.compare(pair, 2, store=file, **QUIET)
    for log in file.parent.glob("*-wal"):
        log.unlink()
    spoil(file)
    with pytest.raises(gs.StudyError, match=said):
        gs.compare(pair, 2, store=file, **QUIET)
    done = CliRunner().invoke(
        app, ["compare", "mingming_road", "--replications", "1", "--days", "1", "--store", str(file)]
    )
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_a_folder_that_is_not_there_is_said(pair, tmp_path):
    """Nothing is made."""
    with pytest.raises(gs.StudyError, match="is not there"):
        gs.compare(pair, 1, store=tmp_path / "no" / "study.db", **QUIET)


def test_a_locked_store_is_said_and_loses_nothing(pair, file, monkeypatch):
    """Another program holds it longer than a study waits."""
    from gridsim.study.stores import file as store_file

    gs.compare(pair, 1, store=file, **QUIET)
    monkeypatch.setattr(store_file, "WAIT_SECONDS", 0.1)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(gs.StudyError, match="is locked"):
        gs.compare(pair, 2, store=file, **QUIET)
    holder.execute("ROLLBACK")
    holder.close()
    assert gs.compare(pair, 1, store=file, **QUIET).counts.already_there == 2


def test_a_full_disk_is_said_and_keeps_what_was_kept(pair, file):
    """The file may not grow any more."""
    gs.compare(pair, 1, store=file, **QUIET)
    from gridsim.study.run import Finished, Run, Settings

    kept = store_module.Store(file, Settings(pair))
    pages = kept._connection.execute("PRAGMA page_count").fetchone()[0]
    kept._connection.execute(f"PRAGMA max_page_count = {pages}")
    many = [Finished(Run("limit", r, r), {"closure_rate": 0.5}, error="x" * 500) for r in range(500)]
    with pytest.raises(gs.StudyError, match="disk is full"):
        kept.keep(many)
    kept.close()
    assert len(store_tables.runs_in(file)) == 2


def test_the_command_lists_and_exports(file, tmp_path):
    """What is in a store, and all its runs as a table."""
    invoke = CliRunner().invoke
    asked = ["compare", "--designs", "flat,two_tier", "--headcount", "60", "--days", "2", "--replications", "2"]
    assert invoke(app, [*asked, "--workers", "1", "--store", str(file)]).exit_code == 0
    listed = invoke(app, ["studies", str(file)])
    assert listed.exit_code == 0
    assert "flat" in listed.output
    assert invoke(app, ["studies", str(file), "--export", str(tmp_path / "runs.csv")]).exit_code == 0
    table = pd.read_csv(tmp_path / "runs.csv")
    assert len(table) == 4
    assert set(table["scenario"]) == {"flat", "two_tier"}
    assert invoke(app, ["studies", str(tmp_path / "none.db")]).exit_code == 2


def interrupted(base, file, tmp_path, times):
    """Kill a study again and again at random instants, then complete it."""
    base = base.vary({"run.days": 60})
    pair = {"as it is": base, "limit": base.vary({"escalation.after_hours": 2})}
    files = [tmp_path / f"{number}.toml" for number in range(2)]
    for one, scenario in zip(files, pair.values(), strict=True):
        scenario.save(one)
    program = (
        "import gridsim as gs\n"
        "if __name__ == '__main__':\n"
        f"    pair = {{'as it is': gs.load({str(files[0])!r}), 'limit': gs.load({str(files[1])!r})}}\n"
        f"    gs.compare(pair, 300, store={str(file)!r}, workers=2, progress=False)\n"
    )
    generator = random.Random(5)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(times):
        process = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.DEVNULL,
                                   start_new_session=True)  # fmt: skip
        time.sleep(generator.uniform(0.3, 3.0))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done = gs.compare(pair, 300, store=file, **QUIET)
    whole = gs.compare(pair, 300, **QUIET)
    pd.testing.assert_frame_equal(done.runs, whole.runs, check_exact=True)
    kept = store_tables.runs_in(file)
    assert len(kept) == 600
    assert not kept.duplicated(["digest", "replication", "seed"]).any()
    return done


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_three_kills_lose_and_double_nothing(noisy_street, file, tmp_path):
    """At random instants of the same study, then one completion."""
    interrupted(noisy_street, file, tmp_path, 3)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_fifty_kills_lose_and_double_nothing(noisy_street, file, tmp_path):
    """As many as an overnight study will ever see."""
    interrupted(noisy_street, file, tmp_path, 50)


@pytest.mark.parametrize("there", [False, True])
def test_a_link_is_never_taken_away(pair, tmp_path, there):
    """Where its folder is missing it stays as it is; where not, the store is made where it leads."""
    link, goal = tmp_path / "link.db", tmp_path / "elsewhere" / "study.db"
    link.symlink_to(goal)
    if there:
        goal.parent.mkdir()
        gs.compare(pair, 1, store=link, **QUIET)
        assert goal.is_file()
    else:
        with pytest.raises(gs.StudyError, match="cannot be opened"):
            gs.compare(pair, 1, store=link, **QUIET)
    assert link.is_symlink()


def test_a_store_that_another_has_begun_is_left(pair, file, monkeypatch):
    """It was not there when it was looked for, and is locked when it is opened: it is another's, and stays."""
    whole = store_file._opened

    def begun(path, is_new):
        whole(path, is_new).close()
        raise gs.StudyError("is locked")

    monkeypatch.setattr(store_file, "_opened", begun)
    with pytest.raises(gs.StudyError, match="is locked"):
        store_file.connect(file)
    assert file.stat().st_size > 0
