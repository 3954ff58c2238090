"""Sites beside their reports: each definition of closure, each contrast, and what cannot both be true."""

import math

import pytest

import gridsim as gs
from gridsim.jobs.reproduce.reproduce import AS_IT_IS, chance_of_so_few, implied_hours, reproduce
from gridsim.scenario.sites import site_names
from gridsim.study.errors import StudyError


@pytest.fixture(scope="module")
def found():
    return reproduce(
        ["mingming_road", "huiji", "hanghai_east_road"], replications=2, days=20, workers=1, progress=False
    )


def figure(found, name, definition=""):
    table = found.figures
    return table[(table["figure"] == name) & (table["definition"] == definition)].iloc[0]


def test_a_closure_rate_stands_under_each_definition(found):
    rows = found.figures[found.figures["figure"] == "closure_rate"]
    assert list(rows["definition"]) == ["closed of opened", "closed of due", "in time of due"]
    assert set(rows["report"]) == {0.9999}
    assert rows["model"].between(0.0, 1.0).all()


def test_the_model_s_side_is_the_measure_of_the_runs(found):
    runs = found.studies["mingming_road"].runs
    mean = runs.loc[runs["scenario"] == AS_IT_IS, "closure_rate"].mean()
    assert figure(found, "closure_rate", "closed of opened")["model"] == pytest.approx(mean)


def test_social_and_enforcement_problems_together_are_all(found):
    runs = found.studies["mingming_road"].runs
    both = figure(found, "social_problems")["model"] + figure(found, "enforcement_problems")["model"]
    assert both == pytest.approx(runs.loc[runs["scenario"] == AS_IT_IS, "reported"].mean())


def test_what_was_put_in_is_said_to_be(found):
    assert figure(found, "people.village.work_team")["verdict"] == "input, so no test"
    assert figure(found, "informants")["verdict"] == "input in whole people, so no test"
    assert figure(found, "posts")["verdict"] == "no value in the model"


def test_a_figure_that_the_site_was_fitted_to_is_not_called_evidence(found):
    fitted = found.figures[found.figures["figure"].str.endswith("_problems")]
    assert not (fitted["verdict"] == "within the interval").any()


def test_contrasts_are_paired_differences_with_intervals(found):
    table = found.differences.set_index(["contrast", "measure"])
    change = table.loc[("no informants", "found_before_maturing")]
    assert change["difference"] == pytest.approx(-change["site_mean"])
    assert change["low"] <= change["difference"] <= change["high"]
    assert set(found.differences["site"]) == {"mingming_road", "huiji", "hanghai_east_road"}


def test_little_s_law_turns_one_open_problem_into_20_to_40_minutes():
    assert 60 * implied_hours(8797, 0.9999, 120) == pytest.approx(60 * 24 * 120 / 8797)
    assert 19 < 60 * implied_hours(8797, 0.9999, 120) < 60 * implied_hours(8797, 0.9999, 240) < 40


def test_none_open_is_held_to_at_most_one():
    assert implied_hours(3246, 1.0, 120) == implied_hours(3246, 1.0 - 1 / 3246, 120)


def test_a_count_of_so_few_has_the_chance_of_poisson():
    assert chance_of_so_few(1, 3.0) == pytest.approx(4.0 * math.exp(-3.0))


def test_where_report_and_model_cannot_both_be_true_it_is_said(found):
    (said,) = (text for text in found.findings if "8,797" in text)
    assert "120 to 240 days" in said
    assert "20 to 39 minutes" in said
    assert "cannot both be true" in said


def test_where_both_can_be_true_it_is_said():
    slow = gs.load("mingming_road").vary({"reported.social_closure_rate.value": 0.9})
    from gridsim.jobs.reproduce.reproduce import SiteRuns, _findings
    from gridsim.study.methods.study import compare

    study = compare({AS_IT_IS: slow.vary({"run.days": 10.0})}, 2, workers=1, progress=False)
    assert "Both can be true" in next(iter(_findings(SiteRuns(slow.vary({"run.days": 10.0}), study))))


def test_without_a_printed_period_little_s_law_is_not_used(found):
    assert any("prints no period" in said for said in found.findings if said.startswith("hanghai"))


def test_the_same_seed_gives_the_same_numbers():
    one, two = (reproduce(["dashiqiao"], 2, 5, workers=1, progress=False, days=5) for _ in range(2))
    assert one.differences.equals(two.differences)


def test_a_single_replication_has_no_interval():
    once = reproduce(["mingming_road"], 1, workers=1, progress=False, days=3)
    assert set(once.figures.loc[once.figures["n"] == 1, "verdict"]) == {"one run: no interval"}


def test_a_file_with_reported_figures_is_set_beside_them(tmp_path, one_desk):
    mine = one_desk.vary({"reported": {"closure_rate": {"value": 0.5, "source": "a bulletin"}}, "run.days": 20.0})
    mine.save(tmp_path / "mine.toml")
    found = reproduce([str(tmp_path / "mine.toml")], 2, workers=1, progress=False)
    assert figure(found, "closure_rate", "closed of opened")["verdict"] == "printed lower"
    assert len(found.differences) == 0


def test_a_site_given_twice_is_refused():
    with pytest.raises(StudyError, match="dahe_road: given twice"):
        reproduce(["dahe_road", "dahe_road"], 1)


def test_an_unknown_site_is_refused_with_the_nearest():
    with pytest.raises(gs.ScenarioError, match="did you mean dahe_road"):
        reproduce(["dahe_raod"], 1)


@pytest.mark.slow
def test_every_site_is_reproduced_to_its_end():
    found = reproduce(replications=4, workers=1, progress=False)
    assert set(found.studies) == set(site_names())
    assert set(found.differences["site"]) == set(site_names())
    assert (found.differences["p"] < 0.05).mean() > 0.7  # each mechanism is there to be seen
