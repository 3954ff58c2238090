"""Sites beside their reports as the command line prints and writes them."""

import json

import pytest
from typer.testing import CliRunner

from gridsim.cli import app

SMALL = ("--replications", "2", "--days", "10", "--workers", "1")


def call(*words):
    return CliRunner().invoke(app, ["reproduce", *words], env={"COLUMNS": "120"})


@pytest.fixture(scope="module")
def printed():
    result = call("mingming_road", "hanghai_east_road", *SMALL)
    assert result.exit_code == 0, result.output
    return result.stdout


def line(text, start):
    return next(one for one in text.splitlines() if one.strip().startswith(start))


def test_report_and_model_stand_beside_each_other(printed):
    assert line(printed, "closure rate").split()[2:7] == ["closed", "of", "opened", "99.99", "%"]
    assert "closed of due" in printed
    assert "in time of due" in printed


def test_numbers_of_people_are_not_percent(printed):
    assert line(printed, "grid volunteer").split()[3:5] == ["300", "300"]


def test_contrasts_carry_an_interval_and_a_unit(printed):
    row = line(printed, "no volunteers")
    assert "±" in row
    assert row.rstrip().endswith("h")


def test_what_cannot_both_be_true_is_printed(printed):
    assert "cannot both be true" in " ".join(printed.split())


def test_json_stands_alone():
    found = json.loads(call("huiji", *SMALL, "--json").stdout)
    assert {"figures", "differences", "findings"} == set(found)
    assert {"site", "report", "model", "low", "high", "source"} <= set(found["figures"][0])


def test_tables_and_scenarios_are_written(tmp_path):
    out = tmp_path / "out"
    assert call("huiji", *SMALL, "--out", str(out)).exit_code == 0
    assert {path.name for path in out.iterdir()} == {
        "figures.csv", "differences.csv", "runs.csv", "findings.txt", "scenarios",
    }  # fmt: skip
    assert (out / "scenarios" / "huiji_as_it_is.toml").exists()


def test_an_unknown_site_exits_with_2_and_writes_nothing(tmp_path):
    result = call("huji", "--out", str(tmp_path / "out"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean huiji" in result.stderr
    assert list(tmp_path.iterdir()) == []
