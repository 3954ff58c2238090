"""How much work to expect at the people nearest the residents, from the scenario alone, without running it."""

from __future__ import annotations

from math import exp, inf, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from ...scenario.hours import as_hours
from ...simulation.plan.territory import lattice, station_places, units_of_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...scenario.parts import ProblemType, Staff, Tier
    from ...scenario.scenario import Scenario

    Floats = NDArray[np.float64]

REWORKS = 3  # a problem is reported again at most so often
HOURS_PER_DAY = 24.0
HOURS_OF_WEEK = 168


def expected_load(scenario: Scenario) -> float:
    """Give the work expected at the staff of the bottom tier / their hours on duty.

    A mean day brings rate x residents / 1000 problems of each type, weekends counted. The share
    solves ** hardness of them is within the authority of the bottom tier; leaders settle handles_below **
    hardness of all alone, and only units with a person for each skill serve a joint problem. Each problem takes,
    of each person, work_hours x pace + the mean way there and back; rework takes its part again, and hidden
    problems that no patrol finds in time take their incident_work. Surges, petitions, what residents do not
    report and what a time limit moves are not counted.

    Parameters
    ----------
    scenario
        Any scenario.

    Returns
    -------
    float
        A share of 1; infinite if the bottom tier has no staff on duty.
    """
    bottom = scenario.tiers[0]
    people = [sum(counts_of(staff, bottom)) for staff in bottom.staff]
    share = [as_hours(staff.hours or bottom.hours).share for staff in bottom.staff]
    duty = HOURS_PER_DAY * float(np.dot(people, share))
    if duty <= 0.0:
        return inf
    pace = float(np.average([staff.pace for staff in bottom.staff], weights=people))
    way = mean_way_hours(scenario)
    return sum(_person_hours_a_day(scenario, problem, pace, way) for problem in scenario.problems) / duty


def counts_of(staff: Staff, tier: Tier) -> tuple[int, ...]:
    """People of a role in each unit of a tier."""
    return staff.count if isinstance(staff.count, tuple) else (staff.count,) * tier.units


def _person_hours_a_day(scenario: Scenario, problem: ProblemType, pace: float, way: float) -> float:
    visits = sum(problem.rework**k for k in range(REWORKS + 1))
    incidents = problem.hidden * (1.0 - found_in_time(scenario, problem))
    work = problem.work_hours.mean * (1.0 + incidents * (problem.incident_work - 1.0))
    hours = len(problem.skills) * (work * pace + way)
    return problems_a_day(scenario, problem) * _share_of_staff(scenario.tiers[0], problem) * visits * hours


def found_in_time(scenario: Scenario, problem: ProblemType) -> float:
    """Give the share of hidden problems that the bottom tier's patrols find before they mature.

    With patrols every E hours that find a problem with chance f, and maturing times that are exponential with
    mean M, the k-th patrol comes at (k - 1/2) E in the middle: the sum over k of
    f (1 - f)^(k - 1) exp(-(k - 1/2) E / M) is f exp(-E / 2M) / (1 - (1 - f) exp(-E / M)).

    Parameters
    ----------
    scenario
        Whose leaders patrol.
    problem
        The type of problem; without a maturing time everything is found in time.
    """
    leader = scenario.tiers[0].leader
    if problem.matures_hours is None:
        return 1.0
    if (
        leader is None
        or not scenario.tiers[0].leaders
        or leader.patrol_every_hours is None
        or problem.matures_hours.mean <= 0.0
    ):
        return 0.0
    staying = exp(-max(leader.patrol_every_hours, leader.patrol_hours.mean) / problem.matures_hours.mean)
    return leader.finds * sqrt(staying) / (1.0 - (1.0 - leader.finds) * staying)


def problems_a_day(scenario: Scenario, problem: ProblemType) -> float:
    """Mean number of problems of a type on a day, weekends counted and surges not."""
    residents = scenario.territory.residents_per_cell
    total = sum(residents) if isinstance(residents, tuple) else residents * scenario.territory.cells
    weekly = isinstance(problem.profile, tuple) and len(problem.profile) == HOURS_OF_WEEK
    week = 1.0 if weekly else (5.0 + 2.0 * problem.weekend) / 7.0
    return problem.per_1000_residents_per_day * total / 1000.0 * week


def _share_of_staff(bottom: Tier, problem: ProblemType) -> float:
    """The share of a type's problems that the staff of the bottom tier serve: authority, skills and number."""
    able = [staff for staff in bottom.staff if "*" in staff.skills or set(problem.skills) & set(staff.skills)]
    known = {skill for staff in able for skill in staff.skills}
    if not able or not ("*" in known or known.issuperset(problem.skills)):
        return 0.0
    solves = min(1.0, max(bottom.solves if staff.solves is None else staff.solves for staff in able))
    alone = min(solves, bottom.leader.handles_below) if bottom.leader else 0.0
    here = np.sum([counts_of(staff, bottom) for staff in able], axis=0)
    enough = float(np.mean(here >= len(problem.skills)))
    return float(solves**problem.hardness - alone**problem.hardness) * enough


def mean_way_hours(scenario: Scenario) -> float:
    """Give the mean time that the staff of the bottom tier travel to a problem and back (hours).

    The Manhattan distance from the nearest station to a place drawn evenly over the cells, at the mean pace of
    those who walk or ride.

    Parameters
    ----------
    scenario
        Any scenario whose bottom tier has staff.
    """
    bottom = scenario.tiers[0]
    people = [sum(counts_of(staff, bottom)) for staff in bottom.staff]
    hours_per_km = [1.0 / staff.speed_kmh if staff.speed_kmh else 0.0 for staff in bottom.staff]
    return 2.0 * float(np.average(hours_per_km, weights=people)) * float(_distances(scenario).mean())


def _distances(scenario: Scenario) -> Floats:
    """Mean Manhattan distance in each cell from the nearest station of the bottom tier (km)."""
    cells, side, bottom = scenario.territory.cells, scenario.territory.cell_km, scenario.tiers[0]
    x, y = (np.asarray(place * side, np.float64) for place in lattice(cells))
    unit = units_of_cells(cells, [bottom.units])[0]
    first, station_x, station_y = station_places(unit, bottom.units, bottom.stations, x, y)
    best = np.full(cells, inf)
    for k in range(int(np.diff(first).max())):
        station = np.minimum(first[unit] + k, first[unit + 1] - 1)
        ways = _mean_offset(x - station_x[station], side) + _mean_offset(y - station_y[station], side)
        np.minimum(best, ways, out=best)
    return best


def _mean_offset(offset: Any, side: float) -> Floats:
    """Mean distance along one axis to a place drawn evenly over a side that lies so far away (km)."""
    away = np.abs(offset)
    inside: Floats = np.where(away < side / 2.0, (away**2 + side**2 / 4.0) / side, away)
    return inside
