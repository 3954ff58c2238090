"""Every figure draws without a warning, takes axes, gives them back, says its units and covers no label."""

import warnings

import numpy as np
import pytest

import gridsim as gs
from gridsim.simulation.rules import HOUR
from gridsim.study.errors import StudyError
from gridsim.view import plots
from gridsim.view.plots.comparing import efficient
from gridsim.view.plots.style import key_in_words, spread_out
from gridsim.view.reading import clock_of

OF_A_STUDY = ("comparison", "frontier", "heat_map", "response_curve", "backlog", "where_time_goes")
OF_A_RUN = ("response_curve", "backlog", "where_time_goes", "map_of_cells")


@pytest.fixture(autouse=True)
def _no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("name", OF_A_STUDY)
def test_figures_of_a_study_cover_no_label(name, swept, covered):
    assert covered(getattr(plots, name)(swept)) == []


@pytest.mark.parametrize("name", OF_A_RUN)
def test_figures_of_a_run_cover_no_label(name, run, covered):
    assert covered(getattr(plots, name)(run)) == []


def test_the_figure_of_the_main_job_covers_no_label(main_job, covered):
    ax = plots.street(main_job)
    assert covered(ax) == []
    assert len(ax.get_figure().axes) == 1 + 3 * 4


@pytest.mark.parametrize("name", OF_A_STUDY)
def test_figures_are_drawn_on_the_axes_that_are_given(name, swept):
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert getattr(plots, name)(swept, ax=ax) is ax


def test_the_main_job_is_drawn_in_the_place_of_the_axes_that_are_given(main_job):
    import matplotlib.pyplot as plt

    _, ax = plt.subplots(figsize=(14, 10))
    assert plots.street(main_job, ax=ax) is ax


@pytest.mark.parametrize("name", OF_A_RUN)
def test_figures_have_no_title_and_units_on_their_axes(name, run):
    ax = getattr(plots, name)(run)
    assert ax.get_title() == ""
    assert ax.get_xlabel().endswith(")"), "the unit stands in brackets"


@pytest.mark.parametrize("of", ["demand", "response", "closure"])
def test_the_map_colours_every_cell(of, run):
    field = plots.map_of_cells(run, of).images[0].get_array()
    assert np.ma.count(np.ma.masked_invalid(field)) == 6


def test_the_map_says_what_it_can_show(run):
    with pytest.raises(ValueError, match="allowed are demand, response, closure"):
        plots.map_of_cells(run, "cost")


def test_a_comparison_is_sorted_by_its_measure(swept):
    ax = plots.comparison(swept, "response_hours_mean")
    means = [line.get_xdata()[0] for line in ax.lines if line.get_marker() in ("o", "D")]
    assert means == sorted(means)


def test_shares_are_drawn_in_percent_and_never_above_all(swept):
    ax = plots.comparison(swept, "on_time_rate")
    assert "(%)" in ax.get_xlabel()
    drawn = np.concatenate([np.atleast_1d(line.get_xdata()) for line in ax.lines])
    assert drawn.max() <= 100.0
    assert drawn.max() > 1.0


def test_an_unknown_measure_is_answered_with_the_nearest(swept):
    with pytest.raises(StudyError, match="did you mean closure_rate"):
        plots.comparison(swept, "closure_rat")


def test_a_heat_map_shows_each_mean_where_its_two_values_meet(small):
    """The field above one tick and beside the other holds the mean of that combination, and no two are equal."""
    people, work = "tiers.grid.staff.generalist.count", "problems.quarrel.hardness"
    study = gs.sweep(small, {people: [1, 3], work: [0.5, 1, 4]}, replications=2, workers=1, progress=False)
    ax = plots.heat_map(study, "response_hours_mean")
    columns, rows = ([tick.get_text() for tick in axis.get_ticklabels()] for axis in (ax.xaxis, ax.yaxis))
    assert (columns, rows) == (["1", "3"], ["0.5", "1", "4"])
    table = study.table(["response_hours_mean"])
    assert table["mean"].nunique() == 6
    field = ax.images[0].get_array()
    for count, hardness, mean in zip(table[people], table[work], table["mean"], strict=True):
        assert field[rows.index(f"{hardness:g}"), columns.index(f"{count:g}")] == pytest.approx(mean)


@pytest.mark.parametrize("turned", [False, True])
def test_a_heat_map_can_be_turned(turned, swept):
    keys = ("escalation.after_hours", "tiers.grid.staff.generalist.count")
    x, y = keys if turned else keys[::-1]
    ax = plots.heat_map(swept, "response_hours_mean", x=x, y=y)
    assert ax.get_xlabel() == key_in_words(x, clock_of(swept))
    assert ax.get_ylabel() == key_in_words(y, clock_of(swept))
    assert ax.images[0].get_array().shape == ((2, 3) if turned else (3, 2))


def test_a_heat_map_needs_two_swept_parameters(small):
    single = gs.sweep(small, {"escalation.after_hours": [1, 2]}, replications=1, workers=1, progress=False)
    with pytest.raises(StudyError, match="needs two swept parameters"):
        plots.heat_map(single)


def test_the_frontier_holds_what_nothing_else_beats():
    cost, hours = np.array([1.0, 2.0, 2.0, 3.0, 4.0]), np.array([9.0, 5.0, 6.0, 5.0, 1.0])
    assert efficient(cost, hours, more=False).tolist() == [True, True, False, False, True]
    assert efficient(cost, hours, more=True).tolist() == [True, False, False, False, False]


def test_equal_scenarios_are_on_the_frontier_together():
    assert efficient(np.ones(3), np.ones(3), more=False).all()


def test_a_response_curve_ends_at_the_share_that_had_a_response(run):
    ax = plots.response_curve(run)
    share = ax.lines[0].get_ydata()
    assert (np.diff(share) >= 0).all()
    assert share[-1] <= 100.0


def test_the_hours_of_all_tiers_add_up_to_the_time_of_a_problem(run):
    """In the tiers' rows, and once more in the row of all; the inbox of that has its hours off duty drawn into it."""
    ax = plots.where_time_goes(run)
    factor = 60.0 if "(min)" in ax.get_xlabel() else 1.0
    start, end = run.outcome.plan.window
    measured = (run.outcome.reported_at >= start) & (run.outcome.reported_at < end)
    expected = (run.outcome.where[measured] / HOUR).sum(axis=1).mean()
    widths = {bars.get_label(): sum(bar.get_width() for bar in bars) for bars in ax.containers}
    closed = widths.pop("inbox, off duty")
    assert sum(widths.values()) / factor == pytest.approx(2.0 * expected)
    assert closed / factor == pytest.approx(run.problems["hours_inbox_off_duty"][measured].mean())


def test_names_beside_a_figure_keep_their_distance_and_order():
    moved = spread_out([0.5, 0.51, 0.02, 0.0, 0.99], 0.1)
    assert np.diff(sorted(moved)).min() >= 0.1 - 1e-9
    assert np.argsort(moved).tolist() == [3, 2, 0, 1, 4]
    assert min(moved) >= 0.0
    assert max(moved) <= 1.0


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("escalation.after_hours", "goes up after (h)"),
        ("tiers.grid.staff.*.count", "grid: people per unit"),
        ("tiers.grid.leader.patrol_every_hours", "grid leader: patrol every (h)"),
        ("run.days", "days"),
    ],
)
def test_keys_are_written_in_words_with_their_unit(key, words):
    assert key_in_words(key) == words
