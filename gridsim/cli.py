"""The command line: parse, call, print.

Exit codes: 0 done, 2 wrong use or wrong input (one message, nothing written), 1 a fault, 130 interrupted, 143 or 129
ended by SIGTERM or SIGHUP.
"""

from __future__ import annotations

import functools
import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from gridsim.scenario.scenario import Scenario
    from gridsim.study.comparing.comparison import Comparison

SITE_OF_THE_MAIN_JOB = "mingming_road"
RESULTS = Path("results")
REPLICATIONS_OF_A_STUDY, MOST_REPLICATIONS = 8, 256
WRONG_USE, FAULT, INTERRUPTED = 2, 1, 130

Given = ParamSpec("Given")


class _Commands(TyperGroup):
    """The commands; what they print, help and complaints too, never fails over a letter that a terminal lacks."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        from gridsim.view.streams import never_fault

        never_fault()
        return super().main(*args, **kwargs)


app = typer.Typer(name="gridsim", cls=_Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip


def _place(given: str) -> Path:
    """A file or folder as it was named; no name would mean the current folder."""
    if not given.strip():
        _stop("Error: a file or folder is named by an empty text; name it, or leave the option out", WRONG_USE)
    return Path(given)


Scenarios = Annotated[list[str] | None, typer.Argument(metavar="[SCENARIO]...", help="Sites or TOML files.")]
OneScenario = Annotated[str, typer.Argument(metavar="SCENARIO", help="A site (see `gridsim sites`) or a TOML file.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a value, for example tiers.grid.staff.*.count=2; `none` removes it.",
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
Out = Annotated[Path | None, typer.Option(metavar="DIR", parser=_place, help="Folder for CSV, PNG and TOML.")]
Kept = Annotated[
    Path | None,
    typer.Option("--store", metavar="FILE", parser=_place, help="Keeps finished runs; what is in it is not run again."),
]
Retry = Annotated[bool, typer.Option("--retry-failed", help="Run again what the store has as failed.")]
Dask = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster that does the runs.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on standard output.")]
Designs = Annotated[str | None, typer.Option(metavar="NAME,...", help="Hierarchy designs, or `all`.")]
Headcount = Annotated[int | None, typer.Option(min=1, metavar="N", help="Leaders and staff of every design.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before a sweep of many thousand combinations.")]
Vary = Annotated[
    list[str], typer.Option(metavar="KEY=V1,V2,...", help="A key and its values; all combinations are run.")
]


def _answering(command: Callable[Given, None]) -> Callable[Given, None]:
    """Turn what goes wrong in a command into one message and an exit code."""

    @functools.wraps(command)
    def answered(*args: Given.args, **kwargs: Given.kwargs) -> None:
        from gridsim.scenario.errors import ScenarioError
        from gridsim.study.errors import StudyError
        from gridsim.study.runs.signals import Ended, ended_by_signals

        _open_streams()
        try:
            with ended_by_signals():
                command(*args, **kwargs)
        except Ended as ended:
            _stop(f"Ended by {ended}.", ended.exit_code)
        except (ScenarioError, StudyError) as error:
            _stop(f"Error: {error}", WRONG_USE)
        except KeyboardInterrupt:
            _stop("Interrupted.", INTERRUPTED)
        except (typer.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.strerror:
                _stop(f"Error: {error.filename or 'what is printed cannot be written'}: {error.strerror}", WRONG_USE)
            if os.environ.get("GRIDSIM_DEBUG"):
                raise
            said = " ".join(str(error).split())
            _stop(f"Fault: {type(error).__name__}: {said} (GRIDSIM_DEBUG=1 shows where)", FAULT)

    return answered


def _open_streams() -> None:
    """Print to nowhere where an output was closed (as by >&-); a run with --out or --store goes on."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the command
            setattr(sys, name, nowhere)


def _stop(message: str, code: int) -> NoReturn:
    from gridsim.scenario.errors import STEERS

    with suppress(OSError):  # the terminal may be gone
        typer.echo("\n".join(STEERS.sub(" ", line) for line in message.split("\n")), err=True)
    raise typer.Exit(code)


@app.callback()
def _gridsim(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.", is_eager=True,
                                          callback=lambda wanted: _show_version() if wanted else None)] = False,
) -> None:  # fmt: skip
    """Simulate grid-based community service: what hierarchy, staffing and escalation do to closing and response."""


def _show_version() -> NoReturn:
    from gridsim import __version__

    typer.echo(f"gridsim {__version__}")
    raise typer.Exit


@app.command()
@_answering
def sites(json: Json = False) -> None:
    """List the ready-made scenarios."""
    from gridsim.scenario.sites import sites as table_of_sites
    from gridsim.view import report, terminal

    table = table_of_sites()
    if json:
        _print_data(table.reset_index().to_dict("records"))
    else:
        terminal.show([report.frame_table("Ready-made scenarios", table)], [])


@app.command()
@_answering
def show(
    scenario: OneScenario,
    describe: Annotated[bool, typer.Option("--describe", help="In words instead of TOML.")] = False,
    changes: Set = None,
) -> None:
    """Print a scenario as TOML, or in words."""
    from gridsim.view import streams, terminal

    found = _load(scenario, changes)
    if describe:
        terminal.say(found.describe().splitlines(), start="")
    else:
        typer.echo(streams.exact_toml(found.to_toml().rstrip("\n")))


@app.command()
@_answering
def run(
    scenario: OneScenario, seed: Seed = 0, replications: Replications = 1, changes: Set = None, days: Days = None,
    engine: Engine = "auto", workers: Workers = None, out: Out = None, json: Json = False, store: Kept = None,
    retry_failed: Retry = False, dask: Dask = None,
) -> None:  # fmt: skip
    """Run a scenario, once or several times, and print its measures.

    With --store or --dask, or several times, it is a study: each run derives its seed from the one given.
    """
    from gridsim.simulation.simulate import simulate
    from gridsim.study.methods.study import compare as compare_scenarios
    from gridsim.view import files, report, terminal

    found = _load(scenario, changes, days)
    _check_out(out)
    if replications > 1 or store or dask:
        with _resumable(store, retry_failed, dask) as how:
            study = compare_scenarios({found.name: found}, replications, seed, workers=workers, engine=engine, **how)
        _tell(study, [report.measures_table(study, terminal.console().width)], out, json)
        return
    result = simulate(found, seed=seed, engine=engine, parts=out is not None)
    if json:
        _print_data(files.run_data(result))
    else:
        tables = [report.run_table(result, terminal.console().width), report.where_table(result.measured)]
        terminal.show(tables, result.warnings)
    if out is not None:
        _say_where(out, files.write_run(result, out))


@app.command()
@_answering
def compare(
    scenarios: Scenarios = None, designs: Designs = None, headcount: Headcount = None, changes: Set = None,
    replications: UntilEnough = str(REPLICATIONS_OF_A_STUDY), seed: Seed = 0, baseline: Baseline = None,
    days: Days = None, engine: Engine = "auto", workers: Workers = None, out: Out = None, json: Json = False,
    store: Kept = None, retry_failed: Retry = False, dask: Dask = None,
    precision: Precision = None, until: Until = None, most: Most = MOST_REPLICATIONS,
) -> None:  # fmt: skip
    """Compare scenarios, or designs, on the same problems; alone: the main job, written to results/.

    The main job puts the demand of Mingming Road under every hierarchy design, at three headcounts and under
    three escalation rules.
    """
    from gridsim.study.errors import StudyError
    from gridsim.study.methods.study import compare as compare_scenarios
    from gridsim.view import report, terminal

    if not scenarios and designs is None:
        with _resumable(store, retry_failed, dask, _enough(replications, precision, until, most)) as how:
            _main_job(
                changes,
                days,
                headcount,
                baseline,
                out or RESULTS,
                json,
                {"seed": seed, "workers": workers, "engine": engine, **how},
            )
        return
    if headcount is not None and designs is None:
        raise StudyError("--headcount is for --designs: say which designs, or `--designs all`")
    _check_out(out)
    given = _named(scenarios or [SITE_OF_THE_MAIN_JOB], changes, days)
    chosen = _designed(given, designs, headcount) if designs is not None else given
    with _resumable(store, retry_failed, dask, _enough(replications, precision, until, most)) as how:
        study = compare_scenarios(chosen, seed=seed, baseline=baseline, workers=workers, engine=engine, **how)
    width = terminal.console().width
    tables = [report.comparison_table(study, width)]
    tables += [report.differences_table(study, width)] if len(chosen) > 1 else []
    tables += [report.loads_table(study)]
    _tell(study, tables, out, json)


@app.command()
@_answering
def sweep(
    scenario: OneScenario, vary: Vary, replications: UntilEnough = str(REPLICATIONS_OF_A_STUDY), seed: Seed = 0,
    changes: Set = None, days: Days = None, baseline: Baseline = None, engine: Engine = "auto",
    workers: Workers = None, out: Out = None, json: Json = False, store: Kept = None,
    retry_failed: Retry = False, dask: Dask = None,
    precision: Precision = None, until: Until = None, most: Most = MOST_REPLICATIONS, yes: Yes = False,
) -> None:  # fmt: skip
    """Vary values of a scenario in all combinations and compare them."""
    from gridsim.study.methods.study import sweep as sweep_scenario
    from gridsim.view import report, spoken_values, terminal

    values = spoken_values.values_of(vary)
    found = _load(scenario, changes, days)
    _check_out(out)
    enough = _enough(replications, precision, until, most)
    _agree(found, values, enough["replications"], workers, engine, yes)
    with _resumable(store, retry_failed, dask, enough) as how:
        study = sweep_scenario(found, values, seed=seed, baseline=baseline, workers=workers,
                               engine=engine, **how)  # fmt: skip
    _tell(study, [report.comparison_table(study, terminal.console().width), report.loads_table(study)], out, json)


@app.command()
@_answering
def reproduce(
    sites: Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="Absent: every site.")] = None,
    replications: Replications = REPLICATIONS_OF_A_STUDY, seed: Seed = 0, days: Days = None,
    workers: Workers = None, out: Out = None, json: Json = False,
) -> None:  # fmt: skip
    """Run the sites and set what the model gives beside what their reports printed."""
    from gridsim.jobs.reproduce.reproduce import reproduce as reproduce_sites
    from gridsim.view import reproduce_report, terminal

    _check_out(out)
    found = reproduce_sites(sites or (), replications, seed, workers, days=days)
    if json:
        _print_data(reproduce_report.reproduce_data(found))
    else:
        terminal.show(reproduce_report.reproduce_tables(found), found.findings)
    if out is not None:
        _say_where(out, reproduce_report.write_reproduction(found, out))


@app.command()
@_answering
def fit(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSON (gzip, zip), a workbook, or Parquet.")],
    mapped: Annotated[
        str, typer.Option("--map", metavar="opened=COLUMN,...", help="opened, type, place; closed, limit, source, urgency, id.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", parser=_place, help="Where the scenario is written (TOML).")],
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
    from gridsim.recorded.fitting import fit as fit_records
    from gridsim.view.folder import check_file
    from gridsim.view.spoken_values import columns_of

    check_file(out)
    found = fit_records(file, columns_of(mapped), design, headcount, residents, found_by=found_by, dates=dates,
                        date_format=date_format, timezone=timezone, leave_out=leave_out, encoding=encoding)  # fmt: skip
    found.scenario.save(out)
    typer.echo("\n".join([found.scenario.describe(), *found.notes]))
    typer.echo(f"Written to {out}", err=True)


@app.command()
@_answering
def calibrate(
    scenario: OneScenario,
    target: Annotated[list[str], typer.Option(metavar="NAME=VALUE", help="A reported figure, by measure.")],
    free: Annotated[
        list[str], typer.Option(metavar="KEY[=LOW:HIGH]", help="A parameter to find; `*` is one factor for all.")
    ],
    held_out: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="A reported figure that is only compared at the end.")
    ] = None,
    replications: Annotated[int, typer.Option(min=1, help="Runs at each point of the search.")] = 12,
    seed: Seed = 0, changes: Set = None, days: Days = None, workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", parser=_place, help="Where the scenario found is written (TOML).")
    ] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Find the parameters with which the model gives reported figures, and say what the figures cannot tell."""
    from gridsim.study.methods.calibration import calibrate as find_parameters
    from gridsim.view import files, folder, report, spoken_values, terminal

    if out is not None:
        folder.check_file(out)
    found = find_parameters(
        _load(scenario, changes, days), spoken_values.figures_of(target, "--target"), spoken_values.ranges_of(free),
        replications, seed, spoken_values.figures_of(held_out or [], "--held-out"), workers=workers,
    )  # fmt: skip
    if out is not None:
        found.scenario.save(out)
    if json:
        _print_data(files.calibration_data(found))
    else:
        parameters, figures = (spoken_values.with_yes_and_no(table) for table in (found.parameters, found.fit))
        tables = [report.frame_table("Parameters, with 95 % intervals", parameters.set_index("parameter"))]
        tables += [report.frame_table("Figures, on problems that the search never saw", figures.set_index("measure"))]
        terminal.show(tables, [found.said + ".", *found.warnings])
    if out is not None:
        typer.echo(f"Written to {out}", err=True)


@app.command()
@_answering
def studies(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What --store named.")],
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", parser=_place, help="Write all runs to a .csv or .parquet file.")
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
        _print_data(data)
        return
    tables = [report.frame_table("Studies (times in UTC)", listed.set_index("study"))]
    tables += [report.frame_table("Scenarios", scenarios.set_index("scenario").drop(columns="rules"))]
    terminal.show(tables, [*filter(None, [store_tables.other_rules(scenarios)]), *store_tables.said_of_damage(damaged)])


def _enough(replications: str, precision: str | None, until: str | None, most: int) -> dict[str, Any]:
    """How many replications a study is asked for: a number, or when it may stop."""
    from gridsim.view.spoken_values import precision_of

    asked: dict[str, Any] = {"until": until, "most": most, "precision": precision_of(precision)}
    return {"replications": int(replications) if replications.isdecimal() else replications, **asked}


@contextmanager
def _resumable(
    store: Path | None, retry_failed: bool, dask: str | None, enough: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """What a study is told about its store and its cluster; an interrupted one is told how to go on."""
    from gridsim.study.errors import StudyError
    from gridsim.study.runs.executors import dask_executor
    from gridsim.study.runs.signals import Ended

    if retry_failed and store is None:
        raise StudyError("--retry-failed is for --store FILE: name the file that has the failed runs")
    try:
        with dask_executor(dask) as executor:
            yield {"store": store, "retry_failed": retry_failed, "executor": executor, **(enough or {})}
    except (KeyboardInterrupt, Ended):
        kept = f"What was done is kept in {store}: the same command goes on from there."
        with suppress(OSError):
            typer.echo(kept if store else "Nothing was kept; with --store FILE the same command goes on.", err=True)
        raise


def _main_job(
    changes: list[str] | None, days: float | None, headcount: int | None, baseline: str | None, out: Path,
    json: bool, how: dict[str, Any],
) -> None:  # fmt: skip
    from gridsim.jobs.street.plan import street_plan
    from gridsim.view import files, street_report, terminal
    from gridsim.view.street_summary import street_summary

    _check_out(out)
    plan = street_plan(_load(SITE_OF_THE_MAIN_JOB, changes), days, [headcount] if headcount else None)
    plan = plan.with_baseline(baseline) if baseline else plan
    study = plan.run(**how)
    _check_runs(study)
    if json:
        data = files.study_data(study, street_report.street_differences(study))
        _print_data(data | {"summary": street_summary(study), "left_out": plan.left_out})
    else:
        terminal.say([*street_summary(study), ""])
        terminal.show(street_report.street_tables(study, terminal.console().width), [*plan.left_out, *study.warnings])
    _write(files.write_street, study, out)


def _load(scenario: str, changes: list[str] | None, days: float | None = None) -> Scenario:
    from gridsim.jobs.street.plan import shortened
    from gridsim.scenario.scenario import load
    from gridsim.view.spoken_values import changes_of

    found = load(scenario)
    found = found.vary(changes_of(changes)) if changes else found
    return found if days is None else shortened(found, days)


def _named(given: list[str], changes: list[str] | None, days: float | None) -> dict[str, Scenario]:
    """Load scenarios; each is named by its file, by its whole path where two files have the same name."""
    from gridsim.scenario.errors import said
    from gridsim.study.errors import StudyError

    stems = [said(Path(one).stem) for one in given]
    names = [said(one) if stems.count(stem) > 1 else stem for one, stem in zip(given, stems, strict=True)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StudyError(f"{', '.join(twice)}: given twice; scenarios to compare must differ")
    return {name: _load(one, changes, days) for name, one in zip(names, given, strict=True)}


def _designed(given: dict[str, Scenario], designs: str, headcount: int | None) -> dict[str, Scenario]:
    from gridsim.scenario.designs import design
    from gridsim.scenario.designs import designs as all_designs

    names = all_designs() if designs == "all" else [name.strip() for name in designs.split(",")]
    return {
        name if len(given) == 1 else f"{site}: {name}": design(name, scenario, headcount)
        for site, scenario in given.items() for name in names
    }  # fmt: skip


def _print_data(data: object) -> None:
    from gridsim.view import files, streams

    typer.echo(streams.exact_json(files.as_json(data)))


def _tell(study: Comparison, tables: list[Any], out: Path | None, json: bool) -> None:
    from gridsim.view import files, terminal

    _check_runs(study)
    if json:
        _print_data(files.study_data(study))
    else:
        terminal.show(tables, study.warnings)
    if out is not None:
        _write(files.write_comparison, study, out)


def _check_runs(study: Comparison) -> None:
    """A study without a single good run has nothing to show."""
    if len(study.failed) == len(study.runs):
        raise RuntimeError(f"every run failed; the first: {study.failed.iloc[0]['error']}")


def _check_out(out: Path | None) -> None:
    from gridsim.view.folder import check_folder

    if out is not None:
        check_folder(out)


def _write(write: Callable[[Comparison, Path], list[Path]], study: Comparison, out: Path) -> None:
    """Write a study; if that fails, say that its runs are not lost where a store has them."""
    from gridsim.study.errors import StudyError

    try:
        written = write(study, out)
    except StudyError as error:
        kept = study.counts.store if study.counts else ""
        raise StudyError(f"{error}; all runs are kept in {kept}" if kept else str(error)) from error
    _say_where(out, written)


def _say_where(out: Path, written: list[Path]) -> None:
    from gridsim.view.folder import left_from_before

    typer.echo(f"Written to {out}{os.sep}", err=True)
    if left := left_from_before(out, written):
        typer.echo(left, err=True)


def _agree(
    scenario: Scenario,
    values: dict[str, list[Any]],
    replications: int | str,
    workers: int | None,
    engine: str,
    yes: bool,
) -> None:
    """Say how large a large sweep is, and ask; where nobody can answer, --yes is the answer."""
    from gridsim.study.errors import StudyError
    from gridsim.study.runs import size

    count = math.prod(map(len, values.values()))
    if count <= size.MANY_SCENARIOS or (yes and count <= size.MOST_SCENARIOS):
        return
    told = size.size_in_words(scenario, values, replications, workers, engine)
    if count > size.MOST_SCENARIOS:
        raise StudyError(f"{told}; at most {size.MOST_SCENARIOS:,} go into one sweep: give fewer values")
    if not (sys.stdin.isatty() and typer.confirm(f"{told}. Run them?", err=True)):
        raise StudyError(f"{told}; give fewer values, or --yes to run them all")
