"""A checksum of what a row of a store holds and of what it is the row of: damage is found, never taken for a number."""

from __future__ import annotations

from hashlib import blake2b


def checksum(*content: object) -> bytes:
    """Give eight bytes that change when any of the values does.

    Parameters
    ----------
    content
        Texts, whole and other numbers, bytes and None, as SQLite gives them back.
    """
    return blake2b(repr(content).encode(), digest_size=8).digest()
