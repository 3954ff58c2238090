"""Kinds of value that a scenario holds, with their ranges."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from .errors import STEERS

MOST = 1_000_000  # counts and rates end here
MOST_DAYS = 100_000  # of a run: its nanoseconds are whole numbers of 64 bits
FORBIDDEN = set(".*, \t\n")


def _name(value: str) -> str:
    if not value or FORBIDDEN & set(value) or STEERS.search(value):
        raise ValueError("a name has no dots, stars, commas, spaces or control characters, and is not empty")
    return value


def _skill(value: str) -> str:
    return value if value == "*" else _name(value)


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=MOST)]
Days = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=MOST_DAYS)]
NotNegative = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=MOST)]
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Count = Annotated[int, Field(strict=True, ge=0, le=MOST)]
AtLeastOne = Annotated[int, Field(strict=True, ge=1, le=MOST)]
Name = Annotated[str, Field(strict=True), AfterValidator(_name)]
Skill = Annotated[str, Field(strict=True), AfterValidator(_skill)]


def key(meaning: str, unit: str = "") -> Any:
    """Say of a key of a scenario what it means, and in which unit.

    Parameters
    ----------
    meaning
        What it is, and what its absence means, in a planner's words.
    unit
        What its number counts; empty where it is no number.
    """
    return Field(description=meaning, json_schema_extra={"unit": unit} if unit else None)
