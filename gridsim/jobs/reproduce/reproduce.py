"""Every site beside its report: printed figures, what the model gives, and where both cannot be true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...scenario.given import as_scenario
from ...scenario.sites import site_names
from ...study.asked import as_names
from ...study.errors import StudyError
from ...study.how import ABSENT, Absent, as_how
from ...study.methods.study import compared
from .contrasts import CONTRASTS
from .reported_figure import AS_IT_IS, DEFINITIONS, GROUPS, SiteRuns, Value, group_and_measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Unpack

    from ...scenario.parts import Reported
    from ...scenario.scenario import Scenario
    from ...study.comparing.comparison import Comparison
    from ...study.how import How, StoppingKeywords
    from ...study.stopping import Enough

REPLICATIONS = 8
PERIOD = ("period_days_least", "period_days_most")  # of the report: how long "several months" may be
WITHIN, FITTED_WITHIN = "within the interval", "fitted, and within the interval"
FITTED = {("hanghai_east_road", "suggestions_closure_rate")}  # a work time was chosen after it
UNLIKELY = 0.01  # a count that comes up less often than this is not taken for chance
HOURS_PER_DAY = 24.0
FIGURES = ("site", "figure", "definition", "report", "model", "low", "high", "n", "verdict", "source")
VERDICTS = {
    True: "Report and model cannot both be true. Ask whether problems are entered when nearly solved, or the rate leaves"
    " out problems opened.",
    False: "Both can be true.",
}


@dataclass(frozen=True)
class Reproduction:
    """What came of setting sites beside their reports.

    Parameters
    ----------
    figures
        One row per printed figure and definition: report, model, low, high (95 %), n, verdict, source.
    differences
        The contrast of each site with itself without its mechanism: difference (contrast less site), low, high, p.
    findings
        Sentences on what can and what cannot both be true.
    studies
        The runs, by site.
    """

    figures: pd.DataFrame
    differences: pd.DataFrame
    findings: tuple[str, ...]
    studies: dict[str, Comparison]


def reproduce(
    sites: Sequence[str] = (),
    replications: int | str | Enough | Absent = ABSENT,
    seed: int | Absent = ABSENT,
    days: float | None = None,
    how: How | None = None,
    **keywords: Unpack[StoppingKeywords],
) -> Reproduction:
    """Run sites and set what they give beside what their reports printed.

    Parameters
    ----------
    sites
        Names of sites, or TOML files; one alone may be given as text; none: every site.
    replications, seed, how, keywords
        As for `compare`; 8 replications if absent.
    days
        Length of each run in days; absent: as the sites say.

    Raises
    ------
    ScenarioError
        If there is no such site.
    StudyError
        If a site is given twice, or its runs fail.
    """
    asked = as_how("reproduce", how, {"replications": replications, "seed": seed, **keywords}, REPLICATIONS)
    given = [_shortened(as_scenario(name, "site"), days) for name in as_names("sites", sites) or site_names()]
    names = [site.name for site in given]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StudyError(f"{', '.join(twice)}: given twice")
    variants = {(site.name, label): one for site in given for label, one in _variants(site)}
    together = compared({": ".join(key): one for key, one in variants.items()}, asked)
    if len(together.failed):
        raise StudyError(together.warnings[0])
    studies = {site.name: _part(together, site.name, [label for name, label in variants if name == site.name])
               for site in given}  # fmt: skip
    return _set_beside(given, studies)


def _set_beside(sites: Sequence[Scenario], studies: dict[str, Comparison]) -> Reproduction:
    figures: list[tuple[object, ...]] = []
    findings: list[str] = []
    for site in sites:
        model = SiteRuns(site, studies[site.name])
        figures += [row for key, said in site.reported.items()
                    if key not in PERIOD for row in _rows(model, key, said)]  # fmt: skip
        findings += _findings(model)
    table = pd.DataFrame(figures, columns=pd.Index(FIGURES))
    parts = [part for site in sites if len(part := _differences(site, studies[site.name]))]
    differences = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return Reproduction(table, differences, (*_of_definitions(table), *findings), studies)


def _shortened(site: Scenario, days: float | None) -> Scenario:
    from ..street.plan import shortened

    return site if days is None else shortened(site, days)


def _variants(site: Scenario) -> Iterator[tuple[str, Scenario]]:
    yield AS_IT_IS, site
    for contrast in CONTRASTS.get(site.name, ()):
        yield contrast.name, contrast.of(site)


def _part(together: Comparison, site: str, labels: Sequence[str]) -> Comparison:
    """The runs of one site, its variants called by their own names."""
    names = {f"{site}: {label}": label for label in labels}
    return together.only(names, f"{site}: {AS_IT_IS}").renamed(names)


def _differences(site: Scenario, study: Comparison) -> pd.DataFrame:
    """Paired differences of each contrast from the site as it is, in the measures that it is about."""
    parts = []
    for contrast in CONTRASTS.get(site.name, ()):
        known = [name for name in contrast.measures if name in study.measures]
        table = study.differences(known)
        means = study.table(known).query("scenario == @AS_IT_IS").set_index("measure")["mean"]
        table = table[table["scenario"] == contrast.name].rename(columns={"scenario": "contrast"})
        parts.append(table.assign(site=site.name, site_mean=table["measure"].map(means)))
    columns = ["site", "contrast", "measure", "site_mean", "difference", "low", "high", "p", "n"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame()


# --- one printed figure ------------------------------------------------------------------------------------------


def _rows(model: SiteRuns, key: str, said: Reported) -> Iterator[tuple[object, ...]]:
    """One row of the table for a printed figure; of a closure rate one for each definition."""
    group, asked = group_and_measure(key)
    definitions = DEFINITIONS if asked == "closure_rate" else {asked: ""}
    for measure, definition in definitions.items():
        found = model.value(f"{group}_{measure}" if group else measure)
        yield (
            model.site.name,
            key,
            definition,
            said.value,
            *found,
            _verdict(said.value, found, _is_fitted(model.site.name, key)),
            said.source,
        )


def _is_fitted(site: str, key: str) -> bool:
    """Whether the site's numbers were chosen after this figure, so that agreement proves nothing."""
    group, measure = group_and_measure(key)
    return (bool(group) and measure == "reported") or (site, key) in FITTED


def _verdict(printed: float, found: Value, fitted: bool = False) -> str:
    if np.isnan(found.mean):
        return "no value in the model"
    if found.n == 0:
        return "input, so no test" if found.mean == printed else "input in whole people, so no test"
    if np.isnan(found.low):
        return "one run: no interval"
    if found.low <= printed <= found.high:
        return FITTED_WITHIN if fitted else WITHIN
    return "printed higher" if printed > found.high else "printed lower"


# --- what can and cannot both be true ----------------------------------------------------------------------------


def _of_definitions(figures: pd.DataFrame) -> Iterator[str]:
    """Say under which definition a printed closure rate is what the model gives."""
    rates = figures[figures["definition"] != ""]
    for (site, figure), rows in rates.groupby(["site", "figure"], sort=False):
        fitting = list(rows.loc[rows["verdict"].isin([WITHIN, FITTED_WITHIN]), "definition"])
        apart = dict(zip((rows["model"] - rows["report"]).abs().fillna(np.inf), rows["definition"], strict=True))
        nearest = apart[min(apart)]
        which = (
            f"fits {' and '.join(fitting)}{_chosen(rows)}"
            if fitting
            else f"fits no definition; the nearest is {nearest}"
        )
        yield f"{site}: {figure} printed as {_percent(float(rows['report'].iloc[0]))} {which}."


def _chosen(rows: pd.DataFrame) -> str:
    """A reminder where a number of the site was chosen after the printed rate."""
    return ", to which a number of the site was fitted" if (rows["verdict"] == FITTED_WITHIN).any() else ""


def _percent(share: float) -> str:
    return "no value (nothing was due)" if np.isnan(share) else f"{100.0 * share:.2f} %"


def implied_hours(problems: float, closure_rate: float, days: float) -> float:
    """Mean hours to close that Little's law gives from the problems open at the count.

    Open problems = reports an hour x mean hours to close, in a steady stream. Where none was open, one is taken:
    the law then gives the most that could be.

    Parameters
    ----------
    problems
        Reported in the period.
    closure_rate
        Closed at the count, a share of 1.
    days
        Length of the period.
    """
    left_open = max(1, round(problems * (1.0 - closure_rate)))
    return left_open * days * HOURS_PER_DAY / problems


def _findings(model: SiteRuns) -> Iterator[str]:
    """Hold every printed number of problems and closure rate against the model's time to close."""
    said = {key: one.value for key, one in model.site.reported.items()}
    for group in GROUPS:
        if not ({f"{group}_problems", f"{group}_closure_rate"} <= set(said) and model.has(group)):
            continue
        if not set(PERIOD) <= set(said):
            yield (f"{model.site.name}: the report prints no period for its {group}, so Little's law cannot be held"
                   " against it.")  # fmt: skip
            continue
        period = (said[PERIOD[0]], said[PERIOD[1]])
        yield _little(model, group, said[f"{group}_problems"], said[f"{group}_closure_rate"], period)


def _little(model: SiteRuns, group: str, problems: float, rate: float, period: tuple[float, float]) -> str:
    least, most = (implied_hours(problems, rate, days) for days in period)
    left_open = round(problems * (1.0 - rate))
    close, standing = model.value(f"{group}_resolution_hours_mean"), model.value(f"{group}_backlog_mean")
    chance = chance_of_so_few(left_open, standing.mean)
    apart = most < (close.mean if np.isnan(close.low) else close.low) and chance < UNLIKELY
    return (
        f"{model.site.name}: of {problems:,.0f} {group} problems in {period[0]:.0f} to {period[1]:.0f} days the report leaves"
        f" {left_open or 'none'} open at the count. By Little's law each would be open for"
        f" {'' if left_open else 'at most '}{60.0 * least:.0f} to {60.0 * most:.0f} minutes. In the model it is open for"
        f" {_hours(close)}; work alone takes {_mean_work(model.site, GROUPS[group]):.1f} h (assumed). In the model"
        f" {standing.mean:.0f} are open on average: one count finds so few with a chance of about {chance:.1g}."
        f" {VERDICTS[apart]}"
    )


def chance_of_so_few(left_open: int, on_average: float) -> float:
    """Chance that one count finds at most so many open: Poisson, as where problems come independently."""
    from scipy.special import pdtr

    return float(pdtr(left_open, on_average))


def _hours(value: Value) -> str:
    ends = "" if np.isnan(value.low) else f" [{value.low:.1f}, {value.high:.1f}]"
    return f"{value.mean:.1f} h{ends}"


def _mean_work(site: Scenario, types: Sequence[str]) -> float:
    """Mean work in hours of a problem of some types, by how often they arise."""
    chosen = [problem for problem in site.problems if problem.type in types]
    rates = [problem.per_1000_residents_per_day for problem in chosen]
    return float(np.average([problem.work_hours.mean for problem in chosen], weights=rates))
