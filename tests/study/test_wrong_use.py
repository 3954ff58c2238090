"""Wrong use of the library: one sentence that says what is expected, and nothing starts."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gridsim as gs

QUIET = {"workers": 1, "progress": False}
SITE = "mingming_road"
SHORT = {"run.days": 1}
NO_SCENARIOS = [None, 3, ["mingming_road"], b"mingming_road", {"name": "x"}, gs]
TAKERS = {
    "simulate": gs.simulate,
    "GridModel": gs.GridModel,
    "demand": gs.demand,
    "compare": lambda s: gs.compare({"A": s}, 1, **QUIET),
    "sweep": lambda s: gs.sweep(s, {"escalation.after_hours": [4]}, 1, **QUIET),
    "design": lambda s: gs.design("flat", s),
    "explore": lambda s: gs.explore(s, {"escalation.after_hours": [4]}, replications=1, **QUIET),
    "sensitivity": lambda s: gs.sensitivity(s, {"escalation.after_hours": (4, 8)}, "closure_rate", **QUIET),
    "calibrate": lambda s: gs.calibrate(s, {"closure_rate": 0.9}, ["tiers.grid.solves"]),
    "select_best": lambda s: gs.select_best({"A": s, "B": s}, "closure_rate", 0.1),
    "warm_up": lambda s: gs.warm_up(s, 1),
    "reproduce": lambda s: gs.reproduce([s], 2, workers=1, progress=False),
}


@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize("given", NO_SCENARIOS, ids=repr)
def test_what_is_no_scenario_is_refused_everywhere(take, given):
    """With what is expected in its place."""
    with pytest.raises(gs.ScenarioError, match=r"must be a scenario, the name of a site, or the path"):
        take(given)


@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
def test_a_name_that_is_no_site_is_refused_everywhere(take):
    """And the nearest is said."""
    with pytest.raises(gs.ScenarioError, match="did you mean mingming_road"):
        take("mingming_rod")


def test_a_name_is_loaded_in_every_place(tmp_path):
    """A site by its name, a file by its path: the same as the scenario itself."""
    short = gs.load(SITE).vary(SHORT)
    short.save(tmp_path / "short.toml")
    pd.testing.assert_series_equal(gs.simulate(tmp_path / "short.toml").measures, gs.simulate(short).measures)
    assert gs.GridModel(SITE).scenario == gs.load(SITE)
    assert len(gs.demand(str(tmp_path / "short.toml"))) == len(gs.demand(short))
    assert gs.design("flat", SITE) == gs.design("flat", gs.load(SITE))
    study = gs.compare({"A": tmp_path / "short.toml", "B": short}, 2, **QUIET)
    assert study.scenarios["A"] == short
    assert (study.differences(["closure_rate"])["difference"] == 0.0).all()


@pytest.mark.parametrize("given", [None, 3, ["A"], "mingming_road", {"A"}], ids=repr)
def test_scenarios_without_names_are_refused(given):
    """A list, a name, nothing."""
    for take in (lambda: gs.compare(given, 1, **QUIET), lambda: gs.select_best(given, "closure_rate", 0.1)):
        with pytest.raises(gs.StudyError, match="must be scenarios by name"):
            take()


@pytest.mark.parametrize("given", [None, 3, [("escalation.after_hours", 4)], "escalation.after_hours"], ids=repr)
def test_changes_are_a_mapping(two_tiers, given):
    """Else it is said, in `vary` and in `sweep`."""
    with pytest.raises(gs.ScenarioError, match="must be key paths with values"):
        two_tiers.vary(given)
    with pytest.raises(gs.StudyError, match=r"must be names with their values|nothing to sweep"):
        gs.sweep(two_tiers, given, 1, **QUIET)


def test_values_are_read_once(two_tiers):
    """A generator, an array and a list are the same sweep."""
    studies = [
        gs.sweep(two_tiers.vary({"run.days": 2}), {"escalation.after_hours": values}, 1, **QUIET)
        for values in ([4, 8], (x for x in [4, 8]), np.array([4, 8]), pd.Series([4, 8]), range(4, 9, 4))
    ]
    for study in studies[1:]:
        pd.testing.assert_frame_equal(study.table(), studies[0].table(), check_dtype=False)
    assert list(studies[0].scenarios) == ["after_hours=4", "after_hours=8"]


@pytest.mark.parametrize("values", [[4, 4], [4, 4.0], [None, None], [4, 8, np.int64(4)]], ids=repr)
def test_a_value_that_stands_twice_is_said(two_tiers, values):
    """It would be one run silently."""
    with pytest.raises(gs.StudyError, match="stands twice"):
        gs.sweep(two_tiers, {"escalation.after_hours": values}, 1, **QUIET)


def test_values_that_differ_in_the_last_figure_are_two(two_tiers):
    """Both are run, under names that tell them apart."""
    study = gs.sweep(two_tiers.vary({"run.days": 2}), {"escalation.after_hours": [4.0000001, 4.0000002]}, 1, **QUIET)
    assert list(study.scenarios) == ["after_hours=4.0000001", "after_hours=4.0000002"]


@pytest.mark.parametrize("values", [4, None, "48", [], {4: 8}, np.array(4), np.array([[4, 8]])], ids=repr)
def test_values_are_a_list(two_tiers, values):
    """A number alone is none."""
    with pytest.raises(gs.StudyError, match="give a list of at least one value"):
        gs.sweep(two_tiers, {"escalation.after_hours": values}, 1, **QUIET)


@pytest.mark.parametrize("hours", [float("nan"), -1, -0.5, "24", None, True, [1]], ids=repr)
def test_a_model_runs_for_a_number_of_hours(two_tiers, hours):
    """Anything else is refused, and the model stays where it is."""
    model = gs.GridModel(two_tiers)
    with pytest.raises(gs.ScenarioError, match="must be a number of hours of at least 0"):
        model.run_for(hours)
    assert model.now == 0.0
    model.run_for(np.float64(2))
    model.run_for(0)
    assert model.hour == 2.0


SEED_TAKERS = {
    "simulate": lambda s, seed: gs.simulate(s, seed),
    "GridModel": lambda s, seed: gs.GridModel(s, seed),
    "demand": lambda s, seed: gs.demand(s, seed),
    "compare": lambda s, seed: gs.compare({"A": s}, 1, seed, **QUIET),
    "sweep": lambda s, seed: gs.sweep(s, {"escalation.after_hours": [4]}, 1, seed, **QUIET),
    "explore": lambda s, seed: gs.explore(s, {"escalation.after_hours": [4]}, replications=1, seed=seed, **QUIET),
    "select_best": lambda s, seed: gs.select_best({"A": s, "B": s}, "closure_rate", 0.1, seed=seed),
    "warm_up": lambda s, seed: gs.warm_up(s, 1, seed),
    "calibrate": lambda s, seed: gs.calibrate(s, {"closure_rate": 0.9}, "tiers.bottom.solves", seed=seed),
}


@pytest.mark.parametrize("take", SEED_TAKERS.values(), ids=SEED_TAKERS)
@pytest.mark.parametrize("seed", [1.0, "a", None, True, float("nan"), [1]], ids=repr)
def test_a_seed_is_a_whole_number(two_tiers, take, seed):
    """Nothing else is taken, anywhere; but the Mesa model takes the None that Mesa's own `batch_run` gives."""
    if seed is None and take is SEED_TAKERS["GridModel"]:
        assert gs.GridModel(two_tiers, None).result().seed == 0
        return
    with pytest.raises((gs.ScenarioError, gs.StudyError), match=r"seed = .*: must be a whole number"):
        take(two_tiers, seed)


def test_any_whole_number_is_a_seed(two_tiers):
    """NumPy's is the same as Python's; a run takes a negative one, a study none."""
    short = two_tiers.vary({"run.days": 2})
    for seed in (7, -7, 2**70):
        assert gs.simulate(short, seed).seed == seed
    pd.testing.assert_series_equal(gs.simulate(short, np.uint8(7)).measures, gs.simulate(short, 7).measures)
    assert gs.compare({"A": short}, 1, np.int64(3), **QUIET).runs.equals(gs.compare({"A": short}, 1, 3, **QUIET).runs)
    with pytest.raises(gs.StudyError, match="seed = -1: must be a whole number of at least 0"):
        gs.compare({"A": short}, 1, -1, **QUIET)


def test_a_scenario_is_hashable_and_equal_to_its_like(two_tiers):
    """What is equal has the same hash; a set keeps one."""
    same, other = gs.loads(two_tiers.to_toml()), two_tiers.vary({"escalation.after_hours": 4})
    assert two_tiers == same
    assert hash(two_tiers) == hash(same)
    assert len({two_tiers, same, other}) == 2
    assert two_tiers != other
    assert two_tiers != "two_tiers"
    named = two_tiers.vary({"name": "another"})
    assert named != two_tiers  # though both give the same runs
    assert hash(named) == hash(two_tiers)
    minus = two_tiers.vary({"run.warm_up_days": -0.0})
    assert minus != two_tiers or hash(minus) == hash(two_tiers)


@pytest.mark.parametrize("given", ["dask", 3, ProcessPoolExecutor, multiprocessing, [1]], ids=repr)
def test_what_is_no_executor_is_refused_before_anything_starts(two_tiers, given, tmp_path):
    """Not even a store is made."""
    with pytest.raises(gs.StudyError, match="must be an executor"):
        gs.compare({"A": two_tiers}, 1, executor=given, progress=False, store=tmp_path / "s.db")
    assert not list(tmp_path.iterdir())


def test_a_dask_client_is_told_from_its_executor(two_tiers):
    """What to give in its place is said."""

    class Client:
        def submit(self):
            raise AssertionError

        def get_executor(self):
            raise AssertionError

    with pytest.raises(gs.StudyError, match=r"give client.get_executor\(\)"):
        gs.compare({"A": two_tiers}, 1, executor=Client(), progress=False)


@pytest.mark.parametrize("part", ["foo", 3, None, ["type"]], ids=repr)
def test_parts_that_are_not_there_list_what_is(two_tiers, part):
    """The kinds of part are few."""
    with pytest.raises(gs.ScenarioError, match="allowed are type, urgency, cell, tier"):
        gs.simulate(two_tiers.vary({"run.days": 1})).by(part)


@pytest.mark.parametrize("given", [3, None, b"mingming_road", ["mingming_road"]], ids=repr)
def test_a_file_is_named_by_text_or_a_path(two_tiers, given):
    """In `load` and in `save`."""
    for take in (gs.load, two_tiers.save):
        with pytest.raises(gs.ScenarioError, match="named by text or a path"):
            take(given)
    with pytest.raises(gs.ScenarioError, match="read from TOML text"):
        gs.loads(None)


WRONG = {
    "confidence": ["a", None, 1, 0, float("nan"), True],
    "workers": [0, -1, 1.5, "2", True],
    "replications": [0, -1, 1.5, None, "many", True],
    "baseline": ["B", ["A"], 3],
    "engine": ["fast", None, 3],
    "store": [3, True],
    "precision": ["x", -1],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_every_other_setting_of_a_study_is_looked_at_first(two_tiers, name, value):
    """One sentence each."""
    with pytest.raises(gs.StudyError):
        gs.compare({"A": two_tiers}, **{**QUIET, "replications": 1, name: value})


@pytest.mark.parametrize("role", ["resident", "leader", "staff", "unit", "problem", "model"])
@pytest.mark.parametrize("given", [3, "x", dict, Path], ids=repr)
def test_agents_of_ones_own_are_subclasses(two_tiers, role, given):
    """Anything else is refused before anything runs."""
    with pytest.raises(gs.ScenarioError, match="must be a subclass of gridsim"):
        gs.simulate(two_tiers, **{role: given})


def test_names_of_measures_are_read_once(two_tiers):
    """A generator of them was used up by the first look and gave an empty table; what are no names is said."""
    study = gs.compare({"A": two_tiers.vary({"run.days": 1})}, 2, **QUIET)
    names = ["closure_rate", "reported"]
    assert study.table(name for name in names).equals(study.table(names))
    assert list(study.table("reported")["measure"]) == ["reported"]
    for wrong in (3, b"reported", True):
        with pytest.raises(gs.StudyError, match="must be a name, or several"):
            study.table(wrong)


@pytest.mark.parametrize("given", [3, b"mingming_road", True], ids=repr)
def test_sites_and_free_keys_are_names(two_tiers, given):
    """One, or several."""
    with pytest.raises(gs.StudyError, match=r"sites = .*: must be a name, or several"):
        gs.reproduce(given)
    with pytest.raises(gs.StudyError, match=r"free = .*: must be a name, or several"):
        gs.calibrate(two_tiers, {"closure_rate": 0.9}, given)


@pytest.mark.parametrize("flag", ["trace", "parts"])
def test_a_flag_that_is_none_is_refused_and_one_of_numpy_is_taken(two_tiers, flag):
    with pytest.raises(gs.ScenarioError, match=f"{flag} = 'x': must be True or False"):
        gs.simulate(two_tiers, **{flag: "x"})
    assert gs.simulate(two_tiers, **{flag: np.bool_(True)}).measures is not None
