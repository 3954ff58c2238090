"""Levers by name: headcount, design, demand and storms; and designs that keep their grids."""

import pytest
from conftest import everyone_at_once, two_tiers
from hypothesis import given, settings
from hypothesis import strategies as st

import gridsim as gs
from gridsim.scenario.wording import why_units

STREET = gs.load("mingming_road")


# --- headcount --------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(98, 2000))
def test_a_headcount_is_met_exactly_and_the_organisation_stays(headcount):
    there = STREET.vary({"headcount": headcount})
    assert there.headcount == headcount
    assert [(tier.units, tier.leader.count) for tier in there.tiers] == [
        (tier.units, tier.leader.count) for tier in STREET.tiers
    ]
    assert all(staff.people(tier.units) for tier in there.tiers for staff in tier.staff)


def test_the_own_headcount_changes_nothing():
    assert STREET.vary({"headcount": STREET.headcount}).digest == STREET.digest


def test_staff_keep_the_shares_of_their_roles():
    there = two_tiers().vary({"headcount": 16})
    assert [tier.staff[0].count for tier in there.tiers] == [10, 6]


def test_a_headcount_is_scaled_too():
    assert two_tiers().vary({"headcount": "-25%"}).headcount == 6


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (50, "at least 98 in mingming_road"),
        (0, "from 1 to"),
        ("many", "whole number"),
        (99.5, "whole number"),
        (True, "whole number"),
    ],
)
def test_a_headcount_that_cannot_be_is_refused(value, said):
    with pytest.raises(gs.ScenarioError, match=said):
        STREET.vary({"headcount": value})


def test_without_staff_there_is_nobody_to_share_out():
    with pytest.raises(gs.ScenarioError, match="has no staff to share out"):
        STREET.vary(
            {"tiers.*.leader.handles_below": 0.5, "tiers.*.staff.*.on_call": 0, "tiers.*.staff.*.count": 0}
        ).vary({"headcount": 100})


# --- designs as a value -----------------------------------------------------------------------------------------


def test_a_design_is_a_value_like_any_other_and_acts_last():
    there = STREET.vary({"headcount": 300, "design": "two_tier", "tiers.grid.solves": 0.7})
    assert there.digest == gs.design("two_tier", STREET.vary({"tiers.grid.solves": 0.7}), 300).digest


def test_headcount_and_design_are_swept():
    study = gs.sweep(
        everyone_at_once(),
        {"design": ["flat", "three_tier"], "headcount": range(20, 41, 10)},
        replications=1,
        workers=1,
        progress=False,
    )
    assert [(one["design"], one["headcount"]) for one in study.levers.values()] == [
        (design, people) for design in ("flat", "three_tier") for people in (20, 30, 40)
    ]  # fmt: skip
    assert [one.headcount for one in study.scenarios.values()] == [20, 30, 40] * 2


def test_a_wrong_design_is_said_with_the_nearest():
    with pytest.raises(gs.ScenarioError, match="did you mean flat"):
        STREET.vary({"design": "flatt"})


def test_levers_and_scales_are_explored():
    study = gs.explore(
        two_tiers(), {"headcount": [8, 16]}, {"problems.*.per_1000_residents_per_day": ("-20%", "+20%")}, points=2,
        replications=1, workers=1, progress=False,
    )  # fmt: skip
    rates = [one.problems[0].per_1000_residents_per_day for one in study.scenarios.values()]
    assert rates[0] == rates[1] != rates[2] == rates[3]
    assert all(0.8 * 96 <= rate <= 1.2 * 96 for rate in rates)


@pytest.mark.parametrize("ends", [("-20%", 2), ("+20%", "-20%"), "-20%", ("a", "b")])
def test_ends_that_are_no_range_are_refused(ends):
    with pytest.raises((gs.ScenarioError, gs.StudyError), match=r"both ends|lowest"):
        gs.explore(two_tiers(), uncertainties={"problems.*.per_1000_residents_per_day": ends}, points=2)


# --- grids that are kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["two_tier", "three_tier", "pooled_specialists", "hotline", "work_teams"])
def test_a_design_keeps_its_grids_and_a_leader_in_each(name):
    kept = gs.design(name, STREET, 300, keep_grids=True)
    assert gs.design(name, STREET, 300).tiers[0].units < 60
    assert (kept.tiers[0].units, kept.tiers[0].leader.count, kept.headcount) == (60, 1, 300)


def test_flat_is_one_unit_all_the_same():
    assert gs.design("flat", STREET, 300, keep_grids=True) == gs.design("flat", STREET, 300)


@pytest.mark.parametrize(
    ("name", "people", "said"), [("one_plus_ten", 300, "enough for 23"), ("two_tier", 100, "at least 122")]
)
def test_grids_that_cannot_be_kept_are_said(name, people, said):
    with pytest.raises(gs.ScenarioError, match=said):
        gs.design(name, STREET, people, keep_grids=True)


def test_grids_are_kept_only_by_a_design():
    with pytest.raises(gs.ScenarioError, match="keep_grids: is for a design"):
        STREET.vary({"keep_grids": True})


@pytest.mark.parametrize(
    ("keeps", "why"), [(False, "as many as its leaders (23)"), (True, "kept, as in mingming_road")]
)
def test_a_design_says_why_it_has_so_many_units(keeps, why):
    there = gs.design("three_tier", STREET, 300, keep_grids=keeps)
    assert why_units(there, "grid") == why
    assert why in there.describe()
    assert why_units(gs.loads(there.to_toml()), "grid") == why
    assert "Units of the design" not in STREET.describe()


# --- demand and storms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1.25, "x1.25", "+25%"])
def test_demand_is_scaled_by_name(factor):
    world = everyone_at_once()
    more = world.with_demand(factor)
    assert more == world.vary({"problems.*.per_1000_residents_per_day": "x1.25"})
    assert more.digest != world.digest


def test_demand_of_some_types_is_scaled_and_the_others_stay():
    world = everyone_at_once()
    more = world.with_demand(2, ["fire"])
    assert more.problems[0].per_1000_residents_per_day == 2 * world.problems[0].per_1000_residents_per_day
    assert more.problems[1:] == world.problems[1:]


def test_as_much_demand_as_now_is_the_same_scenario():
    assert everyone_at_once().with_demand(1) == everyone_at_once()


def test_a_storm_is_one_more_surge():
    world = everyone_at_once()
    storm = world.with_storm(day=10, days=7, factor=4, types=["fire"])
    assert storm.surges[:-1] == world.surges
    assert storm.surges[-1].model_dump() == {"start_day": 10.0, "days": 7.0, "factor": 4.0, "types": ("fire",)}
    assert storm.digest != world.digest


def test_a_storm_brings_more_problems_in_its_days_and_no_other():
    calm, storm = (gs.demand(one, seed=1).to_frame() for one in (two_tiers(), two_tiers().with_storm(60, 7, 4)))
    within = [frame.arises_at.between(60 * 24, 67 * 24).sum() for frame in (calm, storm)]
    before = [(frame.arises_at < 60 * 24).sum() for frame in (calm, storm)]
    assert within[1] == pytest.approx(4 * within[0], rel=0.2)
    assert before[0] == before[1]


@pytest.mark.parametrize("factor", [-1, "25%", "1.25", "abc", None, float("nan"), "-200%", True])
def test_wrong_demand_is_refused(factor):
    with pytest.raises(gs.ScenarioError, match="demand"):
        everyone_at_once().with_demand(factor)


@pytest.mark.parametrize(
    ("storm", "said"),
    [((200, 7, 4), "the run has the days 0 to 40"), ((-1, 7, 4), "the run has the days"), ((1, 0, 4), "greater than 0"),
     ((1, 7, -1), "greater than or equal to 0"), (("a", 7, 4), "day = 'a': must be a number"), ((1, None, 4), "days = None")],
)  # fmt: skip
def test_a_wrong_storm_is_refused(storm, said):
    with pytest.raises(gs.ScenarioError, match=said):
        everyone_at_once().with_storm(*storm)


def test_a_storm_of_a_type_that_is_not_there_says_the_nearest():
    with pytest.raises(gs.ScenarioError, match="did you mean fire"):
        everyone_at_once().with_storm(1, 2, 3, types=["fires"])
