"""Measures of many small runs against a count of one problem after the other, with the definitions of the contract."""

import random

import numpy as np
import pytest
from simulation.written import written_down

from gridsim.simulation.events import Source, Status
from gridsim.simulation.outcome.measures import measures
from gridsim.simulation.outcome.survival import kaplan_meier

NAN = np.nan
OF_PEOPLE = ("utilisation.", "offered_load.", "cost_", "overtime_hours", "travel_share", "trust_mean", "backlog_growth")
ABSENT = {
    "reported_at": NAN, "status": Status.UNREPORTED, "source": Source.NONE, "first_response_at": NAN, "closed_at": NAN,
    "ended_at": NAN, "closed_tier": -1, "due_at": np.inf, "reworks": 0, "petitioned_at": NAN,
}  # fmt: skip


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
    for seed in range(300):
        window, problems = written_at_random(seed)
        run, expected = as_a_run(window, problems), counted_one_by_one(window, problems)
        found = measures(run, minutes=run.demand.minutes)
        assert found[list(expected)].to_dict() == pytest.approx(expected, nan_ok=True), f"run {seed}"
        assert [name for name in found.index if name not in expected and not name.startswith(OF_PEOPLE)] == []


def test_the_measures_of_a_part_are_those_of_its_problems_alone():
    """Of load, trust and cost it is not known which part they are for."""
    for seed in range(300):
        window, problems = written_at_random(seed)
        flags = np.random.default_rng(seed).random(len(problems)) < 0.6
        expected = counted_one_by_one(window, [one for one, chosen in zip(problems, flags, strict=True) if chosen])
        run = as_a_run(window, problems)
        for rows in (flags, np.flatnonzero(flags)):
            found = measures(run, rows, run.demand.minutes)
            assert set(found.index) == set(expected)
            assert found.to_dict() == pytest.approx(expected, nan_ok=True), f"run {seed}"
