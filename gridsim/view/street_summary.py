"""The main job in a few sentences, for whoever reads no table: computed from the results, like the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..scenario.wording import limit_in_words
from ..simulation.outcome.measure_table import BUSY_LEADERS, BUSY_STAFF, those
from ..study.methods.selection import may_be_best
from .names import shown, spoken
from .reading import at_least, readings
from .report import SURE
from .street_report import by_headcount, street_differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..study.comparing.comparison import Comparison

IN_TIME, RESPONSE = "on_time_rate", "response_hours_mean"
ALIKE, UNSURE = "about as long", "unsure"
NOTICED = 0.03  # share of the baseline's response below which a difference is not worth a word
TWO_DIGITS = 10.0  # from here on a time in a sentence needs no decimals
TIMES = 1.1  # from so many times as long on it is worth a word
LITTLE = 0.25  # share of their hours below which staff mostly wait for work
WORDS = dict(
    enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=2)
)
OVERTIME = 1.0  # utilisation above which people work past their hours


def street_summary(study: Comparison) -> list[str]:
    """Say which design is best at each headcount, what the escalation rule does, and what is overloaded.

    Parameters
    ----------
    study
        What `street_study` gave.

    Returns
    -------
    list of str
        A few for each headcount, one for each thing that a rule does, and up to three on overload.
    """
    people = by_headcount(study)
    best = [_best_design(study, headcount, names) for headcount, names in people.items()]
    beside = [_beside_the_baseline(study, headcount, names) for headcount, names in people.items()]
    idle = [_idle(study, headcount, names) for headcount, names in people.items()]
    said = [*best, *beside, *_rules(study), *idle, _without_end(study), _overtime(study), _busy_leaders(study)]
    return [sentence for sentence in said if sentence]


def _best_design(study: Comparison, headcount: int, names: list[str]) -> str:
    """The design that responds soonest, and the one that closes most in time."""
    in_time, hours = (_plain(study, measure, names) for measure in (IN_TIME, RESPONSE))
    if not in_time or not hours:
        return ""
    soonest, most = min(hours, key=hours.__getitem__), max(in_time, key=in_time.__getitem__)
    first = f"With {headcount:,} people, {_design(study, soonest)} responds soonest"
    wait = f"{at_least(study, RESPONSE, soonest)}{_time(hours[soonest])} on average"
    if in_time[soonest] >= in_time[most]:
        return f"{first} ({wait}) and closes most in time.{_others(study, hours)}"
    return f"{first} ({wait}); {_design(study, most)} closes most in time.{_others(study, hours)}"


def _others(study: Comparison, hours: Mapping[str, float]) -> str:
    """How many times as long all others take, where the runs showed that none of them may be the soonest."""
    soonest = min(hours, key=hours.__getitem__)
    times = min((value / hours[soonest] for name, value in hours.items() if name != soonest), default=1.0)
    down = int(10.0 * times) / 10.0  # "over" is true of what is rounded down
    if down < TIMES or (RESPONSE, soonest) in study.restricted:
        return ""
    if may_be_best(study.only([*hours]), RESPONSE) != [soonest]:
        return ""
    count = len(hours) - 1
    who = f"All {WORDS.get(count, f'{count:,}')} others take" if count > 1 else "The other takes"
    return f" {who} over {down:.1f} times as long."


def _beside_the_baseline(study: Comparison, headcount: int, names: list[str]) -> str:
    """How much longer residents wait under the baseline's design than under the one that responds soonest."""
    hours, base = _plain(study, RESPONSE, names), _like_baseline(study, names)
    if len(hours) < 2 or base not in hours:
        return ""
    soonest = min(hours, key=hours.__getitem__)
    if soonest == base:
        return ""
    rows = street_differences(study, [RESPONSE]).set_index("scenario")
    change = _change(study, rows.loc[soonest].to_dict())
    before, after = _design(study, base), _design(study, soonest)
    if change == ALIKE:
        return f"With {headcount:,} people, {after} and {before} respond about alike: choose by cost."
    if change == UNSURE:
        return f"With {headcount:,} people, {after} may beat {before} by chance: run more replications."
    return f"With {headcount:,} people, moving from {before} to {after} makes the wait {change}."


def _rules(study: Comparison) -> list[str]:
    """What each other rule does to the mean response under the baseline's design, alike headcounts together."""
    base = study.levers[study.baseline]
    table = street_differences(study, [RESPONSE])
    table = table[(table["design"] == base["design"]) & (table["rule"] != base["rule"])]
    found: dict[tuple[str, str], list[int]] = {}
    for row in table.to_dict("records"):
        what = _rule(study, str(row["scenario"])), _change(study, row)
        found.setdefault(what, []).append(int(row["headcount"]))
    return [_of_a_rule(study, rule, change, counts) for (rule, change), counts in found.items()]


def _of_a_rule(study: Comparison, rule: str, change: str, headcounts: Sequence[int]) -> str:
    base = study.levers[study.baseline]
    people = _and([f"{count:,}" for count in headcounts])
    where = f"In {spoken(str(base['design']))} with {people} people, “{rule}”"
    if change == UNSURE:
        return f"{where} may differ from “{base['rule']}” by chance: run more replications."
    return f"{where} makes the wait {change} {'as' if change == ALIKE else 'than'} “{base['rule']}”."


def _rule(study: Comparison, name: str) -> str:
    """A scenario's rule; a limit on waiting with the tiers that it is for, as this design has them."""
    rule, limit = _lever(study, name, "rule"), limit_in_words(study.scenarios[name])
    return limit if limit.startswith(rule) else rule


def _change(study: Comparison, row: Mapping[Any, Any]) -> str:
    difference, p = float(str(row["difference"])), float(str(row["p"]))
    before = float(readings(study, RESPONSE)["mean"][str(row["baseline"])])
    if abs(difference) < NOTICED * before:
        return ALIKE
    if not p < SURE:
        return UNSURE
    return f"{_time(abs(difference), before)} {'shorter' if difference < 0 else 'longer'}"


def _idle(study: Comparison, headcount: int, names: list[str]) -> str:
    """How little of their hours people are busy under the baseline's design, where that is little."""
    name = _like_baseline(study, names)
    if not name:
        return ""
    people = {f"utilisation.{tier.name}.{staff.role}": staff.people(tier.units)
              for tier in study.scenarios[name].tiers for staff in tier.staff}  # fmt: skip
    shares = {use: float(study.values(name, use).mean()) for use, count in people.items()
              if count and use in study.measures}  # fmt: skip
    busy = sum(share * people[use] for use, share in shares.items()) / (sum(people[use] for use in shares) or 1)
    if not shares or not busy < LITTLE:
        return ""
    where = f"With {headcount:,} people in {_design(study, name)}"
    return f"{where}, staff are busy {100.0 * busy:.0f} % of their hours: try fewer people."


def _without_end(study: Comparison) -> str:
    """In how many scenarios more work arrives than people can do, so that the backlog was seen to grow."""
    full = [one.name for one in study.played if one.grows_without_end]
    if not full:
        return "Nowhere was the backlog seen to grow without end."
    return f"The backlog grows without end in {_counted(study, full)}: add people there before reading averages."


def _overtime(study: Comparison) -> str:
    """In how many of the other scenarios people work past their hours."""
    names = [*those(study.measures, BUSY_LEADERS), *those(study.measures, BUSY_STAFF)]
    over = [one.name for one in study.played
            if not one.grows_without_end and any(one.mean(name) > OVERTIME for name in names)]  # fmt: skip
    return (
        f"Some people work longer than their hours in {_counted(study, over)}: pay the overtime, or add people."
        if over
        else ""
    )


def _busy_leaders(study: Comparison) -> str:
    """In how many scenarios leaders cannot keep up."""
    busy = [one.name for one in study.played if one.busy_leaders]
    if not busy:
        return ""
    return f"Leaders are short in {_counted(study, busy)}: they are busy nearly all their hours. Add leaders."


def _counted(study: Comparison, names: Iterable[str]) -> str:
    """How many scenarios, and with how many people: "24 of 63 scenarios (with 100 and 64 people)"."""
    chosen = set(names)
    counts = [f"{headcount:,}" for headcount, all_ in by_headcount(study).items() if chosen & set(all_)]
    return f"{len(chosen)} of {len(study.scenarios)} scenarios (with {_and(counts)} people)"


def _plain(study: Comparison, measure: str, names: Iterable[str]) -> dict[str, float]:
    """Means of a measure under the baseline's rule, by scenario."""
    rule = _lever(study, study.baseline, "rule")
    means = readings(study, measure)["mean"].dropna()
    return {name: float(means[name]) for name in names if _lever(study, name, "rule") == rule and name in means.index}


def _like_baseline(study: Comparison, names: Sequence[str]) -> str:
    """The scenario among these that has the baseline's design; empty if none has."""
    wanted = [_lever(study, study.baseline, key) for key in ("design", "rule")]
    return next((name for name in names if [_lever(study, name, key) for key in ("design", "rule")] == wanted), "")


def _lever(study: Comparison, name: str, key: str) -> str:
    return str(study.levers[name][key])


def _design(study: Comparison, name: str) -> str:
    return spoken(_lever(study, name, "design"))


def _time(hours: float, largest: float | None = None) -> str:
    how = shown(RESPONSE, hours if largest is None else largest)
    value = hours * how.factor
    return f"{value:,.{0 if value >= TWO_DIGITS else 1}f} {how.unit}"


def _and(parts: Sequence[str]) -> str:
    """Join as people do: "a, b and c"."""
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)
