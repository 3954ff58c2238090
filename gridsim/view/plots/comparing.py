"""Figures of a comparison or a sweep: measures with intervals, cost against response, two swept parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...study.methods.selection import sign_of
from ..names import level, number, shown
from ..reading import bounds, clock_of, readings, swept_columns
from . import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ...study.comparing.comparison import Comparison

FEW_ENOUGH_TO_NAME = 24
WIDE_RANGE = 30.0  # from here on a logarithmic axis shows the small values too
WIDE_COSTS = 6.0
DARK_HALF = 0.5
PANEL = 4.8  # inches for what is drawn, beside long names
NO_VALUE = "no value"
BEATEN = "dearer or worse than another"


def comparison(
    study: Comparison, measure: str = "response_hours_mean", ax: Axes | None = None, ordered: bool = True
) -> Axes:
    """Draw one measure of every scenario: a dot at the mean, a line over its 95 % interval.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    measure
        A measure of the model, such as "closure_rate"; times are shown in hours or minutes, shares in percent.
    ax
        Axes to draw on; absent: a new figure's.
    ordered
        Sort the scenarios by the measure (largest at the top); otherwise they stay as they were given.

    Raises
    ------
    StudyError
        If the comparison has no such measure.
    """
    table = readings(study, measure)
    table = table.sort_values("mean", na_position="first") if ordered else table.iloc[::-1]
    about = study.about[measure]
    how = shown(about, float(table["mean"].max()))
    values = table[["mean"]].join(bounds(table, about)).to_numpy(float) * how.factor
    names, most = [style.named(name) for name in table.index], style.most_of(about)
    ax = style.axes_of(ax, max(style.WIDTH, PANEL + style.room_for(names)), 1.2 + style.ROW * len(table))
    logarithmic = _spans_widely(values[:, 0])
    for row, (name, (mean, low, high)) in enumerate(zip(table.index, values, strict=True)):
        _dot(ax, row, (mean, low, high), name == study.baseline, logarithmic)
    if logarithmic:
        ax.set_xscale("log")
    style.show_range(ax, values, most)
    ax.set_yticks(range(len(table)), names)
    ax.set_ylim(-0.6, len(table) - 0.4)
    ax.set_xlabel(f"{style.as_is(how.heading)}; line: {100 * study.confidence:g} % interval")
    style.grid_lines(ax, "x")
    style.plain_numbers(ax.xaxis, most=most)
    return ax


def _dot(ax: Axes, row: int, value: tuple[float, float, float], baseline: bool, logarithmic: bool) -> None:
    mean, low, high = value
    if not np.isfinite(mean):
        ax.text(0.01, row, NO_VALUE, transform=ax.get_yaxis_transform(), va="center", color=style.INK, fontsize=9)
        return
    colour = style.COLOURS[5] if baseline else style.COLOURS[0]
    if baseline:
        ax.axvline(mean, color=colour, linewidth=1.0, linestyle="--", zorder=1)
    if np.isfinite(low) and np.isfinite(high):
        left = max(low, mean / WIDE_RANGE) if logarithmic else low
        ax.plot([left, high], [row, row], color=colour, linewidth=2.0, solid_capstyle="butt", zorder=2)
    ax.plot(mean, row, "D" if baseline else "o", color=colour, markersize=6.5, zorder=3)


def _spans_widely(values: np.ndarray[Any, Any], range_from: float = WIDE_RANGE) -> bool:
    known = values[np.isfinite(values)]
    return len(known) > 1 and known.min() > 0.0 and bool(known.max() > range_from * known.min())


def frontier(
    study: Comparison,
    measure: str = "response_hours_mean",
    cost: str = "cost_per_day",
    ax: Axes | None = None,
    larger: bool | None = None,
) -> Axes:
    """Draw cost against a measure; scenarios that none beats at once in cost and measure form the frontier.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    measure
        What money is to buy: response time by default; whether less or more is better its row says.
    cost
        "cost_per_day" (wages of a mean day), "cost_total" or "cost_per_closed".
    ax
        Axes to draw on; absent: a new figure's.
    larger
        Whether more of the measure is better; absent: as the table of measures says.

    Raises
    ------
    StudyError
        If neither is better, and it is not said which is wanted.
    """
    means = pd.DataFrame({"cost": readings(study, cost)["mean"], "gain": readings(study, measure)["mean"]}).dropna()
    about = study.about[measure]
    how, money = shown(about, float(means["gain"].max())), shown(study.about[cost])
    more = sign_of(measure, study.about, larger) > 0.0
    best = efficient(means["cost"].to_numpy(float), means["gain"].to_numpy(float), more)
    means = means * [money.factor, how.factor]
    named = means if len(means) <= FEW_ENOUGH_TO_NAME else means[best]
    width = max(8.0, PANEL + style.room_for(map(str, named.index)))
    ax = style.axes_of(ax, width, max(style.HEIGHT, 0.26 * min(len(means), FEW_ENOUGH_TO_NAME)))
    others = means[~best]
    if len(others):
        ax.plot(others["cost"], others["gain"], "o", color="#8A8A8A", markersize=6, label=BEATEN)
    edge = means[best].sort_values("cost")
    ax.plot(edge["cost"], edge["gain"], color=style.COLOURS[0], marker="D", markersize=7,
            drawstyle="steps-post", label="best value")  # fmt: skip
    if _spans_widely(means["gain"].to_numpy(float)):
        ax.set_yscale("log")
    if _spans_widely(means["cost"].to_numpy(float), WIDE_COSTS):
        ax.set_xscale("log")
    ax.set_xlabel(style.as_is(money.heading))
    ax.set_ylabel(style.as_is(how.heading))
    ax.margins(x=0.06, y=0.1)
    style.plain_numbers(ax.xaxis)
    style.plain_numbers(ax.yaxis, most=style.most_of(about))
    style.grid_lines(ax)
    if means.empty:
        ax.set(xticks=[], yticks=[])
        ax.text(0.5, 0.5, NO_VALUE, transform=ax.transAxes, ha="center", color=style.INK)
        return ax
    style.legend_above(ax)
    style.name_points(ax, named)
    return ax


def efficient(
    cost: np.ndarray[Any, Any], gain: np.ndarray[Any, Any], more: bool
) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Find what nothing else beats: nobody is at once cheaper or equal, better or equal, and one of both really.

    Parameters
    ----------
    cost, gain
        One number each per scenario.
    more
        Whether a larger gain is better.
    """
    loss = -gain if more else gain
    cheaper, better = cost[:, None] <= cost, loss[:, None] <= loss
    really = (cost[:, None] < cost) | (loss[:, None] < loss)
    return np.asarray(~(cheaper & better & really).any(axis=0))


def heat_map(
    study: Comparison, measure: str = "response_hours_mean", x: str | None = None, y: str | None = None,
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Draw a measure over two swept parameters, each field with its number.

    Parameters
    ----------
    study
        What `sweep` gave.
    measure
        A measure of the model.
    x, y
        Swept keys; absent: the first two.
    ax
        Axes to draw on; absent: a new figure's.

    Raises
    ------
    StudyError
        If fewer than two parameters were swept, or the keys are not among them.
    """
    x, y = _two_keys(study, x, y)
    table = readings(study, measure)
    columns, rows = _levels(table[x]), _levels(table[y])
    field = np.full((len(rows), len(columns)), np.nan)
    places = zip(table[x].map(level), table[y].map(level), table["mean"], strict=True)
    for column, row, value in places:
        field[rows.index(row), columns.index(column)] = value
    about = study.about[measure]
    how = shown(about, float(np.nanmax(field)) if np.isfinite(field).any() else np.nan)
    ax = style.axes_of(ax, width=max(3.6, 2.6 + 0.8 * len(columns)), height=max(3.2, 1.6 + 0.5 * len(rows)))
    _fields(ax, field * how.factor, style.as_is(how.heading), style.most_of(about))
    ax.set_xticks(
        range(len(columns)), list(map(style.as_is, columns)), rotation=30 if max(map(len, columns)) > 9 else 0
    )
    ax.set_yticks(range(len(rows)), list(map(style.as_is, rows)))
    ax.set_xlabel(style.key_in_words(x, clock_of(study)))
    ax.set_ylabel(style.key_in_words(y, clock_of(study)))
    return ax


def _two_keys(study: Comparison, x: str | None, y: str | None) -> tuple[str, str]:
    from ...study.errors import StudyError

    swept = swept_columns(study)
    x = x or next((key for key in swept if key != y), None)
    y = y or next((key for key in swept if key != x), None)
    if x is None or y is None or x not in swept or y not in swept:
        raise StudyError(f"a heat map needs two swept parameters; this study has {', '.join(swept) or 'none'}")
    return x, y


def _levels(column: pd.Series[Any]) -> list[str]:
    """The values of a swept parameter, in the order in which they were swept."""
    return list(dict.fromkeys(level(value) for value in column))


def _fields(ax: Axes, field: np.ndarray[Any, Any], heading: str, most: float) -> None:
    norm = "log" if _spans_widely(field.ravel()) else "linear"
    image = ax.imshow(field, cmap=style.LIGHT_TO_DARK, aspect="auto", origin="lower", norm=norm)
    style.colour_bar(ax, image, heading, most)
    for (row, column), value in np.ndenumerate(field):
        shade = image.cmap(image.norm(value)) if np.isfinite(value) else (1.0, 1.0, 1.0)
        dark = np.dot(shade[:3], (0.299, 0.587, 0.114)) < DARK_HALF
        ax.text(column, row, number(value), ha="center", va="center", color="white" if dark else style.INK)
