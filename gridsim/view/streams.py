"""Output to streams that cannot write every letter: what they lack is replaced by something readable, never a fault."""

from __future__ import annotations

import codecs
import json
import sys
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

READABLE = "gridsim.readable"
# Plain ASCII under a name of its own: the library behind the command line writes UTF-8 into a stream that says "ascii".
PLAIN_ASCII = "plain_ascii"
IN_ASCII = {"±": "+-", "×": "x", "−": "-", "–": "-", "—": "-", "•": "*", "·": ".", "∞": "inf", "…": "...", "“": '"', "”": '"',
            "‘": "'", "’": "'", "≤": "<=", "≥": ">=", "→": "->", "\N{NO-BREAK SPACE}": " "}  # fmt: skip


def never_fault() -> None:
    """Let standard output and error write what they cannot encode in a readable way: "+-" for "±", a number for "惠"."""
    codecs.register_error(READABLE, _readable)
    codecs.register(_plain_ascii)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(errors=READABLE, **({"encoding": PLAIN_ASCII} if ascii_only else {}))


def printable(text: str, encoding: str) -> str:
    """Give a text as a stream will show it, so that it can be measured before.

    Parameters
    ----------
    text
        What is to be printed.
    encoding
        Of the stream.
    """
    codecs.register_error(READABLE, _readable)
    return text.encode(encoding, READABLE).decode(encoding, "surrogateescape")


def exact_toml(text: str) -> str:
    """Give TOML with letters that standard output cannot write by their numbers, so that it is read again without loss."""
    return _exact(text, _number)


def exact_json(text: str) -> str:
    """Give JSON with letters that standard output cannot write by their numbers, so that it is read again without loss."""
    return _exact(text, lambda letter: json.dumps(letter)[1:-1])


def _exact(text: str, escape: Callable[[str], str]) -> str:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if _fits(text, encoding):
        return text
    return "".join(letter if _fits(letter, encoding) else escape(letter) for letter in text)


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for letters that a stream cannot write: the same in ASCII, without its accent, or its number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing, end = error.object[error.start : error.end], error.end
    if all("\udc80" <= letter <= "\udcff" for letter in missing):  # bytes of a file's name that were no letters
        return bytes(ord(letter) - 0xDC00 for letter in missing), end
    return "".join(IN_ASCII.get(letter) or _without_accent(letter) or _number(letter) for letter in missing), end


def _without_accent(letter: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part.isascii())


def _number(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}"


def _plain_ascii(name: str) -> codecs.CodecInfo | None:
    if name != PLAIN_ASCII:
        return None
    known = codecs.lookup("ascii")
    return codecs.CodecInfo(
        known.encode, known.decode, known.streamreader, known.streamwriter, known.incrementalencoder,
        known.incrementaldecoder, PLAIN_ASCII,
    )  # fmt: skip
