"""A switch of the policy on a day of the run: what differs is only what the policy changes."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gridsim as gs
from gridsim.simulation.compiled.engine import run

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("engines", HERE / "test_engines.py")
engines = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(engines)

POLICIES = {
    "tiers.*.staff.*.count": st.integers(0, 3),
    "tiers.*.staff.*.on_call": st.just(0),
    "tiers.*.staff.*.pace": st.sampled_from([0.5, 1.0, 3.0]),
    "tiers.*.solves": st.sampled_from([0.0, 0.4, 0.7, 1.0]),
    "tiers.*.hours": st.sampled_from(["always", "office", {"windows": [[0.0, 6.0], [6.0, 20.0]]}]),
    "escalation.after_hours": st.sampled_from(["none", 0.0, 1.0, 5.0]),
    "escalation.queue_limit": st.sampled_from(["none", 0, 2]),
    "escalation.by_authority": st.booleans(),
    "escalation.overdue": st.sampled_from(["none", "expedite", "escalate"]),
    "escalation.joint": st.sampled_from(["hold", "opportunistic"]),
    "escalation.whistle": st.booleans(),
}


@st.composite
def switched(draw):
    """A generated scenario whose policy changes on some day, at midnight, at an edge of hours or in between."""
    scenario = draw(engines.worlds.scenarios())
    names = draw(st.lists(st.sampled_from(list(POLICIES)), min_size=1, max_size=4, unique=True))
    to = {name: draw(POLICIES[name]) for name in names}
    if "tiers.*.staff.*.count" in to:
        to = {"tiers.*.staff.*.on_call": 0} | to
    days = [0.0, 0.25, 8.5 / 24.0, 0.5, 1.0]
    day = draw(st.sampled_from([day for day in days if day < scenario.run.days]))
    return scenario.vary({"switch": {"day": day, "to": to}})


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(switched(), st.integers(0, 3))
def test_both_engines_switch_alike(scenario, seed):
    """The same log and the same outcome, bit for bit."""
    engines.assert_same(scenario, seed)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(engines.worlds.scenarios(), st.sampled_from([0.0, 0.3, 0.5]))
def test_a_switch_to_the_same_policy_changes_nothing(scenario, day):
    """Not one event; and as much time on duty."""
    if day >= scenario.run.days:
        return
    same = {"escalation.joint": scenario.escalation.joint}
    plain, again = run(scenario, 1, trace=True), run(scenario.vary({"switch": {"day": day, "to": same}}), 1, trace=True)
    edge = 0  # an edge of hours at the very instant of the switch is part of it
    logs = [log[log["kind"] != edge] for log in (plain.events, again.events)]
    np.testing.assert_array_equal(*logs)
    # whether the backlog grows is looked at from the switch on
    before, after = (gs.simulate(one, 1).measures.drop("backlog_growth") for one in (scenario, again.scenario))
    np.testing.assert_allclose(before.to_numpy(), after.to_numpy(), rtol=1e-9)


def test_nothing_differs_before_the_switch():
    """One warm state: the events before the day are those of the scenario without a switch."""
    site = gs.design("three_tier", gs.load("mingming_road").vary({"run.days": 20}), 100)
    branches = [{"escalation.after_hours": 4}, {"tiers.grid.staff.*.pace": 3}, {"tiers.*.hours": "always"}]
    plain = run(site, 5, trace=True).events
    for to in branches:
        events = run(site.vary({"switch": {"day": 12, "to": to}}), 5, trace=True).events
        early, late = events["time"] < 12 * 24, plain["time"] < 12 * 24
        np.testing.assert_array_equal(events[early], plain[late])
        assert len(events) != len(plain) or (events != plain).any()


def test_who_loses_the_post_finishes_what_was_begun():
    """One member, work of ten hours from hour 0; from hour 6 on nobody has the post, and what waits goes up."""
    text = (HERE / "switch.toml").read_text(encoding="utf-8")
    result = gs.simulate(gs.loads(text), engine="mesa")
    first, second = result.problems.iloc[0], result.problems.iloc[1]
    assert first["closed_tier"] == "grid"
    assert first["closed_at"] > 6.0
    assert second["closed_tier"] == "street"
    assert second["first_response_at"] == 6.0
    assert result.measures["utilisation.grid.member"] > 1.0  # six hours on duty, ten at work


def test_duty_hours_and_wages_are_those_of_both_parts():
    """Two members for half of the run, six for the other half: four on average."""
    site = gs.load("mingming_road").vary({"run.days": 14, "tiers.grid.staff.culture.count": 2})
    half = site.vary({"switch": {"day": 7, "to": {"tiers.grid.staff.culture.count": 6}}})
    whole = site.vary({"tiers.grid.staff.culture.count": 4})
    costs = [gs.simulate(one, 1).measures["cost_total"] for one in (half, whole)]
    assert costs[0] == pytest.approx(costs[1])


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ({"tiers.grid.units": 3}, "switch.to.tiers.grid.units: a switch may change"),
        ({"territory.cells": 3}, "a switch may change the escalation"),
        ({"tiers.grid.staff.cullture.count": 3}, "tiers.grid.staff.culture.count"),
        ({"escalation.after_hours": -3}, "escalation.after_hours"),
        ({"tiers.grid.leader.count": 0}, "a unit keeps its leaders"),
    ],
)
def test_what_a_switch_may_not_change_is_said(to, said):
    """One sentence with the key."""
    site = gs.load("mingming_road")
    with pytest.raises(gs.ScenarioError, match="switch") as error:
        site.vary({"switch": {"day": 30, "to": to}})
    assert said in str(error.value)


def test_a_switch_lies_within_the_run():
    """At the end it would never happen."""
    with pytest.raises(gs.ScenarioError, match=r"less than run\.days"):
        gs.load("mingming_road").vary({"switch": {"day": 180, "to": {"escalation.after_hours": 4}}})


def test_a_switch_is_written_and_read_without_loss():
    """Through TOML, with dotted keys and lists."""
    site = gs.load("mingming_road").vary({"switch": {"day": 30, "to": {"escalation.after_hours": {"grid": 4}}}})
    again = gs.loads(site.to_toml())
    assert again == site
    assert again.digest == site.digest != gs.load("mingming_road").digest
