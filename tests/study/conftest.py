"""A small place under two rules, quick enough to be studied in a test."""

import pytest

from gridsim.scenario.scenario import loads

NOISY_STREET = """
name = "noisy_street"
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
def noisy_street():
    return loads(NOISY_STREET)


@pytest.fixture(scope="session")
def pair(noisy_street):
    return {"as it is": noisy_street, "limit": noisy_street.vary({"escalation.after_hours": 2})}
