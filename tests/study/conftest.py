"""A small place under two rules, quick enough to be studied in a test."""

import pytest

from gridsim.scenario.scenario import loads

TWO_TIERS = """
name = "two_tiers"
[run]
days = 3.0
[territory]
cells = 2
cell_km = 0.4
residents_per_cell = 100
[[problems]]
type = "noise"
skills = ["noise"]
per_1000_residents_per_day = 60
work_hours = { mean = 2.0, cv = 1.0 }
limit_hours = 24
[[tiers]]
name = "grid"
units = 2
solves = 0.8
[[tiers.staff]]
role = "noise"
skills = ["noise"]
count = 1
wage_per_hour = 20
[[tiers]]
name = "street"
units = 1
[[tiers.staff]]
role = "all"
skills = ["*"]
count = 1
"""


@pytest.fixture(scope="session")
def two_tiers():
    return loads(TWO_TIERS)


@pytest.fixture(scope="session")
def pair(two_tiers):
    return {"as it is": two_tiers, "limit": two_tiers.vary({"escalation.after_hours": 2})}
