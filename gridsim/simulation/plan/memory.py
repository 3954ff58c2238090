"""How much memory a run needs, said before it starts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ...scenario.errors import ScenarioError

if TYPE_CHECKING:
    from ...scenario.scenario import Scenario

# Bytes a problem, measured on cities of two and of twenty million problems (compiled) and on Mingming Road (Mesa), rounded
# up; a row of the event log is 24 bytes, and there are about ten rows a problem.
BYTES_A_PROBLEM = {"compiled": 400, "mesa": 2500}
BYTES_OF_THE_TRACE = 480
BYTES_A_RESIDENT = 8  # trust, where it changes
ENOUGH = 1_000_000  # problems and residents that any machine holds
GIGABYTE = 1e9


def check_memory(scenario: Scenario, engine: str, trace: bool) -> None:
    """Say so if a run would need more memory than the machine has.

    Parameters
    ----------
    scenario
        What is to be simulated.
    engine
        "compiled" or "mesa".
    trace
        Whether the event log is kept.

    Raises
    ------
    ScenarioError
        With the figure.
    """
    problems, residents = expected_problems(scenario), total_residents(scenario)
    if max(problems, residents) < ENOUGH:
        return
    needed = problems * (BYTES_A_PROBLEM[engine] + (BYTES_OF_THE_TRACE if trace else 0)) + residents * BYTES_A_RESIDENT
    there = memory_of_the_machine()
    if there is not None and needed > there:
        raise ScenarioError(
            f"{scenario.name}: about {problems:,.0f} problems of {residents:,} residents need about"
            f" {needed / GIGABYTE:,.0f} GB of memory, and this machine has {there / GIGABYTE:,.0f} GB;"
            " fewer days or a part of the territory will fit"
        )


def expected_problems(scenario: Scenario) -> float:
    """Mean number of problems of a run, weekends, profiles and surges not weighed.

    Parameters
    ----------
    scenario
        Any scenario.
    """
    rate = sum(problem.per_1000_residents_per_day for problem in scenario.problems)
    return rate * total_residents(scenario) / 1000.0 * scenario.run.days


def total_residents(scenario: Scenario) -> int:
    """Residents of the whole territory."""
    each = scenario.territory.residents_per_cell
    return sum(each) if isinstance(each, tuple) else each * scenario.territory.cells


def memory_of_the_machine() -> float | None:
    """Bytes of memory that the machine has; None where the system does not say."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return None
