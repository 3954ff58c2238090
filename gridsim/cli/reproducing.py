"""The command that sets the sites beside their reports."""

from __future__ import annotations

from typing import Annotated

import typer

from .asking import answering, app
from .doing import check_out, print_data, say_where
from .options import REPLICATIONS_OF_A_STUDY, Days, Json, Out, Replications, Seed, Workers


@app.command()
@answering
def reproduce(
    sites: Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="Absent: every site.")] = None,
    replications: Replications = REPLICATIONS_OF_A_STUDY, seed: Seed = 0, days: Days = None,
    workers: Workers = None, out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Run the sites and set what the model gives beside what their reports printed."""
    from gridsim.jobs.reproduce.reproduce import reproduce as reproduce_sites
    from gridsim.view import reproduce_report, terminal

    check_out(out)
    found = reproduce_sites(sites or (), replications, seed, days, workers=workers)
    if json:
        print_data(reproduce_report.reproduce_data(found))
    else:
        terminal.show(reproduce_report.reproduce_tables(found), found.findings)
    if out is not None:
        say_where(out, reproduce_report.write_reproduction(found, out))
