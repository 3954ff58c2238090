"""How near the people of the bottom tier are to each problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..demand.demand import Demand
    from ..plan.plan import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


def nearest_minutes(plan: Plan, demand: Demand) -> Floats:
    """Give the minutes to each problem from the nearest station of the bottom tier whose people have the skill.

    Returns
    -------
    array
        Shape (problems,); for a joint problem the skill that is farthest away; inf without anyone.
    """
    slowest = _slowest_role(plan)
    hours = slowest[plan.unit_of_cell[0, demand.cell], demand.type]
    moving = hours > 0.0
    minutes = hours.copy()
    if moving.any() and demand.x is not None and demand.y is not None:
        distance = _nearest_distance(plan, demand.cell, demand.x, demand.y)
        minutes[moving] *= distance[moving] * 60.0
    return np.asarray(minutes)


def _slowest_role(plan: Plan) -> Floats:
    """Hours per km of the fastest role of each bottom unit that has a skill; over the skills the largest."""
    units = int(plan.first_unit[1])
    result = np.zeros((units, len(plan.type_names)))
    roles = int(plan.role_first[1])
    counts = plan.count[: units * roles].reshape(units, roles)
    for type, positions in enumerate(plan.eligible[0]):
        for able in positions:
            hours = np.where(counts[:, able] > 0, plan.role["hours_per_km"][able], np.inf)
            best = hours.min(axis=1) if able else np.full(units, np.inf)
            result[:, type] = np.maximum(result[:, type], best)
    return result


def _nearest_distance(plan: Plan, cell: Ints, x: Floats, y: Floats) -> Floats:
    """Give the Manhattan distance in km from the nearest station of the bottom unit, shape of cell."""
    unit = plan.unit_of_cell[0, cell]
    first, after = plan.station_first[unit], plan.station_first[unit + 1]
    best = np.full(len(cell), np.inf)
    for k in range(int((after - first).max(initial=0))):
        station = np.minimum(first + k, after - 1)
        np.minimum(best, np.abs(x - plan.station_x[station]) + np.abs(y - plan.station_y[station]), out=best)
    return best
