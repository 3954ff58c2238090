"""Printing tables to a terminal, a file or a pipe without losing a digit."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.measure import Measurement

from .names import one_line
from .streams import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table
    from rich.text import Text

WIDE = 130  # columns where the output goes to a file or a pipe
VERY_WIDE = 10_000
KEEPS = "\N{NO-BREAK SPACE}"
TOGETHER = re.compile(r"(?<=\d) (?=%|h\b)|(?<=[a-z]) (?=\d+[,;])")  # a number with its unit, people with their role


class _Plain(Console):
    """A console that lays text out as its stream can write it."""

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(printable(text, self.encoding), **how)


def console() -> Console:
    """Give what prints to standard output: as wide as the terminal, plain text, no markup."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    return _Plain(width=None if known else WIDE, markup=False, emoji=False, highlight=False)


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
        place.print()
    say(notes, "Note: ")


def say(sentences: Iterable[str], start: str = "• ") -> None:
    """Print sentences, each wrapped between words at the width of the terminal, later lines indented.

    Parameters
    ----------
    sentences
        What to say; blanks before a sentence indent all of it, and an empty one leaves a line empty.
    start
        What stands before each.
    """
    for sentence in sentences:
        if not sentence:
            console().print()
            continue
        whole = TOGETHER.sub(KEEPS, printable(one_line(f"{start}{sentence}"), console().encoding))
        indent = " " * (len(sentence) - len(sentence.lstrip()) + 2)
        lines = textwrap.fill(whole, console().width, subsequent_indent=indent, break_long_words=False)
        console().print(lines.replace(KEEPS, " "), soft_wrap=True)
