"""How a study is run: one object, or keywords, and the same answer from both."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import gridsim as gs

QUIET = {"workers": 1, "progress": False}
SHORT = {"run.days": 2}


@pytest.fixture
def short(two_tiers):
    return two_tiers.vary(SHORT)


def test_an_object_and_keywords_say_the_same(short):
    """Every run is the same, to the last bit."""
    how = gs.How(replications=3, seed=5, **QUIET)
    by_object = gs.compare({"A": short}, how=how)
    assert by_object.runs.equals(gs.compare({"A": short}, 3, 5, **QUIET).runs)
    swept = gs.sweep(short, {"escalation.after_hours": [2, 4]}, how=how)
    assert swept.runs.equals(gs.sweep(short, {"escalation.after_hours": [2, 4]}, 3, 5, **QUIET).runs)


def test_an_object_and_other_keywords_go_together(short):
    """What the object leaves open, a keyword may say."""
    study = gs.compare({"A": short}, replications=2, how=gs.How(seed=5, **QUIET))
    assert study.runs.equals(gs.compare({"A": short}, 2, 5, **QUIET).runs)


def test_one_object_serves_every_function(short):
    """Each takes it; a function with fewer runs of its own keeps them where the object says nothing."""
    how = gs.How(seed=1, **QUIET)
    assert len(gs.explore(short, {"escalation.after_hours": [2, 4]}, how=how).runs) == 8
    found = gs.select_best({"A": short, "B": short}, "closure_rate", 0.5, most=10, how=how)
    assert list(found.table["replications"]) == [10, 10]
    assert len(gs.warm_up(short.vary({"run.days": 4}), how=how).backlog) == 4 * 24 + 1


def test_a_selection_keeps_its_runs(short, tmp_path):
    """A second one plays none of them again."""
    how = gs.How(store=tmp_path / "kept.db", **QUIET)
    first = gs.select_best({"A": short, "B": short}, "closure_rate", 0.5, most=10, how=how)
    assert gs.compare({"A": short, "B": short}, 10, how=how).counts.done == 0
    again = gs.select_best({"A": short, "B": short}, "closure_rate", 0.5, most=10, how=how)
    assert first.table.equals(again.table)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"replicatoins": 3}, "did you mean replications"),
        ({"presicion": 0.1}, "did you mean precision"),
        ({"how": 3}, "must be a gridsim.How"),
        ({"how": gs.How(seed=3), "seed": 4}, "seed is given twice"),
        ({"how": gs.How(replications=3), "replications": 4}, "replications is given twice"),
        ({"how": gs.How(replications=3), "until": "decided"}, "until is given twice"),
        ({"seed": None}, "seed = None"),
        ({"replications": None}, "replications = None"),
    ],
)
def test_what_does_not_fit_together_is_said(short, asked, said):
    """Before anything runs."""
    with pytest.raises(gs.StudyError, match=said):
        gs.compare({"A": short}, **asked)


def test_what_would_change_a_number_is_honoured_or_refused(short):
    """A warm-up has no interval, and a search cannot stop by a rule; both say so."""
    with pytest.raises(gs.StudyError, match="warm_up has no use for confidence"):
        gs.warm_up(short, how=gs.How(confidence=0.9))
    with pytest.raises(gs.StudyError, match="calibrate needs a number of replications"):
        gs.calibrate(short, {"closure_rate": 0.9}, "tiers.bottom.solves", how=gs.How(gs.until_decided()))


def test_a_rule_is_an_object(short):
    """The object and the words for it stop at the same replication."""
    pair = {"A": short, "B": short.vary({"escalation.after_hours": 1})}
    by_object = gs.compare(pair, gs.until_precise({"closure_rate": 0.5}, most=16), **QUIET)
    by_words = gs.compare(pair, "auto", precision={"closure_rate": 0.5}, most=16, **QUIET)
    assert by_object.runs.equals(by_words.runs)
    assert by_object.stopped == by_words.stopped
    decided = gs.compare(pair, how=gs.How(gs.until_decided(most=8), **QUIET))
    assert decided.runs["replication"].nunique() == 8
    assert len(gs.compare({"A": short}, gs.fixed(3), **QUIET).runs) == 3


@pytest.mark.parametrize("rule", [lambda: gs.fixed(0), lambda: gs.until_precise(2.0), lambda: gs.until_decided(1)])
def test_a_rule_that_cannot_be_is_refused_where_it_is_made(rule):
    """Not when it is used."""
    with pytest.raises(gs.StudyError):
        rule()


def test_an_executor_and_numbers_of_numpy_are_taken(two_tiers):
    """As keywords are."""
    with ThreadPoolExecutor(1) as threads:
        how = gs.How(replications=np.int64(2), seed=np.int64(3), executor=threads, progress=False)
        assert (how.replications, how.seed) == (2, 3)
        assert len(gs.compare({"A": two_tiers.vary(SHORT)}, how=how).failed) == 0


def test_how_is_frozen():
    """It can be shared."""
    with pytest.raises(AttributeError):
        gs.How().seed = 3
