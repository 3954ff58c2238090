"""What hierarchy, staffing and escalation do to closure rates and response times in grid-based service.

A scenario goes in, demand is drawn, rules decide, one table comes out; a study repeats that and compares::

    import gridsim as gs

    here = gs.load("mingming_road")
    there = here.vary({"escalation.after_hours": 8})
    print(gs.compare({"here": here, "there": there}, replications=4).table())

Every name is loaded when it is first used, so that `import gridsim` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from gridsim.jobs.reproduce.reproduce import reproduce as reproduce
    from gridsim.recorded.fitting.fitting import fit as fit
    from gridsim.scenario.designs.designs import design as design
    from gridsim.scenario.designs.designs import designs as designs
    from gridsim.scenario.errors import ScenarioError as ScenarioError
    from gridsim.scenario.records import Records as Records
    from gridsim.scenario.scenario import Scenario as Scenario
    from gridsim.scenario.scenario import load as load
    from gridsim.scenario.scenario import loads as loads
    from gridsim.scenario.sites import sites as sites
    from gridsim.simulation.agents.model import GridModel as GridModel
    from gridsim.simulation.agents.people import GridLeader as GridLeader
    from gridsim.simulation.agents.people import Resident as Resident
    from gridsim.simulation.agents.people import ServiceStaff as ServiceStaff
    from gridsim.simulation.agents.problem import Problem as Problem
    from gridsim.simulation.agents.unit import Unit as Unit
    from gridsim.simulation.demand.demand import Demand as Demand
    from gridsim.simulation.demand.drawing import demand as demand
    from gridsim.simulation.demand.draws import Draws as Draws
    from gridsim.simulation.demand.draws import draws as draws
    from gridsim.simulation.outcome.measure_table import Measure as Measure
    from gridsim.simulation.outcome.result import Result as Result
    from gridsim.simulation.policy import Asked as Asked
    from gridsim.simulation.rules import ALONE as ALONE
    from gridsim.simulation.rules import DECISION as DECISION
    from gridsim.simulation.rules import DOWN as DOWN
    from gridsim.simulation.rules import EMERGENCY as EMERGENCY
    from gridsim.simulation.rules import FAILED as FAILED
    from gridsim.simulation.rules import JOIN as JOIN
    from gridsim.simulation.rules import LIMIT as LIMIT
    from gridsim.simulation.rules import OVERDUE as OVERDUE
    from gridsim.simulation.rules import PATIENCE as PATIENCE
    from gridsim.simulation.rules import ROUTINE as ROUTINE
    from gridsim.simulation.rules import STAY as STAY
    from gridsim.simulation.rules import UP as UP
    from gridsim.simulation.rules import URGENT as URGENT
    from gridsim.simulation.simulate import simulate as simulate
    from gridsim.study.comparing.comparison import Comparison as Comparison
    from gridsim.study.errors import StudyError as StudyError
    from gridsim.study.how import How as How
    from gridsim.study.methods.calibration import calibrate as calibrate
    from gridsim.study.methods.points import explore as explore
    from gridsim.study.methods.points import sensitivity as sensitivity
    from gridsim.study.methods.selection import may_be_best as may_be_best
    from gridsim.study.methods.selection import select_best as select_best
    from gridsim.study.methods.study import compare as compare
    from gridsim.study.methods.study import sweep as sweep
    from gridsim.study.methods.warm_up import warm_up as warm_up
    from gridsim.study.stopping import fixed as fixed
    from gridsim.study.stopping import until_decided as until_decided
    from gridsim.study.stopping import until_precise as until_precise
    from gridsim.view import plots as plots

_HOMES = {
    "Scenario": "scenario.scenario",
    "ScenarioError": "scenario.errors",
    "Records": "scenario.records",
    "load": "scenario.scenario",
    "loads": "scenario.scenario",
    "sites": "scenario.sites",
    "design": "scenario.designs.designs",
    "designs": "scenario.designs.designs",
    "Demand": "simulation.demand.demand",
    "demand": "simulation.demand.drawing",
    "draws": "simulation.demand.draws",
    "Draws": "simulation.demand.draws",
    "simulate": "simulation.simulate",
    "Asked": "simulation.policy",
    "UP": "simulation.rules",
    "STAY": "simulation.rules",
    "DOWN": "simulation.rules",
    "ALONE": "simulation.rules",
    "JOIN": "simulation.rules",
    "DECISION": "simulation.rules",
    "LIMIT": "simulation.rules",
    "OVERDUE": "simulation.rules",
    "FAILED": "simulation.rules",
    "PATIENCE": "simulation.rules",
    "ROUTINE": "simulation.rules",
    "URGENT": "simulation.rules",
    "EMERGENCY": "simulation.rules",
    "Measure": "simulation.outcome.measure_table",
    "Result": "simulation.outcome.result",
    "GridModel": "simulation.agents.model",
    "GridLeader": "simulation.agents.people",
    "Resident": "simulation.agents.people",
    "ServiceStaff": "simulation.agents.people",
    "Unit": "simulation.agents.unit",
    "Problem": "simulation.agents.problem",
    "compare": "study.methods.study",
    "sweep": "study.methods.study",
    "Comparison": "study.comparing.comparison",
    "StudyError": "study.errors",
    "How": "study.how",
    "fixed": "study.stopping",
    "until_precise": "study.stopping",
    "until_decided": "study.stopping",
    "select_best": "study.methods.selection",
    "calibrate": "study.methods.calibration",
    "reproduce": "jobs.reproduce.reproduce",
    "fit": "recorded.fitting.fitting",
    "may_be_best": "study.methods.selection",
    "warm_up": "study.methods.warm_up",
    "explore": "study.methods.points",
    "sensitivity": "study.methods.points",
    "plots": "view.plots",
}

__all__ = [  # noqa: RUF022 - in the order in which a study uses them
    "sites", "load", "loads", "designs", "design", "demand", "draws", "simulate", "compare", "sweep", "plots",
    "explore", "sensitivity", "select_best", "may_be_best", "warm_up", "calibrate", "reproduce", "fit",
    "How", "fixed", "until_precise", "until_decided",
    "Scenario", "Records", "Demand", "Draws", "Measure", "Result", "Comparison", "GridModel", "GridLeader", "ServiceStaff",
    "Resident", "Unit", "Problem", "Asked", "UP", "STAY", "DOWN", "ALONE", "JOIN", "DECISION", "LIMIT", "OVERDUE", "FAILED",
    "PATIENCE", "ROUTINE", "URGENT", "EMERGENCY", "ScenarioError", "StudyError", "__version__",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gridsim' has no attribute {name!r}")
    module = import_module(f"gridsim.{_HOMES[name]}")
    value = module if name == "plots" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *_HOMES})
