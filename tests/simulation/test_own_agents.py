"""Agents of one's own run under Mesa, and the result says so."""

import pytest
from conftest import everyone_at_once, two_tiers

import gridsim as gs


class Cautious(gs.GridLeader):
    """A leader who handles nothing alone."""

    def handles_alone(self, _problem):
        return False


class Bold(gs.GridLeader):
    """A leader who handles everything alone."""

    def handles_alone(self, _problem):
        return True


def alone(**agents):
    """How often a leader of a world with every rule set out to handle a problem, and who played."""
    run = gs.simulate(
        everyone_at_once({"run.days": 12, "tiers.grid.leader.handles_below": 0.5}), 1, trace=True, **agents
    )
    return int((run.events["kind"] == "leader_sets_out").sum()), run


def test_a_subclass_decides_instead_of_the_packages_own_leader():
    """Who handles nothing alone never sets out, who handles everything does so more often."""
    usual, cautious, bold = alone()[0], alone(leader=Cautious)[0], alone(leader=Bold)[0]
    assert cautious == 0 < usual < bold


def test_a_subclass_runs_under_mesa_and_says_so():
    """The package's own agents run compiled."""
    plain, own = alone()[1], alone(leader=Cautious)[1]
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
