"""Scenarios with a closed form, and generated ones that use every rule together."""

from __future__ import annotations

from hypothesis import strategies as st

import gridsim as gs


def world(days, rate, work, tiers, more="", problem="", skills='["s"]'):
    """One cell of 0.6 km and one type that arises `rate` times an hour."""
    return gs.loads(f"""
name = "exact"
[run]
days = {float(days)}
[territory]
cells = 1
cell_km = 0.6
residents_per_cell = 1000
[[problems]]
type = "a"
skills = {skills}
per_1000_residents_per_day = {rate * 24.0}
work_hours = {work}
{problem}
{tiers}
{more}
""")


def tier(name, count, solves=1.0, pace=1.0, staff="", leader="", skills='["*"]'):
    return f"""
[[tiers]]
name = "{name}"
units = 1
solves = {solves}
{leader}
[[tiers.staff]]
role = "r"
skills = {skills}
count = {count}
pace = {pace}
{staff}
"""


def _maybe(strategy):
    return st.one_of(st.none(), strategy)


HOURS = st.sampled_from(
    [
        "always",
        "office",
        {"windows": [[0.0, 12.0]]},
        {"windows": [[8.0, 12.0], [12.0, 18.0]], "days": [0, 2, 4]},
        {"windows": [[20.0, 24.0]], "days": [1], "cycle_days": 3},
    ]
)
WHOLE = st.sampled_from([0.0, 1.0, 2.0, 4.0])
DURATION = st.builds(
    lambda mean, cv, law: {"mean": mean, "cv": cv, "law": law},
    st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0]),
    st.sampled_from([0.0, 0.0, 1.0, 0.7]),
    st.sampled_from(["gamma", "lognormal"]),
)
SKILLS = ["a", "b", "c"]


def _without_none(data):
    if isinstance(data, dict):
        return {key: _without_none(value) for key, value in data.items() if value is not None}
    return [_without_none(item) for item in data] if isinstance(data, list) else data


@st.composite
def _problem(draw, name):
    return {
        "type": name,
        "skills": draw(st.lists(st.sampled_from(SKILLS), min_size=1, max_size=3, unique=True)),
        "per_1000_residents_per_day": draw(st.sampled_from([0.0, 2.0, 5.0, 10.0])),
        "work_hours": draw(DURATION),
        "hardness": draw(st.sampled_from([1.0, 0.5, 3.0])),
        "urgency": draw(st.sampled_from(["routine", "routine", "urgent", "emergency"])),
        "limit_hours": draw(_maybe(st.sampled_from([0.0, 1.0, 8.0, 24.0]))),
        "limit_clock": draw(st.sampled_from(["calendar", "office"])),
        "hidden": draw(st.sampled_from([0.0, 0.5, 1.0])),
        "matures_hours": draw(_maybe(DURATION)),
        "incident_work": 2.0,
        "rework": draw(st.sampled_from([0.0, 0.3, 1.0])),
        "profile": draw(st.sampled_from(["flat", "daytime"])),
        "weekend": draw(st.sampled_from([1.0, 0.3])),
    }


@st.composite
def _leader(draw, units):
    each = st.lists(st.integers(0, 2), min_size=units, max_size=units)
    return {
        "count": draw(st.one_of(st.sampled_from([0, 1, 1, 2]), each)),
        "triage_hours": draw(DURATION),
        "handles_below": draw(st.sampled_from([0.0, 0.3, 1.0])),
        "pace": 1.0,
        "speed_kmh": draw(_maybe(st.just(5.0))),
        "patrol_every_hours": draw(_maybe(st.sampled_from([0.0, 1.0, 6.0, 24.0]))),
        "patrol_hours": {"mean": draw(st.sampled_from([0.05, 1.0, 2.0])), "cv": draw(st.sampled_from([0.0, 1.0]))},
        "finds": draw(st.sampled_from([0.0, 0.5, 1.0])),
    }


@st.composite
def _staff(draw, name, units):
    count = draw(st.one_of(st.integers(0, 3), st.lists(st.integers(0, 2), min_size=units, max_size=units)))
    most = max(count) if isinstance(count, list) else count
    return {
        "role": name,
        "skills": draw(st.sampled_from([["*"], ["a"], ["b"], ["c"], ["a", "b"], ["b", "c"]])),
        "count": count,
        "on_call": draw(st.integers(0, most)),
        "solves": draw(_maybe(st.sampled_from([0.3, 0.6, 1.0]))),
        "speed_kmh": draw(_maybe(st.sampled_from([5.0, 12.0]))),
        "pace": draw(st.sampled_from([1.0, 0.5, 2.0])),
        "hours": draw(_maybe(HOURS)),
    }


@st.composite
def scenarios(draw):
    """A small scenario in which any rule may meet any other, with whole-number times so that events tie."""
    units = sorted(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)), reverse=True)
    tiers = []
    for number, many in enumerate(units):
        roles = draw(st.integers(0, 3))
        tiers.append(
            {
                "name": f"t{number}",
                "units": many,
                "solves": draw(st.sampled_from([0.4, 0.7, 1.0])),
                "hours": draw(HOURS),
                "stations": draw(st.integers(1, 2)),
                "informants": draw(st.integers(0, 2)) if number == 0 else 0,
                "finds_per_informant_per_day": draw(st.sampled_from([0.0, 1.0])),
                "leader": draw(_maybe(_leader(many))),
                "staff": [draw(_staff(f"r{k}", many)) for k in range(roles)],
            }
        )
    tiers[-1]["staff"].append({"role": "all", "skills": ["*"], "count": draw(st.integers(1, 3))})
    names = [tier["name"] for tier in tiers]
    per_tier = lambda values: _maybe(st.one_of(values, st.dictionaries(st.sampled_from(names), values)))  # noqa: E731
    data = {
        "name": "generated",
        "run": {"days": draw(st.sampled_from([1.0, 3.0, 8.0])), "warm_up_days": draw(st.sampled_from([0.0, 0.5]))},
        "territory": {
            "cells": 4,
            "cell_km": 0.5,
            "residents_per_cell": draw(st.sampled_from([250, [100, 500, 400, 0]])),
            "demand_cv": draw(st.sampled_from([0.0, 0.5])),
            "day_cv": draw(st.sampled_from([0.0, 0.5])),
        },
        "residents": {
            "trust": draw(st.sampled_from([1.0, 0.5])),
            "trust_gain": draw(st.sampled_from([0.0, 0.2])),
            "trust_loss": draw(st.sampled_from([0.0, 0.5])),
            "reports_without_trust": draw(st.sampled_from([1.0, 0.3])),
            "patience_hours": draw(_maybe(DURATION)),
        },
        "problems": [draw(_problem(f"p{k}")) for k in range(draw(st.integers(1, 3)))],
        "tiers": tiers,
        "escalation": {
            "intake": draw(_maybe(st.sampled_from(names))),
            "by_authority": draw(st.booleans()),
            "triage_error": draw(st.sampled_from([0.0, 0.2])),
            "after_hours": draw(per_tier(WHOLE)),
            "since": draw(st.sampled_from(["arrival", "report"])),
            "clock": draw(st.sampled_from(["calendar", "duty"])),
            "queue_limit": draw(per_tier(st.integers(0, 3))),
            "emergency_to": draw(_maybe(st.sampled_from(names))),
            "overdue": draw(st.sampled_from(["none", "expedite", "escalate"])),
            "joint": draw(st.sampled_from(["hold", "opportunistic"])),
            "whistle": draw(st.booleans()),
        },
        "surges": draw(st.sampled_from([[], [{"start_day": 0.25, "days": 0.5, "factor": 5.0, "types": ["*"]}]])),
    }
    import tomli_w

    return gs.loads(tomli_w.dumps(_without_none(data)))


DECIMALS = st.sampled_from([0.1, 0.2, 0.3, 0.15, 0.7, 1.1, 0.05, 0.3333, 0.025, 2.2])


@st.composite
def tied(draw):
    """A generated scenario and recorded problems whose times, durations and limits are decimals that meet exactly."""
    data = draw(scenarios()).as_data()
    _fix_durations(data, draw)
    escalation, days = data["escalation"], data["run"]["days"]
    after = escalation.get("after_hours")
    if after:
        escalation["after_hours"] = (
            {tier: draw(DECIMALS) for tier in after} if isinstance(after, dict) else draw(DECIMALS)
        )
    for problem in data["problems"]:
        if problem.get("limit_hours"):
            problem["limit_hours"] = draw(DECIMALS)
    steps = st.integers(0, int(min(days, 2.0) * 240) - 1)
    types = st.sampled_from([problem["type"] for problem in data["problems"]])
    rows = draw(st.lists(st.tuples(steps, types, st.integers(0, 3)), min_size=1, max_size=40))
    import pandas as pd
    import tomli_w

    records = pd.DataFrame(sorted(rows), columns=["time", "type", "cell"])
    records["time"] = (records["time"] / 10.0).round(1)
    return gs.loads(tomli_w.dumps(_without_none(data))), records


def _fix_durations(part, draw):
    """Every duration becomes a decimal without chance."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict) and "mean" in value:
            part[key] = {"mean": max(draw(DECIMALS), 0.05)}
        elif isinstance(value, dict | list):
            _fix_durations(value, draw)
