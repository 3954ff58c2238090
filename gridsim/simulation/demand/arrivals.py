"""When problems arise: a Poisson process per type, its rate following hours, weekends, days and surges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .streams import Streams, fill_durations

if TYPE_CHECKING:
    from ...scenario.parts import ProblemType
    from ...scenario.scenario import Scenario

Floats = NDArray[np.float64]
HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168
SAFETY = 6.0  # standard deviations of the Poisson count that are drawn beyond its mean
# An assumed working-day profile: little at night, most in the morning, fewer around noon.
DAYTIME = (
    *(0.2, 0.15, 0.1, 0.1, 0.15, 0.3, 0.7, 1.2, 1.9, 2.3, 2.2, 1.8),
    *(1.3, 1.3, 1.8, 1.9, 1.8, 1.5, 1.1, 0.8, 0.6, 0.45, 0.3, 0.25),
)


def day_factors(scenario: Scenario, streams: Streams) -> Floats | None:
    """How unequal days are; mean 1."""
    if scenario.territory.day_cv == 0.0:
        return None
    factors = np.empty(int(np.ceil(scenario.run.days)))
    fill_durations(streams.at("day factors"), factors, scenario.territory.day_cv, "gamma")
    return factors


def arrivals(
    scenario: Scenario, problem: ProblemType, residents: float, days: Floats | None, streams: Streams
) -> Floats:
    """When problems of a type arise: a Poisson process of unit rate, mapped through the cumulative rate."""
    rate = problem.per_1000_residents_per_day * residents / 1000.0 / 24.0
    knots, relative = _intensity(scenario, problem, days)
    cumulative = np.concatenate(([0.0], np.cumsum(relative * np.diff(knots)))) * rate
    expected = float(cumulative[-1])
    if expected <= 0.0:
        return np.empty(0)
    drawn = int(expected + SAFETY * np.sqrt(expected) + 20.0)
    while True:
        passed = np.cumsum(streams.at("arrivals", problem.type).standard_exponential(drawn))
        if passed[-1] >= expected:
            break
        drawn *= 2
    passed = passed[: np.searchsorted(passed, expected, side="left")]
    if len(knots) == 2:
        times: Floats = passed * (knots[1] / expected)
    else:
        times = np.interp(passed, cumulative, knots)
    end = float(knots[-1])
    return times[times < end]


def _intensity(scenario: Scenario, problem: ProblemType, days: Floats | None) -> tuple[Floats, Floats]:
    """Knots in hours and between them the rate relative to its mean: profile, weekend, day and surges."""
    end = scenario.run.days * 24.0
    weights = _profile(problem)
    surges = [s for s in scenario.surges if "*" in s.types or problem.type in s.types]
    hourly = weights is not None
    if hourly:
        knots = np.arange(0.0, end + 1.0)
    elif days is not None or problem.weekend != 1.0:
        knots = np.arange(0.0, end + 24.0, 24.0)
    else:
        knots = np.array([0.0, end])
    edges = [edge * 24.0 for s in surges for edge in (s.start_day, s.start_day + s.days)]
    if edges:
        knots = np.union1d(knots, edges)
    knots = np.append(knots[(knots >= 0.0) & (knots < end)], end)
    start = knots[:-1]
    relative = np.ones(len(start))
    if weights is not None:
        relative *= weights[np.floor(start).astype(np.int64) % len(weights)]
    if (weights is None or len(weights) == HOURS_OF_DAY) and problem.weekend != 1.0:
        relative[np.floor(start / 24.0) % 7 >= 5] *= problem.weekend
    if days is not None:
        relative *= days[np.floor(start / 24.0).astype(np.int64)]
    for surge in surges:
        within = (start >= surge.start_day * 24.0) & (start < (surge.start_day + surge.days) * 24.0)
        relative[within] *= surge.factor
    return knots, relative


def _profile(problem: ProblemType) -> Floats | None:
    """Weights per hour of the day or the week, of mean 1; None where every hour is alike."""
    if problem.profile == "flat":
        return None
    weights = np.asarray(DAYTIME if problem.profile == "daytime" else problem.profile, dtype=np.float64)
    return np.asarray(weights / weights.mean(), dtype=np.float64)
