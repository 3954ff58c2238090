"""The whole run on one page: a scenario goes in, demand is drawn, an engine plays the events, a result comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
    from .demand import Demand
    from .result import Result

ENGINES = ("auto", "compiled", "mesa")


def simulate(
    scenario: Scenario, seed: int = 0, engine: str = "auto", trace: bool = False, parts: bool = False,
    records: Any = None,
) -> Result:  # fmt: skip
    """Run a scenario once, to its end.

    Parameters
    ----------
    scenario
        What is simulated.
    seed
        Any whole number; the same scenario and seed give the same result, bit for bit.
    engine
        "compiled" plays the events on arrays, "mesa" with agents; both give the same log, bit for bit. "auto"
        is the compiled one: own agents run in `GridModel`, which takes their classes.
    trace
        Keep the event log (`Result.events`).
    parts
        Keep where the time went per tier.
    records
        Recorded problems in place of drawn ones: `gridsim.Records`, or a table with the columns time, type, and cell
        or x and y.

    Raises
    ------
    ScenarioError
        If the engine is not known, or the scenario lacks a recorded type or cell.
    """
    from ..scenario.errors import ScenarioError

    if engine not in ENGINES:
        raise ScenarioError(f"engine = {engine!r} is not known; allowed are {', '.join(ENGINES)}")
    demand = _replayed(scenario, seed, records)
    if engine == "mesa":
        from .model import GridModel

        model = GridModel(scenario, seed, trace=trace, parts=parts, demand=demand)
        model.run_for(model.plan.end)
        return model.result()
    from .engine import run
    from .result import Result

    return Result(run(scenario, seed, trace=trace, parts=parts, demand=demand), seed=seed)


def _replayed(scenario: Scenario, seed: int, records: Any) -> Demand | None:
    """Recorded demand; None where it is to be drawn."""
    from ..scenario.records import as_records
    from .demand import replay_demand

    found = as_records(records)
    return None if found is None else replay_demand(scenario, seed, found)
