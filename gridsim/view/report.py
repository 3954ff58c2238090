"""Tables for the terminal: a scenario's run, a comparison, the main job; numbers with intervals and units."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich import box
from rich.table import Table

from ..simulation.outcome.measure_table import (
    BUSY_LEADERS,
    COST_PER_DAY,
    LOAD,
    LOAD_OF_LEADERS,
    Headline,
    measure_of_tier,
    row_of,
)
from ..simulation.outcome.notebook import unit_at
from .names import AT_LEAST, MINUS, PART_LABELS, PLUS, level, number, one_line, shown, spoken, with_interval
from .reading import clock_of, cut_short, readings, swept_columns, tiers_of, where_hours
from .terminal import needed_width

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping, Sequence

    from ..simulation.outcome.measure_table import Measure
    from ..simulation.outcome.result import Result
    from ..study.comparing.comparison import Comparison

SURE = 0.05
SMALL = 100  # columns of a terminal below which some measures are left out
USUAL = 118  # columns of a terminal
LOADS = (LOAD, LOAD_OF_LEADERS, BUSY_LEADERS)
ABOUT_MARK = f"{AT_LEAST} a mean that the end of the run cut short: the true one is larger"
ABOUT_LOADS = "tiers from the bottom to the top; load is work offered / hours on duty"


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
    title = one_line(title)
    table = Table(title=title, caption=caption, box=box.SIMPLE_HEAD, title_justify="left", caption_justify="left",
                  title_style="bold", pad_edge=False, collapse_padding=True)  # fmt: skip
    for heading, side in columns:
        right = side == "right"
        table.add_column(heading, justify="right" if right else "left", no_wrap=side != "text",
                         vertical="bottom" if right else "top")  # fmt: skip
    return table


def heading(measure: Measure, largest: float, difference: bool = False) -> str:
    """A short heading of a measure in two lines, its unit in a third; of a difference of shares that is % points."""
    how = shown(measure, largest)
    unit = "% points" if difference and how.unit == "%" else how.unit
    return f"{measure.short or how.label}\n{unit}".rstrip()


def cells_of(table: pd.DataFrame, measure: Measure, narrow: bool, cut: Container[str] = ()) -> dict[str, str]:
    """Write one measure of every scenario with its interval, in the unit of its heading.

    Parameters
    ----------
    table
        As `readings` gives it.
    measure
        Its row in the table of measures.
    narrow
        Whether intervals stand below their numbers.
    cut
        Scenarios whose mean is restricted: it is marked as one that the true mean is larger than.
    """
    how = shown(measure, float(table["mean"].max()))
    cells = {}
    for name, row in table.iterrows():
        mean, low, high = (float(row[name]) * how.factor for name in ("mean", "low", "high"))
        text = number(mean) if measure.name == COST_PER_DAY else with_interval(mean, low, high)
        text = f"{AT_LEAST}{text}" if name in cut else text
        cells[str(name)] = in_two_lines(text) if narrow else text
    return cells


def in_two_lines(text: str) -> str:
    """Put the interval below its number, or nothing where there is no interval."""
    value, _, interval = text.partition(" ")
    interval = interval.replace("(", "").replace(")", "")
    between = " to " if PLUS in interval or MINUS in interval else "–"
    return f"{value}\n{interval.replace(' to ', between) or ' '}"


def in_three_lines(text: str) -> str:
    """Put the second end of an interval below the first too; a third line in every case, so that numbers stay in line."""
    two = in_two_lines(text)
    return two.replace(" to ", " to\n") if " to " in two else f"{two}\n "


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


def comparison_table(study: Comparison, width: int = USUAL) -> Table:
    """Set the scenarios of a comparison side by side: a row each, measures with 95 % intervals.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    width
        Columns of the terminal; in narrow ones some measures are left out and intervals go below their numbers.
    """
    chosen = [*study.headline(Headline.DIFFERENCES if width < SMALL else Headline.TABLE), COST_PER_DAY]
    tables = {name: readings(study, name) for name in chosen}
    heads = [(heading(study.about[name], float(tables[name]["mean"].max())), "right") for name in chosen]
    swept = swept_columns(study)
    first = [(_key_heading(study, key), "left") for key in swept] or [("scenario", "left")]

    def build(narrow: bool) -> Table:
        table = plain_table(_title(study), [*first, *heads], _caption(study, chosen))
        columns = [cells_of(tables[name], study.about[name], narrow, cut_short(study, name)) for name in chosen]
        for name in study.scenarios:
            values = [level(study.levers[name][key]) for key in swept] or [spoken(name)]
            style = "bold" if name == study.baseline and len(study.scenarios) > 1 else None
            table.add_row(*values, *(column.get(name, "–") for column in columns), style=style)
        return table

    return fitting(width, partial(build, False), partial(build, True))


def loads_table(study: Comparison) -> Table:
    """Set out how loaded the staff and the leaders of every tier are, a row per scenario.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    """
    swept = swept_columns(study)
    first = [(_key_heading(study, key), "left") for key in swept] or [("scenario", "left")]
    rows = {name: [level(study.levers[name][key]) for key in swept] or [spoken(name)] for name in study.scenarios}
    return tiers_table("Load", study, first, rows, LOADS)


def tiers_table(
    title: str,
    study: Comparison,
    first: Sequence[tuple[str, str]],
    rows: Mapping[str, list[str]],
    kinds: Sequence[str],
) -> Table:
    """Set out shares of every tier in percent, from the bottom to the top: "87/11/2".

    Parameters
    ----------
    title
        One line above the table.
    study
        What `compare` or `sweep` gave.
    first
        Headings of the columns that name the scenario.
    rows
        The cells that name each scenario.
    kinds
        Rows of the table of measures, such as "offered_load.<tier>.leader"; what nobody has is left out.
    """
    means = study.runs.groupby("scenario")[[*study.measures]].mean()
    known = [kind for kind in kinds if has_any(study, kind, rows)]
    heads = [(_about_kind(kind).short, "right") for kind in known]
    table = plain_table(title, [*first, *heads], _about_loads(study, means, known, rows))
    for name, cells in rows.items():
        table.add_row(*cells, *(per_tier_cell(study, means, name, kind) for kind in known))
    return table


def _about_kind(kind: str) -> Measure:
    row = row_of(measure_of_tier(kind, "tier"))
    assert row is not None, "rows of the table are asked for"
    return row


def _about_loads(study: Comparison, means: pd.DataFrame, kinds: Iterable[str], names: Iterable[str]) -> str:
    """How the tiers stand, and what more than 100 % means where there is such."""
    shares = {kind: means.reindex(columns=[measure_of_tier(kind, tier) for name in names for tier in tiers_of(study, name)])
              for kind in kinds}  # fmt: skip
    over = [
        _about_kind(kind).above for kind, table in shares.items() if (table.loc[list(names)] > 1.005).any(axis=None)
    ]
    return "; ".join([ABOUT_LOADS, *(f"over 100 is {word}" for word in dict.fromkeys(over))])


def has_any(study: Comparison, kind: str, names: Iterable[str]) -> bool:
    """Whether some scenario has a measure of its tiers, such as "offered_load.<tier>.leader" of tier grid."""
    return any(measure_of_tier(kind, tier) in study.measures for name in names for tier in tiers_of(study, name))


def per_tier_cell(study: Comparison, means: pd.DataFrame, name: str, kind: str) -> str:
    """Write a share of each tier of a scenario in percent, from the bottom to the top: "87/11/2"."""
    found: list[Any] = [means.loc[name].get(measure_of_tier(kind, tier), math.nan) for tier in tiers_of(study, name)]
    return "/".join(_percent(float(share)) for share in found)


def _percent(share: float) -> str:
    """Whole percent; what is not quite nothing or not quite all is not said to be."""
    if math.isnan(share):
        return "–"
    if 0.0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1.0 else f"{100.0 * share:.0f}"


def _key_heading(study: Comparison, key: str) -> str:
    """The heading of a swept key; that of a limit on waiting says on which clock it runs."""
    last = key.rpartition(".")[2]
    return (
        f"goes up\nafter\n({clock_of(study)})".replace("hours (", "hours\n(") if last == "after_hours" else spoken(last)
    )


def _title(study: Comparison) -> str:
    count, times = len(study.scenarios), study.runs["replication"].nunique()
    return f"{count} scenario{'s' * (count != 1)}, {times} replication{'s' * (times != 1)} on the same problems"


def _caption(study: Comparison, measures: Iterable[str]) -> str:
    bold = "; the baseline is in bold" if len(study.scenarios) > 1 else ""
    return f"{about_intervals(study, measures)}{bold}"


def about_intervals(study: Comparison, measures: Iterable[str]) -> str:
    """What stands beside a mean: its interval, and the mark of a mean that the end of the run cut short."""
    sure = f"± is half the {100 * study.confidence:g} % interval of the mean, where uneven its two ends"
    marked = any(cut_short(study, measure) for measure in measures)
    return f"{sure}; {ABOUT_MARK}" if marked else sure


def differences_table(study: Comparison, width: int = USUAL) -> Table:
    """Set out the differences of every scenario from the baseline, paired by replication.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    width
        Columns of the terminal.
    """
    chosen = study.headline(Headline.DIFFERENCES)
    table = study.differences(chosen)
    title = f"Differences from {spoken(study.baseline)}, paired by replication"
    about = [study.about[name] for name in chosen]
    return paired_table(title, [("scenario", "left")], table, about, lambda name, _: [spoken(name)], width)


def paired_table(
    title: str, first: Sequence[tuple[str, str]], table: pd.DataFrame, measures: Sequence[Measure],
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
        Their rows in the table of measures.
    values
        Gives the cells that name a scenario; told whether intervals stand below their numbers.
    width
        Columns of the terminal.
    """
    largest = {one.name: float(table[table["measure"] == one.name]["difference"].abs().max()) for one in measures}
    units = {one.name: shown(one, largest[one.name]) for one in measures}
    heads = [(heading(one, largest[one.name], difference=True), "right") for one in measures]
    cells = {
        (row.scenario, row.measure): difference_cell(row, units[str(row.measure)].factor) for row in table.itertuples()
    }

    def build(write: Callable[[str], str], narrow: bool) -> Table:
        out = plain_table(title, [*first, *heads], "* differs from 0 with p < 0.05")
        for name in table["scenario"].unique():
            texts = [cells.get((name, measure), "–") for measure in units]
            out.add_row(*values(str(name), narrow), *map(write, texts))
        return out

    forms = (partial(build, str, False), partial(build, in_two_lines, True), partial(build, in_three_lines, True))
    return fitting(width, *forms)


def difference_cell(row: object, factor: float) -> str:
    """Write a paired difference with its interval, and a star where it is sure.

    Parameters
    ----------
    row
        Has difference, low, high and p.
    factor
        What they are multiplied by to be in the unit of the heading.
    """
    value, low, high, p = (float(getattr(row, name)) for name in ("difference", "low", "high", "p"))
    text = with_interval(value * factor, low * factor, high * factor, signs=True)
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
    title = f"{result.scenario.name}: {result.extent}"

    def build(start: int) -> Table:
        table = plain_table(title, heads[start:], ABOUT_MARK if result.restricted else None)
        for name, value in result.measures.items():
            row = result.about[str(name)]
            if row.headline == Headline.FILES:
                continue
            how = shown(row, abs(float(value)))
            mark = AT_LEAST if name in result.restricted else ""
            cells = [
                str(name),
                how.label,
                f"{mark}{number(float(value) * how.factor)}",
                unit_at(row, how.unit, float(value)),
            ]
            said = reported.get(str(name))
            cells += [number(said.value * how.factor) if said else ""] if reported else []
            table.add_row(*cells[start:])
        return table

    return fitting(width, partial(build, 0), partial(build, 1))


def where_table(problems: pd.DataFrame) -> Table:
    """Set out where a problem spends its hours: waiting for a decision, closed or busy, for a person, in work.

    Parameters
    ----------
    problems
        The measured rows of `Result.problems`.
    """
    hours = where_hours(problems)
    whole = sum(hours.values())
    how = shown("resolution_hours_mean", whole)
    table = plain_table(
        "Where the time goes", [("", "left"), (f"mean of a\nproblem\n{how.unit}", "right"), ("share\n%", "right")]
    )
    for part, value in hours.items():
        table.add_row(PART_LABELS[part], number(value * how.factor), _percent(value / whole if whole else math.nan))
    return table


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
        table = plain_table(f"{study.baseline}: {_title(study)}", heads[start:], _caption(study, study.measures))
        for row in study.table().itertuples():
            about, mean = study.about[str(row.measure)], float(row.mean)  # type: ignore[arg-type]
            if about.headline == Headline.FILES:
                continue
            how = shown(about, abs(mean))
            ends = (float(getattr(row, name)) * how.factor for name in ("mean", "low", "high"))
            mark = AT_LEAST if cut_short(study, str(row.measure)) else ""
            cells = [str(row.measure), how.label, f"{mark}{with_interval(*ends)}", unit_at(about, how.unit, mean)]
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
        table.add_row(*("-" if value is pd.NA else number(float(value)) if side == "right" else str(value)
                        for value, side in zip(row, sides, strict=True)))  # fmt: skip
    return table


__all__ = [
    "cells_of", "comparison_table", "differences_table", "frame_table", "heading", "loads_table", "measures_table",
    "paired_table", "plain_table", "run_table", "where_table",
]  # fmt: skip
