"""What a reader of results should know, in plain sentences: the same for one run and for a study, in Python and printed.

Each sentence has at most 25 words and one number of its own, names the scenarios that it is about, and says what to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...scenario.wording import long_weeks
from .measure_table import BUILT_IN, BUSY_LEADERS, BUSY_STAFF, GROWTH, LOAD, LOAD_OF_LEADERS, those

if TYPE_CHECKING:
    import pandas as pd

    from ...scenario.scenario import Scenario

FULL = 1.0  # load from which more work arrives than people can do in their hours
ALWAYS_BUSY = 0.95  # share of their hours from which leaders cannot keep up with their inbox
HALF = 0.5  # of the runs of a scenario in which its backlog grew, for it to be said to grow
LONG_RUN_DAYS = 16.0  # from here on a growing backlog is no weekend's
NAMED, NAMED_WORDS = 5, 6  # scenarios, and words of theirs, that a sentence names before it counts the rest
SLOW_RESPONSES = ("response_hours_p90", "response_hours_p95")  # what the slowest wait: some may have no response at all


class Played(NamedTuple):
    """One scenario and its runs.

    Attributes
    ----------
    name
        What sentences call it; empty where it stands alone.
    scenario
        What was simulated; None where only its measures are known.
    runs
        One row per run, a column per measure.
    restricted
        In how many runs a mean was cut short by censoring, by measure.
    """

    name: str
    scenario: Scenario | None
    runs: pd.DataFrame
    restricted: Mapping[str, int]

    def mean(self, measure: str) -> float:
        """Mean of a measure over the runs; nan where there is none."""
        return float(self.runs[measure].mean()) if measure in self.runs else float("nan")

    @property
    def growth(self) -> float:
        """Open problems gained a day, if the backlog was seen to grow in half of the runs; else 0."""
        if GROWTH not in self.runs:
            return 0.0
        gained = self.runs[GROWTH].dropna()
        return float(gained.mean()) if len(gained) and (gained > 0.0).mean() >= HALF else 0.0

    @property
    def full(self) -> list[str]:
        """Measures of load that reach 1: of the staff of tiers, and of leaders. What roles took is no load that arrives."""
        of_leaders = those(self.runs, LOAD_OF_LEADERS)
        led = {parts["tier"]: name for name, parts in of_leaders.items()}
        # Of a tier without staff the load is that of its leaders, and is said of them alone.
        of_staff = [name for name, parts in those(self.runs, LOAD).items()
                    if not (parts["tier"] in led and self.mean(name) == self.mean(led[parts["tier"]]))]  # fmt: skip
        return [name for name in (*of_staff, *of_leaders) if self.mean(name) >= FULL]

    @property
    def busy_leaders(self) -> list[str]:
        """Tiers whose leaders are busy nearly all their hours with problems; those who patrol when idle always are."""
        idle = [tier.name for tier in self.scenario.tiers if tier.leader and tier.leader.patrol_every_hours == 0] \
            if self.scenario else []  # fmt: skip
        return [parts["tier"] for name, parts in those(self.runs, BUSY_LEADERS).items()
                if parts["tier"] not in idle and self.mean(name) >= ALWAYS_BUSY]  # fmt: skip

    def staff_have_time(self, tier: str) -> bool:
        """Whether a tier has staff, and none of its roles is busy nearly all its hours."""
        busy = [self.mean(name) for name, parts in those(self.runs, BUSY_STAFF).items() if parts["tier"] == tier]
        return bool(busy) and max(busy) < ALWAYS_BUSY

    @property
    def grows_without_end(self) -> bool:
        """Whether more work arrives than some people can do, and the backlog was seen to grow."""
        return self.growth > 0.0 and bool(self.full)


def notes(played: Sequence[Played]) -> list[str]:
    """Say what a reader of measures should know.

    Parameters
    ----------
    played
        The scenarios, with their runs.
    """
    return [*_without_end(played), *_growing(played), *_restricted(played), *_busy_leaders(played),
            *_never_reached(played), *_long_weeks(played), *_how_made(played)]  # fmt: skip


def some(names: Sequence[str]) -> str:
    """Name the first few, and count the rest."""
    words = accumulate(len(name.split()) for name in names[:NAMED])
    named = max(1, sum(count <= NAMED_WORDS for count in words))
    rest = len(names) - named
    return ", ".join(names[:named]) + (f" and {rest:,} more" if rest > 0 else "")


def _in(names: Sequence[str]) -> str:
    """In which scenarios; nothing where there is but one that needs no name."""
    return f" in {some(names)}" if any(names) else ""


def _up_to(found: Mapping[str, float]) -> str:
    """The words before a number that is the largest of several scenarios."""
    return "up to " if len(found) > 1 else ""


def _without_end(played: Sequence[Played]) -> Iterator[str]:
    for measure in dict.fromkeys(measure for one in played for measure in one.full):
        found = {one.name: one.mean(measure) for one in played if one.growth and measure in one.full}
        if found:
            yield (
                f"More work arrives {_for(measure)} can do{_in(list(found))}. At {_up_to(found)}"
                f"{100.0 * max(found.values()):,.0f} % of their hours the backlog grows without end: add people there"
                " before reading averages."
            )


def _for(measure: str) -> str:
    """For whom work arrives: "at tier grid than its people", "at tier grid than its leaders"."""
    led = those([measure], LOAD_OF_LEADERS)
    parts = led or those([measure], LOAD)
    return f"at tier {parts[measure]['tier']} than its {'leaders' if led else 'people'}"


def _growing(played: Sequence[Played]) -> Iterator[str]:
    found = {one.name: one.growth for one in played
             if one.growth and not one.full and one.scenario and one.scenario.run.days >= LONG_RUN_DAYS}  # fmt: skip
    if found:
        yield (
            f"The backlog still grows at the end{_in(list(found))}, by {_up_to(found)}{max(found.values()):,.1f} problems"
            " a day. Run longer, or add people, before reading averages."
        )


def _restricted(played: Sequence[Played]) -> Iterator[str]:
    for measure in dict.fromkeys(measure for one in played for measure in one.restricted):
        cut = [one for one in played if measure in one.restricted]
        count, of_all = sum(one.restricted[measure] for one in cut), sum(len(one.runs) for one in cut)
        runs = f"In {count:,} of {of_all:,} runs" if of_all > 1 else "In this run"
        names = [one.name for one in cut if one.name]
        yield (
            f"{runs} the slowest cases were still open, so the true mean is longer ({BUILT_IN[measure].label})."
            f" {f'This is so in {some(names)}: run longer.' if names else 'Run longer.'}"
        )


def _busy_leaders(played: Sequence[Played]) -> Iterator[str]:
    for tier in dict.fromkeys(tier for one in played for tier in one.busy_leaders):
        short = [one for one in played if tier in one.busy_leaders]
        who = "Leaders, not staff, are" if all(one.staff_have_time(tier) for one in short) else "Leaders are"
        yield (
            f"{who} short at tier {tier}{_in([one.name for one in short])}. They are busy nearly all their hours: add"
            " leaders, or shorten triage."
        )


def _never_reached(played: Sequence[Played]) -> Iterator[str]:
    for measure in SLOW_RESPONSES:
        names = [one.name for one in played if measure in one.runs and len(one.runs) and np.isnan(one.mean(measure))]
        if names:
            yield (
                f"Too many problems had no response by the end{_in(names)} to know {BUILT_IN[measure].label}. Run longer,"
                " or add people."
            )


def _long_weeks(played: Sequence[Played]) -> Iterator[str]:
    weeks = {one.name: long_weeks(one.scenario) for one in played if one.scenario}
    for who, hours in dict.fromkeys(week for found in weeks.values() for week in found):
        names = [name for name, found in weeks.items() if (who, hours) in found]
        yield (
            f"{who[0].upper()}{who[1:]} are on duty {hours:.0f} hours a week each{_in(names)}. They are the same people"
            " throughout: give them hours, or count shifts."
        )


def _how_made(played: Sequence[Played]) -> Iterator[str]:
    yield from dict.fromkeys(note for one in played if one.scenario for note in one.scenario.notes)
