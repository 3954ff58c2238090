"""Commands about scenarios: which there are, and what one says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .asking import answering, app
from .doing import load_scenario, print_data
from .options import Json, OneScenario, Set, place


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


@app.command()
@answering
def keys(
    word: Annotated[
        str | None, typer.Argument(metavar="[WORD]", help="Part of a key, or a word of its meaning.")
    ] = None,
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="The page of the documents with every key.")] = False,
) -> None:
    """Explain the keys of a scenario: unit, what is allowed, what holds if absent, meaning."""
    from dataclasses import asdict

    from gridsim.scenario.errors import ScenarioError
    from gridsim.scenario.keys import keys as keys_of
    from gridsim.view import keys_page, terminal

    if markdown and (word is not None or json):
        raise ScenarioError("--markdown: writes the page of all keys; leave out WORD and --json")
    found = keys_of(word)
    if json:
        print_data([asdict(one) for one in found])
    elif markdown:
        typer.echo(keys_page.keys_page(found), nl=False)
    else:
        title = "Keys of a scenario" if word is None else f"Keys of a scenario with {word!r}"
        hours = [keys_page.hours_table()] if any(one.path.endswith(".hours") for one in found) else []
        terminal.show([keys_page.keys_table(found, title), *hours])


@app.command()
@answering
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", parser=place, help="The TOML file to write.")],
    grids: Annotated[int, typer.Option(min=1, help="Grids of the territory.")] = 40,
    residents: Annotated[int, typer.Option(min=1, help="Residents of each grid.")] = 1500,
    problems: Annotated[float, typer.Option(help="Problems on a mean day, in the whole territory.")] = 60.0,
    people: Annotated[int, typer.Option(min=1, help="Leaders and staff of all tiers together.")] = 120,
) -> None:
    """Write a commented scenario of your own: three tiers, every other number assumed and said so."""
    from gridsim.jobs.own.new import new as begin
    from gridsim.view import terminal

    made = begin(file, grids, residents, problems, people)
    terminal.say([f"Written: {file}. Every number that you did not give is marked as assumed."], start="")
    terminal.say(made.describe().splitlines(), start="")
    terminal.say([f"Next: gridsim run {file}; gridsim compare {file} --designs all; gridsim keys."], start="")
