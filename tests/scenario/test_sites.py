"""Every ready-made site: each number says where it comes from, and both engines play it alike."""

import numpy as np
import pytest

import gridsim as gs
from gridsim.scenario.paths import values_at
from gridsim.scenario.sites import site_names
from gridsim.simulation.engine import run
from gridsim.simulation.model import GridModel

EXPECTED = {"mingming_road", "huiji", "hanghai_east_road", "jingba_road", "zhongxin_road", "dashiqiao",
            "jinshui_civil_affairs", "dahe_road"}  # fmt: skip
NOT_FIGURES = ("sources", "reported", "name", "description", "surges")


def covers(pattern, path):
    """Whether a source names a key, or a part that holds it."""
    steps, parts = pattern.split("."), path.split(".")
    return len(steps) <= len(parts) and all(s in ("*", p) for s, p in zip(steps, parts, strict=False))


def numbers_of(site):
    """All numbers of a site, by key path."""
    found = values_at(site.as_data(), None)
    flat = {path: value for path, value in found.items() if path.split(".")[0] not in NOT_FIGURES}
    firsts = {path: value[0] if isinstance(value, (list, tuple)) else value for path, value in flat.items()}
    return [path for path, value in firsts.items() if isinstance(value, (int, float)) and not isinstance(value, bool)]


def test_every_site_of_the_report_is_there():
    """Those of the press page, and the street of the main job."""
    assert set(site_names()) == EXPECTED
    assert set(gs.sites().index) == EXPECTED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_number_has_a_source(name):
    """Or says that it is assumed; and no source names a key that is not there."""
    site = gs.load(name)
    numbers = numbers_of(site)
    assert [path for path in numbers if not any(covers(pattern, path) for pattern in site.sources)] == []
    everything = list(values_at(site.as_data(), None))
    assert [pattern for pattern in site.sources if not any(covers(pattern, path) for path in everything)] == []
    assert all(reported.source for reported in site.reported.values())


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_site_is_written_and_read_without_loss(name):
    """Through TOML."""
    site = gs.load(name)
    assert gs.loads(site.to_toml()) == site


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_both_engines_play_a_site_alike(name):
    """The same log over some days."""
    site = gs.load(name).vary({"run.days": 8, "run.warm_up_days": 0})
    model = GridModel(site, 2, trace=True)
    model.run_for(model.plan.end)
    np.testing.assert_array_equal(model.outcome().events, run(site, 2, trace=True).events)


@pytest.mark.parametrize("name", sorted(EXPECTED - {"hanghai_east_road"}))
def test_a_site_can_do_its_work(name):
    """No tier gets more than its people can do, and most is closed; in Hanghai slow suggestions are the point."""
    measures = gs.simulate(gs.load(name), 1).measures
    loads = [value for measure, value in measures.items() if measure.startswith("offered_load.")]
    assert max(loads) < 0.97
    assert measures["due_closure_rate"] > 0.97
