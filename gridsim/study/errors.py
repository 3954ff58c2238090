"""What is wrong with a study, said once and clearly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..scenario.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


LISTED = 12  # names that a message lists where none is near


class StudyError(ValueError):
    """A study that cannot go on: what is wrong, the value, and what is allowed."""


def unknown(what: str, name: object, known: Iterable[str]) -> StudyError:
    """Say that a name is not known, and the nearest ones or else all that are.

    Parameters
    ----------
    what
        What the name stands for, such as "measure".
    name
        The name that is not known.
    known
        The names that are.
    """
    names = list(known)
    listed = ", ".join(names[:LISTED]) + (", ..." if len(names) > LISTED else "")
    return StudyError(f"{what} {name!r} is not known{nearest(str(name), names) or f'; known are {listed}'}")


def some(names: Sequence[str], most: int = 3) -> str:
    """Name the first few, and count the rest.

    Parameters
    ----------
    names
        Any texts.
    most
        How many are named.
    """
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
