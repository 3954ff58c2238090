"""How large a study is, said before any of its scenarios is made."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

from ..errors import StudyError
from .executors import available_workers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...scenario.scenario import Scenario

MANY_SCENARIOS = 10_000  # from here on the command line asks
MOST_SCENARIOS = 100_000  # of one study; they and their tables take gigabytes
MOST_RUNS = 10_000_000
FEWEST_OF_AUTO = 8  # replications after which a study that stops by itself looks first
LONG_SECONDS = 5.0
UNITS = (("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0))


def check_size(scenarios: int, replications: int = 1) -> None:
    """Refuse a study that no memory holds, before anything is made.

    Parameters
    ----------
    scenarios
        How many scenarios.
    replications
        Runs of each.

    Raises
    ------
    StudyError
        If there are too many.
    """
    if scenarios > MOST_SCENARIOS:
        raise StudyError(
            f"{scenarios:,} scenarios are too many for one study (at most {MOST_SCENARIOS:,}); give fewer values"
        )
    if scenarios * replications > MOST_RUNS:
        raise StudyError(
            f"{scenarios * replications:,} runs are too many for one study (at most {MOST_RUNS:,});"
            " give fewer replications"
        )


def size_in_words(
    scenario: Scenario, values: Mapping[str, Sequence[Any]], replications: int | str, workers: int | None, engine: str
) -> str:
    """Say how many scenarios and runs a sweep is, and how long it takes, by the time of its first run.

    Parameters
    ----------
    scenario, values, replications, workers, engine
        As for `sweep`.
    """
    count = math.prod(len(choices) for choices in values.values())
    runs = count * (replications if isinstance(replications, int) else FEWEST_OF_AUTO)
    first = scenario.vary({path: choices[0] for path, choices in values.items()})
    seconds = runs * _seconds_of_a_run(first, engine) / (workers or available_workers())
    return f"{count:,} combinations are {runs:,} runs, about {_duration(seconds)} on this machine"


def _seconds_of_a_run(scenario: Scenario, engine: str) -> float:
    """The first run loads or compiles the engine; a second one tells the time, unless the first was long."""
    from ...simulation.simulate import simulate

    seconds = math.inf
    for _ in range(2):
        began = time.perf_counter()
        simulate(scenario, engine=engine)
        seconds = min(seconds, time.perf_counter() - began)
        if seconds > LONG_SECONDS:
            break
    return seconds


def _duration(seconds: float) -> str:
    for name, length in UNITS:
        if seconds >= 2.0 * length:
            return f"{seconds / length:,.0f} {name}"
    return f"{seconds:,.0f} seconds"
