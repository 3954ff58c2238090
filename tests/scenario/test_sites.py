"""Every ready-made site: it loads, each number says where it comes from, and both engines play it alike."""

import numpy as np
import pandas as pd
import pytest

import gridsim as gs
from gridsim.jobs.reproduce.contrasts import CONTRASTS
from gridsim.scenario.sites import site_names, site_path
from gridsim.scenario.sources import of_nothing, without_source

NAMES = site_names()
PRACTICE = {
    "mingming_road", "huiji", "hanghai_east_road", "jingba_road", "zhongxin_road", "dashiqiao", "jinshui_civil_affairs",
    "dahe_road",
}  # fmt: skip


def test_every_site_of_the_report_is_there_and_listed():
    assert set(NAMES) == PRACTICE
    table = gs.sites()
    assert set(table.index) == PRACTICE
    assert (table[["people", "residents", "problems_per_day"]] > 0).all(axis=None)
    assert table["description"].str.len().between(40, 120).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_site_is_called_as_its_file_and_comes_back_without_loss(name):
    site = gs.load(name)
    assert site.name == name == site_path(name).stem
    assert gs.loads(site.to_toml()) == site


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_or_is_marked_assumed(name):
    assert without_source(gs.load(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_source_names_a_key_that_is_not_there(name):
    assert of_nothing(gs.load(name)) == []


def test_a_number_without_source_is_found(one_desk):
    sourced = one_desk.vary({"sources": {"run": "assumed", "territory": "assumed", "problems.*": "assumed"}})
    assert without_source(sourced) == ["tiers.desk.units", "tiers.desk.staff.clerk.count"]
    empty = one_desk.vary({"sources": {"run": " "}})
    assert "run.days" in without_source(empty)


def test_a_source_of_nothing_is_found(one_desk):
    sourced = one_desk.vary({"sources": {"run.dayz": "assumed", "run.days": "assumed", "tiers.*.leader": "assumed"}})
    assert of_nothing(sourced) == ["run.dayz", "tiers.*.leader"]


@pytest.mark.parametrize("name", NAMES)
def test_a_site_is_neither_drowned_nor_left_undone(name):
    result = gs.simulate(gs.load(name), seed=1)
    loads = result.measures.filter(like="offered_load.")
    assert 0.03 < loads.max() < 1.0
    assert result.measures["unresolved"] == 0
    assert not any("without end" in said for said in result.warnings)


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_give_the_same_log_on_a_site(name):
    site = _shortened(gs.load(name), 3.0)
    pd.testing.assert_frame_equal(_events(site, "mesa"), _events(site, "compiled"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_both_engines_give_the_same_log_on_a_whole_site_and_its_contrasts(name):
    site = _shortened(gs.load(name), 40.0)
    for variant in (site, *(contrast.of(site) for contrast in CONTRASTS[name])):
        pd.testing.assert_frame_equal(_events(variant, "mesa"), _events(variant, "compiled"))


def _events(site, engine):
    events = gs.simulate(site, seed=2, engine=engine, trace=True).events
    assert len(events) > 50
    return events


def _shortened(site, days):
    return site.vary({"run.days": min(site.run.days, days), "run.warm_up_days": None, "run.follow_up_days": None})


# --- what makes each site that site ------------------------------------------------------------------------------


def staff(name, tier, role):
    site = gs.load(name)
    found = next(one for one in site.tiers if one.name == tier)
    return found, next(one for one in found.staff if one.role == role)


def test_mingming_road_sends_a_leader_and_ten_roles_into_each_grid():
    grid = gs.load("mingming_road").tiers[0]
    assert [grid.leader.count, *(one.count for one in grid.staff)] == [1] * 11
    assert any(len(problem.skills) > 1 for problem in gs.load("mingming_road").problems)


def test_huiji_seconds_416_district_cadres_to_54_villages_with_the_district_s_authority():
    village, team = staff("huiji", "village", "work_team")
    assert (village.units, team.people(54)) == (54, 416)
    assert team.solves == gs.load("huiji").tiers[-1].solves > village.solves
    assert staff("huiji", "village", "cadre")[1].people(54) == 639


def test_huiji_has_one_service_day_in_thirty():
    _, volunteer = staff("huiji", "zone", "service_volunteer")
    assert (volunteer.hours.days, volunteer.hours.cycle_days) == ((14,), 30)


def test_hanghai_east_road_has_300_volunteers_and_informants_who_notice():
    grid, volunteer = staff("hanghai_east_road", "grid", "volunteer")
    assert volunteer.people(grid.units) == 300
    assert grid.informants * grid.finds_per_informant_per_day == pytest.approx(6.5 * 0.02)


def test_hanghai_east_road_is_counted_before_any_suggestion_is_due():
    rates = gs.simulate(gs.load("hanghai_east_road"), seed=1).by("type").loc["suggestions"]
    assert rates["closure_rate"] < 0.6
    assert np.isnan(rates["due_closure_rate"])


def test_dashiqiao_has_volunteers_where_a_courtyard_has_no_manager():
    _, manager = staff("dashiqiao", "courtyard", "property_manager")
    for role in ("repair_volunteer", "care_volunteer", "peace_volunteer"):
        _, volunteer = staff("dashiqiao", "courtyard", role)
        assert [a + b for a, b in zip(manager.count, volunteer.count, strict=True)] == [1] * 200


@pytest.mark.parametrize("name", NAMES)
def test_a_contrast_keeps_demand_and_headcount(name):
    site = gs.load(name)
    assert CONTRASTS[name]
    for contrast in CONTRASTS[name]:
        other = contrast.of(site)
        assert other != site
        assert other.headcount == site.headcount
        assert other.problems == site.problems
