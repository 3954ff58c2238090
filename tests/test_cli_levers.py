"""Levers on the command line: scales, ranges, headcounts, designs that keep their grids, demand and storms."""

import json

import pytest
from test_cli import SMALL, call

from gridsim.cli.levers import storm_of
from gridsim.cli.ranges import range_of
from gridsim.study.errors import StudyError


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with one small scenario, as the working directory."""
    (tmp_path / "small.toml").write_text(SMALL)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("60..120..20", [60, 80, 100, 120]),
        ("60..125..20", [60, 80, 100, 120]),
        ("1..3", [1, 2, 3]),
        ("120..60..20", [120, 100, 80, 60]),
        ("0.1..0.3..0.1", [0.1, 0.2, 0.3]),
        ("1..2..0.5", [1.0, 1.5, 2.0]),
        ("-1..1..1", [-1, 0, 1]),
        ("x0.8..x1.2..0.2", ["x0.8", "x1", "x1.2"]),
        ("-20%..+20%..20%", ["-20%", "+0%", "+20%"]),
        ("office", None),
        ("1.5", None),
        ("[1, 2]", None),
    ],
)
def test_ranges_are_read_exactly(text, values):
    found = range_of(text, "--vary")
    assert found == values
    assert found is None or [type(one) for one in found] == [type(one) for one in values]


@pytest.mark.parametrize(
    "text", ["60..", "..5", "60..120..0", "60..120..-10", "1..2..3..4", "0.1..0.5", "60..x120", "1..1000000"]
)
def test_wrong_ranges_are_refused(text):
    with pytest.raises(StudyError, match="--vary"):
        range_of(text, "--vary")


@pytest.mark.parametrize(
    ("text", "said"),
    [("day=60", "days is missing"), ("day=1,days=7,factr=4", "did you mean factor"), ("day=1,days=7,factor=four", "not a number"),
     ("day=1,day=2,days=1,factor=2", "give day once"), ("", "is not known"), ("day=,days=1,factor=2", "give day once")],
)  # fmt: skip
def test_a_wrong_storm_says_what_is_wrong(text, said):
    with pytest.raises(StudyError, match=said):
        storm_of(text)


def test_a_storm_may_be_of_some_types():
    assert storm_of("day=1,days=2,factor=x3,types=a+b") == {"day": 1, "days": 2, "factor": 3, "types": ["a", "b"]}


def test_demand_and_storm_bring_more_problems(here):
    def arose(*words):
        return json.loads(call("run", "small.toml", "--json", *words).stdout)["measures"]["reported"]

    assert arose("--demand", "x3") > 2 * arose()
    assert arose("--storm", "day=1,days=2,factor=9") > 2 * arose()


def test_headcounts_are_swept_with_designs(here):
    shown = call(
        "sweep",
        "small.toml",
        "--vary",
        "headcount=8..12..4",
        "--designs",
        "flat,three_tier",
        "--replications",
        1,
        "--workers",
        1,
    )
    assert shown.exit_code == 0, shown.stderr
    assert all(word in shown.stdout for word in ("headcount", "design", "three_tier", "12"))


def test_a_comparison_of_designs_says_which_units_they_made(here):
    words = ("compare", "small.toml", "--designs", "two_tier", "--headcount", 10, "--replications", 1, "--workers", 1)
    assert "grid 4, street 1" not in call(*words).stdout
    kept = call(*words, "--keep-grids").stdout
    assert "grid 4, street 1" in kept
    assert "kept, as in small" in kept


def test_what_a_star_flattens_is_said(here):
    shown = call("run", "small.toml", "--set", "tiers.*.solves=0.9")
    assert "one value replaces 2 different ones" in " ".join(shown.stderr.split() + shown.stdout.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "--demand", "25%"), "write x1.25 or +25%"),
        (("run", "--storm", "day=60,days=7,factor=4"), "the run has the days 0 to 5"),
        (("run", "--set", "tiers.grid.solves=25%"), "x1.25 or +25% scales"),
        (("sweep",), "there is nothing to sweep"),
        (("sweep", "--vary", "headcount=1..3"), "headcount = 1: allowed is at least"),
        (("sweep", "--vary", "design=flatt"), "did you mean flat"),
        (("sweep", "--vary", "design=flat", "--designs", "flat"), "say the same"),
        (("sweep", "--vary", "run.days=1,2", "--keep-grids"), "--keep-grids is for --designs"),
        (("compare", "--keep-grids"), "--keep-grids is for --designs"),
    ],
)
def test_wrong_levers_are_one_message_and_exit_2(here, words, said):
    command, *rest = words
    shown = call(command, "small.toml", *rest)
    assert shown.exit_code == 2
    assert said in " ".join(shown.stderr.split())
    assert "Traceback" not in shown.stderr
