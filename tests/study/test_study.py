"""Scenarios compared and swept."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import gridsim
from gridsim.scenario.errors import ScenarioError
from gridsim.simulation.simulate import simulate
from gridsim.study import run as runs_of_study
from gridsim.study.errors import StudyError
from gridsim.study.methods.study import combinations, compare, sweep

SCRIPT = """
import sys
import matplotlib
import gridsim as gs
print("started")
here = gs.loads({toml!r})
print(len(gs.compare({{"here": here}}, replications=3, workers=2).runs), "runs")
"""


@pytest.fixture(scope="module")
def serial(pair):
    return compare(pair, replications=3, seed=4, workers=1, progress=False)


def test_processes_give_the_same_numbers_to_the_last_bit(pair, serial):
    assert compare(pair, replications=3, seed=4, workers=2, progress=False).runs.equals(serial.runs)


def test_threads_give_the_same_numbers_to_the_last_bit(pair, serial):
    with ThreadPoolExecutor(2) as executor:
        found = compare(pair, replications=3, seed=4, executor=executor, progress=False)
    assert found.runs.equals(serial.runs)


def test_a_row_can_be_played_again_from_its_seed(pair, serial):
    row = serial.runs.iloc[3]
    again = simulate(pair[row["scenario"]], seed=int(row["seed"])).measures
    assert np.array_equal(row[list(again.index)].astype(float), again, equal_nan=True)


def test_more_replications_leave_the_first_as_they_were(pair, serial):
    more = compare(pair, replications=4, seed=4, workers=1, progress=False)
    assert more.runs.head(len(serial.runs)).equals(serial.runs)


def test_an_identical_design_differs_by_exactly_nothing(noisy_street):
    found = compare({"a": noisy_street, "b": noisy_street.vary({})}, replications=3, workers=1, progress=False)
    known = found.differences().query("n > 0")
    assert (known[["difference", "low", "high"]] == 0.0).all(axis=None)
    assert (known["p"] == 1.0).all()


def test_a_failed_run_is_a_row_with_its_error(pair, monkeypatch):
    def fails_at_times(scenario, seed, **options):
        if seed == runs_of_study.run_seed(0, 1) and scenario is pair["limit"]:
            raise ZeroDivisionError("nobody is there")
        return simulate(scenario, seed, **options)

    monkeypatch.setattr("gridsim.simulation.simulate.simulate", fails_at_times)
    found = compare(pair, replications=3, workers=1, progress=False)
    assert found.failed[["scenario", "replication", "error"]].values.tolist() == [
        ["limit", 1, "ZeroDivisionError: nobody is there"]
    ]
    assert found.table(["closed"])["n"].tolist() == [3, 2]
    assert found.differences(["closed"])["n"].tolist() == [2]
    assert "1 of 6 runs failed" in found.warnings[0]


def test_if_every_run_fails_the_study_still_ends(pair, monkeypatch):
    def fails(*arguments, **options):
        raise MemoryError("too large")

    monkeypatch.setattr("gridsim.simulation.simulate.simulate", fails)
    found = compare(pair, replications=2, workers=1, progress=False)
    assert len(found.failed) == 4
    assert len(found.table()) == 0
    assert "4 of 4 runs failed" in repr(found)


def test_a_sweep_carries_its_values_as_columns(noisy_street):
    values = {"tiers.grid.staff.*.count": [1, 2], "escalation.after_hours": [None, 4]}
    found = sweep(noisy_street, values, replications=2, workers=1, progress=False)
    assert list(found.scenarios) == [
        *("count=1, after_hours=none", "count=1, after_hours=4"),
        *("count=2, after_hours=none", "count=2, after_hours=4"),
    ]
    assert found.runs["tiers.grid.staff.*.count"].tolist() == [1, 1, 2, 2] * 2
    table = found.table(["closure_rate"])
    assert list(table.columns[:4]) == ["scenario", *values, "measure"]
    assert table["escalation.after_hours"].isna().tolist() == [True, False, True, False]
    assert "tiers.grid.staff.*.count" not in found.measures


def test_swept_paths_are_shortened_only_as_far_as_they_differ():
    names = list(combinations({"tiers.a.staff.x.count": [1], "tiers.a.staff.y.count": [0.25]}))
    assert names == ["x.count=1, y.count=0.25"]


def test_a_combination_that_is_no_scenario_is_refused_before_anything_runs(noisy_street):
    with pytest.raises(ScenarioError, match="counts"):
        sweep(noisy_street, {"tiers.grid.staff.noise.counts": [1]}, progress=False)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"baseline": "as it was"}, "did you mean as it is"),
        ({"replications": 0}, "replications = 0: must be a whole number of at least 1"),
        ({"replications": 2.5}, "replications = 2.5"),
        ({"replications": True}, "replications = True"),
        ({"seed": -1}, "seed = -1"),
        ({"workers": 0}, "workers = 0"),
        ({"engine": "messa"}, "did you mean mesa"),
        ({"confidence": 1.0}, "confidence = 1.0"),
    ],
)
def test_a_study_that_cannot_go_on_says_why(pair, options, message):
    with pytest.raises(StudyError, match=message):
        compare(pair, progress=False, **options)


def test_nothing_to_compare_or_sweep_is_refused(noisy_street):
    with pytest.raises(StudyError, match="nothing to compare"):
        compare({})
    with pytest.raises(StudyError, match="nothing to sweep"):
        sweep(noisy_street, {})
    with pytest.raises(StudyError, match="at least one value"):
        sweep(noisy_street, {"run.days": []})


def test_a_script_needs_no_guard_and_runs_once(noisy_street, tmp_path):
    script = tmp_path / "study.py"
    script.write_text(SCRIPT.format(toml=noisy_street.to_toml()))
    here = {**os.environ, "PYTHONPATH": str(Path(gridsim.__file__).parents[1])}
    found = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, env=here)
    assert found.stdout.split("\n") == ["started", "3 runs", ""], found.stderr
