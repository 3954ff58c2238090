"""Parameters from figures: known ones are given back, and what the figures cannot tell is said."""

import numpy as np
import pytest

import gridsim as gs
from gridsim.study.methods.parameter import free_of

DESK = """
name = "desk"
[run]
days = {days}
[territory]
cells = 4
cell_km = 1.0
residents_per_cell = 500
[[problems]]
type = "any"
skills = ["any"]
per_1000_residents_per_day = 12.0
work_hours = {{ mean = 1.0, cv = 1.0 }}
limit_hours = 4
[[tiers]]
name = "grid"
units = 2
[[tiers.staff]]
role = "member"
skills = ["any"]
count = 1
solves = 0.8
[[tiers]]
name = "street"
units = 1
[[tiers.staff]]
role = "expert"
skills = ["any"]
count = 1
"""
FREE = ["problems.any.work_hours.mean", "tiers.grid.staff.member.solves"]
FIGURES = ["response_hours_mean", "closed_at.grid", "utilisation.grid.member"]


def desk(days=60):
    return gs.loads(DESK.format(days=days))


def figures_of(scenario, seed, names=FIGURES):
    measures = gs.simulate(scenario, seed).measures
    return {name: float(measures[name]) for name in names}


def test_known_parameters_come_back():
    """Work of 1.3 hours and an authority of 0.7, from figures of one run."""
    truth = desk().vary({FREE[0]: 1.3, FREE[1]: 0.7})
    found = gs.calibrate(desk(), figures_of(truth, 99), FREE, replications=8, workers=1)
    table = found.parameters.set_index("parameter")
    for path, value in zip(FREE, (1.3, 0.7), strict=True):
        assert table.loc[path, "low"] <= value <= table.loc[path, "high"]
        assert table.loc[path, "known"]
    assert found.fit["met"].all()
    assert found.warnings == ()
    assert found.scenario.problems[0].work_hours.mean == table.loc[FREE[0], "value"]


@pytest.mark.slow
def test_intervals_hold_the_truth_in_nine_of_ten_trials():
    """Forty pairs of parameters drawn from a range; each figure from one run of another seed."""
    generator, hits = np.random.default_rng(11), np.zeros(2)
    for trial in range(40):
        values = generator.uniform([0.7, 0.5], [1.4, 0.9])
        truth = desk().vary(dict(zip(FREE, values.tolist(), strict=True)))
        found = gs.calibrate(desk(), figures_of(truth, 5000 + trial), FREE, replications=10, seed=trial, workers=1)
        table = found.parameters
        hits += (table["low"].to_numpy() <= values) & (values <= table["high"].to_numpy())
    assert (hits >= 36).all(), hits


def test_what_the_figures_cannot_tell_apart_is_said():
    """Twice the work at half the pace is the same desk."""
    same = ["problems.any.work_hours.mean", "tiers.*.staff.*.pace"]
    start = desk().vary({"tiers.grid.staff.member.pace": 1.0, "tiers.street.staff.expert.pace": 1.0})
    found = gs.calibrate(start, figures_of(start, 3, FIGURES[::2]), same, replications=6, workers=1)
    assert any("cannot tell" in note and same[0] in note and same[1] in note for note in found.warnings)
    assert not found.parameters["known"].any()
    assert found.parameters[["low", "high"]].isna().all(axis=None)


def test_a_parameter_that_changes_nothing_is_said():
    """The response of unhurried problems does not depend on their limit."""
    found = gs.calibrate(desk(), figures_of(desk(), 3), [*FREE, "problems.any.limit_hours"], replications=6, workers=1)
    assert any("say nothing of problems.any.limit_hours" in note for note in found.warnings)


def test_a_figure_that_cannot_be_reached_is_said():
    """No work time makes a street close everything at once and be busy all day."""
    found = gs.calibrate(
        desk(), {"on_time_rate": 1.0, "utilisation.grid.member": 0.95}, FREE[:1], replications=6, workers=1
    )
    assert any("is not reached" in note for note in found.warnings)


def test_held_out_figures_are_shown_and_not_used():
    """They change no parameter."""
    figures = figures_of(desk(), 3)
    asked = {"replications": 6, "workers": 1}
    plain = gs.calibrate(desk(), figures, FREE, **asked)
    shown = gs.calibrate(desk(), figures, FREE, held_out={"closure_rate": 0.99}, **asked)
    assert shown.parameters.equals(plain.parameters)
    assert shown.fit.set_index("measure").loc["closure_rate", "used"] == False  # noqa: E712
    assert "closure_rate" in shown._repr_html_()


@pytest.mark.parametrize(
    ("targets", "free", "said"),
    [
        ({"closure_rat": 0.9}, FREE, "did you mean closure_rate"),
        ({"closure_rate": 1.9}, FREE, "a share, from 0 to 1"),
        ({"closure_rate": float("nan")}, FREE, "a number of at least 0"),
        ({}, FREE, "at least one target"),
        ({"closure_rate": 0.9}, [], "at least one target"),
        ({"closure_rate": 0.9}, ["problems.any.work_hours.men"], "did you mean problems.any.work_hours.mean"),
        ({"closure_rate": 0.9}, ["tiers.grid.staff.member.count"], "sweep them instead"),
        ({"closure_rate": 0.9}, ["problems.any.type"], "is not a number"),
        ({"closure_rate": 0.9}, {"problems.any.limit_hours": (9, 3)}, "the lowest value first"),
    ],
)
def test_what_is_wrong_is_said(targets, free, said):
    """One sentence."""
    with pytest.raises(gs.StudyError, match=said):
        gs.calibrate(desk(5), targets, free, replications=6, workers=1)


def test_a_pattern_is_one_factor():
    """Shares move by their odds, numbers by a factor."""
    site = gs.load("mingming_road")
    work, solves = free_of(site, "problems.*.work_hours.mean"), free_of(site, "tiers.*.solves")
    assert len(work.values) == len(site.problems)
    ratios = {work.moved(0.5)[path] / value for path, value in work.values.items()}
    assert max(ratios) - min(ratios) < 1e-12
    assert all(0.0 < value <= 1.0 for value in solves.moved(2.0).values())


def test_the_command_prints_parameters_figures_and_notes(tmp_path):
    """And writes the scenario that it found; what is wrong is one message and exit code 2."""
    from typer.testing import CliRunner

    from gridsim.cli import app

    file, out = tmp_path / "desk.toml", tmp_path / "found.toml"
    desk(20).save(file)
    asked = [
        "calibrate",
        str(file),
        "--target",
        "on_time_rate=80%",
        "--free",
        f"{FREE[0]}=0.2:5",
        "--replications",
        "4",
    ]
    done = CliRunner().invoke(app, [*asked, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "work_hours.mean" in done.output
    assert "on_time_rate" in done.output
    assert gs.load(out).problems[0].work_hours.mean != 1.0
    for wrong in (["--target", "x"], ["--free", "a=1"], ["--target", "closure_rate=much"]):
        failed = CliRunner().invoke(app, [*asked, *wrong])
        assert failed.exit_code == 2
