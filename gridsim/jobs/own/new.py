"""A commented scenario of one's own, from the four numbers that every planner knows."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from ...scenario.errors import ScenarioError, said
from ...scenario.given import is_whole, shown
from ...scenario.reading import text_of
from ...scenario.scenario import Scenario, load, loads

MOST_GRIDS, MOST_RESIDENTS, MOST_PEOPLE = 10_000, 100_000, 100_000
GRIDS_A_COMMUNITY = 5.7  # Zhengzhou 2015-16: 4,261 level-3 in 742 level-2 grids
RESIDENTS_PER_KM2 = 11_000.0  # inner-city Zhengzhou; assumed
WEEK = (5.0 + 2.0 / 3.0) / 7.0  # mean of a week in which a weekend day has a third of a weekday's problems
SHARES = {"requests": 0.5, "order": 0.25, "hazards": 0.15, "trading": 0.1}  # assumed, as in the template
HOURS_A_DAY = 5.0  # office hours of a mean day: 35 a week
HIGHEST_LOAD = 0.8  # beyond it, waiting grows steeply
HOURS_A_PROBLEM = 2.5  # work and way of one person for one problem; assumed, on the safe side
TRIAGE_HOURS, PATROL_HOURS = 0.2, 1.5


@dataclass(frozen=True)
class Places:
    """People of each kind in a unit, and the units.

    Parameters
    ----------
    communities
        Units of the middle tier.
    workers
        Grid workers in each grid.
    community, street
        People with services, order and safety, in each community and at the street.
    """

    communities: int
    workers: int
    community: tuple[int, int, int]
    street: tuple[int, int, int]


def new(path: str | os.PathLike[str], grids: int, residents: int, problems: float, people: int) -> Scenario:
    """Write a commented scenario of one's own: grids, communities and a street office that keep up with the problems.

    Parameters
    ----------
    path
        The TOML file to write; one that exists is never written over.
    grids
        Grids of the territory.
    residents
        Residents of each grid.
    problems
        Problems on a mean day, in the whole territory.
    people
        Leaders and staff of all tiers together.

    Raises
    ------
    ScenarioError
        If a number is out of range, the people cannot keep up, or the file exists or cannot be written.
    """
    target = Path(path)
    if os.path.lexists(target):
        raise ScenarioError(f"{said(target)}: exists already and is not written over; give another name")
    text = new_text(target.stem, grids, residents, problems, people)
    loads(text, str(target))
    _write(target, text)
    return load(target)


def new_text(name: str, grids: int, residents: int, problems: float, people: int) -> str:
    """Fill the template: the text of a scenario, commented.

    Parameters
    ----------
    name
        What the scenario is called.
    grids, residents, problems, people
        As in `new`.

    Raises
    ------
    ScenarioError
        If a number is out of range, or the people cannot keep up.
    """
    for what, value, most in (("grids", grids, MOST_GRIDS), ("residents", residents, MOST_RESIDENTS),
                              ("people", people, MOST_PEOPLE)):  # fmt: skip
        if not is_whole(value) or not 1 <= value <= most:
            raise ScenarioError(f"{what} = {shown(value)}: allowed is a whole number from 1 to {most:,}")
    if isinstance(problems, bool) or not isinstance(problems, int | float) or not 0.0 < problems <= 1e6:
        raise ScenarioError(f"problems = {shown(problems)}: allowed is a number above 0, at most 1,000,000 a day")
    places = _seat(grids, people)
    _keeps_up(places, grids, problems, people)
    return Template(text_of(Path(str(files(__package__) / "template.toml")))).substitute(
        name=json.dumps(name, ensure_ascii=False), grids=grids, residents=f"{residents:,}", problems=f"{problems:g}",
        people=people, **_territory(grids, residents), **_demand(grids * residents, problems), **_counts(places),
    )  # fmt: skip


def _seat(grids: int, people: int) -> Places:
    """A leader in every unit, a worker in every grid, one of each speciality above; who is left goes where a round fits."""
    communities = math.ceil(grids / GRIDS_A_COMMUNITY)
    least = _least(grids)
    if people < least:
        fewer = next((count for count in range(grids - 1, 0, -1) if _least(count) <= people), None)
        hint = f"; with {people} at most {fewer} grids" if fewer else ""
        raise ScenarioError(f"people = {people}: {grids} grids need at least {least}{hint}")
    workers, left = divmod(people - least, grids)
    rounds, left = divmod(left, communities)
    community = [1 + rounds // 3 + (number < rounds % 3) for number in (2, 0, 1)]
    street = [1 + left // 3 + (number < left % 3) for number in (2, 0, 1)]
    return Places(communities, 1 + workers, _three(community), _three(street))


def _three(counts: list[int]) -> tuple[int, int, int]:
    services, order, safety = counts
    return services, order, safety


def _least(grids: int) -> int:
    """A leader and a worker a grid, a leader and three specialists a community, the same at the street."""
    return 2 * grids + 4 * math.ceil(grids / GRIDS_A_COMMUNITY) + 4


def _keeps_up(places: Places, grids: int, problems: float, people: int) -> None:
    """Refuse more problems than the people of any tier can work on."""
    hours = problems * HOURS_A_PROBLEM / HOURS_A_DAY
    joint, above_grid, above_community = SHARES["trading"], 0.15, 0.03
    lead = (problems * TRIAGE_HOURS / grids) / (HOURS_A_DAY - PATROL_HOURS)
    alone = places.workers < 2  # a joint problem needs two people in a grid
    loads_of = {
        "grid workers": hours * (1.0 if not alone else 1.0 - joint) * (1.0 + joint) / (grids * places.workers),
        "grid leaders": lead,
        "communities": hours * ((joint if alone else 0.0) + 0.5 * above_grid)
        / (places.communities * min(places.community)),
        "the street": hours * 0.5 * above_community / min(places.street),
    }  # fmt: skip
    who = max(loads_of, key=lambda name: loads_of[name])
    if loads_of[who] > HIGHEST_LOAD:
        most = problems * HIGHEST_LOAD / loads_of[who]
        told = f"{most:,.0f}" if most >= 1.0 else f"{most:.1g}"
        raise ScenarioError(
            f"problems = {problems:g}: {people} people keep up with about {told} a day ({who} are the first short);"
            " give more people or fewer problems"
        )


def _territory(grids: int, residents: int) -> dict[str, object]:
    each = next(count for count in (4, 5, 3, 2, 1) if residents % count == 0)
    inside = residents // each
    return {
        "cells": grids * each, "cells_per_grid": each, "residents_per_cell": inside, "total": f"{grids * residents:,}",
        "cell_km": f"{max(math.sqrt(inside / RESIDENTS_PER_KM2), 0.01):.2f}",
    }  # fmt: skip


def _demand(residents: int, problems: float) -> dict[str, str]:
    found = {}
    for name, share in SHARES.items():
        found[f"{name}_rate"] = repr(float(f"{problems * share * 1000.0 / residents / WEEK:.6g}"))
        found[f"{name}_daily"] = f"{problems * share:g}"
    return found


def _counts(places: Places) -> dict[str, int]:
    found = {"communities": places.communities, "workers": places.workers}
    for where, counts in (("community", places.community), ("street", places.street)):
        found |= {f"{where}_{name}": count for name, count in zip(("services", "order", "safety"), counts, strict=True)}
    return found


def _write(target: Path, text: str) -> None:
    """Write a new file, all of it or nothing."""
    made = False
    try:
        with target.open("x", encoding="utf-8") as file:
            made = True
            file.write(text)
    except OSError as error:
        if made:
            target.unlink(missing_ok=True)
        raise ScenarioError(f"{said(target)}: cannot be written ({error.strerror})") from error
