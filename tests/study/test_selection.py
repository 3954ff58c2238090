"""The best of many scenarios, with the promised probability."""

import numpy as np
import pytest

import gridsim as gs
from gridsim.simulation.outcome.measure_table import BUILT_IN
from gridsim.study.methods.selection import kim_nelson, may_be_best, sign_of


def draws_of(generator, means, correlation):
    """Normal replications on common random numbers, in batches of ten."""

    def draw(alive, _first):
        common = generator.normal(size=(1, 10))
        own = generator.normal(size=(len(alive), 10))
        return np.asarray(means)[alive][:, None] + np.sqrt(correlation) * common + np.sqrt(1.0 - correlation) * own

    return draw


@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_the_best_is_selected_as_often_as_promised(correlation):
    """The hardest case: all others are worse by exactly delta; 300 problems of five systems."""
    generator, problems, right = np.random.default_rng(7), 300, 0
    for _ in range(problems):
        alive, *_ = kim_nelson(5, draws_of(generator, [0.0, 0.0, 0.5, 0.0, 0.0], correlation), 0.5, 0.9, 5000)
        right += alive == [2]
    assert right / problems > 0.9 - 4 * np.sqrt(0.9 * 0.1 / problems)


def test_common_random_numbers_save_replications():
    """The same promise costs fewer of them."""
    spent = []
    for correlation in (0.0, 0.8):
        generator = np.random.default_rng(3)
        runs = [
            kim_nelson(4, draws_of(generator, [0, 0, 0, 0.5], correlation), 0.5, 0.95, 5000)[2].sum() for _ in range(30)
        ]
        spent.append(np.mean(runs))
    assert spent[1] < 0.6 * spent[0]


def test_a_clearly_better_rule_is_selected(noisy_street):
    """More people, shorter response; and the answer is the same on two workers."""
    ways = {"few": noisy_street, "many": noisy_street.vary({"tiers.grid.staff.noise.count": 4})}
    found = [gs.select_best(ways, "response_hours_mean", delta=0.5, workers=workers) for workers in (1, 2)]
    assert found[0].best == "many"
    assert found[0].settled
    assert "many is the best in response_hours_mean" in found[0].said
    assert found[0].table.equals(found[1].table)


def test_without_a_difference_the_budget_is_spent_and_it_says_so(noisy_street):
    """Two names of one scenario differ by exactly nothing."""
    found = gs.select_best({"a": noisy_street, "b": noisy_street}, "response_hours_mean", delta=0.5, most=20, workers=1)
    assert found.table["replications"].max() <= 20
    assert not found.settled
    assert "do not tell which of a, b is the best" in found.said


def test_the_subset_holds_the_best_and_drops_the_clearly_worse(noisy_street):
    """Of three, the slow one goes."""
    ways = {
        "few": noisy_street,
        "many": noisy_street.vary({"tiers.grid.staff.noise.count": 4}),
        "more": noisy_street.vary({"tiers.grid.staff.noise.count": 5}),
    }
    study = gs.compare(ways, 10, workers=1, progress=False)
    kept = may_be_best(study, "response_hours_mean")
    assert "few" not in kept
    assert {"many", "more"} & set(kept)


@pytest.mark.parametrize("measure", ["utilisation.grid.noise", "offered_load.grid", "reported"])
def test_a_measure_without_a_direction_is_refused(noisy_street, measure):
    """The frontier and the selection ask the same table: neither more nor less load is better."""
    ways = {"few": noisy_street, "many": noisy_street.vary({"tiers.grid.staff.noise.count": 4})}
    with pytest.raises(gs.StudyError, match="neither more nor less of it is better; say larger"):
        gs.select_best(ways, measure, delta=0.1, workers=1)
    study = gs.compare(ways, replications=2, workers=1, progress=False)
    for ask in (may_be_best, gs.plots.frontier):
        with pytest.raises(gs.StudyError, match="say larger=True or larger=False"):
            ask(study, measure)
    assert may_be_best(study, measure, larger=False)
    assert gs.plots.frontier(study, measure, larger=False).get_ylabel()


def test_hours_and_costs_are_better_small():
    """And shares closed are better large."""
    assert [name for name in ("response_hours_p90", "cost_total", "petition_rate", "backlog_end", "closure_rate",
                              "on_time_rate", "trust_mean") if sign_of(name, BUILT_IN) > 0] == [
        "closure_rate", "on_time_rate", "trust_mean"]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"delta": 0.0}, "delta = 0.0"),
        ({"confidence": 1.0}, "confidence = 1.0"),
        ({"most": 3}, "most = 3"),
        ({"measure": "respons_hours_mean"}, "did you mean response_hours_mean"),
    ],
)
def test_what_is_wrong_is_said(pair, how, said):
    """One sentence."""
    asked = {"measure": "response_hours_mean", "delta": 1.0, "workers": 1} | how
    with pytest.raises(gs.StudyError, match=said):
        gs.select_best(pair, **asked)


def test_one_scenario_is_no_choice(noisy_street):
    """At least two."""
    with pytest.raises(gs.StudyError, match="at least two"):
        gs.select_best({"a": noisy_street}, "closure_rate", 0.1)
