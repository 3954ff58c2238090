"""Scenario files as a damaged disk, a wrong editor or a tired planner makes them, from a seed."""

from __future__ import annotations

import random

PIECES = (
    "\x00", "\x07", "\x1b[31m", "\r", "\ufeff", "\u202e", "é", "市", "🏠", "\u2028", '"', "'", '"""', "'''", "[", "]", "[[", "]]",
    "{", "}", "=", ".", ",", "#", "\\", "\\u0000", "\\ud800", "\\U0010ffff", "*", "-", "+", "_", "e", " ", "\n",
)  # fmt: skip
VALUES = (
    "1e400", "-1e400", "nan", "-inf", "inf", "-0.0", "1e-320", "5e-324", "1e308", "9" * 400, "9" * 5000, "-" + "9" * 5000,
    "0x" + "f" * 5000, "0b" + "1" * 64, "9223372036854775808", "-9223372036854775809", "1.0", "0", "-1", "1", "2", "true",
    '"none"', '""', '"*"', '"a.b"', '"a\\nb"', '"' + "x" * 300 + '"', '"=1+1"', '"$x_1$"', '"leader"', '"always"', '"grid"',
    "[]", "[[]]", "[1, 2, 3]", "[1.5, true, 'x']", "[" * 50 + "]" * 50, "[" * 600 + "]" * 600, "{}", "{ mean = 1 }",
    "{ mean = 0.0, cv = 1e6 }", "{ mean = 1e6, cv = 1e6, law = 'lognormal' }", "{ windows = [[0.0, 24.0]] }",
    "{ windows = [[1e-9, 2e-9]], days = [0], cycle_days = 366 }", "{a={" * 60 + "}" * 120, "{ grid = 1, '' = 2 }",
    "2012-07-02", "2012-07-02T10:00:00Z", "9999-12-27", "0001-01-01", "10:00:00", "2012-07-02 10:00:00.123456789",
    "1" * 100 + ".0", "1_000", "0.1_5", "a." * 100 + "a", '"\\u0000"',
)  # fmt: skip
LINES = (
    "[run]", "[[tiers]]", "[[problems]]", "[[tiers.staff]]", "[tiers.leader]", "[escalation]", "[switch]", "[switch.to]",
    "[sources]", "[reported]", "[[surges]]", "[wages]", "[residents]", 'name = "x"', "a.b.c.d = 1", "a" + ".a" * 200 + " = 1",
    "[" + "a." * 200 + "a]", "day = 1.0", 'to = { "tiers.*.solves" = 2.0 }', 'to = { "escalation.after_hours" = "none" }',
    'to = { "tiers.grid.units" = 2 }', '"tiers.*.staff.*.count" = "x"', 'x = { value = 1, source = "y" }',
)  # fmt: skip


def mutant(text: str, seed: int) -> bytes:
    """One damaged copy of a scenario's text: up to six damages, of which some undo a line and some a byte."""
    pick = random.Random(seed)
    for _ in range(pick.choice((1, 1, 1, 2, 3, 6))):
        text = pick.choice((_piece, _value, _value, _value, _key, _lines, _cut, _line))(text, pick)
    raw = text.encode("utf-8", "surrogatepass")
    if pick.random() < 0.1:
        for _ in range(pick.randint(1, 4)):
            at = pick.randrange(max(1, len(raw)))
            raw = raw[:at] + bytes([pick.randrange(256)]) + raw[at + 1 :]
    return {
        0: b"\xef\xbb\xbf" + raw,
        1: text.encode("utf-16", "surrogatepass"),
        2: text.encode("utf-16-le", "surrogatepass"),
    }.get(pick.randrange(40), raw)


def change(seed: int, paths: list[str]) -> str:
    """One KEY=VALUE as it may be typed: a key path, more or less, and a value that may be anything."""
    pick = random.Random(seed)
    steps = pick.choice(paths).split(".")
    for _ in range(pick.choice((0, 0, 0, 1, 2))):
        at = pick.randrange(len(steps))
        steps[at : at + pick.randint(0, 1)] = [
            pick.choice(("*", "0", "-1", "", "grid", "x" * 300, "市", "leader", "mean", "to"))
        ]
    if pick.random() < 0.02:
        steps = ["a"] * 100_000
    value = pick.choice(
        (*VALUES, *PIECES, "none", "x1.25", "+25%", "[1", "{", "a,b", "1,,2", "1 2", "1\n2", "=", "a=b")
    )
    return f"{'.'.join(steps)}={value}"


def _piece(text: str, pick: random.Random) -> str:
    at = pick.randint(0, len(text))
    return text[:at] + pick.choice(PIECES) + text[at:]


def _cut(text: str, pick: random.Random) -> str:
    at = pick.randint(0, len(text))
    return text[:at] + text[at + pick.randint(1, 1 + len(text) // pick.choice((2, 20, 200))) :]


def _of_lines(text: str, pick: random.Random, with_sign: bool) -> tuple[list[str], int]:
    lines = text.splitlines() or [""]
    wanted = [k for k, line in enumerate(lines) if "=" in line] if with_sign else []
    return lines, pick.choice(wanted or range(len(lines)))


def _value(text: str, pick: random.Random) -> str:
    lines, at = _of_lines(text, pick, True)
    key = lines[at].partition("=")[0]
    lines[at] = f"{key}= {pick.choice(VALUES)}"
    return "\n".join(lines)


def _key(text: str, pick: random.Random) -> str:
    lines, at = _of_lines(text, pick, True)
    other = pick.choice([line for line in lines if "=" in line] or ["x = 1"]).partition("=")[0]
    lines[at] = f"{other}={lines[at].partition('=')[2]}"
    return "\n".join(lines)


def _lines(text: str, pick: random.Random) -> str:
    """Some lines twice, gone or elsewhere."""
    lines, at = _of_lines(text, pick, False)
    some = lines[at : at + pick.randint(1, 8)]
    if pick.random() < 0.6:
        del lines[at : at + len(some)]
    if pick.random() < 0.6:
        lines[(place := pick.randint(0, len(lines))) : place] = some
    return "\n".join(lines)


def _line(text: str, pick: random.Random) -> str:
    lines, at = _of_lines(text, pick, False)
    lines.insert(at, pick.choice(LINES))
    return "\n".join(lines)
