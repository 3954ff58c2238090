"""Key paths: parts are named, surges numbered, a star stands for all, and None removes."""

import pytest
from conftest import everyone_at_once

import gridsim as gs


def varied(path, value):
    return everyone_at_once().vary({path: value})


def test_parts_are_named_by_tier_role_and_type():
    assert varied("tiers.grid.staff.generalist.count", 3).tiers[0].staff[1].count == 3
    assert varied("problems.fire.limit_hours", 5.0).problems[0].limit_hours == 5.0


def test_surges_are_numbered():
    assert varied("surges.0.factor", 2.0).surges[0].factor == 2.0


def test_a_star_stands_for_all():
    many = varied("tiers.*.staff.*.speed_kmh", 9.0)
    assert {staff.speed_kmh for tier in many.tiers for staff in tier.staff} == {9.0}


def test_nothing_but_the_path_changes():
    world = everyone_at_once()
    there = world.vary({"tiers.grid.leader.finds": 0.1}).as_data()
    there["tiers"][0]["leader"]["finds"] = world.tiers[0].leader.finds
    assert there == world.as_data()


def test_the_scenario_itself_stays_as_it_was():
    world = everyone_at_once()
    before = world.to_toml()
    world.vary({"run.days": 3.5, "run.warm_up_days": 0.0, "run.follow_up_days": 0.0})
    assert world.to_toml() == before


def test_none_removes_a_key():
    assert varied("problems.fire.limit_hours", None).problems[0].limit_hours is None
    assert varied("tiers.grid.leader", None).tiers[0].leader is None


def test_a_whole_part_is_removed_and_another_left():
    assert [problem.type for problem in varied("problems.gas_leak", None).problems] == [
        "fire", "quarrel", "illegal_building",
    ]  # fmt: skip
    assert varied("surges.0", None).surges == ()


def test_a_key_that_was_absent_is_set():
    assert varied("problems.quarrel.matures_hours.mean", 24.0).problems[1].matures_hours.mean == 24.0
    assert varied("escalation.after_hours", 4.0).escalation.after_hours == 4.0
    assert varied("escalation.queue_limit.community", 7).escalation.queue_limit == {"grid": 3, "community": 7}


def test_several_changes_are_made_in_order():
    both = everyone_at_once().vary({"tiers.*.leader.finds": 0.1, "tiers.street.leader.finds": 0.9})
    assert [tier.leader.finds for tier in both.tiers] == [0.1, 0.1, 0.9]


def test_no_changes_give_an_equal_scenario():
    assert everyone_at_once().vary({}) == everyone_at_once()


def test_numbers_of_numpy_are_taken():
    import numpy as np

    assert varied("run.days", np.float64(50.0)).run.days == 50.0
    assert varied("tiers.street.leader.count", np.int64(2)).tiers[2].leader.count == 2


@pytest.mark.parametrize(
    "path",
    ["", ".", "run.", "run..days", "run.daze", "tiers.grdi.units", "tiers.grid.staff.nobody.count", "surges.1.factor",
     "*.nothing", "run.days.hours", "problems.fire.skills.fire.x", "tiers", "tiers.0.units"],
)  # fmt: skip
def test_a_path_that_names_nothing_is_refused(path):
    with pytest.raises(gs.ScenarioError):
        varied(path, 1)


@pytest.mark.parametrize(
    ("path", "near"),
    [("run.daze", "run.days"), ("tiers.grdi.units", "tiers.grid.units"),
     ("tiers.grid.staff.generalists.count", "tiers.grid.staff.generalist.count")],
)  # fmt: skip
def test_the_nearest_paths_are_said(path, near):
    with pytest.raises(gs.ScenarioError, match=f"did you mean.*{near}"):
        varied(path, 1)


def test_a_wrong_value_names_its_path():
    with pytest.raises(gs.ScenarioError, match=r"tiers\.grid\.staff\.generalist\.count = -1"):
        varied("tiers.grid.staff.generalist.count", -1)
