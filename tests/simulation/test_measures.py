"""The measures of tiny runs, written down by hand and worked out on paper."""

import random
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from gridsim.scenario.parts import Wages
from gridsim.simulation.events import Source, Status
from gridsim.simulation.instants import of_hours
from gridsim.simulation.outcome import tables
from gridsim.simulation.outcome.measures import backlog_at, gini, measures, resolution_times, response_times
from gridsim.simulation.outcome.outcome import Outcome
from gridsim.simulation.outcome.result import Result
from gridsim.simulation.outcome.survival import kaplan_meier
from gridsim.simulation.plan.plan import Pattern, Pool
from gridsim.simulation.rules import HOUR, UNSET

NAN = np.nan
ALWAYS = Pattern((0,), (24 * HOUR,), 24 * HOUR)
POOLS = [
    Pool(
        0, "fire", people=2, on_call=1, duty_hours=20.0, on_call_hours=4.0, wage_per_hour=10.0, shift=0, pattern=ALWAYS
    ),
    Pool(1, "all", people=1, on_call=0, duty_hours=0.0, on_call_hours=0.0, wage_per_hour=50.0, shift=0, pattern=ALWAYS),
    Pool(
        0, "leader", people=1, on_call=0, duty_hours=10.0, on_call_hours=0.0, wage_per_hour=1.0, shift=0, pattern=ALWAYS
    ),
    Pool(
        1, "leader", people=1, on_call=0, duty_hours=5.0, on_call_hours=0.0, wage_per_hour=0.0, shift=0, pattern=ALWAYS
    ),
]


def written_down(window=(0.0, 10.0), end=10.0, **columns):
    """A run of ten hours in two tiers; a column that is not given is as of problems that nobody reported."""
    count = len(columns["arises_at"])

    def column(name, absent, dtype="f8"):
        return np.array(columns.get(name, [absent] * count), dtype=dtype)

    def instant(name, absent=NAN):
        hours = column(name, absent)
        return np.where(np.isnan(hours), UNSET, of_hours(np.nan_to_num(hours)))

    minutes = column("minutes", 0.0)
    plan = SimpleNamespace(
        window=tuple(of_hours(window).tolist()), end=int(of_hours(end)), pools=POOLS,
        tier_names=["grid", "street"], type_names=["fire", "noise"],
        residents=np.array([10, 10, 10]), type_urgency=np.array([0, 1]),
        pools_within=lambda start, end: [p.within(start, end) for p in POOLS],
    )  # fmt: skip
    demand = SimpleNamespace(
        arises_at=instant("arises_at"), cell=column("cell", 0, "i4"), type=column("type", 0, "i2"),
        resident=column("resident", 0, "i4"), hidden=column("hidden", False, bool), seed=3,
        minutes=minutes,
    )  # fmt: skip
    escalations = np.array(columns.get("escalations", np.zeros((count, 7))), dtype="u1")
    use = np.array([[1.0, 4.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 2.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    return Outcome(
        scenario=SimpleNamespace(name="tiny", wages=Wages(), tiers=()), demand=demand, plan=plan,
        reported_at=instant("reported_at"), source=column("source", Source.RESIDENT, "i1"),
        first_response_at=instant("first_response_at"), closed_at=instant("closed_at"),
        ended_at=instant("ended_at"), closed_tier=column("closed_tier", -1, "i1"),
        status=column("status", Status.UNREPORTED, "i1"), urgency=column("urgency", 0, "i1"),
        escalations=escalations, attempts=column("attempts", 0, "u1"), reworks=column("reworks", 0, "u1"),
        petitioned_at=instant("petitioned_at"), due_at=instant("due_at", np.inf), where=np.zeros((count, 6), np.int64),
        visits=np.array([3, 1, 0, 0]), use=use, overtime=np.array([2.0, 0.5, 0.0, 0.0]), offered=np.array([5.0, 0.0]),
        offered_to_leaders=np.array([2.0, 10.0]), taken=np.array([4.0, 2.0, 0.0, 0.0]),
        inbox_off_duty=np.zeros(count, np.int64), trust=np.array([0.5]), trust_mean=0.9,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def minutes_as_written_down(monkeypatch):
    """How near people are is what the test says."""
    for module in ("measures", "tables"):
        monkeypatch.setattr(f"gridsim.simulation.outcome.{module}.nearest_minutes", lambda _, demand: demand.minutes)


@pytest.fixture
def three_problems():
    """One closed in time, one closed late by the street, one still open."""
    return written_down(
        arises_at=[0.0, 1.0, 4.0], reported_at=[0.0, 1.0, 4.0], first_response_at=[1.0, 4.0, NAN],
        closed_at=[2.0, 8.0, NAN], ended_at=[2.0, 8.0, NAN], closed_tier=[0, 1, -1],
        status=[Status.CLOSED, Status.CLOSED, Status.OPEN], due_at=[3.0, 5.0, 12.0],
        cell=[0, 1, 1], type=[0, 1, 0], urgency=[0, 1, 2], minutes=[4.0, 7.0, np.inf],
        escalations=[[0] * 7, [1, 0, 0, 1, 0, 0, 0], [0] * 7], reworks=[0, 2, 0],
        petitioned_at=[NAN, 3.0, NAN],
    )  # fmt: skip


def test_counts_and_closure_rates(three_problems):
    found = measures(three_problems)
    assert found[["reported", "closed", "open", "unresolved", "unreported"]].tolist() == [3, 2, 1, 0, 0]
    assert found["closure_rate"] == pytest.approx(2 / 3)
    assert found["due_closure_rate"] == 1.0
    assert found["on_time_rate"] == 0.5


def test_times_count_those_still_waiting_as_censored(three_problems):
    found = measures(three_problems)
    # responses after 1 h and 3 h, one still waiting after 6 h
    assert found["response_hours_mean"] == pytest.approx((1.0 + 3.0 + 6.0) / 3)
    assert found["response_hours_median"] == 3.0
    assert np.isnan(found["response_hours_p90"])
    assert resolution_times(three_problems).hours.tolist() == [2.0, 7.0, 6.0]
    assert response_times(three_problems).observed.tolist() == [True, True, False]


def test_escalations_and_troubles_are_per_reported_problem(three_problems):
    found = measures(three_problems)
    assert found["closed_at.grid"] == found["closed_at.street"] == 0.5
    assert found["escalations_per_problem"] == pytest.approx(2 / 3)
    assert found["escalated_share"] == pytest.approx(1 / 3)
    assert found["escalations.authority"] == found["escalations.time_limit"] == pytest.approx(1 / 3)
    assert found["escalations.petition"] == 0.0
    assert found["petition_rate"] == found["rework_rate"] == pytest.approx(1 / 3)


def test_load_cost_and_nearness(three_problems):
    found = measures(three_problems)
    assert found["utilisation.grid.fire"] == 0.25
    assert found["utilisation.grid.leader"] == pytest.approx(0.3)
    assert np.isnan(found["utilisation.street.all"])
    assert found["travel_share"] == 0.1
    # on duty in full, an eighth for being on call, one and a half for overtime
    assert found["cost_total"] == 10.0 * (20.0 + 4.0 / 8.0 + 1.5 * 2.0) + 50.0 * 1.5 * 0.5 + 10.0
    assert found["cost_per_closed"] == found["cost_total"] / 2.0
    assert found["overtime_hours"] == 2.5
    # the street has no staff on duty: its load is that of its leaders
    assert found[["offered_load.grid", "offered_load.street"]].tolist() == [0.25, 2.0]
    assert found[["offered_load.grid.fire", "offered_load.grid.leader", "offered_load.street.leader"]].tolist() == [
        0.2,
        0.2,
        2.0,
    ]
    near = found[["within_5_min", "within_10_min", "within_15_min"]]
    assert near.tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3])


def test_backlog_is_its_integral_over_the_window(three_problems):
    found = measures(three_problems)
    assert found["backlog_mean"] == pytest.approx((2.0 + 7.0 + 6.0) / 10.0)
    assert found["backlog_max"] == 2
    assert found["backlog_end"] == 1
    assert backlog_at(three_problems, of_hours([0.0, 1.5, 2.0, 9.0])).tolist() == [1, 2, 1, 1]


def test_reports_may_come_in_the_reverse_order_of_arising():
    """One more is open after each, until the first of them ends."""
    run = written_down(
        arises_at=[0.0, 1.0, 2.0], reported_at=[5.0, 4.0, 3.0], ended_at=[9.0, 8.0, NAN], closed_at=[9.0, 8.0, NAN],
        status=[Status.CLOSED, Status.CLOSED, Status.OPEN],
    )  # fmt: skip
    assert measures(run)["backlog_max"] == 3


def test_a_quarter_of_an_hour_of_staff_on_duty_is_staff_on_duty(three_problems):
    three_problems.plan.pools = [replace(pool, duty_hours=0.25) for pool in POOLS]
    assert measures(three_problems)["offered_load.grid"] == 5.0 / 0.25


def test_inequality_is_between_cells(three_problems):
    assert measures(three_problems)["response_gini"] == pytest.approx(gini(np.array([1.0, 3.0])))
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
    assert all(gini(np.full(count, 0.1)) == 0.0 for count in range(1, 12))  # exactly, whatever rounding would leave
    assert np.isnan(gini(np.empty(0)))
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)


def test_warm_up_and_follow_up_are_simulated_but_not_measured():
    run = written_down(
        window=(2.0, 8.0), arises_at=[1.0, 1.5, 8.0], reported_at=[1.0, 2.0, 8.0], ended_at=[4.0, 9.0, NAN],
        closed_at=[4.0, 9.0, NAN], status=[Status.CLOSED, Status.CLOSED, Status.OPEN], closed_tier=[0, 0, -1],
    )  # fmt: skip
    found = measures(run)
    assert found["reported"] == found["closed"] == 1
    assert found["backlog_mean"] == pytest.approx((2.0 + 6.0) / 6.0)
    assert found["backlog_max"] == 2
    assert found["backlog_end"] == 1


def test_unresolved_problems_are_never_closed_and_censored_at_the_end():
    run = written_down(
        arises_at=[0.0, 2.0], reported_at=[0.0, 2.0], first_response_at=[1.0, NAN], closed_at=[1.0, NAN],
        ended_at=[1.0, 2.5], status=[Status.CLOSED, Status.UNRESOLVED], closed_tier=[0, -1],
        due_at=[5.0, 5.0],
    )  # fmt: skip
    found = measures(run)
    assert found["unresolved"] == 1
    assert found["due_closure_rate"] == found["closure_rate"] == 0.5
    assert resolution_times(run).hours.tolist() == [1.0, 8.0]
    assert found["backlog_end"] == 0


def test_hidden_problems_are_found_in_time_by_patrols_and_informants():
    run = written_down(
        arises_at=[0.0, 0.0, 0.0, 1.0, 2.0], reported_at=[3.0, 4.0, 5.0, 6.0, NAN],
        hidden=[True, True, True, False, True],
        source=[Source.PATROL, Source.INFORMANT, Source.INCIDENT, Source.INCIDENT, Source.NONE],
        status=[Status.OPEN] * 4 + [Status.UNREPORTED],
    )  # fmt: skip
    found = measures(run)
    assert found["found_before_maturing"] == pytest.approx(2 / 3)
    assert found["incident_rate"] == 0.5
    assert found["unreported"] == 1


def test_a_run_without_problems_has_counts_and_nothing_to_divide_by():
    found = measures(written_down(arises_at=[]))
    assert found["reported"] == found["backlog_mean"] == found["backlog_max"] == 0
    assert found[["closure_rate", "response_hours_mean", "response_gini", "within_5_min"]].isna().all()


def test_a_run_that_is_not_over_is_measured_as_far_as_it_went(three_problems):
    three_problems.stopped_at = 5 * HOUR
    found = measures(three_problems)
    assert resolution_times(three_problems).hours.tolist()[2] == 1.0
    assert found["backlog_mean"] == pytest.approx((2.0 + 4.0 + 1.0) / 5.0)
    assert "not over" in Result(three_problems).warnings[-1]


@pytest.mark.parametrize("part", ["type", "urgency", "cell", "tier"])
def test_parts_add_up_to_the_whole(three_problems, part):
    whole, parts = measures(three_problems), tables.by(three_problems, part)
    for name in ("reported", "closed", "open", "backlog_mean", "backlog_end"):
        assert parts[name].sum() == pytest.approx(whole[name])
    assert "cost_total" not in parts


def test_what_is_not_closed_has_a_row_of_its_own(three_problems):
    assert tables.by(three_problems, "tier")["reported"].to_dict() == {"grid": 1.0, "street": 1.0, "-": 1.0}


def test_an_unknown_part_is_refused(three_problems):
    with pytest.raises(ValueError, match="allowed are type, urgency, cell, tier"):
        tables.by(three_problems, "role")


def test_flags_and_row_numbers_choose_the_same_rows(three_problems):
    flags = np.array([True, False, True])
    assert measures(three_problems, flags).equals(measures(three_problems, np.array([0, 2])))


def test_tables_of_problems_hours_and_people(three_problems):
    result = Result(three_problems)
    assert result.seed == 3
    assert result.problems["status"].tolist() == ["closed", "closed", "open"]
    assert result.problems["closed_tier"].isna().tolist() == [False, False, True]
    assert result.problems["escalations"].tolist() == [0, 2, 0]
    assert result.timeline["hour"].tolist() == list(range(11))
    assert result.timeline["reported"].sum() == 3
    assert result.timeline["backlog"].iloc[-1] == 1
    assert result.staff["utilisation"].tolist()[:1] == [0.25]
    assert result.staff["cost"].sum() == result.measures["cost_total"]


def test_a_mean_cut_short_is_said_and_ten_hours_show_no_growth(three_problems):
    sentences = " ".join(Result(three_problems).warnings)
    assert "grows" not in sentences
    assert "response_hours_mean is a restricted mean" in sentences
    assert "resolution_hours_mean" not in sentences


def test_a_result_shows_itself(three_problems):
    result = Result(three_problems)
    assert "3 problems in 0.416667 days, seed 3" in repr(result)
    page = result._repr_html_()
    assert "<td>response_hours_mean</td>" in page
    assert "<td>h</td>" in page


def test_events_need_a_trace(three_problems):
    with pytest.raises(ValueError, match="trace=True"):
        _ = Result(three_problems).events


def one_problem(dice):
    """A problem of a run of ten hours, at whole hours so that much falls on one instant."""
    found = ABSENT | {
        "arises_at": dice.randint(0, 9), "cell": dice.randint(0, 2), "minutes": dice.choice([3.0, 5.0, 9.0, 15.0, 20.0]),
        "hidden": dice.random() < 0.5, "escalations": [dice.choice([0, 0, 0, 1, 2]) for _ in range(7)],
    }  # fmt: skip
    reported = found["arises_at"] + dice.choice([0, 0, 1, 3])
    if dice.random() < 0.1 or reported > 10:
        return found
    answered, ended = (min(10, reported + dice.randint(0, 4)) for _ in range(2))
    status = dice.choice([Status.OPEN, Status.CLOSED, Status.CLOSED, Status.UNRESOLVED])
    closed = status == Status.CLOSED
    return found | {
        "reported_at": reported, "status": status, "source": dice.choice([*Source][1:]),
        "first_response_at": dice.choice([answered, answered, NAN]), "closed_at": ended if closed else NAN,
        "ended_at": NAN if status == Status.OPEN else ended, "closed_tier": dice.randint(0, 1) if closed else -1,
        "due_at": reported + dice.choice([2, 4, 99]), "reworks": dice.randint(0, 2),
        "petitioned_at": dice.choice([NAN, reported]),
    }  # fmt: skip


ABSENT = {
    "reported_at": NAN, "status": Status.UNREPORTED, "source": Source.NONE, "first_response_at": NAN, "closed_at": NAN,
    "ended_at": NAN, "closed_tier": -1, "due_at": np.inf, "reworks": 0, "petitioned_at": NAN,
}  # fmt: skip


def written_at_random(seed):
    """A measured window of some hours, and the problems of a run in the order in which they arise."""
    dice = random.Random(seed)
    window = dice.choice([(0, 10), (0, 10), (2, 8), (3, 4), (9, 10)])
    problems = [one_problem(dice) for _ in range(dice.randint(0, 14))]
    return window, sorted(problems, key=lambda one: one["arises_at"])


def counted_one_by_one(window, problems):
    """What a patient clerk finds who looks at one problem after the other, with the definitions of the contract."""
    start, end = window
    reported = [one for one in problems if start <= one["reported_at"] < end]
    arisen = [one for one in problems if start <= one["arises_at"] < end]
    closed = [one for one in reported if one["status"] == Status.CLOSED]
    due = [one for one in reported if one["due_at"] <= 10.0]
    in_time = [one for one in due if one in closed and one["closed_at"] <= one["due_at"]]
    hazards = [one["source"] for one in reported if one["hidden"] and one["source"] != Source.RESIDENT]
    found = {
        "reported": len(reported), "closed": len(closed), "arisen": len(arisen), "due": len(due), "hazards": len(hazards),
        "open": sum(one["status"] == Status.OPEN for one in reported),
        "unresolved": sum(one["status"] == Status.UNRESOLVED for one in reported),
        "unreported": sum(one["status"] == Status.UNREPORTED for one in arisen),
        "closure_rate": share(closed, reported), "due_closure_rate": share([one for one in due if one in closed], due),
        "on_time_rate": share(in_time, due),
        "closed_at.grid": share([one for one in closed if one["closed_tier"] == 0], closed),
        "closed_at.street": share([one for one in closed if one["closed_tier"] == 1], closed),
        "escalated_share": share([one for one in reported if sum(one["escalations"])], reported),
        "petition_rate": share([one for one in reported if one["petitioned_at"] >= 0.0], reported),
        "incident_rate": share([one for one in reported if one["source"] == Source.INCIDENT], reported),
        "rework_rate": share([one for one in reported if one["reworks"]], reported),
        "found_before_maturing": share([one for one in hazards if one != Source.INCIDENT], hazards),
    }  # fmt: skip
    found["escalations_per_problem"] = share(range(sum(sum(one["escalations"]) for one in reported)), reported)
    for number, reason in enumerate(("authority", "skill", "load", "time_limit", "overdue", "failed", "petition")):
        found[f"escalations.{reason}"] = share(range(sum(one["escalations"][number] for one in reported)), reported)
    for near in (5, 10, 15):
        found[f"within_{near}_min"] = share([one for one in arisen if one["minutes"] <= near], arisen)
    return found | times_one_by_one(reported) | backlog_one_by_one(window, problems)


def share(some, of):
    return len(some) / len(of) if of else NAN


def times_one_by_one(reported):
    found = {}
    for name, moment in (("response", "first_response_at"), ("resolution", "closed_at")):
        reached = [one[moment] for one in reported]
        hours = [(10.0 if np.isnan(at) else at) - one["reported_at"] for at, one in zip(reached, reported, strict=True)]
        curve = kaplan_meier(np.array(hours), ~np.isnan(np.array(reached, float)), (0.5, 0.9, 0.95))
        found[f"{name}_hours_mean"] = curve.mean
        found |= {
            f"{name}_hours_{label}": value
            for label, value in zip(("median", "p90", "p95"), curve.quantiles, strict=True)
        }
    waits = {one["cell"]: [] for one in reported if one["first_response_at"] >= 0.0}
    for one in reported:
        if one["first_response_at"] >= 0.0:
            waits[one["cell"]].append(one["first_response_at"] - one["reported_at"])
    means = [np.mean(hours) for hours in waits.values()]
    apart = sum(abs(one - other) for one in means for other in means)  # the Gini coefficient as it is defined
    found["response_gini"] = (apart / (2.0 * len(means) * sum(means)) if apart else 0.0) if means else NAN
    return found


def backlog_one_by_one(window, problems):
    start, end = window
    known = [one for one in problems if one["reported_at"] >= 0.0]
    spans = [(one["reported_at"], one["ended_at"] if one["ended_at"] >= 0.0 else np.inf) for one in known]
    looks = [start, *(came for came, _ in spans if start <= came < end)]
    return {
        "backlog_mean": sum(max(0.0, min(went, end) - max(came, start)) for came, went in spans) / (end - start),
        "backlog_max": max(sum(came <= look < went for came, went in spans) for look in looks),
        "backlog_end": sum(went == np.inf for _, went in spans),
    }


def as_a_run(window, problems):
    """The run in which these problems arose; one column per name, of no rows if there are none."""
    names = problems[0] if problems else ("arises_at",)
    columns = {name: [one[name] for one in problems] for name in names}
    if not problems:
        columns["escalations"] = np.zeros((0, 7))
    return written_down(window, **columns)


def test_the_measures_are_those_counted_one_by_one():
    others = (
        "utilisation.",
        "offered_load.",
        "cost_",
        "overtime_hours",
        "travel_share",
        "trust_mean",
        "backlog_growth",
    )
    for seed in range(300):
        window, problems = written_at_random(seed)
        expected, found = counted_one_by_one(window, problems), measures(as_a_run(window, problems))
        assert found[list(expected)].to_dict() == pytest.approx(expected, nan_ok=True), f"run {seed}"
        assert [name for name in found.index if name not in expected and not name.startswith(others)] == []


def test_the_measures_of_a_part_are_those_of_its_problems_alone():
    """Of load, trust and cost it is not known which part they are for."""
    for seed in range(300):
        window, problems = written_at_random(seed)
        flags = np.random.default_rng(seed).random(len(problems)) < 0.6
        expected = counted_one_by_one(window, [one for one, chosen in zip(problems, flags, strict=True) if chosen])
        for rows in (flags, np.flatnonzero(flags)):
            found = measures(as_a_run(window, problems), rows)
            assert set(found.index) == set(expected)
            assert found.to_dict() == pytest.approx(expected, nan_ok=True), f"run {seed}"


def test_row_numbers_may_be_of_any_kind_of_whole_number(three_problems):
    assert measures(three_problems, np.array([0, 2], np.uint8)).equals(measures(three_problems, np.array([0, 2])))
