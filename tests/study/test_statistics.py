"""Intervals and paired differences over replications."""

import numpy as np
import pytest
from scipy import stats

from gridsim.study.comparing.intervals import difference_of, interval_of
from gridsim.study.comparing.statistics import mean_interval, paired_difference, share_interval


def test_the_interval_is_students():
    values = np.array([3.0, 4.0, 5.0, 6.0, 7.0])  # not skewed
    low, high = stats.t.interval(0.9, 4, loc=values.mean(), scale=stats.sem(values))
    assert mean_interval(values, 0.9) == pytest.approx((values.mean(), low, high))


def test_the_difference_is_paired():
    values = np.array([3.0, 4.5, 5.0, 7.5])
    baseline = values - np.array([1.0, 2.0, 3.0, 4.0])  # differences that are not skewed
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
    assert 0.95 - 4 * np.sqrt(0.95 * 0.05 / 4000) < held < 0.985  # each end is the further of two


def test_holm_corrects_for_the_number_of_comparisons():
    """The worked example: 0.01, 0.04, 0.03 of three; nan is not counted."""
    from gridsim.study.comparing.statistics import holm

    assert holm([0.01, 0.04, np.nan, 0.03]) == pytest.approx([0.03, 0.06, np.nan, 0.06], nan_ok=True)


def test_the_variance_ratio_is_what_common_random_numbers_save():
    """Correlation 0.75 saves three quarters of the replications; no difference at all, everything."""
    from gridsim.study.comparing.statistics import variance_ratio

    generator = np.random.default_rng(5)
    common, own = generator.normal(size=20000), generator.normal(size=(2, 20000))
    a, b = np.sqrt(0.75) * common + 0.5 * own
    assert variance_ratio(a, b) == pytest.approx(4.0, rel=0.05)
    assert variance_ratio(a, a) == np.inf


@pytest.mark.slow
def test_intervals_of_an_m_m_1_cover_what_theory_says():
    """Mean response, share closed within a limit and a paired difference, 20 replications each, 1,000 times: 93 to 98.5 %."""
    from math import exp

    import gridsim as gs
    from gridsim.study.comparing.statistics import mean_interval, paired_difference

    text = """
    name = "desk"
    [run]
    days = 60.0
    warm_up_days = 10
    follow_up_days = 2
    [territory]
    cells = 1
    cell_km = 1.0
    residents_per_cell = 1000
    [[problems]]
    type = "any"
    skills = ["any"]
    per_1000_residents_per_day = 12.0
    work_hours = { mean = 1.0, cv = 1.0 }
    limit_hours = 4
    [[tiers]]
    name = "desk"
    units = 1
    [[tiers.staff]]
    role = "member"
    skills = ["any"]
    count = 1
    """
    one = gs.loads(text)
    two = one.vary({"tiers.desk.staff.member.pace": 0.5})
    response = [pace * load / (1 - load) for pace, load in ((1.0, 0.5), (0.5, 0.25))]
    in_time = 1 - exp(-(1.0 - 0.5) * 4)
    hits, trials, size = np.zeros(3), 1000, 20
    for trial in range(trials):
        runs = [[gs.simulate(s, trial * size + k).measures for k in range(size)] for s in (one, two)]
        times = [[m["response_hours_mean"] for m in group] for group in runs]
        shares = [m["on_time_rate"] for m in runs[0]]
        found = (mean_interval(times[0]), mean_interval(shares), paired_difference(times[1], times[0]))
        truths = (response[0], in_time, response[1] - response[0])
        hits += [interval.low <= truth <= interval.high for interval, truth in zip(found, truths, strict=True)]
    assert ((hits / trials >= 0.93) & (hits / trials <= 0.985)).all(), hits / trials  # each end is the further of two


def test_the_interval_of_a_skewed_mean_reaches_further_to_the_long_side():
    """And covers more often than Student's: runs of eight, each rare and long."""
    generator = np.random.default_rng(3)
    sample = generator.lognormal(0.0, 1.0, 8)
    found = mean_interval(sample)
    assert found.high - found.mean > found.mean - found.low
    held, students = 0, 0
    for values in generator.lognormal(0.0, 1.0, (2000, 8)):
        one = mean_interval(values)
        low, high = stats.t.interval(0.95, 7, loc=values.mean(), scale=stats.sem(values))
        held += one.low <= np.exp(0.5) <= one.high
        students += low <= np.exp(0.5) <= high
    assert held > students
    assert held / 2000 > 0.88


def test_a_share_of_all_or_none_has_an_interval_with_a_width():
    """None in 8 times 1,000: Wilson's bound, 3.84 / 8,003.84."""
    found = share_interval([0.0] * 8, [1000] * 8)
    assert (found.mean, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(1.959964**2 / (8000 + 1.959964**2), rel=1e-6)
    full = share_interval([1.0] * 8, [1000] * 8)
    assert (full.low, full.high) == pytest.approx((1.0 - found.high, 1.0))


def test_nineteen_of_twenty_intervals_of_a_share_hold_it_also_where_runs_differ():
    """Independent problems, and runs whose chance varies (a design effect of several)."""
    generator = np.random.default_rng(4)
    for spread in (0.0, 0.02):
        held = 0
        for _ in range(1500):
            chance = np.clip(0.96 + spread * (generator.random(8) - 0.5), 0.0, 1.0)
            one = share_interval(generator.binomial(500, chance) / 500, [500] * 8)
            held += one.low <= 0.96 <= one.high
        assert 0.92 < held / 1500 < 0.99


def test_shares_that_never_differ_between_different_scenarios_have_a_difference_with_a_width():
    import pandas as pd

    runs = pd.DataFrame({"closure_rate": [1.0] * 4, "reported": [500] * 4})
    found = difference_of(runs, runs, "closure_rate")
    assert found.difference == 0.0
    assert found.low < 0.0 < found.high
    assert interval_of(runs, "closure_rate").low < 1.0
    assert interval_of(runs, "reported") == (500.0, 500.0, 500.0)
