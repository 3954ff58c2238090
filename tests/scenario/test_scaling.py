"""x1.25, +25 % and -10 % scale what stands there; a star that flattens different values says so."""

import pytest
from conftest import everyone_at_once, one_desk, two_tiers
from hypothesis import given
from hypothesis import strategies as st

import gridsim as gs
from gridsim.scenario.scaling import scale_of, scaled, spread

RATES = "problems.*.per_1000_residents_per_day"


def rates(scenario):
    return [problem.per_1000_residents_per_day for problem in scenario.problems]


@pytest.mark.parametrize("written", ["x1.25", "+25%", " X1.25 ", "+ 25 %", "×1.25"])
def test_every_way_to_write_a_scale_multiplies_each_value(written):
    world = everyone_at_once()
    assert rates(world.vary({RATES: written})) == pytest.approx([1.25 * rate for rate in rates(world)], rel=1e-12)


def test_a_scale_down_takes_away_its_share():
    assert one_desk().vary({"problems.matter.work_hours.mean": "-10%"}).problems[0].work_hours.mean == 0.9


def test_scaling_is_decimal():
    assert one_desk().vary({"tiers.desk.solves": 0.1}).vary({"tiers.desk.solves": "x3"}).tiers[0].solves == 0.3


def test_a_scale_by_one_gives_the_same_scenario():
    assert everyone_at_once().vary({RATES: "x1", "tiers.*.staff.*.count": "+0%"}) == everyone_at_once()


def test_what_is_absent_is_scaled_from_what_absent_means():
    assert one_desk().vary({"tiers.desk.staff.clerk.pace": "x1.1"}).tiers[0].staff[0].pace == 1.1


def test_a_duration_scales_by_its_mean_and_keeps_its_spread():
    work = one_desk().vary({"problems.matter.work_hours": "x2"}).problems[0].work_hours
    assert (work.mean, work.cv) == (2.0, 1.0)


def test_a_table_by_tier_is_scaled_number_by_number():
    world = two_tiers().vary({"escalation.after_hours": {"bottom": 8, "top": 24}})
    assert world.vary({"escalation.after_hours": "x0.5"}).escalation.after_hours == {"bottom": 4.0, "top": 12.0}
    assert world.vary({"escalation.after_hours.top": "x0.5"}).escalation.after_hours == {"bottom": 8.0, "top": 12.0}


def test_a_star_passes_over_what_has_no_value():
    world = everyone_at_once()
    there = world.vary({"problems.*.limit_hours": "x2"})
    for before, now in zip(world.problems, there.problems, strict=True):
        assert now.limit_hours == (None if before.limit_hours is None else 2 * before.limit_hours)


def test_changes_are_made_in_order_also_where_two_scale():
    assert one_desk().vary({RATES: "x2", "problems.matter.per_1000_residents_per_day": "x0.5"}) == one_desk()


# --- whole numbers ----------------------------------------------------------------------------------------------


def test_people_are_scaled_as_their_total_and_spread_evenly():
    counts = gs.load("mingming_road").vary({"tiers.grid.staff.*.count": "+25%"}).tiers[0].staff[0].count
    assert sum(counts) == 75
    assert [sum(counts[k : k + 4]) for k in range(0, 60, 4)] == [5] * 15


@pytest.mark.parametrize(
    ("count", "written", "is_then"), [(5, "x1.1", 6), (5, "-10%", 5), (4, "x1.1", 4), (3, "x0.1", 1), (3, "x0", 0)]
)
def test_whole_numbers_are_rounded_halves_up_and_one_stays(count, written, is_then):
    assert scaled(count, scale_of(written), int, 1) == is_then


def test_rounding_that_changes_nothing_is_refused():
    with pytest.raises(gs.ScenarioError, match=r"tiers\.desk\.staff\.clerk\.count = x1\.2: leaves everything as it is"):
        one_desk().vary({"tiers.desk.staff.clerk.count": "x1.2"})


def test_whoever_is_left_is_on_call_no_more_often_than_there_are_people():
    world = one_desk().vary({"tiers.desk.staff.clerk.count": 4, "tiers.desk.staff.clerk.on_call": 3})
    assert world.vary({"tiers.desk.staff.clerk.count": "x0.5"}).tiers[0].staff[0].on_call == 2


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40).filter(any), st.integers(0, 400))
def test_people_are_spread_without_losing_one_and_to_no_empty_unit(weights, total):
    shares = spread(weights, total)
    assert sum(shares) == total
    assert all(abs(share - weight * total / sum(weights)) <= 1 for share, weight in zip(shares, weights, strict=True))
    assert not any(share for share, weight in zip(shares, weights, strict=True) if weight == 0)


# --- in a switch ------------------------------------------------------------------------------------------------


def test_a_switch_scales_what_stood_there_before():
    world = two_tiers().vary(
        {"switch": {"day": 50.0, "to": {"tiers.*.staff.*.count": "+100%", "tiers.bottom.solves": "x0.5"}}}
    )
    assert [tier.staff[0].count for tier in world.after_switch.tiers] == [10, 6]
    assert world.after_switch.tiers[0].solves == 0.4


def test_a_switch_is_checked_for_scales_that_cannot_be():
    with pytest.raises(gs.ScenarioError, match=r"switch\.to: tiers\.\*\.staff\.\*\.count = x1\.01: leaves everything"):
        two_tiers().vary({"switch": {"day": 50.0, "to": {"tiers.*.staff.*.count": "x1.01"}}})


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (RATES, "25%", "x1.25 or .25% scales"),
        (RATES, "x1,25", "x1.25 or .25% scales"),
        (RATES, "x-2", "x1.25 or .25% scales"),
        (RATES, "-200%", "allowed is from -100%"),
        (RATES, "x1000001", "allowed is from -100%"),
        ("escalation.after_hours", "x2", "no number stands there to scale"),
        ("tiers.desk.staff.*.solves", "x0.9", "no number stands there to scale"),
        ("problems.*.rework", "x2", "leaves everything as it is"),
        ("problems.*.profile", "x2", "no number stands there to scale"),
        ("tiers.desk.solves", "x1.5", "less than or equal to 1"),
        ("problems.*.nothing", "x2", "there is no such key"),
        ("run.daze", "+25%", "did you mean run.days"),
    ],
)
def test_what_cannot_be_scaled_is_said_with_its_key(path, value, said):
    with pytest.raises(gs.ScenarioError, match=said) as error:
        one_desk().vary({path: value})
    assert path.replace("*", "") in str(error.value).replace("*", "") or path.split(".")[-1] in str(error.value)


def test_text_stays_text():
    assert one_desk().vary({"description": "x2"}).description == "x2"
    assert scale_of("x") is None
    assert scale_of(2) is None


# --- what a star flattens ---------------------------------------------------------------------------------------


def test_a_star_that_flattens_different_values_says_how_many():
    flat = gs.load("mingming_road").vary({RATES: 0.5})
    assert flat.notes == (f"{RATES}: one value replaces 17 different ones. To keep them apart, write x1.25 or +25%.",)


def test_the_sentence_reaches_results_and_comparisons_once():
    flat = everyone_at_once().vary({RATES: 0.5, "run.days": 6.0})
    assert [note for note in gs.simulate(flat).warnings if "different ones" in note] == list(flat.notes)
    study = gs.sweep(everyone_at_once(), {RATES: [0.4, 0.5]}, replications=1, workers=1, progress=False)
    assert sum("different ones" in note for note in study.warnings) == 1


def test_a_star_over_equal_values_a_scale_and_a_removal_flatten_nothing():
    world = everyone_at_once()
    same = world.vary({"problems.*.incident_work": 2.0})
    for change in ({"problems.*.incident_work": 1.5}, {RATES: "x1.25"}, {"problems.*.limit_hours": None}):
        assert same.noted([]).vary(change).notes == same.notes


def test_a_switch_that_flattens_says_so():
    world = two_tiers().vary({"switch": {"day": 50.0, "to": {"tiers.*.staff.*.count": 3}}})
    assert "replaces 2 different ones" in world.notes[0]


def test_notes_are_no_part_of_a_scenario_and_go_along_with_changes():
    flat = everyone_at_once().vary({RATES: 0.5})
    assert gs.loads(flat.to_toml()) == flat
    assert gs.loads(flat.to_toml()).digest == flat.digest
    assert flat.vary({"run.days": 30.0}).notes == flat.notes
    assert gs.design("flat", flat).notes == flat.notes
