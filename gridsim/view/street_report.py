"""The main job as tables: one per headcount, designs down, escalation rules under each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from ..scenario.wording import limit_in_words
from ..simulation.outcome.measure_table import CLOSED_AT, Headline
from .names import number, spoken
from .reading import cut_short, readings
from .report import (
    LOADS,
    SMALL,
    USUAL,
    about_intervals,
    cells_of,
    fitting,
    heading,
    paired_table,
    plain_table,
    tiers_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from ..study.comparing.comparison import Comparison

PER_TIER = (CLOSED_AT, *LOADS)
FIRST = (("design,\nescalation", "left"),)


def street_tables(study: Comparison, width: int = USUAL) -> Iterator[Table]:
    """Give the tables of the main job: for each headcount the measures, the tiers, and the differences from the baseline.

    Parameters
    ----------
    study
        What `street_study` gave.
    width
        Columns of the terminal.
    """
    compared = study.headline(Headline.DIFFERENCES)
    differences = street_differences(study, compared)
    for headcount, names in by_headcount(study).items():
        yield _measures(study, headcount, names, width)
        rows = _Rows(study)
        yield tiers_table(f"{headcount:,} people: tiers", study, FIRST, {name: rows.names(name, False) for name in names},
                          PER_TIER)  # fmt: skip
        chosen = differences[differences["scenario"].isin(names)]
        if len(chosen):
            base = study.levers[_baseline_of(study, names)]
            title = f"{headcount:,} people: differences from {spoken(base['design'])} {base['rule']}, same problems"
            about = [study.about[name] for name in compared]
            yield paired_table(title, FIRST, chosen, about, _Rows(study).names, width)


def by_headcount(study: Comparison) -> dict[int, list[str]]:
    """Names of the scenarios of each headcount."""
    found: dict[int, list[str]] = {}
    for name, lever in study.levers.items():
        found.setdefault(int(lever["headcount"]), []).append(name)
    return found


def street_differences(study: Comparison, measures: Sequence[str] | None = None) -> pd.DataFrame:
    """Give the differences from the baseline's design and rule at the same headcount, paired by replication.

    Parameters
    ----------
    study
        What `street_study` gave.
    measures
        Names of measures; absent: all.

    Returns
    -------
    DataFrame
        Columns scenario, design, headcount, rule, measure, difference, low, high, p, n, baseline.
    """
    parts = []
    for names in by_headcount(study).values():
        base = _baseline_of(study, names)
        parts.append(study.only(names, base).differences(measures).assign(baseline=base))
    return pd.concat(parts, ignore_index=True)


def _baseline_of(study: Comparison, names: list[str]) -> str:
    """The scenario of a headcount that has the design and the rule of the study's baseline."""
    wanted = {key: study.levers[study.baseline][key] for key in ("design", "rule")}
    return next((name for name in names if wanted.items() <= study.levers[name].items()), names[0])


class _Rows:
    """The cell that names a scenario: the rule, and above the first rule of a design its name."""

    def __init__(self, study: Comparison) -> None:
        self.study = study
        self.design = ""

    def names(self, scenario: str, narrow: bool) -> list[str]:
        lever = self.study.levers[scenario]
        repeated, self.design = lever["design"] == self.design, lever["design"]
        first, clock, last = str(lever["rule"]).partition(" working hours" if narrow else "\n")
        rule = f"  {first}" + (f"\n {clock}{last}" if clock else "")
        below = "" if clock or not narrow else "\n "  # beside the line of the interval
        return [rule if repeated else f"{spoken(lever['design'])}\n{rule}{below}"]


def _measures(study: Comparison, headcount: int, names: list[str], width: int) -> Table:
    measures = study.headline(Headline.NARROW if width < SMALL else Headline.DIFFERENCES)
    tables = {measure: readings(study, measure) for measure in measures}
    shown = {measure: table[table.index.isin(names)] for measure, table in tables.items()}
    heads = [(heading(study.about[measure], float(table["mean"].max())), "right") for measure, table in shown.items()]
    base = _baseline_of(study, names)

    def build(narrow: bool) -> Table:
        caption = f"{about_intervals(study.only(names), measures)}; bold: the baseline{_limits(study, names)}"
        out = plain_table(_title(study, headcount, names), [*FIRST, *heads], caption)
        cells = {
            measure: cells_of(table, study.about[measure], narrow, cut_short(study, measure))
            for measure, table in shown.items()
        }
        rows = _Rows(study)
        for name in names:
            texts = [cells[measure].get(name, "–") for measure in measures]
            out.add_row(*rows.names(name, narrow), *texts, style="bold" if name == base else None)
        return out

    return fitting(width, partial(build, False), partial(build, True))


def _title(study: Comparison, headcount: int, names: list[str]) -> str:
    problems = number(round(float(study.table(["reported"])["mean"].mean())))
    costs = sorted({round(study.scenarios[name].cost_per_day) for name in names})
    wages = " to ".join(f"{cost:,}" for cost in dict.fromkeys((costs[0], costs[-1])))
    times = study.runs["replication"].nunique()
    runs = f"{times} runs of {problems} problems" if times > 1 else f"one run of {problems} problems"
    return f"{headcount:,} people, {runs}, {wages} in wages a day"


def _limits(study: Comparison, names: list[str]) -> str:
    """What the rule's short name leaves out: which tiers have which limit on waiting; nothing where one has none."""
    said = [(study.levers[name]["rule"], limit_in_words(study.scenarios[name])) for name in names]
    longest = {rule: limit for rule, limit in sorted(said, key=lambda one: len(one[1])) if limit.startswith(rule)}
    return "".join(f"; {limit}" for rule, limit in longest.items() if limit != rule)
