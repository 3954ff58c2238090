"""Designs of experiments: levers apart from what is uncertain."""

import numpy as np
import pytest

import gridsim as gs

UNKNOWN = {"problems.noise.work_hours.mean": (1.0, 3.0), "problems.noise.weekend": (0.5, 1.0)}


def test_every_lever_is_run_at_every_point(noisy_street):
    """Two settings at four points of a Latin hypercube, a point in each quarter of each range."""
    study = gs.explore(noisy_street, {"escalation.after_hours": [None, 2]}, UNKNOWN, points=4, replications=2, workers=1,
                       progress=False)  # fmt: skip
    table = study.table(["closure_rate"])
    assert len(table) == 8
    for path, (low, high) in UNKNOWN.items():
        values = np.sort(table[path].unique())
        assert np.floor((values - low) / (high - low) * 4).tolist() == [0, 1, 2, 3]
    assert table["escalation.after_hours"].isna().sum() == 4


def test_corners_are_all_lowest_and_highest_values(noisy_street):
    """Two numbers, four corners."""
    study = gs.explore(
        noisy_street, uncertainties=UNKNOWN, sampling="corners", replications=1, workers=1, progress=False
    )
    assert {tuple(one.values()) for one in study.levers.values()} == {(1.0, 0.5), (1.0, 1.0), (3.0, 0.5), (3.0, 1.0)}


def test_points_may_be_a_list(noisy_street):
    """As they are given, also with different keys."""
    points = [{"problems.noise.weekend": 0.5}, {"escalation.after_hours": 3}]
    study = gs.explore(noisy_street, points=points, replications=1, workers=1, progress=False)
    assert len(study.scenarios) == 2
    assert study.scenarios["0001"].escalation.after_hours == 3


def test_the_same_seed_gives_the_same_points(noisy_street):
    """And another seed others."""
    asked = {
        "uncertainties": UNKNOWN,
        "points": 4,
        "sampling": "sobol",
        "replications": 1,
        "workers": 1,
        "progress": False,
    }
    a, b, c = (gs.explore(noisy_street, seed=seed, **asked).levers for seed in (1, 1, 2))
    assert a == b != c


@pytest.mark.parametrize(("method", "column"), [("sobol", "total"), ("morris", "mu_star")])
def test_sensitivity_finds_the_number_that_matters(noisy_street, method, column):
    """Work counts for the response; the limit of the type does not."""
    pytest.importorskip("SALib")
    asked = {"problems.noise.limit_hours": (20.0, 30.0), "problems.noise.work_hours.mean": (0.5, 4.0)}
    found = gs.sensitivity(noisy_street, asked, "response_hours_mean", method, points=8, workers=1, progress=False)
    assert found["uncertainty"].tolist() == list(reversed(asked))
    assert found[column].iloc[0] > 0.3
    assert found[column].iloc[1] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"uncertainties": {"problems.noise.weekend": (1, 1)}}, "lowest value must be below"),
        ({"uncertainties": {"problems.noise.weekend": 3}}, "lowest and its highest"),
        ({"uncertainties": UNKNOWN, "points": 6, "sampling": "sobol"}, "power of 2"),
        ({"uncertainties": UNKNOWN, "sampling": "latn"}, "did you mean latin"),
        ({"uncertainties": UNKNOWN, "points": [{}]}, "not both"),
        ({"uncertainties": UNKNOWN, "levers": {"problems.noise.weekend": [1]}}, "not both"),
        ({}, "nothing to explore"),
    ],
)
def test_what_is_wrong_is_said(noisy_street, asked, said):
    """One sentence."""
    with pytest.raises(gs.StudyError, match=said):
        gs.explore(noisy_street, progress=False, **asked)
