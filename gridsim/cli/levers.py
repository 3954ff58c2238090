"""Levers by name as they are written on a command line: --storm, --designs, and what a sweep varies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..scenario.errors import nearest, said
from ..study.errors import StudyError
from .values import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from gridsim.scenario.scenario import Scenario

STORM, NUMBERS = "day=60,days=7,factor=4", ("day", "days", "factor")


def storm_of(given: str) -> dict[str, Any]:
    """Read day=D,days=N,factor=F and perhaps types=A+B.

    Parameters
    ----------
    given
        What stands after --storm.

    Raises
    ------
    StudyError
        If a part is missing, not known, given twice or no number.
    """
    where = f"--storm {said(given)}"
    found: dict[str, Any] = {}
    for part in given.split(","):
        name, sign, text = (one.strip() for one in part.partition("="))
        if name not in (*NUMBERS, "types"):
            raise StudyError(f"{where}: {said(name)!r} is not known; write {STORM}{nearest(name, (*NUMBERS, 'types'))}")
        if not (sign and text) or name in found:
            raise StudyError(f"{where}: give {name} once, with a value; write {STORM}")
        found[name] = text.split("+") if name == "types" else _number(text.removeprefix("x"), name, where)
    if lacking := [name for name in NUMBERS if name not in found]:
        raise StudyError(f"{where}: {lacking[0]} is missing; write {STORM}")
    return found


def _number(text: str, name: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise StudyError(f"{where}: {name} = {said(text)} is not a number; write {STORM}") from None


def names_of_designs(given: str) -> list[str]:
    """Read NAME,... or `all`.

    Parameters
    ----------
    given
        What stands after --designs.
    """
    from ..scenario.designs.designs import designs

    return designs() if given == "all" else [name.strip() for name in given.split(",")]


def units_of(designs: Mapping[str, Scenario]) -> pd.DataFrame:
    """How many units each design made of its tiers, from the bottom to the top, and why so many at the bottom.

    Parameters
    ----------
    designs
        Scenarios that `design` gave, by name.
    """
    import pandas as pd

    from ..scenario.wording import why_units

    rows = {name: (" ".join(f"{tier.name} {tier.units:,}," for tier in one.tiers).rstrip(","), why_units(one, one.tiers[0].name))
            for name, one in designs.items()}  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index", columns=["units", "why so many at the bottom"]).rename_axis(
        "design"
    )


def levers_of(vary: Sequence[str], designs: str | None, keep_grids: bool) -> dict[str, list[Any]]:
    """What a sweep varies: designs first, then each --vary.

    Parameters
    ----------
    vary
        What stands after each --vary.
    designs, keep_grids
        As for `compare`.

    Raises
    ------
    StudyError
        If there is nothing to vary, or design is given twice.
    """
    values = values_of(vary)
    if designs is not None and "design" in values:
        raise StudyError("--designs and --vary design= say the same; give one")
    found: dict[str, list[Any]] = {} if designs is None else {"design": names_of_designs(designs)}
    found |= values
    if found.get("design") == ["all"]:
        found["design"] = names_of_designs("all")
    if not found:
        raise StudyError("there is nothing to sweep: give --vary KEY=V1,V2,... or --designs NAME,...")
    if keep_grids and "design" not in found:
        raise StudyError("--keep-grids is for --designs: say which designs, or `--designs all`")
    return found | ({"keep_grids": [True]} if keep_grids else {})
