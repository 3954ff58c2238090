"""Hierarchy designs: exactly so many people, nobody more able for being moved, and somebody who triages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import everyone_at_once
from hypothesis import given, settings
from hypothesis import strategies as st

import gridsim as gs
from gridsim.scenario.designs.people import largest_remainder, people_in
from gridsim.scenario.designs.seating import GENERALIST_PACE

STREET = gs.load("mingming_road")
SITES = {name: gs.load(name) for name in gs.sites().index} | {"everyone_at_once": everyone_at_once()}


def leaders(scenario):
    return sum(tier.units * tier.leader.count for tier in scenario.tiers if tier.leader)


def kept_of(scenario):
    """Authority, hours, wage and speed of everybody in a scenario, with how many there are."""
    found = {}
    for crew in people_in(scenario).staff.values():
        for kind, count in crew.items():
            key = (kind.solves, str(kind.hours), kind.wage_per_hour, kind.speed_kmh)
            found[key] = found.get(key, 0) + count
    return {key: count for key, count in found.items() if count}


@pytest.mark.parametrize("name", gs.designs())
def test_every_design_has_as_many_people_as_the_site(name):
    assert gs.design(name, STREET).headcount == STREET.headcount


@settings(max_examples=120)
@given(st.sampled_from(gs.designs()), st.integers(1, 900))
def test_every_design_has_exactly_the_headcount_asked_for_or_says_why_not(name, headcount):
    designed, said = design_or_reason(name, headcount)
    if designed is None:
        assert said.startswith(f"design {name}: headcount = {headcount}: ")
        assert headcount < 40  # so few that not one unit can be staffed
    else:
        assert designed.headcount == headcount
        assert leaders(designed) >= 1


def design_or_reason(name, headcount):
    try:
        return gs.design(name, STREET, headcount), ""
    except gs.ScenarioError as error:
        return None, str(error)


@settings(max_examples=60)
@given(st.sampled_from(sorted(SITES)), st.sampled_from(gs.designs()), st.integers(40, 400))
def test_every_site_takes_every_design(site, name, headcount):
    designed = gs.design(name, SITES[site], headcount)
    assert designed.headcount == headcount
    assert designed.territory == SITES[site].territory
    assert designed.problems == SITES[site].problems
    assert designed.residents == SITES[site].residents
    assert gs.loads(designed.to_toml()) == designed


@pytest.mark.parametrize("name", gs.designs())
@pytest.mark.parametrize("headcount", [765, 240, 110])
def test_people_keep_authority_hours_wage_and_speed(name, headcount):
    assert kept_of(gs.design(name, STREET, headcount)).keys() <= kept_of(STREET).keys()


@pytest.mark.parametrize("name", gs.designs())
def test_at_the_site_s_own_headcount_as_many_people_have_each_authority(name):
    def by_authority(scenario):
        found = {}
        for (solves, *_), count in kept_of(scenario).items():
            found[solves] = found.get(solves, 0) + count
        return found

    assert by_authority(gs.design(name, STREET)) == by_authority(STREET)


@pytest.mark.parametrize("name", gs.designs())
@pytest.mark.parametrize("headcount", [765, 240, 110])
def test_leaders_keep_their_share(name, headcount):
    share = leaders(STREET) / STREET.headcount
    assert leaders(gs.design(name, STREET, headcount)) == pytest.approx(share * headcount, abs=3)


@pytest.mark.parametrize("name", gs.designs())
def test_only_generalists_work_at_another_pace(name):
    for tier in gs.design(name, STREET, 240).tiers:
        for staff in tier.staff:
            assert staff.pace == (GENERALIST_PACE if staff.skills == ("*",) else 1.0)


@pytest.mark.parametrize("name", gs.designs())
def test_somebody_triages_in_every_design(name):
    designed = gs.design(name, STREET, 240)
    assert designed.tiers[0].leader is not None
    assert designed.tiers[0].leader.count >= 1


def test_240_people_make_21_grids_of_one_plus_ten_or_fewer():
    grid = gs.design("one_plus_ten", STREET, 240).tiers[0]
    assert grid.units <= 21
    assert grid.leader.count == 1
    assert sum(staff.people(grid.units) for staff in grid.staff) == 10 * grid.units


def test_a_flat_design_is_one_unit():
    (tier,) = gs.design("flat", STREET).tiers
    assert tier.units == 1


def test_hotline_takes_reports_in_at_the_top():
    designed = gs.design("hotline", STREET, 240)
    assert designed.escalation.intake == designed.tiers[-1].name


def test_seconded_people_keep_the_authority_of_the_top():
    designed = gs.design("work_teams", STREET, 240)
    top = designed.tiers[-1]
    assert not sum(staff.people(top.units) for staff in top.staff)
    assert max(staff.solves or tier.solves for tier in designed.tiers[:-1] for staff in tier.staff) == 1.0


def test_tiers_that_escalation_names_are_mapped_by_rank():
    timed = STREET.vary({"escalation.after_hours": {"grid": 8.0, "community": 24.0}})
    for name in gs.designs():
        designed = gs.design(name, timed, 240)
        assert designed.escalation.emergency_to in {tier.name for tier in designed.tiers}


def test_designs_are_the_same_in_another_process_with_other_hashes():
    """Nothing hangs on the order of a set, which differs from process to process."""
    program = (
        "import gridsim as gs; site = gs.load('mingming_road');"
        "print(*[gs.design(name, site, 137).digest for name in gs.designs()])"
    )
    elsewhere = [
        subprocess.run(
            [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(gs.__file__).parents[1])},
        ).stdout.split()
        for seed in ("1", "2")
    ]  # fmt: skip
    here = [gs.design(name, STREET, 137).digest for name in gs.designs()]
    assert elsewhere == [here, here]
    assert len(set(here)) == len(gs.designs())


def test_so_few_that_not_one_unit_can_be_staffed_is_said():
    with pytest.raises(gs.ScenarioError, match=r"design one_plus_ten: headcount = 11.*not one grid can be staffed"):
        gs.design("one_plus_ten", STREET, 11)


@pytest.mark.parametrize("wrong", [0, -1, 2.5, True, "many", 10_000_000])
def test_a_headcount_that_is_none_is_refused(wrong):
    with pytest.raises(gs.ScenarioError, match="headcount"):
        gs.design("flat", STREET, wrong)


def test_an_unknown_design_is_refused_with_the_nearest():
    with pytest.raises(gs.ScenarioError, match="did you mean three_tier"):
        gs.design("three_teir", STREET)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any), st.integers(0, 5000))
def test_people_are_shared_out_whole_and_nearly_in_proportion(weights, total):
    shares = largest_remainder(weights, total)
    assert sum(shares) == total
    for weight, share in zip(weights, shares, strict=True):
        assert abs(share - weight * total / sum(weights)) < 1
