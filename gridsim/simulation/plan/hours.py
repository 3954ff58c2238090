"""The hours that people and clocks follow: distinct patterns of windows, and who follows which."""

from __future__ import annotations

from dataclasses import dataclass

from ...scenario.hours import as_hours
from .. import rules
from ..instants import of_hours
from ..rules import HOUR


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of hours: windows [start, end) within a cycle, in nanoseconds."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    cycle: int

    @property
    def key(self) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        """Starts, ends and cycle as one tuple."""
        return self.starts, self.ends, self.cycle

    @property
    def always(self) -> bool:
        """Whether the windows leave no gap."""
        return len(self.starts) == 1 and self.ends[0] - self.starts[0] >= self.cycle

    def hours_between(self, start: int, end: int) -> float:
        """Count the hours inside the windows between two instants."""
        return (rules.time_on_duty(end, *self.key) - rules.time_on_duty(start, *self.key)) / HOUR


class Patterns:
    """The distinct patterns of hours, numbered as they are met."""

    def __init__(self) -> None:
        self.known: list[Pattern] = []

    def number(self, hours: object) -> int:
        """Give the number of the pattern of some hours."""
        starts, ends, cycle = as_hours(hours).windows_in_cycle()
        pattern = Pattern(tuple(of_hours(starts).tolist()), tuple(of_hours(ends).tolist()), int(of_hours(cycle)))
        if pattern not in self.known:
            self.known.append(pattern)
        return self.known.index(pattern)


class Shifts:
    """The distinct pairs of a tier and a pattern of hours.

    Parameters
    ----------
    patterns
        Where patterns get their numbers.
    """

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self.tier: list[int] = []
        self.pattern: list[int] = []

    def number(self, tier: int, hours: object) -> int:
        """Give the number of the shift of people of a tier who follow some hours."""
        pattern = self._patterns.number(hours)
        known = list(zip(self.tier, self.pattern, strict=True))
        if (tier, pattern) not in known:
            self.tier.append(tier)
            self.pattern.append(pattern)
            return len(known)
        return known.index((tier, pattern))

    def of(self, shift: int) -> Pattern:
        """Give the pattern of a shift."""
        return self._patterns.known[self.pattern[shift]]
