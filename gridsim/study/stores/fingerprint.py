"""What a result depends on besides scenario and seed: the rules, the engine, and recorded problems, as hashes."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..errors import StudyError

PACKAGE = Path(__file__).resolve().parents[2]
FLOORS = ("scenario", "simulation")  # what a scenario says, how its words become numbers, and what happens
DRAWING = ("numpy", "numba")  # their minor versions may draw or round otherwise
LENGTH = 16  # hexadecimal digits, as in the name of the compiled engine's folder


@cache
def rules_digest() -> str:
    """Hash of everything that decides results: the two floors below a study, and the versions of numpy and numba."""
    digest = hashlib.sha256()
    for path in sorted(path for floor in FLOORS for path in (PACKAGE / floor).rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    for name in DRAWING:
        digest.update(f"{name} {'.'.join(version(name).split('.')[:2])}".encode())
    return digest.hexdigest()[:LENGTH]


def engine_kind(engine: str) -> str:
    """Name the engine that plays: "auto" is the compiled one."""
    return "mesa" if engine == "mesa" else "compiled"


def records_digest(records: Any) -> str:
    """Hash of recorded problems; empty if there are none.

    Parameters
    ----------
    records
        As for `simulate`: something with a `digest`, a table, or the path of a file.

    Raises
    ------
    StudyError
        If they cannot be told from others.
    """
    if records is None:
        return ""
    if isinstance(digest := getattr(records, "digest", None), str):
        return digest[:LENGTH]
    if hasattr(records, "to_csv"):
        return hashlib.sha256(records.to_csv().encode()).hexdigest()[:LENGTH]
    if isinstance(records, (str, os.PathLike)) and Path(records).is_file():
        return hashlib.sha256(Path(records).read_bytes()).hexdigest()[:LENGTH]
    raise StudyError(f"records of kind {type(records).__name__} cannot be told from others: leave `store` out")
