"""What a run gives to a planner: its measures and tables, computed when they are first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from ...scenario.errors import ScenarioError
from ..instants import as_hours
from ..rules import UNSET
from . import tables
from .measure_table import Headline, Measures
from .measures import measures, resolution_times, response_times
from .notebook import html_table, with_units
from .notes import Played, notes
from .own_measures import measured
from .survival import kaplan_meier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...scenario.scenario import Scenario
    from .measure_table import Measure
    from .outcome import Outcome

DAY = 24.0


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
    own
        Measures of one's own.
    """

    def __init__(
        self, outcome: Outcome, seed: int | None = None, engine: str = "compiled", own: Sequence[Measure] = ()
    ) -> None:
        self.outcome = outcome
        self.about = Measures(own)  # what is to be known of each measure: words, unit, direction
        self.engine = engine
        self.seed = outcome.demand.seed if seed is None else seed
        self.notes: tuple[str, ...] = ()  # what else is to be said of how it was played

    @property
    def scenario(self) -> Scenario:
        """What was simulated."""
        return self.outcome.scenario

    @cached_property
    def measures(self) -> pd.Series[float]:
        """One number per measure: hours, shares of 1, counts, money; measures of one's own come last.

        Raises
        ------
        ScenarioError
            If the function of a measure of one's own fails, or gives no such number.
        """
        package = measures(self.outcome)
        return pd.concat([package, measured(self)]) if self.about.own else package

    @cached_property
    def problems(self) -> pd.DataFrame:
        """One row per problem; times and durations in hours."""
        return tables.problems(self.outcome)

    @property
    def measured(self) -> pd.DataFrame:
        """The rows of `problems` that were reported in the measured window."""
        start, end = self.outcome.window
        return self.problems[(self.outcome.reported_at >= start) & (self.outcome.reported_at < end)]

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
            "type", "urgency" (as reported), "cell", "tier" (that closed them; "-" for what is not closed), or "unit"
            (that closed them or where they are; "-" for what reached none).

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
        restricted = dict.fromkeys(self.restricted, 1)
        return (
            *self.notes,
            *notes([Played("", self.scenario, self.measures.to_frame().T, restricted)]),
            *self._cut_short(),
        )

    def _cut_short(self) -> list[str]:
        if self.outcome.end >= self.outcome.plan.end:
            return []
        so_far, whole = as_hours(self.outcome.end), as_hours(self.outcome.plan.end)
        return [f"The run is not over: {so_far:.6g} of {whole:.6g} hours are simulated."]

    @property
    def extent(self) -> str:
        """How many problems there are in how many days, and the seed; in the middle of a run, those reported so far."""
        days = f"in {as_hours(self.outcome.end) / DAY:.6g} days"
        if self.outcome.end < self.outcome.plan.end:
            so_far, whole = int((self.outcome.reported_at != UNSET).sum()), as_hours(self.outcome.plan.end) / DAY
            return f"{so_far:,} problems reported so far, {days} of {whole:.6g}, seed {self.seed}"
        return f"{len(self.outcome):,} problems {days}, seed {self.seed}"

    def __repr__(self) -> str:
        lines = [self._title()]
        lines += [f"  {name:24} {self.measures[name]:.6g}" for name in self.about.at(Headline.RUN)]
        return "\n".join([*lines, *(f"  Note: {sentence}" for sentence in self.warnings)])

    def _repr_html_(self) -> str:
        return html_table(self._title(), with_units(self.measures, self.about), self.warnings)

    def _title(self) -> str:
        by = ", played by the Mesa model" if self.engine == "mesa" else ""
        return f"Result of {self.scenario.name!r}: {self.extent}{by}"
