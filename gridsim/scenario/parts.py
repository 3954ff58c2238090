"""The parts of a scenario, named as its TOML keys."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .errors import ScenarioError
from .hours import Hours
from .values import AtLeastOne, Count, Days, Flag, Name, NotNegative, Number, Positive, Share, Skill

NamedHours = Literal["always", "office"] | Hours
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

    days: Days
    warm_up_days: NotNegative = 0.0
    follow_up_days: NotNegative = 0.0
    start: date | None = None

    @model_validator(mode="after")
    def _check(self) -> Run:
        if self.warm_up_days + self.follow_up_days >= self.days:
            raise ValueError(f"warm_up_days + follow_up_days must be less than days = {self.days}")
        if self.start is not None and self.start.weekday() != 0:
            raise ValueError(f"start = {self.start} must be a Monday")
        return self


class Territory(Part):
    """Cells, their side in km, how unequal cells and days are, and what recorded places call the cells."""

    cells: AtLeastOne
    cell_km: Positive
    residents_per_cell: Count | tuple[Count, ...]
    demand_cv: NotNegative = 0.0
    day_cv: NotNegative = 0.0
    cell_names: tuple[str, ...] | None = None  # the places of a recorded column, one per cell
    corner: tuple[Number, Number] | None = (
        None  # latitude and longitude of the south-west corner of the lattice, degrees
    )

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

    mean: NotNegative
    cv: NotNegative = 0.0
    law: Literal["gamma", "lognormal"] = "gamma"


class Residents(Part):
    """Trust, reporting and patience (hours)."""

    trust: Share = 1.0
    trust_gain: Share = 0.0
    trust_loss: Share = 0.0
    reports_without_trust: Share = 1.0
    patience_hours: Duration | None = None


class ProblemType(Part):
    """One type of problem."""

    type: Name
    skills: tuple[Name, ...] = Field(min_length=1)
    per_1000_residents_per_day: NotNegative
    cells: tuple[NotNegative, ...] | None = None
    profile: Literal["flat", "daytime"] | tuple[NotNegative, ...] = "flat"
    weekend: NotNegative = 1.0
    work_hours: Duration
    hardness: Positive = 1.0
    urgency: Literal["routine", "urgent", "emergency"] = "routine"
    limit_hours: NotNegative | None = None
    limit_clock: Literal["calendar", "always", "office"] | Hours = "calendar"
    hidden: Share = 0.0
    matures_hours: Duration | None = None
    incident_work: NotNegative = 1.0
    rework: Share = 0.0

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

    count: Count | tuple[Count, ...] = 1
    triage_hours: Duration = Duration(mean=0.0)
    handles_below: NotNegative = 0.0
    pace: Positive = 1.0
    speed_kmh: Positive | None = None
    patrol_every_hours: NotNegative | None = None
    patrol_hours: Duration = Duration(mean=0.0)
    finds: Share = 1.0
    wage_per_hour: NotNegative = 0.0

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

    role: Name
    skills: tuple[Skill, ...] = Field(min_length=1)
    count: Count | tuple[Count, ...]
    on_call: Count = 0
    solves: Share | None = None
    speed_kmh: Positive | None = None
    pace: Positive = 1.0
    hours: NamedHours | None = None
    wage_per_hour: NotNegative = 0.0

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

    name: Name
    units: AtLeastOne
    solves: Share = 1.0
    hours: NamedHours = "always"
    stations: AtLeastOne = 1
    informants: Count = 0
    finds_per_informant_per_day: NotNegative = 0.0
    leader: Leader | None = None
    staff: tuple[Staff, ...] = ()

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

    intake: str | None = None
    by_authority: Flag = True
    triage_error: NotNegative = 0.0
    after_hours: NotNegative | dict[str, NotNegative] | None = None
    since: Literal["arrival", "report"] = "arrival"
    clock: Literal["calendar", "duty"] = "calendar"
    queue_limit: Count | dict[str, Count] | None = None
    emergency_to: str | None = None
    overdue: Literal["none", "expedite", "escalate"] = "none"
    joint: Literal["hold", "opportunistic"] = "hold"
    whistle: Flag = False


class Wages(Part):
    """How hours on call and overtime are paid, as factors on the wage for an hour on duty."""

    on_call: Share = 0.125
    overtime: NotNegative = 1.5


class Surge(Part):
    """Days on which some types arise more (or less) often."""

    start_day: NotNegative
    days: Positive
    factor: NotNegative
    types: tuple[str, ...] = Field(default=("*",), min_length=1)


class Switch(Part):
    """From a day on another policy: staff, hours and escalation may change, not tiers or units."""

    day: NotNegative
    to: dict[str, Any] = Field(min_length=1)  # key paths and their values from then on; "none" removes a key


class Reported(Part):
    """A figure that a report printed, and where."""

    value: Number
    source: str
