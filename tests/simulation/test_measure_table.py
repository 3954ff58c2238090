"""The table of measures says what is to be known of each; whatever shows or weighs one reads it there."""

import ast
import math
import pickle
from pathlib import Path

import pytest
from conftest import everyone_at_once

import gridsim as gs
from gridsim.simulation.outcome.measure_table import (
    BUILT_IN,
    HIGH,
    LOAD,
    LOAD_OF_STAFF,
    LOW,
    NEITHER,
    TABLE,
    Headline,
    row_of,
    those,
)
from gridsim.simulation.outcome.notebook import with_units

PACKAGE = Path(gs.__file__).parent
NAMES = {row.name.partition("<")[0] for row in TABLE if row.name not in ("open", "closed", "due", "reported")}


@pytest.fixture(scope="module")
def run():
    return gs.simulate(everyone_at_once(), seed=1)


def test_every_measure_of_a_run_has_a_row_and_lies_within_its_bounds(run):
    for name, value in run.measures.items():
        row = run.about[name]
        assert row.row, name
        assert math.isnan(value) or row.least <= value <= row.most, name


def test_every_share_of_a_count_is_that_count_over_it(run):
    """What a share is of stands beside it, and the share times it is a whole number of problems."""
    shares = [name for name in run.measures.index if run.about[name].per]
    assert shares
    for name in shares:
        count = run.measures[name] * run.measures[run.about[name].per]
        assert math.isnan(count) or count == pytest.approx(round(count)), name


def test_rows_are_written_well():
    """No name twice; a unit, words and a meaning; a direction that is one of three."""
    names = [row.name for row in TABLE]
    assert len(set(names)) == len(names)
    assert all(row.words and row.meaning and row.better in (HIGH, LOW, NEITHER) for row in TABLE)
    assert all(row.per in names for row in TABLE if row.per)
    assert all(row.short for row in TABLE if row.headline >= Headline.TABLE)


def test_places_hold_what_the_places_below_them_hold():
    held = [set(BUILT_IN.at(place)) for place in Headline]
    assert all(smaller <= larger for larger, smaller in zip(held, held[1:], strict=False))


def test_leaders_are_no_role_of_the_staff():
    names = ["offered_load.grid", "offered_load.grid.leader", "offered_load.grid.fire_safety", "closure_rate"]
    assert those(names, LOAD_OF_STAFF) == {"offered_load.grid.fire_safety": {"tier": "grid", "role": "fire_safety"}}
    assert those(names, LOAD) == {"offered_load.grid": {"tier": "grid"}}
    assert row_of("utilisation.grid.fire_safety").words == "busy: grid fire safety"


def test_what_nobody_knows_has_its_name_as_words_and_no_direction():
    row = BUILT_IN["share_of_somebody"]
    assert (row.label, row.unit, row.better, row.most) == ("share of somebody", "", NEITHER, math.inf)
    assert "share_of_somebody" not in BUILT_IN


def test_hours_are_never_read_as_shares(run):
    """`overtime_hours` was once "share of 1", since its name ends otherwise than the others."""
    assert all(run.about[name].unit == "h" for name in run.measures.index if "hours" in name)


def test_busy_times_over_one_are_read_as_overtime(run):
    """ "126 % (overtime)", not "1.263 share of 1"."""
    measures = run.measures.copy()
    measures["utilisation.grid.leader"], measures["closure_rate"] = 1.263, 0.5
    table = with_units(measures, run.about).set_index("measure")
    assert table.loc["utilisation.grid.leader"].tolist() == ["126.3", "% (overtime)"]
    assert table.loc["closure_rate"].tolist() == ["50", "%"]


def test_a_row_survives_being_sent_to_a_worker():
    own = gs.Measure("late", of=lambda result: 1.0, unit="problems", better="low")
    sent = pickle.loads(pickle.dumps(own))
    assert (sent.name, sent.unit, sent.better, sent.of(None)) == ("late", "problems", "low", 1.0)


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_nothing_is_guessed_from_how_a_measure_is_called(file):
    """No `startswith`, `endswith` or `removeprefix` on a part of a measure's name, anywhere in the package."""
    calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
             and isinstance(node.func, ast.Attribute)
             and node.func.attr in ("startswith", "endswith", "removeprefix", "removesuffix")]  # fmt: skip
    said = [text.value for call in calls for text in ast.walk(ast.Tuple(call.args)) if isinstance(text, ast.Constant)]
    wrong = [text for text in said if isinstance(text, str) and len(text) > 3 and "_" in text + "."
             and any(name.startswith(text) for name in NAMES)]  # fmt: skip
    assert wrong == []
