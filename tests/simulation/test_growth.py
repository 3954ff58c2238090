"""The backlog is said to grow without end only where it was seen to: not after a storm, not for long work a week."""

import numpy as np
import pytest
from conftest import one_desk, two_tiers

import gridsim as gs
from gridsim.simulation.outcome.growth import _steady_rise, steady_stretch

RATE, COUNT = "problems.matter.per_1000_residents_per_day", "tiers.desk.staff.clerk.count"
LONG_WORK = one_desk(
    {"tiers.desk.hours": "office", RATE: 1.0 / 7.0, "problems.matter.work_hours": {"mean": 40.0}, "run.days": 364.0}
)


def storm(start, days=3.0, factor=15.0):
    """A calm desk (load 0.6) and one storm, after which it needs weeks to recover."""
    surge = {"start_day": start, "days": days, "factor": factor, "types": ["*"]}
    return one_desk({RATE: 14.4, "run.days": 30.0, "surges": [surge]})


def without_end(result):
    return any("without end" in note for note in result.warnings)


@pytest.mark.parametrize("days", [364.0, 3640.0])
@pytest.mark.parametrize("many", [1, 20])
def test_work_longer_than_a_shift_is_finished_after_hours(days, many):
    """One job of forty hours a week and a person of thirty-five: load above 1, yet nothing piles up."""
    desk = LONG_WORK.vary({"run.days": days, COUNT: many, RATE: many / 7.0})
    result = gs.simulate(desk, 1)
    assert result.measures["offered_load.desk"] > 1.0
    assert result.measures["backlog_growth"] == 0.0
    assert not any("grow" in note for note in result.warnings)


def test_the_trial_has_a_backlog_of_less_than_half_a_problem():
    """Ten years of it."""
    assert gs.simulate(LONG_WORK.vary({"run.days": 3640.0}), 1).measures["backlog_mean"] == pytest.approx(
        0.43, abs=0.05
    )


@pytest.mark.parametrize("start", [2.0, 10.0, 15.0, 20.0, 24.0, 26.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_passes_though_it_brings_more_than_people_can_do(start, seed):
    result = gs.simulate(storm(start), seed)
    assert result.measures["offered_load.desk"] > 1.0
    assert not any("grow" in note for note in result.warnings)


@pytest.mark.parametrize("days", [5.0, 30.0, 100.0])
@pytest.mark.parametrize("load", [1.5, 3.0])
def test_more_work_than_people_can_do_is_seen_to_pile_up(days, load):
    """By about what arrives beyond what can be done, a day; said in most runs, and for a study in half of them."""
    seeds = range(6)
    runs = [gs.simulate(one_desk({RATE: 24.0 * load, "run.days": days}), seed) for seed in seeds]
    assert sum(without_end(run) for run in runs) >= 5
    seen = [run.measures["backlog_growth"] for run in runs if without_end(run)]
    assert np.mean(seen) == pytest.approx(24.0 * (load - 1.0), rel=0.25)


def test_a_storm_over_real_overload_does_not_hide_it():
    """The stretch without a storm is looked at."""
    assert without_end(gs.simulate(storm(2.0).vary({RATE: 48.0}), 1))


def test_a_policy_that_can_cope_ends_the_growth():
    """Only what follows the switch counts."""
    short = one_desk({RATE: 36.0, "run.days": 60.0})
    helped = short.vary({"switch": {"day": 20, "to": {COUNT: 4}}})
    assert without_end(gs.simulate(short, 1))
    assert not without_end(gs.simulate(helped, 1))


def test_the_steady_stretch_is_the_longest_between_surges():
    surges = [{"start_day": start, "days": 2.0, "factor": 3.0, "types": ["*"]} for start in (10.0, 40.0)]
    outcome = gs.simulate(two_tiers({"run.days": 60.0, "surges": surges}), 1).outcome
    assert steady_stretch(outcome) == (12.0 * 24.0, 40.0 * 24.0)


def test_one_jump_is_no_growth():
    """A steady rise is; so is one with a rest in it, not at its end."""
    assert _steady_rise(np.arange(12.0))
    assert _steady_rise(np.repeat([0.0, 1.0, 2.0, 1.9, 3.0, 4.0], 2))
    assert not _steady_rise(np.repeat([0.0, 0.1, 0.2, 0.3, 9.0, 9.1], 2))
    assert not _steady_rise(np.repeat([0.0, 1.0, 2.0, 3.0, 4.0, 3.9], 2))


def test_a_study_says_the_same_as_its_runs():
    flooded = one_desk({RATE: 72.0, "run.days": 20.0})
    study = gs.compare({"calm": one_desk({"run.days": 20.0}), "flooded": flooded}, 3, workers=1, progress=False)
    said = [note for note in study.warnings if "without end" in note]
    assert len(said) == 1
    assert "in flooded." in said[0]
    assert said[0] in repr(study)
