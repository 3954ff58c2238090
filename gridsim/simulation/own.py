"""What is one's own in a run: an escalation rule, agents, and measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..scenario.errors import ScenarioError, nearest
from ..scenario.given import shown
from .outcome.measure_table import Measure
from .outcome.own_measures import as_measures
from .own_code import digest_of
from .policy import Policy, as_policy

AGENTS = {  # as `simulate` names them, and what each derives from
    "model": "GridModel", "resident": "Resident", "leader": "GridLeader", "staff": "ServiceStaff", "unit": "Unit",
    "problem": "Problem",
}  # fmt: skip


@dataclass(frozen=True)
class Own:
    """A policy, classes and measures of one's own, as `simulate` takes them.

    Parameters
    ----------
    policy
        An escalation rule; None: the scenario's.
    agents
        Subclasses of gridsim's, by the names that `simulate` gives them.
    measures
        Functions of a result, with what is to be known of each.
    """

    policy: Policy | None = None
    agents: Mapping[str, type] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()

    def __bool__(self) -> bool:
        return self.policy is not None or bool(self.agents) or bool(self.measures)

    @property
    def digest(self) -> str:
        """Hash of the code that is played and that measures; empty where it is the package's."""
        parts = [] if self.policy is None else [f"policy={self.policy.digest}"]
        parts += [f"{name}={digest_of(self.agents[name])}" for name in sorted(self.agents)]
        return ",".join([*parts, *(f"measure {one.name}={digest_of(one.of)}" for one in self.measures)])

    @property
    def given(self) -> dict[str, Any]:
        """The same as keywords of `simulate`."""
        played = {"policy": self.policy, **self.agents} if self.policy is not None else dict(self.agents)
        return {**played, "measures": self.measures} if self.measures else played

    def __reduce__(self) -> tuple[Any, ...]:
        import cloudpickle

        return _unpacked, (self.policy, cloudpickle.dumps(dict(self.agents)), self.measures)


def as_own(policy: Any = None, agents: Any = None, measures: Any = None) -> Own:
    """Take what is given as policy, agents and measures, or refuse it in a sentence.

    Parameters
    ----------
    policy
        A function, or None.
    agents
        Classes by name; None: gridsim's.
    measures
        Measures of one's own; None: none.

    Raises
    ------
    ScenarioError
        If they are no such things.
    """
    if isinstance(policy, Mapping):
        raise ScenarioError(f"policy = {shown(policy)}: one function for one scenario; `compare` takes one for each")
    if agents is not None and not isinstance(agents, Mapping):
        raise ScenarioError(f'agents = {shown(agents)}: must be classes by name, such as {{"leader": MyLeader}}')
    for name, one in (agents or {}).items():
        if name not in AGENTS:
            raise ScenarioError(
                f"agents: {name!r} is not known{nearest(str(name), AGENTS)}; allowed are {', '.join(AGENTS)}"
            )
        if not isinstance(one, type):
            raise ScenarioError(f"{name} = {shown(one)}: must be a subclass of gridsim.{AGENTS[name]}")
    return Own(as_policy(policy), dict(agents or {}), as_measures(measures))


def _unpacked(policy: Policy | None, agents: bytes, measures: tuple[Measure, ...]) -> Own:
    import pickle

    return Own(policy, pickle.loads(agents), measures)
