"""Tiny worlds that tests name, and the settings all tests share.

Each world is there as a function (`from conftest import one_desk`), which takes changes by path, and as a fixture.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from hypothesis import HealthCheck, settings

import gridsim as gs

matplotlib.use("Agg")

ROOT = Path(__file__).resolve().parents[1]

ONE_DESK = """
name = "one_desk"
[run]
days = 100.0
[territory]
cells = 1
cell_km = 1.0
residents_per_cell = 1000
[[problems]]
type = "matter"
skills = ["advice"]
per_1000_residents_per_day = 19.2       # 0.8 an hour
work_hours = { mean = 1.0, cv = 1.0 }
[[tiers]]
name = "desk"
units = 1
[[tiers.staff]]
role = "clerk"
skills = ["advice"]
count = 1
"""

TWO_TIERS = """
name = "two_tiers"
[run]
days = 100.0
[territory]
cells = 1
cell_km = 1.0
residents_per_cell = 1000
[[problems]]
type = "matter"
skills = ["advice"]
per_1000_residents_per_day = 96.0       # 4 an hour
work_hours = { mean = 1.0, cv = 1.0 }
[[tiers]]
name = "bottom"
units = 1
solves = 0.8
[[tiers.staff]]
role = "clerk"
skills = ["advice"]
count = 5
[[tiers]]
name = "top"
units = 1
[[tiers.staff]]
role = "expert"
skills = ["advice"]
count = 3
pace = 2.0
"""

EVERYONE_AT_ONCE = """
name = "everyone_at_once"
description = "Six cells, three tiers, and every rule of the model in use."
[sources]
"*" = "assumed"
[run]
days = 40.0
warm_up_days = 2.0
follow_up_days = 3.0
[territory]
cells = 6
cell_km = 0.5
residents_per_cell = [800, 1000, 1200, 1000, 900, 1100]
demand_cv = 0.4
day_cv = 0.3
[residents]
trust = 0.8
trust_gain = 0.02
trust_loss = 0.1
reports_without_trust = 0.4
patience_hours = { mean = 30, cv = 1 }
[[problems]]
type = "fire"
skills = ["fire"]
per_1000_residents_per_day = 0.6
work_hours = { mean = 1.5, cv = 1.0 }
urgency = "urgent"
limit_hours = 24.0
hidden = 0.4
matures_hours = { mean = 72, cv = 1 }
[[problems]]
type = "quarrel"
skills = ["mediation"]
per_1000_residents_per_day = 1.0
profile = "daytime"
weekend = 0.5
work_hours = { mean = 1.0, cv = 1.5, law = "lognormal" }
hardness = 1.5
limit_hours = 16.0
limit_clock = "office"
rework = 0.1
[[problems]]
type = "illegal_building"
skills = ["mediation", "building"]
per_1000_residents_per_day = 0.3
cells = [1.0, 2.0, 1.0, 0.5, 1.0, 1.0]
work_hours = { mean = 3.0, cv = 0.5 }
hardness = 2.0
limit_hours = 120.0
matures_hours = { mean = 200, cv = 1 }
incident_work = 2.0
[[problems]]
type = "gas_leak"
skills = ["fire"]
per_1000_residents_per_day = 0.1
work_hours = { mean = 1.0, cv = 0.0 }
urgency = "emergency"
[[tiers]]
name = "grid"
units = 4
solves = 0.6
hours = { windows = [[7.0, 12.0], [13.0, 21.0]], days = [0, 1, 2, 3, 4, 5, 6], cycle_days = 7 }
stations = 2
informants = 3
finds_per_informant_per_day = 0.02
[tiers.leader]
count = 1
triage_hours = { mean = 0.2, cv = 1 }
handles_below = 0.15
speed_kmh = 5.0
patrol_every_hours = 24.0
patrol_hours = { mean = 1.5, cv = 0.3 }
finds = 0.6
wage_per_hour = 30.0
[[tiers.staff]]
role = "mediator"
skills = ["mediation"]
count = [1, 0, 1, 1]
speed_kmh = 5.0
wage_per_hour = 25.0
[[tiers.staff]]
role = "generalist"
skills = ["*"]
count = 1
on_call = 1
solves = 0.4
pace = 1.2
speed_kmh = 12.0
wage_per_hour = 22.0
[[tiers]]
name = "community"
units = 2
solves = 0.85
hours = "office"
[tiers.leader]
count = 2
triage_hours = { mean = 0.3, cv = 0 }
[[tiers.staff]]
role = "fire_safety"
skills = ["fire"]
count = 1
on_call = 1
speed_kmh = 15.0
wage_per_hour = 28.0
[[tiers.staff]]
role = "building"
skills = ["building", "mediation"]
count = 2
speed_kmh = 15.0
wage_per_hour = 28.0
[[tiers]]
name = "street"
units = 1
[tiers.leader]
count = 1
triage_hours = { mean = 0.1, cv = 1 }
[[tiers.staff]]
role = "expert"
skills = ["*"]
count = 3
speed_kmh = 25.0
pace = 0.9
wage_per_hour = 40.0
[escalation]
intake = "community"
triage_error = 0.1
after_hours = { grid = 8, community = 24 }
since = "report"
clock = "duty"
queue_limit = { grid = 3 }
emergency_to = "grid"
overdue = "escalate"
joint = "hold"
whistle = true
[[surges]]
start_day = 10.0
days = 3.0
factor = 3.0
types = ["fire", "quarrel"]
"""


def one_desk(changes: dict[str, Any] | None = None) -> gs.Scenario:
    """One tier, one unit, one member of staff; 0.8 problems an hour, work of one hour."""
    return gs.loads(ONE_DESK).vary(changes or {})


def two_tiers(changes: dict[str, Any] | None = None) -> gs.Scenario:
    """Five people who solve four problems in five, and three slower ones above who solve all."""
    return gs.loads(TWO_TIERS).vary(changes or {})


def everyone_at_once(changes: dict[str, Any] | None = None) -> gs.Scenario:
    """Three tiers in which every rule of the model is at work."""
    return gs.loads(EVERYONE_AT_ONCE).vary(changes or {})


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard():
    """A shell lets what it starts in the background ignore Ctrl-C; tests that interrupt would wait for ever."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(name="one_desk")
def _one_desk() -> gs.Scenario:
    return one_desk()


@pytest.fixture(name="two_tiers")
def _two_tiers() -> gs.Scenario:
    return two_tiers()


@pytest.fixture(name="everyone_at_once")
def _everyone_at_once() -> gs.Scenario:
    return everyone_at_once()


@pytest.fixture(scope="session")
def recorded_data() -> Path:
    """Folder of recorded requests: GRIDSIM_DATA, or shared/data beside the repository."""
    folder = Path(os.environ.get("GRIDSIM_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no recorded data: {folder} is not there; name its folder in GRIDSIM_DATA")
    return folder


@pytest.fixture(autouse=True)
def _close_figures() -> Any:
    """Leave no figure open behind a test."""
    yield
    import sys

    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


_SHARED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("quick", max_examples=25, **_SHARED)
settings.register_profile("thorough", max_examples=400, **_SHARED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
