"""What each site is there to show: the site as it is, beside itself without its mechanism."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...scenario.designs.designs import design

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...scenario.scenario import Scenario


@dataclass(frozen=True)
class Contrast:
    """A site changed in one way, at the same problems.

    Parameters
    ----------
    name
        What is different, in words.
    measures
        What the difference should be seen in.
    changes
        Key paths and values, as for `Scenario.vary`.
    design
        Name of a hierarchy design that takes the place of the site's own; absent: none.
    """

    name: str
    measures: tuple[str, ...]
    changes: Mapping[str, Any]
    design: str | None = None

    def of(self, site: Scenario) -> Scenario:
        """Give the site changed in this way."""
        changed = site.vary(self.changes)
        return changed if self.design is None else design(self.design, changed)


TIMES = ("response_hours_mean", "resolution_hours_mean")
HAZARDS = ("found_before_maturing", "incident_rate")
WAYS = ("tiers.*.leader.speed_kmh", "tiers.*.staff.*.speed_kmh")

CONTRASTS: dict[str, tuple[Contrast, ...]] = {
    "mingming_road": (
        Contrast("ten roles in one pool at the street", TIMES, {}, "pooled_specialists"),
        Contrast("no patrols", HAZARDS, {"tiers.grid.leader.patrol_every_hours": None}),
    ),
    "huiji": (
        Contrast(
            "work teams stay in the district",
            (*TIMES, "closed_at.village"),
            {"tiers.village.staff.work_team.count": 0, "tiers.district.staff.work_team.count": 416},
        ),
        Contrast(
            "volunteers serve on every working day", TIMES, {"tiers.zone.staff.service_volunteer.hours": "office"}
        ),
    ),
    "hanghai_east_road": (
        Contrast("no informants", HAZARDS, {"tiers.grid.informants": 0}),
        Contrast("no volunteers", (*TIMES, "closed_at.grid"), {"tiers.grid.staff.volunteer.count": 0}),
    ),
    "jingba_road": (
        Contrast("on foot, 5 km/h", ("response_hours_median", *TIMES, "travel_share"), dict.fromkeys(WAYS, 5.0)),
        Contrast("bicycles at 15 km/h", ("response_hours_median", *TIMES, "travel_share"), dict.fromkeys(WAYS, 15.0)),
    ),
    "zhongxin_road": (
        Contrast(
            "one station in each circle",
            ("within_5_min", "within_10_min", "within_15_min", "response_hours_mean"),
            {"tiers.circle.stations": 1},
        ),
    ),
    "dashiqiao": (
        Contrast(
            "no volunteers in courtyards",
            (*TIMES, "closed_at.courtyard"),
            {f"tiers.courtyard.staff.{role}_volunteer.count": 0 for role in ("repair", "care", "peace")},
        ),
    ),
    "jinshui_civil_affairs": (
        Contrast(
            "no flow chart: triage errs by 0.2",
            ("on_time_rate", *TIMES, "escalations.failed"),
            {"escalation.triage_error": 0.2},
        ),
    ),
    "dahe_road": (
        Contrast("visits once a month", HAZARDS, {"tiers.street.leader.patrol_every_hours": 720.0}),
        Contrast("no visits", HAZARDS, {"tiers.street.leader.patrol_every_hours": None}),
    ),
}
