"""What goes in: the problems, drawn once and before any design is known.

Every purpose and problem type has a random stream of its own with unit-rate draws that the parameters scale.
Scenarios that differ in tiers, staff or escalation therefore face the very same problems.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..scenario.given import as_scenario, as_seed
from .instants import in_hours, of_days, of_hours
from .rules import DRAWS, PATROL_DRAWS
from .streams import Streams, fill_durations

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.given import Given
    from ..scenario.parts import ProblemType
    from ..scenario.records import Records
    from ..scenario.scenario import Scenario
    from .plan import Plan

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Instants = NDArray[np.int64]
HOURS_OF_DAY, HOURS_OF_WEEK = 24, 168
SAFETY = 6.0  # standard deviations of the Poisson count that are drawn beyond its mean
# An assumed working-day profile: little at night, most in the morning, fewer around noon.
DAYTIME = (
    *(0.2, 0.15, 0.1, 0.1, 0.15, 0.3, 0.7, 1.2, 1.9, 2.3, 2.2, 1.8),
    *(1.3, 1.3, 1.8, 1.9, 1.8, 1.5, 1.1, 0.8, 0.6, 0.45, 0.3, 0.25),
)


@dataclass(slots=True)
class Demand:
    """Problems in the order in which they arise (ties: order of the types, then of the draws).

    Parameters
    ----------
    scenario
        The scenario it was drawn for.
    type_order
        Row of every problem when types are laid one after the other; the draws of `Draws` are sorted by it.
    counts
        Problems of each type.
    arises_at
        Nanoseconds since the start, shape (problems,).
    cell, resident, type
        Numbers; residents are numbered over the whole territory.
    x, y
        Place in km; None where nobody needs it.
    difficulty
        0 to 1; None where nobody needs it.
    hidden
        Whether no resident sees it.
    """

    scenario: Scenario
    seed: int
    type_order: NDArray[np.int64]
    counts: list[int]
    arises_at: Instants
    cell: Ints
    resident: Ints
    type: NDArray[np.int16]
    x: Floats | None
    y: Floats | None
    difficulty: Floats | None
    hidden: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.arises_at)

    def draw(self, purpose: str, *name: object, law: tuple[float, str] | None = None) -> Floats:
        """Draw a number of mean 1 per problem (uniform without a law), one stream per type.

        Parameters
        ----------
        purpose, name
            What the numbers are for; they name the stream together with the type.
        law
            Coefficient of variation and "gamma", "lognormal" or "normal" (standard); absent: uniform on 0 to 1.
        """
        streams = Streams(self.seed)
        out = np.empty(len(self))
        first = 0
        for problem, count in zip(self.scenario.problems, self.counts, strict=True):
            part = out[first : first + count]
            _fill(streams.at(purpose, *name, problem.type), part, law)
            first += count
        return out[self.type_order]

    def work(self, k: int) -> Floats:
        """Hours of work of attempt k (1 to 4) of every problem, before pace."""
        streams = Streams(self.seed)
        out = np.empty(len(self))
        first = 0
        for problem, count in zip(self.scenario.problems, self.counts, strict=True):
            part = out[first : first + count]
            duration = problem.work_hours
            fill_durations(streams.at("work", k, problem.type), part, duration.cv, duration.law)
            part *= duration.mean
            first += count
        return out[self.type_order]

    def maturing(self) -> Floats:
        """Hours after which each problem matures while it is hidden or unreported; inf: never."""
        streams = Streams(self.seed)
        out = np.full(len(self), np.inf)
        first = 0
        for problem, count in zip(self.scenario.problems, self.counts, strict=True):
            duration = problem.matures_hours
            if duration is not None:
                part = out[first : first + count]
                fill_durations(streams.at("maturing", problem.type), part, duration.cv, duration.law)
                part *= duration.mean
            first += count
        return out[self.type_order]

    def to_frame(self) -> pd.DataFrame:
        """Give one row per problem: when, where, what, how difficult, hidden, and the work of four attempts (hours)."""
        import pandas as pd

        names = [problem.type for problem in self.scenario.problems]
        return pd.DataFrame(
            {
                "arises_at": in_hours(self.arises_at),
                "cell": self.cell,
                "resident": self.resident,
                "x": self.x,
                "y": self.y,
                "type": pd.Categorical.from_codes(self.type.tolist(), pd.Index(names)),
                "difficulty": self.difficulty,
                "hidden": self.hidden,
                **{f"work_hours_{k}": self.work(k) for k in range(1, DRAWS + 1)},
            }
        )


def _fill(stream: np.random.Generator, out: Floats, law: tuple[float, str] | None) -> None:
    if law is None:
        stream.random(out=out)
    elif law[1] == "normal":
        stream.standard_normal(out=out)
    else:
        fill_durations(stream, out, *law)


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
    days = _day_factors(scenario, streams)
    times = [_arrivals(scenario, p, float(residents.sum()), days, streams) for p in scenario.problems]
    cells = [
        _cells(streams.at("cell", problem.type).random(len(arises)), problem, residents, factor)
        for problem, arises in zip(scenario.problems, times, strict=True)
    ]
    result = _demand_of(scenario, seed, times, cells, difficulties)
    _settle(result, residents, places)
    return result


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
    result = _demand_of(scenario, seed, [records.time[r] for r in rows], [cell[r] for r in rows], True)
    _settle(result, residents_of_cells(scenario), places=True)
    if records.x is not None and records.y is not None:
        order = np.concatenate(rows)[result.type_order]
        result.x, result.y = records.x[order], records.y[order]
    return result


def _recorded_cells(scenario: Scenario, records: Records) -> Ints:
    """The recorded cells, or those in which recorded coordinates lie (the nearest, outside the lattice)."""
    from .territory import nearest_cells

    if records.cell is not None:
        return records.cell
    place = scenario.territory
    assert records.x is not None
    assert records.y is not None
    return nearest_cells(records.x / place.cell_km, records.y / place.cell_km, place.cells)


def _demand_of(
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


def _settle(result: Demand, residents: NDArray[np.int64], places: bool) -> None:
    """Give every problem a resident of its cell (of anywhere, where nobody lives in it) and, on request, a place in it."""
    from .territory import lattice

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


def _day_factors(scenario: Scenario, streams: Streams) -> Floats | None:
    """How unequal days are; mean 1."""
    if scenario.territory.day_cv == 0.0:
        return None
    factors = np.empty(int(np.ceil(scenario.run.days)))
    fill_durations(streams.at("day factors"), factors, scenario.territory.day_cv, "gamma")
    return factors


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


def _arrivals(
    scenario: Scenario, problem: ProblemType, residents: float, days: Floats | None, streams: Streams
) -> Floats:
    """When problems of a type arise: a Poisson process of unit rate, mapped through the cumulative rate."""
    rate = problem.per_1000_residents_per_day * residents / 1000.0 / 24.0
    knots, relative = _intensity(scenario, problem, days)
    cumulative = np.concatenate(([0.0], np.cumsum(relative * np.diff(knots)))) * rate
    expected = float(cumulative[-1])
    if expected <= 0.0:
        return np.empty(0)
    drawn = int(expected + SAFETY * np.sqrt(expected) + 20.0)
    while True:
        passed = np.cumsum(streams.at("arrivals", problem.type).standard_exponential(drawn))
        if passed[-1] >= expected:
            break
        drawn *= 2
    passed = passed[: np.searchsorted(passed, expected, side="left")]
    if len(knots) == 2:
        times: Floats = passed * (knots[1] / expected)
    else:
        times = np.interp(passed, cumulative, knots)
    end = float(knots[-1])
    return times[times < end]


def _intensity(scenario: Scenario, problem: ProblemType, days: Floats | None) -> tuple[Floats, Floats]:
    """Knots in hours and between them the rate relative to its mean: profile, weekend, day and surges."""
    end = scenario.run.days * 24.0
    weights = _profile(problem)
    surges = [s for s in scenario.surges if "*" in s.types or problem.type in s.types]
    hourly = weights is not None
    if hourly:
        knots = np.arange(0.0, end + 1.0)
    elif days is not None or problem.weekend != 1.0:
        knots = np.arange(0.0, end + 24.0, 24.0)
    else:
        knots = np.array([0.0, end])
    edges = [edge * 24.0 for s in surges for edge in (s.start_day, s.start_day + s.days)]
    if edges:
        knots = np.union1d(knots, edges)
    knots = np.append(knots[(knots >= 0.0) & (knots < end)], end)
    start = knots[:-1]
    relative = np.ones(len(start))
    if weights is not None:
        relative *= weights[np.floor(start).astype(np.int64) % len(weights)]
    if (weights is None or len(weights) == HOURS_OF_DAY) and problem.weekend != 1.0:
        relative[np.floor(start / 24.0) % 7 >= 5] *= problem.weekend
    if days is not None:
        relative *= days[np.floor(start / 24.0).astype(np.int64)]
    for surge in surges:
        within = (start >= surge.start_day * 24.0) & (start < (surge.start_day + surge.days) * 24.0)
        relative[within] *= surge.factor
    return knots, relative


def _profile(problem: ProblemType) -> Floats | None:
    """Weights per hour of the day or the week, of mean 1; None where every hour is alike."""
    if problem.profile == "flat":
        return None
    weights = np.asarray(DAYTIME if problem.profile == "daytime" else problem.profile, dtype=np.float64)
    return np.asarray(weights / weights.mean(), dtype=np.float64)


@dataclass(slots=True)
class Draws:
    """The random numbers that the rules of a scenario can use; an array of one row stands for what cannot be used.

    Parameters
    ----------
    work
        Hours of each attempt before pace, shape (1 or 4, problems).
    triage
        Hours of mean 1 per handling and distinct law, shape (laws, 1 or 4, problems or 1).
    triage_row
        Per tier which of the laws.
    error
        Standard normal error of each handling, shape (1 or 4, problems or 1).
    rework, reporting, patience, maturing, noticing, passes
        Uniform per attempt; uniform; hours; hours; hours until an informant notices; unit exponential per tier.
    patrol
        Patrol times of mean 1, shape (units, 1 or up to 1024).
    """

    work: Floats
    triage: Floats
    triage_row: Ints
    error: Floats
    rework: Floats
    reporting: Floats
    patience: Floats
    maturing: Floats
    noticing: Floats
    passes: Floats
    patrol: Floats


def draws(scenario: Given, seed: int = 0) -> Draws:
    """Draw every number that the rules of a scenario can use, but for when, where and what arises.

    Parameters
    ----------
    scenario
        A scenario or the name of a site.
    seed
        Any whole number; the same seed gives the same numbers.
    """
    from .planning import make_plan

    chosen = as_scenario(scenario)
    return draw_numbers(demand(chosen, seed), make_plan(chosen))


def draw_numbers(problems: Demand, plan: Plan) -> Draws:
    """Draw what the rules of a scenario can use, and nothing else."""
    scenario, n = problems.scenario, len(problems)
    attempts = range(1, (DRAWS if plan.tries_again else 1) + 1)
    nothing = np.zeros((1, 1))
    laws = sorted({law for law, leaders in zip(plan.triage_law, plan.leaders, strict=True) if leaders and law[0] > 0})
    handlings = range(1, DRAWS + 1)
    triage = np.ones((len(laws) + 1, DRAWS if laws else 1, n if laws else 1))
    for row, law in enumerate(laws):
        for k in handlings:
            triage[row, k - 1] = problems.draw("triage", k, *law, law=law)
    patience = scenario.residents.patience_hours
    unseen = unseen_possible(plan)
    return Draws(
        work=np.stack([problems.work(k) for k in attempts]),
        triage=triage,
        triage_row=np.array([laws.index(law) if law in laws else len(laws) for law in plan.triage_law], np.int32),
        error=(
            np.stack([problems.draw("perceived", k, law=(1.0, "normal")) for k in handlings])
            if plan.triage_error > 0.0
            else nothing
        ),
        rework=np.stack([problems.draw("rework", k) for k in handlings]) if plan.rework.any() else nothing,
        reporting=problems.draw("reporting") if may_go_unreported(plan) else nothing[0],
        patience=(
            nothing[0]
            if patience is None
            else problems.draw("patience", law=(patience.cv, patience.law)) * patience.mean
        ),
        maturing=problems.maturing() if unseen else nothing[0],
        noticing=(
            problems.draw("noticing", law=(1.0, "gamma")) / (plan.informants * plan.informant_rate)
            if unseen and plan.informants * plan.informant_rate > 0.0
            else nothing[0]
        ),
        passes=(
            np.stack([problems.draw("passes", tier, law=(1.0, "gamma")) for tier in range(plan.tiers)])
            if unseen and plan.patrols.any()
            else nothing
        ),
        patrol=_patrol_times(problems.seed, plan),
    )


def may_go_unreported(plan: Plan) -> bool:
    """Whether some resident may not report what he sees."""
    return plan.reports_without_trust < 1.0 and (plan.trust < 1.0 or plan.trust_loss > 0.0)


def unseen_possible(plan: Plan) -> bool:
    """Whether a problem may be hidden or unreported."""
    return may_go_unreported(plan) or any(problem.hidden > 0.0 for problem in plan.scenario.problems)


def difficulty_matters(plan: Plan) -> bool:
    """Whether somebody's authority can fall short of a problem."""
    if plan.later is not None and difficulty_matters(plan.later):
        return True
    solves = np.concatenate((plan.role_solves, plan.tier_solves[plan.leaders > 0]))
    handles = plan.handles_below[plan.leaders > 0]
    partly = ((handles > 0.0) & (handles < 1.0)).any()
    return bool(plan.triage_error > 0.0 or (solves < 1.0).any() or partly)


def places_matter(plan: Plan) -> bool:
    """Whether anybody travels."""
    if plan.later is not None and places_matter(plan.later):
        return True
    return bool(plan.role_hours_per_km.any() or plan.leader_hours_per_km[plan.leaders > 0].any())


def _patrol_times(seed: int, plan: Plan) -> Floats:
    """Patrol times of mean 1, a stream per tier and unit, as many as a unit can make."""
    streams = Streams(seed)
    most = 1
    for tier in np.flatnonzero(plan.patrols):
        if plan.patrol_law[tier][0] > 0.0:
            every = plan.patrol_every[tier]
            most = max(most, PATROL_DRAWS if every == 0 else min(PATROL_DRAWS, int(plan.end // every) + 2))
    result = np.ones((plan.units, most))
    for tier in np.flatnonzero(plan.patrols):
        law = plan.patrol_law[tier]
        if law[0] > 0.0:
            first = int(plan.first_unit[tier])
            for unit in range(first, int(plan.first_unit[tier + 1])):
                fill_durations(streams.at("patrol", plan.tier_names[tier], unit - first), result[unit], *law)
    return result
