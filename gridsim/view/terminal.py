"""Printing tables to a terminal, a file or a pipe without losing a digit."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.measure import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

WIDE = 130  # columns where the output goes to a file or a pipe
VERY_WIDE = 10_000


def console() -> Console:
    """Give what prints to standard output: as wide as the terminal, plain text, no markup."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else WIDE, markup=False, emoji=False, highlight=False)


def show(tables: Iterable[Table], notes: Iterable[str] = ()) -> None:
    """Print tables, each as wide as its numbers need, and sentences below them.

    Parameters
    ----------
    tables
        As `report` and `street_report` give them.
    notes
        What a reader should know.
    """
    for table in tables:
        place = console()
        if all(column.no_wrap for column in table.columns):
            needed = Measurement.get(place, place.options.update(width=VERY_WIDE), table).maximum
            place.width = max(place.width, needed)
        place.print(table)
    for sentence in notes:
        console().print(f"Note: {sentence}")
