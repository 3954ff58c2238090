"""Parameters that give the figures of a report.

Each free parameter is moved on a scale on which it has no bounds (numbers by a factor, shares by their odds); a pattern with
`*` is one factor for all that it matches. Figures are compared on such scales too, so that 99 and 99.9 % are as far
apart as 90 and 99 %. The sum of squared gaps, in standard deviations of one run, is made small by scipy's trust-region
least squares (Branch, Coleman and Li 1999, SIAM J. Sci. Comput. 21(1)) on common random numbers, with differences over
steps wide enough that the noise does not matter.

A report is one run of the real place, so its figures scatter as one run does: with the Jacobian J, the weights W and the
covariance C of the figures between replications, the covariance of the parameters is A C A' (1 + 1 / replications), where
A = (J' W J)^-1 J' W.
Directions along which the figures hardly move are said: there the figures cannot tell the parameters apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...scenario.given import as_scenario
from ...scenario.records import as_records
from ...simulation.outcome.measure_table import BUILT_IN
from ...simulation.outcome.notebook import html_table, in_words
from ..asked import as_mapping, as_names
from ..errors import StudyError, unknown
from ..how import ABSENT, Absent, as_how
from ..run import Run, Settings, run_seed
from ..runs.executors import available_workers
from ..runs.own_played import own_of, said_of_own
from ..runs.pool import play_all
from .parameter import Free, free_of

if TYPE_CHECKING:
    from typing import Unpack

    from numpy.typing import NDArray

    from ...scenario.given import Given
    from ...scenario.scenario import Scenario
    from ..how import How, HowKeywords

    Floats = NDArray[np.float64]

REPLICATIONS = 12  # at each point
STEP = 0.15  # of the differences, on the scale of a parameter: a sixth more or less
FARTHEST = 4.0  # on that scale: a factor, or odds, of 55 either way
WEAK = 1.0  # a step of one moves the figures by less than so many standard deviations: they say nothing
HELD_OUT = 1_000_003  # seeds that the search never saw
MIXED = 0.3  # share of a weak direction from which on a parameter is named


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Parameters
    ----------
    scenario
        The scenario with the values found.
    parameters
        One row per free parameter: parameter, before, value, low, high (of the first match of a pattern; nan where the
        figures do not tell), known.
    fit
        One row per figure: measure, target, used (False: held out), mean, low, high (where one fresh run lies in the
        stated share of cases), met.
    warnings
        What the figures cannot tell, in plain sentences.
    confidence
        Of the intervals, a share of 1.
    """

    scenario: Scenario
    parameters: pd.DataFrame
    fit: pd.DataFrame
    warnings: tuple[str, ...]
    confidence: float

    @cached_property
    def said(self) -> str:
        """The outcome in a sentence."""
        used = self.fit[self.fit["used"]]
        met = int(used["met"].sum())
        return (
            f"On problems that the search never saw, {met} of {len(used)} figures are met within what one run scatters"
        )

    def __repr__(self) -> str:
        notes = [f"Note: {sentence}" for sentence in self.warnings]
        return "\n".join([self.said, self.parameters.to_string(index=False), self.fit.to_string(index=False), *notes])

    def _repr_html_(self) -> str:
        shown = [
            table.map(lambda v: in_words(v) if isinstance(v, float) else str(v))
            for table in (self.parameters, self.fit)
        ]
        percent = f"{100 * self.confidence:g} %"
        return html_table(f"Parameters with {percent} intervals", shown[0]) + html_table(
            self.said, shown[1], self.warnings
        )


def calibrate(
    scenario: Given,
    targets: Mapping[str, float],
    free: Sequence[str] | Mapping[str, tuple[float | str, float | str] | None],
    replications: int | Absent = ABSENT,
    seed: int | Absent = ABSENT,
    held_out: Mapping[str, float] | None = None,
    how: How | None = None,
    **keywords: Unpack[HowKeywords],
) -> Calibration:
    """Find the values of some parameters with which the model gives reported figures.

    Parameters
    ----------
    scenario
        Where the search begins.
    targets
        Reported figures, by measure.
    free
        Key paths of the parameters; or each with its lowest and highest value.
    replications
        Runs at each point of the search, the same problems at every point; 12 if absent.
    seed, how, keywords
        As for `compare`; workers are threads.
    held_out
        Reported figures that are not used, and only compared at the end.

    Raises
    ------
    StudyError
        If a measure or a key is not known, a target is impossible, or a run gives no number.
    """
    scenario = as_scenario(scenario)
    asked = as_how("calibrate", how, {"replications": replications, "seed": seed, **keywords}, REPLICATIONS)
    count = asked.counted("calibrate")
    free = free if isinstance(free, Mapping) else as_names("free", free)
    as_mapping("targets", targets, '{"closure_rate": 0.95}')
    as_mapping("held_out", held_out or {}, '{"closure_rate": 0.95}')
    parameters = [free_of(scenario, path, free[path] if isinstance(free, Mapping) else None) for path in free]
    _check(targets, held_out or {}, parameters, count)
    model = _Model(scenario, parameters, list(targets), asked)
    wanted = np.array([_scale(name, value, model.resolution) for name, value in targets.items()])
    with model:
        at, jacobian, covariance = _search(model, wanted)
        found = model.at(at)
        fresh = model.measured(at, [*targets, *(held_out or {})], asked.seed + HELD_OUT)
    spread, weak = _spread(jacobian, covariance * (1.0 + 1.0 / count), model)
    fit = _fit({**(held_out or {}), **targets}, list(targets), fresh, asked.confidence)
    notes = (*_untold(weak, parameters), *_unmet(fit), *_at_the_end(at, model, parameters))
    table = _table(parameters, at, spread, weak, count, asked.confidence)
    return Calibration(found, table, fit, notes, asked.confidence)


class _Model:
    """The figures as a function of the parameters, on common random numbers."""

    def __init__(self, scenario: Scenario, parameters: list[Free], names: list[str], how: How) -> None:
        self.scenario, self.parameters, self.names = scenario, parameters, names
        self.replications, self.seed, self.how = how.counted("calibrate"), how.seed, how
        self.own, self.records = own_of([""], how.policy, how.agents), as_records(how.records)
        said_of_own(self.own, how.engine)
        self.low = np.array([max(-FARTHEST, one.lowest) for one in parameters])
        self.high = np.array([min(FARTHEST, one.highest) for one in parameters])
        self._threads = ThreadPoolExecutor(how.workers or available_workers())
        self._known: dict[tuple[float, ...], Floats] = {}
        self.resolution = 0.5 / max(
            1.0, float(np.mean(self.measured(np.zeros(len(parameters)), ["reported"], how.seed)))
        )

    def __enter__(self) -> _Model:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown()

    def at(self, place: Floats) -> Scenario:
        """The scenario at a place of the search."""
        changes: dict[str, Any] = {}
        for one, step in zip(self.parameters, place, strict=True):
            changes |= one.moved(float(step))
        return self.scenario.vary(changes)

    def scaled(self, place: Floats) -> Floats:
        """The figures of every replication, on their scales; shape (replications, figures)."""
        key = tuple(place.tolist())
        if key not in self._known:
            raw = self.measured(place, self.names, self.seed)
            columns = [_scale(name, column, self.resolution) for name, column in zip(self.names, raw.T, strict=True)]
            self._known[key] = np.column_stack(columns)
        return self._known[key]

    def measured(self, place: Floats, names: Sequence[str], seed: int) -> Floats:
        """The figures of every replication as they are; shape (replications, figures)."""
        settings = Settings({"": self.at(place)}, self.how.engine, self.records, self.own)
        runs = [Run("", r, run_seed(seed, r)) for r in range(self.replications)]
        with closing(play_all(runs, settings, executor=self.how.executor or self._threads)) as played:
            found = sorted(played, key=lambda one: one.run.replication)
        for one in found:
            if one.error:
                raise StudyError(f"the run with seed {one.run.seed} failed: {one.error}")
        for name in names:
            if name not in found[0].measures:
                raise unknown("measure", name, found[0].measures)
        values = np.array([[one.measures[name] for name in names] for one in found])
        for name, column in zip(names, values.T, strict=True):
            if np.isnan(column).any():
                raise StudyError(
                    f"{name} has no value in {np.isnan(column).sum()} of {len(column)} runs: nothing to compare"
                )
        return values


def _search(model: _Model, wanted: Floats) -> tuple[Floats, Floats, Floats]:
    """The best place, and there the Jacobian and the covariance of the figures."""
    from scipy.optimize import least_squares

    start = np.clip(np.zeros(len(model.parameters)), model.low + 1e-6, model.high - 1e-6)
    weights = 1.0 / _deviations(model.scaled(start))

    def gaps(place: Floats) -> Floats:
        return np.asarray((model.scaled(place).mean(axis=0) - wanted) * weights)

    def slopes(place: Floats) -> Floats:
        return _differences(gaps, place, model)

    for _ in range(2):  # the scatter at the start may be far from that at the end
        found = least_squares(gaps, start, slopes, bounds=(model.low, model.high), x_scale=1.0, xtol=1e-3, ftol=1e-3,
                              gtol=1e-6, max_nfev=25)  # fmt: skip
        start = np.clip(found.x, model.low + 1e-6, model.high - 1e-6)
        weights = 1.0 / _deviations(model.scaled(start))
    jacobian = _differences(lambda place: model.scaled(place).mean(axis=0), start, model)
    values = model.scaled(start)
    covariance = np.atleast_2d(np.cov(values, rowvar=False)) + np.diag(_deviations(values) ** 2 * 1e-6)
    return start, jacobian, covariance


def _differences(function: Callable[[Floats], Floats], place: Floats, model: _Model) -> Floats:
    """The Jacobian by differences over a wide step, to both sides where the bounds leave room."""
    columns = []
    for k in range(len(place)):
        up, down = place.copy(), place.copy()
        up[k], down[k] = min(place[k] + STEP, model.high[k]), max(place[k] - STEP, model.low[k])
        columns.append((function(up) - function(down)) / (up[k] - down[k]))
    return np.column_stack(columns)


def _deviations(values: Floats) -> Floats:
    """Standard deviations between replications; a figure that never varies counts to a thousandth."""
    return np.asarray(np.maximum(values.std(axis=0, ddof=1), 1e-3))


def _scale(name: str, value: Any, resolution: float) -> Any:
    """A figure on a scale without bounds: log odds of a share, log of all else; 0 and 1 as half a problem from the end."""
    given = np.asarray(value, dtype=np.float64)
    if BUILT_IN[name].is_share:
        inside = np.clip(given, resolution, 1.0 - resolution)
        return np.log(inside / (1.0 - inside))
    return np.log(np.maximum(given, 1e-9))


def _spread(jacobian: Floats, covariance: Floats, model: _Model) -> tuple[Floats, Floats]:
    """Standard errors of the parameters, and the directions (rows) that the figures do not tell."""
    deviations = np.sqrt(np.diag(covariance))
    scaled = jacobian / deviations[:, None]
    left, strength, directions = np.linalg.svd(scaled, full_matrices=True)
    strength = np.concatenate((strength, np.zeros(len(directions) - len(strength))))
    told = strength >= WEAK
    inverse = directions[told].T @ np.diag(1.0 / strength[told]) @ left[:, : len(told)][:, told[: left.shape[1]]].T
    errors = np.sqrt(np.einsum("ij,jk,ik->i", inverse, covariance / np.outer(deviations, deviations), inverse))
    weak = directions[~told]
    untold = np.sqrt((weak**2).sum(axis=0)) * (model.high - model.low)
    return np.asarray(np.minimum(np.hypot(errors, untold), model.high - model.low)), weak


def _table(
    parameters: list[Free], at: Floats, errors: Floats, weak: Floats, replications: int, confidence: float
) -> pd.DataFrame:
    from scipy.special import stdtrit

    reach = float(stdtrit(replications - 1, 0.5 + confidence / 2.0)) * errors
    unknown_ones = [bool((np.abs(weak[:, k]) > MIXED).any()) for k in range(len(parameters))]
    rows = []
    for one, place, half, untold in zip(parameters, at, reach, unknown_ones, strict=True):
        ends = (max(place - half, one.lowest), min(place + half, one.highest))
        interval = (np.nan, np.nan) if untold else tuple(one.at(end) for end in ends)
        rows.append((one.path, one.value, one.at(place), *interval, not untold))
    return pd.DataFrame(rows, columns=pd.Index(["parameter", "before", "value", "low", "high", "known"]))


def _fit(targets: dict[str, float], used: list[str], fresh: Floats, confidence: float) -> pd.DataFrame:
    """How the figures come out on problems that the search never saw, and where one run of them lies."""
    from scipy.special import stdtrit

    count = len(fresh)
    reach = float(stdtrit(count - 1, 0.5 + confidence / 2.0)) * np.sqrt(1.0 + 1.0 / count)
    order = [*used, *(name for name in targets if name not in used)]
    rows = []
    for name, column in zip(order, fresh.T, strict=True):
        mean, half, target = float(column.mean()), float(reach * column.std(ddof=1)), float(targets[name])
        low, high = mean - half, mean + half
        row = BUILT_IN[name]
        if row.is_share:
            low, high = max(low, row.least), min(high, row.most)
        rows.append((name, target, name in used, mean, low, high, low - 1e-9 <= target <= high + 1e-9, row.unit))
    return pd.DataFrame(rows, columns=pd.Index(["measure", "target", "used", "mean", "low", "high", "met", "unit"]))


def _untold(weak: Floats, parameters: list[Free]) -> list[str]:
    said = []
    for direction in weak:
        names = [one.path for one, part in zip(parameters, direction, strict=True) if abs(part) > MIXED]
        if len(names) == 1:
            said.append(
                f"The figures say nothing of {names[0]}: they hardly change with it. Give it a value of its own."
            )
        else:
            said.append(
                f"The figures cannot tell {' and '.join(names)} apart: what one gives the other can take back."
                " Give one of them a value."
            )
    return said


def _unmet(fit: pd.DataFrame) -> list[str]:
    rows = fit.loc[fit["used"] & ~fit["met"], ["measure", "mean"]].to_dict("records")
    return [
        f"The target of {row['measure']} is not reached with these parameters: the nearest is"
        f" {in_words(row['mean'])}. Free another parameter, or widen a range."
        for row in rows
    ]


def _at_the_end(at: Floats, model: _Model, parameters: list[Free]) -> list[str]:
    ends = (at < model.low + 0.01) | (at > model.high - 0.01)
    return [
        f"{one.path} is at the end of its range: widen it, or free another parameter."
        for one, end in zip(parameters, ends, strict=True)
        if end
    ]


def _check(
    targets: Mapping[str, float], held_out: Mapping[str, float], parameters: list[Free], replications: int
) -> None:
    if not targets or not parameters:
        raise StudyError("give at least one target and one free parameter")
    if twice := sorted(set(targets) & set(held_out)):
        raise StudyError(f"{', '.join(twice)}: is a target or held out, not both")
    for name, value in {**targets, **held_out}.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value) or value < 0.0:
            raise StudyError(f"target {name} = {value!r}: must be a number of at least 0")
        if BUILT_IN[name].is_share and value > 1.0:
            raise StudyError(f"target {name} = {value!r}: is a share, from 0 to 1")
    if replications < len(targets) + 2:
        raise StudyError(
            f"replications = {replications!r}: must be at least {len(targets) + 2}, two more than there are targets"
        )
