"""Values as they are written on a command line: KEY=VALUE and KEY=V1,V2,..."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ..scenario.errors import ScenarioError, said
from ..scenario.reading import data_of
from ..scenario.scaling import scale_of
from ..study.errors import StudyError
from .ranges import range_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

REMOVES = "none"
OPENS, CLOSES, QUOTES = "[{(", "]})", "\"'"


def changes_of(given: Sequence[str]) -> dict[str, Any]:
    """Read KEY=VALUE pairs: values as in TOML, otherwise a word; `none` removes the key (None).

    Parameters
    ----------
    given
        What stands after each --set.

    Raises
    ------
    StudyError
        If one is not KEY=VALUE, or a key is given twice.
    """
    found: dict[str, Any] = {}
    for one in given:
        key, text = _split(one, "--set", "KEY=VALUE")
        if key in found:
            raise StudyError(f"--set {said(one)}: {said(key)} is set twice")
        found[key] = value_of(text)
    return found


def values_of(given: Sequence[str]) -> dict[str, list[Any]]:
    """Read KEY=V1,V2,... : a key and the values that it takes; commas inside brackets or quotes do not part.

    A value may be a range, FIRST..LAST..STEP.

    Parameters
    ----------
    given
        What stands after each --vary.

    Raises
    ------
    StudyError
        If one is not KEY=V1,V2,..., or a key or a value is given twice.
    """
    found: dict[str, list[Any]] = {}
    for one in given:
        key, text = _split(one, "--vary", "KEY=V1,V2,...")
        if key in found:
            raise StudyError(f"--vary {said(one)}: {said(key)} is varied twice")
        parts = [part.strip() for part in _parts(text)]
        if not all(parts):
            raise StudyError(f"--vary {said(one)}: a value is empty; write KEY=V1,V2,...")
        if twice := next((part for part, times in Counter(parts).items() if times > 1), None):
            raise StudyError(f"--vary {said(one)}: {said(twice)} stands twice; give each value once")
        found[key] = [value for part in parts for value in (range_of(part, f"--vary {said(one)}") or [value_of(part)])]
    return found


def figures_of(given: Sequence[str], option: str) -> dict[str, float]:
    """Read NAME=VALUE pairs whose values are numbers; a percent sign counts.

    Parameters
    ----------
    given
        What stands after each option.
    option
        Its name, for messages.

    Raises
    ------
    StudyError
        If one is not NAME=VALUE with a number, or a name is given twice.
    """
    found: dict[str, float] = {}
    for one in given:
        name, text = _split(one, option, "NAME=VALUE")
        if name in found:
            raise StudyError(f"{option} {said(one)}: {said(name)} is given twice")
        found[name] = _number(text, f"{option} {said(one)}")
    return found


def ranges_of(given: Sequence[str]) -> dict[str, tuple[float | str, float | str] | None]:
    """Read KEY or KEY=LOW:HIGH; ends may be scales, -20%:+20%.

    Parameters
    ----------
    given
        What stands after each --free.

    Raises
    ------
    StudyError
        If one has no two ends, or a key is given twice.
    """
    found: dict[str, tuple[float | str, float | str] | None] = {}
    for one in given:
        key, sign, text = (part.strip() for part in one.partition("="))
        if key in found:
            raise StudyError(f"--free {said(one)}: {said(key)} is given twice")
        low, colon, high = text.partition(":")
        if sign and not colon:
            raise StudyError(f"--free {said(one)}: write it as KEY or KEY=LOW:HIGH")
        found[key] = (_end(low, f"--free {said(one)}"), _end(high, f"--free {said(one)}")) if sign else None
    return found


def _end(text: str, where: str) -> float | str:
    """One end of a range: a number, or a scale as it is written."""
    return text if scale_of(text) else _number(text, where)


def columns_of(given: str) -> dict[str, str]:
    """Read opened=COLUMN,type=COLUMN,...; a place may be two columns, place=LATITUDE+LONGITUDE.

    A column whose name has a comma or a blank is given as it is, or in quotes.

    Parameters
    ----------
    given
        What stands after --map.

    Raises
    ------
    StudyError
        If a part is not NAME=COLUMN, or a name is given twice.
    """
    found: dict[str, str] = {}
    for part in _parts_of(given):
        name, column = _split(part.strip(), "--map", "NAME=COLUMN,...")
        if name in found:
            raise StudyError(f"--map: {said(name)} is given twice")
        found[name] = column
    return found


def _parts_of(given: str) -> list[str]:
    """Cut before every NAME= that follows a comma outside quotes."""
    parts = re.split(r""",(?=\s*\w+\s*=)(?=(?:[^"]*"[^"]*")*[^"]*$)""", given)
    return [part for part in parts if part.strip()] or [given]


def precision_of(given: str | None) -> float | dict[str, float] | None:
    """Read a precision: one number, or NAME=P,... for some measures; a percent sign counts.

    Parameters
    ----------
    given
        What stands after --precision.

    Raises
    ------
    StudyError
        If it is no number.
    """
    if given is None:
        return None
    if "=" in given:
        return figures_of(given.split(","), "--precision")
    return _number(given, "--precision")


def with_yes_and_no(table: pd.DataFrame) -> pd.DataFrame:
    """Write true and false as yes and no, and shares with all digits that they have.

    Parameters
    ----------
    table
        Any small table.
    """
    said = table.copy()
    for name in said.columns:
        if said[name].dtype == bool:
            said[name] = said[name].map({True: "yes", False: "no"}).astype(object)
        elif name == "target":
            said[name] = [f"{value:.6g}" for value in said[name]]
    return said


def _number(text: str, where: str) -> float:
    try:
        return float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        raise StudyError(f"{where}: {said(text)!r} is not a number") from None


def value_of(text: str) -> Any:
    """Read one value: a TOML value (2, 0.5, true, [1, 2], "word"), `none` (None), or a bare word."""
    if text == REMOVES:
        return None
    try:
        read = data_of(f"value = {text}", None)
    except ScenarioError:
        return text
    return read["value"] if list(read) == ["value"] else text


def _split(one: str, option: str, form: str) -> tuple[str, str]:
    key, sign, text = (part.strip() for part in one.partition("="))
    if not (key and sign and text):
        raise StudyError(f"{option} {said(one)}: write it as {form}")
    return key, text


def _parts(text: str) -> list[str]:
    parts, depth, quote = [""], 0, ""
    for sign in text:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in QUOTES:
            quote = sign
        else:
            depth += (sign in OPENS) - (sign in CLOSES)
        if sign == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
