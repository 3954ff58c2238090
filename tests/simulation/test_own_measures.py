"""Measures of one's own are functions of a result, and go wherever the package's go."""

import numpy as np
import pytest
from conftest import two_tiers

import gridsim as gs
from gridsim.view import files, report

LIMIT = 24.0


def within_a_day(result):
    hours = result.measured["closed_at"] - result.measured["reported_at"]
    return float((hours <= LIMIT).mean())


def fails(result):
    return result.measures_of_nothing


def words(_result):
    return "many"


WITHIN = gs.Measure(
    "share_within_a_day", of=within_a_day, words="closed within a day", short="within\na day", unit="share of 1",
    better="high", most=1.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def two_tiers_short():
    return two_tiers({"run.days": 20})


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_it_stands_beside_the_measures_of_the_package(two_tiers_short, engine):
    plain = gs.simulate(two_tiers_short, seed=3, engine=engine)
    own = gs.simulate(two_tiers_short, seed=3, engine=engine, measures=[WITHIN])
    assert own.measures.drop("share_within_a_day").equals(plain.measures)
    assert own.measures["share_within_a_day"] == within_a_day(plain)
    assert "share_within_a_day" in repr(own)
    assert "share_within_a_day" in own._repr_html_()


def test_it_may_read_arrays_of_the_outcome(two_tiers_short):
    first = gs.Measure("reopened", of=lambda result: int(np.count_nonzero(result.outcome.reworks)), unit="problems")
    assert gs.simulate(two_tiers_short, measures=first).measures["reopened"] == 0.0


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (gs.Measure("wrong", of=fails), r"measure 'wrong', function fails \(test_own_measures.py, line \d+\), run of"
                                        r" 'two_tiers' with seed 7: AttributeError"),
        (gs.Measure("wrong", of=words), "gives 'many': must be one number"),
        (gs.Measure("wrong", of=lambda _: [1.0, 2.0]), "must be one number"),
        (gs.Measure("wrong", of=lambda _: 1.2, most=1.0), "gives 1.2, beyond its most of 1"),
        (gs.Measure("wrong", of=lambda _: -1.0), "gives -1, beyond its least of 0"),
    ],
)  # fmt: skip
def test_an_error_in_it_names_the_function_and_the_run(two_tiers_short, measure, said):
    with pytest.raises(gs.ScenarioError, match=said):
        gs.simulate(two_tiers_short, seed=7, measures=[measure]).measures  # noqa: B018


def test_no_number_is_no_error(two_tiers_short):
    found = gs.simulate(two_tiers_short, measures=[gs.Measure("nothing", of=lambda _: float("nan"))])
    assert np.isnan(found.measures["nothing"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([gs.Measure("closure_rate", of=within_a_day)], "'closure_rate' is the name of a measure of the package"),
        ([gs.Measure("cost_per_day", of=within_a_day)], "'cost_per_day' is the name of a measure of the package"),
        ([gs.Measure("utilisation.grid.leader", of=within_a_day)], "must be letters, digits and _"),
        ([gs.Measure("seed", of=within_a_day)], "'seed' is the name of a column"),
        ([WITHIN, WITHIN], "stands twice"),
        ([gs.Measure("mine")], "of = None: must be a function"),
        ([gs.Measure("mine", of=within_a_day, better="more")], "better = 'more'; allowed are 'high', 'low', ''"),
        ([gs.Measure("mine", of=within_a_day, per="reportd")], "did you mean reported"),
        ([gs.Measure("mine", of=within_a_day, most=0.0)], "must be a number below most"),
        ([within_a_day], "must be a measure, such as gs.Measure"),
        (within_a_day, "must be a list of measures"),
        ("closure_rate", "must be a list of measures"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(two_tiers_short, given, said):
    with pytest.raises(gs.ScenarioError, match=said):
        gs.simulate(two_tiers_short, measures=given)
    with pytest.raises(gs.ScenarioError, match=said):
        gs.compare({"a": two_tiers_short}, replications=1, workers=1, progress=False, measures=given)


@pytest.fixture(scope="module")
def ways(two_tiers_short):
    return {"few": two_tiers_short, "many": two_tiers_short.vary({"tiers.bottom.staff.clerk.count": 7})}


@pytest.fixture(scope="module")
def study(ways):
    return gs.compare(ways, replications=3, workers=2, progress=False, measures=[WITHIN])


def test_a_comparison_has_it_with_its_interval_and_difference(study, ways):
    again = gs.compare(ways, replications=3, workers=1, progress=False, measures=[WITHIN])
    assert study.runs.equals(again.runs)
    assert len(study.table(["share_within_a_day"])) == 2
    assert study.table(["share_within_a_day"])["high"].max() <= 1.0
    assert study.differences(["share_within_a_day"])["n"].tolist() == [3]
    assert "share_within_a_day" in repr(study)


def test_tables_figures_and_files_show_it_in_its_own_words(study, tmp_path):
    heads = [str(column.header) for column in report.comparison_table(study).columns]
    assert "within\na day\n%" in heads
    assert "within\na day\n% points" in [str(column.header) for column in report.differences_table(study).columns]
    assert study.plot("share_within_a_day").get_xlabel().startswith("closed within a day (%)")
    assert (tmp_path / "comparison_share_within_a_day.png") in files.write_comparison(study, tmp_path)
    assert "share_within_a_day" in (tmp_path / "runs.csv").read_text()
    assert any(row["measure"] == "share_within_a_day" for row in files.study_data(study)["table"])


def test_a_store_plays_again_where_its_code_is_another(ways, tmp_path):
    """The same function is found; another one under the same name is not."""

    def played(measure):
        found = gs.compare(ways, replications=2, workers=1, progress=False, store=tmp_path / "s", measures=[measure])
        return found.counts.done, found.counts.already_there

    assert played(WITHIN) == (4, 0)
    assert played(WITHIN) == (0, 4)
    assert played(gs.Measure("share_within_a_day", of=lambda result: 0.5)) == (4, 0)


def test_sweep_explore_and_selection_take_it(two_tiers_short, ways):
    swept = gs.sweep(two_tiers_short, {"tiers.bottom.staff.clerk.count": [5, 6]}, replications=1, workers=1,
                     progress=False, measures=[WITHIN])  # fmt: skip
    assert "share_within_a_day" in swept.measures
    explored = gs.explore(two_tiers_short, {"tiers.bottom.staff.clerk.count": [5, 6]}, replications=1, workers=1,
                          progress=False, measures=[WITHIN])  # fmt: skip
    assert "share_within_a_day" in explored.measures
    found = gs.select_best(ways, "share_within_a_day", delta=0.1, most=20, workers=1, measures=[WITHIN])
    assert found.best in ways
    assert "10 % points" in found.said or not found.settled


def test_a_run_that_it_fails_in_is_a_row_with_its_reason(ways):
    found = gs.compare(ways, replications=1, workers=1, progress=False, measures=[gs.Measure("wrong", of=fails)])
    assert len(found.failed) == 2
    assert "measure 'wrong', function fails" in found.failed["error"].iloc[0]
