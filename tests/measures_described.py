"""The model description's table of measures, as the table in the code has it.

`python tests/measures_described.py` writes it into the description; a test compares the two.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import gridsim
from gridsim.simulation.outcome.measure_table import INDEX, MONEY, TABLE, Measure

DESCRIPTION = Path(gridsim.__file__).parent / "docs" / "model_description.md"
HEAD = "| name | meaning | unit |\n| --- | --- | --- |\n"
ROWS = re.compile(re.escape(HEAD) + r"((?:\|.*\|\n)+)")
IN_WORDS = {MONEY: "as the wages", INDEX: "0 to 1"}


def table() -> str:
    """Write the table: what has one meaning and unit stands in one row."""
    groups = groupby(TABLE, lambda row: (row.meaning, unit_in_words(row)))
    return HEAD + "".join(
        f"| {', '.join(f'`{row.name}`' for row in rows)} | {meaning} | {unit} |\n" for (meaning, unit), rows in groups
    )


def unit_in_words(row: Measure) -> str:
    return IN_WORDS.get(row.unit, row.unit)


def rows_of(text: str) -> dict[str, tuple[str, str]]:
    """Read the table of a description: meaning and unit by name; "_p90" after "response_hours_mean" goes on from it."""
    found: dict[str, tuple[str, str]] = {}
    section = ROWS.search(text)
    assert section, "the description has a table of measures"
    for line in section[1].splitlines():
        names, meaning, unit = (cell.strip() for cell in line.strip("|").split(" | "))
        first = ""
        for name in re.findall(r"`([^`]+)`", names):
            found[first.removesuffix("_mean") + name if name.startswith("_") else name] = (meaning, unit)
            first = first or name
    return found


if __name__ == "__main__":
    old = DESCRIPTION.read_text(encoding="utf-8")
    DESCRIPTION.write_text(ROWS.sub(lambda _: table(), old), encoding="utf-8")
