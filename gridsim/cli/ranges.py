"""Ranges as they are written on a command line: 60..120..10, 0.1..0.5..0.1, x0.8..x1.2..0.1, -20%..+20%..10%."""

from __future__ import annotations

import re
from decimal import Decimal

from ..scenario.errors import said
from ..study.errors import StudyError

NUMBER = r"[+\-]?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})"
RANGE = re.compile(rf"(x?)({NUMBER})(%?)\.\.(x?)({NUMBER})(%?)(?:\.\.x?({NUMBER})%?)?")
MEANT = re.compile(r"[x+\-]?[\d.]+%?\s*\.\..*|.*\.\.\s*[x+\-]?\d[\d.]*%?")  # two dots beside a number
FORM = "FIRST..LAST..STEP, such as 60..120..10"
MOST = 100_000  # values; a study holds no more scenarios


def range_of(text: str, where: str) -> list[int | float | str] | None:
    """Read FIRST..LAST..STEP, the last included where a step reaches it; None for any other value.

    Whole numbers stay whole and step by 1 where no step is given. Ends written as x0.8 or -20% are scales.

    Parameters
    ----------
    text
        One value of a key.
    where
        Where it stands, for the message.

    Raises
    ------
    StudyError
        If it has two dots and is no range, or never gets from one end to the other.
    """
    found = RANGE.fullmatch(text)
    if found is None:
        if MEANT.fullmatch(text):
            raise StudyError(f"{where}: {said(text)} is not a range; write {FORM}")
        return None
    times, first, percent, times_too, last, percent_too, step = found.groups()
    if (times, percent) != (times_too, percent_too) or (times and percent):
        raise StudyError(f"{where}: both ends of {said(text)} are numbers, or scales as in x0.8..x1.2..0.1")
    whole = not times and not any("." in one for one in (first, last, step or ""))
    if step is None and not whole and not percent:
        raise StudyError(f"{where}: {said(text)} has no step; write {said(text)}..0.1 or another")
    return [
        _written(value, times, percent, whole) for value in _steps(Decimal(first), Decimal(last), step, text, where)
    ]


def _steps(first: Decimal, last: Decimal, step: str | None, text: str, where: str) -> list[Decimal]:
    """From one end to the other; a step says how far, the ends say which way."""
    size = abs(Decimal(step)) if step is not None else Decimal(1)
    if size == 0:
        raise StudyError(f"{where}: the step of {said(text)} is 0; give one above 0")
    if step is not None and Decimal(step) < 0 < last - first:
        raise StudyError(f"{where}: {said(text)} steps down from the lower end; give a step above 0")
    count = int(abs(last - first) / size) + 1
    if count > MOST:
        raise StudyError(f"{where}: {said(text)} has {count:,} values; allowed are {MOST:,}. Give a larger step")
    way = size if last >= first else -size
    return [first + number * way for number in range(count)]


def _written(value: Decimal, times: str, percent: str, whole: bool) -> int | float | str:
    if percent:
        return f"{value.normalize():+f}%"
    if times:
        return f"x{value.normalize():f}"
    return int(value) if whole else float(value)
