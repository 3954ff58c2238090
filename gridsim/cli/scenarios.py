"""Commands about scenarios: which there are, and what one says."""

from __future__ import annotations

from typing import Annotated

import typer

from .asking import answering, app
from .doing import load_scenario, print_data
from .options import Json, OneScenario, Set


@app.command()
@answering
def sites(json: Json = False) -> None:
    """List the ready-made scenarios."""
    from gridsim.scenario.sites import sites as table_of_sites
    from gridsim.view import report, terminal

    table = table_of_sites()
    if json:
        print_data(table.reset_index().to_dict("records"))
    else:
        terminal.show([report.frame_table("Ready-made scenarios", table)], [])


@app.command()
@answering
def show(
    scenario: OneScenario,
    describe: Annotated[bool, typer.Option("--describe", help="In words instead of TOML.")] = False,
    changes: Set = None,
) -> None:
    """Print a scenario as TOML, or in words."""
    from gridsim.view import streams, terminal

    found = load_scenario(scenario, changes)
    if describe:
        terminal.say(found.describe().splitlines(), start="")
    else:
        typer.echo(streams.exact_toml(found.to_toml().rstrip("\n")))
