"""What is equal by arithmetic is equal: decimals of one to four digits, compared with fractions."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gridsim as gs
from gridsim.simulation import rules
from gridsim.simulation.instants import in_hours, of_days, of_hours
from gridsim.simulation.rules import HOUR, NEVER, UNSET

DECIMALS = st.integers(1, 4).flatmap(
    lambda digits: st.integers(1, 3 * 10**digits).map(lambda n: f"{n / 10**digits:.4f}")
)
QUIETLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

DESK = """
name = "desk"
[run]
days = 3.0
[territory]
cells = 1
cell_km = 1.0
residents_per_cell = 100
[[problems]]
type = "matter"
skills = ["advice"]
per_1000_residents_per_day = 0
limit_hours = {limit}
work_hours = {{ mean = {work} }}
[[tiers]]
name = "desk"
units = 1
[tiers.leader]
triage_hours = {{ mean = {triage} }}
[[tiers.staff]]
role = "clerk"
skills = ["advice"]
count = 1
{more}
"""


def one(time, triage, work, limit, engine, more=""):
    """One problem, reported at a time, and what became of it."""
    scenario = gs.loads(DESK.format(triage=triage, work=work, limit=limit, more=more))
    records = pd.DataFrame({"time": [float(time)], "type": ["matter"], "cell": [0]})
    return gs.simulate(scenario, 1, engine=engine, records=records)


@QUIETLY
@given(DECIMALS, DECIMALS, DECIMALS, st.integers(-1, 1), st.sampled_from(["compiled", "mesa"]))
def test_a_limit_of_exactly_the_sum_is_met(time, triage, work, more, engine):
    """A limit a ten-thousandth of an hour shorter is missed, equal or longer it is met."""
    total = Fraction(triage) + Fraction(work)
    limit = total + Fraction(more, 10000)
    found = one(time, triage, work, float(limit), engine)
    assert found.measures["on_time_rate"] == (1.0 if total <= limit else 0.0)


@QUIETLY
@given(DECIMALS, DECIMALS, DECIMALS, st.integers(-1, 1), st.sampled_from(["compiled", "mesa"]))
def test_the_end_of_work_comes_before_a_time_limit_of_the_same_instant(time, triage, work, more, engine):
    """Two problems at once and one clerk: the second waits for the work of the first, and its limit ends then or not."""
    limit = Fraction(triage) + Fraction(work) + Fraction(more, 10000)
    above = f"""
[[tiers]]
name = "top"
units = 1
[[tiers.staff]]
role = "expert"
skills = ["*"]
count = 1
[escalation]
after_hours = {{ desk = {float(limit)} }}
"""
    text = DESK.format(triage=triage, work=work, limit=50.0, more=above).replace(
        "[tiers.leader]", "[tiers.leader]\ncount = 2"
    )
    records = pd.DataFrame({"time": [float(time)] * 2, "type": ["matter"] * 2, "cell": [0, 0]})
    found = gs.simulate(gs.loads(text), 1, engine=engine, records=records)
    assert found.measures["escalations.time_limit"] == (0.5 if more < 0 else 0.0)


@QUIETLY
@given(st.lists(DECIMALS, min_size=2, max_size=6))
def test_sums_are_exact_in_any_order(decimals):
    """Whole nanoseconds of decimals add up to those of their sum."""
    total = sum(Fraction(one) for one in decimals)
    assert sum(rules.nanoseconds(float(one)) for one in decimals) == total * HOUR
    assert rules.nanoseconds(float(total)) == total * HOUR


@given(st.floats(0.0, 2e6), st.floats(0.0, 1e5))
def test_arrays_and_single_numbers_are_rounded_alike(hours, days):
    assert int(of_hours(hours)) == rules.nanoseconds(hours)
    assert abs(of_days(days) - days * 24 * HOUR) <= max(1, days * 24 * HOUR * 1e-15)


def test_what_takes_longer_than_any_run_does_not_end():
    assert rules.nanoseconds(float("inf")) == rules.nanoseconds(1e30) == NEVER
    assert rules.after(5, NEVER, 100) == rules.after(50, 51, 100) == NEVER
    assert rules.after(50, 50, 100) == 100
    assert in_hours([UNSET, NEVER, HOUR]).tolist()[1:] == [float("inf"), 1.0]


def test_triage_and_work_within_their_limit_are_in_time():
    """0.1 h and 0.2 h against 0.3 h, two thousand times, at any instant."""
    scenario = gs.loads(DESK.format(triage=0.1, work=0.2, limit=0.3, more=""))
    many = {"problems.matter.per_1000_residents_per_day": 240.0, "run.days": 60, "tiers.desk.leader.count": 50}
    many["tiers.desk.staff.clerk.count"] = 50
    for engine in ("compiled", "mesa"):
        assert gs.simulate(scenario.vary(many), 1, engine=engine).measures["on_time_rate"] == 1.0


def test_the_longest_run_has_a_hundred_thousand_days_and_its_last_second():
    """A longer one is refused; within it instants are exact to the last."""
    desk = gs.loads(DESK.format(limit=1.0, work=1.0, triage=0.5, more="")).vary({"run.days": 100_000.0})
    last = pd.DataFrame({"time": [2_400_000.0 - 1.5], "type": ["matter"], "cell": [0]})
    result = gs.simulate(desk, 1, records=last)
    assert result.problems["closed_at"][0] == 2_400_000.0
    with pytest.raises(gs.ScenarioError, match=r"run\.days = 100000\.5: input should be less than or equal to 100000"):
        desk.vary({"run.days": 100_000.5})
