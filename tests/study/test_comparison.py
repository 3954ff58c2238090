"""What a comparison says."""

import numpy as np
import pytest
from conftest import one_desk

import gridsim as gs
from gridsim.study.comparing.comparison import comparison_of
from gridsim.study.errors import StudyError
from gridsim.study.run import Finished, planned_runs


def made_up(**values):
    """A comparison of measures written down by hand: by scenario, a list of measures by replication."""
    replications = len(next(iter(values.values())))
    runs = planned_runs(values, replications, 0)
    finished = [Finished(run, values[run.scenario][run.replication]) for run in runs]
    scenarios = {name: one_desk({"run.days": 20.0 + k, "tiers.desk.hours": "office"}) for k, name in enumerate(values)}
    return comparison_of(reversed(finished), scenarios, next(iter(values)))


@pytest.fixture
def two():
    return made_up(
        a=[{"closure_rate": 0.5, "closed_at.grid": 1.0}, {"closure_rate": 0.7, "closed_at.grid": 1.0}],
        b=[{"closure_rate": 0.6, "offered_load.top": 1.5}, {"closure_rate": 0.9, "offered_load.top": 1.1}],
    )


def test_runs_are_in_the_order_in_which_they_were_planned(two):
    assert two.runs[["scenario", "replication"]].values.tolist() == [["a", 0], ["b", 0], ["a", 1], ["b", 1]]
    assert two.measures == ("closure_rate", "closed_at.grid", "offered_load.top")


def test_the_table_is_tidy_and_leaves_out_tiers_that_a_scenario_does_not_have(two):
    table = two.table()
    assert list(table.columns) == ["scenario", "measure", "mean", "low", "high", "n"]
    assert table[["scenario", "measure"]].values.tolist() == [
        *(["a", "closure_rate"], ["a", "closed_at.grid"]),
        *(["b", "closure_rate"], ["b", "offered_load.top"]),
    ]
    assert table["mean"].tolist() == pytest.approx([0.6, 1.0, 0.75, 1.3])


def test_differences_are_paired_with_the_baseline(two):
    found = two.differences()
    assert list(found.columns) == [
        "scenario",
        "measure",
        "difference",
        "low",
        "high",
        "p",
        "p_adjusted",
        "variance_ratio",
        "n",
    ]
    assert found["measure"].tolist() == ["closure_rate"]
    assert found["difference"].tolist() == pytest.approx([0.15])


def test_an_unknown_measure_is_refused_with_the_nearest(two):
    for ask in (two.table, two.differences):
        with pytest.raises(StudyError, match="did you mean closure_rate"):
            ask(["closure_rat"])
    with pytest.raises(StudyError, match="did you mean closure_rate"):
        two.plot("closure_rat")


def test_one_name_of_a_measure_will_do(two):
    assert two.table("closure_rate").equals(two.table(["closure_rate"]))


def test_too_much_work_under_a_backlog_that_grew_in_half_of_the_runs_is_said():
    runs = [{"offered_load.top": 1.5, "backlog_growth": 2.0}, {"offered_load.top": 1.1, "backlog_growth": 0.0}]
    found = made_up(a=[{"offered_load.top": 0.5, "backlog_growth": 0.0}] * 2, b=runs)
    assert found.warnings[0].startswith(
        "More work arrives at tier top than its people can do in b. At 130 % of their hours the backlog grows"
    )


def test_too_much_work_without_a_backlog_seen_to_grow_is_not_said():
    """Growth in one run of three is chance; load alone may be overtime or a storm."""
    load = {"offered_load.top": 1.5}
    found = made_up(a=[load | {"backlog_growth": growth} for growth in (4.0, 0.0, 0.0)], b=[load] * 3)
    assert found.warnings == ()


def test_leaders_have_their_own_sentence_and_roles_none():
    """What a role took is no work that arrives; a tier of leaders alone is not named twice."""
    grows = {"backlog_growth": 1.0, "offered_load.top.fire": 1.1, "offered_load.top.leader": 1.2}
    said = made_up(a=[grows | {"offered_load.top": 0.9}], b=[grows | {"offered_load.top": 1.2}]).warnings
    assert [note.partition(" can do")[0] for note in said] == ["More work arrives at tier top than its leaders"]
    assert " in a, b. At up to 120 % " in said[0]


def test_many_scenarios_are_counted_after_the_first_few():
    found = made_up(**{f"s{k}": [{"offered_load.top": 2.0, "backlog_growth": 1.0}] for k in range(9)})
    assert "s3, s4 and 4 more. At up to 200 % " in found.warnings[0]


def test_it_shows_itself_with_units_and_intervals(two):
    assert "Comparison of 2 scenarios, 2 replications each, baseline 'a'" in repr(two)
    page = two._repr_html_()
    assert "means with 95 % intervals" in page
    assert "<td>%</td>" in page


def test_a_measure_without_any_value_has_a_row_that_says_so():
    found = made_up(a=[{"found_before_maturing": np.nan}]).table()
    assert found[["measure", "n"]].values.tolist() == [["found_before_maturing", 0]]


def test_some_scenarios_under_other_names(pair):
    """Numbers stay; only what is kept and how it is called changes."""
    study = gs.compare(pair, 2, workers=1, progress=False)
    first, second = study.scenarios
    other = study.only([second]).renamed({second: "other"})
    assert list(other.scenarios) == ["other"]
    assert other.baseline == "other"
    np.testing.assert_array_equal(other.table()["mean"], study.table().query("scenario == @second")["mean"])
    for wrong, said in (
        (lambda: study.only(["nobody"]), "is not known"),
        (lambda: study.only([]), "keep at least one"),
        (lambda: study.only([second], first), "baseline"),
        (lambda: study.renamed({first: second}), "same name"),
    ):
        with pytest.raises(gs.StudyError, match=said):
            wrong()
