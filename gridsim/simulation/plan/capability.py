"""Who could serve what: the roles that fit a skill, and the best team that a unit's people can make up."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, lcm

import numpy as np
from numpy.typing import NDArray

from ..instants import DAY

LONGEST_CYCLE_DAYS = 3660  # shifts whose common cycle is longer are looked at for ten years

Eligible = list[list[list[list[int]]]]
Key = tuple[tuple[int, ...], tuple[int, ...], int]  # starts and ends of windows and their cycle, in nanoseconds


def eligible_roles(
    role_skills: Sequence[Sequence[str]],
    role_first: Sequence[int] | NDArray[np.int32],
    skills: Sequence[str],
    skills_of: Sequence[Sequence[int]],
) -> Eligible:
    """List for every tier, type and skill of the type the roles that have it, the first choice first.

    The role with the fewest skills comes first ("*" counts every skill that problem types name); of equals
    the one listed first.
    """
    able = [[role for role, has in enumerate(role_skills) if "*" in has or skill in has] for skill in skills]
    width = [len(skills) if "*" in has else len(set(has)) for has in role_skills]
    result: Eligible = []
    for first, after in zip(role_first[:-1], role_first[1:], strict=True):
        here = [sorted((r for r in roles if first <= r < after), key=lambda r: (width[r], r)) for roles in able]
        result.append([[list(here[skill]) for skill in kind] for kind in skills_of])
    return result


def complete_team(options: Sequence[Sequence[int]], free: list[int]) -> list[int] | None:
    """Find the first complete matching of one person per skill, skills in order, roles in order of choice.

    Parameters
    ----------
    options
        Per skill the roles that may take it, the first choice first.
    free
        Free people per role (indexed like the options); unchanged on return.
    """
    if not options:
        return []
    for role in options[0]:
        if free[role] > 0:
            free[role] -= 1
            rest = complete_team(options[1:], free)
            free[role] += 1
            if rest is not None:
                return [role, *rest]
    return None


def reach_of_units(
    eligible: Eligible,
    role_first: Sequence[int] | NDArray[np.int32],
    role_solves: Sequence[float],
    slot_first: NDArray[np.int32],
    count: NDArray[np.int32],
    on_call: NDArray[np.int32],
    duty: Sequence[Sequence[Key]],
    units: Sequence[int],
) -> NDArray[np.float64]:
    """Give the authority of the best complete team of every unit and type, at the best hour of its cycle.

    Returns
    -------
    array
        Shape (units of all tiers, types, 2): for routine problems, and for urgent ones, when people on call
        count too; -inf where no complete team exists. A team has the authority of its weakest member.
    """
    types = len(eligible[0])
    result = np.full((len(slot_first) - 1, types, 2), -inf)
    unit = 0
    for tier, number in enumerate(units):
        first, after = role_first[tier], role_first[tier + 1]
        shifts = duty_sets(duty[tier])
        seen: dict[tuple[int, ...], NDArray[np.float64]] = {}
        for u in range(unit, unit + number):
            slots = slice(slot_first[u], slot_first[u + 1])
            key = (*count[slots].tolist(), *on_call[slots].tolist())
            if key not in seen:
                people, called = key[: after - first], key[after - first :]
                seen[key] = _reach(eligible[tier], first, role_solves[first:after], people, called, shifts)
            result[u] = seen[key]
        unit += number
    return result


def _reach(
    eligible: list[list[list[int]]],
    first: int,
    solves: Sequence[float],
    people: Sequence[int],
    called: Sequence[int],
    shifts: set[tuple[bool, ...]],
) -> NDArray[np.float64]:
    result = np.full((len(eligible), 2), -inf)
    crews = {
        urgent: {
            tuple(n if on else (c if urgent else 0) for n, c, on in zip(people, called, shift, strict=True))
            for shift in shifts
        }
        for urgent in (0, 1)
    }
    for kind, options in enumerate(eligible):
        local = [[role - first for role in roles] for roles in options]
        for urgent, distinct in crews.items():
            for level in sorted(set(solves), reverse=True):
                able = [[role for role in roles if solves[role] >= level] for roles in local]
                if any(complete_team(able, list(crew)) is not None for crew in distinct):
                    result[kind, urgent] = level
                    break
    return result


def duty_sets(patterns: Sequence[Key]) -> set[tuple[bool, ...]]:
    """Find which sets of roles are on duty together at some time of their common cycle.

    Parameters
    ----------
    patterns
        Per role the starts and ends of its windows, and its cycle.
    """
    distinct = sorted(set(patterns))
    length = min(lcm(*(cycle for *_, cycle in distinct)) if distinct else DAY, LONGEST_CYCLE_DAYS * DAY)
    times = {0}
    for starts, ends, cycle in distinct:
        for turn in range(-(-length // cycle)):
            times.update(turn * cycle + edge for edge in (*starts, *ends))
    instants = sorted(time for time in times if time < length)
    on = {pattern: _on_duty(pattern, instants) for pattern in distinct}
    columns = [on[pattern] for pattern in patterns]
    return {tuple(bool(column[k]) for column in columns) for k in range(len(instants))}


def _on_duty(pattern: Key, instants: list[int]) -> NDArray[np.bool_]:
    starts, ends, cycle = pattern
    within = np.mod(instants, cycle)
    result = np.zeros(len(instants), bool)
    for start, end in zip(starts, ends, strict=True):
        result |= (within >= start) & (within < end)
    return result
