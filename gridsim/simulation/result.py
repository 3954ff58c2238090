"""What a run gives to a planner: its measures and tables, computed when they are first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..scenario.errors import ScenarioError
from . import tables
from .measures import measures, resolution_times, response_times
from .survival import kaplan_meier
from .units import html_table, with_units

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario
    from .outcome import Outcome

HEADLINE = (
    "reported", "closed", "closure_rate", "on_time_rate", "response_hours_mean", "response_hours_p90",
    "resolution_hours_mean", "escalated_share", "backlog_end", "cost_total",
)  # fmt: skip
DAY = 24.0
FEWEST_DAYS = 8  # days of the second half of a run in which a growing backlog can be told from a noisy one
GROWS_BY = 0.25


class Result:
    """One run of a scenario: measures, tables, and what a reader should be warned of.

    Parameters
    ----------
    outcome
        What an engine left behind.
    seed
        The seed of the run; absent: the one its problems were drawn with.
    engine
        Who played it: "compiled" or "mesa".
    """

    def __init__(self, outcome: Outcome, seed: int | None = None, engine: str = "compiled") -> None:
        self.outcome = outcome
        self.engine = engine
        self.seed = outcome.demand.seed if seed is None else seed

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.outcome.scenario

    @cached_property
    def measures(self) -> pd.Series[float]:
        """One number per measure: hours, shares of 1, counts, money."""
        return measures(self.outcome)

    @cached_property
    def problems(self) -> pd.DataFrame:
        """One row per problem; times and durations in hours."""
        return tables.problems(self.outcome)

    @cached_property
    def timeline(self) -> pd.DataFrame:
        """One row per hour from 0 to the end of the run: reported, closed, backlog."""
        return tables.timeline(self.outcome)

    @cached_property
    def staff(self) -> pd.DataFrame:
        """One row per role and tier: people, hours on duty and busy in the measured window, visits, cost."""
        return tables.staff(self.outcome)

    @cached_property
    def events(self) -> pd.DataFrame:
        """The event log, one row per event.

        Raises
        ------
        ScenarioError
            If the run kept no log.
        """
        if self.outcome.events is None:
            raise ScenarioError("this run kept no event log; simulate(..., trace=True) keeps one")
        return tables.events(self.outcome)

    def by(self, part: str) -> pd.DataFrame:
        """The measures of each part of the problems.

        Parameters
        ----------
        part
            "type", "urgency" (as reported), "cell", or "tier" (that closed them; "-" for what is not closed).

        Raises
        ------
        ScenarioError
            If there is no such part.
        """
        return tables.by(self.outcome, part)

    @cached_property
    def restricted(self) -> tuple[str, ...]:
        """Names of the means that censoring cuts short: the longest time still ran at the end of the run."""
        curves = {"response_hours_mean": response_times, "resolution_hours_mean": resolution_times}
        return tuple(name for name, times in curves.items() if kaplan_meier(*times(self.outcome)).restricted)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the measures should know, in plain sentences."""
        return (*self._overloaded(), *self._growing(), *self._restricted(), *self._cut_short())

    def _overloaded(self) -> list[str]:
        found = []
        for name in self.outcome.plan.tier_names:
            load = float(self.measures[f"offered_load.{name}"])
            if load >= 1.0:
                found.append(
                    f"The work that arrives at tier {name} is {load:.2f} times what its people can do: the"
                    " backlog grows without end, so closure rate and times depend on the length of the run."
                )
        return found

    def _growing(self) -> list[str]:
        """Whether more and more problems were open, day by day, over the second half of the run."""
        days = self.timeline["backlog"].to_numpy(np.float64)
        days = days[: len(days) // 24 * 24].reshape(-1, 24).mean(axis=1)
        half = days[len(days) // 2 :]
        if len(half) < FEWEST_DAYS or self._overloaded():
            return []
        first, last = half[: len(half) // 2], half[-(len(half) // 2) :]
        noise = np.hypot(first.std(ddof=1), last.std(ddof=1))
        gained = last.mean() - first.mean()
        if gained > GROWS_BY * max(1.0, first.mean()) and gained > noise:
            return [
                f"The backlog still grows at the end ({first.mean():,.0f} open problems in the third quarter of the run,"
                f" {last.mean():,.0f} in the last): closure rate and times depend on the length of the run."
            ]
        return []

    def _restricted(self) -> list[str]:
        return [
            f"{name} is a restricted mean: the longest time was still running at the end of the run, so the"
            " true mean is larger."
            for name in self.restricted
        ]

    def _cut_short(self) -> list[str]:
        if self.outcome.end >= self.outcome.plan.end:
            return []
        return [f"The run is not over: {self.outcome.end:.6g} of {self.outcome.plan.end:.6g} hours are simulated."]

    def __repr__(self) -> str:
        lines = [self._title()]
        lines += [f"  {name:24} {self.measures[name]:.6g}" for name in HEADLINE]
        return "\n".join([*lines, *(f"  Note: {sentence}" for sentence in self.warnings)])

    def _repr_html_(self) -> str:
        return html_table(self._title(), with_units(self.measures), self.warnings)

    def _title(self) -> str:
        count, days = len(self.outcome), self.outcome.end / DAY
        by = ", played by the Mesa model" if self.engine == "mesa" else ""
        return f"Result of {self.scenario.name!r}: {count:,} problems in {days:g} days, seed {self.seed}{by}"
