"""A whole run in tables: what they say must agree with one another."""

import numpy as np
import pytest
from conftest import everyone_at_once

from gridsim.scenario.scenario import loads
from gridsim.simulation.instants import as_hours, in_hours
from gridsim.simulation.rules import UNSET
from gridsim.simulation.simulate import simulate

EVERYTHING = """
name = "everything"
[run]
days = 12.0
warm_up_days = 2.0
follow_up_days = 1.0
[territory]
cells = 4
cell_km = 0.5
residents_per_cell = 200
[residents]
trust = 0.9
trust_loss = 0.1
reports_without_trust = 0.5
patience_hours = { mean = 30, cv = 1 }
[[problems]]
type = "noise"
skills = ["noise"]
per_1000_residents_per_day = 25
work_hours = { mean = 1.0, cv = 1.0 }
limit_hours = 24
rework = 0.1
[[problems]]
type = "hazard"
skills = ["noise", "wires"]
per_1000_residents_per_day = 5
work_hours = { mean = 1.0, cv = 0.5 }
hidden = 0.6
matures_hours = { mean = 48, cv = 1 }
urgency = "urgent"
[[tiers]]
name = "grid"
units = 4
solves = 0.7
[tiers.leader]
triage_hours = { mean = 0.2, cv = 1 }
patrol_every_hours = 24
patrol_hours = { mean = 1.0 }
wage_per_hour = 30
[[tiers.staff]]
role = "noise"
skills = ["noise"]
count = 1
speed_kmh = 5
hours = "office"
on_call = 1
wage_per_hour = 20
[[tiers]]
name = "street"
units = 1
[[tiers.staff]]
role = "all"
skills = ["*"]
count = 3
speed_kmh = 20
[escalation]
by_authority = false
after_hours = { grid = 12 }
"""


@pytest.fixture(scope="module")
def run():
    return simulate(loads(EVERYTHING), seed=1, trace=True, parts=True)


def test_every_problem_is_closed_open_unresolved_or_unreported(run):
    assert run.problems["status"].value_counts().sum() == len(run.outcome)
    assert (run.problems["status"] == "unreported").equals(run.problems["reported_at"].isna())


def test_the_parts_of_the_time_add_up_to_the_resolution_time(run):
    closed = run.problems[run.problems["status"] == "closed"]
    total = closed.filter(regex=r"^hours_[a-z]+$").sum(axis=1)
    assert np.allclose(total, closed["closed_at"] - closed["reported_at"], atol=1e-9, rtol=0)
    by_tier = closed.filter(regex=r"^hours_.*\.(grid|street)$").sum(axis=1)
    assert np.allclose(by_tier, total, atol=1e-9, rtol=0)


def test_escalations_are_those_of_all_reasons(run):
    by_reason = run.problems.filter(like="escalations_").sum(axis=1)
    assert by_reason.tolist() == run.problems["escalations"].tolist()
    assert by_reason.sum() > 0


def test_measures_agree_with_the_table_of_problems(run):
    start, end = in_hours(run.outcome.window)
    measured = run.problems[run.problems["reported_at"].between(start, end, inclusive="left")]
    assert run.measures["reported"] == len(measured)
    assert run.measures["closed"] == (measured["status"] == "closed").sum()
    assert run.measures["rework_rate"] == pytest.approx((measured["reworks"] > 0).mean())
    due = measured[measured["due_at"] <= as_hours(run.outcome.plan.end)]
    assert run.measures["on_time_rate"] == pytest.approx((due["closed_at"] <= due["due_at"]).mean())
    hidden = run.outcome.demand.hidden[measured.index]
    sources = measured["source"][hidden]
    in_time = sources.isin(["patrol", "informant"]).sum()
    assert run.measures["found_before_maturing"] == pytest.approx(in_time / len(sources))


def test_the_backlog_is_the_time_that_problems_spend(run):
    start, end = run.outcome.window
    known = run.outcome.reported_at != UNSET
    ended = np.where(run.outcome.ended_at == UNSET, end, run.outcome.ended_at)
    spent = np.sum((ended.clip(start, end) - run.outcome.reported_at.clip(start, end))[known])
    assert run.measures["backlog_mean"] == pytest.approx(spent / (end - start), rel=1e-12)


def test_the_timeline_ends_with_all_that_happened(run):
    timeline = run.timeline
    assert timeline["hour"].iloc[-1] == as_hours(run.outcome.plan.end)
    assert timeline["arisen"].sum() == len(run.outcome)
    assert timeline["closed"].sum() == (run.problems["status"] == "closed").sum()
    assert timeline["backlog"].iloc[-1] == run.measures["backlog_end"]
    came_less_went = (timeline["reported"] - timeline["closed"] - timeline["unresolved"]).cumsum()
    assert came_less_went.equals(timeline["backlog"])


def test_people_cost_what_they_are_on_duty_and_on_call(run):
    assert run.staff["cost"].sum() == pytest.approx(run.measures["cost_total"])
    busy = run.staff.filter(like="busy_hours_")
    share = busy["busy_hours_travel"].sum() / busy.to_numpy().sum()
    assert run.measures["travel_share"] == pytest.approx(share)
    used = run.staff.set_index(["tier", "role"])["utilisation"]
    assert used["grid", "leader"] == run.measures["utilisation.grid.leader"]


def test_every_report_is_an_event(run):
    events = run.events
    assert set(events["tier"].dropna()) <= {"grid", "street"}
    first = events[events["kind"] == "arrives"].drop_duplicates("problem").set_index("problem")["time"]
    reported = run.problems["reported_at"].dropna()
    assert np.array_equal(first.sort_index(), reported[first.sort_index().index])


@pytest.mark.parametrize("part", ["type", "urgency", "cell", "tier", "unit"])
def test_parts_add_up(run, part):
    parts = run.by(part)
    for name in ("reported", "closed", "open", "unresolved", "backlog_mean", "backlog_end"):
        assert parts[name].sum() == pytest.approx(run.measures[name])


def test_means_of_parts_weigh_to_the_mean_of_the_whole(run):
    parts = run.by("type")
    together = (parts["escalations_per_problem"] * parts["reported"]).sum() / parts["reported"].sum()
    assert together == pytest.approx(run.measures["escalations_per_problem"])


def test_a_row_names_unit_and_people():
    """Who is gone up to stands in the unit, who set out last in the person, and both engines say the same."""
    scenario = everyone_at_once({"run.days": 6})
    rows, mesa = (simulate(scenario, seed=1, engine=engine).problems for engine in ("compiled", "mesa"))
    assert rows.equals(mesa)
    assert (rows["person"].isna() == (rows["attempts"] == 0)).all()
    assert (rows["unit"].isna() == rows["reported_at"].isna()).all()
    roles = {staff.role for tier in scenario.tiers for staff in tier.staff}
    said = {role for person in rows["person"].dropna() for role in person.split("+")}
    assert said <= roles | {"leader"}
    closed = rows.dropna(subset="closed_tier")
    assert (closed["unit"].astype(str).str.rsplit(" ", n=1).str[0] == closed["closed_tier"].astype(str)).all()
    skills = {problem.type: len(problem.skills) for problem in scenario.problems}
    handled = rows[rows["person"].notna() & (rows["person"] != "leader")]
    assert len(handled)
    people = handled["person"].astype(str).str.count(r"\+") + 1
    assert (people == handled["type"].astype(str).map(skills)).all()


def test_parts_by_unit_are_those_of_the_rows(run):
    problems, parts = run.problems, run.by("unit")
    window = run.measured
    counts = window["unit"].astype(object).value_counts()
    for unit, count in counts.items():
        assert parts.loc[unit, "reported"] == count
    assert parts["reported"].sum() == len(window) > 0
    assert len(problems) >= len(window)
