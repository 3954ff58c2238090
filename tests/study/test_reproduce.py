"""Reports and model side by side."""

import json

import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.scenario.sites import site_names
from gridsim.study.reproduce import CONTRASTS

SMALL = {"replications": 2, "workers": 1, "progress": False}


def test_every_site_has_the_contrast_that_makes_it_that_site():
    """And both sides have the same number of people, where people are moved."""
    assert set(CONTRASTS) == set(site_names())
    for name, contrast in CONTRASTS.items():
        site = gs.load(name)
        assert site.vary(contrast.changes).headcount == site.headcount


def test_both_cannot_be_true_at_mingming_road():
    """99.99 % of 8,797 in 180 days is a mean time to close of 26 minutes; the model takes hours."""
    (found,) = gs.reproduce(["mingming_road"], days=60, **SMALL)
    (note,) = found.notes
    assert "26 minutes" in note
    assert "Both cannot be true" in note
    assert found.definitions["reported"].tolist() == [0.9999] * 3
    opened, due, in_time = found.definitions["mean"]
    assert opened < due
    assert in_time <= due


@pytest.mark.parametrize(
    ("site", "measure", "more"),
    [
        ("jingba_road", "resolution_hours_mean", False),
        ("zhongxin_road", "within_15_min", True),
        ("hanghai_east_road", "found_before_maturing", True),
        ("dashiqiao", "utilisation.grid.grid_worker", False),
        ("jinshui_civil_affairs", "on_time_rate", True),
        ("dahe_road", "found_before_maturing", True),
        ("huiji", "closed_at.village", True),
    ],
)
def test_a_contrast_points_the_way_that_it_should(site, measure, more):
    """Bicycles shorten, stations are nearer, informants find, and so on; the interval leaves zero out."""
    (found,) = gs.reproduce([site], replications=6, workers=1, progress=False)
    row = found.contrast.set_index("measure").loc[measure]
    assert row["low"] > 0.0 if more else row["high"] < 0.0
    assert row["difference"] == pytest.approx(row["with_it"] - row["without_it"])


def test_the_rate_of_the_campaign_is_that_of_its_suggestions():
    """Counted before they are due, few are closed."""
    (found,) = gs.reproduce(["hanghai_east_road"], replications=6, workers=1, progress=False)
    assert found.definitions["mean"].iloc[0] < 0.7


def test_the_command_prints_and_writes(tmp_path):
    """Tables, CSV, JSON; an unknown site is one message."""
    asked = ["reproduce", "jingba_road", "mingming_road", "--replications", "2", "--days", "20", "--workers", "1"]
    done = CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "leaders on foot" in done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"definitions.csv", "figures.csv", "contrast.csv"}
    data = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert [one["site"] for one in data] == ["jingba_road", "mingming_road"]
    failed = CliRunner().invoke(app, ["reproduce", "jingba_rod"])
    assert failed.exit_code == 2
    assert "did you mean jingba_road" in failed.output
