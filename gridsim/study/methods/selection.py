"""The best of many scenarios, with a promise: the chance that the one selected is the best, or as good as the best.

`select_best` is the fully sequential procedure KN with an indifference zone (Kim and Nelson 2001, ACM TOMACS 11(3),
251-273), whose promise holds under common random numbers: it looks at differences, and drops a scenario as soon as it
is clearly behind another. `may_be_best` is subset selection by paired intervals (Nelson, Swann, Goldsman and Song 2001,
Operations Research 49(6), 950-963, with Bonferroni's division in place of independence).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...scenario.given import is_number
from ...scenario.records import as_records
from ...simulation.outcome.measure_table import BUILT_IN, HIGH, NEITHER, Headline, Measures
from ...simulation.outcome.notebook import PERCENT, html_table, in_words, read_as
from ...simulation.outcome.notes import some
from ...simulation.outcome.own_measures import as_measures
from ..asked import as_scenarios, check_confidence, check_whole
from ..errors import StudyError, unknown
from ..how import ABSENT, Absent, as_how
from ..run import Run, Settings, run_seed
from ..runs.own_played import own_of, said_of_own
from ..runs.pool import Players
from ..runs.resuming import KeptRuns
from ..stopping import AUTO

if TYPE_CHECKING:
    from typing import Unpack

    from ...scenario.given import Given
    from ...scenario.scenario import Scenario
    from ..comparing.comparison import Comparison
    from ..how import How, HowKeywords

    Draw = Callable[[Sequence[int], int], np.ndarray]

FIRST_STAGE, MOST, BATCH = 10, 1000, 10


@dataclass(frozen=True)
class Selection:
    """What a selection found.

    Parameters
    ----------
    best
        Name of the scenario selected.
    table
        One row per scenario: scenario, mean (at its last replication), replications, dropped (True if it was).
    measure, delta, confidence
        What was asked for.
    settled
        Whether one was left; if not, the replications that were allowed were spent.
    """

    best: str
    table: pd.DataFrame
    measure: str
    delta: float
    confidence: float
    settled: bool
    about: Measures = BUILT_IN

    @property
    def said(self) -> str:
        """The outcome in a sentence."""
        factor, unit = read_as(self.about[self.measure])
        zone = f"{in_words(factor * self.delta)} {'% points' if unit == PERCENT else unit}".strip()
        if self.settled:
            return (
                f"{self.best} is the best in {self.measure}, or within {zone} of the best, with a confidence of at least"
                f" {100 * self.confidence:g} %."
            )
        left = some(list(self.table.loc[~self.table["dropped"], "scenario"]))
        return (
            f"The replications that were allowed do not tell which of {left} is the best in {self.measure}. Allow more,"
            " or a larger delta."
        )

    def __repr__(self) -> str:
        return f"{self.said}\n{self.table.to_string(index=False)}"

    def _repr_html_(self) -> str:
        return html_table(self.said, self.table.astype({"mean": str}))


def select_best(
    scenarios: Mapping[str, Given],
    measure: str,
    delta: float,
    larger: bool | None = None,
    most: int = MOST,
    seed: int | Absent = ABSENT,
    how: How | None = None,
    **keywords: Unpack[HowKeywords],
) -> Selection:
    """Select the best of some scenarios, with as many replications as it takes and no more.

    Parameters
    ----------
    scenarios
        What is compared, by name; two or more.
    measure
        What counts.
    delta
        The smallest difference that matters, in the unit of the measure.
    larger
        Whether more is better; absent: as the table of measures says (shares closed yes; hours, cost, petitions no).
    most
        Replications after which the selection ends in any case.
    seed, how, keywords
        As for `compare`; confidence is the chance that the one selected is the best, if it is better than all others by
        delta. There are as many replications as it takes.

    Raises
    ------
    StudyError
        If something is wrong with what is asked for, or a run fails.
    """
    chosen = as_scenarios(scenarios)
    asked = as_how("select_best", how, {"seed": seed, **keywords})
    confidence = asked.confidence
    _check(chosen, measure, delta, confidence, most)
    names = list(chosen)
    mine = as_measures(asked.measures)
    about = Measures(mine)
    sign = sign_of(measure, about, larger)
    own = own_of(chosen, asked.policy, asked.agents, mine)
    said_of_own(own, asked.engine)
    settings = Settings(chosen, asked.engine, as_records(asked.records), own)

    def draw(alive: Sequence[int], replication: int) -> np.ndarray:
        runs = [
            Run(names[i], r, run_seed(asked.seed, r))
            for r in range(replication, min(replication + BATCH, most))
            for i in alive
        ]
        found = {(one.run.scenario, one.run.replication): one for one in kept.completed(runs, players.play)}
        return np.array([[_value(found[run.scenario, run.replication], measure) for run in runs[k :: len(alive)]]
                         for k in range(len(alive))]) * sign  # fmt: skip

    with (
        KeptRuns(asked.store, settings, asked.seed, AUTO, asked.retry_failed) as kept,
        Players(settings, asked.workers, asked.executor) as players,
    ):
        alive, sums, counts = kim_nelson(len(names), draw, delta, confidence, most)
    means = sign * sums / counts
    best = max(alive, key=lambda i: sums[i] / counts[i])
    dropped = [i not in alive for i in range(len(names))]
    table = pd.DataFrame({"scenario": names, "mean": means, "replications": counts, "dropped": dropped})
    return Selection(names[best], table, measure, delta, confidence, len(alive) == 1, about)


def kim_nelson(
    systems: int, draw: Draw, delta: float, confidence: float, most: int
) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Drop systems one by one until the best is left (larger is better).

    Parameters
    ----------
    systems
        How many there are.
    draw
        Gives, for systems and the first of some replications, an array (systems, replications) on common random numbers.
    delta, confidence, most
        As for `select_best`.

    Returns
    -------
    tuple
        The systems left; of every system the sum over its replications, and their number.
    """
    alive = list(range(systems))
    values = draw(alive, 0)
    while values.shape[1] < min(FIRST_STAGE, most):
        values = np.concatenate((values, draw(alive, values.shape[1])), axis=1)
    first = min(FIRST_STAGE, values.shape[1])
    spread = np.var(values[:, None, :first] - values[None, :, :first], axis=2, ddof=1)
    eta = 0.5 * ((2.0 * (1.0 - confidence) / (systems - 1)) ** (-2.0 / (first - 1)) - 1.0)
    reach = 2.0 * eta * (first - 1) * spread / delta**2
    sums, counts = values[:, :first].sum(axis=1), np.full(systems, first)
    ahead = {i: values[i, first:] for i in alive}
    while True:
        r = int(counts[alive[0]])
        lead = np.maximum(0.0, delta / 2.0 * (reach - r))
        alive = [i for i in alive if all(sums[i] >= sums[j] - lead[i, j] for j in alive if j != i)]
        if len(alive) == 1 or r >= most:
            return alive, sums, counts
        if not len(ahead[alive[0]]):
            ahead = dict(zip(alive, draw(alive, r), strict=True))
        for i in alive:
            sums[i] += ahead[i][0]
            ahead[i] = ahead[i][1:]
            counts[i] += 1


def may_be_best(
    study: Comparison, measure: str, larger: bool | None = None, confidence: float | None = None
) -> list[str]:
    """Name the scenarios of a study that may be the best; the best is among them with the stated confidence.

    Parameters
    ----------
    study
        A finished comparison.
    measure
        What counts.
    larger, confidence
        As for `select_best`; confidence absent: that of the study.

    Raises
    ------
    StudyError
        If the measure is not known, or neither more nor less of it is better.
    """
    from scipy.special import stdtrit

    if measure not in study.measures:
        raise unknown("measure", measure, study.measures)
    sign = sign_of(measure, study.about, larger)
    values = pd.DataFrame({name: sign * study.values(name, measure) for name in study.scenarios}).dropna()
    share = (1.0 - (study.confidence if confidence is None else confidence)) / max(1, values.shape[1] - 1)
    quantile = float(stdtrit(max(1, len(values) - 1), 1.0 - share))
    kept = []
    for name in values:
        gaps = values.sub(values[name], axis=0).drop(columns=name)
        behind = gaps.mean() > quantile * gaps.std(ddof=1) / np.sqrt(len(values))
        if not behind.any():
            kept.append(str(name))
    return kept


def sign_of(measure: str, about: Measures, larger: bool | None = None) -> float:
    """Give 1 where more of a measure is better and -1 where less is.

    Parameters
    ----------
    measure
        Its name.
    about
        The rows of the table of measures.
    larger
        Whether more is better; None: as its row says.

    Raises
    ------
    StudyError
        If there is no such measure, or neither is better and it is not said which is wanted.
    """
    if measure not in about:
        raise unknown("measure", measure, about.at(Headline.FILES))
    if larger is not None:
        return 1.0 if larger else -1.0
    if (better := about[measure].better) == NEITHER:
        raise StudyError(f"{measure}: neither more nor less of it is better; say larger=True or larger=False")
    return 1.0 if better == HIGH else -1.0


def _value(finished: Any, measure: str) -> float:
    if finished.error:
        raise StudyError(f"{finished.run.scenario} with seed {finished.run.seed} failed: {finished.error}")
    if measure not in finished.measures:
        raise unknown("measure", measure, finished.measures)
    return float(finished.measures[measure])


def _check(scenarios: Mapping[str, Scenario], measure: str, delta: float, confidence: float, most: int) -> None:
    if len(scenarios) < 2:
        raise StudyError(f"there are {len(scenarios)} scenarios to select from: give at least two")
    if not isinstance(measure, str) or not measure:
        raise StudyError(f"measure = {measure!r}: give the name of a measure")
    if not (is_number(delta) and 0.0 < delta < np.inf):
        raise StudyError(f"delta = {delta!r}: must be above 0, in the unit of the measure")
    check_confidence(confidence, 0.5)
    check_whole("most", most, FIRST_STAGE)
