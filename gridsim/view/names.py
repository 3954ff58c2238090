"""In which unit each measure is shown, and how its numbers are written; its words are in the table of measures.

Results hold hours and shares of 1; people read percent, and minutes where hours would all be below one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..scenario.errors import STEERS
from ..simulation.outcome.measure_table import BUILT_IN, HOURS, PROBLEMS, Measure
from ..simulation.outcome.notebook import ALL, NOTHING, read_as

PART_LABELS = {"inbox": "in the inbox", "inbox_closed": "in the inbox, leaders off duty",
               "inbox_busy": "in the inbox, leaders busy", "triage": "in triage", "queue": "in the queue",
               "travel": "travel", "work": "work", "lost": "lost attempts"}  # fmt: skip

MINUTES = "min"
PLUS, MINUS, AT_LEAST = "+", "−", "≥"
FEWEST_DIGITS, MOST_DECIMALS = 3, 3
NEARLY_ALL = 99.0
HAIR = 1e-9
ENDS = (1.0, ALL)  # what a share may be at most, of 1 or in percent
LOPSIDED = 0.2  # of its width: an interval that lies further off its number is not said by one ±


class Shown(NamedTuple):
    """How a measure is shown: its label, the unit, and what its numbers are multiplied by to get there."""

    label: str
    unit: str
    factor: float

    @property
    def heading(self) -> str:
        """Label with unit, as on an axis: "response time, mean (h)"."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


def spoken(name: str) -> str:
    """Turn a name of a scenario, design, tier or role into words: "three_tier" becomes "three tier"."""
    return one_line(name).replace("_", " ")


def one_line(text: str) -> str:
    """Give a text from outside without what breaks a line or steers a terminal."""
    return STEERS.sub(" ", text)


def level(value: object) -> str:
    """Write a swept value: "none" where a key was removed."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def label(measure: str | Measure) -> str:
    """Name a measure in a planner's words.

    Parameters
    ----------
    measure
        Its row in the table of measures, or the name of one of the package's; others are given back in words.
    """
    return one_line((BUILT_IN[measure] if isinstance(measure, str) else measure).label)


def shown(measure: str | Measure, largest: float = math.nan) -> Shown:
    """Say how a measure is shown.

    Parameters
    ----------
    measure
        Its row in the table of measures, or the name of one of the package's.
    largest
        The largest value that will be shown beside it (hours for times): below one hour, minutes are used.
    """
    row = BUILT_IN[measure] if isinstance(measure, str) else measure
    if row.unit == HOURS and largest < 1.0:
        return Shown(label(row), MINUTES, 60.0)
    factor, unit = read_as(row)
    return Shown(label(row), "" if unit == PROBLEMS else one_line(unit), factor)


def number(value: float, spread: float = math.nan) -> str:
    """Write a number for a reader.

    Parameters
    ----------
    value
        The number, already in the unit in which it is shown.
    spread
        Half the width of its interval; decimals stop at its first digit, or the second where that is 1.
    """
    return _written(value, _decimals(value, spread), signs=False)


def with_interval(value: float, low: float, high: float, *, signs: bool = False) -> str:
    """Write a number with its interval: "12.4 ±0.3"; by its two ends, "98 (91 to 100)", where it is cut or lopsided.

    Parameters
    ----------
    value, low, high
        The number and the ends of its interval, already in the unit in which they are shown.
    signs
        Whether it is a difference, whose numbers have signs: "+1.2 ±0.3", "−1.2 (−4.0 to +0.1)"; exactly none is "0".
    """
    spread = (high - low) / 2.0
    if not spread > 0.0 or not math.isfinite(spread) or math.isnan(value):
        return _written(value, _decimals(value, math.nan), signs)
    if _is_even(value, low, high):
        places = _decimals(value, spread)
        return f"{_written(value, places, signs)} ±{spread:,.{places}f}"
    # On which side of zero an end of a difference lies must be seen: the shorter side says how many digits there are.
    places = _decimals(
        value, min(side for side in (value - low, high - value, spread) if side > 0.0) if signs else spread
    )
    text, first, last = (_written(one, places, signs) for one in (value, low, high))
    return f"{text} ({first} to {last})"


def _is_even(value: float, low: float, high: float) -> bool:
    """Whether an interval reaches as far down as up, so that one ± says it; one that ends at none or all was cut there."""
    cut = low == 0.0 or high in ENDS
    return not cut and abs(high + low - 2.0 * value) <= LOPSIDED * (high - low)


def _written(value: float, places: int, signs: bool) -> str:
    if not math.isfinite(value):
        return NOTHING if math.isnan(value) else "∞" if value > 0 else "-∞"
    if not signs:
        return f"{value:,.{places}f}"
    text = f"{abs(value):,.{places}f}"
    return text if not text.strip("0.,") else f"{MINUS if value < 0 else PLUS}{text}"


def _decimals(value: float, spread: float) -> int:
    """As many decimals as the interval leaves meaning to; without one, as three digits need."""
    if not math.isfinite(value) or value == round(value):
        places = 0
    else:
        places = min(MOST_DECIMALS, max(0, FEWEST_DIGITS - 1 - math.floor(math.log10(abs(value)))))
    if math.isfinite(spread) and spread > 0.0:
        size = math.floor(math.log10(spread))
        places = min(MOST_DECIMALS, max(0, -size + (spread < 2.0 * 10.0**size)))
    if NEARLY_ALL < value < ALL:  # 99.99 % is not 100 %
        places = max(places, -math.floor(math.log10((ALL - value) * (1.0 + HAIR))))
    return places
