"""The runs of a study: which there are, and how one is played, in this process or in a worker.

Everything that a worker is asked to do is a function of this module, so that it works from a script, a
notebook and the command line alike. What is loaded here stays light: Mesa comes only with the engine that
needs it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..scenario.scenario import Scenario
    from ..simulation.own import Own


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a study.

    Parameters
    ----------
    scenario
        Name of the scenario.
    replication
        Number of the replication, from 0.
    seed
        What is given to `simulate`; the same for all scenarios of a replication.
    """

    scenario: str
    replication: int
    seed: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the runs of a study have in common.

    Parameters
    ----------
    scenarios
        What is simulated, by name.
    engine
        As for `simulate`.
    records
        Recorded problems, as for `simulate`.
    own
        Policies and agents of one's own, by scenario; one that is not named plays the package's.
    """

    scenarios: Mapping[str, Scenario]
    engine: str = "auto"
    records: Any = None
    own: Mapping[str, Own] = field(default_factory=dict)

    def for_runs(self, runs: Iterable[Run]) -> Settings:
        """The same with only the scenarios that some runs need."""
        needed = {run.scenario: self.scenarios[run.scenario] for run in runs}
        own = {name: self.own[name] for name in needed if name in self.own}
        return Settings(needed, self.engine, self.records, own)

    def digest(self, name: str) -> str:
        """Hash of a scenario and of what of one's own plays it.

        Parameters
        ----------
        name
            Of the scenario.
        """
        own = self.own.get(name)
        return self.scenarios[name].digest + (f"+{own.digest}" if own else "")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run went.

    Parameters
    ----------
    run
        Which run.
    measures
        Its measures by name; none if it failed.
    restricted
        Names of the means that censoring cut short.
    error
        Why it failed; empty if it did not.
    seconds
        How long it took.
    """

    run: Run
    measures: dict[str, float] = field(default_factory=dict)
    restricted: tuple[str, ...] = ()
    error: str = ""
    seconds: float = 0.0


def run_seed(seed: int, replication: int) -> int:
    """Give the seed of a replication: it depends on the seed of the study and on its own number alone.

    Parameters
    ----------
    seed
        Seed of the study, not negative.
    replication
        Number of the replication, from 0.
    """
    return int(np.random.SeedSequence([seed, replication]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def planned_runs(scenarios: Iterable[str], replications: int, seed: int) -> list[Run]:
    """List the runs: replication 0 of all scenarios, then replication 1, so that a part of them is balanced.

    Parameters
    ----------
    scenarios
        Names of the scenarios.
    replications
        How many runs of each.
    seed
        Seed of the study.
    """
    names = list(scenarios)
    seeds = [run_seed(seed, replication) for replication in range(replications)]
    return [Run(name, replication, seed) for replication, seed in enumerate(seeds) for name in names]


def play(run: Run, settings: Settings) -> Finished:
    """Play one run; if it fails, say why instead of ending the study.

    Parameters
    ----------
    run
        Which run.
    settings
        What the runs of the study have in common.
    """
    from ..simulation.simulate import simulate

    began = time.perf_counter()
    try:
        scenario = settings.scenarios[run.scenario]
        own = settings.own[run.scenario].given if run.scenario in settings.own else {}
        result = simulate(scenario, seed=run.seed, engine=settings.engine, records=settings.records, **own)
        measures = {str(name): float(value) for name, value in result.measures.items()}
        return Finished(run, measures, result.restricted, seconds=time.perf_counter() - began)
    except Exception as error:  # whatever went wrong belongs into the row of this run
        return Finished(run, error=f"{type(error).__name__}: {error}", seconds=time.perf_counter() - began)


_settings_of_worker: list[Settings] = []  # what the local pool's workers got when they started


def start_worker(settings: Settings) -> None:
    """Keep what all runs have in common, and leave Ctrl-C and a closed terminal to the parent, which stops its workers."""
    _settings_of_worker[:] = [settings]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for runs for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def play_several(runs: Sequence[Run], settings: Settings | None = None) -> list[Finished]:
    """Play some runs one after the other, in a worker.

    Parameters
    ----------
    runs
        Which runs.
    settings
        What they have in common; absent: what the worker got when it started.
    """
    shared = _settings_of_worker[0] if settings is None else settings
    return [play(run, shared) for run in runs]
