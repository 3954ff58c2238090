"""Values that scale what stands there: x1.25, +25 %, -10 %.

Numbers are multiplied; of a duration the mean, of a list or a table by tier each number. Whole numbers stay whole: they
are rounded to the nearest, halves up, and what was above 0 stays at least 1. People of a role in each unit (and residents
in each cell) are scaled as their total, and who is over is spread evenly, so a quarter more of one person in each of
sixty grids is a second person in every fourth grid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, get_args, get_origin

from .errors import ScenarioError, said
from .values import MOST

NUMBER = r"(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})"
TIMES = re.compile(rf"[xX×]\s*({NUMBER})")
PERCENT = re.compile(rf"([+\-−])\s*({NUMBER})\s*%")
MEANT = re.compile(
    rf"[xX×]\s*[+\-−]?\s*{NUMBER}.*|[+\-−]?\s*{NUMBER}\s*%"
)  # somebody wanted to scale, or wrote a share
WRITTEN = "x1.25 or +25%"


@dataclass(frozen=True)
class Scale:
    """A factor, and how it was written.

    Parameters
    ----------
    factor
        What stands there is multiplied by it; 0 or more.
    text
        As it was written.
    """

    factor: Decimal
    text: str


def scale_of(given: Any, where: str = "") -> Scale | None:
    """Read x1.25, +25% or -10%; None for any other value.

    Parameters
    ----------
    given
        A value of a change.
    where
        Its key path, for the message.

    Raises
    ------
    ScenarioError
        If it takes more away than there is, or is more than a million times.
    """
    if not isinstance(given, str):
        return None
    text = given.strip()
    if found := TIMES.fullmatch(text):
        factor = Decimal(found[1])
    elif found := PERCENT.fullmatch(text):
        factor = 1 + (1 if found[1] == "+" else -1) * Decimal(found[2]) / 100
    else:
        return None
    if not 0 <= factor <= MOST:
        raise ScenarioError(
            f"{where}{' = ' if where else ''}{said(text)}: allowed is from -100% (nothing is left) to x{MOST:,}"
        )
    return Scale(factor, text)


def ends_of(low: Any, high: Any) -> tuple[float, float] | None:
    """Read two ends that are scales, such as -20% and +20%, as factors; None where neither is one.

    Parameters
    ----------
    low, high
        The ends.

    Raises
    ------
    ScenarioError
        If only one of them is.
    """
    ends = scale_of(low), scale_of(high)
    if ends == (None, None):
        return None
    if ends[0] is None or ends[1] is None:
        raise ScenarioError(
            f"{said(low)} and {said(high)}: both ends are numbers, or both are scales such as -20% and +20%"
        )
    return float(ends[0].factor), float(ends[1].factor)


def times(factor: float) -> str:
    """Write a factor as a scale: 1.25 as x1.25."""
    return f"x{Decimal(repr(float(factor))):f}"


def check_meant(where: str, given: Any) -> None:
    """Refuse what looks like a scale and is none, such as 25% or x1,25.

    Parameters
    ----------
    where
        Its key path.
    given
        A value for a number.

    Raises
    ------
    ScenarioError
        If so.
    """
    if isinstance(given, str) and MEANT.fullmatch(given.strip()) and scale_of(given, where) is None:
        raise ScenarioError(f"{where} = {said(given)}: {WRITTEN} scales what stands there; a share of it is x0.25")


def numbers_in(annotation: Any) -> set[type]:
    """Which kinds of number a key may hold: int, float."""
    if annotation in (int, float):
        return {annotation}
    return set().union(*map(numbers_in, get_args(annotation)))


def scaled(value: Any, scale: Scale, annotation: Any, places: int) -> Any:
    """Multiply what stands at a key; None where that is no number.

    Parameters
    ----------
    value
        What stands there.
    scale
        The factor.
    annotation
        What the key may hold.
    places
        Units of the tier, or cells of the territory, that a whole number which may be a list is one of.
    """
    whole = numbers_in(annotation) == {int}
    if isinstance(value, dict):
        return _scaled_table(value, scale, annotation)
    if isinstance(value, (list, tuple)):
        if not value or not all(map(_is_number, value)):
            return None
        return spread(value, _times_whole(sum(value), scale)) if whole else [_times(one, scale) for one in value]
    if not _is_number(value):
        return None
    if whole and places > 1:
        many = spread([value] * places, _times_whole(value * places, scale))
        return many[0] if len(set(many)) == 1 else many
    return _times_whole(value, scale) if whole else _times(value, scale)


def _scaled_table(value: dict[str, Any], scale: Scale, annotation: Any) -> dict[str, Any] | None:
    """A duration by its mean, a table by tier number by number."""
    by_tier = any(get_origin(kind) is dict for kind in get_args(annotation))
    if "mean" in value and not by_tier:
        return value | {"mean": _times(value["mean"], scale)}
    if not by_tier or not value or not all(map(_is_number, value.values())):
        return None
    return {key: scaled(one, scale, annotation, 1) for key, one in value.items()}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _times(value: float, scale: Scale) -> float:
    """In decimal, so that 0.1 times 3 is 0.3."""
    return float(Decimal(repr(value)) * scale.factor)


def _times_whole(value: int, scale: Scale) -> int:
    exact = Decimal(value) * scale.factor
    return max(int(exact.quantize(Decimal(1), ROUND_HALF_UP)), int(exact > 0))


def spread(weights: Sequence[int], total: int) -> list[int]:
    """Share whole people over units in proportion to weights, what is over evenly along the row.

    Parameters
    ----------
    weights
        As many as there are now in each unit, not all 0.
    total
        How many there shall be.
    """
    whole, before, done = sum(weights), 0, 0
    shares = []
    for weight in weights:
        before += weight
        upto = (2 * before * total + whole) // (2 * whole) if whole else 0
        shares.append(upto - done)
        done = upto
    return shares
