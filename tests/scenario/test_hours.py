"""Hours on duty: windows of a cycle, and a duty clock that counts only them."""

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from gridsim.scenario.hours import ALWAYS, OFFICE, Hours, as_hours
from gridsim.simulation.instants import in_hours, of_hours
from gridsim.simulation.rules import clock_ends

MONDAY = datetime(2026, 1, 5)
SERVICE_DAY = Hours(windows=((9.0, 12.0),), days=(14,), cycle_days=30)


def ends(begin, hours, on_duty=OFFICE):
    """When a duty clock that starts at a time has counted so many hours."""
    start = (datetime.fromisoformat(begin) - MONDAY) / timedelta(hours=1)
    windows = (of_hours(hours).tolist() for hours in on_duty.windows_in_cycle())
    begin, duration, horizon = of_hours([start, hours, 10000.0]).tolist()
    end = in_hours(clock_ends(begin, duration, *windows, horizon))
    return (MONDAY + timedelta(hours=float(end))).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("begin", "hours", "end"),
    [
        ("2026-01-05 11:00", 2.0, "2026-01-05 15:00"),
        ("2026-01-05 16:30", 4.0, "2026-01-06 11:30"),
        ("2026-01-09 16:30", 4.0, "2026-01-12 11:30"),
        ("2026-01-10 10:00", 2.0, "2026-01-12 10:30"),
        ("2026-01-09 17:30", 7.0, "2026-01-12 17:30"),
    ],
)
def test_a_duty_clock_counts_office_hours_only(begin, hours, end):
    assert ends(begin, hours) == end


def test_a_calendar_clock_counts_every_hour():
    assert ends("2026-01-09 17:30", 7.0, ALWAYS) == "2026-01-10 00:30"


def test_a_duty_clock_waits_for_the_service_day_of_the_next_cycle():
    assert ends("2026-01-05 00:00", 4.0, SERVICE_DAY) == "2026-02-18 10:00"


def test_the_share_of_office_hours_is_seven_hours_on_five_days():
    assert as_hours("office").share == pytest.approx(35 / 168)


def test_windows_that_touch_are_one():
    starts, ends, cycle = Hours(windows=((0.0, 12.0), (12.0, 24.0)), days=(0, 1)).windows_in_cycle()
    assert (starts, ends, cycle) == ([0.0], [48.0], 168.0)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"windows": ()}, "windows"),
        ({"windows": ((22.0, 6.0),)}, "none over midnight"),
        ({"windows": ((8.0, 25.0),)}, "<= 24"),
        ({"windows": ((8.0, 8.0),)}, "start < end"),
        ({"windows": ((8.0, 12.0), (11.0, 14.0))}, "must not overlap"),
        ({"windows": ((8.0, 12.0),), "days": (7,)}, "cycle_days - 1 = 6"),
        ({"windows": ((8.0, 12.0),), "days": (1, 1)}, "must not repeat"),
        ({"windows": ((8.0, 12.0),), "days": ()}, "days"),
        ({"windows": ((8.0, 12.0),), "days": (0,), "cycle_days": 0}, "cycle_days"),
        ({"windows": ((8.0, float("nan")),)}, "finite"),
    ],
)
def test_hours_that_cannot_be_are_refused(wrong, told):
    with pytest.raises(ValidationError, match=told):
        Hours(**wrong)
