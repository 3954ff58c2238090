"""Agents of one's own run under Mesa, and the result says so."""

import pytest
from conftest import two_tiers

import gridsim as gs


class Cautious(gs.GridLeader):
    """A leader who handles nothing alone."""

    def handles_alone(self, _problem):
        return False


def test_a_subclass_runs_under_mesa_and_says_so():
    """The package's own agents run compiled."""
    plain, own = gs.simulate(two_tiers(), 1), gs.simulate(two_tiers(), 1, leader=Cautious)
    assert plain.engine == "compiled"
    assert own.engine == "mesa"
    assert "played by the Mesa model" in repr(own)


def test_a_subclass_that_changes_nothing_changes_no_event():
    """An own model and own staff with the package's behaviour."""
    model, staff = type("OwnModel", (gs.GridModel,), {}), type("OwnStaff", (gs.ServiceStaff,), {})
    own = gs.simulate(two_tiers(), 1, trace=True, model=model, staff=staff)
    assert own.events.equals(gs.simulate(two_tiers(), 1, trace=True).events)


def test_the_compiled_engine_refuses_them():
    """One sentence says what to do."""
    with pytest.raises(gs.ScenarioError, match="use 'auto' or 'mesa'"):
        gs.simulate(two_tiers(), engine="compiled", leader=Cautious)
