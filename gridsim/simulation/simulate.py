"""The whole run on one page: a scenario goes in, demand is drawn, an engine plays the events, a result comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..scenario.errors import ScenarioError
from ..scenario.given import as_scenario, as_seed, shown
from ..scenario.records import as_records
from .instants import as_hours
from .outcome.measure_table import Measures
from .own import as_own
from .plan.memory import check_memory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..scenario.given import Given
    from ..scenario.scenario import Scenario
    from .agents.model import GridModel
    from .agents.people import GridLeader, Resident, ServiceStaff
    from .agents.problem import Problem
    from .agents.unit import Unit
    from .demand.demand import Demand
    from .outcome.measure_table import Measure
    from .outcome.result import Result
    from .own import Own
    from .policy import Policy, Rule

ENGINES = ("auto", "compiled", "mesa")


def simulate(
    scenario: Given, seed: int = 0, engine: str = "auto", trace: bool = False, parts: bool = False,
    records: Any = None, policy: Rule | Policy | None = None, model: type[GridModel] | None = None,
    resident: type[Resident] | None = None, leader: type[GridLeader] | None = None,
    staff: type[ServiceStaff] | None = None, unit: type[Unit] | None = None, problem: type[Problem] | None = None,
    measures: Sequence[Measure] | None = None,
) -> Result:  # fmt: skip
    """Run a scenario once, to its end.

    Parameters
    ----------
    scenario
        What is simulated: a scenario, the name of a site, or the path of a TOML file.
    seed
        Any whole number; the same scenario and seed give the same result, bit for bit.
    engine
        "compiled" plays the events on arrays, "mesa" with agents; both give the same log, bit for bit. "auto" is the
        compiled one, but for what only the Mesa model can play: agents of one's own, and a policy that cannot be
        compiled; `Result.engine` says which.
    trace
        Keep the event log (`Result.events`).
    parts
        Keep where the time went per tier.
    records
        Recorded problems in place of drawn ones: `gridsim.Records`, or a table with the columns time, type, and cell
        or x and y.
    policy
        An escalation rule of one's own: a function that is told what is asked (`gridsim.Asked`) and gives a step, such
        as `gridsim.UP`; `lambda p: p.usual` changes nothing.
    model, resident, leader, staff, unit, problem
        Subclasses of `GridModel`, `Resident`, `GridLeader`, `ServiceStaff`, `Unit` and `Problem` that behave otherwise.
    measures
        Measures of one's own (`gridsim.Measure`), each a function of the result; they stand beside the package's.

    Raises
    ------
    ScenarioError
        If the engine is not known or cannot play what is one's own, a policy does what it may not, the scenario lacks a
        recorded type or cell, or the run would need more memory than the machine has.
    """
    agents = {
        "model": model, "resident": resident, "leader": leader, "staff": staff, "unit": unit, "problem": problem,
    }  # fmt: skip
    own = as_own(policy, {name: one for name, one in agents.items() if one is not None}, measures)
    scenario, seed = as_scenario(scenario), as_seed(seed)
    flags: dict[str, Any] = {"trace": trace, "parts": parts}
    for name, flag in flags.items():
        if not (isinstance(flag, int) or str(getattr(flag, "dtype", "")) == "bool"):
            raise ScenarioError(f"{name} = {shown(flag)}: must be True or False")
    if engine not in ENGINES:
        raise ScenarioError(f"engine = {engine!r} is not known; allowed are {', '.join(ENGINES)}")
    if own.agents and engine == "compiled":
        raise ScenarioError("engine = 'compiled' plays the package's own agents; with others use 'auto' or 'mesa'")
    notes = () if own.agents or engine == "mesa" else _why_not_compiled(own, engine)
    under_mesa = bool(own.agents or notes) or engine == "mesa"
    check_memory(scenario, "mesa" if under_mesa else "compiled", trace)
    demand = _replayed(scenario, seed, records)
    if under_mesa:
        return _under_mesa(scenario, seed, own, trace, parts, demand, notes)
    from .compiled.engine import run
    from .outcome.result import Result

    return Result(
        run(scenario, seed, trace=trace, parts=parts, demand=demand, policy=own.policy), seed, own=own.measures
    )


def _under_mesa(
    scenario: Scenario, seed: int, own: Own, trace: bool, parts: bool, demand: Demand | None, notes: tuple[str, ...]
) -> Result:
    from .agents.model import GridModel
    from .agents.territory import check_agents

    agents: dict[str, Any] = dict(own.agents)
    model = agents.pop("model", GridModel)
    check_agents(model=(model, GridModel))
    played = model(scenario, seed, trace=trace, parts=parts, demand=demand, policy=own.policy, **agents)
    played.run_for(as_hours(played.plan.end))
    result: Result = played.result()
    result.notes = notes
    result.about = Measures(own.measures)
    return result


def _why_not_compiled(own: Own, engine: str) -> tuple[str, ...]:
    """Why a policy runs under Mesa, if it must; nothing where it is compiled or there is none."""
    if own.policy is None:
        return ()
    from .compiled.own_rule import CannotCompileError, address_of

    try:
        address_of(own.policy)
    except CannotCompileError as error:
        if engine == "compiled":
            raise
        return (f"{error}; it runs under Mesa, which takes longer.",)
    return ()


def _replayed(scenario: Scenario, seed: int, records: Any) -> Demand | None:
    """Recorded demand; None where it is to be drawn."""
    from .demand.replay import replay_demand

    found = as_records(records)
    return None if found is None else replay_demand(scenario, seed, found)
