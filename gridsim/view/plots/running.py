"""Figures of single runs: response curve, backlog, where the time goes, and the map of the cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Rectangle

from ...simulation.events import PARTS
from ...simulation.instants import as_hours, in_hours
from ...simulation.outcome.measures import response_times
from ...simulation.outcome.result import Result
from ...simulation.outcome.survival import survival_curve
from ...simulation.plan.territory import lattice
from ...simulation.rules import HOUR, UNSET
from ..names import PART_LABELS
from ..reading import where_hours
from . import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...study.comparing.comparison import Comparison

    Source = Result | Mapping[str, Result] | Comparison

Floats = np.ndarray[Any, np.dtype[np.float64]]

HOURS_PER_DAY = 24.0
LONG_RUN_DAYS = 3.0
FIRST_MINUTE = 1.0 / 60.0
WIDE_RANGE = 20.0
NEARLY_ALL = 0.98
LEGEND_COLUMNS = 3
ALL_TIERS = "all tiers"
PANEL = 4.8  # inches for what is drawn, beside long names
ROOM = 1.03  # of the longest bar, so that none touches the frame


def results_of(source: Source, parts: bool = False) -> dict[str, Result]:
    """Give the runs to draw, by name.

    Parameters
    ----------
    source
        One result, several by name, or a comparison: then the first replication of each scenario is run again.
    parts
        Whether the time per tier is needed; a result that was run without keeping it is run again.
    """
    if isinstance(source, Result):
        runs = {source.scenario.name: source}
    elif isinstance(source, Mapping):
        runs = dict(source)
    else:
        return {name: _again(source.scenarios[name], seed, parts) for name, seed in _first_seeds(source).items()}
    if not parts:
        return runs
    return {
        name: run if run.outcome.where_by_tier is not None else _again(run.scenario, run.seed, True)
        for name, run in runs.items()
    }


def _first_seeds(study: Comparison) -> dict[str, int]:
    first = study.runs.sort_values("replication", kind="stable").drop_duplicates("scenario").set_index("scenario")
    return {name: int(first.loc[name, "seed"]) for name in study.scenarios}  # type: ignore[arg-type]


def _again(scenario: Any, seed: int, parts: bool) -> Result:
    from ...simulation.simulate import simulate

    return simulate(scenario, seed=seed, parts=parts)


def response_curve(source: Source, ax: Axes | None = None) -> Axes:
    """Draw which share of the reported problems has had its first response by when (Kaplan-Meier).

    Problems still waiting at the end of a run count as long as they were seen to wait.

    Parameters
    ----------
    source
        One result, several by name, or a comparison (the first replication of each scenario).
    ax
        Axes to draw on; absent: a new figure's.
    """
    curves = {name: survival_curve(*response_times(run.outcome)) for name, run in results_of(source).items()}
    until, logarithmic = _range_of(list(curves.values()))
    ax = style.axes_of(ax, height=style.height_with_legend(list(curves), LEGEND_COLUMNS))
    factor, unit = (60.0, "min") if until < 1.0 else (1.0, "h")
    for k, (name, (hours, share)) in enumerate(curves.items()):
        x, y = _step_to(hours, share, until)
        ax.step(
            x * factor, 100.0 * y, where="post", label=style.named(name), linewidth=1.8, **style.line(k, len(curves))
        )
    if logarithmic:
        ax.set_xscale("log")
    ax.set_xlim(FIRST_MINUTE * factor if logarithmic else 0.0, until * factor)
    ax.set_ylim(0.0, 102.0)
    ax.set_xlabel(f"time since the report ({unit})")
    ax.set_ylabel("problems with a response (%)")
    style.plain_numbers(ax.xaxis)
    style.grid_lines(ax)
    if len(curves) > 1:
        style.legend_above(ax, LEGEND_COLUMNS)
    return ax


def _range_of(curves: list[tuple[Floats, Floats]]) -> tuple[float, bool]:
    """Up to which hour curves are worth seeing, and whether only a logarithmic axis shows them all."""
    ends, middles = [], []
    for hours, share in curves:
        ends.append(float(hours[min(np.searchsorted(share, NEARLY_ALL * share[-1]), len(hours) - 1)]))
        middles.append(float(hours[min(np.searchsorted(share, 0.5 * share[-1]), len(hours) - 1)]))
    until = max([*ends, 2 * FIRST_MINUTE]) * 1.05
    return until, until > WIDE_RANGE * max(min(middles), FIRST_MINUTE)


def _step_to(hours: Floats, share: Floats, until: float) -> tuple[Floats, Floats]:
    within = hours <= until
    return np.append(hours[within], until), np.append(share[within], share[within][-1])


def backlog(source: Source, ax: Axes | None = None) -> Axes:
    """Draw the number of open problems over time; the measured part of the run is between the dotted lines.

    Parameters
    ----------
    source
        One result, several by name, or a comparison (the first replication of each scenario).
    ax
        Axes to draw on; absent: a new figure's.
    """
    runs = results_of(source)
    tables = {name: run.timeline for name, run in runs.items()}
    longest = max(float(table["hour"].iloc[-1]) for table in tables.values())
    factor, unit = (1.0 / HOURS_PER_DAY, "days") if longest > LONG_RUN_DAYS * HOURS_PER_DAY else (1.0, "h")
    ax = style.axes_of(ax, height=style.height_with_legend(list(runs), LEGEND_COLUMNS))
    for k, (name, table) in enumerate(tables.items()):
        ax.step(table["hour"] * factor, table["backlog"], where="post", label=style.named(name), linewidth=1.3,
                **style.line(k, len(runs)))  # fmt: skip
    for edge in sorted({edge for run in runs.values() for edge in in_hours(run.outcome.plan.window).tolist()}):
        if 0.0 < edge < longest:
            ax.axvline(edge * factor, color=style.INK, linestyle=":", linewidth=1.0)
    ax.set_xlim(0.0, longest * factor)
    ax.set_ylim(bottom=0.0)
    ax.set_xlabel(f"time since the start ({unit})")
    ax.set_ylabel("open problems")
    style.plain_numbers(ax.xaxis, ax.yaxis)
    style.grid_lines(ax)
    if len(runs) > 1:
        style.legend_above(ax, LEGEND_COLUMNS)
    return ax


def where_time_goes(source: Source, ax: Axes | None = None) -> Axes:
    """Draw where a reported problem spends its hours, tier by tier: inbox, triage, queue, travel, work, lost.

    Parameters
    ----------
    source
        One result, several by name, or a comparison (the first replication of each scenario). Runs that did
        not keep the time per tier (`simulate(..., parts=True)`) are run again.
    ax
        Axes to draw on; absent: a new figure's.
    """
    runs = results_of(source, parts=True)
    rows = [
        row for name, run in runs.items() for row in _rows_of(style.named(name) if len(runs) > 1 else ALL_TIERS, run)
    ]
    names = [name for name, _, _ in rows]
    table, closed = np.array([hours for _, hours, _ in rows]), np.array([hours for _, _, hours in rows])
    factor, unit = (60.0, "min") if np.nansum(table, axis=1).max() < 1.0 else (1.0, "h")
    width = max(8.0, PANEL + style.room_for(names))
    ax = style.axes_of(ax, width, 1.4 + style.ROW * len(rows))
    _stack(ax, names, table * factor, closed * factor)
    ax.set_xlabel(f"mean time of a reported problem, in bold of all tiers ({unit})")
    style.grid_lines(ax, "x")
    style.plain_numbers(ax.xaxis)
    style.legend_above(ax)
    return ax


def _rows_of(name: str, run: Result) -> list[tuple[str, Floats, float]]:
    """A run's name, hours of each part, and those of the inbox with leaders off duty; below it its tiers, the top first.

    Which hours in the inbox were off duty is known of all tiers together only: nan for a tier.
    """
    by_tier = _hours_by_tier(run)
    tiers = [
        (style.named(tier), hours, np.nan) for tier, hours in zip(run.outcome.plan.tier_names, by_tier, strict=True)
    ]
    return [(name, by_tier.sum(axis=0), where_hours(run.measured).get("inbox_closed", np.nan)), *tiers[::-1]]


def _hours_by_tier(run: Result) -> Floats:
    outcome = run.outcome
    start, end = outcome.plan.window
    measured = (outcome.reported_at >= start) & (outcome.reported_at < end)
    assert outcome.where_by_tier is not None
    mean: Floats = (outcome.where_by_tier[measured] / HOUR).sum(axis=0) / max(1, int(measured.sum()))
    return mean


def _stack(ax: Axes, names: list[str], table: Floats, closed: Floats) -> None:
    rows = np.arange(len(names))[::-1]
    left = np.zeros(len(names))
    for k, part in enumerate(PARTS):
        ax.barh(rows, table[:, k], left=left, height=0.62, color=style.COLOURS[k], hatch=style.hatch(k),
                edgecolor="white", linewidth=0.6, label=PART_LABELS[part])  # fmt: skip
        left += table[:, k]
    whole = ~np.isnan(closed)
    if closed[whole].any():
        ax.barh(rows[whole], closed[whole], height=0.3, color=style.INK, label="inbox, off duty")
    ax.set_yticks(rows, names)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.set_xlim(0.0, ROOM * float(table.sum(axis=1).max()) or 1.0)
    for text, is_whole in zip(ax.get_yticklabels(), whole, strict=True):
        text.set_fontweight("bold" if is_whole else "normal")


def map_of_cells(run: Result, of: str = "demand", ax: Axes | None = None) -> Axes:
    """Draw the cells where they lie, coloured by demand or by how long people wait there.

    Thick lines are the borders between units of the second tier (of the bottom tier where it is the only one).

    Parameters
    ----------
    run
        One run.
    of
        "demand" (problems that arise in a day), "response" (mean hours from report to response, of those that
        had one) or "closure" (share closed of those reported).
    ax
        Axes to draw on; absent: a new figure's.

    Raises
    ------
    ValueError
        If `of` is none of these.
    """
    values, heading = _by_cell(run, of)
    column, row = lattice(len(values))
    side = run.scenario.territory.cell_km
    field = np.full((int(row.max()) + 1, int(column.max()) + 1), np.nan)
    field[row, column] = values
    ax = style.axes_of(ax, width=6.0, height=5.0)
    extent = (0.0, field.shape[1] * side, 0.0, field.shape[0] * side)
    image = ax.imshow(field, cmap=style.LIGHT_TO_DARK, origin="lower", extent=extent)
    style.colour_bar(ax, image, heading, 100.0 if of == "closure" else np.inf)
    _hatch_cells_without_value(ax, values, column, row, side)
    plan = run.outcome.plan
    _borders(ax, plan.unit_of_cell[min(1, plan.tiers - 1)], column, row, side)
    ax.set_xlabel("east (km)")
    ax.set_ylabel("north (km)")
    style.plain_numbers(ax.xaxis, ax.yaxis)
    style.legend_above(ax)
    return ax


def _hatch_cells_without_value(ax: Axes, values: Floats, column: Any, row: Any, side: float) -> None:
    """Tell cells of the territory where nothing was measured from what lies outside of it."""
    for k, cell in enumerate(np.flatnonzero(np.isnan(values))):
        ax.add_patch(Rectangle((float(column[cell]) * side, float(row[cell]) * side), side, side, facecolor="white",
                               edgecolor=style.GREY, hatch="////", linewidth=0.0,
                               label="" if k else "cell without such problems"))  # fmt: skip


def _by_cell(run: Result, of: str) -> tuple[Floats, str]:
    outcome, cell = run.outcome, run.outcome.demand.cell
    cells = len(outcome.plan.residents)
    if of == "demand":
        return np.bincount(cell, minlength=cells) / (as_hours(outcome.plan.end) / HOURS_PER_DAY), "problems a day"
    reported = outcome.reported_at != UNSET
    if of == "response":
        wait = in_hours(outcome.first_response_at) - in_hours(outcome.reported_at)
        mean = _mean_by_cell(cell, wait, ~np.isnan(wait), cells)
        minutes = np.isfinite(mean).any() and np.nanmax(mean) < 1.0
        return (mean * 60.0, "mean response time (min)") if minutes else (mean, "mean response time (h)")
    if of == "closure":
        return 100.0 * _mean_by_cell(cell, outcome.closed_at != UNSET, reported, cells), "closed, of those opened (%)"
    raise ValueError(f"of = {of!r} cannot be mapped; allowed are demand, response, closure")


def _mean_by_cell(cell: Any, values: Any, known: Any, cells: int) -> Floats:
    count = np.bincount(cell[known], minlength=cells)
    total = np.bincount(cell[known], values[known].astype(float), minlength=cells)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _borders(ax: Axes, unit: Any, column: Any, row: Any, side: float) -> None:
    """Draw a line between every two neighbouring cells of different units."""
    at = {(int(x), int(y)): int(u) for x, y, u in zip(column, row, unit, strict=True)}
    lines = []
    for (x, y), here in at.items():
        if at.get((x + 1, y), here) != here:
            lines.append([((x + 1) * side, y * side), ((x + 1) * side, (y + 1) * side)])
        if at.get((x, y + 1), here) != here:
            lines.append([(x * side, (y + 1) * side), ((x + 1) * side, (y + 1) * side)])
    for (x0, y0), (x1, y1) in lines:
        ax.plot([x0, x1], [y0, y1], color="white", linewidth=4.0, solid_capstyle="round")
    for (x0, y0), (x1, y1) in lines:
        ax.plot([x0, x1], [y0, y1], color=style.INK, linewidth=1.8, solid_capstyle="round")
