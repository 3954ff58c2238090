"""What commands do alike: load what is named, run so that it can go on, print and write what was found."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from gridsim.scenario.scenario import Scenario
    from gridsim.study.comparing.comparison import Comparison


def load_scenario(
    scenario: str, changes: list[str] | None, days: float | None = None,
    demand: str | None = None, storms: list[str] | None = None,
) -> Scenario:  # fmt: skip
    """Load a scenario, change it, let it run so many days, with more problems or some days of a storm."""
    from gridsim.jobs.street.plan import shortened
    from gridsim.scenario.scenario import load

    from .levers import storm_of
    from .values import changes_of

    found = load(scenario)
    found = found.vary(changes_of(changes)) if changes else found
    found = found if days is None else shortened(found, days)
    found = found if demand is None else found.with_demand(demand)
    for storm in storms or []:
        found = found.with_storm(**storm_of(storm))
    return found


def load_named(
    given: list[str], changes: list[str] | None, days: float | None,
    demand: str | None = None, storms: list[str] | None = None,
) -> dict[str, Scenario]:  # fmt: skip
    """Load scenarios; each is named by its file, by its whole path where two files have the same name."""
    from gridsim.scenario.errors import said
    from gridsim.study.errors import StudyError

    stems = [said(Path(one).stem) for one in given]
    names = [said(one) if stems.count(stem) > 1 else stem for one, stem in zip(given, stems, strict=True)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise StudyError(f"{', '.join(twice)}: given twice; scenarios to compare must differ")
    return {name: load_scenario(one, changes, days, demand, storms) for name, one in zip(names, given, strict=True)}


def designed(
    given: dict[str, Scenario], designs: str, headcount: int | None, keep_grids: bool = False
) -> dict[str, Scenario]:
    """Put scenarios under designs, each with so many people."""
    from gridsim.scenario.designs.designs import design

    from .levers import names_of_designs

    names = names_of_designs(designs)
    return {
        name if len(given) == 1 else f"{site}: {name}": design(name, scenario, headcount, keep_grids)
        for site, scenario in given.items() for name in names
    }  # fmt: skip


def how_many(replications: str, precision: str | None, until: str | None, most: int) -> dict[str, Any]:
    """How many replications a study is asked for: a number, or when it may stop."""
    from .values import precision_of

    asked: dict[str, Any] = {"until": until, "most": most, "precision": precision_of(precision)}
    return {"replications": int(replications) if replications.isdecimal() else replications, **asked}


@contextmanager
def resumable(
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


def agree(
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


def print_data(data: object) -> None:
    """Print JSON, and nothing else."""
    from gridsim.view import files, streams

    typer.echo(streams.exact_json(files.as_json(data)))


def tell(study: Comparison, tables: list[Any], out: Path | None, json: bool) -> None:
    """Print what a study found, and write it."""
    from gridsim.view import files, terminal

    check_runs(study)
    if json:
        print_data(files.study_data(study))
    else:
        terminal.show(tables, study.warnings)
    if out is not None:
        write_with(files.write_comparison, study, out)


def check_runs(study: Comparison) -> None:
    """A study without a single good run has nothing to show."""
    if len(study.failed) == len(study.runs):
        raise RuntimeError(f"every run failed; the first: {study.failed.iloc[0]['error']}")


def check_out(out: Path | None) -> None:
    """Find out before anything runs whether results can be written."""
    from gridsim.view.folder import check_folder

    if out is not None:
        check_folder(out)


def write_with(write: Callable[[Comparison, Path], list[Path]], study: Comparison, out: Path) -> None:
    """Write a study; if that fails, say that its runs are not lost where a store has them."""
    from gridsim.study.errors import StudyError

    try:
        written = write(study, out)
    except StudyError as error:
        kept = study.counts.store if study.counts else ""
        raise StudyError(f"{error}; all runs are kept in {kept}" if kept else str(error)) from error
    say_where(out, written)


def say_where(out: Path, written: list[Path]) -> None:
    """Say where results were written, and what lay there before."""
    from gridsim.view.folder import left_from_before

    typer.echo(f"Written to {out}{os.sep}", err=True)
    if left := left_from_before(out, written):
        typer.echo(left, err=True)
