"""Every key of a scenario explains itself, from the schema."""

import json
from importlib.resources import files

import pytest
from conftest import one_desk
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.scenario.hours import people_on_roster
from gridsim.scenario.keys import hours_by_name, keys
from gridsim.scenario.paths import values_at
from gridsim.view.keys_page import keys_page


def ask(*words):
    return CliRunner().invoke(app, ["keys", *words])


def test_every_key_that_a_site_uses_is_explained():
    """Names of parts stand as a star."""
    known = [one.path.split(".") for one in keys()]
    for path in values_at(gs.load("mingming_road").as_data(), None):
        own = path.split(".")
        if own[0] in ("sources", "reported"):
            continue
        assert any(len(k) == len(own) and all(a in ("*", b) for a, b in zip(k, own, strict=True)) for k in known), path


def test_every_key_has_a_meaning_of_at_most_25_words():
    assert all(0 < len(one.meaning.split()) <= 25 for one in keys())


def test_a_number_has_a_unit():
    """A whole number or a number counts something."""
    assert [one.path for one in keys() if one.allowed.startswith(("number", "whole")) and not one.unit] == []


def test_bounds_and_defaults_are_those_of_the_schema():
    (trust,) = [one for one in keys() if one.path == "residents.trust"]
    assert (trust.unit, trust.allowed, trust.default) == ("share of 1", "number 0 to 1", "1")
    (days,) = [one for one in keys() if one.path == "run.days"]
    assert (days.allowed, days.default) == ("number above 0 to 100,000", "required")


def test_the_page_is_the_one_that_the_schema_gives():
    """Renew it with: gridsim keys --markdown > gridsim/docs/keys.md."""
    assert (files("gridsim") / "docs" / "keys.md").read_text(encoding="utf-8") == keys_page(keys())


def test_a_key_path_with_names_is_found():
    assert [one.path for one in keys("tiers.grid.staff.fire.count")] == ["tiers.*.staff.*.count"]


def test_a_word_of_no_key_is_refused_with_the_nearest():
    told = ask("qeue_limit")
    assert told.exit_code == 2
    assert "did you mean queue_limit" in told.stderr


@pytest.mark.parametrize("words", [("--markdown", "--json"), ("--markdown", "patrol")])
def test_the_page_has_all_keys_or_is_refused(words):
    assert ask(*words).exit_code == 2


def test_keys_as_json_are_the_same():
    assert [one["path"] for one in json.loads(ask("patrol", "--json").stdout)] == [one.path for one in keys("patrol")]


def test_hours_by_name_say_the_people_of_a_roster():
    """168 hours a week are 4.2 weeks of 40 hours."""
    assert {one.name: one.people_for_one for one in hours_by_name()} == {
        "always": 5, "office": 1, "two_shifts": 3, "round_the_clock": 5,
    }  # fmt: skip
    assert people_on_roster(10, "round_the_clock") == 42
    assert people_on_roster(5, "two_shifts") == 14
    assert "two_shifts" in ask("hours").stdout


def test_round_the_clock_runs_as_always():
    always = gs.simulate(one_desk({"run.days": 5.0}), 1).measures
    named = gs.simulate(one_desk({"run.days": 5.0, "tiers.desk.hours": "round_the_clock"}), 1).measures
    assert always.equals(named)
