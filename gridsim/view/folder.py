"""The folder of results: tried before anything runs, filled as a whole, and nothing in it deleted that is not replaced."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..scenario.errors import said
from ..study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LIKE_RESULTS = (".csv", ".png", ".toml", ".txt")
NAMED = 5  # files of an earlier run that a sentence names
HIDDEN = ".gridsim-"  # how a folder begins in which results are put together


def check_folder(out: Path) -> None:
    """Say at once, before anything runs, that results could not be written there.

    Parameters
    ----------
    out
        The folder; it may not exist yet. It is made and taken away again to find out.

    Raises
    ------
    StudyError
        If there is a file in its place or in its way, or it cannot be made or written to.
    """
    made: list[Path] = []
    with _saying(out):
        missing = _missing(out)
        try:
            for part in missing:
                part.mkdir()
                made.append(part)
            tempfile.TemporaryDirectory(prefix=HIDDEN, dir=out).cleanup()
        finally:
            for part in reversed(made):
                part.rmdir()


def check_file(out: Path) -> None:
    """Say at once, before anything runs, that a file could not be written there.

    Parameters
    ----------
    out
        The file; its folder must be there.

    Raises
    ------
    StudyError
        If it is a folder, or its folder is missing or cannot be written to.
    """
    with _saying(out):
        if out.is_dir():
            raise StudyError(f"{said(out)}: is a folder; name a file")
        if not out.parent.is_dir():
            raise StudyError(f"{said(out)}: there is no folder {said(out.parent)}; make it first")
        tempfile.NamedTemporaryFile(prefix=HIDDEN, dir=out.parent).close()
        out.exists()  # says that a name is too long


@contextmanager
def filled(out: Path) -> Iterator[tuple[Path, list[Path]]]:
    """Give an empty folder to fill, and a list of what was written; at the end its files move to their place together.

    Parameters
    ----------
    out
        Where they go; made if it is not there.

    Raises
    ------
    StudyError
        If the folder cannot be written to; then nothing in it was changed.
    """
    with _saying(out):
        (out if out.exists() else out.parent).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=HIDDEN, dir=out if out.exists() else out.parent) as made:
            written: list[Path] = []
            yield Path(made), written
            written += _moved(Path(made), out)


def left_from_before(out: Path, written: Iterable[Path]) -> str:
    """Say which files that look like results were there before and are none of this run; empty if there are none.

    Parameters
    ----------
    out
        The folder.
    written
        What this run wrote there.
    """
    new = set(written)
    folders = {out, *(path.parent for path in new)}
    there = [path for folder in sorted(folders) for path in sorted(folder.iterdir()) if path.suffix in LIKE_RESULTS]
    old = [said(path.relative_to(out)) for path in there if path not in new and path.is_file()]
    if not old:
        return ""
    more = f" and {len(old) - NAMED:,} more" if len(old) > NAMED else ""
    return f"Not of this run, and left as they were: {', '.join(old[:NAMED])}{more}"


def _missing(out: Path) -> list[Path]:
    """The folders that are to be made, from the top."""
    missing = []
    place = out
    while not place.exists() and not place.is_symlink() and place != place.parent:
        missing.append(place)
        place = place.parent
    if not place.is_dir():
        raise StudyError(f"{said(out)}: results cannot be written there, {said(place)} is not a folder")
    return missing[::-1]


def _moved(made: Path, out: Path) -> list[Path]:
    parts = [path.relative_to(made) for path in sorted(made.rglob("*")) if path.is_file()]
    for goal in [out / part for part in parts]:
        if goal.is_dir():
            raise StudyError(f"{said(goal)}: is a folder in the place of a result; rename it, or name another folder")
        if goal.parent.exists() and not goal.parent.is_dir():
            raise StudyError(f"{said(goal.parent)}: is in the place of a folder of results; rename it, or name another")
    for part in parts:
        (out / part).parent.mkdir(parents=True, exist_ok=True)
        (made / part).replace(out / part)
    return [out / part for part in parts]


@contextmanager
def _saying(out: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        if isinstance(error, StudyError):
            raise
        if not isinstance(error, OSError) and "null" not in str(error):
            raise
        why = getattr(error, "strerror", None) or error
        raise StudyError(f"{said(out)}: results cannot be written there ({why}); name another place") from error
