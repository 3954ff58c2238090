"""What views read from a comparison: one measure of every scenario, and the columns that a sweep adds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ..simulation.units import SHARE, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ..study.comparison import Comparison

COST_PER_DAY = "cost_per_day"
ALWAYS_BUSY = 0.95  # share of their hours from which leaders cannot keep up with their inbox
MAY_EXCEED = ("utilisation.", "offered_load.")  # overtime and overload are more than 1
NAMED = 5  # scenarios that a note names before it counts the rest


def readings(study: Comparison, measure: str) -> pd.DataFrame:
    """Give one measure of every scenario: mean, low, high, n, and the swept columns.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    measure
        A measure of the model, or "cost_per_day" (wages of a mean day, known without running).

    Returns
    -------
    DataFrame
        One row per scenario that has the measure, in the order in which they were given.

    Raises
    ------
    StudyError
        If no scenario has such a measure.
    """
    known = study.table(["reported" if measure == COST_PER_DAY else measure])
    known = known.drop(columns="measure").set_index("scenario")
    if measure == COST_PER_DAY:
        cost = [study.scenarios[str(name)].cost_per_day for name in known.index]
        known = known.assign(mean=cost, low=cost, high=cost)
    return known


def swept_columns(study: Comparison) -> list[str]:
    """Name the columns that a sweep adds to the table: the keys it varied."""
    return list(next(iter(study.levers.values()), {}))


def tiers_of(study: Comparison, scenario: str) -> list[str]:
    """Name the tiers of one scenario, from the bottom to the top."""
    return [tier.name for tier in study.scenarios[scenario].tiers]


def only(study: Comparison, names: list[str], baseline: str | None = None) -> Comparison:
    """Give the same comparison with some of its scenarios.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    names
        The scenarios to keep.
    baseline
        What the others are compared with; absent: as before, or the first.
    """
    base = baseline or (study.baseline if study.baseline in names else names[0])
    return replace(
        study,
        runs=study.runs[study.runs["scenario"].isin(names)],
        scenarios={name: study.scenarios[name] for name in names},
        baseline=base,
        levers={name: lever for name, lever in study.levers.items() if name in names},
        restricted={key: count for key, count in study.restricted.items() if key[1] in names},
    )


def renamed(study: Comparison, names: Mapping[str, str]) -> Comparison:
    """Give the same comparison with other names for its scenarios.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    names
        The new name of every scenario; no two alike.
    """
    return replace(
        study,
        runs=study.runs.assign(scenario=study.runs["scenario"].map(dict(names))),
        scenarios={names[name]: scenario for name, scenario in study.scenarios.items()},
        baseline=names[study.baseline],
        levers={names[name]: lever for name, lever in study.levers.items()},
        restricted={(measure, names[name]): count for (measure, name), count in study.restricted.items()},
    )


def bounds(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The ends of the intervals, columns low and high; none is below 0, and those of a share not above 1.

    Parameters
    ----------
    table
        As `readings` gives it.
    measure
        Of which measure.
    """
    ends = table[["low", "high"]]
    return ends.clip(0.0, 1.0 if unit_of(measure) == SHARE and not measure.startswith(MAY_EXCEED) else None)


def notes_of(study: Comparison) -> list[str]:
    """Say in plain words what a reader of the tables should know: what the study warns of, and busy leaders.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    """
    found = list(study.warnings)
    for measure in study.measures:
        if measure.startswith("utilisation.") and measure.endswith(".leader"):
            busy = readings(study, measure)["mean"]
            names = [str(name) for name in busy.index[busy >= ALWAYS_BUSY]]
            if names:
                found.append(
                    f"The leaders of tier {measure.split('.')[1]} are busy nearly all their hours in {_some(names)}:"
                    " what waits there for a decision waits long, whatever the load of the staff."
                )
    return found + [sentence for measure in study.measures if (sentence := _never_reached(study, measure))]


def _never_reached(study: Comparison, measure: str) -> str:
    """A percentile of response that some scenario never reaches, in words; empty if there is none."""
    if not measure.startswith("response_hours_p"):
        return ""
    means = readings(study, measure)["mean"]
    names = [str(name) for name in means.index[means.isna()]]
    return f"{measure} is not reached in {_some(names)}: too many problems had no response by the end." if names else ""


def _some(names: list[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def half_width(low: float, high: float) -> float:
    """Half the width of an interval; nan without one."""
    width = (high - low) / 2.0
    return width if math.isfinite(width) else math.nan
