"""The scenario as arrays: what both engines read, computed once per scenario.

Tiers, units, roles, types and skills become numbers. Units are numbered through all tiers, bottom first; so are
roles, in the order of the scenario. Nothing here is drawn and nothing here changes during a run.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..events import NOBODY
from ..rules import HOUR, NEVER
from .hours import Pattern

if TYPE_CHECKING:
    from ...scenario.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Instants = NDArray[np.int64]  # nanoseconds; NEVER: it does not happen

Table = NDArray[Any]  # structured
LEADER = "leader"  # the name of the pools of leaders


@dataclass(frozen=True, slots=True)
class Pool:
    """The people of one role (or the leaders) of one tier, all units together.

    Parameters
    ----------
    tier, role
        Number of the tier and name of the role, "leader" for leaders.
    people, on_call
        Persons, and those of them who are on call outside the hours.
    duty_hours, on_call_hours
        Person-hours inside the measured window.
    wage_per_hour
        Wage of one person for an hour on duty; on call and overtime are paid by `[wages]`.
    shift, pattern
        The hours that they follow: number of the shift, and its windows.
    """

    tier: int
    role: str
    people: int
    on_call: int
    duty_hours: float
    on_call_hours: float
    wage_per_hour: float
    shift: int
    pattern: Pattern

    def within(self, start: int, end: int) -> Pool:
        """Give the same people with their hours between two instants."""
        duty = self.pattern.hours_between(start, end)
        on_call = max(0.0, (end - start) / HOUR - duty) * self.on_call
        return replace(self, duty_hours=duty * self.people, on_call_hours=on_call)


@dataclass(slots=True)
class Plan:
    """Everything the engines need to know about a scenario; see the comments for shapes and units.

    The numbers that a scenario gives to tiers, roles, types and the whole stand in tables; `columns` describes them.
    """

    scenario: Scenario
    end: int  # nanoseconds, the horizon
    window: tuple[int, int]  # nanoseconds, the measured part of the run
    tier_names: list[str]
    type_names: list[str]
    role_names: list[str]  # all roles, tier by tier
    pools: list[Pool]  # first the roles, in their order, then the leaders of each tier that has them

    tier: Table  # (tiers,) the columns TIER
    role: Table  # (roles,) the columns ROLE
    type: Table  # (types,) the columns TYPE
    settings: SimpleNamespace  # the columns SETTINGS, by name
    triage_law: list[tuple[float, str]]  # of each tier: cv and law
    patrol_law: list[tuple[float, str]]

    # units of all tiers, bottom first
    first_unit: Ints  # (tiers + 1,) the units of tier t are first_unit[t] .. first_unit[t + 1] - 1
    unit_tier: Ints
    parent: Ints  # -1 at the top
    unit_of_cell: Ints  # (tiers, cells), numbered through all tiers
    station_first: Ints  # (units + 1,) the stations of unit u
    station_x: Floats  # km
    station_y: Floats

    # people: one slot per unit and role of its tier
    role_first: Ints  # (tiers + 1,) the roles of tier t
    leaders: Ints  # (units,)
    slot_first: Ints  # (units + 1,) the slots of unit u, one per role of its tier
    count: Ints  # (slots,) people
    on_call: Ints  # (slots,)

    # shifts: a pattern of hours as followed by people of one tier
    shift_tier: Ints
    shift_pattern: Ints
    patterns: list[Pattern]

    # who can serve what
    skills_of: list[list[int]]  # skills by number, per type in its order
    shares: list[list[int]]  # types that need one of the skills of a type, itself included
    eligible: list[list[list[list[int]]]]  # [tier][type][position of the skill] -> roles, the first choice first
    reach: Floats  # (units, types, 2) authority of the best complete team; second: people on call count too
    levels: list[list[float]]  # per tier the distinct authorities of its roles, ascending

    cell_x: Floats = field(repr=False)  # km, south-west corner of each cell
    cell_y: Floats = field(repr=False)
    residents: NDArray[np.int64] = field(repr=False)  # (cells,)
    tries_again: bool = False  # whether a problem can need a second attempt, before or after a switch
    may_be_overdue: bool = False  # whether the end of a type's limit does anything, before or after a switch

    later: Plan | None = field(default=None, repr=False)  # from the switch on, with the same tiers, units and roles
    switch_at: int = NEVER  # nanoseconds

    @property
    def tiers(self) -> int:
        """Number of tiers."""
        return len(self.tier_names)

    @property
    def units(self) -> int:
        """Number of units in all tiers."""
        return len(self.unit_tier)

    def pools_within(self, start: int, end: int) -> list[Pool]:
        """Give the pools with their hours between two instants, as they are before and after a switch."""
        if self.later is None:
            return [pool.within(start, end) for pool in self.pools]
        at = min(max(self.switch_at, start), end)
        before, after = (pool.within(start, at) for pool in self.pools), self.later.pools_within(at, end)
        return [
            replace(a, duty_hours=a.duty_hours + b.duty_hours, on_call_hours=a.on_call_hours + b.on_call_hours)
            for a, b in zip(before, after, strict=True)
        ]

    @property
    def unit_names(self) -> list[str]:
        """The names of all units, in the order of their numbers."""
        return [self.unit_name(unit) for unit in range(self.units)]

    def unit_name(self, unit: int) -> str:
        """Name a unit by its tier and its number within it."""
        if unit == NOBODY:
            return ""
        tier = int(self.unit_tier[unit])
        return f"{self.tier_names[tier]} {unit - int(self.first_unit[tier])}"
