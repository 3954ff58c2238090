"""The main job: three headcounts from the demand, three rules, every design that can be staffed."""

import pytest

import gridsim as gs
from gridsim.jobs.street import plan as street
from gridsim.study.errors import StudyError
from gridsim.study.methods.workload import expected_load, found_in_time, mean_way_hours


@pytest.fixture(scope="module")
def site():
    return gs.load("mingming_road")


@pytest.fixture(scope="module")
def plan(site):
    return street.street_plan(site, days=5)


def test_every_design_meets_every_rule_at_three_headcounts(plan):
    assert len(plan.headcounts) == 3
    assert len(plan.scenarios) + 3 * len(plan.left_out) == 3 * 3 * len(gs.designs())


def test_the_headcounts_are_what_the_site_reports_and_fewer(site, plan):
    assert plan.headcounts[0] == site.headcount
    assert plan.headcounts[0] > plan.headcounts[1] > plan.headcounts[2]


def test_every_scenario_has_the_headcount_it_is_named_for(plan):
    for name, scenario in plan.scenarios.items():
        assert scenario.headcount == plan.levers[name]["headcount"]


@pytest.mark.parametrize("load", street.LOADS)
def test_the_people_nearest_the_residents_are_about_so_loaded(site, load):
    (headcount,) = street.street_headcounts(site, [load])
    design = gs.design(street.BASELINE_DESIGN, site, headcount)
    measured = gs.simulate(design, seed=1).measures[f"offered_load.{design.tiers[0].name}"]
    assert measured == pytest.approx(load, abs=0.12)
    assert expected_load(design) == pytest.approx(load, abs=0.1)


def test_twice_the_demand_needs_more_people_for_the_same_load(site):
    doubled = site.vary({f"problems.{p.type}.per_1000_residents_per_day": 2 * p.per_1000_residents_per_day
                         for p in site.problems})  # fmt: skip
    assert street.street_headcounts(doubled, [0.5])[0] > 1.5 * street.street_headcounts(site, [0.5])[0]


@pytest.mark.parametrize("load", [0.0, -1.0])
def test_a_load_that_nobody_can_have_is_refused(site, load):
    with pytest.raises(StudyError, match="no headcount"):
        street.street_headcounts(site, [load])


def test_the_rules_differ_only_in_escalation(site):
    changed = [key for changes in street.street_rules(site).values() for key in changes]
    assert len(changed) >= 2
    assert all(key.startswith("escalation.") for key in changed)
    timed = site.vary(street.street_rules(site)["after 8/24 working hours"])
    assert timed.escalation.clock == "duty"
    assert timed.escalation.after_hours == {"grid": 8.0, "community": 24.0}
    assert not site.vary(street.street_rules(site)["trying first"]).escalation.by_authority


def test_a_design_that_cannot_be_staffed_is_left_out_and_said(site):
    plan = street.street_plan(site, days=5, headcounts=[site.headcount, 1])
    assert plan.left_out
    assert all("with 1 people is left out" in sentence for sentence in plan.left_out)
    assert not any(lever["headcount"] == 1 and lever["design"] == "one_plus_ten" for lever in plan.levers.values())


def test_a_study_without_any_design_cannot_go_on(site):
    with pytest.raises(StudyError, match="no design can be staffed"):
        street.street_plan(site, headcounts=[1], designs=["one_plus_ten"])


def test_tables_carry_design_headcount_and_rule(site):
    study = street.street_study(
        site, replications=2, days=4, headcounts=[120], designs=["flat", "three_tier"], workers=1, progress=False
    )
    assert list(study.table().columns[:4]) == ["scenario", "design", "headcount", "rule"]
    assert study.baseline == "three_tier 120 by authority"
    assert len(study.runs) == 2 * 3 * 2


def test_a_baseline_may_be_a_design_or_a_scenario(plan):
    assert plan.with_baseline("flat").baseline == f"flat {plan.headcounts[0]} by authority"
    name = list(plan.scenarios)[-1]
    assert plan.with_baseline(name).baseline == name
    with pytest.raises(StudyError, match="did you mean flat"):
        plan.with_baseline("flot")


def test_a_shorter_run_keeps_its_shares_of_warm_up_and_follow_up(site):
    long = site.vary({"run.days": 100, "run.warm_up_days": 20, "run.follow_up_days": 10})
    run = street.shortened(long, 10).run
    assert (run.days, run.warm_up_days, run.follow_up_days) == (10, 2, 1)
    assert street.shortened(long, 200).run.warm_up_days == 20


def test_expected_load_of_one_desk_is_arrivals_times_work(one_desk):
    assert expected_load(one_desk) == pytest.approx(0.8)
    assert expected_load(one_desk.vary({"tiers.desk.staff.clerk.count": 2})) == pytest.approx(0.4)


def test_authority_leaves_its_share_of_the_work_below():
    from conftest import two_tiers as place

    two_tiers = place()
    assert expected_load(two_tiers) == pytest.approx(4.0 * 0.8 / 5)
    harder = two_tiers.vary({"problems.matter.hardness": 2.0})
    assert expected_load(harder) == pytest.approx(4.0 * 0.8**2 / 5)


def test_the_mean_way_is_what_simulated_people_travel(one_desk):
    riding = one_desk.vary({"tiers.desk.staff.clerk.speed_kmh": 10.0, "run.days": 300})
    assert mean_way_hours(riding) == pytest.approx(2 * 0.5 / 10.0)
    result = gs.simulate(riding, seed=2)
    travelled = result.staff["busy_hours_travel"].sum() / result.staff["visits"].sum()
    assert travelled == pytest.approx(mean_way_hours(riding), rel=0.05)


def test_patrols_find_the_share_of_hazards_that_is_expected(site):
    hazard = next(problem for problem in site.problems if problem.hidden and problem.matures_hours)
    measured = gs.simulate(site, seed=1).by("type")["found_before_maturing"][hazard.type]
    assert found_in_time(site, hazard) == pytest.approx(measured, abs=0.1)
