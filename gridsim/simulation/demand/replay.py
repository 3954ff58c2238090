"""Recorded problems in place of drawn ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..plan.territory import nearest_cells
from .drawing import join_types, residents_of_cells, settle

if TYPE_CHECKING:
    from ...scenario.records import Records
    from ...scenario.scenario import Scenario
    from .demand import Demand

Ints = NDArray[np.int32]


def replay_demand(scenario: Scenario, seed: int, records: Records) -> Demand:
    """Take when, where and what from records; everything else about each problem is drawn as it always is.

    Parameters
    ----------
    scenario
        Records after its last day do not arise.
    seed
        For all that is not recorded.
    records
        Recorded problems.

    Raises
    ------
    ScenarioError
        If the scenario lacks a recorded type or cell.
    """
    types = records.for_scenario(scenario)
    within = records.time < scenario.run.days * 24.0
    rows = [np.flatnonzero(within & (types == number)) for number in range(len(scenario.problems))]
    cell = _recorded_cells(scenario, records)
    result = join_types(scenario, seed, [records.time[r] for r in rows], [cell[r] for r in rows], True)
    settle(result, residents_of_cells(scenario), places=True)
    if records.x is not None and records.y is not None:
        order = np.concatenate(rows)[result.type_order]
        result.x, result.y = records.x[order], records.y[order]
    return result


def _recorded_cells(scenario: Scenario, records: Records) -> Ints:
    """The recorded cells, or those in which recorded coordinates lie (the nearest, outside the lattice)."""
    if records.cell is not None:
        return records.cell
    place = scenario.territory
    assert records.x is not None
    assert records.y is not None
    return nearest_cells(records.x / place.cell_km, records.y / place.cell_km, place.cells)
