"""Which scenarios to run: all combinations, a list, or points that fill a space of uncertain numbers.

Levers are what a planner decides; every lever setting is run at every point of the uncertainties, on the same problems,
so that what is said of a lever holds over all that is not known. Points come from scipy.stats.qmc (Latin hypercube, Sobol).
Indices say which uncertain number matters: Sobol's (Saltelli et al. 2010, Computer Physics Communications 181, 259-270)
and Morris' (1991, Technometrics 33, 161-174), both through SALib.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
import pandas as pd

from ...scenario.given import as_scenario, shown
from ...scenario.scaling import ends_of, times
from ..asked import as_mapping, check_whole
from ..errors import StudyError, unknown
from ..how import as_how
from ..runs.size import check_size
from .study import combinations, compared

if TYPE_CHECKING:
    from ...scenario.given import Given
    from ..comparing.comparison import Comparison
    from ..how import How, StudyKeywords

    Range = tuple[float, float] | tuple[str, str]  # two numbers, or two scales such as "-20%" and "+20%"

REPLICATIONS = 4  # of each point
SAMPLINGS = ("latin", "sobol", "corners")
RANGES = '{"escalation.after_hours": (4, 24)}'  # what uncertainties look like
METHODS = ("sobol", "morris")


def explore(
    scenario: Given,
    levers: Mapping[str, Iterable[Any]] | None = None,
    uncertainties: Mapping[str, Range] | None = None,
    points: int | Sequence[Mapping[str, Any]] = 16,
    sampling: str = "latin",
    how: How | None = None,
    **keywords: Unpack[StudyKeywords],
) -> Comparison:
    """Run every setting of the levers at every point of what is uncertain.

    Parameters
    ----------
    scenario
        What is varied.
    levers
        The values of each key path that a planner decides; all combinations are run. Absent: as the scenario is.
    uncertainties
        Lowest and highest value of each key path that is not known; ("-20%", "+20%") scales what stands there.
    points
        How many points; or an explicit list of key paths and values, in place of `uncertainties`.
    sampling
        "latin" (hypercube), "sobol" (a power of 2 points) or "corners" (all lowest and highest values).
    how, keywords
        As for `compare`; 4 replications if absent. The seed also draws the points.

    Returns
    -------
    Comparison
        Its tables carry levers and uncertainties as columns.

    Raises
    ------
    StudyError
        If something is wrong with what is asked for.
    ScenarioError
        If a point is not a valid scenario.
    """
    scenario, asked = as_scenario(scenario), as_how("explore", how, keywords, REPLICATIONS)
    as_mapping("uncertainties", uncertainties or {}, RANGES)
    settings = list(combinations(levers).values()) if levers else [{}]
    places = _points(uncertainties or {}, points, sampling, asked.seed)
    if levers and (twice := sorted(set(levers) & {path for place in places for path in place})):
        raise StudyError(f"{', '.join(twice)}: is a lever or an uncertainty, not both")
    check_size(len(settings) * len(places))
    chosen = [{**setting, **place} for place in places for setting in settings]
    paths = list(dict.fromkeys(path for one in chosen for path in one))
    if not paths:
        raise StudyError("there is nothing to explore: give levers, uncertainties or a list of points")
    named = {f"{number:04d}": one for number, one in enumerate(chosen)}
    study = compared({name: scenario.vary(one) for name, one in named.items()}, asked)
    return study.with_levers({name: {path: one.get(path) for path in paths} for name, one in named.items()})


def sensitivity(
    scenario: Given,
    uncertainties: Mapping[str, Range],
    measure: str,
    method: str = "sobol",
    points: int = 64,
    how: How | None = None,
    **keywords: Unpack[StudyKeywords],
) -> pd.DataFrame:
    """Say which uncertain numbers a measure depends on.

    Parameters
    ----------
    scenario
        What is varied.
    uncertainties
        Lowest and highest value of each key path.
    measure
        Name of the measure.
    method
        "sobol": shares of the variance, alone (`first`) and with all interactions (`total`), with 95 % half-widths; it
        runs points * (number of uncertainties + 2) scenarios. "morris": mean size (`mu_star`) and spread (`sigma`) of
        the effect of one step; it runs points * (number + 1).
    points
        Base sample; for "sobol" a power of 2.
    how, keywords
        As for `compare`; one replication if absent.

    Raises
    ------
    StudyError
        If SALib is missing, a name is not known, or a run gives no number.
    """
    scenario, asked = as_scenario(scenario), as_how("sensitivity", how, keywords, 1)
    _check_method(as_mapping("uncertainties", uncertainties, RANGES), method, points)
    salib = _salib()
    bounds = [list(_ends(*ends)) for ends in uncertainties.values()]
    problem = {"num_vars": len(uncertainties), "names": list(uncertainties), "bounds": bounds}
    if method == "sobol":
        sample = salib.sample.sobol.sample(problem, points, calc_second_order=False, seed=asked.seed)
    else:
        sample = salib.sample.morris.sample(problem, points, seed=asked.seed)
    places = [_place(uncertainties, row) for row in sample]
    study = explore(scenario, points=places, how=asked)
    found = study.table([measure])["mean"].to_numpy(np.float64)
    if len(found) != len(sample) or np.isnan(found).any():
        raise StudyError(
            f"{measure} has no value at {len(sample) - np.count_nonzero(~np.isnan(found))} of {len(sample)} points"
        )
    if found.std() == 0.0:
        raise StudyError(f"{measure} is the same at all {len(sample)} points: it depends on none of these numbers")
    if method == "sobol":
        indices = salib.analyze.sobol.analyze(problem, found, calc_second_order=False, seed=asked.seed)
        columns = {"first": "S1", "first_half_width": "S1_conf", "total": "ST", "total_half_width": "ST_conf"}
    else:
        indices = salib.analyze.morris.analyze(problem, sample, found, seed=asked.seed)
        columns = {"mu_star": "mu_star", "mu_star_half_width": "mu_star_conf", "mu": "mu", "sigma": "sigma"}
    table = pd.DataFrame({name: np.asarray(indices[key], dtype=np.float64) for name, key in columns.items()})
    table.insert(0, "uncertainty", list(uncertainties))
    return table.sort_values(table.columns[3 if method == "sobol" else 1], ascending=False, ignore_index=True)


def _points(
    uncertainties: Mapping[str, Range], points: int | Sequence[Mapping[str, Any]], sampling: str, seed: int
) -> list[dict[str, Any]]:
    """The points, by key path; one without any change where nothing is uncertain."""
    if not isinstance(points, Integral):
        if uncertainties:
            raise StudyError("give uncertainties with a number of points, or an explicit list of points; not both")
        if isinstance(points, str | Mapping) or not isinstance(points, Iterable):
            raise StudyError(f"points = {shown(points)}: must be a number, or a list of key paths with values")
        return [dict(as_mapping("points", place, '{"escalation.after_hours": 4}')) for place in points]
    if not uncertainties:
        return [{}]
    _check_ranges(uncertainties)
    if sampling not in SAMPLINGS:
        raise unknown("sampling", sampling, SAMPLINGS)
    points = check_whole("points", points, 1)
    check_size(2 ** len(uncertainties) if sampling == "corners" else points)
    low, high = np.array([_ends(*ends) for ends in uncertainties.values()], dtype=np.float64).T
    placed = low + _unit_cube(len(uncertainties), points, sampling, seed) * (high - low)
    return [_place(uncertainties, row) for row in placed]


def _ends(low: Any, high: Any) -> tuple[float, float]:
    """The ends of a range as numbers; of scales their factors."""
    return ends_of(low, high) or (low, high)


def _place(uncertainties: Mapping[str, Range], row: Iterable[float]) -> dict[str, Any]:
    """One point: a number for each key path, or a factor where its ends are scales."""
    values = zip(uncertainties.items(), map(float, row), strict=True)
    return {path: times(value) if ends_of(*ends) else value for (path, ends), value in values}


def _unit_cube(dimensions: int, points: int, sampling: str, seed: int) -> np.ndarray:
    from scipy.stats import qmc

    if sampling == "corners":
        return np.array(np.meshgrid(*[[0.0, 1.0]] * dimensions, indexing="ij")).reshape(dimensions, -1).T
    if sampling == "sobol":
        if points & (points - 1):
            raise StudyError(
                f"points = {points}: Sobol points are balanced only for a power of 2, such as 16, 32 or 64"
            )
        return np.asarray(qmc.Sobol(dimensions, rng=seed).random(points))
    return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(points))


def _check_ranges(uncertainties: Mapping[str, Range]) -> None:
    for path, ends in uncertainties.items():
        two = isinstance(ends, Sequence) and not isinstance(ends, str) and len(ends) == 2
        low, high = _ends(*ends) if two else (None, None)
        if not (isinstance(low, int | float) and isinstance(high, int | float)):
            raise StudyError(f"{path} = {ends!r}: give its lowest and its highest value, or two scales such as '-20%'")
        if not -np.inf < low < high < np.inf:
            raise StudyError(f"{path} = {ends!r}: the lowest value must be below the highest")


def _check_method(uncertainties: Mapping[str, Range], method: str, points: int) -> None:
    if method not in METHODS:
        raise unknown("method", method, METHODS)
    if not uncertainties:
        raise StudyError("there is nothing uncertain: give at least one key path with its lowest and highest value")
    _check_ranges(uncertainties)
    check_whole("points", points, 2)
    if method == "sobol" and points & (points - 1):
        raise StudyError(f"points = {points}: must be a power of 2 for Sobol indices, such as 32 or 64")


def _salib() -> Any:
    try:
        import SALib.analyze.morris
        import SALib.analyze.sobol
        import SALib.sample.morris
        import SALib.sample.sobol
    except ImportError:
        raise StudyError("indices of sensitivity need SALib: pip install 'gridsim[sensitivity]'") from None
    return SALib
