"""Who plays the runs, and what happens when a worker dies."""

import sys
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module

import pytest

from gridsim.study.errors import StudyError
from gridsim.study.run import Finished, Run, Settings, planned_runs
from gridsim.study.runs.pool import _Flow, available_workers, play_all

# Stands in for a scenario whose simulation kills its process; workers must be able to import it.
DEADLY = """
import os, signal
class Deadly(os.PathLike):
    def __fspath__(self):
        os.kill(os.getpid(), signal.SIGKILL)
"""


class Instant:
    """An executor that plays at once and counts what is in flight."""

    def __init__(self, seconds):
        self.seconds, self.chunks = seconds, []

    def submit(self, function, runs, settings):
        self.chunks.append(len(runs))
        future = Future()
        future.set_result([Finished(run, {"closed": 1.0}, seconds=self.seconds) for run in runs])
        return future


def test_there_is_at_least_one_worker():
    assert available_workers() >= 1


def test_runs_that_take_long_travel_alone():
    executor = Instant(seconds=5.0)
    runs = planned_runs(["a"], 20, 0)
    found = list(_Flow(runs, 2).through(executor, Settings({"a": None})))
    assert sorted(one.run.replication for one in found) == list(range(20))
    assert set(executor.chunks) == {1}


def test_runs_that_take_no_time_travel_in_chunks_that_leave_something_for_everybody():
    executor = Instant(seconds=0.001)
    found = list(_Flow(planned_runs(["a"], 1000, 0), 2).through(executor, Settings({"a": None})))
    assert len({one.run for one in found}) == 1000
    assert len(executor.chunks) < 60
    assert max(executor.chunks) == 249
    assert executor.chunks[-1] == 1


def test_an_executor_gets_the_scenarios_it_needs_and_no_others():
    settings = Settings({"a": 1, "b": 2}, "mesa")
    assert settings.for_runs([Run("b", 0, 1)]) == Settings({"b": 2}, "mesa")


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_run_that_kills_its_process_is_a_failed_run_and_takes_no_other_with_it(noisy_street, tmp_path, monkeypatch):
    (tmp_path / "deadly_scenario.py").write_text(DEADLY)
    monkeypatch.syspath_prepend(tmp_path)
    settings = Settings({"good": noisy_street, "deadly": import_module("deadly_scenario").Deadly()})
    runs = [*planned_runs(["good"], 5, 0), Run("deadly", 0, 1), *planned_runs(["good"], 3, 1)]
    found = list(play_all(runs, settings, workers=2))
    assert sorted((one.run for one in found), key=str) == sorted(runs, key=str)
    assert {one.run.scenario: one.error for one in found if one.error} == {
        "deadly": "the process of this run died (out of memory?)"
    }


def test_an_executor_that_dies_ends_the_study_with_a_sentence(noisy_street):
    class Dying(Instant):
        def submit(self, function, runs, settings):
            if len(self.chunks) >= 3:
                raise BrokenProcessPool("a worker is gone")
            return super().submit(function, runs, settings)

    with pytest.raises(StudyError, match="the executor stopped working after 3 of 9 runs: a worker is gone"):
        list(play_all(planned_runs(["a"], 9, 0), Settings({"a": noisy_street}), 1, Dying(9.0)))


def test_a_given_process_pool_is_used_as_it_is(noisy_street):
    with ProcessPoolExecutor(1, mp_context=None) as executor:
        found = list(play_all(planned_runs(["a"], 2, 0), Settings({"a": noisy_street}), executor=executor))
    assert [one.error for one in found] == ["", ""]
