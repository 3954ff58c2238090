"""Measures have names and units that a planner reads, and numbers no more digits than they have meaning."""

import math

import pytest

from gridsim.view.names import label, number, shown, with_interval


def test_every_measure_of_a_run_has_a_label_of_its_own(run):
    labels = [label(name) for name in run.measures.index]
    assert len(set(labels)) == len(labels)
    assert not any("_" in words for words in labels)


def test_every_rate_of_a_run_is_shown_in_percent(run):
    for name in run.measures.index:
        if name.endswith("_rate") or name.startswith(("closed_at.", "utilisation.", "within_", "offered_load.")):
            assert shown(name).unit == "%"


@pytest.mark.parametrize(("largest", "unit"), [(0.5, "min"), (1.0, "h"), (math.nan, "h")])
def test_times_below_one_hour_are_shown_in_minutes(largest, unit):
    assert shown("response_hours_mean", largest).unit == unit


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12.0, "12"), (12.345, "12.3"), (99.99, "99.99"), (0.1234, "0.123"), (1234.5, "1,234"),
     (math.nan, "–"), (math.inf, "∞"), (100.0, "100")],
)  # fmt: skip
def test_numbers_have_three_digits_and_never_round_up_to_all(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "spread", "text"),
    [
        (12.345, 0.31, "12.3 ±0.3"),
        (12.345, 0.13, "12.35 ±0.13"),
        (123.4, 25.0, "123 ±25"),
        (5.0, math.nan, "5"),
        (99.9999, 0.0, "99.9999"),
    ],
)
def test_an_interval_stops_at_its_first_digit_or_the_second_after_a_one(value, spread, text):
    assert with_interval(value, value - spread, value + spread) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (12.0, 11.0, 13.4, "12.0 ±1.2"),
        (12.0, 11.0, 14.0, "12.0 (11.0 to 14.0)"),
        (52.0, 0.0, 112.0, "52 (0 to 112)"),
        (98.0, 95.8, 100.0, "98 (96 to 100)"),
        (0.0, 0.0, 1.4, "0.0 (0.0 to 1.4)"),
    ],
)
def test_an_interval_that_is_cut_or_lopsided_is_written_by_its_two_ends(value, low, high, text):
    assert with_interval(value, low, high) == text


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.0, 0.0, 0.0, "0"),
        (1.25, 0.94, 1.56, "+1.2 ±0.3"),
        (-1.27, -1.58, -0.96, "−1.3 ±0.3"),
        (-0.01, -1.81, 1.79, "0.0 ±1.8"),
        (-1.3, -4.0, 0.2, "−1.3 (−4.0 to +0.2)"),
        (0.3, -0.1, 1.5, "+0.3 (−0.1 to +1.5)"),
        (0.0, -0.02, 0.3, "0.00 (−0.02 to +0.30)"),
        (math.nan, math.nan, math.nan, "–"),
    ],
)
def test_a_difference_has_a_sign_unless_there_is_none_and_its_ends_where_it_is_lopsided(value, low, high, text):
    assert with_interval(value, low, high, signs=True) == text
