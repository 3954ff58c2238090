"""The options that commands share: what each is called, may be, and says of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .asking import WRONG_USE, stop

REPLICATIONS_OF_A_STUDY, MOST_REPLICATIONS = 8, 256


def place(given: str) -> Path:
    """A file or folder as it was named; no name would mean the current folder."""
    if not given.strip():
        stop("Error: a file or folder is named by an empty text; name it, or leave the option out", WRONG_USE)
    return Path(given)


Scenarios = Annotated[list[str] | None, typer.Argument(metavar="[SCENARIO]...", help="Sites or TOML files.")]
OneScenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A site (see `gridsim sites`) or a TOML file.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a value, such as tiers.grid.staff.*.count=2; x1.25, +25% scale it, `none` removes it.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the study.")]
Replications = Annotated[int, typer.Option(min=1, help="Runs of each scenario.")]
UntilEnough = Annotated[
    str, typer.Option("--replications", metavar="N|auto", help="Runs of each scenario; auto: as many as it takes.")
]
Precision = Annotated[
    str | None,
    typer.Option(metavar="P|NAME=P,...", help="With auto: half-width of an interval relative to the mean, such as 5%."),
]
Until = Annotated[str | None, typer.Option(metavar="decided", help="With auto: until every difference has a sign.")]
Most = Annotated[int, typer.Option(min=2, help="With auto: replications after which it stops in any case.")]
Days = Annotated[float | None, typer.Option(help="Days in a run; absent: as the scenario says.")]
Engine = Annotated[str, typer.Option(help="mesa, compiled or auto.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; absent: one per processor.")]
Baseline = Annotated[str | None, typer.Option(metavar="NAME", help="What the others are compared with.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", parser=place, help="Folder for CSV, PNG and TOML.")]
Kept = Annotated[
    Path | None,
    typer.Option("--store", metavar="FILE", parser=place, help="Keeps finished runs; what is in it is not run again."),
]
Retry = Annotated[bool, typer.Option("--retry-failed", help="Run again what the store has as failed.")]
Dask = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster that does the runs.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
Designs = Annotated[str | None, typer.Option(metavar="NAME,...", help="Hierarchy designs, or `all`.")]
Headcount = Annotated[int | None, typer.Option(min=1, metavar="N", help="Leaders and staff of every design.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before a sweep of many thousand combinations.")]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KEY=V1,V2,...",
        help="A key (or headcount, design) and its values, 60..120..10 for a range; all combinations are run.",
    ),
]
KeepGrids = Annotated[
    bool, typer.Option("--keep-grids", help="Designs have as many grids as the scenario, also where people are few.")
]
Demand = Annotated[
    str | None, typer.Option(metavar="x1.25|+25%", help="More or fewer problems of every type than the scenario says.")
]
Storm = Annotated[
    list[str] | None,
    typer.Option(metavar="day=D,days=N,factor=F", help="Days with more problems; types=A+B for some types only."),
]
