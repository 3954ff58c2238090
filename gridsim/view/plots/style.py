"""How every figure looks: colours, markers and hatches that survive colour blindness and printing in grey.

Colours: M. Okabe and K. Ito, "Color Universal Design", 2008, ordered so that neighbours also differ in
lightness. Whatever a colour tells is told a second time by a marker, a line style or a hatch.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ...scenario.errors import said
from ...simulation.outcome.notebook import read_as
from ..names import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.image import AxesImage

    from ...simulation.outcome.measure_table import Measure

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#999999")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1, 1, 1)), (0, (7, 3)))
MARK_EVERY = 0.12  # of the width of the axes
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++")
LIGHT_TO_DARK = "cividis_r"  # one lightness ramp, alike for all kinds of sight
GREY, INK = "#B0B0B0", "#222222"
WIDTH, HEIGHT = 7.0, 4.2  # inches
ROW = 0.3  # inches for one row of names
POINTS_PER_INCH = 72.0
LINE_POINTS = 11.0  # from one line of small text to the next
HAIR = 1e-9
POINTER = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 4, "relpos": (0.0, 0.5)}
LONGEST_NAME = 72  # letters; a longer one leaves no room for what it names
FEW_DECADES = 2.3  # below, a logarithmic axis also names 2 and 5
_off_screen: ContextVar[bool] = ContextVar("off_screen", default=False)
LETTER, HANDLE = 0.085, 0.6  # inches: a letter of small text, and what stands before it in a legend
LEGEND_ROW, MARGIN = 0.19, 0.8  # inches: a row of a legend, and what axes take beside the names of their rows
GENERIC_KEYS = ("tiers", "escalation", "*", "staff", "run", "problems", "territory", "residents")
KEY_WORDS = {
    "after_hours": "goes up after (h)",
    "count": "people per unit",
    "patrol_every_hours": "patrol every (h)",
    "speed_kmh": "speed (km/h)",
    "queue_limit": "longest queue",
    "work_hours": "work (h)",
    "limit_hours": "limit (h)",
    "cell_km": "side of a cell (km)",
    "per_1000_residents_per_day": "a day per 1,000 residents",
}


def axes_of(ax: Axes | None, width: float = WIDTH, height: float = HEIGHT) -> Axes:
    """Give the axes to draw on: those given, or a new figure's.

    Parameters
    ----------
    ax
        Axes of the caller; absent: a new figure is made.
    width, height
        Size of a new figure in inches.
    """
    if ax is None:
        make = Figure if _off_screen.get() else plt.figure
        ax = make(figsize=(width, height), layout="constrained").subplots()
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    return ax


def save(draw: Callable[[], Axes], path: Path, dots_per_inch: int) -> None:
    """Draw a figure of its own, without a window whatever the computer has, and keep it as a picture.

    Parameters
    ----------
    draw
        Draws on new axes and returns them.
    path
        The picture's file.
    dots_per_inch
        How fine.
    """
    token = _off_screen.set(True)
    try:
        figure = draw().get_figure(root=True)
        assert figure is not None
        figure.savefig(path, dpi=dots_per_inch)
    finally:
        _off_screen.reset(token)


def as_is(text: object) -> str:
    """Give a text from outside as a figure shows it: on one line, not endless, and a dollar sign begins no formula."""
    return said(text, LONGEST_NAME).replace("$", r"\$")


def named(name: object) -> str:
    """Give the name of a scenario, design, tier or role in words, as a figure shows it."""
    return as_is(spoken(str(name)))


def grid_lines(ax: Axes, axis: str = "both") -> None:
    """Draw faint lines to read values by, along "x", "y" or "both"."""
    ax.grid(axis=axis, color=GREY, alpha=0.45, linewidth=0.6)  # type: ignore[arg-type]


def look(k: int) -> dict[str, Any]:
    """Colour, marker and line style of the k-th thing in a figure."""
    turn = k // len(COLOURS)
    return {
        "color": COLOURS[k % len(COLOURS)],
        "marker": MARKERS[(k + turn) % len(MARKERS)],
        "linestyle": LINES[(k + turn) % len(LINES)],
    }


def line(k: int, of: int) -> dict[str, Any]:
    """Look of the k-th line among so many, its marker set here and there, at places of its own; a single one has none."""
    if of == 1:
        return look(k) | {"marker": None}
    return look(k) | {"markersize": 4.5, "markevery": (MARK_EVERY * k / of, MARK_EVERY)}


def hatch(k: int) -> str:
    """Hatch of the k-th thing in a figure."""
    return HATCHES[k % len(HATCHES)]


def legend_columns(names: Sequence[str], width: float, most_columns: int) -> int:
    """In how many columns names stand in a legend so many inches wide."""
    fitting = int((width - MARGIN) / (room_for(names) + HANDLE))
    return max(1, min(most_columns, len(names), fitting))


def height_with_legend(names: Sequence[str], most_columns: int) -> float:
    """Height of a new figure whose legend takes no room from what is drawn."""
    rows = -(-len(names) // legend_columns(names, WIDTH, most_columns)) if len(names) > 1 else 0
    return HEIGHT + LEGEND_ROW * rows


def legend_above(ax: Axes, most_columns: int = 6) -> None:
    """Put the legend above the axes, where it covers nothing, in as many columns as there is room for.

    Parameters
    ----------
    ax
        Axes that hold everything, their names of rows included.
    most_columns
        No more columns than that.
    """
    names = ax.get_legend_handles_labels()[1]
    if not names:
        return
    figure = ax.get_figure(root=True)
    assert figure is not None
    rows = room_for(text.get_text() for text in ax.get_yticklabels())
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=legend_columns(names, figure.get_size_inches()[0] - rows, most_columns),
        frameon=False,
        borderaxespad=0.3,
        handlelength=2.6,
        columnspacing=1.4,
        fontsize=9,
    )


def spread_out(places: Sequence[float], apart: float) -> list[float]:
    """Move numbers apart, as little as needed, so that neighbours keep a distance; their order stays.

    Parameters
    ----------
    places
        Numbers, in any order, wanted between 0 and 1.
    apart
        The distance to keep; less of it where there are too many to fit between 0 and 1.
    """
    apart = min(apart, 1.0 / max(1, len(places) - 1))
    order = sorted(range(len(places)), key=lambda k: places[k])
    groups: list[list[int]] = []
    for k in order:
        groups.append([k])
        while len(groups) > 1 and _start(groups[-1], places, apart) < _end(groups[-2], places, apart) + apart - HAIR:
            last = groups.pop()
            groups[-1].extend(last)
    moved = list(places)
    for group in groups:
        start = _start(group, places, apart)
        for rank, k in enumerate(group):
            moved[k] = start + apart * rank
    return moved


def _start(group: list[int], places: Sequence[float], apart: float) -> float:
    """Where the first of a group stands: the group around its mean, between 0 and 1."""
    length = apart * (len(group) - 1)
    return min(max(sum(places[k] for k in group) / len(group) - length / 2.0, 0.0), 1.0 - length)


def _end(group: list[int], places: Sequence[float], apart: float) -> float:
    return _start(group, places, apart) + apart * (len(group) - 1)


def plain_numbers(*axes: Axis, most: float = np.inf) -> None:
    """Write the numbers of axes as people do, also where the scale is logarithmic: 0.5, 20, 3,000.

    Parameters
    ----------
    axes
        Axes of numbers that are never below 0.
    most
        The largest number that there can be: 100 on an axis of shares in percent.
    """
    for axis in axes:
        if axis.get_scale() == "log":
            low, high = sorted(axis.get_view_interval())
            decades = np.log10(max(high, 1e-300) / max(low, 1e-300))
            steps = (1.0, 2.0, 5.0) if decades < FEW_DECADES else (1.0,)
            axis.set_major_locator(LogLocator(subs=steps))
            axis.set_minor_formatter(NullFormatter())
        axis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value) if -HAIR <= value <= most + HAIR else ""))


def _plain(value: float) -> str:
    return f"{0.0 if abs(value) < HAIR else value:,.10g}"


def most_of(measure: Measure) -> float:
    """The largest number that an axis of a measure names: 100 where it is a share that cannot exceed all."""
    return measure.most * read_as(measure)[0]


def room_for(names: Iterable[str]) -> float:
    """Inches that the longest of some names takes."""
    return LETTER * max(map(len, names), default=0)


def show_range(ax: Axes, values: np.ndarray[Any, Any], most: float) -> None:
    """Set the limits along x where matplotlib finds none of use: for no values at all, and for a single one.

    Parameters
    ----------
    ax
        Axes on which all is drawn.
    values
        Every number that is drawn, those of intervals included.
    most
        The largest number that there can be.
    """
    known = values[np.isfinite(values)]
    if not known.size:
        ax.set_xlim(0.0, min(most, 1.0))
        ax.set_xticks([])
    elif known.min() == known.max():
        top = float(known[0])
        ax.set_xlim(*((-0.02 * most, 1.02 * most) if np.isfinite(most) else (0.0, 2.0 * top or 1.0)))


def colour_bar(ax: Axes, image: AxesImage, heading: str, most: float = np.inf) -> None:
    """Put the scale of a coloured field beside it; where all values are alike, it names that one only.

    Parameters
    ----------
    ax
        Axes that hold the field.
    image
        The field.
    heading
        What is coloured, with its unit.
    most
        The largest number that there can be.
    """
    figure, field = ax.get_figure(), image.get_array()
    assert figure is not None
    assert field is not None
    values = np.ma.masked_invalid(field).compressed()
    bar = figure.colorbar(image, ax=ax, label=heading)
    if values.size and values.min() < values.max():
        plain_numbers(bar.ax.yaxis, most=most)
    else:
        bar.set_ticks(list(values[:1]), labels=[f"{value:,.4g}" for value in values[:1]])
        bar.minorticks_off()


def key_in_words(key: str, clock: str = "h") -> str:
    """Write a key path for an axis: whose, what, and the unit in brackets; of a limit on waiting, also its clock."""
    *whose, last = [part for part in key.split(".") if part not in GENERIC_KEYS]
    what = KEY_WORDS.get(last, last.replace("_", " "))
    what = what.replace("(h)", f"({clock})") if last == "after_hours" else what
    return f"{' '.join(whose).replace('_', ' ')}: {what}" if whose else what


def name_points(ax: Axes, points: pd.DataFrame) -> None:
    """Write the names of points in a column beside the axes, each joined to its point by a thin line.

    Parameters
    ----------
    ax
        Axes whose limits are final.
    points
        One row per point, named by the index; columns cost (x) and gain (y) in the units of the axes.
    """
    ax.get_xlim(), ax.get_ylim()  # settles the limits, which the transformation needs
    to_axes = ax.transData + ax.transAxes.inverted()
    places = to_axes.transform(points[["cost", "gain"]].to_numpy(float))
    figure = ax.get_figure(root=True)
    assert figure is not None
    height = ax.get_window_extent().height / figure.dpi * POINTS_PER_INCH
    heights = spread_out([float(y) for _, y in places], LINE_POINTS / height)
    for name, (x, y), target in zip(points.index, places, heights, strict=True):
        ax.annotate(
            named(name), (x, y), (1.04, target), xycoords="axes fraction", textcoords="axes fraction",
            va="center", ha="left", fontsize=8, annotation_clip=False,
            arrowprops=POINTER,
        )  # fmt: skip
