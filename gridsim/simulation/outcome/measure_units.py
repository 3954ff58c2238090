"""In which unit each measure is, and tables for notebooks that say so."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

HOURS, SHARE, PROBLEMS, MONEY, PER_PROBLEM = "h", "share of 1", "problems", "wages", "per problem"
PER_DAY = "per day"
COUNTS = frozenset({"arisen", "reported", "closed", "open", "unresolved", "unreported", "due", "hazards"})
# Of which count a measure is a share: what its interval over replications is computed from.
WHOLES = {
    "closure_rate": "reported",
    "due_closure_rate": "due",
    "on_time_rate": "due",
    "escalated_share": "reported",
    "petition_rate": "reported",
    "incident_rate": "reported",
    "rework_rate": "reported",
    "found_before_maturing": "hazards",
}
NOTHING = "–"  # in place of a number where there is none


def unit_of(measure: str) -> str:
    """Name the unit of a measure: "h", "share of 1", "problems", "per day", "wages", "per problem" or "" for an index.

    Parameters
    ----------
    measure
        Its name, as in `Result.measures`.
    """
    if "_hours_" in measure:
        return HOURS
    if measure == "backlog_growth":
        return PER_DAY
    if measure in COUNTS or measure.startswith("backlog_"):
        return PROBLEMS
    if measure.startswith("cost_"):
        return MONEY
    if measure == "escalations_per_problem" or measure.startswith("escalations."):
        return PER_PROBLEM
    return "" if measure == "response_gini" else SHARE


def is_share(measure: str) -> bool:
    """Whether a measure lies between 0 and 1 in every run: a share of problems, and so its mean and its interval."""
    kinds = ("_rate", "_share", "trust_mean", "found_before_maturing")
    return measure.endswith(kinds) or measure.startswith(("within_", "closed_at."))


def whole_of(measure: str) -> str:
    """Name the count of problems that a measure is a share of; empty where it is no share of a count.

    Parameters
    ----------
    measure
        Its name, as in `Result.measures`.
    """
    if measure.startswith("closed_at."):
        return "closed"
    return "arisen" if measure.startswith("within_") else WHOLES.get(measure, "")


def in_words(value: float) -> str:
    """Write a number for a reader: four significant digits, thousands apart, a dash where there is none."""
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return str(value)
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def with_units(measures: pd.Series[float]) -> pd.DataFrame:
    """Set measures out as a table of text with the columns measure, value and unit.

    Parameters
    ----------
    measures
        Numbers by name, as in `Result.measures`.
    """
    names = [str(name) for name in measures.index]
    values = [in_words(float(value)) for value in measures]
    return pd.DataFrame({"measure": names, "value": values, "unit": [unit_of(name) for name in names]})


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
