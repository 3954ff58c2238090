"""Which scenarios of a study play a policy or agents of one's own or have measures of it, and what is to be said of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...scenario.errors import ScenarioError
from ...simulation.own import Own, as_own
from ..errors import StudyError, unknown


def own_of(scenarios: Iterable[str], policy: Any = None, agents: Any = None, measures: Any = None) -> dict[str, Own]:
    """Give what of one's own each scenario plays; scenarios that play the package's rules are left out.

    Parameters
    ----------
    scenarios
        Their names.
    policy
        A function for all, or functions by name of the scenario.
    agents, measures
        Classes and measures of one's own, for all.

    Raises
    ------
    StudyError
        If a scenario is not known.
    ScenarioError
        If a policy, a class or a measure is none.
    """
    names = list(scenarios)
    policies = policy if isinstance(policy, Mapping) else dict.fromkeys(names, policy)
    for name in policies:
        if name not in names:
            raise unknown("policy for scenario", name, names)
    found = {name: as_own(policies.get(name), agents, measures) for name in names}
    return {name: own for name, own in found.items() if own}


def said_of_own(own: Mapping[str, Own], engine: str) -> tuple[str, ...]:
    """Say who plays what is one's own, and why not the compiled engine where it does not.

    Parameters
    ----------
    own
        By name of the scenario.
    engine
        As for `simulate`.

    Raises
    ------
    StudyError
        If the compiled engine is asked for and cannot play it.
    """
    notes: dict[str, None] = {}
    for name, one in own.items():
        if one.agents:
            if engine == "compiled":
                raise StudyError("engine = 'compiled' plays the package's own agents; with others use 'auto' or 'mesa'")
            notes[f"Agents of your own ({', '.join(sorted(one.agents))}) run under Mesa, which takes longer."] = None
        elif one.policy is not None and engine != "mesa":
            from ...simulation.compiled.own_rule import address_of

            try:
                address_of(one.policy)
            except ScenarioError as error:
                if engine == "compiled":
                    raise StudyError(f"scenario {name!r}: {error}") from None
                notes[f"{error}; it runs under Mesa, which takes longer."] = None
    return tuple(notes)
