"""Who works in a scenario, class by class, and the same mix of classes at another headcount.

A class is a tier's leaders, or its staff; the roles are its parts. A design moves these people and changes none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import ScenarioError
from ..hours import Hours
from ..parts import is_volunteer, people_of

if TYPE_CHECKING:
    from ..parts import Staff, Tier
    from ..scenario import Scenario


@dataclass(frozen=True)
class SourceRole:
    """People of one role of one tier, with everything that they keep wherever they sit.

    Parameters
    ----------
    rank
        Number of their tier in the scenario, 0 at the bottom.
    role, skills, solves, speed_kmh, pace, hours, wage_per_hour
        As in the scenario, with what the tier gives written out.
    on_call
        Share of them who are on call outside the hours.
    """

    rank: int
    role: str
    skills: tuple[str, ...]
    solves: float
    speed_kmh: float | None
    pace: float
    hours: str | Hours
    wage_per_hour: float
    on_call: float


Crew = dict[SourceRole, int]


@dataclass
class People:
    """Leaders and staff by the rank of the tier that they come from."""

    leaders: dict[int, int] = field(default_factory=dict)
    staff: dict[int, Crew] = field(default_factory=dict)


def most_skills(scenario: Scenario) -> int:
    """The most people that one problem needs at once."""
    return max(len(problem.skills) for problem in scenario.problems)


def people_in(scenario: Scenario) -> People:
    """Count leaders and staff of a scenario; volunteers are apart."""
    leaders = {rank: tier.leaders for rank, tier in enumerate(scenario.tiers) if tier.leader}
    staff = {
        rank: {
            _source_role(rank, tier, one): people_of(one.count, tier.units)
            for one in tier.staff
            if not is_volunteer(one.role, one.wage_per_hour)
        }
        for rank, tier in enumerate(scenario.tiers)
    }
    return People(
        {rank: count for rank, count in leaders.items() if count},
        {rank: crew for rank, crew in staff.items() if any(crew.values())},
    )


def _source_role(rank: int, tier: Tier, staff: Staff) -> SourceRole:
    counts = staff.count if isinstance(staff.count, tuple) else (staff.count,)
    called = sum(min(staff.on_call, count) for count in counts)
    return SourceRole(
        rank=rank,
        role=staff.role,
        skills=tuple(staff.skills),
        solves=tier.solves if staff.solves is None else staff.solves,
        speed_kmh=staff.speed_kmh,
        pace=staff.pace,
        hours=tier.hours if staff.hours is None else staff.hours,
        wage_per_hour=staff.wage_per_hour,
        on_call=called / sum(counts) if sum(counts) else 0.0,
    )


def largest_remainder(weights: Sequence[int], total: int) -> list[int]:
    """Share out whole people in proportion to weights; of equal remainders the last (the top) goes first."""
    whole = sum(weights)
    shares = [weight * total // whole for weight in weights]
    left = [(weight * total % whole, number) for number, weight in enumerate(weights)]
    for _, number in sorted(left, reverse=True)[: total - sum(shares)]:
        shares[number] += 1
    return shares


def recruit(scenario: Scenario, headcount: int, grids: int = 1) -> People:
    """Give the same mix of people at another headcount.

    Each class keeps its share as near as whole people allow. Three things come before an exact share where there are
    very few people: somebody leads, somebody works at the bottom, and as many people as a joint problem needs have the
    highest authority. Where grids are kept, each has a leader and somebody who works there, if there were so many.

    Parameters
    ----------
    scenario
        Whose classes.
    headcount
        How many people, exactly.
    grids
        Units of the bottom tier that are kept; absent: one at least.

    Raises
    ------
    ScenarioError
        If there are not people enough for these three.
    """
    source = people_in(scenario)
    groups = sorted([(rank, True) for rank in source.leaders] + [(rank, False) for rank in source.staff])
    sizes = [source.leaders[rank] if leads else sum(source.staff[rank].values()) for rank, leads in groups]
    if not groups:
        raise ScenarioError(f"{scenario.name}: has no people to place in a design")
    least = _least(scenario, source, groups, grids)
    if sum(least) > headcount:
        kept = f" with {grids} grids, each with a leader and staff" if grids > 1 else ""
        raise ScenarioError(f"headcount = {headcount}: allowed is at least {sum(least)} for {scenario.name}{kept}")
    counts = largest_remainder(sizes, headcount)
    while any(count < need for count, need in zip(counts, least, strict=True)):
        spare = [count - need for count, need in zip(counts, least, strict=True)]
        counts[spare.index(max(spare))] -= 1
        counts[spare.index(min(spare))] += 1
    result = People()
    for (rank, leads), count in zip(groups, counts, strict=True):
        if leads:
            result.leaders[rank] = count
        else:
            crew = source.staff[rank]
            result.staff[rank] = dict(zip(crew, largest_remainder(list(crew.values()), count), strict=True))
    return result


def _least(scenario: Scenario, source: People, groups: list[tuple[int, bool]], grids: int) -> list[int]:
    """The fewest people of each class that a design can do with."""
    first_to_lead = min(source.leaders, default=-1)
    bottom = min(source.staff, default=-1)
    ablest = max(source.staff, key=lambda rank: (_authority(source.staff[rank]), rank), default=-1)
    least = []
    for rank, leads in groups:
        if leads:
            least.append(min(grids, source.leaders[rank]) if rank == first_to_lead else 0)
        else:
            size = sum(source.staff[rank].values())
            need = [most_skills(scenario) if rank == ablest else 0, grids if rank == bottom else 0]
            least.append(min(max(need), size))
    return least


def _authority(crew: Crew) -> float:
    return max(origin.solves for origin in crew)
