"""Intervals and paired differences over replications."""

import numpy as np
import pytest
from scipy import stats

from gridsim.study.statistics import mean_interval, paired_difference


def test_the_interval_is_students():
    values = np.array([3.0, 4.5, 5.0, 7.5, 4.0])
    low, high = stats.t.interval(0.9, 4, loc=values.mean(), scale=stats.sem(values))
    assert mean_interval(values, 0.9) == pytest.approx((values.mean(), low, high))


def test_the_difference_is_paired():
    values, baseline = np.array([3.0, 4.5, 5.0, 7.5]), np.array([2.0, 4.0, 4.8, 6.0])
    test = stats.ttest_rel(values, baseline)
    low, high = test.confidence_interval(0.95)
    found = paired_difference(values, baseline)
    assert found == pytest.approx(((values - baseline).mean(), low, high, test.pvalue))


def test_equal_replications_differ_by_exactly_nothing():
    values = np.random.default_rng(1).random(7)
    assert paired_difference(values, values) == (0.0, 0.0, 0.0, 1.0)


def test_a_constant_difference_has_no_width():
    assert paired_difference([1.5, 2.5, 3.5], [1.0, 2.0, 3.0]) == (0.5, 0.5, 0.5, 0.0)


def test_a_constant_is_its_own_mean_exactly():
    assert mean_interval([0.1] * 3) == (0.1, 0.1, 0.1)


def test_one_replication_gives_no_interval():
    mean, low, high = mean_interval([2.0])
    assert mean == 2.0
    assert np.isnan([low, high, paired_difference([2.0], [1.0]).p]).all()


def test_what_has_no_value_is_left_out():
    assert mean_interval([1.0, np.nan, 3.0]).mean == 2.0
    assert np.isnan(mean_interval([np.nan]).mean)
    assert paired_difference([1.0, 5.0, np.nan], [1.0, np.nan, 2.0]).difference == 0.0


def test_nineteen_of_twenty_intervals_hold_the_mean():
    draws = np.random.default_rng(2).normal(3.0, 1.0, (4000, 6))
    found = [mean_interval(row) for row in draws]
    held = np.mean([one.low <= 3.0 <= one.high for one in found])
    assert held == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 4000))
