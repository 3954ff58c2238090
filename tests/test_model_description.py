"""The model description says what the code does: its rules and its order of events are compared with it."""

import inspect
import re
from importlib.resources import files

import pytest

from gridsim.simulation import rules
from gridsim.simulation.events import Event
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


@pytest.mark.parametrize("world", ["two_tiers", "everyone_at_once"])
def test_every_measure_of_a_run_is_explained(world, request):
    """No measure comes out whose name the table of measures lacks, and none of the table is missing."""
    result = simulate(request.getfixturevalue(world), seed=1)
    names = set(measures(result.outcome).index)
    patterns = described_measures()
    assert [name for name in names if not any(re.fullmatch(pattern, name) for pattern in patterns)] == []
    assert [pattern for pattern in patterns if not any(re.fullmatch(pattern, name) for name in names)] == []


def described_measures():
    """Patterns of the names in the first column of the table of measures."""
    section = DESCRIPTION.split("### Measures")[1].split("## 8.")[0]
    patterns = []
    for line in re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE):
        first = ""
        for name in re.findall(r"`([^`]+)`", line):
            whole = first.removesuffix("_mean") + name if name.startswith("_") else name
            first = first or name
            patterns.append(re.sub(r"<\w+>", r"\\w+", whole.replace(".", r"\.")))
    return [pattern for pattern in patterns if not pattern.endswith(r"\.\w+\.leader")]  # named beside the roles
