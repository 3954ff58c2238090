"""Hours on duty: windows [start, end) of the days of a cycle."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .values import Number, Whole, key

HOURS_OF_DAY = 24.0
HOURS_OF_WEEK = 168.0
WORKING_WEEK = 40.0  # hours that one person works in a week: China's and Germany's usual week


class Hours(BaseModel):
    """Windows of hours on some days of a cycle.

    Parameters
    ----------
    windows
        Pairs [start, end) in hours of the day, none over midnight.
    days
        Days of the cycle, from 0; day 0 is a Monday where the cycle has seven days.
    cycle_days
        Length of the cycle in days.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    windows: Annotated[tuple[tuple[Number, Number], ...], key("pairs [start, end] in hours of the day", "hours")] = (
        Field(min_length=1)
    )
    days: Annotated[tuple[Whole, ...], key("days of the cycle on duty; 0 is a Monday", "days")] = Field(
        default=(0, 1, 2, 3, 4, 5, 6), min_length=1
    )
    cycle_days: Annotated[Whole, key("length of the cycle", "days")] = Field(default=7, ge=1, le=366)

    @model_validator(mode="after")
    def _check(self) -> Hours:
        for start, end in self.windows:
            if not 0.0 <= start < end <= HOURS_OF_DAY:
                raise ValueError(f"window [{start}, {end}] must have 0 <= start < end <= 24 (none over midnight)")
        ordered = sorted(self.windows)
        if any(a[1] > b[0] for a, b in zip(ordered[:-1], ordered[1:], strict=True)):
            raise ValueError("windows must not overlap")
        if any(not 0 <= day < self.cycle_days for day in self.days):
            raise ValueError(f"days must be from 0 to cycle_days - 1 = {self.cycle_days - 1}")
        if len(set(self.days)) < len(self.days):
            raise ValueError("days must not repeat")
        return self

    def windows_in_cycle(self) -> tuple[list[float], list[float], float]:
        """Give starts and ends in hours of the cycle, merged where they touch, and the cycle in hours."""
        merged: list[list[float]] = []
        for day in sorted(self.days):
            for start, end in sorted(self.windows):
                first, last = day * HOURS_OF_DAY + start, day * HOURS_OF_DAY + end
                if merged and merged[-1][1] == first:
                    merged[-1][1] = last
                else:
                    merged.append([first, last])
        return [w[0] for w in merged], [w[1] for w in merged], self.cycle_days * HOURS_OF_DAY

    @property
    def share(self) -> float:
        """Share of all time that is inside the windows."""
        starts, ends, cycle = self.windows_in_cycle()
        return (sum(ends) - sum(starts)) / cycle


ALWAYS = Hours(windows=((0.0, 24.0),), days=(0,), cycle_days=1)
OFFICE = Hours(windows=((8.5, 12.0), (14.0, 17.5)), days=(0, 1, 2, 3, 4))
TWO_SHIFTS = Hours(windows=((6.0, 22.0),))
NAMED = {"always": ALWAYS, "office": OFFICE, "two_shifts": TWO_SHIFTS, "round_the_clock": ALWAYS}
HoursName = Literal["always", "office", "two_shifts", "round_the_clock"]


def as_hours(value: object) -> Hours:
    """Give the hours that a scenario names ("office", "two_shifts", ...) or spells out."""
    return value if isinstance(value, Hours) else _named(str(value))


@lru_cache(maxsize=8)
def _named(name: str) -> Hours:
    return ALWAYS if name == "calendar" else NAMED[name]  # the clock of a limit that counts every hour


def week_hours(hours: object) -> float:
    """Hours on duty in a mean week.

    Parameters
    ----------
    hours
        A name or windows.
    """
    return HOURS_OF_WEEK * as_hours(hours).share


def people_on_roster(on_duty: int, hours: object, working_week: float = WORKING_WEEK) -> int:
    """People whom a rotating roster needs so that so many are on duty throughout the hours.

    Parameters
    ----------
    on_duty
        People on duty at once.
    hours
        Hours that they cover: a name or windows.
    working_week
        Hours that one person works in a week; leave and illness come on top.
    """
    return max(on_duty, math.ceil(on_duty * week_hours(hours) / working_week - 1e-9))


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def hours_in_words(hours: object) -> str:
    """Say hours as a roster shows them: "08:30-12:00, 14:00-17:30 Mon-Fri".

    Parameters
    ----------
    hours
        A name or windows.
    """
    given = as_hours(hours)
    if given.share == 1.0:
        return "at all hours"
    windows = ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in sorted(given.windows))
    return f"{windows} {_days(sorted(given.days), given.cycle_days)}"


def _clock(hour: float) -> str:
    minutes = round(hour * 60.0)
    return f"{minutes // 60:02d}:{minutes % 60:02d}" if hour < HOURS_OF_DAY else "24:00"


def _days(days: list[int], cycle: int) -> str:
    """Name days of a week; of another cycle only their number."""
    if len(days) == cycle:
        return "daily"
    if cycle != len(DAYS):
        return f"on {len(days)} of every {cycle} days"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ", ".join(DAYS[day] for day in days)
