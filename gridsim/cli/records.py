"""Commands about what was recorded: a scenario from requests, parameters from reported figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .asking import answering, app
from .doing import load_scenario, print_data
from .options import Days, Headcount, Json, OneScenario, Seed, Set, Workers, place


@app.command()
@answering
def fit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSON (gzip, zip), a workbook, or Parquet.")],
    mapped: Annotated[
        str, typer.Option("--map", metavar="opened=COLUMN,...", help="opened, type, place; closed, limit, source, urgency, id.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", parser=place, help="Where the scenario is written (TOML).")],
    design: Annotated[str, typer.Option(metavar="NAME", help="The hierarchy, one of the designs.")] = "three_tier",
    headcount: Headcount = None,
    residents: Annotated[int | None, typer.Option(min=1, help="People who live there; absent: 1,000 a place.")] = None,
    dates: Annotated[str | None, typer.Option(metavar="WORDS", help="'day first' or 'month first'.")] = None,
    found_by: Annotated[list[str] | None, typer.Option(metavar="VALUE", help="A source that means staff found it.")] = None,
    date_format: Annotated[str | None, typer.Option(metavar="FORMAT", help="Of the dates, such as '%d.%m.%Y %H:%M'.")] = None,
    timezone: Annotated[str | None, typer.Option(metavar="ZONE", help="Of the place, such as America/New_York.")] = None,
    leave_out: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Rows to leave out, such as Status=Cancelled.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(metavar="NAME", help="Of a text file's letters, such as cp1251.")] = None,
) -> None:  # fmt: skip
    """Make a scenario from recorded requests, and say what was found and what was left out."""
    from gridsim.recorded.fitting.fitting import fit as fit_records
    from gridsim.view.folder import check_file

    from .values import columns_of

    check_file(out)
    found = fit_records(file, columns_of(mapped), design, headcount, residents, found_by=found_by, dates=dates,
                        date_format=date_format, timezone=timezone, leave_out=leave_out, encoding=encoding)  # fmt: skip
    found.scenario.save(out)
    typer.echo("\n".join([found.scenario.describe(), *found.notes]))
    typer.echo(f"Written to {out}", err=True)


@app.command()
@answering
def calibrate(
    scenario: OneScenario,
    target: Annotated[list[str], typer.Option(metavar="NAME=VALUE", help="A reported figure, by measure.")],
    free: Annotated[
        list[str], typer.Option(metavar="KEY[=LOW:HIGH]", help="A parameter to find, perhaps x0.5:x2; `*` is one factor for all.")
    ],
    held_out: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A reported figure that is only compared at the end.")
    ] = None,
    replications: Annotated[int, typer.Option(min=1, help="Runs at each point of the search.")] = 12,
    seed: Seed = 0, changes: Set = None, days: Days = None, workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", parser=place, help="Where the scenario found is written (TOML).")
    ] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Find the parameters with which the model gives reported figures, and say what the figures cannot tell."""
    from gridsim.study.methods.calibration import calibrate as find_parameters
    from gridsim.view import files, folder, report, terminal

    from .values import figures_of, ranges_of, with_yes_and_no

    if out is not None:
        folder.check_file(out)
    found = find_parameters(
        load_scenario(scenario, changes, days), figures_of(target, "--target"), ranges_of(free),
        replications, seed, figures_of(held_out or [], "--held-out"), workers=workers,
    )  # fmt: skip
    if out is not None:
        found.scenario.save(out)
    if json:
        print_data(files.calibration_data(found))
    else:
        parameters, figures = (with_yes_and_no(table) for table in (found.parameters, found.fit))
        tables = [report.frame_table("Parameters, with 95 % intervals", parameters.set_index("parameter"))]
        tables += [report.frame_table("Figures, on problems that the search never saw", figures.set_index("measure"))]
        terminal.show(tables, [found.said + ".", *found.warnings])
    if out is not None:
        typer.echo(f"Written to {out}", err=True)
