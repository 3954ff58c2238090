"""The Kaplan-Meier estimate against the textbook, worked out in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridsim.simulation.outcome.survival import kaplan_meier, share_within, survival_curve

SHARES = (0.5, 0.9, 0.95)
EXACT_SHARES = (Fraction(1, 2), Fraction(9, 10), Fraction(19, 20))


def textbook(hours, observed):
    """The curve as the product over distinct times of (1 - finished / at risk), events before censorings."""
    left, steps = Fraction(1), []
    for time in sorted(set(hours)):
        at_risk = sum(1 for hour in hours if hour >= time)
        finished = sum(1 for hour, done in zip(hours, observed, strict=True) if done and hour == time)
        left *= 1 - Fraction(finished, at_risk)
        steps.append((time, left, finished))
    return steps


def textbook_mean(hours, observed):
    area, before, left = Fraction(0), Fraction(0), Fraction(1)
    for time, after, _ in textbook(hours, observed):
        area += left * (Fraction(time) - before)
        before, left = Fraction(time), after
    return area


def textbook_quantile(hours, observed, share):
    steps = textbook(hours, observed)
    return next((time for time, left, finished in steps if finished and 1 - left >= share), None)


times = st.one_of(st.integers(0, 6).map(float), st.floats(0.0, 50.0, width=32))
samples = st.lists(st.tuples(times, st.booleans()), min_size=1, max_size=40)


@given(samples)
def test_mean_and_quantiles_are_those_of_the_textbook(sample):
    hours, observed = [hour for hour, _ in sample], [done for _, done in sample]
    found = kaplan_meier(np.array(hours), np.array(observed), SHARES)
    assert found.mean == pytest.approx(float(textbook_mean(hours, observed)), rel=1e-12, abs=1e-12)
    for value, share in zip(found.quantiles, EXACT_SHARES, strict=True):
        expected = textbook_quantile(hours, observed, share)
        assert np.isnan(value) if expected is None else value == expected


@given(samples)
def test_a_mean_is_restricted_when_the_curve_does_not_end(sample):
    hours, observed = [hour for hour, _ in sample], [done for _, done in sample]
    found = kaplan_meier(np.array(hours), np.array(observed))
    assert found.restricted == (textbook(hours, observed)[-1][1] > 0)


@given(samples)
def test_the_curve_is_that_of_the_textbook(sample):
    hours, observed = [hour for hour, _ in sample], [done for _, done in sample]
    found_times, shares = survival_curve(np.array(hours), np.array(observed))
    expected = [(time, float(1 - left)) for time, left, finished in textbook(hours, observed) if finished]
    assert found_times.tolist() == [0.0, *(time for time, _ in expected)]
    assert shares == pytest.approx([0.0, *(share for _, share in expected)], abs=1e-12)


def test_without_censoring_it_is_the_plain_mean_and_the_order_statistics():
    found = kaplan_meier(np.arange(10.0, 0.0, -1.0), np.ones(10, bool), (0.1, 0.5, 0.9, 1.0))
    assert found == (5.5, (1.0, 5.0, 9.0, 10.0), False)


def test_nothing_has_no_mean():
    found = kaplan_meier(np.empty(0), np.empty(0, bool), SHARES)
    assert len(found.quantiles) == len(SHARES)
    assert np.isnan([found.mean, *found.quantiles]).all()
    assert not found.restricted
    assert np.isnan(share_within(np.empty(0), np.empty(0, bool), 1.0))


def test_if_all_are_still_waiting_the_mean_is_the_longest_wait_and_restricted():
    found = kaplan_meier(np.array([1.0, 4.0]), np.zeros(2, bool), (0.5,))
    assert found.mean == 4.0
    assert found.restricted
    assert np.isnan(found.quantiles[0])


def test_many_times_with_few_censored_agree_with_the_curve():
    draws = np.random.default_rng(1)
    hours, limits = draws.exponential(1.0, 20_000), draws.exponential(20.0, 20_000)
    observed = hours <= limits
    hours = np.minimum(hours, limits)
    found = kaplan_meier(hours, observed, SHARES)
    curve_times, shares = survival_curve(hours, observed)
    assert found.quantiles == tuple(curve_times[np.argmax(shares >= share)] for share in SHARES)
    assert share_within(hours, observed, 2.0) == pytest.approx(1.0 - np.exp(-2.0), abs=0.015)


@pytest.mark.parametrize(
    ("limit", "share"), [(0, 0), (0.9, 0), (1, 0.25), (2, 0.25), (3, 0.625), (4, 0.625), (9, 0.625)]
)
def test_the_share_within_a_limit_steps_at_what_finishes(limit, share):
    """Of four, one finishes after 1, one is censored at 2, one of the two left finishes after 3, one is censored at 9."""
    hours, observed = np.array([1.0, 2.0, 3.0, 9.0]), np.array([True, False, True, False])
    assert share_within(hours, observed, limit) == pytest.approx(share)


def test_a_quantile_that_is_reached_to_a_hair_is_reached():
    """Ten stretches of 0.1 each add up to a hair less than a whole."""
    hours = np.arange(1.0, 11.0)
    found = kaplan_meier(np.append(hours, 0.5), np.append(np.ones(10, bool), False), (0.1, 0.3, 0.7, 1.0))
    assert found.quantiles == (1.0, 3.0, 7.0, 10.0)


def test_the_least_of_shares_is_reached_by_the_first_that_finishes():
    """Not by one that was censored before it; also where none is censored."""
    hours = np.array([0.5, 1.0, 2.0])
    for share in (0.0, 1e-9):
        assert kaplan_meier(hours, np.array([False, True, True]), (share,)).quantiles == (1.0,)
        assert kaplan_meier(hours, np.ones(3, bool), (share,)).quantiles == (0.5,)
