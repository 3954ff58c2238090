"""Systems with a closed form: the model gives what theory says, within four standard errors."""

from __future__ import annotations

from math import exp, factorial

import numpy as np
import pytest
import worlds

import gridsim as gs
from gridsim.simulation.compiled.engine import run
from gridsim.simulation.instants import in_hours, of_days, of_hours

world, tier = worlds.world, worlds.tier
EXPONENTIAL = "{ mean = 1.0, cv = 1.0 }"
REPLICATIONS, DAYS = 12, 1500
AMPLE = 60


def erlang_c(load, servers):
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top)


def response(o):
    return float(np.nanmean(in_hours(o.first_response_at) - in_hours(o.reported_at)))


def resolution(o):
    return float(np.nanmean(in_hours(o.closed_at) - in_hours(o.reported_at)))


def escalated(o):
    return float((o.escalations.sum(axis=1) > 0).mean())


def agrees(scenario, statistic, theory, replications=REPLICATIONS):
    values = np.array([statistic(run(scenario, seed)) for seed in range(100, 100 + replications)])
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert abs(values.mean() - theory) < 4.0 * error + 1e-12, (values.mean(), theory, error)


@pytest.mark.parametrize("rate", [0.3, 0.6, 0.8])
def test_one_member_is_an_m_m_1(rate):
    scenario = world(DAYS, rate, EXPONENTIAL, tier("g", 1))
    agrees(scenario, response, rate / (1.0 - rate))
    agrees(scenario, resolution, 1.0 / (1.0 - rate))


def test_the_time_to_close_of_an_m_m_1_is_exponential():
    scenario = world(DAYS, 0.8, EXPONENTIAL, tier("g", 1))
    within = lambda o: float(np.nanmean((in_hours(o.closed_at) - in_hours(o.reported_at))[o.status == 2] <= 5.0))  # noqa: E731
    agrees(scenario, within, 1.0 - exp(-0.2 * 5.0))


def test_three_members_are_an_m_m_c():
    scenario = world(DAYS, 2.4, EXPONENTIAL, tier("g", 3))
    waits = erlang_c(2.4, 3)
    agrees(scenario, response, waits / (3.0 - 2.4))
    agrees(
        scenario, lambda o: float(np.nanmean((in_hours(o.first_response_at) - in_hours(o.reported_at)) > 1e-12)), waits
    )


@pytest.mark.parametrize(
    ("work", "squared_cv"),
    [("{ mean = 1.0 }", 0.0), ('{ mean = 1.0, cv = 1.4142135623730951, law = "lognormal" }', 2.0)],
)
def test_waiting_grows_with_the_variance_of_work(work, squared_cv):
    agrees(world(DAYS, 0.8, work, tier("g", 1)), response, 0.8 * (1.0 + squared_cv) / (2.0 * 0.2))


def test_an_urgent_problem_waits_as_cobham_says():
    urgent = """
[[problems]]
type = "b"
skills = ["s"]
urgency = "urgent"
per_1000_residents_per_day = 4.8
work_hours = { mean = 1.0, cv = 1.0 }
"""
    scenario = world(DAYS, 0.6, EXPONENTIAL, tier("g", 1), problem=urgent)
    for level, theory in ((1, 0.8 / (1.0 - 0.2)), (0, 0.8 / ((1.0 - 0.2) * (1.0 - 0.8)))):
        agrees(
            scenario,
            lambda o, level=level: float(
                np.nanmean((in_hours(o.first_response_at) - in_hours(o.reported_at))[o.urgency == level])
            ),
            theory,
        )


def test_pooling_ten_skills_shortens_the_response():
    pooled = world(DAYS / 5, 8.0, EXPONENTIAL, tier("g", 10))
    agrees(pooled, response, erlang_c(8.0, 10) / 2.0)


@pytest.mark.parametrize(("by_authority", "theory"), [("false", 2.032340), ("true", 1.406475)])
def test_trying_first_costs_time(by_authority, theory):
    scenario = world(
        DAYS / 3, 4.0, EXPONENTIAL, tier("g", 5, 0.8) + tier("t", 3, 1.0, 2.0),
        f"[escalation]\nby_authority = {by_authority}",
    )  # fmt: skip
    agrees(scenario, resolution, theory)


@pytest.mark.parametrize("limit", [0, 3])
def test_a_queue_limit_is_an_m_m_c_k(limit):
    scenario = world(DAYS, 0.9, EXPONENTIAL, tier("g", 1) + tier("t", AMPLE), f"[escalation]\nqueue_limit = {limit}")
    places = limit + 1
    agrees(scenario, escalated, 0.9**places * 0.1 / (1.0 - 0.9 ** (places + 1)))


@pytest.mark.parametrize("hours", [1.0, 4.0])
def test_a_time_limit_on_waiting(hours):
    load = 0.8
    e = exp(-(1.0 - load) * hours)
    scenario = world(DAYS, load, EXPONENTIAL, tier("g", 1) + tier("t", AMPLE), f"[escalation]\nafter_hours = {hours}")
    agrees(scenario, escalated, load * (1.0 - load) * e / (1.0 - load**2 * e))


def test_patience_is_an_erlang_a():
    scenario = world(
        DAYS / 3, 5.0, EXPONENTIAL, tier("g", 5) + tier("t", AMPLE),
        "[residents]\npatience_hours = { mean = 2.0, cv = 1.0 }",
    )  # fmt: skip
    agrees(scenario, lambda o: float(np.isfinite(in_hours(o.petitioned_at)).mean()), 0.146132)


def test_travel_is_part_of_service():
    scenario = world(DAYS, 1.2, "{ mean = 0.5, cv = 1.0 }", tier("g", 1, staff="speed_kmh = 5.0"))
    agrees(scenario, lambda o: float(np.mean(in_hours(o.where[o.status == 2, 2]))), 1.4925)


def test_a_leader_on_idle_patrols_is_a_server_with_vacations():
    leader = """
[[tiers]]
name = "g"
units = 1
[tiers.leader]
handles_below = 1.0
patrol_every_hours = 0.0
patrol_hours = { mean = 2.0 }
"""
    scenario = world(DAYS, 0.5, EXPONENTIAL, leader)
    agrees(scenario, response, 0.5 * 2.0 / (2.0 * 0.5) + 4.0 / (2.0 * 2.0))


@pytest.mark.parametrize(("every", "finds"), [(24.0, 1.0), (24.0, 0.5), (168.0, 1.0)])
def test_a_patrol_finds_hazards_as_delay_time_says(every, finds):
    leader = f"[tiers.leader]\npatrol_every_hours = {every}\nfinds = {finds}"
    hazard = "hidden = 1.0\nmatures_hours = { mean = 72.0, cv = 1.0 }"
    scenario = world(7 * 200, 0.5, EXPONENTIAL, tier("g", AMPLE, leader=leader), problem=hazard)
    g = exp(-every / 72.0)
    theory = finds * (1.0 - g) / (every / 72.0) / (1.0 - (1.0 - finds) * g)
    late = of_days(7 * 150)
    share = lambda o: float(np.mean(o.source[o.demand.arises_at < late] == 1))  # noqa: E731
    agrees(scenario, share, theory)


@pytest.mark.parametrize("joint", ["hold", "opportunistic"])
def test_a_joint_problem_needs_both(joint):
    staff = tier("g", 1, skills='["s"]') + '\n[[tiers.staff]]\nrole = "q"\nskills = ["u"]\ncount = 1\n'
    scenario = world(DAYS, 0.4, EXPONENTIAL, staff, f'[escalation]\njoint = "{joint}"', skills='["s", "u"]')
    agrees(scenario, response, 0.4 / 0.6)


def test_a_count_before_the_end_misses_what_is_in_hand():
    scenario = world(30, 0.5, "{ mean = 24.0, cv = 1.0 }", tier("g", 400))
    agrees(scenario, lambda o: float(np.mean(o.status == 2)), 1.0 - (1.0 - exp(-30.0)) / 30.0, replications=60)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [(11.0, 2.0, 15.0), (16.5, 4.0, 35.5), (112.5, 4.0, 179.5), (130.0, 2.0, 178.5), (113.5, 7.0, 185.5)],
)
def test_a_duty_clock_counts_only_duty_hours(start, hours, end):
    from gridsim.scenario.hours import as_hours
    from gridsim.simulation.rules import clock_ends

    starts, ends, cycle = (of_hours(hours).tolist() for hours in as_hours("office").windows_in_cycle())
    begin, duration, horizon = of_hours([start, hours, 1000.0]).tolist()
    assert in_hours(clock_ends(begin, duration, starts, ends, cycle, horizon)) == end


def test_identical_designs_differ_by_exactly_zero():
    site = gs.load("mingming_road").vary({"run.days": 5.0})
    c = gs.compare({"a": site, "b": gs.loads(site.to_toml())}, replications=3, workers=1, progress=False)
    difference = c.differences()["difference"].dropna()
    assert len(difference)
    assert (difference == 0.0).all()
