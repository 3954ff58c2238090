"""What is made of one object is made once: of a scenario its plan, of a plan its arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Generic, TypeVar

From = TypeVar("From")
Made = TypeVar("Made")
MOST = 8  # of the last objects asked for; a study plays one scenario many times before the next


class _Same(Generic[From]):
    """An object by its identity: equal only to itself, and asked for no hash of its own."""

    __slots__ = ("given",)

    def __init__(self, given: From) -> None:
        self.given = given

    def __hash__(self) -> int:
        return id(self.given)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.given is other.given


def kept(make: Callable[[From], Made]) -> Callable[[From], Made]:
    """Keep what a function makes of the last few objects that it was given.

    Parameters
    ----------
    make
        A function of one object that does not change; nobody may change what it makes.
    """

    @lru_cache(maxsize=MOST)
    def known(same: _Same[From]) -> Made:
        return make(same.given)

    @wraps(make)
    def ask(given: From) -> Made:
        return known(_Same(given))

    return ask
