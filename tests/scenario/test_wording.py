"""A rule is named by its hours and their clock, and hours that no person works are said."""

import pytest
from conftest import one_desk, two_tiers

import gridsim as gs
from gridsim.scenario.wording import limit_in_words, long_weeks

OFFICE = {"tiers.bottom.hours": "office", "tiers.top.hours": "office"}
HOURS, CLOCK = "escalation.after_hours", "escalation.clock"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "by authority"),
        ({"escalation.by_authority": False}, "trying first"),
        ({HOURS: 24}, "after 24 hours (calendar)"),
        ({HOURS: 8, CLOCK: "duty"}, "after 8 hours (calendar)"),  # nobody is ever off duty
        ({HOURS: 8, CLOCK: "duty"} | OFFICE, "after 8 working hours"),
        ({HOURS: 8} | OFFICE, "after 8 hours (calendar)"),
        ({HOURS: {"top": 24, "bottom": 8}, CLOCK: "duty"} | OFFICE, "after 8/24 working hours at bottom/top"),
        ({HOURS: {"bottom": 8}}, "after 8 hours (calendar)"),
        ({HOURS: 24, "escalation.since": "report"}, "after 24 hours (calendar) since the report"),
        ({HOURS: 0.5, "escalation.by_authority": False}, "trying first, after 0.5 hours (calendar)"),
        (
            {"escalation.queue_limit": 5, "escalation.overdue": "escalate"},
            "by authority, from a queue of 5, when overdue",
        ),
    ],
)
def test_a_rule_is_named_by_its_numbers(changes, words):
    scenario = two_tiers(changes)
    assert scenario.rule == words
    assert f"What goes up: {words}." in scenario.describe()


def test_without_a_limit_there_is_nothing_to_name():
    assert limit_in_words(two_tiers()) == ""
    assert limit_in_words(two_tiers({HOURS: {"bottom": 8, "top": 24}}), tiers=False) == "after 8/24 hours (calendar)"


def test_people_who_are_always_on_duty_are_said_to_work_168_hours_a_week():
    """The same people: a scenario does not divide them into shifts."""
    office = one_desk({"tiers.desk.hours": "office"})
    always = office.vary({"tiers.desk.hours": "always"})
    assert long_weeks(office) == []
    assert long_weeks(always) == [("the people in role clerk of tier desk", 168.0)]
    assert "168 hours a week" in always.describe()
    assert "hours a week" not in office.describe()
    said = [note for note in gs.simulate(always, 1).warnings if "168 hours a week each" in note]
    assert len(said) == 1
    study = gs.compare({"office": office, "always": always}, 2, workers=1, progress=False)
    assert any("168 hours a week each in always." in note for note in study.warnings)


def test_a_role_of_its_own_hours_is_named_apart():
    mixed = two_tiers({"tiers.*.hours": "office", "tiers.top.staff.expert.hours": {"windows": [[8.0, 20.0]]}})
    assert long_weeks(mixed) == [("the people in role expert of tier top", 84.0)]
