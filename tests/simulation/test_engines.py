"""The two engines play the same events: the same log, row for row and bit for bit, and the same outcome."""

from __future__ import annotations

import numpy as np
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from same import assert_same

import gridsim as gs
from gridsim.simulation.compiled.engine import run
from gridsim.simulation.rules import UNSET

STEPS_PER_PROBLEM = 400


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 3))
def test_both_engines_give_the_same_log_and_outcome(scenario, seed):
    assert_same(scenario, seed)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 1000))
def test_both_engines_give_the_same_log_over_many_scenarios(scenario, seed):
    assert_same(scenario, seed)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.tied(), st.integers(0, 3))
def test_both_engines_settle_exact_ties_among_decimals_alike(tied, seed):
    scenario, records = tied
    assert_same(scenario, seed, records=records)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.tied(), st.integers(0, 1000))
def test_both_engines_settle_exact_ties_among_decimals_over_many_scenarios(tied, seed):
    scenario, records = tied
    assert_same(scenario, seed, records=records)


@pytest.mark.parametrize("name", gs.designs())
def test_both_engines_agree_on_every_design_of_mingming_road(name):
    site = gs.load("mingming_road").vary({"run.days": 20.0})
    for headcount in (None, 110):
        assert_same(gs.design(name, site, headcount=headcount))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 3))
def test_the_books_balance(scenario, seed):
    outcome = run(scenario, seed, parts=True, trace=True)
    n, end = len(outcome), outcome.plan.end
    status = np.bincount(outcome.status, minlength=4)
    assert status.sum() == n
    reported = outcome.reported_at != UNSET
    until = np.where(outcome.ended_at == UNSET, end, outcome.ended_at)[reported]
    np.testing.assert_array_equal(outcome.where[reported].sum(axis=1), until - outcome.reported_at[reported])
    np.testing.assert_array_equal(outcome.where_by_tier.sum(axis=1), outcome.where)
    assert (outcome.inbox_off_duty <= outcome.where[:, 0]).all()
    assert (outcome.overtime <= outcome.use.sum(axis=1) + 1e-9).all()
    assert (outcome.escalations.sum(axis=1)[~reported] == 0).all()
    assert (outcome.reworks <= 3).all()
    assert len(outcome.events) < STEPS_PER_PROBLEM * (n + 1) + 2000 * outcome.plan.units * scenario.run.days
    closed = outcome.status == 2
    assert (outcome.first_response_at[closed] <= outcome.closed_at[closed]).all()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 3))
def test_littles_law_holds(scenario, seed):
    outcome = run(scenario, seed)
    known = outcome.reported_at != UNSET
    reported = outcome.reported_at[known]
    ended = np.where(outcome.ended_at == UNSET, outcome.plan.end, outcome.ended_at)[known]
    steps = np.concatenate((reported, ended))
    order = np.argsort(steps, kind="stable")
    number = np.cumsum(np.repeat([1, -1], len(reported))[order])
    integral = int(np.sum(number[:-1] * np.diff(steps[order]))) if len(steps) else 0
    assert integral == int(np.sum(ended - reported))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 3))
def test_one_more_member_of_staff_leaves_every_draw_as_it_was(scenario, seed):
    more = scenario.vary({f"tiers.{scenario.tiers[-1].name}.staff.all.count": 9})
    a, b = gs.demand(scenario, seed).to_frame(), gs.demand(more, seed).to_frame()
    assert a.equals(b)


def test_one_more_type_leaves_the_draws_of_the_others_as_they_were():
    site = gs.load("mingming_road").vary({"run.days": 10.0})
    data = site.as_data()
    data["problems"].append({**data["problems"][0], "type": "one_more"})
    import tomli_w

    more = gs.loads(tomli_w.dumps(data))
    a, b = gs.demand(site, 3).to_frame(), gs.demand(more, 3).to_frame()
    b = b[b["type"] != "one_more"].reset_index(drop=True)
    a["type"], b["type"] = a["type"].astype(str), b["type"].astype(str)
    assert a.equals(b)
