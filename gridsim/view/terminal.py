"""Printing tables to a terminal, a file or a pipe without losing a digit."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from typing import TYPE_CHECKING

from rich.console import Console
from rich.measure import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

WIDE = 130  # columns where the output goes to a file or a pipe
VERY_WIDE = 10_000
KEEPS = "\N{NO-BREAK SPACE}"


def console() -> Console:
    """Give what prints to standard output: as wide as the terminal, plain text, no markup."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Console(width=None if known else WIDE, markup=False, emoji=False, highlight=False)


def needed_width(table: Table) -> int:
    """Columns that a table takes if nothing in it is wrapped."""
    place = console()
    return Measurement.get(place, place.options.update(width=VERY_WIDE), table).maximum


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
            place.width = max(place.width, needed_width(table))
        place.print(table)
    for sentence in notes:
        console().print(f"Note: {sentence}")


def say(sentences: Iterable[str]) -> None:
    """Print sentences as a list, wrapped between words at the width of the terminal, and an empty line.

    Parameters
    ----------
    sentences
        What to say first.
    """
    wide = console().width
    for sentence in sentences:
        whole = re.sub(r" (?=[%h]\b|% )", KEEPS, sentence)  # a number stays with its unit
        lines = textwrap.fill(whole, wide, initial_indent="• ", subsequent_indent="  ", break_long_words=False)
        console().print(lines.replace(KEEPS, " "), soft_wrap=True)
    console().print()
