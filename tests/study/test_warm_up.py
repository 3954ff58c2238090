"""MSER-5, and the warning of a backlog that grows."""

import numpy as np
import pytest

import gridsim as gs
from gridsim.study.methods.warm_up import mser


def test_a_step_is_cut_where_it_is():
    """Forty steps of another level, then noise."""
    values = np.concatenate((np.zeros(40), 10.0 + np.random.default_rng(1).normal(size=400)))
    assert mser(values) == 40


def test_noise_alone_needs_hardly_any_warm_up():
    """Nothing to forget."""
    cuts = [mser(np.random.default_rng(seed).normal(size=500)) for seed in range(20)]
    assert np.median([250 if cut is None else cut for cut in cuts]) <= 100


def test_a_series_that_grows_throughout_has_no_end_of_warm_up():
    """The best cut lies in the second half."""
    assert mser(np.arange(500.0)) is None


def test_fifty_hours_are_the_least():
    """Fewer are refused."""
    with pytest.raises(gs.StudyError, match="at least 50"):
        mser(np.zeros(49))


def test_a_loaded_desk_forgets_its_empty_start(noisy_street):
    """Some days, in a sentence that names the key."""
    found = gs.warm_up(noisy_street.vary({"run.days": 60}), replications=3)
    assert found.found
    assert 0 <= found.days <= 30
    assert "run.warm_up_days" in found.said
    assert len(found.backlog) >= 60 * 24


def test_no_replications_are_refused(noisy_street):
    """At least one."""
    with pytest.raises(gs.StudyError, match="replications = 0"):
        gs.warm_up(noisy_street, replications=0)


def test_a_backlog_that_grows_below_full_load_is_said(noisy_street):
    """Work arrives far faster in the last weeks; the load over the whole run stays below one."""
    surge = [{"start_day": 30.0, "days": 30.0, "factor": 7.0, "types": ["*"]}]
    calm, busy = noisy_street.vary({"run.days": 60}), noisy_street.vary({"run.days": 60, "surges": surge})
    assert not any("still grows" in note for note in gs.simulate(calm, 1).warnings)
    loads = gs.simulate(busy, 1)
    assert any("grows" in note for note in loads.warnings)
