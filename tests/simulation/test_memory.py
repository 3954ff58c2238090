"""A run that would not fit into the machine's memory."""

import pytest
from conftest import one_desk

import gridsim as gs
from gridsim.simulation.plan import memory


def test_a_run_that_fits_is_not_held_up(monkeypatch):
    """A tiny world runs on a machine of any size."""
    monkeypatch.setattr(memory, "memory_of_the_machine", lambda: 1.0)
    assert len(gs.simulate(one_desk()).measures)


@pytest.mark.parametrize("engine", ["auto", "compiled", "mesa"])
def test_a_run_that_does_not_fit_says_so_before_it_starts(monkeypatch, engine):
    """Ten million residents on a machine of a gigabyte: one sentence with the figures."""
    monkeypatch.setattr(memory, "memory_of_the_machine", lambda: 1e9)
    city = gs.load("mingming_road").vary({"territory.residents_per_cell": 200_000, "run.days": 100})
    with pytest.raises(gs.ScenarioError, match=r"need about [\d,]+ GB of memory, and this machine has 1 GB"):
        gs.simulate(city, engine=engine)


def test_the_machine_says_how_much_memory_it_has():
    """Where the system tells it."""
    there = memory.memory_of_the_machine()
    assert there is None or there > 1e8
