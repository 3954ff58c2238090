"""A run written down by hand: what an engine leaves behind, without one."""

from types import SimpleNamespace

import numpy as np

from gridsim.scenario.parts import Wages
from gridsim.simulation.events import Source, Status
from gridsim.simulation.instants import of_hours
from gridsim.simulation.outcome.outcome import Outcome
from gridsim.simulation.plan.hours import Pattern
from gridsim.simulation.plan.plan import Pool
from gridsim.simulation.rules import HOUR, UNSET

NAN = np.nan
ALWAYS = Pattern((0,), (24 * HOUR,), 24 * HOUR)
POOLS = [
    Pool(
        0, "fire", people=2, on_call=1, duty_hours=20.0, on_call_hours=4.0, wage_per_hour=10.0, shift=0, pattern=ALWAYS
    ),
    Pool(1, "all", people=1, on_call=0, duty_hours=0.0, on_call_hours=0.0, wage_per_hour=50.0, shift=0, pattern=ALWAYS),
    Pool(
        0, "leader", people=1, on_call=0, duty_hours=10.0, on_call_hours=0.0, wage_per_hour=1.0, shift=0, pattern=ALWAYS
    ),
    Pool(
        1, "leader", people=1, on_call=0, duty_hours=5.0, on_call_hours=0.0, wage_per_hour=0.0, shift=0, pattern=ALWAYS
    ),
]


def written_down(window=(0.0, 10.0), end=10.0, **columns):
    """A run of ten hours in two tiers; a column that is not given is as of problems that nobody reported."""
    count = len(columns["arises_at"])

    def column(name, absent, dtype="f8"):
        return np.array(columns.get(name, [absent] * count), dtype=dtype)

    def instant(name, absent=NAN):
        hours = column(name, absent)
        return np.where(np.isnan(hours), UNSET, of_hours(np.nan_to_num(hours)))

    minutes = column("minutes", 0.0)
    plan = SimpleNamespace(
        window=tuple(of_hours(window).tolist()), end=int(of_hours(end)), pools=POOLS,
        tier_names=["grid", "street"], role_names=["fire", "all"], units=2,
        unit_names=["grid 0", "street 0"], type_names=["fire", "noise"],
        residents=np.array([10, 10, 10]), type={"urgency": np.array([0, 1])},
        pools_within=lambda start, end: [p.within(start, end) for p in POOLS],
    )  # fmt: skip
    demand = SimpleNamespace(
        arises_at=instant("arises_at"), cell=column("cell", 0, "i4"), type=column("type", 0, "i2"),
        resident=column("resident", 0, "i4"), hidden=column("hidden", False, bool), seed=3,
        minutes=minutes,
    )  # fmt: skip
    escalations = np.array(columns.get("escalations", np.zeros((count, 7))), dtype="u1")
    use = np.array([[1.0, 4.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 2.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    return Outcome(
        scenario=SimpleNamespace(name="tiny", wages=Wages(), tiers=(), notes=()), demand=demand, plan=plan,
        reported_at=instant("reported_at"), source=column("source", Source.RESIDENT, "i1"),
        first_response_at=instant("first_response_at"), closed_at=instant("closed_at"),
        ended_at=instant("ended_at"), closed_tier=column("closed_tier", -1, "i1"),
        unit=column("unit", -1, "i4"), team=column("team", -2, "i2")[:, None],
        status=column("status", Status.UNREPORTED, "i1"), urgency=column("urgency", 0, "i1"),
        escalations=escalations, attempts=column("attempts", 0, "u1"), reworks=column("reworks", 0, "u1"),
        petitioned_at=instant("petitioned_at"), due_at=instant("due_at", np.inf), where=np.zeros((count, 6), np.int64),
        visits=np.array([3, 1, 0, 0]), use=use, overtime=np.array([2.0, 0.5, 0.0, 0.0]), offered=np.array([5.0, 0.0]),
        offered_to_leaders=np.array([2.0, 10.0]), taken=np.array([4.0, 2.0, 0.0, 0.0]),
        inbox_off_duty=np.zeros(count, np.int64), trust=np.array([0.5]), trust_mean=0.9,
    )  # fmt: skip
