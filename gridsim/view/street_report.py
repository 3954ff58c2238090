"""The main job as tables: one per headcount, designs down, escalation rules under each."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from .names import number, spoken
from .reading import only, readings, tiers_of
from .report import DIFFERENCES, USUAL, cells_of, fitting, heading, paired_table, plain_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from ..study.comparison import Comparison

MEASURES = (
    "closure_rate", "due_closure_rate", "on_time_rate", "response_hours_mean", "response_hours_p90",
)  # fmt: skip
PER_TIER = {"closed_at": "closed at\n% per tier", "offered_load": "load\n% per tier"}
FIRST = (("design,\nescalation", "left"),)


def street_tables(study: Comparison, width: int = USUAL) -> Iterator[Table]:
    """Give the tables of the main job: for each headcount the measures, then the differences from the baseline.

    Parameters
    ----------
    study
        What `street_study` gave.
    width
        Columns of the terminal.
    """
    differences = street_differences(study, DIFFERENCES)
    for headcount, names in by_headcount(study).items():
        yield _measures(study, headcount, names, width)
        chosen = differences[differences["scenario"].isin(names)]
        if len(chosen):
            base = study.levers[_baseline_of(study, names)]
            title = f"{headcount:,} people: differences from {spoken(base['design'])} {base['rule']}, same problems"
            yield paired_table(title, FIRST, chosen, DIFFERENCES, _Rows(study).names, width)


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
        parts.append(only(study, names, base).differences(measures).assign(baseline=base))
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
        rule = f"  {lever['rule']}"
        below = "\n " if narrow else ""  # beside the line of the interval
        return [rule if repeated else f"{spoken(lever['design'])}\n{rule}{below}"]


def _measures(study: Comparison, headcount: int, names: list[str], width: int) -> Table:
    tables = {measure: readings(study, measure) for measure in MEASURES}
    shown = {measure: table[table.index.isin(names)] for measure, table in tables.items()}
    heads = [(heading(measure, float(table["mean"].max())), "right") for measure, table in shown.items()]
    means = study.runs.groupby("scenario")[[*study.measures]].mean()
    base = _baseline_of(study, names)

    def build(narrow: bool, shares: bool) -> Table:
        per_tier = PER_TIER if shares else {}
        about_tiers = "; tiers from the bottom to the top; load is work offered / capacity" if shares else ""
        caption = f"± is half the {100 * study.confidence:g} % interval of the mean{about_tiers}; bold: the baseline"
        others = [(head, "right") for head in per_tier.values()]
        out = plain_table(_title(study, headcount, names), [*FIRST, *heads, *others], caption)
        cells = {measure: cells_of(table, measure, narrow) for measure, table in shown.items()}
        rows = _Rows(study)
        for name in names:
            texts = [cells[measure].get(name, "–") for measure in MEASURES]
            texts += [_per_tier(study, means, name, kind) + "\n " * narrow for kind in per_tier]
            out.add_row(*rows.names(name, narrow), *texts, style="bold" if name == base else None)
        return out

    return fitting(width, *(partial(build, *form) for form in ((False, True), (True, True), (True, False))))


def _title(study: Comparison, headcount: int, names: list[str]) -> str:
    problems = number(round(float(study.table(["reported"])["mean"].mean())))
    costs = sorted({round(study.scenarios[name].cost_per_day) for name in names})
    wages = " to ".join(f"{cost:,}" for cost in dict.fromkeys((costs[0], costs[-1])))
    return f"{headcount:,} people, {problems} problems in a run, {wages} in wages a day"


def _per_tier(study: Comparison, means: pd.DataFrame, name: str, kind: str) -> str:
    """Shares in percent, tier by tier from the bottom: "87/11/2"."""
    found: list[Any] = [means.loc[name].get(f"{kind}.{tier}", math.nan) for tier in tiers_of(study, name)]
    return "/".join(_percent(float(value)) for value in found)


def _percent(share: float) -> str:
    """Whole percent; what is not quite nothing or not quite all is not said to be."""
    if math.isnan(share):
        return "–"
    if 0.0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1.0 else f"{100.0 * share:.0f}"
