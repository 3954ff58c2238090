"""The whole run on one page: a scenario goes in, demand is drawn, an engine plays the events, a result comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario
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
        Recorded problems in place of drawn ones.

    Raises
    ------
    ScenarioError
        If the engine is not known, or the run would need more memory than the machine has.
    """
    from ..scenario.errors import ScenarioError
    from .memory import check_memory

    if engine not in ENGINES:
        raise ScenarioError(f"engine = {engine!r} is not known; allowed are {', '.join(ENGINES)}")
    if records is not None:
        raise ScenarioError("recorded problems cannot be replayed by this version")
    check_memory(scenario, "mesa" if engine == "mesa" else "compiled", trace)
    if engine == "mesa":
        from .model import GridModel

        model = GridModel(scenario, seed, trace=trace, parts=parts)
        model.run_for(model.plan.end)
        return model.result()
    from .engine import run
    from .result import Result

    return Result(run(scenario, seed, trace=trace, parts=parts), seed=seed)
