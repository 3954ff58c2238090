"""What a study found: its runs, the means of its measures and their differences from a baseline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...simulation.outcome.measure_table import LOAD, Headline, Measure, Measures, those
from ...simulation.outcome.notebook import html_table, in_words, read_as
from ...simulation.outcome.notes import Played, notes, some
from ..asked import as_names
from ..errors import StudyError, unknown
from .intervals import carried_by_one, difference_of, interval_of
from .statistics import Difference, Interval, holm, paired_difference, variance_ratio

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from matplotlib.axes import Axes

    from ...scenario.scenario import Scenario
    from ..run import Finished
    from ..runs.resuming import Counts

ABOUT_A_RUN = ("scenario", "replication", "seed", "error")
HIGH_LOAD = 0.9  # from here on runs of a month are 15 to 35 % below the mean of long ones (measured at 0.94)


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side, on the same problems replication by replication.

    Parameters
    ----------
    runs
        One row per scenario and replication: scenario, replication, seed, error (empty where the run went
        well), the varied values of a sweep, and the measures.
    scenarios
        What was simulated, by name.
    baseline
        Name of the scenario that the others are compared with.
    confidence
        Of the intervals, a share of 1.
    levers
        The varied values of each scenario of a sweep, by key path.
    restricted
        In how many runs of a scenario a mean was cut short by censoring, by (measure, scenario).
    stopped
        Where the study itself found how many replications were enough: whether they were.
    counts
        How many runs were done now, were in the store already, and failed; None: not counted.
    said
        What else is to be said of how it was played.
    own
        Measures of one's own.
    """

    runs: pd.DataFrame
    scenarios: dict[str, Scenario]
    baseline: str
    confidence: float = 0.95
    levers: dict[str, dict[str, Any]] = field(default_factory=dict)
    restricted: dict[tuple[str, str], int] = field(default_factory=dict)
    stopped: str = ""
    counts: Counts | None = None
    said: tuple[str, ...] = ()
    own: tuple[Measure, ...] = ()

    @cached_property
    def about(self) -> Measures:
        """What is to be known of each measure, by its name: words, unit, direction, bounds."""
        return Measures(self.own)

    def headline(self, place: Headline) -> list[str]:
        """Name the measures that stand somewhere, as far as there are numbers.

        Parameters
        ----------
        place
            Where: a short list, tables, narrow terminals.
        """
        return [name for name in self.about.at(place) if name in self.measures]

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures."""
        about = {*ABOUT_A_RUN, *self._lever_names()}
        return tuple(name for name in self.runs.columns if name not in about)

    @property
    def failed(self) -> pd.DataFrame:
        """The runs that failed, with their errors."""
        return self.runs.loc[self.runs["error"] != ""]

    def table(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """The mean of each measure in each scenario, with its confidence interval.

        Parameters
        ----------
        measures
            Names of measures; absent: all. Those of tiers that a scenario does not have are left out.

        Returns
        -------
        DataFrame
            Columns scenario, (varied values,) measure, mean, low, high, n (replications).

        Raises
        ------
        StudyError
            If a measure is not known.
        """
        return self._tidy(self._chosen(measures), self.scenarios, self._mean, ("mean", "low", "high", "n"))

    def differences(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """The differences of each scenario from the baseline, paired by replication, with their intervals.

        Parameters
        ----------
        measures
            Names of measures; absent: all that both have.

        Returns
        -------
        DataFrame
            Columns scenario, (varied values,) measure, difference, low, high, p (two-sided), n (pairs), p_adjusted (of
            the same measure for all scenarios together, by Holm) and variance_ratio (how many times as many
            replications it would take without common random numbers).

        Raises
        ------
        StudyError
            If a measure is not known.
        """
        others = [name for name in self.scenarios if name != self.baseline]
        columns = ("difference", "low", "high", "p", "variance_ratio", "n")
        table = self._tidy(self._chosen(measures), others, self._difference, columns)
        table.insert(list(table.columns).index("p") + 1, "p_adjusted", table.groupby("measure")["p"].transform(holm))
        return table

    def values(self, scenario: str, measure: str) -> pd.Series[float]:
        """Give a measure of a scenario in every replication; nan where the run failed or has no such measure.

        Parameters
        ----------
        scenario, measure
            Their names.

        Raises
        ------
        StudyError
            If one of them is not known.
        """
        if scenario not in self.scenarios:
            raise unknown("scenario", scenario, self.scenarios)
        self._chosen([measure])
        return self._of_scenario[scenario][measure]

    def interval(self, scenario: str, measure: str, confidence: float | None = None) -> Interval:
        """Give the mean of a measure of a scenario and its interval.

        Parameters
        ----------
        scenario, measure
            Their names.
        confidence
            A share of 1; absent: that of the comparison.
        """
        sure = self.confidence if confidence is None else confidence
        return interval_of(self._of_scenario[scenario], self.about[measure], sure)

    def difference(self, scenario: str, measure: str, confidence: float | None = None) -> Difference:
        """Give the paired difference of a measure from the baseline; of the very same scenario it is exactly 0.

        Parameters
        ----------
        scenario, measure
            Their names.
        confidence
            A share of 1; absent: that of the comparison.
        """
        sure = self.confidence if confidence is None else confidence
        runs = self._of_scenario[scenario]
        base = self._of_scenario[self.baseline].reindex(runs.index)
        one, other = (
            None if it is None else it.digest for it in (self.scenarios[scenario], self.scenarios[self.baseline])
        )
        if one == other:
            return paired_difference(runs[measure], base[measure], sure)
        return difference_of(runs, base, self.about[measure], sure)

    def plot(self, measure: str, ax: Axes | None = None) -> Axes:
        """Draw one measure of all scenarios with its intervals.

        Parameters
        ----------
        measure
            Its name.
        ax
            Where to draw; absent: a new figure.

        Raises
        ------
        StudyError
            If the measure is not known.
        """
        self._chosen([measure])
        # Drawing is a floor above: it is asked for by name, so that a study does not need it.
        axes: Axes = import_module("gridsim.view.plots").comparison(self, measure, ax=ax)
        return axes

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the tables should know, in plain sentences."""
        stopped = (self.stopped,) if self.stopped else ()
        stored = (f"{self.counts}.", *self.counts.said_of_damage) if self.counts and self.counts.store else ()
        return (*self.said, *stopped, *stored, *self._failures(), *notes(self.played), *self._carried(), *self._short())

    @property
    def played(self) -> list[Played]:
        """The scenarios with their runs, as sentences about them need them."""
        cut: dict[str, dict[str, int]] = {name: {} for name in self.scenarios}
        for (measure, name), count in self.restricted.items():
            cut[name][measure] = count
        return [Played(name, self.scenarios[name], table.dropna(how="all"), cut[name])
                for name, table in self._of_scenario.items()]  # fmt: skip

    def with_levers(self, levers: Mapping[str, Mapping[str, Any]]) -> Comparison:
        """The same comparison with the varied values of each scenario as columns.

        Parameters
        ----------
        levers
            By scenario and key path.
        """
        known = {name: dict(values) for name, values in levers.items()}
        runs, names = self.runs.copy(), next(iter(known.values()), {})
        for place, path in enumerate(names, start=len(ABOUT_A_RUN)):
            runs.insert(place, path, [known[name][path] for name in runs["scenario"]])
        return replace(self, runs=runs, levers=known)

    def only(self, names: Iterable[str], baseline: str | None = None) -> Comparison:
        """The same comparison with some of its scenarios.

        Parameters
        ----------
        names
            The scenarios to keep, in their new order.
        baseline
            What the others are compared with; absent: as before, or the first that is kept.

        Raises
        ------
        StudyError
            If a scenario is not known, or none is kept.
        """
        kept = as_names("scenarios", names)
        if wrong := [name for name in kept if name not in self.scenarios]:
            raise unknown("scenario", wrong[0], self.scenarios)
        if not kept:
            raise StudyError("scenarios = []: keep at least one")
        base = baseline or (self.baseline if self.baseline in kept else kept[0])
        if base not in kept:
            raise unknown("baseline", base, kept)
        return replace(
            self,
            runs=self.runs[self.runs["scenario"].isin(kept)],
            scenarios={name: self.scenarios[name] for name in kept},
            baseline=base,
            levers={name: lever for name, lever in self.levers.items() if name in kept},
            restricted={key: count for key, count in self.restricted.items() if key[1] in kept},
        )

    def renamed(self, names: Mapping[str, str]) -> Comparison:
        """The same comparison with other names for its scenarios.

        Parameters
        ----------
        names
            New names by old ones; a scenario that is not named keeps its own.

        Raises
        ------
        StudyError
            If a scenario is not known, or two would have one name.
        """
        if wrong := [name for name in names if name not in self.scenarios]:
            raise unknown("scenario", wrong[0], self.scenarios)
        new = {name: names.get(name, name) for name in self.scenarios}
        if len(set(new.values())) < len(new):
            raise StudyError("names: two scenarios would have the same name; give each its own")
        return replace(
            self,
            runs=self.runs.assign(scenario=self.runs["scenario"].map(new)),
            scenarios={new[name]: scenario for name, scenario in self.scenarios.items()},
            baseline=new[self.baseline],
            levers={new[name]: lever for name, lever in self.levers.items()},
            restricted={(measure, new[name]): count for (measure, name), count in self.restricted.items()},
        )

    def _lever_names(self) -> tuple[str, ...]:
        return tuple(next(iter(self.levers.values()), {}))

    def _chosen(self, measures: Sequence[str] | None) -> Sequence[str]:
        if measures is None:
            return self.measures
        names = as_names("measures", measures)
        for name in names:
            if name not in self.measures:
                raise unknown("measure", name, self.measures)
        return names

    @cached_property
    def _of_scenario(self) -> dict[str, pd.DataFrame]:
        """Measures by replication, for each scenario."""
        columns = list(self.measures)
        grouped = dict(iter(self.runs.groupby("scenario", sort=False)))
        return {name: grouped[name].set_index("replication")[columns].sort_index() for name in self.scenarios}

    def _tidy(
        self, measures: Iterable[str], scenarios: Iterable[str], row: Callable[[str, str], tuple[float, ...]],
        columns: tuple[str, ...],
    ) -> pd.DataFrame:  # fmt: skip
        levers = self._lever_names()
        measures = list(measures)
        rows = []
        for scenario in scenarios:
            varied = [self.levers[scenario][path] for path in levers]
            for measure in measures:
                numbers = row(scenario, measure)
                if numbers[-1] or self.about[measure].row in (
                    "",
                    measure,
                ):  # what only some have: tiers, roles, reasons
                    rows.append((scenario, *varied, measure, *numbers))
        return pd.DataFrame(rows, columns=pd.Index(["scenario", *levers, "measure", *columns]))

    def _mean(self, scenario: str, measure: str) -> tuple[float, ...]:
        return (*self.interval(scenario, measure), int(self._of_scenario[scenario][measure].count()))

    def _difference(self, scenario: str, measure: str) -> tuple[float, ...]:
        values, baseline = self._of_scenario[scenario][measure], self._of_scenario[self.baseline][measure]
        baseline = baseline.reindex(values.index)
        pairs = int((values - baseline).count())
        return (*self.difference(scenario, measure), variance_ratio(values, baseline), pairs)

    def _failures(self) -> list[str]:
        failed = self.failed
        if not len(failed):
            return []
        first = failed.iloc[0]
        return [
            f"{len(failed)} of {len(self.runs)} runs failed and are left out. The first was {first['scenario']}"
            f" with seed {first['seed']}: {first['error']}"
        ]

    def _carried(self) -> list[str]:
        """Where one run carries most of the spread of a measure, so that its interval cannot be trusted."""
        found = []
        for measure in self.headline(Headline.STUDY):
            parts = {name: carried_by_one(runs[measure]) for name, runs in self._of_scenario.items()}
            names = sorted((name for name, part in parts.items() if part), key=lambda name: -parts[name])
            if names:
                found.append(
                    f"One run carries {100.0 * parts[names[0]]:.0f} % of the spread of “{self.about[measure].label}” in"
                    f" {some(names)}. Ask for more replications."
                )
        return found

    def _short(self) -> list[str]:
        """Where runs that start empty are too short for a load so high to show all of its waiting."""
        nearly_full = [
            one.name
            for one in self.played
            if not one.full
            and one.runs[[*those(one.runs, LOAD)]].mean().between(HIGH_LOAD, 1.0, inclusive="left").any()
        ]
        if not nearly_full:
            return []
        return [f"The load is high in {some(nearly_full)}. Longer runs would show longer waits: add days to see them."]

    def _summary(self) -> pd.DataFrame:
        """Headline measures as text: a row per measure, a column per scenario."""
        rows = []
        for measure in self.headline(Headline.STUDY):
            row = self.about[measure]
            factor, unit = read_as(row)
            cells = [_with_interval(*(factor * end for end in self.interval(name, measure))) for name in self.scenarios]
            rows.append((measure, unit, *cells))
        return pd.DataFrame(rows, columns=pd.Index(["measure", "unit", *self.scenarios]))

    def _title(self) -> str:
        replications = self.runs["replication"].nunique()
        scenarios = f"{len(self.scenarios)} scenario{'s' if len(self.scenarios) != 1 else ''}"
        times = f"{replications} replication{'s' if replications != 1 else ''}"
        return f"Comparison of {scenarios}, {times} each, baseline {self.baseline!r}"

    def __repr__(self) -> str:
        notes = [f"Note: {sentence}" for sentence in self.warnings]
        return "\n".join([self._title(), self._summary().to_string(index=False), *notes])

    def _repr_html_(self) -> str:
        percent = f"{100 * self.confidence:g} %"
        return html_table(f"{self._title()}; means with {percent} intervals", self._summary(), self.warnings)


def comparison_of(
    finished: Iterable[Finished], scenarios: Mapping[str, Scenario], baseline: str, confidence: float = 0.95,
    own: tuple[Measure, ...] = (),
) -> Comparison:  # fmt: skip
    """Gather finished runs, in whatever order they finished, into a comparison.

    Parameters
    ----------
    finished
        The runs.
    scenarios
        What was simulated, by name.
    baseline
        Name of the scenario that the others are compared with.
    confidence
        Of the intervals, a share of 1.
    own
        Measures of one's own.
    """
    order = {name: number for number, name in enumerate(scenarios)}
    ordered = sorted(finished, key=lambda one: (one.run.replication, order[one.run.scenario]))
    rows = [(one.run.scenario, one.run.replication, one.run.seed, one.error) for one in ordered]
    about = pd.DataFrame(rows, columns=pd.Index(ABOUT_A_RUN))
    measured = pd.DataFrame([one.measures for one in ordered], index=about.index)
    restricted = Counter((measure, one.run.scenario) for one in ordered for measure in one.restricted)
    runs = pd.concat([about, measured], axis=1)
    return Comparison(runs, dict(scenarios), baseline, confidence, restricted=dict(restricted), own=own)


def _with_interval(mean: float, low: float, high: float) -> str:
    """A mean with its interval; without one that has no width."""
    if not low < high:
        return in_words(mean)
    return f"{in_words(mean)} [{in_words(low)}, {in_words(high)}]"
