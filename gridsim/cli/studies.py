"""Commands that run: once, several scenarios, a sweep, the main job; and what a store has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .asking import answering, app
from .doing import (
    agree,
    check_out,
    check_runs,
    designed,
    how_many,
    load_named,
    load_scenario,
    print_data,
    resumable,
    say_where,
    tell,
    write_with,
)
from .options import (
    MOST_REPLICATIONS,
    REPLICATIONS_OF_A_STUDY,
    Baseline,
    Dask,
    Days,
    Demand,
    Designs,
    Engine,
    Headcount,
    Json,
    KeepGrids,
    Kept,
    Most,
    OneScenario,
    Out,
    Precision,
    Replications,
    Retry,
    Scenarios,
    Seed,
    Set,
    Storm,
    Until,
    UntilEnough,
    Vary,
    Workers,
    Yes,
    place,
)

if TYPE_CHECKING:
    from gridsim.scenario.scenario import Scenario

SITE_OF_THE_MAIN_JOB = "mingming_road"
RESULTS = Path("results")


@app.command()
@answering
def run(
    scenario: OneScenario, seed: Seed = 0, replications: Replications = 1, changes: Set = None, days: Days = None,
    engine: Engine = "auto", workers: Workers = None, out: Out = None, json: Json = False, store: Kept = None,
    retry_failed: Retry = False, dask: Dask = None, demand: Demand = None, storm: Storm = None,
) -> None:  # fmt: skip
    """Run a scenario, once or several times, and print its measures.

    With --store or --dask, or several times, it is a study: each run derives its seed from the one given.
    """
    from gridsim.simulation.simulate import simulate
    from gridsim.study.methods.study import compare as compare_scenarios
    from gridsim.view import files, report, terminal

    found = load_scenario(scenario, changes, days, demand, storm)
    check_out(out)
    if replications > 1 or store or dask:
        with resumable(store, retry_failed, dask) as how:
            study = compare_scenarios({found.name: found}, replications, seed, workers=workers, engine=engine, **how)
        tell(study, [report.measures_table(study, terminal.console().width)], out, json)
        return
    result = simulate(found, seed=seed, engine=engine, parts=out is not None)
    if json:
        print_data(files.run_data(result))
    else:
        tables = [report.run_table(result, terminal.console().width), report.where_table(result.measured)]
        terminal.show(tables, result.warnings)
    if out is not None:
        say_where(out, files.write_run(result, out))


@app.command()
@answering
def compare(
    scenarios: Scenarios = None, designs: Designs = None, headcount: Headcount = None, changes: Set = None,
    replications: UntilEnough = str(REPLICATIONS_OF_A_STUDY), seed: Seed = 0, baseline: Baseline = None,
    days: Days = None, engine: Engine = "auto", workers: Workers = None, out: Out = None, json: Json = False,
    store: Kept = None, retry_failed: Retry = False, dask: Dask = None,
    precision: Precision = None, until: Until = None, most: Most = MOST_REPLICATIONS,
    keep_grids: KeepGrids = False, demand: Demand = None, storm: Storm = None,
) -> None:  # fmt: skip
    """Compare scenarios, or designs, on the same problems; alone: the main job, written to results/.

    The main job puts the demand of Mingming Road under every hierarchy design, at three headcounts and under
    three escalation rules.
    """
    from gridsim.study.errors import StudyError
    from gridsim.study.methods.study import compare as compare_scenarios
    from gridsim.view import report, terminal

    from .levers import units_of

    if not scenarios and designs is None and not keep_grids:
        with resumable(store, retry_failed, dask, how_many(replications, precision, until, most)) as how:
            main_job(
                load_scenario(SITE_OF_THE_MAIN_JOB, changes, days, demand, storm),
                headcount,
                baseline,
                out or RESULTS,
                json,
                {"seed": seed, "workers": workers, "engine": engine, **how},
            )
        return
    if headcount is not None and designs is None:
        raise StudyError("--headcount is for --designs: say which designs, or `--designs all`")
    if keep_grids and designs is None:
        raise StudyError("--keep-grids is for --designs: say which designs, or `--designs all`")
    check_out(out)
    given = load_named(scenarios or [SITE_OF_THE_MAIN_JOB], changes, days, demand, storm)
    chosen = designed(given, designs, headcount, keep_grids) if designs is not None else given
    with resumable(store, retry_failed, dask, how_many(replications, precision, until, most)) as how:
        study = compare_scenarios(chosen, seed=seed, baseline=baseline, workers=workers, engine=engine, **how)
    width = terminal.console().width
    tables = [report.comparison_table(study, width)]
    tables += [report.differences_table(study, width)] if len(chosen) > 1 else []
    tables += [report.loads_table(study)]
    tables += [report.frame_table("Units of each design", units_of(chosen))] if designs is not None else []
    tell(study, tables, out, json)


@app.command()
@answering
def sweep(
    scenario: OneScenario, vary: Vary = None, replications: UntilEnough = str(REPLICATIONS_OF_A_STUDY), seed: Seed = 0,
    changes: Set = None, days: Days = None, baseline: Baseline = None, engine: Engine = "auto",
    workers: Workers = None, out: Out = None, json: Json = False, store: Kept = None,
    retry_failed: Retry = False, dask: Dask = None,
    precision: Precision = None, until: Until = None, most: Most = MOST_REPLICATIONS, yes: Yes = False,
    designs: Designs = None, keep_grids: KeepGrids = False, demand: Demand = None, storm: Storm = None,
) -> None:  # fmt: skip
    """Vary values of a scenario, its headcount or its design in all combinations and compare them."""
    from gridsim.study.methods.study import sweep as sweep_scenario
    from gridsim.view import report, terminal

    from .levers import levers_of

    values = levers_of(vary or [], designs, keep_grids)
    found = load_scenario(scenario, changes, days, demand, storm)
    check_out(out)
    enough = how_many(replications, precision, until, most)
    agree(found, values, enough["replications"], workers, engine, yes)
    with resumable(store, retry_failed, dask, enough) as how:
        study = sweep_scenario(found, values, seed=seed, baseline=baseline, workers=workers,
                               engine=engine, **how)  # fmt: skip
    tell(study, [report.comparison_table(study, terminal.console().width), report.loads_table(study)], out, json)


@app.command()
@answering
def studies(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What --store named.")],
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", parser=place, help="Write all runs to a .csv or .parquet file.")
    ] = None,
    json: Json = False,
) -> None:
    """List what is in a store, or export it."""
    from gridsim.study.stores import tables as store_tables
    from gridsim.view import report, terminal

    if export is not None:
        written, damaged = store_tables.export(file, export)
        typer.echo("\n".join([f"{written} runs written to {export}", *store_tables.said_of_damage(damaged)]), err=True)
        return
    listed, scenarios, damaged = store_tables.studies_in(file)
    if json:
        data = {"studies": listed.to_dict("records"), "scenarios": scenarios.to_dict("records"), "damaged": damaged}
        print_data(data)
        return
    tables = [report.frame_table("Studies (times in UTC)", listed.set_index("study"))]
    tables += [report.frame_table("Scenarios", scenarios.set_index("scenario").drop(columns="rules"))]
    terminal.show(tables, [*filter(None, [store_tables.other_rules(scenarios)]), *store_tables.said_of_damage(damaged)])


def main_job(
    site: Scenario, headcount: int | None, baseline: str | None, out: Path, json: bool, how: dict[str, Any],
) -> None:  # fmt: skip
    """The main job: plan, run, summary, tables, files."""
    from gridsim.jobs.street.plan import street_plan
    from gridsim.view import files, street_report, terminal
    from gridsim.view.street_summary import street_summary

    check_out(out)
    plan = street_plan(site, headcounts=[headcount] if headcount else None)
    plan = plan.with_baseline(baseline) if baseline else plan
    study = plan.run(**how)
    check_runs(study)
    if json:
        data = files.study_data(study, street_report.street_differences(study))
        print_data(data | {"summary": street_summary(study), "left_out": plan.left_out})
    else:
        terminal.say([*street_summary(study), ""])
        terminal.show(street_report.street_tables(study, terminal.console().width), [*plan.left_out, *study.warnings])
    write_with(files.write_street, study, out)
