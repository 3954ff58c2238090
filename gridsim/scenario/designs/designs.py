"""Hierarchy designs: the same people, problems and territory under another organisation.

A design moves and pools people; it does not make them better. Each origin of people keeps its authority, speed, pace,
hours and wage, and each class its share of the headcount, so a design can win by organisation alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import ScenarioError, nearest
from ..given import as_scenario, is_whole
from ..values import MOST
from .people import Crew, People, SourceRole, largest_remainder, most_skills, recruit
from .seating import Level, Seat, generalist, own_place, scenario_of

if TYPE_CHECKING:
    from ..given import Given
    from ..scenario import Scenario

# How the staff of each level works, bottom to top.
LAYOUTS: dict[str, tuple[str, ...]] = {
    "flat": ("specialists",),
    "two_tier": ("generalists", "specialists"),
    "three_tier": ("generalists", "specialists", "specialists"),
    "one_plus_ten": ("one of each", "specialists", "specialists"),
    "pooled_specialists": ("nobody", "specialists"),
    "hotline": ("generalists", "specialists", "specialists"),
    "work_teams": ("generalists", "specialists", "specialists"),
}
NEW_LEVEL = 5  # one in five people moves to a level that the scenario does not have; assumed
GRIDS_A_COMMUNITY = 5.7  # Zhengzhou 2015-16: 4,261 level-3 in 742 level-2 grids; where a scenario has no middle
NAMES = ("grid", "community", "street")


def designs() -> list[str]:
    """Names of the hierarchy designs."""
    return list(LAYOUTS)


def design(name: str, scenario: Given, headcount: int | None = None, keep_grids: bool = False) -> Scenario:
    """Put the people of a scenario into another hierarchy.

    Parameters
    ----------
    name
        One of `designs()`.
    scenario
        The scenario, or the name of a site, whose territory, problems, residents and classes of people are taken.
    headcount
        Leaders and staff of the result, exactly; volunteers and informants stay apart. Absent: as many as in
        `scenario`.
    keep_grids
        Whether the bottom tier keeps its number of units, also where there would be too few people for so many: each keeps
        a leader, and above there are fewer. `flat` is one unit all the same.

    Raises
    ------
    ScenarioError
        If there is no such design, or so few people that not one unit can be staffed.
    """
    scenario = as_scenario(scenario)
    if not isinstance(name, str) or name not in LAYOUTS:
        raise ScenarioError(f"design = {name!r}: allowed are {', '.join(LAYOUTS)}{nearest(str(name), LAYOUTS)}")
    wanted = scenario.headcount if headcount is None else headcount
    if not is_whole(wanted) or not 1 <= wanted <= MOST:
        raise ScenarioError(f"headcount = {wanted!r}: allowed is a whole number from 1 to {MOST:,}")
    wanted, grids = int(wanted), scenario.tiers[0].units if keep_grids and len(LAYOUTS[name]) > 1 else None
    try:
        levels = _levels(name, scenario, recruit(scenario, wanted, grids or 1), grids)
    except ScenarioError as error:
        raise ScenarioError(f"design {name}: {error}") from None
    return scenario_of(name, scenario, levels, wanted).noted(scenario.notes)


def _levels(name: str, scenario: Scenario, people: People, grids: int | None) -> list[Level]:
    """Place everybody: levels bottom to top, each with its units, leaders and seats."""
    layout = LAYOUTS[name]
    levels = _empty_levels(layout, scenario)
    _go_home(levels, scenario, people)
    if layout[0] == "nobody":
        _move_staff(levels[0], levels[-1])
    _fill_new_levels(levels, scenario, grids or 0)
    _lead_the_top(levels, grids or 0)
    if layout[0] == "one of each":
        _one_of_each(levels, scenario, grids)
    if name == "work_teams":
        _second(levels)
    for below, level in zip([None, *levels], levels[:-1], strict=False):
        _count_units(level, below, scenario, grids)
        _leftover_leaders_up(level, levels[-1])
    for level in reversed(levels):
        _seat(level, levels, scenario)
    return [level for level in levels if level.inhabited]


def _empty_levels(layout: tuple[str, ...], scenario: Scenario) -> list[Level]:
    """Levels named after the tiers of the scenario that have their rank, else by rank."""
    ranks, top = len(scenario.tiers), len(layout) - 1
    levels = []
    taken = {tier.name for tier in scenario.tiers}
    for number, mode in enumerate(layout):
        home = [rank for rank in range(ranks) if own_place(rank, ranks, len(layout)) == number]
        rank = max(home) if home and number == top else min(home, default=None) if home else None
        free = [word for word in (NAMES[number if number < top else -1], "middle", "above", "top") if word not in taken]
        name = scenario.tiers[rank].name if rank is not None else free[0]
        taken.add(name)
        levels.append(Level(name=name, mode=mode, home=tuple(home), rank=rank))
    return levels


def _go_home(levels: list[Level], scenario: Scenario, people: People) -> None:
    """Everybody goes to the level of the rank that they come from."""
    ranks = len(scenario.tiers)
    for rank, count in people.leaders.items():
        levels[own_place(rank, ranks, len(levels))].leaders[rank] += count
    for rank, crew in people.staff.items():
        levels[own_place(rank, ranks, len(levels))].staff.update(crew)


def _move_staff(level: Level, to: Level) -> None:
    for origin, count in level.staff.items():
        to.staff[origin] = to.staff.get(origin, 0) + count
    level.staff = {}


def _fill_new_levels(levels: list[Level], scenario: Scenario, grids: int) -> None:
    """A level that the scenario does not have takes one in five from the level with the most people."""
    for level in reversed(levels):
        if level.home:
            continue
        if not level.staff and level.mode != "nobody":
            giver = max(levels, key=lambda other: sum(other.staff.values()))
            size = sum(giver.staff.values())
            _take(giver.staff, level.staff, min(max(most_skills(scenario), size // NEW_LEVEL), size - 1))
        chief = max(levels, key=lambda other: sum(other.leaders.values()))
        kept = grids if chief is levels[0] else 0
        for _ in range(min(sum(chief.leaders.values()) // NEW_LEVEL, sum(chief.leaders.values()) - kept)):
            _move_leader(chief, level)


def _take(giver: Crew, taker: Crew, count: int) -> None:
    """Move people in proportion to the roles that they have."""
    origins = [origin for origin, size in giver.items() if size]
    if count <= 0 or not origins:
        return
    for origin, moved in zip(origins, largest_remainder([giver[origin] for origin in origins], count), strict=True):
        giver[origin] -= moved
        taker[origin] = taker.get(origin, 0) + moved


def _move_leader(giver: Level, taker: Level) -> None:
    rank = max(rank for rank, count in giver.leaders.items() if count)
    giver.leaders[rank] -= 1
    taker.leaders[rank] += 1


def _lead_the_top(levels: list[Level], grids: int = 0) -> None:
    """Where two or more lead, one of them leads the top; kept grids keep theirs."""
    givers = levels[1:] if 0 < sum(levels[0].leaders.values()) <= grids else levels
    chief = max(givers, key=lambda other: sum(other.leaders.values()))
    if sum(levels[-1].leaders.values()) == 0 and sum(chief.leaders.values()) > 1:
        _move_leader(chief, levels[-1])


def _second(levels: list[Level]) -> None:
    """The top's staff sits with the communities, and keeps its authority."""
    middle, top = levels[-2], levels[-1]
    middle.seconded = {origin: count for origin, count in top.staff.items() if count}
    top.staff = {}


def _bottom_cap(scenario: Scenario) -> int:
    """At most the grids of the scenario; where it has only one unit, its cells."""
    units = scenario.tiers[0].units
    return units if units > 1 else scenario.territory.cells


def _count_units(level: Level, below: Level | None, scenario: Scenario, grids: int | None) -> None:
    """As many units as the scenario has, or as there are leaders and staff for; or as are to be kept."""
    if below is None and grids is not None:
        level.units, level.why = grids, f"kept, as in {scenario.name}"
        return
    limits = _limits_of_grids(level, scenario) if below is None else _limits_above(level, below, scenario)
    leaders = sum(level.leaders.values())
    if leaders or _led(level, scenario):
        limits.append((leaders, f"as many as its leaders ({leaders:,})"))
    units, level.why = min(limits, key=lambda limit: limit[0])
    level.units = max(1, units)


Limit = tuple[int, str]  # at most so many units, and why


def _limits_of_grids(level: Level, scenario: Scenario) -> list[Limit]:
    cap, staff = _bottom_cap(scenario), sum(level.staff.values())
    limits = [(cap, f"as in {scenario.name}" if cap == scenario.tiers[0].units else f"as many as cells ({cap:,})")]
    if level.fixed_units is not None:
        limits.append((level.fixed_units, "as many as its leaders and specialists can fill"))
    if level.mode == "generalists":
        limits.append((staff, f"as many as its staff ({staff:,})"))
    return limits


def _limits_above(level: Level, below: Level, scenario: Scenario) -> list[Limit]:
    roof = below.units if below.inhabited else scenario.territory.cells
    own = None if level.rank is None else scenario.tiers[level.rank].units
    limits = [(_communities(roof), f"one for {GRIDS_A_COMMUNITY:g} units below") if own is None else
              (own, f"as in {scenario.name}"), (roof, f"as many as units below ({roof:,})")]  # fmt: skip
    together = most_skills(scenario)
    for size in (sum(level.staff.values()), sum(level.seconded.values())):
        if size:
            limits.append(
                (size // together, f"{together} of its staff ({size:,}) in each, as many as one problem needs")
            )
    return limits


def _led(level: Level, scenario: Scenario) -> bool:
    return any(scenario.tiers[rank].leader is not None for rank in level.home)


def _communities(grids: int) -> int:
    return math.ceil(grids / GRIDS_A_COMMUNITY)


def _leftover_leaders_up(level: Level, top: Level) -> None:
    """Leaders beyond the same number in every unit share the inbox of the top."""
    for _ in range(sum(level.leaders.values()) % level.units):
        _move_leader(level, top)


# --- who sits on which seat ------------------------------------------------------------------------------------------


def _one_of_each(levels: list[Level], scenario: Scenario, grids: int | None) -> None:
    """Every grid gets a leader and one of each speciality; bottom people first, then those from above."""
    bottom, top = levels[0], levels[-1]
    specialities = _specialities(scenario)
    need = len(specialities)
    keep = most_skills(scenario) if len(scenario.tiers) > 1 else 0
    staff = sum(sum(level.staff.values()) for level in levels)
    leaders = sum(sum(level.leaders.values()) for level in levels)
    units = min(_bottom_cap(scenario), (staff - keep) // need)
    if any(tier.leader for tier in scenario.tiers):
        units = min(units, leaders)
    if units < 1:
        raise ScenarioError(
            f"headcount = {staff + leaders}: not one grid can be staffed; it needs {need} specialists"
            f" and a leader, and {keep} people above"
        )
    if grids is not None and units < grids:
        raise ScenarioError(
            f"headcount = {staff + leaders}: {grids} grids are to be kept, people are enough for {units}; each needs {need}"
            f" specialists and a leader, and {keep} people stay above"
        )
    bottom.fixed_units = units
    while sum(bottom.leaders.values()) < units:
        giver = next(level for level in levels[1:] if sum(level.leaders.values()))
        _move_leader(giver, bottom)
    _fill_grids(levels, specialities, units)
    if len(levels) > 2 and (
        not sum(levels[1].leaders.values()) or sum(levels[1].staff.values()) < most_skills(scenario)
    ):
        _move_staff(levels[1], top)
        while sum(levels[1].leaders.values()):
            _move_leader(levels[1], top)
    for level in levels[1:]:
        level.staff = {origin: count for origin, count in level.staff.items() if count}
    _lead_the_top(levels[1:])


def _specialities(scenario: Scenario) -> list[tuple[str, tuple[str, ...]]]:
    """Roles and skills that a grid has one of: those of the scenario's staff, bottom first, until all are covered."""
    needed = {skill for problem in scenario.problems for skill in problem.skills}
    found: list[tuple[str, tuple[str, ...]]] = []
    for tier in scenario.tiers:
        for staff in tier.staff:
            if "*" not in staff.skills and needed & set(staff.skills):
                found.append((staff.role, tuple(staff.skills)))
                needed -= set(staff.skills)
    return found + [(skill, (skill,)) for skill in sorted(needed)]


def _fill_grids(levels: list[Level], specialities: list[tuple[str, tuple[str, ...]]], units: int) -> None:
    """Specialists take their own seats, bottom people first; open seats are taken by whoever is left, likewise."""
    bottom = levels[0]
    order = [(level, origin) for level in levels for origin in sorted(level.staff, key=lambda origin: origin.rank)]
    open_seats = dict.fromkeys(specialities, units)

    def sit(fits: Callable[[SourceRole, tuple[str, ...]], bool]) -> None:
        for speciality in specialities:
            for level, origin in order:
                count = min(open_seats[speciality], level.staff[origin])
                if count and fits(origin, speciality[1]):
                    bottom.seats.append(
                        Seat.placed(origin, *speciality, first=units - open_seats[speciality], count=count, units=units)
                    )
                    open_seats[speciality] -= count
                    level.staff[origin] -= count

    sit(lambda origin, skills: origin.skills == skills and origin.rank == 0)
    sit(lambda origin, skills: origin.rank == 0)
    sit(lambda origin, skills: origin.skills == skills)
    sit(lambda origin, skills: True)
    for origin, count in bottom.staff.items():
        if count:
            levels[-1].staff[origin] = levels[-1].staff.get(origin, 0) + count
    bottom.staff = {}


def _seat(level: Level, levels: list[Level], scenario: Scenario) -> None:
    """Spread the people of a level over its units as evenly as whole people allow."""
    above = [seat for other in levels[levels.index(level) + 1 :] if other.units == 1 for seat in other.seats]
    if level.mode == "generalists":
        level.spread(generalist(origin, count) for origin, count in level.staff.items() if count)
    else:
        _seat_specialists(level, level.staff, above, scenario)
    if level.seconded:
        _seat_specialists(level, level.seconded, above, scenario)


def _seat_specialists(level: Level, staff: Crew, above: list[Seat], scenario: Scenario) -> None:
    """Specialists keep their speciality; where some are missing, as many as one problem needs know them all."""
    for rank in sorted({origin.rank for origin in staff}, reverse=True):
        crew = {origin: count for origin, count in staff.items() if origin.rank == rank and count}
        able = [seat for seat in (*above, *level.seats) if seat.everywhere]
        short = _missing(crew, level, able, rank, scenario)
        seats = []
        for _ in range(min(most_skills(scenario) * level.units, sum(crew.values())) if short else 0):
            most = max(crew, key=lambda origin: crew[origin])
            crew[most] -= 1
            seats.append(generalist(most, 1))
        level.spread([*seats, *(Seat.of(origin, count) for origin, count in crew.items() if count)])


def _missing(crew: Crew, level: Level, able: list[Seat], rank: int, scenario: Scenario) -> bool:
    """Whether a skill of this class would be out of reach somewhere in the level."""
    if not crew:
        return False
    authority = max(origin.solves for origin in crew)
    has = {skill for origin, count in crew.items() if count >= level.units for skill in origin.skills}
    has |= {skill for seat in able if seat.origin.solves >= authority for skill in seat.skills}
    wanted = {skill for staff in scenario.tiers[rank].staff for skill in staff.skills}
    return "*" not in has and bool(wanted - has)
