"""Hierarchy designs at equal headcount: the same people, moved and pooled, and nobody made more able."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import ScenarioError, nearest
from .parts import Leader, Staff, Tier
from .scenario import Scenario, is_volunteer, make, people_of

GENERALIST_PACE = 1.2  # assumed: who does everything takes a fifth longer
BOTTOM, MIDDLE, TOP = 0, 1, 2
NAMES = ("grid", "community", "street")


@dataclass(frozen=True)
class People:
    """Some people of one class: of one tier, with the same authority, speed, pace, hours and wage.

    Parameters
    ----------
    staff
        The role they have in the scenario, with its own authority written out; its count does not matter.
    number
        How many they are.
    """

    staff: Staff
    number: int


@dataclass(frozen=True)
class Crowd:
    """All people of a scenario at a headcount, by rank (bottom, middle, top)."""

    leaders: tuple[int, int, int]
    staff: tuple[tuple[People, ...], tuple[People, ...], tuple[People, ...]]

    def number(self, *ranks: int) -> int:
        """Staff of some ranks."""
        return sum(people.number for rank in ranks for people in self.staff[rank])


def designs() -> list[str]:
    """Names of the hierarchy designs."""
    return list(DESIGNS)


def design(name: str, scenario: Scenario, headcount: int | None = None) -> Scenario:
    """Put the people of a scenario under another hierarchy.

    Parameters
    ----------
    name
        One of `designs()`.
    scenario
        Its territory, residents and problems stay; its people keep authority, speed, pace, hours and wage.
    headcount
        Leaders and staff (volunteers apart); absent: as many as the scenario has.

    Raises
    ------
    ScenarioError
        If the name is not known, or so few people cannot staff one unit.
    """
    if name not in DESIGNS:
        raise ScenarioError(f"design {name!r}: allowed are {', '.join(DESIGNS)}{nearest(name, DESIGNS)}")
    total = scenario.headcount if headcount is None else headcount
    if isinstance(total, bool) or not isinstance(total, int) or total < 1:
        raise ScenarioError(f"headcount = {total!r}: allowed is a whole number of at least 1")
    crowd = _crowd(scenario, total)
    try:
        tiers = DESIGNS[name](scenario, crowd)
    except _TooFew as error:
        raise ScenarioError(f"headcount = {total}: too few people for {name} ({error})") from None
    data = scenario.as_data()
    data["name"] = f"{scenario.name}, {name}, {total} people"
    data["tiers"] = [tier.model_dump(exclude_none=True, exclude_defaults=True) for tier in tiers]
    data["escalation"] = _escalation(scenario, [tier.name for tier in tiers], name)
    data["sources"] = _sources(scenario)
    return make(data, None)


class _TooFew(Exception):
    """Not one unit can be staffed."""


# --- who there is ------------------------------------------------------------------------------------------------


def _rank(tier: int, tiers: int) -> int:
    return BOTTOM if tier == 0 else TOP if tier == tiers - 1 else MIDDLE


def _crowd(scenario: Scenario, total: int) -> Crowd:
    """Share out the headcount among the classes: largest remainder, what is left over to the top."""
    classes: list[tuple[int, Staff | None, int]] = []
    for number, tier in enumerate(scenario.tiers):
        rank = _rank(number, len(scenario.tiers))
        if tier.leader and tier.leader.count:
            classes.append((rank, None, tier.leader.count * tier.units))
        for staff in tier.staff:
            if not is_volunteer(staff.role, staff.wage_per_hour):
                own = {
                    "solves": tier.solves if staff.solves is None else staff.solves,
                    "hours": staff.hours if staff.hours is not None else tier.hours,
                }
                classes.append((rank, staff.model_copy(update=own), people_of(staff.count, tier.units)))
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for rank, staff, number in classes:
        key = (rank, None) if staff is None else (rank, _class_of(staff))
        groups.setdefault(key, [rank, staff, 0])[2] += number
    sizes = largest_remainder([group[2] for group in groups.values()], total)
    leaders = [0, 0, 0]
    people: tuple[list[People], list[People], list[People]] = ([], [], [])
    for (rank, staff, _), number in zip(groups.values(), sizes, strict=True):
        if staff is None:
            leaders[rank] += number
        elif number:
            people[rank].append(People(staff, number))
    return Crowd((leaders[0], leaders[1], leaders[2]), (tuple(people[0]), tuple(people[1]), tuple(people[2])))


def _class_of(staff: Staff) -> tuple[Any, ...]:
    return staff.solves, staff.speed_kmh, staff.pace, str(staff.hours), staff.wage_per_hour


def largest_remainder(sizes: Sequence[int], total: int) -> list[int]:
    """Share out a total in proportion to sizes; whole numbers go to the largest remainders, of equals to the last."""
    everyone = sum(sizes)
    if everyone == 0:
        raise ScenarioError("the scenario has no people that a design could move")
    exact = [size * total / everyone for size in sizes]
    result = [int(share) for share in exact]
    order = sorted(range(len(sizes)), key=lambda k: (exact[k] - result[k], k), reverse=True)
    for k in order[: total - sum(result)]:
        result[k] += 1
    return result


# --- how they are set up -----------------------------------------------------------------------------------------


def _skills(scenario: Scenario) -> list[str]:
    return list(dict.fromkeys(skill for problem in scenario.problems for skill in problem.skills))


def _spread(number: int, units: int) -> int | tuple[int, ...]:
    """People per unit, as even as whole people allow."""
    each = tuple((k + 1) * number // units - k * number // units for k in range(units))
    return each[0] if len(set(each)) == 1 else each


def _role(people: People, role: str, skills: Sequence[str], count: int | tuple[int, ...], pace: float = 1.0) -> Staff:
    most = max(count) if isinstance(count, tuple) else count
    own = {
        "role": role, "skills": tuple(skills), "count": count, "pace": people.staff.pace * pace,
        "on_call": min(people.staff.on_call, most),
    }  # fmt: skip
    return people.staff.model_copy(update=own)


def _generalists(crowd: Crowd, rank: int, units: int) -> list[Staff]:
    """People of a rank as generalists, spread over the units."""
    many = len(crowd.staff[rank]) > 1
    return [
        _role(people, f"generalist_{k + 1}" if many else "generalist", ["*"], _spread(people.number, units),
              GENERALIST_PACE)
        for k, people in enumerate(crowd.staff[rank])
    ]  # fmt: skip


def _specialists(scenario: Scenario, people: Sequence[People], units: int, label: str) -> list[Staff]:
    """People as specialists: a role per skill in every unit; fewer people than skills are generalists."""
    skills = _skills(scenario)
    result = []
    for k, group in enumerate(people):
        suffix = f"_{label}" if len(people) == 1 else f"_{label}_{k + 1}"
        if group.number // units < len(skills) and len(skills) > 1:
            count = _spread(group.number, units)
            result.append(_role(group, f"every_skill{suffix}", ["*"], count, GENERALIST_PACE))
            continue
        for skill, number in zip(skills, largest_remainder([1] * len(skills), group.number), strict=True):
            result.append(_role(group, skill + suffix, [skill], _spread(number, units)))
    return result


def _tier(scenario: Scenario, rank: int, units: int, leaders: int, staff: Sequence[Staff]) -> Tier:
    """A tier with the ways of the scenario's tier of that rank; volunteers and informants stay in theirs."""
    source = _source_tier(scenario, rank)
    leader = None
    if leaders:
        template = source.leader or next((tier.leader for tier in scenario.tiers if tier.leader), Leader())
        # A patrol covers as much ground as before: of a larger area it finds a smaller share.
        finds = template.finds * min(1.0, units / source.units)
        leader = template.model_copy(update={"count": leaders, "finds": finds})
    kept = [
        role.model_copy(update={"count": _spread(people_of(role.count, source.units), units)})
        for role in source.staff
        if is_volunteer(role.role, role.wage_per_hour)
    ]
    own = {"name": _name(scenario, rank), "units": units, "leader": leader, "staff": (*staff, *kept)}
    informants = source.informants if rank == BOTTOM else 0
    return source.model_copy(update={**own, "informants": informants})


def _source_tier(scenario: Scenario, rank: int) -> Tier:
    tiers = scenario.tiers
    if rank == BOTTOM:
        return tiers[0]
    return tiers[-1] if rank == TOP or len(tiers) < 3 else tiers[1]


def _name(scenario: Scenario, rank: int) -> str:
    tiers = scenario.tiers
    if rank == BOTTOM or len(tiers) >= 3 or (rank == TOP and len(tiers) == 2):
        return _source_tier(scenario, rank).name
    return next(name for name in (NAMES[rank], f"upper_{NAMES[rank]}") if name not in {t.name for t in tiers})


def _units(most: int, *people: int) -> int:
    """As many units as have somebody of each kind; kinds of which nobody is left do not count."""
    units = min([most, *(number for number in people if number)])
    if units < 1 or not any(people):
        raise _TooFew("not one unit can be staffed")
    return units


def _grids(scenario: Scenario, leaders: int, staff: int) -> tuple[int, int, int]:
    """Grids, leaders in each, and leaders left over for the top."""
    if staff < 1:
        raise _TooFew("nobody is left to serve in a grid")
    units = _units(scenario.tiers[0].units, leaders, staff)
    return units, leaders // units, leaders % units


# --- the designs -------------------------------------------------------------------------------------------------


def _flat(scenario: Scenario, crowd: Crowd) -> list[Tier]:
    if not crowd.number(BOTTOM, MIDDLE, TOP):
        raise _TooFew("nobody is left to serve")
    staff = [
        role
        for rank, label in ((BOTTOM, "near"), (MIDDLE, "middle"), (TOP, "top"))
        for role in _specialists(scenario, crowd.staff[rank], 1, label)
    ]
    return [_tier(scenario, BOTTOM, 1, sum(crowd.leaders), staff)]


def _two_tier(scenario: Scenario, crowd: Crowd) -> list[Tier]:
    crowd = _split(crowd)
    units, each, left = _grids(scenario, crowd.leaders[BOTTOM], crowd.number(BOTTOM))
    above = (*crowd.staff[MIDDLE], *crowd.staff[TOP])
    return [
        _tier(scenario, BOTTOM, units, each, _generalists(crowd, BOTTOM, units)),
        _tier(scenario, TOP, 1, left + crowd.leaders[MIDDLE] + crowd.leaders[TOP],
              _specialists(scenario, above, 1, "top")),
    ]  # fmt: skip


def _split(crowd: Crowd) -> Crowd:
    """Where a scenario has too few tiers, a tenth of the people at least sit in the middle and a tenth at the top."""
    staff = [list(people) for people in crowd.staff]
    if not staff[TOP] and not staff[MIDDLE] and staff[BOTTOM]:
        moved = max(1, crowd.number(BOTTOM) // 10)
        largest = max(range(len(staff[BOTTOM])), key=lambda k: staff[BOTTOM][k].number)
        people = staff[BOTTOM][largest]
        if people.number > 2 * moved:
            staff[BOTTOM][largest] = People(people.staff, people.number - 2 * moved)
            staff[MIDDLE].append(People(people.staff, moved))
            staff[TOP].append(People(people.staff, moved))
    elif not staff[MIDDLE] and staff[TOP]:
        people = staff[TOP][0]
        half = people.number // 2
        if half:
            staff[TOP][0] = People(people.staff, people.number - half)
            staff[MIDDLE].append(People(people.staff, half))
    return Crowd(crowd.leaders, (tuple(staff[0]), tuple(staff[1]), tuple(staff[2])))


def _three_tier(scenario: Scenario, crowd: Crowd, seconded: bool = False) -> list[Tier]:
    crowd = _split(crowd)
    units, each, left = _grids(scenario, crowd.leaders[BOTTOM], crowd.number(BOTTOM))
    most = min(units, _source_tier(scenario, MIDDLE).units if len(scenario.tiers) > 2 else units)
    middle, top = list(crowd.staff[MIDDLE]), list(crowd.staff[TOP])
    tiers = [_tier(scenario, BOTTOM, units, each, _generalists(crowd, BOTTOM, units))]
    if middle:
        team = max(len(problem.skills) for problem in scenario.problems)
        if seconded and top:  # so many communities that a joint team can be seconded to each
            most = min(most, max(1, sum(people.number for people in top) // team))
        communities = _units(most, crowd.leaders[MIDDLE], crowd.number(MIDDLE))
        staff = _specialists(scenario, middle, communities, "community")
        if seconded and top:
            staff += _specialists(scenario, top, communities, "seconded")
            top = []
        tiers.append(_tier(scenario, MIDDLE, communities, crowd.leaders[MIDDLE] // communities, staff))
        left += crowd.leaders[MIDDLE] % communities
    else:
        left += crowd.leaders[MIDDLE]
    leaders = left + crowd.leaders[TOP]
    if top or leaders:
        tiers.append(_tier(scenario, TOP, 1, leaders, _specialists(scenario, top, 1, "top")))
    return tiers


def _work_teams(scenario: Scenario, crowd: Crowd) -> list[Tier]:
    return _three_tier(scenario, crowd, seconded=True)


def _one_plus_ten(scenario: Scenario, crowd: Crowd) -> list[Tier]:
    """A leader and one of each speciality in every grid; the rest above."""
    skills, leaders = _skills(scenario), sum(crowd.leaders)
    led = 1 if leaders else 0
    everyone = [people for rank in (BOTTOM, MIDDLE, TOP) for people in crowd.staff[rank]]
    staff = sum(people.number for people in everyone)
    units = min(scenario.tiers[0].units, (staff + leaders) // (len(skills) + led), staff // len(skills))
    units = min(units, leaders) if leaders else units
    if units < 1:
        raise _TooFew(f"a grid takes {len(skills) + led} people")
    grid, rest = _deal(everyone, skills, units)
    tiers = [_tier(scenario, BOTTOM, units, led, grid)]
    if rest or leaders > units * led:
        tiers.append(_tier(scenario, TOP, 1, leaders - units * led, _specialists(scenario, rest, 1, "top")))
    return tiers


def _deal(everyone: Sequence[People], skills: Sequence[str], units: int) -> tuple[list[Staff], list[People]]:
    """Deal one person per skill and grid, those nearest the residents first; give the roles and who is left."""
    roles: list[Staff] = []
    left = [[people, people.number] for people in everyone]
    for skill in skills:
        first, k = 0, 0
        while first < units:
            people, number = left[k]
            assert isinstance(people, People) and isinstance(number, int)
            taken = min(number, units - first)
            if taken:
                count = tuple(1 if first <= unit < first + taken else 0 for unit in range(units))
                name = skill if taken == units or first == 0 else f"{skill}_{k + 1}"
                roles.append(_role(people, name, [skill], 1 if taken == units else count))
                left[k][1] = number - taken
                first += taken
            k += 1
    return roles, [People(p.staff, n) for p, n in left if n]  # type: ignore[union-attr, misc, arg-type]


def _pooled(scenario: Scenario, crowd: Crowd) -> list[Tier]:
    leaders = crowd.leaders[BOTTOM]
    everyone = [people for rank in (BOTTOM, MIDDLE, TOP) for people in crowd.staff[rank]]
    if not everyone:
        raise _TooFew("nobody is left to serve")
    pool = _specialists(scenario, everyone, 1, "pool")
    above = crowd.leaders[MIDDLE] + crowd.leaders[TOP]
    if not leaders:
        return [_tier(scenario, TOP, 1, above, pool)]
    units = min(scenario.tiers[0].units, leaders)
    tiers = [_tier(scenario, BOTTOM, units, leaders // units, [])]
    return [*tiers, _tier(scenario, TOP, 1, above + leaders % units, pool)]


DESIGNS: dict[str, Callable[[Scenario, Crowd], list[Tier]]] = {
    "flat": _flat,
    "two_tier": _two_tier,
    "three_tier": _three_tier,
    "one_plus_ten": _one_plus_ten,
    "pooled_specialists": _pooled,
    "hotline": _three_tier,
    "work_teams": _work_teams,
}


# --- what goes with them -----------------------------------------------------------------------------------------


def _escalation(scenario: Scenario, names: list[str], name: str) -> dict[str, Any]:
    """The scenario's rules; tiers that the design lacks are mapped by rank."""
    old = [tier.name for tier in scenario.tiers]

    def mapped(tier: str) -> str:
        if tier in names:
            return tier
        rank = old.index(tier) / max(1, len(old) - 1)
        return names[round(rank * (len(names) - 1))]

    data = dict(scenario.as_data().get("escalation", {}))
    for key in ("intake", "emergency_to"):
        if data.get(key) is not None:
            data[key] = mapped(data[key])
    for key in ("after_hours", "queue_limit"):
        if isinstance(data.get(key), dict):
            data[key] = {mapped(tier): value for tier, value in data[key].items()}
    if name == "hotline":
        data["intake"] = names[-1]
    return data


def _sources(scenario: Scenario) -> dict[str, str]:
    sources = {path: text for path, text in scenario.sources.items() if not path.startswith("tiers.")}
    sources["tiers"] = f"the people of {scenario.name}, moved by the design; generalists' pace 1.2 is assumed"
    return sources
