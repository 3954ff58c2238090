"""Sites beside their reports as tables, as files and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..jobs.reproduce.reported_figure import group_and_measure
from .files import scenarios_of, write_all
from .names import Shown, number, shown, spoken
from .report import difference_cell, plain_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.table import Table

    from ..jobs.reproduce.reproduce import Reproduction

FIGURE_HEADS = (("figure", "text"), ("definition", "left"), ("report", "right"), ("model", "right"),
                ("95 % interval", "right"), ("", "left"))  # fmt: skip
CONTRAST_HEADS = (("site without its mechanism", "text"), ("measure", "text"), ("as it is", "right"),
                  ("difference", "right"), ("unit", "left"))  # fmt: skip
ABOUT_CONTRASTS = (
    "difference (of shares in % points): without the mechanism less the site as it is, paired by replication; ± is half the"
    " 95 % interval, where uneven its two ends; * differs from 0 with p < 0.05"
)
PLAIN = Shown("", "", 1.0)  # a number as it is: people, units
A_SHARE = shown("closure_rate")


def reproduce_tables(found: Reproduction) -> Iterator[Table]:
    """Give two tables per site: report beside model, and what the site's mechanism changes.

    Parameters
    ----------
    found
        What `reproduce` gave.
    """
    for site, study in found.studies.items():
        times = study.runs["replication"].nunique()
        figures = found.figures[found.figures["site"] == site]
        if len(figures):
            yield _figures(f"{spoken(site)}: report and model, {times} replication{'s' * (times != 1)}", figures)
        if len(found.differences) and (found.differences["site"] == site).any():
            yield _contrasts(f"{spoken(site)}: what its mechanism changes", found, site)


def _figures(title: str, figures: Any) -> Table:
    table = plain_table(title, FIGURE_HEADS)
    last = ""
    for row in figures.itertuples():
        how = (
            shown(group_and_measure(row.figure)[1]) if row.n else PLAIN if row.report == round(row.report) else A_SHARE
        )
        name, last = ("" if row.figure == last else _called(row.figure)), row.figure
        spread = (row.high - row.low) / 2.0 * how.factor
        model, low, high = (number(value * how.factor, spread) for value in (row.model, row.low, row.high))
        if row.definition:
            how = A_SHARE
        printed = f"{number(row.report * how.factor)} {how.unit}".rstrip()
        interval = f"{low} to {high}" if row.n > 1 else ""
        table.add_row(name, row.definition, printed, model, interval, row.verdict)
    return table


def _called(figure: str) -> str:
    kind, _, part = figure.partition(".")
    return spoken(f"{part.replace('.', ' ')} ({kind})" if part else figure)


def _contrasts(title: str, found: Reproduction, site: str) -> Table:
    table = plain_table(title, CONTRAST_HEADS, ABOUT_CONTRASTS)
    last = ""
    for row in found.differences[found.differences["site"] == site].itertuples():
        how = shown(str(row.measure), max(abs(float(row.site_mean)), abs(float(row.difference))))  # type: ignore[arg-type]
        name, last = ("" if row.contrast == last else str(row.contrast)), str(row.contrast)
        as_it_is = number(float(row.site_mean) * how.factor)  # type: ignore[arg-type]
        table.add_row(name, how.label, as_it_is, difference_cell(row, how.factor), how.unit)
    return table


def reproduce_data(found: Reproduction) -> dict[str, Any]:
    """Give the same as plain data for JSON."""
    return {
        "figures": found.figures.to_dict("records"),
        "differences": found.differences.to_dict("records"),
        "findings": list(found.findings),
    }


def write_reproduction(found: Reproduction, out: Path) -> list[Path]:
    """Write figures, differences and runs as CSV, the findings as text and every scenario as TOML.

    Parameters
    ----------
    found
        What `reproduce` gave.
    out
        The folder; all is written or nothing.
    """
    import pandas as pd

    runs = pd.concat([study.runs.assign(site=site) for site, study in found.studies.items()], ignore_index=True)
    texts = {"findings.txt": "\n".join(found.findings) + "\n"}
    for site, study in found.studies.items():
        texts |= {path.replace("scenarios/", f"scenarios/{site}_"): text for path, text in scenarios_of(study).items()}
    return write_all(out, {"figures": found.figures, "differences": found.differences, "runs": runs}, {}, texts)
