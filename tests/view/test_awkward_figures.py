"""Figures stay legible where studies are awkward: one scenario, many long names, no values, equal values, 0 and 1."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

import gridsim as gs
from gridsim.simulation.rules import UNSET
from gridsim.view import plots


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def many(small):
    """Twenty-one scenarios with long names."""
    counts = {f"{n} generalists in every grid and one for the whole street, variant {n}": n for n in range(1, 22)}
    scenarios = {name: small.vary({"tiers.grid.staff.generalist.count": n}) for name, n in counts.items()}
    return gs.compare(scenarios, replications=2, workers=1, progress=False)


def with_measure(study, values, measure="response_hours_mean"):
    return replace(study, runs=study.runs.assign(**{measure: values}))


@pytest.fixture(params=["one", "many", "some missing", "all missing", "equal", "zero", "one half"])
def awkward(request, swept, many):
    missing = np.where(many.runs["scenario"].str.startswith("1"), np.nan, many.runs["response_hours_mean"])
    return {
        "one": many.only([many.baseline]),
        "many": many,
        "some missing": with_measure(many, missing),
        "all missing": with_measure(many, np.nan),
        "equal": with_measure(many, 2.0),
        "zero": with_measure(many, 0.0),
        "one half": with_measure(many, np.arange(len(many.runs)) % 2.0),
    }[request.param]


@pytest.mark.parametrize("name", ["comparison", "frontier"])
def test_figures_of_an_awkward_study_cover_and_cut_no_label(name, awkward, covered):
    assert covered(getattr(plots, name)(awkward)) == []


@pytest.mark.parametrize("name", ["response_curve", "backlog", "where_time_goes"])
def test_figures_of_many_runs_cover_no_label_and_leave_room_to_draw(name, many, covered):
    ax = getattr(plots, name)(many)
    assert covered(ax) == []
    inches = ax.get_window_extent().transformed(ax.get_figure().dpi_scale_trans.inverted())
    assert inches.height > 2.0
    assert inches.width > 3.0


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("name", ["comparison", "heat_map"])
def test_an_axis_of_shares_names_nothing_below_none_or_above_all(name, value, swept, covered):
    ax = getattr(plots, name)(with_measure(swept, value, "closure_rate"), "closure_rate")
    assert covered(ax) == []
    axis = ax.xaxis if name == "comparison" else ax.get_figure().axes[1].yaxis
    named = [float(label.get_text()) for label in axis.get_majorticklabels() if label.get_text()]
    assert named
    assert 0.0 <= min(named) <= max(named) <= 100.0


def test_intervals_of_times_do_not_reach_below_zero(swept):
    wide = with_measure(swept, np.tile([0.0, 5.0, 1.0], len(swept.runs))[: len(swept.runs)])
    drawn = np.concatenate([np.atleast_1d(line.get_xdata()) for line in plots.comparison(wide).lines])
    assert drawn.min() >= 0.0


def test_what_has_no_value_says_so(many):
    ax = plots.comparison(with_measure(many, np.nan))
    assert [text.get_text() for text in ax.texts] == ["no value"] * len(many.scenarios)


@pytest.mark.parametrize("values", ["missing", "equal"])
def test_a_heat_map_without_contrast_is_drawn(values, swept, covered):
    study = with_measure(swept, np.nan if values == "missing" else 3.0)
    assert covered(plots.heat_map(study)) == []


@pytest.mark.parametrize("of", ["demand", "response", "closure"])
def test_the_map_of_a_single_cell_names_its_one_value(of, one_desk, covered):
    ax = plots.map_of_cells(gs.simulate(one_desk.vary({"run.days": 5}), seed=1), of)
    assert covered(ax) == []
    assert len(ax.get_figure().axes[1].get_yticks()) == 1


def test_cells_where_nothing_was_measured_are_hatched(small):
    run = gs.simulate(small.vary({"run.days": 0.3, "run.warm_up_days": 0, "run.follow_up_days": 0}), seed=2)
    reported = run.outcome.demand.cell[run.outcome.reported_at != UNSET]
    assert len(plots.map_of_cells(run, "closure").patches) == 6 - len(set(reported)) > 0


HOSTILE = ["$x_1$ and $y$", "100 % of $5", "a\nb\x1b[31m", "* = 2", "\\frac{", "x" * 5000]


@pytest.mark.parametrize("name", ["comparison", "frontier", "response_curve", "backlog", "where_time_goes"])
def test_names_are_drawn_as_they_are_and_begin_no_formula(name, small, tmp_path, covered):
    study = gs.compare(dict.fromkeys(HOSTILE, small), replications=2, workers=1, progress=False)
    ax = getattr(plots, name)(study)
    ax.get_figure().savefig(tmp_path / "figure.png")
    legend = ax.get_legend().get_texts() if ax.get_legend() else []
    drawn = [text for text in [*ax.get_yticklabels(), *ax.texts, *legend] if "$" in text.get_text()]
    assert {text._preprocess_math(text.get_text()) for text in drawn} >= {
        ("$x 1$ and $y$", False),
        ("100 % of $5", False),
    }
    assert all("\n" not in text.get_text() for text in drawn)


def test_swept_values_are_drawn_as_they_are(small, tmp_path):
    values = {"description": ["$a$", "b\nc"], "name": ["$n$", "=m"]}
    ax = plots.heat_map(gs.sweep(small, values, replications=1, workers=1, progress=False))
    ax.get_figure().savefig(tmp_path / "figure.png")
    assert [label.get_text() for label in ax.get_xticklabels()] == [r"\$a\$", "b c"]
