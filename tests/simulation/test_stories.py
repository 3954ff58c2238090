"""Small cases worked out by hand, each told in the first line of its scenario; both engines give the same."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gridsim as gs

STORIES = Path(__file__).with_name("stories")
ENGINES = ("compiled", "mesa")


def told(name, engine="compiled", **changes):
    """The result of a story, with the problems that its head records."""
    text = (STORIES / f"{name}.toml").read_text(encoding="utf-8")
    rows = re.search(r"# Recorded problems \(time,type,cell\):\n((?:# .*\n)+)", text)
    records = pd.read_csv(io.StringIO("time,type,cell\n" + rows[1].replace("# ", ""))) if rows else None
    scenario = gs.loads(text)
    return gs.simulate(scenario.vary(changes) if changes else scenario, 1, engine=engine, records=records)


def of(result, kind):
    """The row of the one problem of a type."""
    rows = result.problems[result.problems["type"] == kind]
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_taken_or_held_in_the_same_thought_is_not_there_to_start(engine):
    row = of(told("could_it_start", engine), "P3")
    assert (row["first_response_at"], row["closed_tier"]) == (8.0, "top")


@pytest.mark.parametrize("engine", ENGINES)
def test_people_held_for_a_problem_that_goes_up_choose_again(engine):
    row = of(told("held_then_released", engine), "B")
    assert (row["first_response_at"], row["closed_tier"]) == (6.0, "grid")


@pytest.mark.parametrize("engine", ENGINES)
def test_hours_of_several_tiers_that_end_at_one_instant_end_together(engine):
    row = of(told("shift_edges_at_one_instant", engine), "E")
    assert row["first_response_at"] == 14.0


def test_many_limits_may_end_on_arrival_at_one_instant():
    results = [told("many_limits_end_on_arrival", engine) for engine in ENGINES]
    assert len(results[0].problems) > 1000
    pd.testing.assert_frame_equal(results[0].problems, results[1].problems)


def test_any_number_of_leaders_may_be_on_patrol():
    results = [told("more_leaders_than_the_calendar_holds", engine) for engine in ENGINES]
    pd.testing.assert_frame_equal(results[0].problems, results[1].problems)
    assert results[0].measures["utilisation.t.leader"] == pytest.approx(1.0, abs=0.02)


def test_a_problem_where_nobody_lives_is_reported_by_somebody_who_exists():
    results = [told("records_where_nobody_lives", engine) for engine in ENGINES]
    pd.testing.assert_frame_equal(results[0].problems, results[1].problems)
    assert (results[0].problems["resident"] < 100).all()
    everybody = told("records_where_nobody_lives", **{"residents.trust": 1.0, "residents.trust_loss": 0.0})
    assert everybody.measures["closed"] == 5


@pytest.mark.parametrize("engine", ENGINES)
def test_the_second_attempt_after_a_switch_takes_the_second_draw(engine):
    result = told("switch_and_the_second_attempt", engine)
    work = gs.GridModel(result.scenario, 1, demand=result.outcome.demand).draws.numbers.work[:, 0]
    row = of(result, "U")
    assert (row["hours_lost"], row["hours_work"]) == pytest.approx((work[0], work[1]))
    assert work[0] != work[1]


@pytest.mark.parametrize("engine", ENGINES)
def test_work_that_was_not_good_goes_up_where_the_staff_is_gone(engine):
    row = of(told("switch_takes_the_staff", engine), "U")
    assert (row["status"], row["closed_tier"], row["attempts"]) == ("closed", "top", 4)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("overdue", ["none", "expedite"])
def test_each_triage_is_offered_once(engine, overdue):
    found = told("triage_is_offered_once", engine, **{"escalation.overdue": overdue}).measures
    assert found["offered_load.grid"] == found["offered_load.grid.leader"] == 1.0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_triage_that_still_waits_is_not_offered_again(engine):
    found = told("decided_again_while_the_leader_is_off", engine).measures
    assert found["offered_load.grid"] == found["offered_load.grid.leader"] == 4.0 / 14.0
    assert found["closed"] == 2


def test_a_result_in_mid_run_measures_the_hours_so_far():
    """Half of the run: half of the duty hours, so that load and use are of the first half alone."""
    scenario = gs.loads((STORIES / "triage_is_offered_once.toml").read_text(encoding="utf-8"))
    rate = {"run.days": 40, "problems.A.per_1000_residents_per_day": 20.0, "tiers.grid.leader.triage_hours.mean": 1.0}
    model = gs.GridModel(scenario.vary(rate), 1)
    model.run_for(20 * 24)
    half = model.result().measures
    model.run_for(20 * 24)
    whole = model.result().measures
    for name in ("offered_load.grid", "utilisation.grid.leader", "offered_load.top.r"):
        assert half[name] == pytest.approx(whole[name], rel=0.5)
    assert half["cost_total"] == 0.0


def test_urgency_groups_by_what_was_reported():
    result = told("triage_is_offered_once")
    assert result.by("urgency")["reported"].tolist() == [4, 0, 0]
    assert (result.problems["urgency"] == "urgent").all()
    assert (result.problems["urgency_reported"] == "routine").all()


def test_hours_in_the_inbox_of_a_closed_office_are_told_apart():
    """R is sorted at 11.5 to 12.5 (begun, so finished); a report at 12.5 waits for 14:00."""
    scenario = gs.loads((STORIES / "shift_edges_at_one_instant.toml").read_text(encoding="utf-8"))
    records = pd.DataFrame({"time": [12.5, 13.0, 20.0], "type": ["R"] * 3, "cell": [0] * 3})
    for engine in ENGINES:
        rows = gs.simulate(scenario, 1, engine=engine, records=records).problems
        assert rows["hours_inbox"].tolist() == [1.5, 2.0, 12.5]
        assert rows["hours_inbox_off_duty"].tolist() == [1.5, 1.0, 12.5]


def test_work_outside_the_hours_is_overtime():
    """Work of five hours begun at 11.0 in an office that closes at 12:00 and opens from 14:00 to 17:30."""
    scenario = gs.loads((STORIES / "shift_edges_at_one_instant.toml").read_text(encoding="utf-8")).vary(
        {
            "tiers.grid.leader": None,
            "problems.R.work_hours.mean": 5.0,
            "tiers.grid.staff.ra.wage_per_hour": 10.0,
            "run.days": 7,
        }
    )
    records = pd.DataFrame({"time": [11.0], "type": ["R"], "cell": [0]})
    for engine in ENGINES:
        found = gs.simulate(scenario, 1, engine=engine, records=records)
        assert found.measures["overtime_hours"] == 2.0
        assert found.measures["cost_total"] == 10.0 * (35.0 + 1.5 * 2.0)
        assert np.isclose(found.measures["cost_total"], 7 * scenario.cost_per_day + 30.0)
        assert found.staff["overtime_hours"].tolist() == [2.0, 0.0]


def test_hours_on_call_are_paid_in_part():
    scenario = gs.loads((STORIES / "shift_edges_at_one_instant.toml").read_text(encoding="utf-8")).vary(
        {"tiers.grid.staff.ra.wage_per_hour": 8.0, "tiers.grid.staff.ra.on_call": 1, "run.days": 7}
    )
    assert scenario.cost_per_day * 7 == pytest.approx(8.0 * (35.0 + 0.125 * 133.0))
    dearer = scenario.vary({"wages.on_call": 1.0})
    assert dearer.cost_per_day * 7 == pytest.approx(8.0 * 168.0)
    assert dearer.digest != scenario.digest
    records = pd.DataFrame({"time": [20.0], "type": ["E"], "cell": [0]})
    assert gs.simulate(scenario, 1, records=records).measures["cost_total"] == pytest.approx(8.0 * (35.0 + 133.0 / 8.0))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("story", "closed"), [("limit_on_arrival_then_failed", 18.0), ("limit_zero_then_failed", 13.0)]
)
def test_a_limit_that_fell_into_work_acts_when_that_work_has_failed(story, closed, engine):
    row = told(story, engine).problems.iloc[-1]
    assert (row["closed_at"], row["closed_tier"]) == (closed, "top")


@pytest.mark.parametrize("engine", ENGINES)
def test_overtime_follows_the_hours_in_force_also_across_a_switch(engine):
    assert told("overtime_across_a_switch", engine).measures["overtime_hours"] == pytest.approx(2.5)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("story", "urgency"), [("switch_overdue_off", "routine"), ("switch_overdue_on", "urgent")])
def test_what_overdue_does_is_what_the_policy_of_that_instant_says(story, urgency, engine):
    result = told(story, engine)
    assert result.problems["urgency"].astype(str).tolist()[1] == urgency
    assert result.problems["escalations"].sum() == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_limit_of_the_instant_at_which_work_ends_comes_after_all_work_that_ends_then(engine):
    row = of(told("limit_at_the_instant_work_ends", engine), "A")
    assert (row["closed_at"], row["closed_tier"], row["escalations"]) == (9.0, "grid", 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_limits_past_on_arrival_act_in_the_order_of_problems(engine):
    row = of(told("limits_on_arrival_in_order", engine), "P")
    assert row["escalations_time_limit"] == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_the_right_to_be_sent_down_ends_with_a_move_and_not_with_a_decision(engine):
    problems = told("down_at_a_later_decision", engine).problems
    assert problems["closed_tier"].astype(str)[4] == "grid"


def test_a_switch_may_change_who_can_do_what():
    results = [told("switch_of_skills", engine) for engine in ENGINES]
    pd.testing.assert_frame_equal(results[0].problems, results[1].problems)
    assert (results[0].problems["status"] == "closed").all()


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_out_when_the_speed_changes_returns_at_the_old_one(engine):
    text = (STORIES / "way_back_after_a_switch.toml").read_text(encoding="utf-8")
    records = pd.DataFrame({"time": [10.0], "type": ["A"], "cell": [0]})
    result = gs.simulate(gs.loads(text), 1, engine=engine, records=records, trace=True)
    row, log = result.problems.iloc[0], result.events
    way = row["first_response_at"] - 10.0
    assert way > 0.1
    back = log.loc[log["kind"] == "people_free", "time"].iloc[0] - row["closed_at"]
    assert back == pytest.approx(way)
    assert result.staff["busy_hours_travel"].sum() == pytest.approx(2.0 * way)


@pytest.mark.parametrize("engine", ENGINES)
def test_leaders_may_be_counted_unit_by_unit(engine):
    """Where a unit has no leader it decides at once; a unit with two sorts twice as fast."""
    text = """
name = "one_each"
[run]
days = 2
[territory]
cells = 3
cell_km = 1.0
residents_per_cell = 100
[[problems]]
type = "A"
skills = ["a"]
per_1000_residents_per_day = 0
work_hours = { mean = 1.0 }
[[tiers]]
name = "grid"
units = 3
[tiers.leader]
count = [0, 1, 2]
triage_hours = { mean = 4.0 }
wage_per_hour = 10.0
[[tiers.staff]]
role = "r"
skills = ["a"]
count = 9
"""
    records = pd.DataFrame({"time": [1.0] * 6, "type": ["A"] * 6, "cell": [0, 0, 1, 1, 2, 2]})
    scenario = gs.loads(text)
    result = gs.simulate(scenario, 1, engine=engine, records=records)
    assert result.problems["first_response_at"].tolist() == [1.0, 1.0, 5.0, 9.0, 5.0, 5.0]
    assert scenario.headcount == 30
    assert scenario.cost_per_day == 3 * 24 * 10.0
    assert "0 to 2 leaders" in scenario.describe()
    assert result.measures["utilisation.grid.leader"] == pytest.approx(16.0 / (3 * 48.0))
    with pytest.raises(gs.ScenarioError, match="leader: count has 2 numbers; one per unit"):
        scenario.vary({"tiers.grid.leader.count": [1, 2]})
    with pytest.raises(gs.ScenarioError, match="a unit keeps its leaders"):
        gs.loads(text + '[switch]\nday = 1\nto = { "tiers.grid.leader.count" = [1, 1, 1] }')
