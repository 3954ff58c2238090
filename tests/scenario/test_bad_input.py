"""Everything that can be wrong in a scenario is one clear message, from Python and from the command line."""

import pytest
from conftest import EVERYONE_AT_ONCE, everyone_at_once
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app

NAN, INFINITY = float("nan"), float("inf")

# what is wrong: the change, and words that the message must hold (key path, value, what is allowed)
WRONG = {
    "unknown key": ({"colour": 1}, ["colour", "no such key"]),
    "unknown key of a part": ({"tiers.grid.leader.triage_hour": 1}, ["triage_hour", "did you mean", "triage_hours"]),
    "wrong type": ({"tiers.grid.staff.generalist.count": "many"}, ["tiers.grid.staff.generalist.count", "many"]),
    "a number in words": ({"run.days": "40"}, ["run.days", "40"]),
    "a flag as a number": ({"escalation.whistle": 1}, ["escalation.whistle", "1"]),
    "half a person": ({"tiers.grid.staff.generalist.count": 1.5}, ["tiers.grid.staff.generalist.count", "1.5"]),
    "negative rate": ({"problems.fire.per_1000_residents_per_day": -1.0}, ["problems.fire.per_1000", "-1"]),
    "negative duration": ({"problems.fire.work_hours.mean": -1.0}, ["problems.fire.work_hours.mean", "-1"]),
    "share above one": ({"problems.fire.hidden": 1.5}, ["problems.fire.hidden", "1.5"]),
    "zero units": ({"tiers.grid.units": 0}, ["tiers.grid.units = 0"]),
    "zero days": ({"run.days": 0.0}, ["run.days"]),
    "no window left": ({"run.warm_up_days": 39.0}, ["warm_up_days + follow_up_days"]),
    "too large": ({"run.days": 1e7}, ["run.days"]),
    "more units than the tier below": ({"tiers.street.units": 3}, ["tiers.street.units = 3", "at most 2"]),
    "more units than cells": (
        {"tiers.grid.units": 7, "tiers.grid.staff.mediator.count": 1},
        ["tiers.grid.units = 7", "at most 6"],
    ),
    "units that a list does not fit": ({"tiers.grid.staff.mediator.count": [1, 1]}, ["mediator", "2 numbers", "(4)"]),
    "residents that do not fit": ({"territory.residents_per_cell": [1, 2]}, ["residents_per_cell", "2 numbers"]),
    "weights that do not fit": ({"problems.fire.cells": [1.0]}, ["problems.fire.cells", "1 weights"]),
    "profile of another length": ({"problems.fire.profile": [1.0, 2.0]}, ["problems.fire", "24 or 168"]),
    "unknown urgency": ({"problems.fire.urgency": "soon"}, ["problems.fire.urgency", "soon"]),
    "unknown hours": ({"tiers.grid.hours": "nights"}, ["tiers.grid.hours", "nights"]),
    "hours over midnight": ({"tiers.grid.hours": {"windows": [[22.0, 6.0]]}}, ["tiers.grid.hours", "midnight"]),
    "hours without windows": ({"tiers.grid.hours": {"days": [1]}}, ["tiers.grid.hours.windows", "required"]),
    "a negative limit of one tier": (
        {"escalation.after_hours": {"grid": -1.0}},
        ["escalation.after_hours.grid = -1.0"],
    ),
    "a negative count in a list": ({"tiers.grid.staff.mediator.count": [1, -1, 1, 1]}, ["mediator.count.1 = -1"]),
    "a number for a duration": ({"residents.patience_hours": 3.0}, ["residents.patience_hours = 3.0", "table of keys"]),
    "no skills": ({"problems.fire.skills": []}, ["problems.fire.skills = []", "list", "at least 1"]),
    "unknown tier in emergency_to": ({"escalation.emergency_to": "moon"}, ["escalation.emergency_to", "moon", "grid"]),
    "unknown tier in intake": ({"escalation.intake": "gird"}, ["escalation.intake", "did you mean grid"]),
    "unknown tier in after_hours": ({"escalation.after_hours": {"moon": 2.0}}, ["escalation.after_hours", "moon"]),
    "unknown type in a surge": ({"surges.0.types": ["flood"]}, ["surges.0.types", "flood"]),
    "a role called leader": ({"tiers.grid.staff.mediator.role": "leader"}, ["leader"]),
    "a name with a dot": ({"tiers.grid.name": "a.b"}, ["a.b", "no dots"]),
    "a tier twice": ({"tiers.grid.name": "street", "escalation": {}}, ["tiers", "'street'", "twice"]),
    "informants above the bottom": ({"tiers.street.informants": 2}, ["tiers.street.informants = 2"]),
    "more on call than there are": ({"tiers.grid.staff.generalist.on_call": 5}, ["on_call = 5"]),
    "patrols without end": ({"tiers.grid.leader.patrol_every_hours": 0.1}, ["patrol_every_hours = 0.1", "0.25"]),
    "a start that is no Monday": ({"run.start": "2012-07-03"}, ["Monday"]),
    "not a number": ({"territory.cell_km": NAN}, ["territory.cell_km"]),
    "infinity": ({"run.days": INFINITY}, ["run.days"]),
    "infinity below nothing": ({"problems.fire.weekend": -INFINITY}, ["problems.fire.weekend"]),
    "a path that does not exist": ({"tiers.grid.staff.generalist.cuont": 2}, ["cuont", "did you mean", "count"]),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_value_is_one_clear_message(kind):
    changes, words = WRONG[kind]
    with pytest.raises(gs.ScenarioError) as wrong:
        everyone_at_once().vary(changes)
    message = str(wrong.value)
    assert "\n" not in message
    assert "pydantic" not in message
    for word in words:
        assert word in message, message


def test_a_skill_that_nobody_has_is_refused():
    text = EVERYONE_AT_ONCE.replace('skills = ["*"]', 'skills = ["fire"]').replace("handles_below = 0.15\n", "")
    gs.loads(text)
    with pytest.raises(gs.ScenarioError, match=r"problems\.fire\.skills = 'fier'.*did you mean fire"):
        gs.loads(text.replace('type = "fire"\nskills = ["fire"]', 'type = "fire"\nskills = ["fier"]'))


@pytest.mark.parametrize(
    ("gone", "path"),
    [('name = "everyone_at_once"\n', "name"), ("days = 40.0\n", "run.days"), ("cell_km = 0.5\n", "territory.cell_km"),
     ("per_1000_residents_per_day = 0.6\n", "problems.fire.per_1000_residents_per_day"),
     ("units = 4\n", "tiers.grid.units"), ("count = [1, 0, 1, 1]\n", "tiers.grid.staff.mediator.count")],
)  # fmt: skip
def test_what_is_required_and_absent_is_named(gone, path):
    assert gone in EVERYONE_AT_ONCE
    with pytest.raises(gs.ScenarioError, match=f"^{path}: is required and absent$"):
        gs.loads(EVERYONE_AT_ONCE.replace(gone, "", 1))


# --- files, from Python and from the command line ----------------------------------------------------------------

FILES = {
    "broken TOML": (b"name = ", "is not TOML"),
    "empty": (b"", "is required and absent"),
    "not UTF-8": (b'name = "\xff\xfe"', "is not UTF-8"),
    "zero bytes": (b"\x00" * 20, "is not TOML"),
    "a table twice": (EVERYONE_AT_ONCE.encode() + b"\n[run]\ndays = 2.0\n", "is not TOML"),
    "unknown key": (b"colour = 1\n" + EVERYONE_AT_ONCE.encode(), "colour: there is no such key"),
    "nan": (EVERYONE_AT_ONCE.replace("cell_km = 0.5", "cell_km = nan").encode(), "territory.cell_km"),
    "infinity": (EVERYONE_AT_ONCE.replace("days = 40.0", "days = inf").encode(), "run.days"),
    "a list for a table": (b'name = "x"\nrun = [1]\n', "run"),
}


def command(folder, *words):
    """Call the command line; what it must always do on wrong input: exit code 2, one message, nothing written."""
    before = sorted(folder.rglob("*"))
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert sorted(folder.rglob("*")) == before
    return result.stderr


@pytest.mark.parametrize("kind", FILES)
def test_a_wrong_file_is_named_with_what_is_wrong(kind, tmp_path):
    content, told = FILES[kind]
    path = tmp_path / "wrong.toml"
    path.write_bytes(content)
    with pytest.raises(gs.ScenarioError, match=r"wrong\.toml") as wrong:
        gs.load(path)
    assert told in str(wrong.value)
    said = command(tmp_path, "run", path, "--out", tmp_path / "out")
    assert "wrong.toml" in said
    assert told in said


def test_a_missing_file_is_named(tmp_path):
    assert "there is no such file or site" in command(
        tmp_path, "run", tmp_path / "none.toml", "--out", tmp_path / "out"
    )


def test_a_folder_in_place_of_a_file_is_named(tmp_path):
    (tmp_path / "folder.toml").mkdir()
    assert "is a directory" in command(tmp_path, "run", tmp_path / "folder.toml", "--out", tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "told"),
    [("run.daze=3", "did you mean run.days"), ("run.days=nan", "run.days"), ("run.days=-inf", "run.days"),
     ("tiers.grid.units=0", "tiers.grid.units"), ("tiers.street.units=9", "tiers.street.units"),
     ("escalation.emergency_to=moon", "moon"), ("problems.fire.per_1000_residents_per_day=-1", "per_1000")],
)  # fmt: skip
@pytest.mark.parametrize("word", ["run", "compare"])
def test_a_wrong_set_is_refused_before_anything_is_written(word, change, told, tmp_path):
    path = tmp_path / "world.toml"
    path.write_text(EVERYONE_AT_ONCE, encoding="utf-8")
    assert told in command(tmp_path, word, path, "--set", change, "--out", tmp_path / "out")


def test_a_headcount_that_a_design_cannot_place_is_refused(tmp_path):
    said = command(tmp_path, "compare", "mingming_road", "--designs", "one_plus_ten", "--headcount", 3, "--out",
                   tmp_path / "out")  # fmt: skip
    assert "one_plus_ten" in said
    assert "headcount = 3" in said


def test_a_file_that_cannot_be_saved_leaves_nothing(tmp_path):
    with pytest.raises(gs.ScenarioError, match="cannot be written"):
        everyone_at_once().save(tmp_path / "no_folder" / "mine.toml")
    (tmp_path / "taken").mkdir()
    with pytest.raises(gs.ScenarioError, match="cannot be written"):
        everyone_at_once().save(tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_load_of_more_than_one_is_not_an_error():
    busy = everyone_at_once({"problems.quarrel.per_1000_residents_per_day": 900.0, "run.days": 6.0})
    assert any("grows without end" in said for said in gs.simulate(busy).warnings)
