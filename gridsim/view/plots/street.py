"""The main job as one figure: closure rates by three definitions and response, for every design."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...simulation.outcome.measure_table import BUILT_IN, LOAD, measure_of_tier
from ..names import shown
from ..reading import bounds, readings, tiers_of
from . import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from ...study.comparing.comparison import Comparison

CLOSURE = ("closure_rate", "due_closure_rate", "on_time_rate")  # the three definitions, which this figure is about
RESPONSE = ("response_hours_mean", "response_hours_p90")
ROW_GAP = 0.24  # between the rules of one design, in rows
PANEL_WIDTH, PANEL_HEIGHT = 2.9, 3.3  # inches
WIDE_RANGE = 8.0


def street(study: Comparison, ax: Axes | None = None) -> Axes:
    """Draw the main job: a row of panels per headcount, a column per measure, designs down, rules side by side.

    Parameters
    ----------
    study
        What `street_study` gave.
    ax
        Axes whose place the panels take (its frame is hidden); absent: a new figure's.
    """
    measures = (*CLOSURE, RESPONSE[0])
    tables = {measure: readings(study, measure) for measure in (*measures, RESPONSE[1])}
    levers = tables[measures[0]]
    headcounts = list(dict.fromkeys(levers["headcount"]))
    size = PANEL_WIDTH * len(measures) + 1.6, PANEL_HEIGHT * len(headcounts) + 0.5
    ax = style.axes_of(ax, *size)
    ax.set_axis_off()
    place = ax.get_subplotspec()
    assert place is not None, "the axes must stand in a grid, as those of plt.subplots do"
    grid = place.subgridspec(len(headcounts), len(measures))
    panels = grid.subplots(sharex="col", sharey=True, squeeze=False)
    for column, measure in enumerate(measures):
        for row, headcount in enumerate(headcounts):
            _panel(panels[row, column], tables, measure, headcount)
        _x_axis(panels[:, column], tables, measure)
    _y_axes(panels, levers, [_of_people(study, headcount) for headcount in headcounts])
    _legend(ax, panels[0, -1], 100.0 * study.confidence)
    return ax


def _panel(ax: Axes, tables: dict[str, pd.DataFrame], measure: str, headcount: int) -> None:
    style.axes_of(ax)
    style.grid_lines(ax, "x")
    table = tables[measure]
    designs, rules = (list(dict.fromkeys(table[name])) for name in ("design", "rule"))
    factor = _factor(tables, measure)
    for k, rule in enumerate(rules):
        chosen = table[(table["headcount"] == headcount) & (table["rule"] == rule)]
        rows = (
            np.array([designs.index(name) for name in chosen["design"]], float) + (k - (len(rules) - 1) / 2) * ROW_GAP
        )
        ends = bounds(chosen, BUILT_IN[measure]).to_numpy(float) * factor
        ax.hlines(rows, ends[:, 0], ends[:, 1], color=style.COLOURS[k], linewidth=1.6)
        ax.plot(
            chosen["mean"] * factor,
            rows,
            style.MARKERS[k],
            color=style.COLOURS[k],
            markersize=5.5,
            label=rule,
        )
        if measure == RESPONSE[0]:
            p90 = tables[RESPONSE[1]].loc[chosen.index, "mean"] * factor
            ax.plot(p90, rows, style.MARKERS[k], color=style.COLOURS[k], markersize=5.5, markerfacecolor="white",
                    label="_p90")  # fmt: skip


def _factor(tables: dict[str, pd.DataFrame], measure: str) -> float:
    return shown(measure, _largest(tables, measure)).factor


def _largest(tables: dict[str, pd.DataFrame], measure: str) -> float:
    names = RESPONSE if measure in RESPONSE else (measure,)
    return float(max(tables[name]["mean"].max() for name in names))


def _x_axis(column: np.ndarray[Any, Any], tables: dict[str, pd.DataFrame], measure: str) -> None:
    how = shown(measure, _largest(tables, measure))
    means = tables[measure]["mean"]
    if measure == RESPONSE[0]:
        if means.min() > 0 and _largest(tables, measure) > WIDE_RANGE * means.min():
            column[0].set_xscale("log")
        column[-1].set_xlabel(f"response time ({how.unit})\nfilled: mean, open: 90th percentile")
    else:
        column[-1].set_xlabel(how.heading.replace(", of", ",\nof"))
    for ax in column:
        style.plain_numbers(ax.xaxis)


def _of_people(study: Comparison, headcount: int) -> str:
    """How many people there are, and how loaded those nearest the residents are under the study's baseline."""
    base = {**study.levers[study.baseline], "headcount": headcount}
    name = next((name for name, lever in study.levers.items() if lever == base), None)
    if name is None:
        return f"{headcount:,} people"
    load = float(readings(study, measure_of_tier(LOAD, tiers_of(study, name)[0]))["mean"][name])
    return f"{headcount:,} people\n(bottom tier {100.0 * load:.0f} % loaded)"


def _y_axes(panels: np.ndarray[Any, Any], levers: pd.DataFrame, names: list[str]) -> None:
    designs = list(dict.fromkeys(levers["design"]))
    for row, name in enumerate(names):
        first = panels[row, 0]
        first.set_yticks(range(len(designs)), [style.named(design) for design in designs])
        first.set_ylim(len(designs) - 0.5, -0.5)
        first.set_ylabel(name, fontsize=11, labelpad=8)
        for ax in panels[row]:
            ax.tick_params(axis="y", length=0)
            for edge in range(1, len(designs)):
                ax.axhline(edge - 0.5, color=style.GREY, linewidth=0.4)


def _legend(whole: Axes, panel: Axes, percent: float) -> None:
    handles, labels = panel.get_legend_handles_labels()
    shown_once = [(handle, name) for handle, name in zip(handles, labels, strict=True) if not name.startswith("_")]
    figure = whole.get_figure(root=True)
    assert figure is not None
    figure.legend([h for h, _ in shown_once], [name for _, name in shown_once], loc="outside upper center",
                  ncols=3, frameon=False, title=f"escalation; lines: {percent:g} % intervals")  # fmt: skip
