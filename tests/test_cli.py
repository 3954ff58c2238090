"""The command line: what it prints, what it writes, and how it answers wrong use and wrong input."""

import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app

SMALL = """
name = "small"
[run]
days = 5.0
[territory]
cells = 4
cell_km = 0.5
residents_per_cell = 500
[[problems]]
type = "fire"
skills = ["fire"]
per_1000_residents_per_day = 2.0
work_hours = { mean = 1.0, cv = 1.0 }
limit_hours = 24.0
[[tiers]]
name = "grid"
units = 4
solves = 0.8
[tiers.leader]
triage_hours = { mean = 0.1, cv = 1 }
[[tiers.staff]]
role = "fire"
skills = ["fire"]
count = 2
[[tiers]]
name = "street"
units = 1
[tiers.leader]
triage_hours = { mean = 0.1, cv = 1 }
[[tiers.staff]]
role = "fire"
skills = ["fire"]
count = 2
"""


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with one small scenario, as the working directory."""
    (tmp_path / "small.toml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def names_in(folder):
    return {path.name for path in Path(folder).iterdir()}


def as_process(*words, cwd=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "gridsim", *map(str, words)], capture_output=True, text=True, cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(Path(gs.__file__).parents[1])} | environment, check=False,
    )  # fmt: skip


# --- what it prints ---------------------------------------------------------------------------------------------


def test_sites_are_listed():
    result = call("sites")
    assert result.exit_code == 0
    assert "mingming_road" in result.stdout
    assert {"name", "people"} <= set(json.loads(call("sites", "--json").stdout)[0])


def test_a_scenario_is_shown_as_toml_that_loads_again():
    result = call("show", "mingming_road")
    assert gs.loads(result.stdout).digest == gs.load("mingming_road").digest


def test_a_scenario_is_described_in_words():
    assert "60,000 residents" in call("show", "mingming_road", "--describe").stdout


def test_a_run_prints_the_measures_of_simulate(here):
    printed = json.loads(call("run", "small.toml", "--seed", 3, "--json").stdout)
    measures = gs.simulate(gs.load("small.toml"), seed=3).measures
    for name, value in measures.items():
        assert printed["measures"][name] == (None if value != value else value)


def test_replications_are_printed_with_intervals(here):
    result = call("run", "small.toml", "--replications", 3, "--workers", 1)
    assert result.exit_code == 0
    assert "±" in result.stdout
    table = json.loads(call("run", "small.toml", "--replications", 3, "--workers", 1, "--json").stdout)["table"]
    assert {row["n"] for row in table if row["measure"] == "reported"} == {3}


def test_designs_are_compared_at_one_headcount(here):
    result = call("compare", "small.toml", "--designs", "flat,two_tier", "--headcount", 8, "--replications", 2,
                  "--workers", 1, "--json", "--baseline", "two_tier")  # fmt: skip
    found = json.loads(result.stdout)
    assert {name: about["headcount"] for name, about in found["scenarios"].items()} == {"flat": 8, "two_tier": 8}
    assert {row["scenario"] for row in found["differences"]} == {"flat"}


def test_scenarios_are_named_by_their_files(here):
    (here / "other.toml").write_text(SMALL)
    result = call("compare", "small.toml", "other.toml", "--replications", 2, "--workers", 1, "--json")
    found = json.loads(result.stdout)
    assert list(found["scenarios"]) == ["small", "other"]
    assert {row["difference"] for row in found["differences"]} <= {0.0, None}


def test_a_sweep_carries_the_values_it_varied(here):
    varied = ("--vary", "tiers.*.staff.*.count=2,3", "--vary", "escalation.after_hours=none,4")
    result = call("sweep", "small.toml", *varied, "--replications", 2, "--workers", 1, "--json")
    found = json.loads(result.stdout)
    assert {row["escalation.after_hours"] for row in found["table"]} == {None, 4}


def test_values_in_brackets_are_not_parted(here):
    result = call("sweep", "small.toml", "--vary", "escalation.after_hours={grid = 2, street = 4},none",
                  "--replications", 1, "--workers", 1, "--json")  # fmt: skip
    assert len(json.loads(result.stdout)["scenarios"]) == 2


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [("tiers.grid.staff.fire.count=3", "count = 3", True), ("problems.fire.limit_hours=none", "limit_hours", False),
     ('description="a, b"', 'description = "a, b"', True), ("escalation.overdue=expedite", "expedite", True)],
)  # fmt: skip
def test_values_are_set_and_removed(change, key, value, here):
    assert (key in call("show", "small.toml", "--set", change).stdout) is value


def test_json_stands_alone_on_standard_output(here):
    result = as_process("run", "small.toml", "--json", cwd=here)
    json.loads(result.stdout)
    assert result.stderr == ""


def test_the_version_is_told():
    assert call("--version").stdout.strip() == f"gridsim {gs.__version__}"


def test_it_runs_as_a_module():
    assert as_process("--version").stdout.strip() == f"gridsim {gs.__version__}"


# --- what it writes ---------------------------------------------------------------------------------------------


def test_a_run_is_written_to_a_folder(here):
    assert call("run", "small.toml", "--out", "one").exit_code == 0
    assert {"measures.csv", "problems.csv", "response_curve.png", "scenario.toml"} <= names_in("one")


def test_the_main_job_is_written_to_results(here):
    result = call("compare", "--days", 4, "--replications", 2, "--workers", 1, "--headcount", 120)
    assert result.exit_code == 0
    assert {"runs.csv", "table.csv", "differences.csv", "street.png", "scenarios"} <= names_in("results")
    assert "120 people" in result.stdout
    assert len(names_in("results/scenarios")) == 3 * len(gs.designs())


def test_without_out_nothing_is_written(here):
    call("compare", "small.toml", "--replications", 2, "--workers", 1)
    assert names_in(".") == {"small.toml"}


# --- how it answers wrong input ---------------------------------------------------------------------------------

WRONG = {
    "unknown key": ("colour=1", "colour"),
    "wrong type": ("tiers.grid.staff.fire.count=many", "tiers.grid.staff.fire.count"),
    "negative rate": ("problems.fire.per_1000_residents_per_day=-1", "per_1000_residents_per_day"),
    "zero units": ("tiers.grid.units=0", "tiers.grid.units"),
    "more units above": ("tiers.street.units=9", "tiers.street.units"),
    "a skill nobody has": ('problems.fire.skills=["law"]', "law"),
    "unknown tier": ("escalation.emergency_to=moon", "moon"),
    "not a number": ("territory.cell_km=nan", "territory.cell_km"),
    "infinity": ("run.days=inf", "run.days"),
    "a path that does not exist": ("tiers.grid.staff.fier.count=2", "fire"),
}


def assert_one_message(result, folder, *words):
    """Exit code 2, one message without a traceback on standard error, nothing written."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in result.stderr
    assert names_in(folder) <= {"small.toml", "wrong.toml", "taken", "folder.toml"}


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("command", ["run", "compare"])
def test_a_wrong_value_is_one_clear_message(command, kind, here):
    change, told = WRONG[kind]
    assert_one_message(call(command, "small.toml", "--set", change, "--out", "out"), here, told)


def test_the_nearest_paths_are_said(here):
    result = call("run", "small.toml", "--set", "tiers.grid.staff.fire.cuont=2")
    assert_one_message(result, here, "did you mean", "count")


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"name = ", "is not TOML"), (b'name = "\xff"', "is not UTF-8"), (b'name = "x"', "wrong.toml"),
     (b"", "wrong.toml"), (SMALL.encode() + b"\ncolour = 1\n", "colour")],
)  # fmt: skip
def test_a_broken_file_is_one_clear_message(content, told, here):
    (here / "wrong.toml").write_bytes(content)
    assert_one_message(call("run", "wrong.toml", "--out", "out"), here, "wrong.toml", told)


def test_a_missing_file_is_one_clear_message(here):
    assert_one_message(call("run", "mingming_raod"), here, "did you mean mingming_road")


def test_a_folder_in_place_of_a_file_is_one_clear_message(here):
    (here / "folder.toml").mkdir()
    assert_one_message(call("run", "folder.toml"), here, "is a directory")


def test_a_headcount_that_a_design_cannot_place_is_one_clear_message(here):
    result = call("compare", "mingming_road", "--designs", "one_plus_ten", "--headcount", 3, "--out", "out")
    assert_one_message(result, here, "one_plus_ten")


def test_a_file_in_place_of_the_results_is_said_before_anything_runs(here):
    (here / "taken").write_text("")
    assert_one_message(call("compare", "--out", "taken"), here, "taken", "not a folder")


@pytest.mark.parametrize(
    "words",
    [
        ("compare", "small.toml", "--designs", "flta"),
        ("compare", "small.toml", "--headcount", "9"),
        ("compare", "small.toml", "small.toml"),
        ("compare", "small.toml", "--baseline", "smal"),
        ("compare", "small.toml", "--designs", ""),
        ("run", "small.toml", "--set", "run.days"),
        ("run", "small.toml", "--set", "=3"),
        ("run", "small.toml", "--set", "run.days="),
        ("run", "small.toml", "--set", "run.days=3", "--set", "run.days=4"),
        ("run", "small.toml", "--engine", "steam"),
        ("run", "small.toml", "--days", "-1"),
        ("run", "small.toml", "--days", "nan"),
        ("sweep", "small.toml", "--vary", "run.days"),
        ("sweep", "small.toml", "--vary", "run.days=1,,2"),
        ("sweep", "small.toml", "--vary", "run.daze=1,2"),
    ],
)
def test_wrong_use_is_one_clear_message(words, here):
    assert_one_message(call(*words), here)


@pytest.mark.parametrize(
    "words",
    [("rnu", "small.toml"), ("run",), ("run", "small.toml", "--sede", "3"), ("run", "small.toml", "--seed", "-1"),
     ("run", "small.toml", "--replications", "0"), ("run", "small.toml", "--seed", "x"), ("sweep", "small.toml")],
)  # fmt: skip
def test_wrong_words_exit_with_2_and_no_traceback(words, here):
    result = call(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.stderr
    assert "Error" in result.stderr


def test_the_nearest_command_and_option_are_said():
    assert "run" in call("rnu").stderr
    assert "--seed" in call("run", "small.toml", "--sede", "3").stderr


def test_a_backlog_without_end_is_said_and_is_no_error(here):
    result = call("run", "small.toml", "--set", "problems.fire.per_1000_residents_per_day=900")
    assert result.exit_code == 0
    assert "grows without end" in result.stdout


def test_a_fault_is_one_line_and_exit_code_1(here, monkeypatch):
    def breaks(*_, **__):
        raise ZeroDivisionError("the machine\nstopped")

    monkeypatch.setattr("gridsim.simulation.simulate.simulate", breaks)
    result = call("run", "small.toml")
    assert result.exit_code == 1
    assert result.stderr.strip() == "Fault: ZeroDivisionError: the machine stopped (GRIDSIM_DEBUG=1 shows where)"


def test_exit_codes_reach_the_shell(here):
    assert as_process("run", "small.toml", cwd=here).returncode == 0
    wrong = as_process("run", "small.toml", "--set", "run.days=-1", cwd=here)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Traceback" not in wrong.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
def test_an_interrupted_study_exits_with_130_and_writes_nothing(here):
    process = subprocess.Popen(
        [sys.executable, "-m", "gridsim", "compare", "--replications", "400", "--workers", "2"], cwd=here,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(Path(gs.__file__).parents[1])},
    )  # fmt: skip
    time.sleep(4.0)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert names_in(here) == {"small.toml"}


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
def test_other_ends_than_an_interruption_exit_with_their_own_code(here):
    """What was done is kept, and how to go on is said; nohup is respected."""
    for number, code in ((signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        process = study_of_two_hundred(here, "--store", "kept.db")
        wait_for_runs(here / "kept.db")
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
        assert process.returncode == code, told
        assert told.splitlines() == [
            "What was done is kept in kept.db: the same command goes on from there.", f"Ended by {number.name}.",
        ]  # fmt: skip
    process = study_of_two_hundred(here)
    time.sleep(4.0)
    process.terminate()
    assert "--store FILE" in process.communicate(timeout=60)[1]
    assert process.returncode == 143
    assert names_in(here) <= {"small.toml", "kept.db", "kept.db-wal", "kept.db-shm"}


def study_of_two_hundred(here, *words):
    run = [
        sys.executable,
        "-m",
        "gridsim",
        "run",
        "small.toml",
        "--days",
        "2000",
        "--replications",
        "20000",
        "--workers",
        "2",
        *words,
    ]
    return subprocess.Popen(run, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env=os.environ | {"PYTHONPATH": str(Path(gs.__file__).parents[1])})  # fmt: skip


def wait_for_runs(store):
    def runs():
        try:
            with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
                return connection.execute("SELECT count(*) FROM runs").fetchone()[0]
        except sqlite3.Error:
            return 0

    began, had = time.monotonic(), runs()
    while runs() <= had:
        assert time.monotonic() - began < 90.0
        time.sleep(0.2)


@pytest.mark.parametrize("words", [
    ("run", "small.toml", "--out", ""), ("compare", "small.toml", "--out", " "), ("compare", "--out", ""),
    ("run", "small.toml", "--store", ""), ("sweep", "small.toml", "--vary", "run.days=1,2", "--out", ""),
])  # fmt: skip
def test_an_empty_name_is_not_the_current_folder(words, here):
    assert_one_message(call(*words), here, "empty text")


@pytest.mark.parametrize("out", ["taken/deep", "x" * 300, "/proc/results"])
@pytest.mark.parametrize(
    "words", [("run", "small.toml"), ("sweep", "small.toml", "--vary", "run.days=1,2"), ("reproduce",), ("compare",)]
)
def test_a_place_that_cannot_be_written_is_found_out_before_the_run(words, out, here, monkeypatch):
    monkeypatch.setattr("gridsim.simulation.simulate.simulate", lambda *_, **__: pytest.fail("it ran"))
    (here / "taken").write_text("")
    assert_one_message(call(*words, "--out", out), here, "cannot be written there")


def test_a_value_given_twice_is_said(here):
    assert_one_message(call("sweep", "small.toml", "--vary", "run.days=1,1"), here, "1 stands twice")


MILLION = [word for key in ("tiers.grid.solves", "tiers.street.solves", "problems.fire.rework") for word in
           ("--vary", f"{key}={','.join(f'0.{n:03}' for n in range(100))}")]  # fmt: skip


def test_a_sweep_of_a_million_says_how_many_and_how_long_before_it_makes_them(here):
    for words in (MILLION, [*MILLION, "--yes"]):
        result = call("sweep", "small.toml", *words)
        assert_one_message(result, here, "1,000,000 combinations are 8,000,000 runs, about", "give fewer values")


def test_a_large_sweep_is_run_only_if_it_is_agreed_to(here, monkeypatch):
    monkeypatch.setattr("gridsim.study.runs.size.MANY_SCENARIOS", 3)
    varied = ("sweep", "small.toml", "--vary", "run.days=1,2,3,4", "--replications", "1", "--workers", "1")
    assert_one_message(call(*varied), here, "4 combinations are 4 runs", "--yes")
    assert call(*varied, "--yes").exit_code == 0


def test_more_runs_than_memory_holds_are_refused(here):
    assert_one_message(
        call("run", "small.toml", "--replications", "1000000000"), here, "1,000,000,000 runs are too many"
    )


def test_a_full_disk_is_said_with_where_the_runs_are(here, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pandas.DataFrame.to_csv", full)
    result = call("run", "small.toml", "--replications", "2", "--workers", "1", "--store", "kept.db", "--out", "out")
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert "all runs are kept in kept.db" in result.stderr
    assert not (here / "out").exists()


def test_results_that_stay_from_before_are_named(here):
    assert call("run", "small.toml", "--out", "out").exit_code == 0
    result = call("run", "small.toml", "--replications", "2", "--workers", "1", "--out", "out")
    assert "Not of this run, and left as they were: map_of_demand.png" in result.stderr


def test_a_scenario_named_to_do_harm_is_printed_and_written_as_a_name(here):
    (here / "small.toml").write_text(SMALL.replace('"small"', r'"=cmd|$x$ \u001b[31m\n../%s"'))
    result = call("run", "small.toml", "--replications", "2", "--workers", "1", "--out", "out")
    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert "'=cmd" in (here / "out" / "runs.csv").read_text()
    assert len(list((here / "out" / "scenarios").iterdir())) == 1


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_closed_output_stops_nothing(monkeypatch, name):
    """As with >&- in a shell: Python then has no output at all."""
    from gridsim.cli.asking import open_streams

    monkeypatch.setattr(sys, name, None)
    open_streams()
    assert getattr(sys, name).write("to nowhere") == 10


def test_an_output_that_is_full_is_one_sentence(monkeypatch):
    """`gridsim sites > /dev/full` is no fault of the program."""
    from gridsim.view import terminal

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(terminal, "show", full)
    done = CliRunner().invoke(app, ["sites"])
    assert done.exit_code == 2
    assert done.stderr == f"Error: what is printed cannot be written: {os.strerror(errno.ENOSPC)}\n"
