"""Recorded problems replayed: the recorded times, types and places, and everything else as it is drawn."""

import numpy as np
import pandas as pd
import pytest
from conftest import everyone_at_once

import gridsim as gs


@pytest.fixture(name="drawn")
def _drawn(everyone_at_once):
    return gs.demand(everyone_at_once, seed=3).to_frame()


def test_a_demand_replayed_is_the_run_that_it_was_drawn_for(everyone_at_once, drawn):
    """Replaying what a seed drew, with that seed, gives the very same measures."""
    replayed = gs.simulate(everyone_at_once, seed=3, records=drawn)
    pd.testing.assert_series_equal(replayed.measures, gs.simulate(everyone_at_once, seed=3).measures)


def test_both_engines_give_the_same_log_on_replayed_records(everyone_at_once, drawn):
    results = [
        gs.simulate(everyone_at_once, seed=8, engine=engine, trace=True, parts=True, records=drawn)
        for engine in ("mesa", "compiled")
    ]
    assert len(results[0].events) > len(drawn)
    pd.testing.assert_frame_equal(results[0].events, results[1].events)
    pd.testing.assert_frame_equal(results[0].problems, results[1].problems)


def test_another_hierarchy_faces_the_recorded_problems(everyone_at_once, drawn):
    other = gs.design("flat", everyone_at_once)
    faced = gs.simulate(other, seed=8, records=drawn).problems
    assert faced["arises_at"].tolist() == drawn["arises_at"].tolist()
    assert faced["cell"].tolist() == drawn["cell"].tolist()
    assert faced["type"].astype(str).tolist() == drawn["type"].astype(str).tolist()


def test_coordinates_say_the_cell(everyone_at_once, drawn):
    by_place = gs.simulate(everyone_at_once, seed=3, records=drawn.drop(columns="cell")).problems
    assert by_place["cell"].tolist() == drawn["cell"].tolist()


def test_records_after_the_last_day_do_not_arise(everyone_at_once, drawn):
    short = everyone_at_once.vary({"run.days": 10.0, "surges": None})
    arose = gs.simulate(short, records=drawn).problems["arises_at"]
    assert len(arose) == (drawn["arises_at"] < 240.0).sum()


def test_dates_are_local_wall_time_from_the_monday_on_or_before_the_first(one_desk):
    frame = pd.DataFrame({"time": ["2015-01-01 06:30", "2015-01-05 00:00"], "type": "matter", "cell": 0})
    arose = gs.simulate(one_desk, records=frame).problems["arises_at"]
    assert arose.tolist() == [3 * 24 + 6.5, 7 * 24.0]


def test_a_comparison_faces_the_records_in_every_replication(one_desk):
    frame = pd.DataFrame({"time": np.arange(50.0), "type": "matter", "cell": 0})
    study = gs.compare({"a": one_desk, "b": one_desk}, 2, workers=1, progress=False, records=frame)
    assert study.runs["reported"].tolist() == [50.0] * 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "mater"}, r"type 'mater' is not one of one_desk's: matter; did you mean matter"),
        ({"cell": 1}, r"cell 1 is not in one_desk; allowed are 0 to 0"),
        ({"cell": 0.5}, r"cell holds a value that is not a whole number"),
        ({"time": -1.0}, r"time = -1.0: must not be negative"),
        ({"time": np.nan}, r"a time or a type is missing"),
        ({"time": "soon"}, r"time holds what is no date"),
    ],
)
def test_records_that_do_not_fit_are_refused_with_a_reason(one_desk, change, message):
    frame = pd.DataFrame({"time": [1.0], "type": ["matter"], "cell": [0]}).assign(**change)
    with pytest.raises(gs.ScenarioError, match=message):
        gs.simulate(one_desk, records=frame)


def test_a_table_without_a_place_is_refused(one_desk):
    with pytest.raises(gs.ScenarioError, match="needs columns time, type, and cell or x and y; there are time, type"):
        gs.simulate(one_desk, records=pd.DataFrame({"time": [1.0], "type": ["matter"]}))


def test_records_know_themselves_by_a_hash():
    given = {"types": ("a",), "time": np.array([1.0, 2.0]), "type": np.zeros(2), "cell": np.zeros(2)}
    assert gs.Records(**given).digest == gs.Records(**given).digest
    assert gs.Records(**given).digest != gs.Records(**given | {"time": np.array([1.0, 3.0])}).digest


def test_the_order_of_rows_does_not_matter(drawn):
    from gridsim.scenario.records import as_records

    assert as_records(drawn).digest == as_records(drawn.iloc[::-1]).digest


def test_names_of_places_change_no_run():
    plain = everyone_at_once()
    assert plain.vary({"territory.cell_names": list("abcdef")}).digest == plain.digest


@pytest.mark.parametrize(
    "wrong",
    [{"time": ["noon"]}, {"time": [1j]}, {"cell": ["a"]}, {"cell": [0.5]}, {"cell": [np.nan]}, {"type": ["a"]}, {"type": [40000]},
     {"time": [1.0], "cell": [2**40]}, {"x": ["a"], "y": ["b"], "cell": None}],
    ids=repr,
)  # fmt: skip
def test_columns_of_records_are_numbers(wrong):
    """Nothing is cut to a whole number, and nothing is a traceback of NumPy's."""
    given = {"types": ("a",), "time": [1.0], "type": [0], "cell": [0]}
    with pytest.raises(gs.ScenarioError, match="records: "):
        gs.Records(**given | wrong)


def test_a_table_with_two_columns_of_a_name_or_words_for_places_is_refused(one_desk, drawn):
    twice = pd.concat([drawn, drawn[["type"]]], axis=1)
    with pytest.raises(gs.ScenarioError, match="two columns type"):
        gs.simulate(one_desk, records=twice)
    with pytest.raises(gs.ScenarioError, match="cell holds a value that is not a number"):
        gs.simulate(one_desk, records=drawn.assign(cell="market"))
