"""Intervals of counts that are 0 in many runs."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from gridsim.study.comparing.counts import count_difference, count_interval
from gridsim.study.comparing.intervals import difference_of, interval_of
from gridsim.study.comparing.statistics import mean_interval, paired_difference

SQUARE = stats.norm.ppf(0.975) ** 2


def test_none_in_eight_runs_may_still_be_one_in_two_runs():
    """The score test does not refuse a mean m of a count that was 0 in n runs while n m <= z²."""
    assert count_interval([0.0] * 8) == pytest.approx((0.0, 0.0, SQUARE / 8))


def test_the_ends_are_where_the_score_test_just_refuses():
    """Unrelated events: (seen - m)² = z² m / n at both ends, where those of the mean of runs lie further in."""
    counts = [3.0, 5.0, 4.0, 4.0, 3.0, 5.0]  # hardly differ, so that only the count is in doubt
    found = count_interval(counts)
    for end in (found.low, found.high):
        assert (found.mean - end) ** 2 == pytest.approx(SQUARE * end / len(counts))


def test_where_runs_differ_more_the_score_is_students():
    """Variance 4/3 over mean 1 in four runs: (seen - m)² = t² (4/3) m / n at the upper end."""
    found = count_interval([0.0, 0.0, 2.0, 2.0])
    assert (found.mean - found.high) ** 2 == pytest.approx(stats.t.ppf(0.975, 3) ** 2 * (4 / 3) * found.high / 4)


def test_two_runs_have_such_an_interval_too():
    assert count_interval([0.0, 0.0]).high == pytest.approx(SQUARE / 2)
    assert count_difference([5.0, 5.0], [5.0, 5.0]).high == pytest.approx(SQUARE / 2)


def test_runs_that_differ_more_than_unrelated_events_have_a_wider_interval():
    alike, unlike = count_interval([4.0, 4.0, 4.0, 4.0]), count_interval([0.0, 8.0, 0.0, 8.0])
    assert alike.mean == unlike.mean
    assert unlike.low < alike.low < alike.high < unlike.high


def test_an_end_of_the_mean_of_runs_that_lies_further_out_is_taken():
    counts = [0.0, 0.0, 1.0, 40.0, 0.0, 2.0, 0.0, 9.0]
    assert count_interval(counts).high >= mean_interval(counts).high
    assert count_interval(counts).low <= mean_interval(counts).low


@pytest.mark.parametrize("mean", [0.2, 1.0, 5.0])
def test_nineteen_of_twenty_intervals_of_a_count_hold_its_mean(mean):
    draws = np.random.default_rng(6).poisson(mean, (1500, 8))
    held = np.mean([one.low <= mean <= one.high for one in map(count_interval, draws)])
    assert held > 0.95 - 4.0 * np.sqrt(0.95 * 0.05 / 1500)


def test_a_difference_that_few_pairs_show_is_held_as_well():
    """One pair in ten has one problem less: Student's interval has no width in 43 of 100 studies."""
    draws = -(np.random.default_rng(7).random((1500, 8)) < 0.1).astype(float)
    found = [count_difference(row, np.zeros(8)) for row in draws]
    assert np.mean([one.low <= -0.1 <= one.high for one in found]) > 0.95
    students = [paired_difference(row, np.zeros(8)) for row in draws]
    assert np.mean([one.low <= -0.1 <= one.high for one in students]) < 0.6


def test_pairs_that_do_not_differ_leave_a_difference_open_to_both_sides():
    """Neither more nor fewer were seen: each may be z² / n, on its own side."""
    assert count_difference([7.0] * 8, [7.0] * 8) == pytest.approx((0.0, -SQUARE / 8, SQUARE / 8, 1.0))


def test_what_more_and_fewer_leave_open_adds_up_in_squares():
    """Two more in each of four pairs: down as far as the count of twos, and as none fewer leaves open."""
    twos = count_interval([2.0] * 4)
    found = count_difference([3.0] * 4, [1.0] * 4)
    assert found.low == pytest.approx(2.0 - np.hypot(2.0 - twos.low, SQUARE / 4))
    assert found.high == pytest.approx(twos.high)
    turned = count_difference([1.0] * 4, [3.0] * 4)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


def test_the_other_way_round_the_difference_is_turned():
    values, baseline = [4.0, 0.0, 2.0, 2.0, 9.0], [1.0, 1.0, 2.0, 5.0, 0.0]
    one, other = count_difference(values, baseline), count_difference(baseline, values)
    assert (one.difference, one.low, one.high, one.p) == pytest.approx(
        (-other.difference, -other.high, -other.low, other.p)
    )


def test_what_has_no_value_is_left_out_and_one_run_gives_no_interval():
    assert count_interval([1.0, np.nan, 3.0]) == count_interval([1.0, 3.0])
    assert count_difference([1.0, np.nan, 3.0], [0.0, 1.0, 4.0]) == count_difference([1.0, 3.0], [0.0, 4.0])
    one = count_interval([2.0, np.nan])
    assert one.mean == 2.0
    assert np.isnan([one.low, one.high, count_difference([2.0], [1.0]).low]).all()


def test_what_is_open_at_the_end_is_such_a_count_and_what_was_reported_is_not():
    runs = pd.DataFrame({"backlog_end": [0.0] * 4, "open": [0.0] * 4, "reported": [500.0] * 4})
    for measure in ("backlog_end", "open"):
        assert interval_of(runs, measure) == count_interval([0.0] * 4)
        assert difference_of(runs, runs, measure) == count_difference([0.0] * 4, [0.0] * 4)
    assert interval_of(runs, "reported") == (500.0, 500.0, 500.0)
    assert difference_of(runs, runs, "reported") == (0.0, 0.0, 0.0, 1.0)
