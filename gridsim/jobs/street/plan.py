"""The main job: the demand of one street under every hierarchy, at three headcounts and three escalation rules.

At the headcount that a street reports, its people are almost idle and every hierarchy looks alike. The smaller
headcounts are those at which the people nearest the residents are about half and about 0.85 loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING, Any

from ...scenario.errors import ScenarioError
from ...scenario.wording import limit_in_words
from ...study.errors import StudyError, unknown
from ...study.how import as_how
from ...study.methods.study import compared
from ...study.methods.workload import expected_load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from ...scenario.scenario import Scenario
    from ...study.comparing.comparison import Comparison
    from ...study.how import How, StudyKeywords

SITE = "mingming_road"
BASELINE_DESIGN = "three_tier"
BASELINE_RULE, TRYING_FIRST = "by authority", "trying first"
LOADS = (0.5, 0.85)
LIMITS_ON_DUTY = (8.0, 24.0)  # hours on duty at the bottom tier, and at every tier above but the top
REPLICATIONS = 8
ROUND_FROM, ROUND_TO = 100, 10  # headcounts from a hundred on are rounded to tens
MOST_PEOPLE = 1_000_000


@dataclass(frozen=True)
class StreetPlan:
    """What the main job compares.

    Parameters
    ----------
    scenarios
        By name, such as "three_tier 610 by authority".
    levers
        Design, headcount and rule of each scenario.
    headcounts
        Leaders and staff, the largest first.
    baseline
        Name of the scenario that the others are compared with.
    left_out
        Sentences: which designs cannot be staffed at which headcount, and why.
    """

    scenarios: Mapping[str, Scenario]
    levers: Mapping[str, Mapping[str, Any]]
    headcounts: tuple[int, ...]
    baseline: str
    left_out: tuple[str, ...] = ()

    def run(self, how: How | None = None, **keywords: Unpack[StudyKeywords]) -> Comparison:
        """Run every scenario on the same problems and compare them; as for `compare`, 8 replications if absent."""
        asked = as_how("the main job", how, keywords, REPLICATIONS)
        return compared(self.scenarios, asked, self.baseline).with_levers(self.levers)

    def with_baseline(self, name: str) -> StreetPlan:
        """The same plan with another baseline: a scenario of it, or a design (by authority, most people)."""
        if name in self.scenarios:
            return replace(self, baseline=name)
        label = f"{name} {self.headcounts[0]} {BASELINE_RULE}"
        if label not in self.scenarios:
            raise unknown("baseline", name, dict.fromkeys(str(lever["design"]) for lever in self.levers.values()))
        return replace(self, baseline=label)


def street_study(
    site: Scenario | None = None, days: float | None = None, headcounts: Sequence[int] | None = None,
    designs: Sequence[str] | None = None, how: How | None = None, **keywords: Unpack[StudyKeywords],
) -> Comparison:  # fmt: skip
    """Compare every hierarchy at three headcounts under three escalation rules, on the same problems.

    Parameters
    ----------
    site
        Whose demand, and whose people at the reported headcount; absent: Mingming Road.
    how, keywords
        As for `compare`; 8 replications if absent.
    days
        Length of each run in days; absent: as the site says.
    headcounts
        Leaders and staff; absent: the site's own and those of `street_headcounts`.
    designs
        Names of hierarchy designs; absent: all.

    Returns
    -------
    Comparison
        Its tables carry design, headcount and rule as columns. Designs that cannot be staffed at a headcount
        are not in it; `street_plan` says which, and why.

    Raises
    ------
    ScenarioError
        If the site cannot be changed in this way.
    StudyError
        If no design can be staffed at any of the headcounts.
    """
    plan = street_plan(site, days, headcounts, designs)
    return plan.run(how, **keywords)


def street_plan(
    site: Scenario | None = None, days: float | None = None, headcounts: Sequence[int] | None = None,
    designs: Sequence[str] | None = None,
) -> StreetPlan:  # fmt: skip
    """Set up the scenarios of the main job without running them; parameters as for `street_study`."""
    from ...scenario.designs.designs import designs as all_designs
    from ...scenario.scenario import load

    site = load(SITE) if site is None else site
    site = site if days is None else shortened(site, days)
    people = tuple(headcounts) if headcounts else (site.headcount, *street_headcounts(site))
    names = tuple(designs) if designs else tuple(all_designs())
    scenarios: dict[str, Scenario] = {}
    levers: dict[str, dict[str, Any]] = {}
    left_out = []
    for headcount in dict.fromkeys(people):
        for name in names:
            try:
                found = _under_each_rule(site, name, headcount)
            except ScenarioError as error:
                left_out.append(f"{name} with {headcount} people is left out: {error}")
                continue
            for rule, scenario in found.items():
                label = f"{name} {headcount} {rule}"
                scenarios[label], levers[label] = (
                    scenario,
                    {"design": name, "headcount": headcount, "rule": rule},
                )
    if not scenarios:
        raise StudyError("no design can be staffed: " + "; ".join(left_out))
    return StreetPlan(scenarios, levers, tuple(dict.fromkeys(people)), _baseline(levers), tuple(left_out))


def _baseline(levers: Mapping[str, Mapping[str, Any]]) -> str:
    """The baseline design under the baseline rule, at the first headcount that has it."""
    wanted = {"design": BASELINE_DESIGN, "rule": BASELINE_RULE}
    fits = (label for label, lever in levers.items() if wanted.items() <= lever.items())
    return next(fits, next(iter(levers)))


def _under_each_rule(site: Scenario, name: str, headcount: int) -> dict[str, Scenario]:
    from ...scenario.designs.designs import design

    return {rule: design(name, site.vary(changes), headcount) for rule, changes in street_rules(site).items()}


def street_rules(site: Scenario) -> dict[str, dict[str, Any]]:
    """Give the three escalation rules as changes to a scenario, by name; a time limit is named by its hours.

    Parameters
    ----------
    site
        Whose tiers the time limits are for: so many hours on duty at the bottom, more above, none at the top.
    """
    waits = {tier.name: LIMITS_ON_DUTY[min(rank, 1)] for rank, tier in enumerate(site.tiers[:-1])}
    plain = {"escalation.by_authority": True, "escalation.after_hours": None, "escalation.clock": "calendar"}
    timed = plain | {"escalation.after_hours": waits or None, "escalation.clock": "duty"}
    limit = limit_in_words(site.vary(timed), tiers=False)
    rules: dict[str, dict[str, Any]] = {BASELINE_RULE: plain, limit: timed}
    rules[TRYING_FIRST] = plain | {"escalation.by_authority": False}
    return {name: changes for name, changes in rules.items() if name}


def street_headcounts(site: Scenario, loads: Sequence[float] = LOADS) -> tuple[int, ...]:
    """Give the headcounts at which the people nearest the residents have a given load in the baseline design.

    The least headcount (in tens from a hundred on) whose `expected_load` is not above the given one.

    Parameters
    ----------
    site
        Whose demand.
    loads
        Work that is expected at the bottom tier / its people's hours on duty, shares of 1.

    Raises
    ------
    StudyError
        If a load is not above 0, or no headcount up to a million brings the people down to it.
    """
    return tuple(_headcount_for(site, load) for load in loads)


def _headcount_for(site: Scenario, load: float) -> int:
    enough = max(1, site.headcount)
    while load <= 0.0 or _load_with(site, enough) > load:
        enough *= 2
        if load <= 0.0 or enough > MOST_PEOPLE:
            raise StudyError(f"load = {load!r}: no headcount gives the people nearest the residents this load")
    few = 0
    while enough - few > 1:
        middle = (enough + few) // 2
        few, enough = (few, middle) if _load_with(site, middle) <= load else (middle, enough)
    return enough if enough < ROUND_FROM else round(enough / ROUND_TO) * ROUND_TO


def _load_with(site: Scenario, headcount: int) -> float:
    from ...scenario.designs.designs import design

    try:
        return expected_load(design(BASELINE_DESIGN, site, headcount))
    except ScenarioError:  # too few to staff the design at all
        return inf


def shortened(site: Scenario, days: float) -> Scenario:
    """Give the same site with another length of run; warm-up and follow-up keep at most their share of it.

    Parameters
    ----------
    site
        A scenario.
    days
        The new length in days.
    """
    share = min(1.0, days / site.run.days) if days > 0 else 1.0
    run = {"run.days": float(days)}
    for key in ("warm_up_days", "follow_up_days"):
        if value := getattr(site.run, key):
            run[f"run.{key}"] = value * share
    return site.vary(run)


__all__ = ["StreetPlan", "shortened", "street_headcounts", "street_plan", "street_rules", "street_study"]
