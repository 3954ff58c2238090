"""Reports and model side by side, as tables for the terminal and as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .names import spoken
from .report import plain_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.table import Table

    from ..study.reproduce import Reproduction

SHARES = ("_rate", "_share", "_min", "maturing")
TOO_SMALL_TO_SHOW = 5e-5


def reproduction_tables(found: Reproduction) -> list[Table]:
    """Set out one site.

    Parameters
    ----------
    found
        What was reported and what the model gives.
    """
    closing = plain_table(f"{found.site}: closed problems, the report and the model",
                          [("definition of closure", "text"), ("report %", "right"), ("model %", "right")])  # fmt: skip
    for row in found.definitions.to_dict("records"):
        closing.add_row(str(row["definition"]), _share(row["reported"]), _with_ends(row, 100.0))
    tables = [closing]
    if len(found.figures):
        other = plain_table(
            "other figures of the report", [("figure", "text"), ("report", "right"), ("model", "right")]
        )
        for row in found.figures.to_dict("records"):
            scale = 100.0 if _is_share(str(row["figure"])) else 1.0
            percent = " %" if scale > 1 else ""
            other.add_row(
                spoken(str(row["figure"])), f"{scale * row['reported']:g}{percent}", _with_ends(row, scale) + percent
            )
        tables.append(other)
    if len(found.contrast):
        heads = [("measure", "text"), ("as it is", "right"), ("without", "right"), ("difference", "right")]
        contrast = plain_table(f"beside it: {found.without}", heads)
        for row in found.contrast.to_dict("records"):
            name = str(row["measure"])
            scale = 100.0 if _is_share(name) or name.startswith(("utilisation", "closed_at")) else 1.0
            unit = " %" if scale > 1 else (" h" if "_hours_" in name else "")
            half = scale * (row["high"] - row["low"]) / 2.0
            sides = [f"{scale * row[side]:.4g}{unit}" for side in ("with_it", "without_it")]
            contrast.add_row(spoken(name), *sides, f"{scale * row['difference']:+.3g} ±{half:.2g}")
        tables.append(contrast)
    return tables


def reproduction_data(found: Sequence[Reproduction]) -> list[dict[str, Any]]:
    """Give sites as plain data.

    Parameters
    ----------
    found
        What was reported and what the model gives.
    """
    return [
        {
            "site": one.site, "figures": one.figures.to_dict("records"), "definitions": one.definitions.to_dict("records"),
            "without": one.without, "contrast": one.contrast.to_dict("records"), "notes": list(one.notes),
        }
        for one in found
    ]  # fmt: skip


def reproduction_frames(found: Sequence[Reproduction]) -> dict[str, pd.DataFrame]:
    """Give all sites as three tables: closure, figures, contrasts.

    Parameters
    ----------
    found
        What was reported and what the model gives.
    """
    import pandas as pd

    return {
        part: pd.concat([getattr(one, part).assign(site=one.site) for one in found], ignore_index=True)
        for part in ("definitions", "figures", "contrast")
    }


def _is_share(name: str) -> bool:
    return name.endswith(SHARES)


def _share(value: float) -> str:
    return "" if value != value else f"{100.0 * value:.4g}"


def _with_ends(row: dict[Any, Any], scale: float) -> str:
    if row["mean"] != row["mean"]:
        return "nothing due yet"
    if row["low"] != row["low"]:
        return f"{scale * row['mean']:.4g}"
    half = scale * (row["high"] - row["low"]) / 2.0
    return f"{scale * row['mean']:.4g}" + (f" ±{half:.2g}" if half > TOO_SMALL_TO_SHOW else "")
