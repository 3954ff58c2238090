"""The main job: the demand of one street under every hierarchy, at three headcounts and three escalation rules.

At the headcount that a street reports, its people are almost idle and every hierarchy looks alike. The smaller
headcounts are those at which the people nearest the residents are about half and about 0.85 loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..scenario.errors import ScenarioError
from ..scenario.hours import as_hours
from .errors import StudyError
from .study import compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from ..scenario.parts import ProblemType, Staff, Tier
    from ..scenario.scenario import Scenario
    from .comparison import Comparison

SITE = "mingming_road"
BASELINE_DESIGN = "three_tier"
BASELINE_RULE = "by authority"
LOADS = (0.5, 0.85)
LIMITS_ON_DUTY = (8.0, 24.0)  # hours on duty at the bottom tier, and at every tier above but the top
REPLICATIONS = 8
REWORKS = 3  # a problem is reported again at most so often
ROUND_FROM, ROUND_TO = 100, 10  # headcounts from a hundred on are rounded to tens


@dataclass(frozen=True)
class StreetPlan:
    """What the main job compares.

    Parameters
    ----------
    scenarios
        By name, such as "three_tier, 610, by authority".
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

    def run(
        self, replications: int = REPLICATIONS, seed: int = 0, executor: Executor | None = None,
        workers: int | None = None, progress: bool = True, engine: str = "auto",
    ) -> Comparison:  # fmt: skip
        """Run every scenario on the same problems and compare them; parameters as for `compare`."""
        found = compare(self.scenarios, replications, seed, self.baseline, executor, None, workers, progress, engine)
        return found.with_levers(self.levers)


def street_study(
    site: Scenario | None = None, replications: int = REPLICATIONS, seed: int = 0, days: float | None = None,
    headcounts: Sequence[int] | None = None, designs: Sequence[str] | None = None,
    executor: Executor | None = None, workers: int | None = None, progress: bool = True, engine: str = "auto",
) -> Comparison:  # fmt: skip
    """Compare every hierarchy at three headcounts under three escalation rules, on the same problems.

    Parameters
    ----------
    site
        Whose demand, and whose people at the reported headcount; absent: Mingming Road.
    replications, seed, executor, workers, progress, engine
        As for `compare`.
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
    return plan.run(replications, seed, executor, workers, progress, engine)


def street_plan(
    site: Scenario | None = None, days: float | None = None, headcounts: Sequence[int] | None = None,
    designs: Sequence[str] | None = None,
) -> StreetPlan:  # fmt: skip
    """Set up the scenarios of the main job without running them; parameters as for `street_study`."""
    from ..scenario.designs import designs as all_designs
    from ..scenario.scenario import load

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
                label = f"{name}, {headcount}, {rule}"
                scenarios[label], levers[label] = scenario, {"design": name, "headcount": headcount, "rule": rule}
    if not scenarios:
        raise StudyError("no design can be staffed: " + "; ".join(left_out))
    return StreetPlan(scenarios, levers, tuple(dict.fromkeys(people)), _baseline(levers), tuple(left_out))


def _baseline(levers: Mapping[str, Mapping[str, Any]]) -> str:
    """The baseline design under the baseline rule, at the first headcount that has it."""
    wanted = {"design": BASELINE_DESIGN, "rule": BASELINE_RULE}
    fits = (label for label, lever in levers.items() if wanted.items() <= lever.items())
    return next(fits, next(iter(levers)))


def _under_each_rule(site: Scenario, name: str, headcount: int) -> dict[str, Scenario]:
    from ..scenario.designs import design

    return {rule: design(name, site.vary(changes), headcount) for rule, changes in street_rules(site).items()}


def street_rules(site: Scenario) -> dict[str, dict[str, Any]]:
    """Give the three escalation rules as changes to a scenario, by name.

    Parameters
    ----------
    site
        Whose tiers the time limits are for: so many hours on duty at the bottom, more above, none at the top.
    """
    waits = {tier.name: LIMITS_ON_DUTY[min(rank, 1)] for rank, tier in enumerate(site.tiers[:-1])}
    plain = {"escalation.by_authority": True, "escalation.after_hours": None, "escalation.clock": "calendar"}
    timed = {"escalation.after_hours": waits or None, "escalation.clock": "duty"}
    return {
        BASELINE_RULE: plain,
        "with a time limit": plain | timed,
        "trying first": plain | {"escalation.by_authority": False},
    }


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
    from ..scenario.designs import design

    try:
        return expected_load(design(BASELINE_DESIGN, site, headcount))
    except ScenarioError:  # too few to staff the design at all
        return inf


def expected_load(scenario: Scenario) -> float:
    """Give the work expected at the staff of the bottom tier / their hours on duty, without running anything.

    A mean day brings rate x residents / 1000 problems of each type (weekends counted). The share
    solves ** hardness of them is within the authority of the bottom tier, less handles_below ** hardness that
    leaders settle alone, and only units with a person for each skill can serve a joint problem. Each takes,
    for each person, work_hours x pace + the mean way there and back, and rework takes its part again. Hidden
    problems count when they arise; surges, incidents and what a time limit sends up do not count.

    Parameters
    ----------
    scenario
        Any scenario whose bottom tier has staff.

    Returns
    -------
    float
        A share of 1; infinite if the bottom tier has nobody on duty.
    """
    bottom = scenario.tiers[0]
    people = sum(sum(_counts(staff, bottom)) for staff in bottom.staff)
    duty = sum(sum(_counts(staff, bottom)) * 24.0 * as_hours(staff.hours or bottom.hours).share
               for staff in bottom.staff)  # fmt: skip
    if duty <= 0.0:
        return inf
    pace = sum(sum(_counts(staff, bottom)) * staff.pace for staff in bottom.staff) / people
    way = mean_way_hours(scenario)
    return sum(_expected_hours(scenario, problem, pace, way) for problem in scenario.problems) / duty


def _expected_hours(scenario: Scenario, problem: ProblemType, pace: float, way: float) -> float:
    """Person-hours a day that problems of a type bring to the staff of the bottom tier."""
    bottom, residents = scenario.tiers[0], scenario.territory.residents_per_cell
    total = sum(residents) if isinstance(residents, tuple) else residents * scenario.territory.cells
    week = 1.0 if isinstance(problem.profile, tuple) and len(problem.profile) > 24 else (5 + 2 * problem.weekend) / 7
    daily = problem.per_1000_residents_per_day * total / 1000.0 * week
    visits = sum(problem.rework**k for k in range(REWORKS + 1))
    hours = len(problem.skills) * (problem.work_hours.mean * pace + way)
    return daily * _share_at_bottom(bottom, problem) * visits * hours


def _share_at_bottom(bottom: Tier, problem: ProblemType) -> float:
    """The share of a type's problems that the staff of the bottom tier serve, by authority and by number."""
    able = [staff for staff in bottom.staff if "*" in staff.skills or set(problem.skills) & set(staff.skills)]
    covered = all(any(skill in staff.skills or "*" in staff.skills for staff in able) for skill in problem.skills)
    if not able or not covered:
        return 0.0
    solves = min(1.0, max(bottom.solves if staff.solves is None else staff.solves for staff in able))
    alone = min(solves, bottom.leader.handles_below) if bottom.leader else 0.0
    here = [sum(counts) for counts in zip(*(_counts(staff, bottom) for staff in able), strict=True)]
    enough = sum(count >= len(problem.skills) for count in here) / len(here)
    return (solves**problem.hardness - alone**problem.hardness) * enough


def _counts(staff: Staff, tier: Tier) -> tuple[int, ...]:
    return staff.count if isinstance(staff.count, tuple) else (staff.count,) * tier.units


def mean_way_hours(scenario: Scenario) -> float:
    """Give the mean time that the staff of the bottom tier travel to a problem and back (hours).

    The Manhattan distance from the nearest station to the cell's centre, at least the quarter of a side in
    each direction that lies between a place inside a cell and its centre, at the mean speed of those who travel.

    Parameters
    ----------
    scenario
        Any scenario whose bottom tier has staff.
    """
    bottom, side = scenario.tiers[0], scenario.territory.cell_km
    column, row = lattice(scenario.territory.cells)
    unit = units_of_cells(scenario.territory.cells, [bottom.units])[0]
    x, y = column * side, row * side
    first, station_x, station_y = station_places(unit, bottom.units, bottom.stations, x, y)
    nearest = min_over_stations(first[unit], first[unit + 1], station_x, station_y, x, y, side / 4.0)
    pace = [2.0 / staff.speed_kmh if staff.speed_kmh else 0.0 for staff in bottom.staff]
    weights = [sum(_counts(staff, bottom)) for staff in bottom.staff]
    return float(nearest.mean()) * sum(a * b for a, b in zip(pace, weights, strict=True)) / max(1, sum(weights))


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
