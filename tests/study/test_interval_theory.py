"""Intervals against the theory that they are made of: Wilson, Newcombe, Hall, and the p that belongs to them."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import brentq

from gridsim.study.comparing.intervals import difference_of
from gridsim.study.comparing.statistics import mean_interval, paired_difference, share_difference, share_interval

DRAWS = np.random.default_rng(11)
SKEWED = [DRAWS.lognormal(0.0, 1.0, size) for size in (3, 5, 8, 20)]


def wilson(closed, reported, confidence=0.95):
    found = stats.binomtest(closed, reported).proportion_ci(confidence, method="wilson")
    return found.low, found.high


@pytest.mark.parametrize(("closed", "reported"), [(450, 500), (1, 30), (250, 500)])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_a_share_that_is_alike_in_all_runs_has_wilsons_interval(closed, reported, confidence):
    found = share_interval([closed / reported] * 8, [reported] * 8, confidence)
    assert (found.low, found.high) == pytest.approx(wilson(8 * closed, 8 * reported, confidence))


def test_runs_of_unequal_size_count_as_many_problems_as_their_mean_varies_with():
    """Half of 10 and half of 1,000: the mean of both has variance p (1 - p) (1/10 + 1/1000) / 4, that of 39.6 problems."""
    count = 4.0 / (1 / 10 + 1 / 1000)
    found = share_interval([0.5, 0.5], [10, 1000])
    spare = stats.norm.ppf(0.975) ** 2 / count
    half = np.sqrt(spare * 0.25 + spare**2 / 4.0) / (1.0 + spare)
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))


def test_runs_that_differ_much_have_the_interval_of_runs():
    """Of a million problems each, only the runs are in doubt: Student's interval, as these are not skewed."""
    shares = np.array([0.3, 0.4, 0.5, 0.6, 0.7])
    low, high = stats.t.interval(0.95, 4, loc=0.5, scale=stats.sem(shares))
    found = share_interval(shares, [1_000_000] * 5)
    assert found.low == pytest.approx(low)
    assert found.high == pytest.approx(high)


def test_runs_that_differ_less_than_unrelated_problems_do_not_narrow_it():
    alike, nearly = share_interval([0.5] * 4, [100] * 4), share_interval([0.49, 0.51, 0.49, 0.51], [100] * 4)
    assert (nearly.low, nearly.high) == pytest.approx((alike.low, alike.high))


def test_a_share_stays_between_none_and_all():
    found = share_interval([0.0, 0.0, 0.0, 1.0], [3] * 4)
    assert (found.low, found.high) == (0.0, 1.0)


def test_a_run_without_a_problem_has_no_share():
    assert share_interval([0.5, np.nan, 0.7, 0.2], [10, 0, 20, 0]) == share_interval([0.5, 0.7], [10, 20])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_difference_alike_in_all_pairs_has_the_width_of_such_a_share(sign):
    """Three problems in a hundred more, in each of four pairs: Wilson's interval of 12 of 400."""
    found = share_difference([0.5 + sign * 0.03125] * 4, [0.5] * 4, [128] * 4)
    assert sorted(sign * end for end in (found.low, found.high)) == pytest.approx(wilson(16, 512))
    assert found.difference == sign * 0.03125


def test_shares_that_differ_in_no_pair_leave_open_what_two_unpaired_ones_do():
    """Newcombe's method 10 for 360 of 400 and 360 of 400."""
    runs = pd.DataFrame({"closure_rate": [0.9] * 4, "reported": [100] * 4})
    found, (low, high) = difference_of(runs, runs, "closure_rate"), wilson(360, 400)
    reach = np.hypot(0.9 - low, high - 0.9)
    assert (found.low, found.high) == pytest.approx((-reach, reach))


def halls(statistic, values):
    """Hall's cubic of Student's statistic, with the skewness that such few values do not show added."""
    count = len(values)
    skewness = stats.skew(values, bias=False) * (1.0 + 7.0 / count) / np.sqrt(count)
    return statistic + skewness * statistic**2 / 3.0 + skewness**2 * statistic**3 / 27.0 + skewness / 6.0


@pytest.mark.parametrize("confidence", [0.5, 0.95])
@pytest.mark.parametrize("values", SKEWED, ids=len)
def test_each_end_is_the_further_of_students_and_that_at_which_halls_statistic_is_refused(values, confidence):
    found, error = mean_interval(values, confidence), stats.sem(values)
    quantile = stats.t.ppf(0.5 + confidence / 2.0, len(values) - 1)
    below, above = (brentq(lambda t, q=q: halls(t, values) - q, -1e3, 1e3) for q in (quantile, -quantile))
    assert found.low == pytest.approx(found.mean - error * max(quantile, below))
    assert found.high == pytest.approx(found.mean + error * max(quantile, -above))


@pytest.mark.parametrize("values", SKEWED, ids=len)
def test_an_interval_moves_stretches_and_turns_with_its_values(values):
    one, other = mean_interval(values), mean_interval(5.0 - 3.0 * values)
    assert (other.mean, other.low, other.high) == pytest.approx(
        (5.0 - 3.0 * one.mean, 5.0 - 3.0 * one.high, 5.0 - 3.0 * one.low)
    )


def test_two_values_show_no_skewness():
    assert mean_interval([1.0, 4.0])[1:] == pytest.approx(stats.t.interval(0.95, 1, loc=2.5, scale=1.5))


@pytest.mark.parametrize("shift", [-0.8, -0.3, 0.0, 0.4, 0.9])
@pytest.mark.parametrize("values", SKEWED, ids=len)
def test_p_is_one_less_the_confidence_at_which_the_interval_reaches_zero(values, shift):
    pairs = values - values.mean() + shift
    at = lambda confidence: paired_difference(pairs, np.zeros(len(pairs)), confidence)  # noqa: E731
    sure = 1.0 - at(0.95).p
    assert at(sure + 1e-6).low <= 0.0 <= at(sure + 1e-6).high
    if sure > 0.0:  # else zero is in every interval
        assert not at(sure - 1e-6).low <= 0.0 <= at(sure - 1e-6).high
