"""Agents of one's own run under Mesa, and the result says so."""

import pytest
from conftest import everyone_at_once, two_tiers

import gridsim as gs
from gridsim.simulation.events import Reason


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


class Forwarding(gs.Unit):
    """A unit that sends everything up to whoever can serve it."""

    def decide(self, problem, leader=None):
        above = self.above_that_can_serve(problem)
        if above is not None:
            self.move(problem, above, Reason.LOAD)
        else:
            super().decide(problem, leader)


class Alarming(gs.Problem):
    """A problem that is urgent whatever its type."""

    def __init__(self, *row):
        super().__init__(*row)
        self.urgency = max(self.urgency, 1)


def test_units_of_ones_own_decide_what_goes_up():
    """Whoever sends everything up lets only the top close."""
    usual, own = gs.simulate(two_tiers(), 1), gs.simulate(two_tiers(), 1, unit=Forwarding, trace=True)
    assert own.engine == "mesa"
    assert set(own.problems["closed_tier"].dropna()) == {"top"} < set(usual.problems["closed_tier"].dropna())
    assert (own.events["kind"] == "arrives").sum() == 2 * own.measures["reported"]


def test_problems_of_ones_own_are_what_people_work_on():
    """Where all are urgent, those on call set out for them at night too."""
    scenario = everyone_at_once({"run.days": 12})
    assert set(gs.simulate(scenario, 1).problems["urgency"]) > {"urgent"}
    own = gs.simulate(scenario, 1, problem=Alarming, trace=True)
    assert "routine" not in set(own.problems["urgency"])
    assert not own.events.equals(gs.simulate(scenario, 1, trace=True).events)


def test_units_and_problems_that_change_nothing_change_no_event():
    """Subclasses with the package's behaviour."""
    unit, problem = type("OwnUnit", (gs.Unit,), {}), type("OwnProblem", (gs.Problem,), {})
    own = gs.simulate(everyone_at_once({"run.days": 12}), 1, trace=True, unit=unit, problem=problem)
    assert own.events.equals(gs.simulate(everyone_at_once({"run.days": 12}), 1, trace=True).events)


class Choosy(gs.ServiceStaff):
    """Staff who take every other problem."""

    def can_serve(self, problem):
        return problem.number % 2 == 0 and super().can_serve(problem)


def test_staff_of_ones_own_say_whom_they_serve():
    """They are asked for each problem; an answer is not kept for those that look alike."""
    closed = gs.simulate(two_tiers({"run.days": 4}), 1, staff=Choosy).problems["status"] == "closed"
    assert closed.sum() > 0
    assert not closed[1::2].any()
