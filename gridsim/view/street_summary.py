"""The main job in a few sentences, for whoever reads no table: computed from the results, like the tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .names import number, shown, spoken
from .reading import ALWAYS_BUSY, readings, tiers_of
from .report import SURE
from .street_report import by_headcount, street_differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from ..study.comparison import Comparison

IN_TIME, RESPONSE = "on_time_rate", "response_hours_mean"
HALF_AS_LONG_AGAIN = 1.5
NOTICED = 0.03  # share of the baseline's response below which a difference is not worth a word
TWO_DIGITS = 10.0  # from here on a time in a sentence needs no decimals
FULL = 1.0  # load from which the backlog grows without end


def street_summary(study: Comparison) -> list[str]:
    """Say which design is best at each headcount, what the escalation rule does, and what is overloaded.

    Parameters
    ----------
    study
        What `street_study` gave.

    Returns
    -------
    list of str
        A sentence for each headcount, one on the rules, one or two on overload.
    """
    best = [_best_designs(study, headcount, names) for headcount, names in by_headcount(study).items()]
    return [sentence for sentence in (*best, _rules(study), _overload(study), _busy_leaders(study)) if sentence]


def _best_designs(study: Comparison, headcount: int, names: list[str]) -> str:
    """The design that closes most in time and the one that responds soonest, the baseline's and the last."""
    plain = [name for name in names if _lever(study, name, "rule") == _lever(study, study.baseline, "rule")]
    in_time, hours = (readings(study, measure)["mean"].reindex(plain).dropna() for measure in (IN_TIME, RESPONSE))
    if in_time.empty or hours.empty:
        return ""
    most, soonest, last = str(in_time.idxmax()), str(hours.idxmin()), str(hours.idxmax())
    first = f"{_design(study, most)} closes most in time ({_percent(in_time[most])} of what is due) and "
    first += "" if most == soonest else f"{_design(study, soonest)} "
    said = [f"{first}responds soonest ({_time(hours[soonest])} on average)"]
    others = dict.fromkeys(name for name in (_like_baseline(study, plain), last) if name not in ("", most, soonest))
    if others:
        told = [f"{_both(name, in_time, hours)} in {_design(study, name)}" for name in others]
        said.append(f"against {_and(told)}")
    if len(hours) > 1:
        near = int((hours <= HALF_AS_LONG_AGAIN * hours[soonest]).sum()) - 1
        said.append(f"{_of_others(near, len(hours) - 1)} at most half as long again")
    return f"With {headcount:,} people{_loaded(study, plain)} {'; '.join(said)}."


def _both(name: str, in_time: pd.Series[float], hours: pd.Series[float]) -> str:
    return f"{_percent(float(in_time.get(name, math.nan)))} and {_time(float(hours[name]))}"


def _of_others(some: int, others: int) -> str:
    if others == 1:
        return "the other takes" if some else "the other does not take"
    return f"all {others} others take" if some == others else f"{some or 'none'} of the {others} others take"


def _loaded(study: Comparison, names: list[str]) -> str:
    """How loaded the people nearest the residents are in the baseline's design."""
    name = _like_baseline(study, names)
    if not name:
        return ""
    tier = tiers_of(study, name)[0]
    load = float(readings(study, f"offered_load.{tier}")["mean"].get(name, math.nan))
    return f" (those at tier {spoken(tier)} {100.0 * load:.0f} % loaded)" if math.isfinite(load) else ""


def _rules(study: Comparison) -> str:
    """What each other rule does to the mean response under the baseline's design, at each headcount."""
    base = study.levers[study.baseline]
    table = street_differences(study, [RESPONSE])
    table = table[(table["design"] == base["design"]) & (table["rule"] != base["rule"])]
    told = []
    for rule, rows in table.groupby("rule", sort=False):
        said: dict[str, list[str]] = {}
        for row in rows.to_dict("records"):
            said.setdefault(_change(study, row), []).append(f"{int(row['headcount']):,}")
        changes = [f"{change} with {_and(counts)}" for change, counts in said.items()]
        told.append(f"{rule}, {_and([f'{changes[0]} people', *changes[1:]])}")
    if not told:
        return ""
    whose = f"Against the rule {base['rule']}, residents wait for a response in {spoken(base['design'])}, on average"
    return f"{whose}: {'; '.join(told)}."


def _change(study: Comparison, row: dict[str, object]) -> str:
    difference, p = float(str(row["difference"])), float(str(row["p"]))
    before = float(readings(study, RESPONSE)["mean"][str(row["baseline"])])
    if not p < SURE or abs(difference) < NOTICED * before:
        return "about as long"
    return f"{_time(abs(difference), before)} {'less' if difference < 0 else 'longer'}"


def _overload(study: Comparison) -> str:
    """In how many scenarios of each headcount more work arrives at some tier than its people can do."""
    full = _scenarios_above(study, "offered_load.", "", FULL)
    if not full:
        return "Nowhere does more work arrive than the people of a tier can do."
    return (
        f"More work arrives than the people of some tier can do in {_counted(study, full)}: there the backlog grows as"
        " long as the run lasts, and averages say little."
    )


def _busy_leaders(study: Comparison) -> str:
    """In how many scenarios leaders cannot keep up, and under which designs even at the largest headcount."""
    busy = _scenarios_above(study, "utilisation.", ".leader", ALWAYS_BUSY)
    if not busy:
        return ""
    most = max(by_headcount(study))
    even = dict.fromkeys(_design(study, name) for name in busy if int(study.levers[name]["headcount"]) == most)
    also = f", in {_and(list(even))} even with {most:,} people" if even and len(by_headcount(study)) > 1 else ""
    return (
        f"Leaders of some tier sort and patrol nearly all their hours in {_counted(study, busy)}{also}: there problems"
        " wait for a decision, whatever the load of the staff."
    )


def _scenarios_above(study: Comparison, start: str, end: str, least: float) -> list[str]:
    """Names of the scenarios in which some measure of a family reaches a value."""
    names = [name for name in study.measures if name.startswith(start) and name.endswith(end)]
    means = [readings(study, name)["mean"] for name in names]
    return [name for name in study.scenarios if any(float(mean.get(name, 0.0)) >= least for mean in means)]


def _counted(study: Comparison, names: Iterable[str]) -> str:
    """How many scenarios of each headcount: "4 of 21 scenarios with 100 people and 15 of 21 with 64"."""
    chosen = set(names)
    counts = {headcount: (len(chosen & set(all_)), len(all_)) for headcount, all_ in by_headcount(study).items()}
    told = [f"{some} of {of} with {headcount:,}" for headcount, (some, of) in counts.items() if some]
    return _and([told[0].replace(" with", " scenarios with") + " people", *told[1:]])


def _like_baseline(study: Comparison, names: Sequence[str]) -> str:
    """The scenario among these that has the baseline's design; empty if none has."""
    wanted = _lever(study, study.baseline, "design")
    return next((name for name in names if _lever(study, name, "design") == wanted), "")


def _lever(study: Comparison, name: str, key: str) -> str:
    return str(study.levers[name][key])


def _design(study: Comparison, name: str) -> str:
    return spoken(_lever(study, name, "design"))


def _percent(share: float) -> str:
    return f"{number(100.0 * share)} %"


def _time(hours: float, largest: float | None = None) -> str:
    how = shown(RESPONSE, hours if largest is None else largest)
    value = hours * how.factor
    return f"{value:,.{0 if value >= TWO_DIGITS else 1}f} {how.unit}"


def _and(parts: Sequence[str]) -> str:
    """Join as people do: "a, b and c"."""
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)
