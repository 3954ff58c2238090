"""Hours on duty: windows [start, end) of the days of a cycle."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .values import Number, Whole

HOURS_OF_DAY = 24.0


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

    windows: tuple[tuple[Number, Number], ...] = Field(min_length=1)
    days: tuple[Whole, ...] = Field(default=(0, 1, 2, 3, 4, 5, 6), min_length=1)
    cycle_days: Whole = Field(default=7, ge=1, le=366)

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
NAMED = {"always": ALWAYS, "calendar": ALWAYS, "office": OFFICE}


def as_hours(value: object) -> Hours:
    """Give the hours that a scenario names ("always", "office") or spells out."""
    return value if isinstance(value, Hours) else _named(str(value))


@lru_cache(maxsize=8)
def _named(name: str) -> Hours:
    return NAMED[name]
