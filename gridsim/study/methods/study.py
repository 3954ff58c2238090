"""Scenarios compared on common random numbers: the same problems, replication by replication, under each."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from ...scenario.given import as_scenario
from ...scenario.records import as_records
from ...simulation.outcome.own_measures import as_measures
from ..asked import as_mapping, as_scenarios, as_values, check_confidence, check_executor, check_whole
from ..comparing.comparison import Comparison, comparison_of
from ..errors import StudyError, unknown
from ..run import Settings, planned_runs
from ..runs.own_played import own_of, said_of_own
from ..runs.pool import Players
from ..runs.progress import progress_bar
from ..runs.resuming import KeptRuns
from ..runs.size import check_size
from .stopping import MOST, enough_of, in_batches

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence
    from concurrent.futures import Executor

    from ...scenario.given import Given
    from ...scenario.scenario import Scenario
    from ...simulation.outcome.measure_table import Measure
    from ...simulation.policy import Rule
    from ..run import Finished


def compare(
    scenarios: Mapping[str, Given],
    replications: int | str = 20,
    seed: int = 0,
    baseline: str | None = None,
    executor: Executor | None = None,
    store: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    progress: bool = True,
    engine: str = "auto",
    records: Any = None,
    confidence: float = 0.95,
    precision: float | Mapping[str, float] | None = None,
    until: str | None = None,
    most: int = MOST,
    retry_failed: bool = False,
    policy: Rule | Mapping[str, Rule | None] | None = None,
    agents: Mapping[str, type] | None = None,
    measures: Sequence[Measure] | None = None,
) -> Comparison:
    """Run every scenario several times on the same problems and compare them.

    Parameters
    ----------
    scenarios
        What is compared, by name; a site may be given by its name.
    replications
        How many runs of each scenario; "auto": as many as it takes, looking after 8, 16, 32 and so on.
    seed
        Seed of the study, 0 or more; each replication derives its own from it, the same for all scenarios.
    baseline
        Name of the scenario that the others are compared with; absent: the first.
    executor
        Who plays the runs; absent: a pool of local processes.
    store
        A file that keeps finished runs: what is in it is not played again. It is made if it is not there.
    workers
        How many processes; 1: none but this one; absent: one per processor. The numbers are the same.
    progress
        Whether to show a bar with the time left, in a terminal or a notebook.
    engine, records
        As for `simulate`.
    confidence
        Of the intervals, a share of 1.
    precision
        With "auto": the largest half-width of the interval of a measure relative to its mean, by name, or one number
        for the share closed, closed in time, and the mean response.
    until
        With "auto": "decided" asks for the sign of every difference from the baseline in those three.
    most
        With "auto": replications after which the study stops in any case, and says so.
    retry_failed
        Whether runs that the store has as failed are played again.
    policy
        An escalation rule of one's own, as for `simulate`: for all scenarios, or by the names of those that have one.
    agents
        Classes of one's own by the names that `simulate` gives them, {"leader": MyLeader}: all run under Mesa then.
    measures
        Measures of one's own (`gridsim.Measure`), each a function of a run's result; they come out beside the package's.

    Raises
    ------
    StudyError
        If something is wrong with the study as a whole, its store or its executor. A run that fails is a row with its error.
    """
    chosen, seed = as_scenarios(scenarios), check_whole("seed", seed, 0)
    enough = enough_of(replications, precision, until, most, confidence)
    count = enough.most if enough else replications
    _check(chosen, count, baseline, workers, engine, confidence)
    check_executor(executor)
    mine = as_measures(measures)
    own = own_of(chosen, policy, agents, mine)
    notes = said_of_own(own, engine)
    settings, first = Settings(chosen, engine, as_records(records), own), baseline or next(iter(chosen))
    planned = planned_runs(chosen, int(count), seed)
    finished: list[Finished] = []
    with (
        KeptRuns(store, settings, seed, replications, retry_failed) as kept,
        Players(settings, workers, executor) as players,
        progress_bar(len(planned), progress) as advance,
    ):
        for batch in in_batches(planned, enough):
            for one in kept.completed(batch, players.play):
                finished.append(one)
                advance(not one.error)
            study = comparison_of(finished, chosen, first, confidence, mine)
            if enough and enough.is_reached(study):
                break
    return replace(study, counts=kept.counts, stopped=enough.said(study) if enough else "", said=notes)


def sweep(
    scenario: Given,
    values: Mapping[str, Iterable[Any]],
    replications: int | str = 20,
    seed: int = 0,
    baseline: str | None = None,
    executor: Executor | None = None,
    store: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    progress: bool = True,
    engine: str = "auto",
    records: Any = None,
    confidence: float = 0.95,
    precision: float | Mapping[str, float] | None = None,
    until: str | None = None,
    most: int = MOST,
    retry_failed: bool = False,
    policy: Rule | Mapping[str, Rule | None] | None = None,
    agents: Mapping[str, type] | None = None,
    measures: Sequence[Measure] | None = None,
) -> Comparison:
    """Vary some numbers of a scenario in all combinations and compare them.

    Parameters
    ----------
    scenario
        What is varied.
    values
        The values of each key path (`tiers.grid.staff.*.count`); None removes the key.
    replications, seed, baseline, executor, store, workers, progress, engine, records, confidence, precision, until, most,
    retry_failed, policy, agents, measures
        As for `compare`; scenarios are named by their values, such as "count=1, after_hours=4".

    Returns
    -------
    Comparison
        Its tables carry the varied values as columns named by the key paths.

    Raises
    ------
    ScenarioError
        If a combination is not a valid scenario.
    StudyError
        If something is wrong with the study as a whole.
    """
    scenario, levers = as_scenario(scenario), combinations(values)
    scenarios = {name: scenario.vary(chosen) for name, chosen in levers.items()}
    comparison = compare(
        scenarios, replications, seed, baseline, executor, store, workers, progress,
        engine, records, confidence, precision, until, most, retry_failed, policy, agents, measures,
    )  # fmt: skip
    return comparison.with_levers(levers)


def combinations(values: Mapping[str, Iterable[Any]]) -> dict[str, dict[str, Any]]:
    """List all combinations of values, the last key path varying fastest, named by their values.

    Parameters
    ----------
    values
        The values of each key path.

    Raises
    ------
    StudyError
        If there is nothing to vary, a value stands twice, or there are more combinations than a study holds.
    """
    as_mapping("values", values, '{"escalation.after_hours": [4, 8]}')
    if not values:
        raise StudyError("there is nothing to sweep: give at least one key path with its values")
    read = {str(path): as_values(path, choices) for path, choices in values.items()}
    for path, choices in read.items():
        _check_once(path, choices)
    check_size(prod(len(choices) for choices in read.values()))
    labels = dict(zip(read, _short_names(list(read)), strict=True))
    found: dict[str, dict[str, Any]] = {}
    for chosen in product(*read.values()):
        levers = dict(zip(read, chosen, strict=True))
        found[", ".join(f"{labels[path]}={_in_a_name(value)}" for path, value in levers.items())] = levers
    return found


def _short_names(paths: list[str]) -> list[str]:
    """The ends of key paths, as long as it takes to tell them apart."""
    split = [path.split(".") for path in paths]
    for length in range(1, max(map(len, split))):
        names = [".".join(steps[-length:]) for steps in split]
        if len(set(names)) == len(names):
            return names
    return paths


def _in_a_name(value: Any) -> str:
    if value is None:
        return "none"
    if not isinstance(value, float):
        return str(value)
    short = f"{value:g}"
    return short if float(short) == value else repr(float(value))


def _check_once(path: str, choices: Sequence[Any]) -> None:
    names = [_in_a_name(value) for value in choices]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise StudyError(f"{path}: the value {twice} stands twice; give each once")


def _check(
    scenarios: Mapping[str, Scenario], replications: int | str, baseline: str | None,
    workers: int | None, engine: str, confidence: float,
) -> None:  # fmt: skip
    """Say what is wrong with a study before anything runs."""
    from ...simulation.simulate import ENGINES

    if not scenarios:
        raise StudyError("there is nothing to compare: give at least one scenario")
    check_whole("replications", replications, 1)
    check_size(len(scenarios), int(replications))
    if workers is not None:
        check_whole("workers", workers, 1)
    if baseline is not None and baseline not in list(scenarios):
        raise unknown("baseline", baseline, scenarios)
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    check_confidence(confidence)
