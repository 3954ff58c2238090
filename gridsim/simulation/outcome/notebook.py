"""Numbers as people read them, and tables for notebooks."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from .measure_table import BUILT_IN, SHARE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .measure_table import Measure, Measures

NOTHING = "–"  # in place of a number where there is none
PERCENT, ALL = "%", 100.0
HAIR = 1e-9


def in_words(value: float) -> str:
    """Write a number for a reader: four significant digits, thousands apart, a dash where there is none."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return str(value)
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def read_as(measure: Measure) -> tuple[float, str]:
    """Give what a measure's numbers are multiplied by for a reader, and the unit then: shares are read in percent.

    Parameters
    ----------
    measure
        Its row in the table of measures.
    """
    return (ALL, PERCENT) if measure.unit == SHARE else (1.0, measure.unit)


def unit_at(measure: Measure, unit: str, value: float) -> str:
    """Give the unit beside one value: "% (overtime)" where it is above what hours on duty allow.

    Parameters
    ----------
    measure
        Its row in the table of measures.
    unit
        In which it is shown.
    value
        As in `Result.measures`.
    """
    return f"{unit} ({measure.above})" if measure.above and value > 1.0 + HAIR else unit


def with_units(measures: pd.Series[float], about: Measures = BUILT_IN) -> pd.DataFrame:
    """Set measures out as a table of text with the columns measure, value and unit.

    Parameters
    ----------
    measures
        Numbers by name, as in `Result.measures`.
    about
        The rows of the table of measures.
    """
    rows = []
    for name, value in measures.items():
        row = about[str(name)]
        factor, unit = read_as(row)
        rows.append((str(name), in_words(factor * float(value)), unit_at(row, unit, float(value))))
    return pd.DataFrame(rows, columns=pd.Index(["measure", "value", "unit"]))


def html_table(title: str, table: pd.DataFrame, notes: Iterable[str] = ()) -> str:
    """Write a table for a notebook: a title, the table without row numbers, and notes below.

    Parameters
    ----------
    title
        One line of text.
    table
        Columns of text.
    notes
        Sentences to be set under the table.
    """
    below = "".join(f"<p>Note: {escape(sentence)}</p>" for sentence in notes)
    return f"<p><strong>{escape(title)}</strong></p>{table.to_html(index=False, border=0)}{below}"
