"""A policy of one's own: the same in both engines, checked, and part of what a stored run is the run of."""

import random
import time

import numpy as np
import pytest
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from same import assert_same, both

import gridsim as gs
from gridsim.simulation.own_code import digest_of
from gridsim.simulation.policy import Policy

PATIENT = 24.0
STEPS = (gs.UP, gs.STAY, gs.DOWN, gs.ALONE, gs.JOIN)


def as_usual(p):
    return p.usual


def up_when_late(p):
    if p.since_report > 3.0 and p.can_above:
        return gs.UP
    return p.usual


def up_to_the_top(p):
    if p.can_above:
        return gs.UP
    return p.usual


def by_free_people(p):
    """Another step than the usual one at every moment at which there is one."""
    if p.moment == gs.DECISION:
        if p.can_here and p.could_start:
            return gs.JOIN
        if p.can_above and (p.queue > 1 or p.difficulty > 0.6):
            return gs.UP
        if p.can_below:
            return gs.DOWN
        return p.usual
    if p.moment == gs.PATIENCE:
        return gs.STAY
    if p.moment == gs.FAILED and p.can_above and p.hour_of_week % 2 == 1:
        return gs.UP
    if p.moment == gs.OVERDUE and p.moves < 2:
        return gs.STAY
    return p.usual


def never_at_a_limit(p):
    if p.moment == gs.LIMIT:
        return gs.STAY
    if p.moment == gs.DECISION and p.alone and p.can_here:
        return gs.JOIN
    return p.usual


RULES = (as_usual, up_when_late, up_to_the_top, by_free_people, never_at_a_limit)


def played(scenario, seed, rule):
    """Both engines: the same log and outcome, or the same refusal."""
    try:
        assert_same(scenario, seed, Policy(rule))
    except gs.ScenarioError as error:
        told = str(error)
    else:
        return
    for engine in ("mesa", "compiled"):
        with pytest.raises(gs.ScenarioError) as again:
            gs.simulate(scenario, seed, engine=engine, policy=rule)
        assert str(again.value) == told


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 3), st.sampled_from(RULES))
def test_a_policy_gives_the_same_log_in_both_engines(scenario, seed, rule):
    played(scenario, seed, rule)


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 1000), st.sampled_from(RULES))
def test_a_policy_gives_the_same_log_over_many_scenarios(scenario, seed, rule):
    played(scenario, seed, rule)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds.scenarios(), st.integers(0, 3))
def test_a_policy_that_takes_the_usual_step_changes_nothing(scenario, seed):
    plain, asked = both(scenario, seed)[1], both(scenario, seed, Policy(as_usual))[1]
    np.testing.assert_array_equal(plain.events, asked.events)
    np.testing.assert_array_equal(plain.escalations, asked.escalations[:, :-1])
    assert not asked.escalations[:, -1].any()


@pytest.fixture(scope="module")
def street():
    return gs.load("mingming_road").vary({"run.days": 15.0})


@pytest.fixture(scope="module")
def limited(street):
    """The people of the street are few and somebody waits for a limit."""
    return gs.design("three_tier", street, headcount=110).vary({"escalation.after_hours": 4.0})


def test_a_step_up_that_was_not_usual_has_a_reason_of_its_own(street):
    usual = gs.simulate(street, 1)
    mine = gs.simulate(street, 1, policy=up_when_late)
    assert "escalations.policy" not in usual.measures
    assert "escalations_policy" not in usual.problems
    assert mine.measures["escalations.policy"] > 0.0
    assert mine.problems["escalations_policy"].sum() > 0
    assert mine.engine == "compiled"


def test_a_limit_that_ends_under_stay_begins_anew(limited):
    """The problem is asked about every four hours: it stays, and its limits are seen in the log."""
    log = gs.simulate(limited, 1, trace=True, policy=never_at_a_limit).events
    ends = log[log["kind"] == "time_limit"].groupby("problem")["time"]
    gaps = ends.diff().dropna()
    assert len(gaps) > 10
    assert (gaps >= 4.0 - 1e-9).all()
    assert (np.isclose(gaps, 4.0)).any()
    mine = gs.simulate(limited, 1, policy=never_at_a_limit).measures
    assert mine["escalations.time_limit"] == 0.0 < gs.simulate(limited, 1).measures["escalations.time_limit"]


def test_what_is_asked_is_what_is_so(limited):
    """Under Mesa a rule sees plain numbers, in their ranges, of the problem and the moment."""
    seen = []

    def watch(p):
        seen.append(p)
        return p.usual

    result = gs.simulate(limited, 1, engine="mesa", policy=watch)
    assert {p.moment for p in seen} >= {gs.DECISION, gs.LIMIT}
    for p in seen:
        assert type(p.type) is int
        assert type(p.could_start) is bool
        assert 0 <= p.type < len(limited.problems)
        assert 0 <= p.tier < len(limited.tiers)
        assert 0 <= p.hour_of_week < 168
        assert 0.0 <= p.waited_here <= p.since_report
        assert 0.0 <= p.difficulty <= 1.0
        assert p.queue >= 0
        assert p.usual in STEPS
        assert p.moment in (gs.DECISION, gs.FAILED) or not p.could_start
    assert max(p.moves for p in seen) <= result.problems["escalations"].max()
    assert max(p.moves for p in seen) > 0


def gives_alone(p):
    return gs.ALONE


def gives_nonsense(p):
    return 77


def divides_by_zero(p):
    return 1 // p.attempts


def gives_a_share(p):
    return 0.5


def gives_nothing(p):
    return gs.UP if p.usual == gs.UP else None


def keeps_count(p, told=[0]):  # noqa: B006 - that it keeps something is the point
    told[0] += 1
    return gs.UP if told[0] % 2 and p.can_above else p.usual


@pytest.mark.parametrize("engine", ["auto", "mesa"])
@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            gives_alone,
            r"policy 'gives_alone' \(test_policy.py, line \d+\), at a decision, for problem \d+ \(\w+, in tier grid, at",
        ),
        (gives_alone, r"gave gs.ALONE; possible here: gs.UP, gs.JOIN"),
        (gives_nonsense, "gave 77; possible here"),
        (gives_a_share, "gave 0.5; possible here"),
        (gives_nothing, "gave None; possible here"),
        (divides_by_zero, "raised ZeroDivisionError"),
        (keeps_count, "gave two answers to one question"),
        (lambda p: undefined_name, "raised NameError"),  # noqa: F821
        (lambda: gs.UP, "raised TypeError"),
    ],
)
def test_what_a_policy_may_not_do_is_said_with_its_name_and_the_problem(street, rule, said, engine):
    with pytest.raises(gs.ScenarioError, match=said):
        gs.simulate(street.vary({"run.days": 3.0}), 1, engine=engine, policy=rule)


@pytest.mark.parametrize(
    "rule",
    [
        lambda p: random.choice([gs.UP, gs.JOIN]), lambda p: p.usual if time.time() > 0 else gs.UP,
        lambda p: int(np.random.rand() * 2), random.random, lambda p: rolls_a_die(),  # noqa: NPY002
    ],
)  # fmt: skip
def test_a_policy_has_no_chance_and_no_clock(street, rule):
    with pytest.raises(gs.ScenarioError, match="without chance or clock"):
        gs.simulate(street, 1, policy=rule)


def rolls_a_die():
    return random.randint(1, 5)


@pytest.mark.parametrize("rule", [7, "up", gs.GridLeader, {"A": as_usual}])
def test_what_is_no_function_is_no_policy(street, rule):
    with pytest.raises(gs.ScenarioError, match="policy = "):
        gs.simulate(street, 1, policy=rule)


def test_a_limit_of_nothing_cannot_begin_anew(limited):
    """It would be asked for ever."""
    for engine in ("auto", "mesa"):
        with pytest.raises(gs.ScenarioError, match="after_hours = 0"):
            gs.simulate(limited.vary({"escalation.after_hours": 0.0}), 1, engine=engine, policy=never_at_a_limit)


def not_for_the_compiler(p):
    return p.usual + len(vars(gs)) * 0


def test_what_cannot_be_compiled_says_its_line_and_runs_under_mesa(street):
    short = street.vary({"run.days": 3.0})
    mine = gs.simulate(short, 1, policy=not_for_the_compiler)
    assert mine.engine == "mesa"
    assert mine.measures.equals(gs.simulate(short, 1, policy=as_usual).measures)
    assert "cannot be compiled" in mine.warnings[0]
    assert "line" in mine.warnings[0]
    with pytest.raises(gs.ScenarioError, match="cannot be compiled"):
        gs.simulate(short, 1, policy=not_for_the_compiler, engine="compiled")


def test_a_policy_for_one_scenario_of_a_comparison(street, tmp_path):
    """Two lambdas of one line are two policies: a store keeps them apart, and finds each again."""
    rules = {
        "late": lambda p: gs.UP if p.can_above and p.since_report > PATIENT else p.usual,
        "usual": lambda p: p.usual,
    }
    scenarios = dict.fromkeys(("plain", "late", "usual"), street)
    told = {"replications": 2, "store": tmp_path / "runs.db", "workers": 2, "progress": False}
    first = gs.compare(scenarios, policy=rules, **told)
    assert first.counts.done == 6
    assert (first.values("usual", "response_hours_mean") == first.values("plain", "response_hours_mean")).all()
    assert (first.values("late", "escalations.policy") > 0.0).all()
    again = gs.compare(scenarios, policy=rules, **told)
    assert again.counts.already_there == 6
    assert gs.compare(scenarios, policy={"late": up_to_the_top}, **told).counts.done == 2


def test_a_policy_of_a_sweep_and_one_for_an_unknown_scenario(street):
    study = gs.sweep(
        street.vary({"run.days": 3.0}),
        {"escalation.after_hours": [4, 8]},
        1,
        policy=up_when_late,
        progress=False,
        workers=1,
    )
    assert not len(study.failed)
    with pytest.raises(gs.StudyError, match="'stret' is not known; did you mean street"):
        gs.compare({"street": street}, policy={"stret": as_usual}, progress=False)


def test_the_digest_knows_what_a_rule_closes_over():
    def within(hours):
        return lambda p: gs.UP if p.can_above and p.since_report > hours else p.usual

    assert digest_of(within(3)) == digest_of(within(3)) != digest_of(within(4))
    assert digest_of(as_usual) != digest_of(up_when_late)
    assert len({digest_of(rule) for rule in (lambda p: p.queue > 3, lambda p: p.queue < 3)}) == 2


class Stern(gs.GridLeader):
    """Handles nothing alone."""

    def handles_alone(self, problem):
        return False


def test_agents_of_ones_own_in_a_study_run_under_mesa_and_it_says_so(street, tmp_path):
    short = street.vary({"run.days": 3.0})
    told = {"replications": 1, "store": tmp_path / "runs.db", "workers": 1, "progress": False}
    plain = gs.compare({"A": short}, **told)
    mine = gs.compare({"A": short}, agents={"leader": Stern}, **told)
    assert mine.counts.done == 1
    assert "run under Mesa" in mine.warnings[0]
    assert mine.values("A", "utilisation.grid.leader")[0] != plain.values("A", "utilisation.grid.leader")[0]
    with pytest.raises(gs.StudyError, match="compiled"):
        gs.compare({"A": short}, agents={"leader": Stern}, engine="compiled", progress=False)
    with pytest.raises(gs.ScenarioError, match="'leder' is not known; did you mean leader"):
        gs.compare({"A": short}, agents={"leder": Stern}, progress=False)
