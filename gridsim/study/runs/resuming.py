"""The runs of one study: those that its store has are taken from it, the others are played and kept."""

from __future__ import annotations

from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import StudyError, some
from ..stores.store import Store

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator

    from ..run import Finished, Run, Settings

UNSAVED_SECONDS = 1.0  # so much work of all workers together may be lost with the parent
UNSAVED_RUNS = 1000


@dataclass(frozen=True)
class Counts:
    """How many runs of a study were done now, were in its store already, and failed, now or before.

    Parameters
    ----------
    done, already_there, failed
        Together all runs of the study.
    store
        Name of the store's file; empty without one.
    damaged
        Runs whose rows in the store were damaged: left out, and run again.
    """

    done: int = 0
    already_there: int = 0
    failed: int = 0
    store: str = ""
    damaged: tuple[str, ...] = ()

    @property
    def said_of_damage(self) -> tuple[str, ...]:
        """What became of damaged rows, in a sentence; nothing if there were none."""
        if not self.damaged:
            return ()
        return (f"Damaged rows of {self.store} were left out and run again: {some(self.damaged)}.",)

    def __str__(self) -> str:
        there = f", {self.already_there} were already in {self.store}" if self.store else ""
        return f"{self.done} runs done now{there}, {self.failed} failed"


class KeptRuns:
    """The runs of one study, with or without a store; use it in a `with` block, at whose end all are kept.

    Parameters
    ----------
    store
        The store's file, or None.
    settings
        What the runs have in common.
    seed, replications
        As the study was asked for.
    retry_failed
        Whether runs that failed before are played again.

    Raises
    ------
    StudyError
        If the store cannot be used.
    """

    def __init__(
        self, store: str | os.PathLike[str] | None, settings: Settings, seed: int = 0, replications: object = "",
        retry_failed: bool = False,
    ):  # fmt: skip
        self._store = None if store is None else Store(store, settings)
        self._retry_failed = retry_failed
        self._unsaved: list[Finished] = []
        self._unsaved_seconds = 0.0
        self._done = self._there = self._failed = 0
        self._number = self._store.begin_study(seed, replications) if self._store else 0

    def completed(self, runs: Iterable[Run], play: Callable[[list[Run]], Generator[Finished]]) -> Iterator[Finished]:
        """Give all runs: at once those that are in the store, then the others as they finish.

        Parameters
        ----------
        runs
            Which runs.
        play
            Plays those that are not there.
        """
        missing = []
        for run in runs:
            if (one := self._find(run)) is None:
                missing.append(run)
            else:
                self._count(one, there=True)
                yield one
        with closing(play(missing)) as played:
            for one in played:
                self._keep(one)
                self._count(one)
                yield one

    @property
    def counts(self) -> Counts:
        """How many runs were done, were there and failed so far."""
        if self._store is None:
            return Counts(self._done, self._there, self._failed)
        damaged = tuple(f"{run.scenario} replication {run.replication}" for run in self._store.damaged)
        return Counts(self._done, self._there, self._failed, self._store.path.name, damaged)

    def _find(self, run: Run) -> Finished | None:
        found = self._store.find(run) if self._store else None
        return None if found and found.error and self._retry_failed else found

    def _count(self, one: Finished, there: bool = False) -> None:
        self._failed += bool(one.error)
        self._there += there and not one.error
        self._done += not there and not one.error

    def _keep(self, one: Finished) -> None:
        if self._store is None:
            return
        self._unsaved.append(one)
        self._unsaved_seconds += one.seconds
        if self._unsaved_seconds >= UNSAVED_SECONDS or len(self._unsaved) >= UNSAVED_RUNS:
            self._save()

    def _save(self) -> None:
        if self._store and self._unsaved:
            self._store.keep(self._unsaved)
            self._unsaved, self._unsaved_seconds = [], 0.0

    def __enter__(self) -> KeptRuns:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """Keep what is not kept yet; after an error as far as the file allows, for the error is what counts."""
        if self._store is None:
            return
        try:
            with suppress(StudyError) if error else nullcontext():
                self._save()
                if not error:
                    self._store.end_study(self._number, self._done, self._there, self._failed)
        finally:
            self._store.close()
