"""The main job as tables: one per headcount, designs down, escalation rules under each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from .names import number, spoken
from .reading import COST_PER_DAY, only, readings, tiers_of
from .report import DIFFERENCES, NARROW, cells_of, heading, paired_table, plain_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from ..study.comparison import Comparison

MEASURES = (
    "closure_rate", "due_closure_rate", "on_time_rate", "response_hours_mean", "response_hours_p90", COST_PER_DAY,
)  # fmt: skip
FIRST = (("design", "left"), ("escalation", "left"))


def street_tables(study: Comparison, width: int = NARROW) -> Iterator[Table]:
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
            title = (
                f"{headcount:,} people: differences from {spoken(_baseline_of(study, names))}, paired by replication"
            )
            rows = _Rows(study)
            yield paired_table(title, FIRST, chosen, DIFFERENCES, rows.names, width)


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
    """The cells that name a scenario: the design once, the rule each time."""

    def __init__(self, study: Comparison) -> None:
        self.study = study
        self.design = ""

    def names(self, scenario: str) -> list[str]:
        lever = self.study.levers[scenario]
        repeated, self.design = lever["design"] == self.design, lever["design"]
        return ["" if repeated else spoken(lever["design"]), lever["rule"]]


def _measures(study: Comparison, headcount: int, names: list[str], width: int) -> Table:
    tables = {measure: readings(study, measure) for measure in MEASURES}
    shown = {measure: table[table.index.isin(names)] for measure, table in tables.items()}
    heads = [(heading(measure, float(table["mean"].max())), "right") for measure, table in shown.items()]
    heads[-1:] = [("closed at\n% per tier", "right"), ("load\n% per tier", "right"), heads[-1]]
    reported = study.table(["reported"])["mean"].mean()
    title = f"{headcount:,} people, {number(round(float(reported)))} problems in a run"
    caption = (
        f"± is half the {100 * study.confidence:g} % interval of the mean; tiers from the bottom to the top; load is"
        " work offered / capacity; bold: the baseline"
    )
    out = plain_table(title, [*FIRST, *heads], caption)
    cells = {measure: cells_of(table, measure, width < NARROW) for measure, table in shown.items()}
    means = study.runs.groupby("scenario")[[*study.measures]].mean()
    rows, base = _Rows(study), _baseline_of(study, names)
    for name in names:
        texts = [cells[measure].get(name, "–") for measure in MEASURES]
        texts[-1:] = [
            _per_tier(study, means, name, "closed_at"),
            _per_tier(study, means, name, "offered_load"),
            texts[-1],
        ]
        out.add_row(*rows.names(name), *texts, style="bold" if name == base else None)
    return out


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
