"""The model description says what the code does: its rules and its order of events are compared with it."""

import inspect
import re
from importlib.resources import files

import pytest
from measures_described import rows_of, table, unit_in_words

from gridsim.simulation import rules
from gridsim.simulation.events import Event
from gridsim.simulation.outcome.measure_table import BUSY_LEADERS, LOAD_OF_LEADERS, TABLE, row_of
from gridsim.simulation.outcome.measures import measures
from gridsim.simulation.simulate import simulate

DESCRIPTION = (files("gridsim") / "docs" / "model_description.md").read_text(encoding="utf-8")
ODD_HEADINGS = [
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
]


def rule_sentences():
    functions = [f for _, f in inspect.getmembers(rules, inspect.isfunction) if f.__module__ == rules.__name__]
    return {inspect.getdoc(function).split("\n")[0]: function.__name__ for function in functions}


def test_every_rule_of_the_code_stands_in_the_description_and_the_reverse():
    """A changed rule changes its sentence, in both places."""
    said = re.findall(r"^- Rule: (.*)$", DESCRIPTION, flags=re.MULTILINE)
    assert len(said) == len(set(said))
    assert set(said) == set(rule_sentences())


def test_order_of_events_is_the_one_that_the_engines_use():
    """The table lists the kinds of event in the order of their numbers."""
    table = re.findall(r"^\| (\d+) \| ([a-z ]+) \|", DESCRIPTION, flags=re.MULTILINE)
    assert [(int(number), name.replace(" ", "_").upper()) for number, name in table] == [
        (kind.value, kind.name) for kind in Event
    ]


def test_headings_follow_the_odd_protocol():
    """All seven elements, in order."""
    found = re.findall(r"^## \d+\. (.*)$", DESCRIPTION, flags=re.MULTILINE)
    assert found[: len(ODD_HEADINGS)] == ODD_HEADINGS


def test_table_of_measures_is_that_of_the_code():
    """Every measure with its meaning and unit; `python tests/measures_described.py` writes the table anew."""
    said = rows_of(DESCRIPTION)
    assert set(said) == {row.name for row in TABLE}
    for row in TABLE:
        meaning, unit = said[row.name]
        assert meaning == row.meaning, row.name
        assert unit == unit_in_words(row) or (unit == "0 to 1" and row.is_share and not row.per), row.name


def test_what_is_written_is_what_is_read():
    """The table that the script writes holds every row, in the form that the test above reads."""
    assert rows_of(table()) == {row.name: (row.meaning, unit_in_words(row)) for row in TABLE}


@pytest.mark.parametrize("world", ["two_tiers", "everyone_at_once"])
def test_every_measure_of_a_run_is_explained(world, request):
    """No measure comes out that has no row, and every row has a measure."""
    result = simulate(request.getfixturevalue(world), seed=1)
    rows = [row_of(name) for name in measures(result.outcome).index]
    assert None not in rows
    led = any(tier.leader for tier in result.scenario.tiers)
    expected = {row.name for row in TABLE if led or row.name not in (BUSY_LEADERS, LOAD_OF_LEADERS)}
    assert {row.row for row in rows} == expected
