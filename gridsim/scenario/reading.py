"""Scenario files as they come: bytes that may be no text, text that may be no TOML, and things that are no files."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from .errors import ScenarioError, said

MOST_BYTES = 64_000_000  # a million cells with a number each are about 10
PIPES = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")  # where a shell hands over what another command prints
# More steps than any key of a scenario has; the parser takes the square of their number in time.
STEP = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
ENDLESS_KEY = re.compile(rf"(?<![\w-]){STEP}(?:[ \t]*+\.[ \t]*+{STEP}){{64}}")


def text_of(path: Path) -> str:
    """Read a scenario file as text.

    Parameters
    ----------
    path
        The file; a pipe that a shell hands over (`<(...)`) counts as one.

    Raises
    ------
    ScenarioError
        If it is no file, too large to be a scenario, or not UTF-8 text.
    FileNotFoundError
        If there is nothing of that name.
    """
    try:
        return _decoded(_bytes_of(path), path)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError(f"{said(path)}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _bytes_of(path: Path) -> bytes:
    kind = path.stat().st_mode
    if stat.S_ISDIR(kind):
        raise ScenarioError(f"{said(path)}: is a directory; a scenario is a TOML file, or a site of `gridsim sites`")
    if not stat.S_ISREG(kind) and not (stat.S_ISFIFO(kind) and os.fspath(path).startswith(PIPES)):
        raise ScenarioError(f"{said(path)}: is a device or a pipe, not a file; copy what it gives into a TOML file")
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ScenarioError(
            f"{said(path)}: is larger than {MOST_BYTES // 1_000_000} MB; a scenario is a small TOML file"
        )
    return raw


def _decoded(raw: bytes, path: Path) -> str:
    """The text, without the mark of byte order that some editors write in front."""
    first, second = raw[:1], raw[1:2]
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(raw) > 1 and (first == b"\0") != (second == b"\0")):
        raise ScenarioError(f"{said(path)}: is not UTF-8 text but UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ScenarioError(f"{said(path)}: is not UTF-8 text (line {line}); save it as UTF-8") from None


def data_of(text: str, file: str | None) -> dict[str, Any]:
    """Read TOML text into plain data.

    Parameters
    ----------
    text
        What stands in the file.
    file
        Its name, for messages.

    Raises
    ------
    ScenarioError
        If it is not TOML, or nested deeper than any scenario is.
    """
    where = said(file) if file else "the text"
    if found := ENDLESS_KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ScenarioError(f"{where}: is not TOML of a scenario (line {line} has a key of more than 64 steps)")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise ScenarioError(f"{where}: is not TOML of a scenario (lists or tables are nested too deep)") from None
    except ValueError as error:
        raise ScenarioError(f"{where}: is not TOML ({_plain(str(error))})") from None


def _plain(message: str) -> str:
    """What the parser says; of a number that Python refuses to read, that it is too long."""
    return "a number has too many digits" if "integer string conversion" in message else said(message, 160)
