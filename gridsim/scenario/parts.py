"""The parts of a scenario, named as its TOML keys."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .errors import ScenarioError
from .hours import Hours, HoursName
from .values import AtLeastOne, Count, Days, Flag, Name, NotNegative, Number, Positive, Share, Skill, key

NamedHours = HoursName | Hours
FINEST_PATROL_HOURS = 0.25
SHORTEST_IDLE_PATROL_MEAN = 0.05


class Part(BaseModel):
    """What all parts share: they are frozen and know every key they may have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        """Refuse a change in place, and say how a changed scenario is made."""
        raise ScenarioError(f"{name} = {value!r}: a scenario does not change; vary({{...}}) gives a changed one")


class Run(Part):
    """Horizon and measured window, in days."""

    days: Annotated[Days, key("how long a run is; problems arise from 0 until then", "days")]
    warm_up_days: Annotated[
        NotNegative, key("problems reported before this day are simulated, not measured", "days")
    ] = 0.0
    follow_up_days: Annotated[
        NotNegative, key("problems reported in the last so many days are simulated, not measured", "days")
    ] = 0.0
    start: Annotated[date | None, key("date of day 0, a Monday; for labels and recorded demand", "date")] = None

    @model_validator(mode="after")
    def _check(self) -> Run:
        if self.warm_up_days + self.follow_up_days >= self.days:
            raise ValueError(f"warm_up_days + follow_up_days must be less than days = {self.days}")
        if self.start is not None and self.start.weekday() != 0:
            raise ValueError(f"start = {self.start} must be a Monday")
        return self


class Territory(Part):
    """Cells, their side in km, how unequal cells and days are, and what recorded places call the cells."""

    cells: Annotated[AtLeastOne, key("smallest areas of the territory, in a near-square lattice", "cells")]
    cell_km: Annotated[Positive, key("side of one square cell", "km")]
    residents_per_cell: Annotated[
        Count | tuple[Count, ...], key("residents of each cell: one number, or a list with one per cell", "residents")
    ]
    demand_cv: Annotated[
        NotNegative, key("how unequal demand is between cells; 0: all alike", "standard deviation / mean")
    ] = 0.0
    day_cv: Annotated[
        NotNegative, key("how unequal demand is between days; 0: all alike", "standard deviation / mean")
    ] = 0.0
    cell_names: Annotated[
        tuple[str, ...] | None,
        key("what recorded places call the cells, one name per cell"),
    ] = None
    corner: Annotated[
        tuple[Number, Number] | None, key("latitude and longitude of the south-west corner", "degrees")
    ] = None

    @model_validator(mode="after")
    def _check(self) -> Territory:
        residents = self.residents_per_cell
        if isinstance(residents, tuple) and len(residents) != self.cells:
            raise ValueError(f"residents_per_cell has {len(residents)} numbers; allowed is one per cell ({self.cells})")
        if self.cell_names is not None and len(set(self.cell_names)) != self.cells:
            given = len(set(self.cell_names))
            raise ValueError(f"cell_names has {given} different names; allowed is one per cell ({self.cells})")
        if not (any(residents) if isinstance(residents, tuple) else residents):
            raise ValueError("residents_per_cell must give the territory at least one resident")
        return self


class Duration(Part):
    """A duration in hours: mean, coefficient of variation and law."""

    mean: Annotated[NotNegative, key("mean of the duration", "hours")]
    cv: Annotated[NotNegative, key("spread of the duration; 0: always the mean", "standard deviation / mean")] = 0.0
    law: Annotated[
        Literal["gamma", "lognormal"],
        key("law of the duration; gamma with cv 1 is exponential"),
    ] = "gamma"


class Residents(Part):
    """Trust, reporting and patience (hours)."""

    trust: Annotated[Share, key("trust of a resident at the start", "share of 1")] = 1.0
    trust_gain: Annotated[
        Share, key("share of the missing trust gained when a problem is closed in time", "share of 1")
    ] = 0.0
    trust_loss: Annotated[
        Share, key("share of the trust lost by each late close, petition or incident", "share of 1")
    ] = 0.0
    reports_without_trust: Annotated[
        Share, key("chance that a resident without trust reports a problem", "share of 1")
    ] = 1.0
    patience_hours: Annotated[
        Duration | None,
        key("wait since the report after which a resident petitions the top; absent: nobody petitions", "hours"),
    ] = None


class ProblemType(Part):
    """One type of problem."""

    type: Annotated[Name, key("name of the type of problem")]
    skills: Annotated[tuple[Name, ...], key("skills that it needs; two or more: one person for each, together")] = (
        Field(min_length=1)
    )
    per_1000_residents_per_day: Annotated[NotNegative, key("how many arise", "problems per 1,000 residents and day")]
    cells: Annotated[
        tuple[NotNegative, ...] | None,
        key("weights of the cells where the type is unevenly spread, one per cell", "weights"),
    ] = None
    profile: Annotated[
        Literal["flat", "daytime"] | tuple[NotNegative, ...],
        key("when in the day or week it arises; 24 or 168 hourly weights, or by name", "weights"),
    ] = "flat"
    weekend: Annotated[NotNegative, key("factor on the rate on days 5 and 6 of a week", "factor")] = 1.0
    work_hours: Annotated[Duration, key("work on site, before travel and pace", "hours")]
    hardness: Annotated[
        Positive, key("how difficult problems are; 1: evenly from easy to hard, more: harder", "exponent")
    ] = 1.0
    urgency: Annotated[Literal["routine", "urgent", "emergency"], key("which problems go first")] = "routine"
    limit_hours: Annotated[
        NotNegative | None, key("time limit for closing, from the report; absent: no limit", "hours")
    ] = None
    limit_clock: Annotated[
        Literal["calendar"] | NamedHours,
        key("hours that the time limit counts; calendar: all"),
    ] = "calendar"
    hidden: Annotated[Share, key("share that no resident sees, to be found on patrol", "share of 1")] = 0.0
    matures_hours: Annotated[
        Duration | None, key("time until a hidden or unreported problem becomes an incident; absent: never", "hours")
    ] = None
    incident_work: Annotated[NotNegative, key("factor on the work once it is an incident", "factor")] = 1.0
    rework: Annotated[Share, key("chance that finished work was not good and is reported again", "share of 1")] = 0.0

    @model_validator(mode="after")
    def _check(self) -> ProblemType:
        if len(set(self.skills)) < len(self.skills):
            raise ValueError("skills must not repeat")
        if isinstance(self.profile, tuple) and (len(self.profile) not in (24, 168) or not any(self.profile)):
            raise ValueError(f"profile has {len(self.profile)} weights; allowed are 24 or 168, not all of them 0")
        if self.cells is not None and not any(self.cells):
            raise ValueError("cells: the weights must not all be 0")
        return self


class Leader(Part):
    """The leaders of each unit of a tier."""

    count: Annotated[
        Count | tuple[Count, ...],
        key("leaders in each unit, who share its inbox", "people per unit"),
    ] = 1
    triage_hours: Annotated[Duration, key("time of a leader to decide where a problem goes", "hours")] = Duration(
        mean=0.0
    )
    handles_below: Annotated[
        NotNegative, key("leaders close alone what looks no more difficult than this", "difficulty, 0 to 1")
    ] = 0.0
    pace: Annotated[Positive, key("factor on work time; 0.5 is twice as fast", "factor")] = 1.0
    speed_kmh: Annotated[Positive | None, key("speed of travel; absent: no travel time", "km/h")] = None
    patrol_every_hours: Annotated[
        NotNegative | None, key("time between patrols; 0: whenever idle; absent: no patrols", "hours")
    ] = None
    patrol_hours: Annotated[Duration, key("how long one patrol takes", "hours")] = Duration(mean=0.0)
    finds: Annotated[Share, key("chance that one patrol finds a hidden problem of its area", "share of 1")] = 1.0
    wage_per_hour: Annotated[NotNegative, key("wage of an hour on duty", "money per hour")] = 0.0

    @model_validator(mode="after")
    def _check(self) -> Leader:
        every = self.patrol_every_hours
        if every is not None and 0.0 < every < FINEST_PATROL_HOURS:
            raise ValueError(f"patrol_every_hours = {every} must be 0 (whenever idle) or at least 0.25")
        if every == 0.0 and self.patrol_hours.mean < SHORTEST_IDLE_PATROL_MEAN:
            raise ValueError("patrol_hours.mean must be at least 0.05 where patrol_every_hours is 0")
        return self


class Staff(Part):
    """The people of one role in each unit of a tier."""

    role: Annotated[Name, key("name of the role")]
    skills: Annotated[tuple[Skill, ...], key('skills of each person; "*": every skill')] = Field(min_length=1)
    count: Annotated[
        Count | tuple[Count, ...],
        key("people in each unit: one number, or a list with one per unit", "people per unit"),
    ]
    on_call: Annotated[
        Count, key("of them, available outside the hours for urgent problems and emergencies", "people per unit")
    ] = 0
    solves: Annotated[
        Share | None, key("most difficult problem that they close; absent: as their tier", "difficulty, 0 to 1")
    ] = None
    speed_kmh: Annotated[Positive | None, key("speed of travel; absent: no travel time", "km/h")] = None
    pace: Annotated[Positive, key("factor on work time; 0.5 is twice as fast", "factor")] = 1.0
    hours: Annotated[NamedHours | None, key("hours on duty, by name or in windows; absent: as their tier")] = None
    wage_per_hour: Annotated[NotNegative, key("wage of an hour on duty", "money per hour")] = 0.0

    @model_validator(mode="after")
    def _check(self) -> Staff:
        if self.role == "leader":
            raise ValueError("a role is not called leader; leaders stand under [tiers.leader]")
        most = max(self.count) if isinstance(self.count, tuple) and self.count else self.count
        if isinstance(most, int) and self.on_call > most:
            raise ValueError(f"on_call = {self.on_call} must not be above count = {most}")
        return self

    def people(self, units: int) -> int:
        """People of the role in all units of a tier."""
        return people_of(self.count, units)


def is_volunteer(role: str, wage_per_hour: float) -> bool:
    """Whether the people of a role are volunteers: unpaid, and called so."""
    return wage_per_hour == 0.0 and "volunteer" in role


def people_of(count: int | tuple[int, ...], units: int) -> int:
    """People of a role in all units of a tier."""
    return sum(count) if isinstance(count, tuple) else count * units


class Tier(Part):
    """One tier of the hierarchy."""

    name: Annotated[Name, key("name of the tier; tiers stand bottom to top")]
    units: Annotated[AtLeastOne, key("units of the tier, such as grids; no more than in the tier below", "units")]
    solves: Annotated[
        Share, key("authority: its people close problems up to this difficulty", "difficulty, 0 to 1")
    ] = 1.0
    hours: Annotated[NamedHours, key("hours on duty, by name or in windows")] = "always"
    stations: Annotated[AtLeastOne, key("places in each unit from which its people set out", "stations per unit")] = 1
    informants: Annotated[
        Count, key("people in each unit who only notice hidden problems (bottom tier)", "people per unit")
    ] = 0
    finds_per_informant_per_day: Annotated[
        NotNegative, key("rate at which an informant notices each hidden problem", "per day")
    ] = 0.0
    leader: Annotated[Leader | None, key("who decides where problems go; absent: decided at once")] = None
    staff: Annotated[tuple[Staff, ...], key("who works on problems, one entry per role")] = ()

    @model_validator(mode="after")
    def _check(self) -> Tier:
        counts = {staff.role: staff.count for staff in self.staff}
        if self.leader is not None:
            counts["leader"] = self.leader.count
        for role, count in counts.items():
            if isinstance(count, tuple) and len(count) != self.units:
                raise ValueError(f"{role}: count has {len(count)} numbers; one per unit ({self.units})")
        return self

    @property
    def leaders_of_units(self) -> tuple[int, ...]:
        """Leaders of each unit."""
        count = self.leader.count if self.leader is not None else 0
        return count if isinstance(count, tuple) else (count,) * self.units

    @property
    def leaders(self) -> int:
        """Leaders of all units."""
        return people_of(self.leader.count, self.units) if self.leader is not None else 0


class Escalation(Part):
    """When a problem goes up, and along which ways."""

    intake: Annotated[str | None, key("tier where reports arrive; absent: the bottom", "name of a tier")] = None
    by_authority: Annotated[
        Flag, key("whether a problem too difficult for a unit goes up at once, without being tried")
    ] = True
    triage_error: Annotated[
        NotNegative,
        key("error in judging difficulty, as a standard deviation", "difficulty"),
    ] = 0.0
    after_hours: Annotated[
        NotNegative | dict[str, NotNegative] | None,
        key("a problem that waits so long goes up; one number or one per tier; absent: never", "hours"),
    ] = None
    since: Annotated[
        Literal["arrival", "report"], key("when that wait begins: on arrival at the unit, or at the report")
    ] = "arrival"
    clock: Annotated[
        Literal["calendar", "duty"],
        key("hours that count for it: all (calendar), or those on duty"),
    ] = "calendar"
    queue_limit: Annotated[
        Count | dict[str, Count] | None,
        key("a problem goes up if so many wait already; one number or one per tier; absent: never", "problems"),
    ] = None
    emergency_to: Annotated[
        str | None, key("tier that emergencies go straight to; absent: the ordinary way", "name of a tier")
    ] = None
    overdue: Annotated[
        Literal["none", "expedite", "escalate"],
        key("what happens when a time limit ends: nothing, urgent where it is, or up"),
    ] = "none"
    joint: Annotated[
        Literal["hold", "opportunistic"],
        key("whether free people wait for the others of a team (hold), or take other work"),
    ] = "hold"
    whistle: Annotated[
        Flag, key("whether problems of several skills go at once to the lowest tier that can serve them")
    ] = False


class Wages(Part):
    """How hours on call and overtime are paid, as factors on the wage for an hour on duty."""

    on_call: Annotated[Share, key("share of the wage for an hour on call outside the hours", "share of 1")] = 0.125
    overtime: Annotated[NotNegative, key("factor on the wage for work outside the hours", "factor")] = 1.5


class Surge(Part):
    """Days on which some types arise more (or less) often."""

    start_day: Annotated[NotNegative, key("day on which the surge begins", "days")]
    days: Annotated[Positive, key("how long the surge lasts", "days")]
    factor: Annotated[NotNegative, key("factor on what arises meanwhile", "factor")]
    types: Annotated[tuple[str, ...], key('types of problem that it touches; "*": all')] = Field(
        default=("*",), min_length=1
    )


class Switch(Part):
    """From a day on another policy: staff, hours and escalation may change, not tiers or units."""

    day: Annotated[NotNegative, key("day from which another policy holds", "days")]
    to: Annotated[dict[str, Any], key('key paths and their values from then on; "none" removes a key')] = Field(
        min_length=1
    )


class Reported(Part):
    """A figure that a report printed, and where."""

    value: Annotated[Number, key("figure that a report printed", "as in the report")]
    source: Annotated[str, key("where it was printed")]
