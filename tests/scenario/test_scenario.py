"""A scenario is data: read from TOML, written back without loss, frozen, and known by what it simulates."""

import pytest
from conftest import EVERYONE_AT_ONCE, ONE_DESK, everyone_at_once, one_desk

import gridsim as gs


def test_toml_comes_back_without_loss(everyone_at_once):
    again = gs.loads(everyone_at_once.to_toml())
    assert again == everyone_at_once
    assert again.to_toml() == everyone_at_once.to_toml()


def test_a_saved_scenario_loads_again(everyone_at_once, tmp_path):
    everyone_at_once.save(tmp_path / "mine.toml")
    assert gs.load(tmp_path / "mine.toml") == everyone_at_once
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


def test_what_is_absent_stays_absent_in_toml():
    assert "trust" not in one_desk().to_toml()


def test_absent_means_what_the_model_says():
    desk = one_desk()
    problem, tier = desk.problems[0], desk.tiers[0]
    assert (desk.residents.trust, problem.hardness, problem.urgency, problem.rework) == (1.0, 1.0, "routine", 0.0)
    assert (tier.solves, tier.hours, tier.stations, tier.staff[0].pace) == (1.0, "always", 1, 1.0)
    rules = desk.escalation
    assert (rules.by_authority, rules.since, rules.clock, rules.joint) == (True, "arrival", "calendar", "hold")


def test_a_scenario_cannot_be_changed_in_place(one_desk):
    """How a changed one is made is said, for its parts too."""
    for part in (one_desk, one_desk.run, one_desk.tiers[0]):
        with pytest.raises(gs.ScenarioError, match=r"vary\({...}\) gives a changed one"):
            part.name = "other"


def test_the_digest_is_of_what_is_simulated(one_desk):
    assert one_desk.vary({"description": "other", "name": "other"}).digest == one_desk.digest
    assert one_desk.vary({"run.days": 99.0}).digest != one_desk.digest


def test_the_digest_does_not_depend_on_the_order_of_keys():
    moved = ONE_DESK.replace("cells = 1\ncell_km = 1.0", "cell_km = 1.0\ncells = 1")
    assert moved != ONE_DESK
    assert gs.loads(moved).digest == gs.loads(ONE_DESK).digest


def test_people_and_wages_are_counted():
    world = everyone_at_once()
    # grid 4 leaders + 3 mediators + 4 generalists; community 2 x (2 + 1 + 2); street 1 + 3
    assert world.headcount == 11 + 10 + 4
    # grid duty 13 h a day, generalists on call otherwise; community staff 7 h on 5 of 7 days, one on call; street always;
    # an hour on call earns an eighth
    grid = 13 * (4 * 30 + 3 * 25 + 4 * 22) + 11 * 4 * 22 / 8
    community = 5 * (2 * 28 + 4 * 28) + (24 - 5) * 2 * 28 / 8
    assert world.cost_per_day == pytest.approx(grid + community + 24 * 3 * 40)


def test_volunteers_are_counted_apart(one_desk):
    volunteers = one_desk.vary({"tiers.desk.staff.clerk.role": "volunteer"})
    assert one_desk.headcount - volunteers.headcount == 1


def test_a_scenario_describes_itself(everyone_at_once):
    text = everyone_at_once.describe()
    assert "6,000 residents in 6 cells" in text
    assert "25 people" in text
    assert all(tier in text for tier in ("grid", "community", "street"))


def test_a_scenario_shows_itself_as_a_table_and_escapes_its_name(one_desk):
    shown = one_desk.vary({"description": "<b>"})._repr_html_()
    assert "<table>" in shown
    assert "<b>" not in shown


def test_reading_needs_no_file():
    assert gs.loads(EVERYONE_AT_ONCE).name == "everyone_at_once"
