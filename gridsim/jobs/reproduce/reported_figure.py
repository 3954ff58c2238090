"""A figure that a report printed, asked of a site's runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...simulation.outcome.measure_table import BUILT_IN
from ...study.comparing.intervals import interval_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...scenario.scenario import Scenario
    from ...study.comparing.comparison import Comparison

AS_IT_IS = "as it is"
HOURS_PER_MONTH = 720.0
DEFINITIONS = {  # of "closure rate": which one a report means is not said
    name: BUILT_IN[name].short.replace("\n", " ") for name in ("closure_rate", "due_closure_rate", "on_time_rate")
}
ENFORCEMENT = (
    "illegal_trading", "illegal_building", "unsafe_production", "fire_hazards", "city_appearance", "public_order",
    "power_line_hazards",
)  # fmt: skip
SOCIAL = (
    "family_planning", "fire_safety", "public_security", "community_building", "petition_mediation", "employment",
    "party_organisation", "culture", "enterprise_services", "urban_management",
)  # fmt: skip
GROUPS: dict[str, tuple[str, ...]] = {"social": SOCIAL, "enforcement": ENFORCEMENT, "suggestions": ("suggestions",)}
GROUP_MEASURES = (*DEFINITIONS, "reported", "due", "resolution_hours_mean", "backlog_mean")


class Value(NamedTuple):
    """What the model gives: a mean over n replications and its interval; n is 0 for what was put in."""

    mean: float
    low: float
    high: float
    n: int


NOT_THERE = Value(np.nan, np.nan, np.nan, 0)


def group_and_measure(key: str) -> tuple[str, str]:
    """Take a figure apart: "social_problems" is `reported` of the group "social"; without a group it is about all.

    Parameters
    ----------
    key
        As the report's table names it.
    """
    group, _, rest = key.partition("_")
    if group not in GROUPS or not rest:
        return "", key
    return group, "reported" if rest == "problems" else rest


class SiteRuns:
    """One site's runs, asked for a figure by the name that the report's table gives it."""

    def __init__(self, site: Scenario, study: Comparison) -> None:
        self.site, self.study = site, study
        self._groups: dict[str, pd.DataFrame] = {}

    def value(self, key: str) -> Value:
        """The model's side of a figure: a measure, a measure of a group of types, or what was put in."""
        group, measure = group_and_measure(key)
        if measure in GROUP_MEASURES and self.has(group):
            return _interval(self.group(group), measure)
        runs = self.study.runs[self.study.runs["scenario"] == AS_IT_IS]
        if key in self.study.measures:
            return _interval(runs, key)
        return self._put_in(key)

    def has(self, group: str) -> bool:
        """Whether the site has problems of a group."""
        return any(problem.type in GROUPS.get(group, ()) for problem in self.site.problems)

    def group(self, name: str) -> pd.DataFrame:
        """Measures of some types of problem, a row per replication."""
        if name not in self._groups:
            self._groups[name] = pd.DataFrame(
                [_of_types(self.site, int(seed), GROUPS[name])
                 for seed in self.study.runs.query("scenario == @AS_IT_IS")["seed"]]
            )  # fmt: skip
        return self._groups[name]

    def _put_in(self, key: str) -> Value:
        kind, _, part = key.partition(".")
        tiers = {tier.name: tier for tier in self.site.tiers}
        name, _, role = part.partition(".")
        top = self.site.tiers[-1].leader
        number: float | None = None
        if kind == "units" and name in tiers:
            number = tiers[name].units
        elif kind == "people" and name in tiers:
            number = _people(self.site, name, role)
        elif kind == "informants":
            number = sum(tier.informants * tier.units for tier in self.site.tiers)
        elif kind == "visits_a_month" and top is not None and top.patrol_every_hours:
            number = HOURS_PER_MONTH / top.patrol_every_hours
        return NOT_THERE if number is None else Value(number, number, number, 0)


def _people(site: Scenario, tier_name: str, role: str) -> int:
    tier = next(tier for tier in site.tiers if tier.name == tier_name)
    if role == "leader":
        return tier.leaders
    return sum(staff.people(tier.units) for staff in tier.staff if staff.role == role)


def _of_types(site: Scenario, seed: int, types: Sequence[str]) -> pd.Series[float]:
    from ...simulation.outcome.measures import measures
    from ...simulation.simulate import simulate

    result = simulate(site, seed=seed)
    rows = np.flatnonzero(result.problems["type"].isin(types).to_numpy())
    return measures(result.outcome, rows)[list(GROUP_MEASURES)]


def _interval(runs: pd.DataFrame, measure: str) -> Value:
    return Value(*interval_of(runs, measure), int(runs[measure].count()))
