"""Demand is drawn once, before any design is known: when, where and what arises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...scenario.given import as_scenario, as_seed
from ..instants import of_days, of_hours
from ..plan.territory import lattice
from .arrivals import arrivals, day_factors
from .demand import Demand
from .streams import Streams, fill_durations

if TYPE_CHECKING:
    from ...scenario.given import Given
    from ...scenario.parts import ProblemType
    from ...scenario.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


def demand(scenario: Given, seed: int = 0) -> Demand:
    """Draw the problems of a scenario, all that the table of demand shows.

    Parameters
    ----------
    scenario
        A scenario or the name of a site; only territory, residents, problem types, surges and days matter.
    seed
        Any whole number; the same seed gives the same problems.
    """
    return draw_demand(as_scenario(scenario), as_seed(seed), places=True, difficulties=True)


def draw_demand(scenario: Scenario, seed: int, places: bool, difficulties: bool) -> Demand:
    """Draw the problems; places and difficulties only where something needs them."""
    streams = Streams(seed)
    residents = residents_of_cells(scenario)
    factor = _cell_factors(scenario, streams)
    days = day_factors(scenario, streams)
    times = [arrivals(scenario, p, float(residents.sum()), days, streams) for p in scenario.problems]
    cells = [
        _cells(streams.at("cell", problem.type).random(len(arises)), problem, residents, factor)
        for problem, arises in zip(scenario.problems, times, strict=True)
    ]
    result = join_types(scenario, seed, times, cells, difficulties)
    settle(result, residents, places)
    return result


def join_types(
    scenario: Scenario, seed: int, times: list[Floats], cell: list[Ints], difficulties: bool
) -> Demand:  # fmt: skip
    """Join the problems of all types, and draw how difficult they are and which are hidden."""
    streams = Streams(seed)
    counts = [len(t) for t in times]
    end = of_days(scenario.run.days)
    arises = np.minimum(of_hours(np.concatenate(times)), end - 1)
    order = np.argsort(arises, kind="stable")
    cells, hidden = np.concatenate(cell).astype(np.int32), np.zeros(len(arises), bool)
    hard = np.empty(len(arises)) if difficulties else None
    first = 0
    for problem, count in zip(scenario.problems, counts, strict=True):
        part = slice(first, first + count)
        if problem.hidden > 0.0:
            hidden[part] = streams.at("hidden", problem.type).random(count) < problem.hidden
        if hard is not None:
            u = streams.at("difficulty", problem.type).random(count)
            hard[part] = u if problem.hardness == 1.0 else u ** (1.0 / problem.hardness)
        first += count
    types = np.repeat(np.arange(len(counts), dtype=np.int16), counts)
    return Demand(
        scenario, seed, order, counts, arises[order], cells[order], np.empty(0, np.int32), types[order],
        None, None, None if hard is None else hard[order], hidden[order],
    )  # fmt: skip


def settle(result: Demand, residents: NDArray[np.int64], places: bool) -> None:
    """Give every problem a resident of its cell (of anywhere, where nobody lives in it) and, on request, a place in it."""
    before = np.concatenate(([0], np.cumsum(residents)))
    count = residents[result.cell]
    drawn = result.draw("resident")
    first = np.where(count > 0, before[result.cell], 0)
    count = np.where(count > 0, count, before[-1])
    within = np.minimum((drawn * count).astype(np.int64), count - 1)
    result.resident = (first + within).astype(np.int32)
    if places:
        side = float(result.scenario.territory.cell_km)
        column, row = lattice(result.scenario.territory.cells)
        result.x = (column[result.cell] + result.draw("x")) * side
        result.y = (row[result.cell] + result.draw("y")) * side


def residents_of_cells(scenario: Scenario) -> NDArray[np.int64]:
    """Residents of each cell, shape (cells,)."""
    place = scenario.territory
    return np.broadcast_to(np.asarray(place.residents_per_cell, dtype=np.int64), (place.cells,))


def _cell_factors(scenario: Scenario, streams: Streams) -> Floats | None:
    """How unequal the demand of cells is; rescaled to mean exactly 1."""
    place = scenario.territory
    if place.demand_cv == 0.0:
        return None
    factors = np.empty(place.cells)
    fill_durations(streams.at("cell factors"), factors, place.demand_cv, "gamma")
    mean = factors.mean()
    return factors / mean if mean > 0.0 else np.ones(place.cells)


def _cells(u: Floats, problem: ProblemType, residents: NDArray[np.int64], factor: Floats | None) -> Ints:
    """Choose a cell for each uniform number: by residents, demand factor and the weights of the type."""
    weights = residents.astype(np.float64)
    if factor is not None:
        weights = weights * factor
    if problem.cells is not None:
        weights = weights * np.asarray(problem.cells, dtype=np.float64)
    if (weights == weights[0]).all():
        chosen = (u * len(weights)).astype(np.int32)
    else:
        bounds = np.cumsum(weights)
        chosen = np.searchsorted(bounds, u * bounds[-1], side="right").astype(np.int32)
    return np.minimum(chosen, np.flatnonzero(weights)[-1] if weights.any() else len(weights) - 1).astype(np.int32)
