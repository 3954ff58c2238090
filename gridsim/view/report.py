"""Tables for the terminal: a scenario's run, a comparison, the main job; numbers with intervals and units."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table

from .names import level, number, one_line, shown, signed, spoken, with_spread
from .reading import COST_PER_DAY, half_width, readings, swept_columns
from .terminal import needed_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from ..simulation.result import Result
    from ..study.comparison import Comparison

HEADLINE = (
    "closure_rate", "due_closure_rate", "on_time_rate", "response_hours_mean", "response_hours_p90",
    "resolution_hours_mean", "escalated_share", "backlog_end",
)  # fmt: skip
OPTIONAL = ("resolution_hours_mean", "escalated_share", "backlog_end")
DIFFERENCES = (
    "closure_rate",
    "due_closure_rate",
    "on_time_rate",
    "response_hours_mean",
    "response_hours_p90",
)
SURE = 0.05
SMALL = 100  # columns of a terminal below which some measures are left out
USUAL = 118  # columns of a terminal
HEADINGS = {
    "closure_rate": "closed\nof opened",
    "due_closure_rate": "closed\nof due",
    "on_time_rate": "in time\nof due",
    "response_hours_mean": "response\nmean",
    "response_hours_p90": "90 % have\nresponse in",
    "resolution_hours_mean": "to close\nmean",
    "escalated_share": "goes\nup",
    "backlog_end": "open at\nend",
    COST_PER_DAY: "cost\na day",
}  # fmt: skip


def plain_table(title: str, columns: Sequence[tuple[str, str]], caption: str | None = None) -> Table:
    """Start a table of the one look that all have.

    Parameters
    ----------
    title
        One line above the table.
    columns
        Heading and kind of each: "left" for names, "right" for numbers, "text" for what may be wrapped.
    caption
        A sentence below it.
    """
    table = Table(title=one_line(title), caption=caption, box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left",
                  title_style="bold", pad_edge=False, collapse_padding=True)  # fmt: skip
    for heading, side in columns:
        right = side == "right"
        table.add_column(heading, justify="right" if right else "left", no_wrap=side != "text",
                         vertical="bottom" if right else "top")  # fmt: skip
    return table


def heading(measure: str, largest: float) -> str:
    """A short heading of a measure in two lines, its unit in a third."""
    how = shown(measure, largest)
    return f"{HEADINGS.get(measure, how.label)}\n{how.unit}".rstrip()


def cells_of(table: pd.DataFrame, measure: str, narrow: bool) -> dict[str, str]:
    """Write one measure of every scenario with half the width of its interval, in the unit of its heading."""
    how = shown(measure, float(table["mean"].max()))
    cells = {}
    for name, row in table.iterrows():
        spread = half_width(float(row["low"]), float(row["high"])) * how.factor
        text = with_spread(float(row["mean"]) * how.factor, spread if measure != COST_PER_DAY else math.nan)
        cells[str(name)] = in_two_lines(text) if narrow else text
    return cells


def in_two_lines(text: str) -> str:
    """Put the interval below its number, or nothing where there is no interval."""
    return text.replace(" ±", "\n±") if "±" in text else f"{text}\n "


def fitting(width: int, *builds: Callable[[], Table]) -> Table:
    """Give the first form of a table that is not too wide, or else the last.

    Parameters
    ----------
    width
        Columns of the terminal.
    builds
        Make the forms, the widest first.
    """
    tables = (build() for build in builds[:-1])
    return next((table for table in tables if needed_width(table) <= width), None) or builds[-1]()


def comparison_table(study: Comparison, width: int = USUAL, measures: Iterable[str] = HEADLINE) -> Table:
    """Set the scenarios of a comparison side by side: a row each, measures with 95 % intervals.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    width
        Columns of the terminal; in narrow ones intervals go below their numbers.
    measures
        Which measures.
    """
    left_out = OPTIONAL if width < SMALL else ()
    chosen = [name for name in measures if name in study.measures and name not in left_out] + [COST_PER_DAY]
    tables = {name: readings(study, name) for name in chosen}
    heads = [(heading(name, float(tables[name]["mean"].max())), "right") for name in chosen]
    swept = swept_columns(study)
    first = [(spoken(key.rpartition(".")[2]), "left") for key in swept] or [("scenario", "left")]

    def build(narrow: bool) -> Table:
        table = plain_table(_title(study), [*first, *heads], _caption(study))
        columns = [cells_of(tables[name], name, narrow) for name in chosen]
        for name in study.scenarios:
            values = [level(study.levers[name][key]) for key in swept] or [spoken(name)]
            style = "bold" if name == study.baseline and len(study.scenarios) > 1 else None
            table.add_row(*values, *(column.get(name, "–") for column in columns), style=style)
        return table

    return fitting(width, partial(build, False), partial(build, True))


def _title(study: Comparison) -> str:
    count, times = len(study.scenarios), study.runs["replication"].nunique()
    return f"{count} scenario{'s' * (count != 1)}, {times} replication{'s' * (times != 1)} on the same problems"


def _caption(study: Comparison) -> str:
    sure = f"± is half the {100 * study.confidence:g} % interval of the mean"
    return f"{sure}; the baseline is in bold" if len(study.scenarios) > 1 else sure


def differences_table(study: Comparison, width: int = USUAL, measures: Iterable[str] = DIFFERENCES) -> Table:
    """Set out the differences of every scenario from the baseline, paired by replication.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    width
        Columns of the terminal.
    measures
        Which measures.
    """
    chosen = [name for name in measures if name in study.measures]
    table = study.differences(chosen)
    title = f"Differences from {spoken(study.baseline)}, paired by replication"
    return paired_table(title, [("scenario", "left")], table, chosen, lambda name, _: [spoken(name)], width)


def paired_table(
    title: str, first: Sequence[tuple[str, str]], table: pd.DataFrame, measures: Sequence[str],
    values: Callable[[str, bool], list[str]], width: int,
) -> Table:  # fmt: skip
    """Set out paired differences: a row per scenario, a column per measure; a star where they are sure.

    Parameters
    ----------
    title
        One line above the table.
    first
        Headings of the columns that name the scenario.
    table
        Tidy: scenario, measure, difference, low, high, p.
    measures
        Which measures.
    values
        Gives the cells that name a scenario; told whether intervals stand below their numbers.
    width
        Columns of the terminal.
    """
    units = {name: shown(name, float(table[table["measure"] == name]["difference"].abs().max())) for name in measures}
    heads = [(f"{HEADINGS.get(name, how.label)}\n{_difference_unit(how.unit)}".rstrip(), "right")
             for name, how in units.items()]  # fmt: skip
    cells = {
        (row.scenario, row.measure): _difference(row, units[str(row.measure)].factor) for row in table.itertuples()
    }

    def build(narrow: bool) -> Table:
        out = plain_table(title, [*first, *heads], "* differs from 0 with p < 0.05")
        for name in table["scenario"].unique():
            texts = [cells.get((name, measure), "–") for measure in measures]
            out.add_row(*values(str(name), narrow), *(in_two_lines(text) if narrow else text for text in texts))
        return out

    return fitting(width, partial(build, False), partial(build, True))


def _difference_unit(unit: str) -> str:
    return "% points" if unit == "%" else unit


def _difference(row: object, factor: float) -> str:
    value, low, high, p = (float(getattr(row, name)) for name in ("difference", "low", "high", "p"))
    text = signed(value * factor, half_width(low, high) * factor)
    return f"{text} *" if p < SURE and value != 0.0 else text


def run_table(result: Result, width: int = USUAL) -> Table:
    """Set out the measures of one run, the figures that a report printed beside them.

    Parameters
    ----------
    result
        One run.
    width
        Columns of the terminal; in narrow ones the measures' names for scripts are left out.
    """
    reported = result.scenario.reported
    heads = [("name in results", "left"), ("measure", "left"), ("value", "right"), ("unit", "left")]
    heads += [("reported", "right")] if reported else []
    days = result.scenario.run.days
    title = f"{result.scenario.name}: {len(result.outcome):,} problems in {days:g} days, seed {result.seed}"

    def build(start: int) -> Table:
        table = plain_table(title, heads[start:])
        for name, value in result.measures.items():
            how = shown(str(name), abs(float(value)))
            cells = [str(name), how.label, number(float(value) * how.factor), how.unit]
            said = reported.get(str(name))
            cells += [number(said.value * how.factor) if said else ""] if reported else []
            table.add_row(*cells[start:])
        return table

    return fitting(width, partial(build, 0), partial(build, 1))


def measures_table(study: Comparison, width: int = USUAL) -> Table:
    """Set out every measure of a single scenario over its replications, with its interval.

    Parameters
    ----------
    study
        A comparison of one scenario.
    width
        Columns of the terminal; in narrow ones the measures' names for scripts are left out.
    """
    heads = [("name in results", "left"), ("measure", "left"), ("mean", "right"), ("unit", "left")]

    def build(start: int) -> Table:
        table = plain_table(f"{study.baseline}: {_title(study)}", heads[start:], _caption(study))
        for row in study.table().itertuples():
            how = shown(str(row.measure), abs(float(row.mean)))  # type: ignore[arg-type]
            spread = half_width(float(row.low), float(row.high)) * how.factor  # type: ignore[arg-type]
            cells = [str(row.measure), how.label, with_spread(float(row.mean) * how.factor, spread), how.unit]  # type: ignore[arg-type]
            table.add_row(*cells[start:])
        return table

    return fitting(width, partial(build, 0), partial(build, 1))


def frame_table(title: str, frame: pd.DataFrame) -> Table:
    """Set out any small table, such as the one of the ready-made sites.

    Parameters
    ----------
    title
        One line above the table.
    frame
        Its rows, named by the index.
    """
    flat = frame.reset_index()
    sides = ["right" if kind.kind in "if" else "text" for kind in flat.dtypes]
    heads = [spoken(str(name)).replace(" per ", "\nper ") for name in flat.columns]
    table = plain_table(title, list(zip(heads, sides, strict=True)))
    for column in table.columns:
        column.vertical = "top"
    for row in flat.itertuples(index=False):
        table.add_row(*(number(float(value)) if side == "right" else str(value)
                        for value, side in zip(row, sides, strict=True)))  # fmt: skip
    return table


__all__ = [
    "cells_of", "comparison_table", "differences_table", "frame_table", "heading", "measures_table", "paired_table",
    "plain_table", "run_table",
]  # fmt: skip
