"""The whole run on one page: a scenario goes in, demand is drawn, an engine plays the events, a result comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenario.given import Given
    from ..scenario.scenario import Scenario
    from .agents.model import GridModel
    from .agents.people import GridLeader, Resident, ServiceStaff
    from .agents.problem import Problem
    from .agents.unit import Unit
    from .demand.demand import Demand
    from .outcome.result import Result

ENGINES = ("auto", "compiled", "mesa")


def simulate(
    scenario: Given, seed: int = 0, engine: str = "auto", trace: bool = False, parts: bool = False,
    records: Any = None, model: type[GridModel] | None = None, resident: type[Resident] | None = None,
    leader: type[GridLeader] | None = None, staff: type[ServiceStaff] | None = None,
    unit: type[Unit] | None = None, problem: type[Problem] | None = None,
) -> Result:  # fmt: skip
    """Run a scenario once, to its end.

    Parameters
    ----------
    scenario
        What is simulated: a scenario, the name of a site, or the path of a TOML file.
    seed
        Any whole number; the same scenario and seed give the same result, bit for bit.
    engine
        "compiled" plays the events on arrays, "mesa" with agents; both give the same log, bit for bit. "auto"
        is the compiled one, but for agents of one's own, which only the Mesa model can play; `Result.engine` says which.
    trace
        Keep the event log (`Result.events`).
    parts
        Keep where the time went per tier.
    records
        Recorded problems in place of drawn ones: `gridsim.Records`, or a table with the columns time, type, and cell
        or x and y.
    model, resident, leader, staff, unit, problem
        Subclasses of `GridModel`, `Resident`, `GridLeader`, `ServiceStaff`, `Unit` and `Problem` that behave otherwise.

    Raises
    ------
    ScenarioError
        If the engine is not known or cannot play own agents, the scenario lacks a recorded type or cell, or the run
        would need more memory than the machine has.
    """
    from ..scenario.errors import ScenarioError
    from ..scenario.given import as_scenario, as_seed
    from .plan.memory import check_memory

    scenario, seed = as_scenario(scenario), as_seed(seed)
    if engine not in ENGINES:
        raise ScenarioError(f"engine = {engine!r} is not known; allowed are {', '.join(ENGINES)}")
    own = {"resident": resident, "leader": leader, "staff": staff, "unit": unit, "problem": problem}
    chosen: dict[str, Any] = {name: agent for name, agent in own.items() if agent is not None}
    if model is not None or chosen:
        if engine == "compiled":
            raise ScenarioError("engine = 'compiled' plays the package's own agents; with others use 'auto' or 'mesa'")
        engine = "mesa"
    check_memory(scenario, "mesa" if engine == "mesa" else "compiled", trace)
    demand = _replayed(scenario, seed, records)
    if engine == "mesa":
        from .agents.model import GridModel, check_agents
        from .instants import as_hours

        check_agents(model=(model or GridModel, GridModel))
        played = (model or GridModel)(scenario, seed, trace=trace, parts=parts, demand=demand, **chosen)
        played.run_for(as_hours(played.plan.end))
        return played.result()
    from .compiled.engine import run
    from .outcome.result import Result

    return Result(run(scenario, seed, trace=trace, parts=parts, demand=demand), seed=seed)


def _replayed(scenario: Scenario, seed: int, records: Any) -> Demand | None:
    """Recorded demand; None where it is to be drawn."""
    from ..scenario.records import as_records
    from .demand.replay import replay_demand

    found = as_records(records)
    return None if found is None else replay_demand(scenario, seed, found)
