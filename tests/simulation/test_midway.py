"""A result in the middle of a run: what was simulated counts, what still runs is censored now."""

import numpy as np
import pytest
from conftest import two_tiers

import gridsim as gs


@pytest.fixture
def midway():
    """A model that has run for thirty hours of its days."""
    model = gs.GridModel(two_tiers(), seed=2)
    model.run_for(30.0)
    return model


def test_nothing_after_now_is_counted(midway):
    """Problems, closings and the timeline end at hour thirty."""
    result = midway.result()
    table = result.problems
    assert result.measures["reported"] == (table["reported_at"] <= 30.0).sum() == midway.reported
    assert result.measures["closed"] == midway.closed
    assert table["closed_at"].max() <= 30.0
    assert len(result.timeline) <= 31
    assert any("not over" in note for note in result.warnings)


def test_times_still_running_are_censored_now(midway):
    """The mean time to close is that of a run of thirty hours, problem by problem."""
    short = two_tiers({"run.days": 30.0 / 24.0})
    whole = gs.GridModel(short, seed=2)
    whole.run_for(30.0)
    names = ["closure_rate", "response_hours_mean", "resolution_hours_mean", "backlog_end", "escalated_share"]
    if midway.reported != whole.reported:
        pytest.skip("another length draws other days")
    np.testing.assert_allclose(midway.result().measures[names], whole.result().measures[names])


def test_a_model_can_go_on_after_its_result(midway):
    """Looking changes nothing."""
    midway.result().measures  # noqa: B018 - computed on purpose
    midway.run_for(1e9)
    table = gs.simulate(two_tiers(), 2).problems
    assert midway.result().problems["closed_at"].equals(table["closed_at"])


def test_the_header_of_a_run_that_is_not_over_counts_what_was_reported(midway):
    """Problems that the demand holds for later are not in it."""
    assert f"{midway.reported:,} problems reported so far, in 1.25 days of 100," in repr(midway.result())
    assert "so far" not in repr(gs.simulate(two_tiers(), 2))
