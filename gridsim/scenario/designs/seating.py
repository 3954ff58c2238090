"""Levels and seats of a design, and the scenario that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..parts import FINEST_PATROL_HOURS, is_volunteer
from .people import Crew, SourceRole

if TYPE_CHECKING:
    from ..parts import Leader, Tier
    from ..scenario import Scenario

GENERALIST_PACE = 1.2  # a generalist takes a fifth longer than a specialist; assumed


def own_place(rank: int, ranks: int, levels: int) -> int:
    """Level of a design that has the rank of a tier: bottom to bottom, top to top, all between to the middle."""
    if rank == 0 or levels == 1:
        return 0
    return levels - 1 if rank == ranks - 1 else 1


@dataclass
class Seat:
    """People of one role of the source with one set of skills, so many in each unit of a level."""

    origin: SourceRole
    role: str
    skills: tuple[str, ...]
    pace: float
    total: int
    on_call: float
    counts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, origin: SourceRole, count: int) -> Seat:
        """People in their own speciality."""
        return cls(origin, origin.role, origin.skills, origin.pace, count, origin.on_call * count)

    @classmethod
    def placed(
        cls, origin: SourceRole, role: str, skills: tuple[str, ...], *, first: int, count: int, units: int
    ) -> Seat:
        """One person in each of some consecutive units."""
        counts = [int(first <= unit < first + count) for unit in range(units)]
        return cls(origin, role, skills, origin.pace, count, origin.on_call * count, counts)

    @property
    def everywhere(self) -> bool:
        """Whether every unit has one of them."""
        return bool(self.counts) and min(self.counts) > 0

    @property
    def same_people(self) -> tuple[object, ...]:
        """What two groups must have in common to stand in one line of the scenario."""
        origin = self.origin
        kept = (origin.rank, origin.solves, origin.speed_kmh, origin.hours, origin.wage_per_hour)
        return (self.role, self.skills, self.pace, *kept)


def generalist(origin: SourceRole, count: int) -> Seat:
    """People who take on every skill, at the assumed pace; who already does stays as he is."""
    if "*" in origin.skills:
        return Seat.of(origin, count)
    pace = round(origin.pace * GENERALIST_PACE, 12)
    return Seat(origin, "generalist", ("*",), pace, count, origin.on_call * count)


@dataclass
class Level:
    """One tier of a design while people are placed.

    Parameters
    ----------
    name
        Name of the tier.
    mode
        How its staff works: "generalists", "specialists", "one of each" or "nobody".
    home
        Ranks of the scenario's tiers whose people belong here.
    rank
        The tier of the scenario whose hours, stations and authority it takes; None where there is none.
    """

    name: str
    mode: str
    home: tuple[int, ...]
    rank: int | None
    units: int = 1
    why: str = "one for all"
    fixed_units: int | None = None
    leaders: Counter[int] = field(default_factory=Counter)
    staff: Crew = field(default_factory=dict)
    seconded: Crew = field(default_factory=dict)
    seats: list[Seat] = field(default_factory=list)
    volunteers: list[dict[str, Any]] = field(default_factory=list)
    _next: int = 0

    @property
    def inhabited(self) -> bool:
        """Whether anybody leads or serves here."""
        counts = (self.leaders.values(), self.staff.values(), self.seconded.values())
        return bool(self.seats) or any(sum(count) for count in counts)

    def spread(self, seats: Iterable[Seat]) -> None:
        """Deal people out to the units in turn, so that no unit has two more than another."""
        merged: dict[tuple[object, ...], Seat] = {}
        for seat in seats:
            one = merged.setdefault(seat.same_people, seat)
            if one is not seat:
                one.total += seat.total
                one.on_call += seat.on_call
        for seat in merged.values():
            each, more = divmod(seat.total, self.units)
            seat.counts = [each] * self.units
            for turn in range(more):
                seat.counts[(self._next + turn) % self.units] += 1
            self._next = (self._next + more) % self.units
            self.seats.append(seat)


# --- the scenario ----------------------------------------------------------------------------------------------------


def scenario_of(name: str, source: Scenario, levels: list[Level], headcount: int) -> Scenario:
    """Write levels as a scenario with the territory, residents and problems of another."""
    from ..scenario import make

    data = source.as_data()
    place = _places(source, levels)
    for level in levels:
        level.volunteers = _volunteers(source, level, [rank for rank in place if place[rank] is level])
    data["name"] = f"{source.name}_{name}"
    data["description"] = f"{source.name} as {name} with {headcount:,} people: {source.description}".rstrip(": ")
    data["tiers"] = [_tier(level, source, place) for level in levels]
    data["escalation"] = _escalation(name, data.get("escalation", {}), source, place, levels)
    data["sources"] = {
        key: text for key, text in source.sources.items() if key.split(".")[0] not in ("tiers", "escalation")
    }
    data["sources"] |= _sources(name, source, levels)
    return make(data, None)


def _places(source: Scenario, levels: list[Level]) -> dict[int, Level]:
    """The level that each tier of the scenario became; the next above where its own has nobody."""
    by_rank = {}
    for rank in range(len(source.tiers)):
        own = [level for level in levels if rank in level.home]
        above = [level for level in levels if level.home and min(level.home) > rank]
        by_rank[rank] = (own or above or levels[-1:])[0]
    return by_rank


def _tier(level: Level, source: Scenario, place: dict[int, Level]) -> dict[str, Any]:
    """One tier as data."""
    model = source.tiers[level.rank if level.rank is not None else -1]
    data: dict[str, Any] = {"name": level.name, "units": level.units, "solves": model.solves, "hours": model.hours}
    data["stations"] = model.stations
    if +level.leaders:
        chief = max(level.leaders, key=lambda rank: (level.leaders[rank], -rank))
        data["solves"] = min(source.tiers[rank].solves for rank in +level.leaders)
        data["hours"] = source.tiers[chief].hours
        data["leader"] = _leader(level, source, chief)
    bottom = source.tiers[0]
    if bottom.informants and place[0] is level:
        people = max(1, round(bottom.informants * bottom.units / level.units))
        data["informants"] = people
        data["finds_per_informant_per_day"] = bottom.finds_per_informant_per_day * bottom.informants / people
    data["staff"] = _staff(level, source)
    return data


def _leader(level: Level, source: Scenario, chief: int) -> dict[str, Any]:
    """The leaders of a unit. Where several classes share an inbox they work like the least able of them."""
    ranks = sorted(+level.leaders)
    origins = [leader for rank in ranks if (leader := source.tiers[rank].leader) is not None]
    model = source.tiers[chief].leader
    assert model is not None
    total = sum(level.leaders.values())
    data: dict[str, Any] = model.model_dump(exclude_unset=True, exclude_none=True)
    data["count"] = total // level.units
    data["pace"] = max(origin.pace for origin in origins)
    data["handles_below"] = min(*(k.handles_below for k in origins), *(source.tiers[rank].solves for rank in ranks))
    speeds = [origin.speed_kmh for origin in origins if origin.speed_kmh is not None]
    if speeds:
        data["speed_kmh"] = min(speeds)
    wages = zip(origins, (level.leaders[rank] for rank in ranks), strict=True)
    data["wage_per_hour"] = round(sum(origin.wage_per_hour * count for origin, count in wages) / total, 12)
    for key in ("patrol_every_hours", "patrol_hours", "finds"):
        data.pop(key, None)
    walkers = [rank for rank in ranks if rank in level.home and _patrols(source.tiers[rank])]
    return data | (_patrol(level, source.tiers[walkers[0]], level.leaders[walkers[0]]) if walkers else {})


def _patrols(tier: Tier) -> bool:
    return tier.leader is not None and tier.leader.patrol_every_hours is not None


def _patrol(level: Level, home: Tier, walkers: int) -> dict[str, Any]:
    """Each leader walks as often and as long as before, so one patrol sees the same area: a smaller part of a larger unit."""
    leader: Leader | None = home.leader
    assert leader is not None
    assert leader.patrol_every_hours is not None
    every = leader.patrol_every_hours
    if every > 0.0:
        every = max(FINEST_PATROL_HOURS, every * home.leaders * level.units / (home.units * walkers))
    return {
        "patrol_every_hours": every,
        "patrol_hours": leader.patrol_hours.model_dump(),
        "finds": leader.finds * min(1.0, level.units / home.units),
    }


def _staff(level: Level, source: Scenario) -> list[dict[str, Any]]:
    """The staff of a unit, least authority first; names that two roles of the source share get the tier they come from."""
    rows: list[dict[str, Any]] = []
    used = Counter(seat.role for seat in level.seats)
    taken: set[str] = {volunteer["role"] for volunteer in level.volunteers}
    for seat in sorted(level.seats, key=lambda seat: (seat.origin.solves, seat.origin.rank)):
        first = min(other.origin.rank for other in level.seats if other.role == seat.role)
        plain = used[seat.role] == 1 or seat.origin.rank == first
        name = _free_name(seat.role, "" if plain else f"_{source.tiers[seat.origin.rank].name}", taken)
        taken.add(name)
        rows.append(_row(seat, name))
    return rows + level.volunteers


def _free_name(role: str, suffix: str, taken: set[str]) -> str:
    name, number = role + suffix, 2
    while name in taken:
        name, number = f"{role}{suffix}_{number}", number + 1
    return name


def _row(seat: Seat, name: str) -> dict[str, Any]:
    origin, most = seat.origin, max(seat.counts)
    row: dict[str, Any] = {"role": name, "skills": list(seat.skills), "count": _count(seat.counts)}
    if seat.on_call > 0.0:
        row["on_call"] = min(most, max(1, round(most * seat.on_call / seat.total)))
    row["solves"] = origin.solves
    if origin.speed_kmh is not None:
        row["speed_kmh"] = origin.speed_kmh
    return row | {"pace": seat.pace, "hours": origin.hours, "wage_per_hour": origin.wage_per_hour}


def _count(counts: list[int]) -> int | list[int]:
    return counts[0] if len(set(counts)) == 1 else counts


def _volunteers(source: Scenario, level: Level, ranks: list[int]) -> list[dict[str, Any]]:
    """Volunteers stay as they are, as many as before, spread over the units that there are."""
    rows: list[dict[str, Any]] = []
    for rank in ranks:
        tier = source.tiers[rank]
        for staff in tier.staff:
            if is_volunteer(staff.role, staff.wage_per_hour):
                each, more = divmod(staff.people(tier.units), level.units)
                counts = [each + (unit < more) for unit in range(level.units)]
                row = staff.model_dump(exclude_unset=True, exclude_none=True)
                row["role"] = _free_name(staff.role, "", {other["role"] for other in rows})
                row |= {"count": _count(counts), "solves": tier.solves if staff.solves is None else staff.solves}
                row |= {"hours": tier.hours if staff.hours is None else staff.hours}
                row["on_call"] = min(staff.on_call, max(counts))
                rows.append(row)
    return rows


def _escalation(
    name: str, rules: dict[str, Any], source: Scenario, place: dict[int, Level], levels: list[Level]
) -> dict[str, Any]:
    """The same rules; tiers that they name are mapped by rank, the lowest one first where two become one."""
    rank_of = {tier.name: rank for rank, tier in enumerate(source.tiers)}
    result = dict(rules)
    for key in ("intake", "emergency_to"):
        if key in rules:
            result[key] = place[rank_of[rules[key]]].name
    for key in ("after_hours", "queue_limit"):
        if isinstance(rules.get(key), dict):
            by_rank = sorted(rules[key].items(), key=lambda item: rank_of[item[0]], reverse=True)
            result[key] = {place[rank_of[tier]].name: value for tier, value in by_rank}
    if name == "hotline":
        result["intake"] = levels[-1].name
    return result


def _sources(name: str, source: Scenario, levels: list[Level]) -> dict[str, str]:
    """Say where the tiers of a design come from."""
    text = f"design {name}: the people of {source.name}, class by class in their shares (see its sources)"
    found = {f"tiers.{level.name}": text for level in levels} | {"escalation": f"as in {source.name}, tiers by rank"}
    found |= {f"tiers.{level.name}.units": f"design {name}: {level.why}" for level in levels}
    for level in levels:
        if any(seat.role == "generalist" for seat in level.seats):
            found[f"tiers.{level.name}.staff.generalist.pace"] = (
                f"assumed: a generalist takes {GENERALIST_PACE:g} times as long as a specialist"
            )
        if +level.leaders and any(_patrols(source.tiers[rank]) for rank in level.home):
            found[f"tiers.{level.name}.leader.finds"] = "assumed: a patrol sees the same area, a part of a larger unit"
    return found
