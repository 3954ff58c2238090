"""What a report says of a site, beside what the model gives: under each definition of closure, and where both cannot be true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..scenario.scenario import load
from ..scenario.sites import site_names
from ..simulation.simulate import simulate
from .errors import unknown
from .statistics import mean_interval
from .study import compare

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
    from .comparison import Comparison

    Ends = tuple[float, float, float]

AS_IT_IS = "as it is"
DEFINITIONS = {
    "closure_rate": "closed by the end, of all opened",
    "due_closure_rate": "closed by the end, of those whose limit ended",
    "on_time_rate": "closed within the limit, of those whose limit ended",
}
OF_TYPE = {"hanghai_east_road": "suggestion"}  # where the report's closure rate is that of one type
COUNTS = ("social_problems", "suggestions")  # how many problems a reported closure rate is of
NEARLY_ALL = 0.999


@dataclass(frozen=True)
class Contrast:
    """What makes a site that site, taken away.

    Parameters
    ----------
    without
        What the site would be without it.
    changes
        The key paths that take it away, at equal headcount where people are moved.
    measures
        In which the difference shows.
    """

    without: str
    changes: Mapping[str, Any]
    measures: tuple[str, ...]


CONTRASTS = {
    "mingming_road": Contrast("leaders do not patrol", {"tiers.grid.leader.patrol_every_hours": None},
                              ("found_before_maturing", "incident_rate", "response_hours_mean")),
    "huiji": Contrast("work teams stay in the district",
                      {"tiers.village.staff.work_team.count": 0, "tiers.district.staff.district_office.count": 172},
                      ("response_hours_mean", "on_time_rate", "closed_at.village")),
    "hanghai_east_road": Contrast("no informants", {"tiers.grid.informants": 0},
                                  ("found_before_maturing", "incident_rate")),
    "jingba_road": Contrast("leaders on foot", {"tiers.grid.leader.speed_kmh": 5.0},
                            ("resolution_hours_mean", "response_hours_mean", "utilisation.grid.leader")),
    "zhongxin_road": Contrast("one station a circle", {"tiers.circle.stations": 1},
                              ("within_5_min", "within_10_min", "within_15_min", "response_hours_mean")),
    "dashiqiao": Contrast("no volunteers in the courtyards", {"tiers.courtyard.staff.volunteer.count": 0},
                          ("response_hours_mean", "utilisation.grid.grid_worker", "cost_per_closed")),
    "jinshui_civil_affairs": Contrast("no flow chart: more errors of triage", {"escalation.triage_error": 0.25},
                                      ("on_time_rate", "response_hours_mean", "escalated_share")),
    "dahe_road": Contrast("leaders of the street do not visit", {"tiers.street.leader.patrol_every_hours": None},
                          ("found_before_maturing", "incident_rate")),
}  # fmt: skip


@dataclass(frozen=True)
class Reproduction:
    """One site: the report and the model side by side.

    Parameters
    ----------
    site
        Its name.
    figures
        One row per reported figure that the model measures: figure, reported, mean, low, high, source.
    definitions
        One row per definition of closure: definition, reported (where the report has a closure rate), mean, low, high.
    contrast
        One row per measure: measure, with_it, without_it, difference, low, high; empty where there is none.
    without
        What the contrast takes away.
    notes
        What cannot both be true, in plain sentences.
    """

    site: str
    figures: pd.DataFrame
    definitions: pd.DataFrame
    contrast: pd.DataFrame
    without: str
    notes: tuple[str, ...]


def reproduce(
    sites: Sequence[str] | None = None, replications: int = 8, seed: int = 0, days: float | None = None, **how: Any
) -> list[Reproduction]:
    """Run ready-made sites and set what the model gives beside what their reports say.

    Parameters
    ----------
    sites
        Their names; absent: all.
    replications, seed, how
        As for `compare`.
    days
        Length of the runs; absent: as each site says.

    Raises
    ------
    StudyError
        If a site is not known.
    """
    for name in sites or ():
        if name not in site_names():
            raise unknown("site", name, site_names())
    return [_one(name, replications, seed, days, how) for name in (sites or site_names())]


def _one(name: str, replications: int, seed: int, days: float | None, how: Mapping[str, Any]) -> Reproduction:
    site = load(name)
    if days is not None:
        site = site.vary({"run.days": days, "run.warm_up_days": min(site.run.warm_up_days, days / 4)})
    contrast = CONTRASTS.get(name)
    scenarios = {AS_IT_IS: site}
    if contrast:
        scenarios[contrast.without] = site.vary(contrast.changes)
    study = compare(scenarios, replications, seed, AS_IT_IS, **how)
    told = _told(study, site, OF_TYPE.get(name))
    return Reproduction(
        name, _figures(site, study), _definitions(site, told), _contrast(study, contrast),
        contrast.without if contrast else "", tuple(_notes(site, told)),
    )  # fmt: skip


def _told(study: Comparison, site: Scenario, kind: str | None) -> dict[str, Ends]:
    """Mean and interval of what the report's closure rate is about: all problems, or one type."""
    names = [*DEFINITIONS, "resolution_hours_mean"]
    if kind is None:
        return {name: _interval(study, name) for name in names}
    seeds = study.runs.loc[study.runs["scenario"] == AS_IT_IS, "seed"]
    runs = [simulate(site, int(seed)).by("type").loc[kind] for seed in seeds]
    return {name: mean_interval([run[name] for run in runs]) for name in names}


def _interval(study: Comparison, measure: str) -> tuple[float, float, float]:
    row = study.table([measure]).iloc[0]
    return float(row["mean"]), float(row["low"]), float(row["high"])


def _figures(site: Scenario, study: Comparison) -> pd.DataFrame:
    rows = [
        (name, reported.value, *_interval(study, name), reported.source)
        for name, reported in site.reported.items()
        if name in study.measures and name not in DEFINITIONS
    ]
    return pd.DataFrame(rows, columns=pd.Index(["figure", "reported", "mean", "low", "high", "source"]))


def _definitions(site: Scenario, told: Mapping[str, Ends]) -> pd.DataFrame:
    said = site.reported.get("closure_rate")
    rows = [(words, said.value if said else float("nan"), *told[measure]) for measure, words in DEFINITIONS.items()]
    return pd.DataFrame(rows, columns=pd.Index(["definition", "reported", "mean", "low", "high"]))


def _contrast(study: Comparison, contrast: Contrast | None) -> pd.DataFrame:
    rows = []
    for measure in contrast.measures if contrast else ():
        means = study.table([measure]).set_index("scenario")["mean"]
        assert contrast is not None
        gap = study.differences([measure]).iloc[0]
        # Of the site from the place without it: the other way round than from the baseline.
        ends = (-float(gap["difference"]), -float(gap["high"]), -float(gap["low"]))
        rows.append((measure, float(means[AS_IT_IS]), float(means[contrast.without]), *ends))
    columns = ["measure", "with_it", "without_it", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def _notes(site: Scenario, told: Mapping[str, Ends]) -> list[str]:
    """What follows from the report alone, by Little's law, beside what the model gives."""
    rate = site.reported.get("closure_rate")
    count = next((site.reported[name].value for name in COUNTS if name in site.reported), None)
    if rate is None or count is None:
        return []
    # Of the report itself, whatever length of run was asked for here.
    days = load(site.name).run.days
    still_open, daily = count * (1.0 - rate.value), count / days
    hours = 24.0 * still_open / daily
    modelled = told["resolution_hours_mean"][0]
    took = f"{60 * hours:.0f} minutes" if hours < 2.0 else f"{hours:.0f} hours"
    said = (
        f"{100 * rate.value:.4g} % of {count:,.0f} closed leaves {still_open:.1f} open at the count. With {daily:.0f} reports a"
        f" day (over {days:g} days) Little's law then gives a mean time to close of {took}"
    )
    if rate.value < NEARLY_ALL or modelled < 2.0 * hours:
        return [f"{said}; the model gives {modelled:.1f} h."]
    opened, due = (told[name][0] for name in ("closure_rate", "due_closure_rate"))
    return [
        f"{said}, for the whole place, nights and weekends included. The model gives {modelled:.1f} h. Both cannot be true of"
        " problems that are entered when they arise: either they are entered when they are nearly solved, or the rate counts"
        f" what was due ({100 * due:.3f} % in the model) and not what was opened ({100 * opened:.2f} %)."
    ]
