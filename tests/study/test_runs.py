"""Which runs a study consists of."""

import os
import subprocess
import sys
from pathlib import Path

import gridsim
from gridsim.study.run import planned_runs, run_seed


def test_replication_comes_before_scenario_so_that_a_part_is_balanced():
    runs = planned_runs(["a", "b"], 2, 0)
    assert [(run.scenario, run.replication) for run in runs] == [("a", 0), ("b", 0), ("a", 1), ("b", 1)]


def test_all_scenarios_of_a_replication_share_its_seed():
    runs = planned_runs(["a", "b"], 3, 5)
    assert [run.seed for run in runs[::2]] == [run.seed for run in runs[1::2]]
    assert len({run.seed for run in runs}) == 3


def test_more_replications_leave_the_seeds_of_the_others():
    assert planned_runs(["a"], 20, 1)[:3] == planned_runs(["a"], 3, 1)


def test_seeds_stay_the_same_from_version_to_version_and_fit_a_column():
    assert run_seed(0, 0) == 7896617691693857887
    assert all(0 <= run_seed(seed, k) < 2**63 for seed in range(20) for k in range(20))


def test_a_worker_loads_neither_matplotlib_nor_mesa(noisy_street):
    program = (
        "import sys; from gridsim.scenario.scenario import loads; from gridsim.study.run import *;"
        f"here = loads({noisy_street.to_toml()!r}); found = play(Run('a', 0, 1), Settings({{'a': here}}));"
        "assert not found.error, found.error; assert not {'matplotlib', 'mesa'} & set(sys.modules)"
    )
    here = {**os.environ, "PYTHONPATH": str(Path(gridsim.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120, env=here)
