"""Scenarios compared on common random numbers: the same problems, replication by replication, under each."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from ...scenario.given import as_scenario
from ...scenario.records import as_records
from ...simulation.outcome.own_measures import as_measures
from ..asked import as_mapping, as_scenarios, as_values
from ..comparing.comparison import Comparison, comparison_of
from ..errors import StudyError, unknown
from ..how import ABSENT, Absent, as_how
from ..run import Settings, planned_runs
from ..runs.own_played import own_of, said_of_own
from ..runs.pool import Players
from ..runs.progress import progress_bar
from ..runs.resuming import KeptRuns
from ..runs.size import check_size
from ..stopping import AUTO, in_batches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Unpack

    from ...scenario.given import Given
    from ...scenario.scenario import Scenario
    from ..how import How, StoppingKeywords
    from ..run import Finished
    from ..stopping import Enough


def compare(
    scenarios: Mapping[str, Given],
    replications: int | str | Enough | Absent = ABSENT,
    seed: int | Absent = ABSENT,
    baseline: str | None = None,
    how: How | None = None,
    **keywords: Unpack[StoppingKeywords],
) -> Comparison:
    """Run every scenario several times on the same problems and compare them.

    Parameters
    ----------
    scenarios
        What is compared, by name; a site may be given by its name.
    replications
        How many runs of each scenario, 20 if absent; or a rule: `until_precise(0.05)`, `until_decided()`; "auto": as many
        as `precision`, `until` and `most` ask for, looking after 8, 16, 32 and so on.
    seed
        Seed of the study, 0 if absent; each replication derives its own from it, the same for all scenarios.
    baseline
        Name of the scenario that the others are compared with; absent: the first.
    how
        How the study is run, as one object, in place of keywords or beside others.
    keywords
        executor, store, workers, progress, engine, records, confidence, policy, agents, measures, retry_failed: as in
        `How`. With "auto": precision (relative half-width, a number or by measure), until ("decided": the sign of every
        difference) and most (replications after which it stops in any case, 256 if absent).

    Raises
    ------
    StudyError
        If something is wrong with the study as a whole, its store or its executor. A run that fails is a row with its error.
    """
    chosen = as_scenarios(scenarios)
    asked = as_how("compare", how, {"replications": replications, "seed": seed, **keywords})
    return compared(chosen, asked, baseline)


def compared(chosen: Mapping[str, Scenario], how: How, baseline: str | None = None) -> Comparison:
    """Run scenarios as asked and compare them; parameters and errors as for `compare`."""
    _check(chosen, how, baseline)
    mine = as_measures(how.measures)
    own = own_of(chosen, how.policy, how.agents, mine)
    notes = said_of_own(own, how.engine)
    settings, first = Settings(chosen, how.engine, as_records(how.records), own), baseline or next(iter(chosen))
    planned, enough = planned_runs(chosen, how.most, how.seed), how.enough
    finished: list[Finished] = []
    with (
        KeptRuns(how.store, settings, how.seed, AUTO if enough else how.most, how.retry_failed) as kept,
        Players(settings, how.workers, how.executor) as players,
        progress_bar(len(planned), how.progress) as advance,
    ):
        for batch in in_batches(planned, enough):
            for one in kept.completed(batch, players.play):
                finished.append(one)
                advance(not one.error)
            study = comparison_of(finished, chosen, first, how.confidence, mine)
            if enough and enough.is_reached(study):
                break
    return replace(study, counts=kept.counts, stopped=enough.said(study) if enough else "", said=notes)


def sweep(
    scenario: Given,
    values: Mapping[str, Iterable[Any]],
    replications: int | str | Enough | Absent = ABSENT,
    seed: int | Absent = ABSENT,
    baseline: str | None = None,
    how: How | None = None,
    **keywords: Unpack[StoppingKeywords],
) -> Comparison:
    """Vary some numbers of a scenario in all combinations and compare them.

    Parameters
    ----------
    scenario
        What is varied.
    values
        The values of each key path (`tiers.grid.staff.*.count`); None removes the key.
    replications, seed, baseline, how, keywords
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
    asked = as_how("sweep", how, {"replications": replications, "seed": seed, **keywords})
    scenarios = {name: scenario.vary(chosen) for name, chosen in levers.items()}
    return compared(scenarios, asked, baseline).with_levers(levers)


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


def _check(scenarios: Mapping[str, Scenario], how: How, baseline: str | None) -> None:
    """Say what is wrong with a study before anything runs."""
    if not scenarios:
        raise StudyError("there is nothing to compare: give at least one scenario")
    check_size(len(scenarios), how.most)
    if baseline is not None and baseline not in list(scenarios):
        raise unknown("baseline", baseline, scenarios)
