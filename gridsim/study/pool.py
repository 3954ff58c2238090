"""Who plays the runs: this process, a pool of local processes, or any executor that is given.

Runs are sent in chunks sized by how long runs take, and only so many at a time as keep everybody busy. A
worker that dies takes nothing with it: the runs that it may have had are played again one by one, each in a
process of its own, and one that kills its process again is a failed run.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import types
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .errors import StudyError
from .runs import Finished, Run, Settings, play, play_several, start_worker

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    Played = Generator[Finished, None, None]

CHUNK_SECONDS = 0.25  # long enough that sending costs little, short enough that all finish together
AHEAD = 2  # chunks waiting per worker, so that none waits for the parent


def available_workers() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def play_all(
    runs: Sequence[Run], settings: Settings, workers: int | None = None, executor: Executor | None = None
) -> Played:
    """Play all runs, in whatever order they finish.

    Parameters
    ----------
    runs
        Which runs.
    settings
        What they have in common.
    workers
        How many processes; 1: this one; absent: as many as there are processors.
    executor
        Who plays them instead of the local pool.

    Raises
    ------
    StudyError
        If the executor stops working.
    """
    if executor is not None:
        count = workers or getattr(executor, "_max_workers", None) or available_workers()
        yield from _with_executor(runs, settings, executor, count)
        return
    count = min(workers or available_workers(), len(runs))
    if count <= 1:
        yield from (play(run, settings) for run in runs)
        return
    yield from _with_processes(runs, settings, count)


def _with_executor(runs: Sequence[Run], settings: Settings, executor: Executor, workers: int) -> Played:
    flow = _Flow(runs, workers)
    try:
        yield from flow.through(executor, settings)
    except BrokenExecutor as error:
        done = len(runs) - len(flow.unfinished())
        raise StudyError(f"the executor stopped working after {done} of {len(runs)} runs: {error}") from error


def _with_processes(runs: Sequence[Run], settings: Settings, workers: int) -> Played:
    while runs:
        flow = _Flow(runs, workers)
        try:
            with _local_pool(settings, workers) as pool:
                yield from flow.through(pool)
        except BrokenExecutor:
            for run in flow.in_flight():
                yield _alone(run, settings)
        runs = flow.not_sent()


def _alone(run: Run, settings: Settings) -> Finished:
    try:
        with _local_pool(settings, 1) as pool:
            return pool.submit(play_several, [run]).result()[0]
    except BrokenExecutor:
        return Finished(run, error="the process of this run died (out of memory?)")


class _Flow:
    """The runs on their way: not sent, in flight, finished."""

    def __init__(self, runs: Sequence[Run], workers: int) -> None:
        self.waiting = deque(runs)
        self.flying: dict[Future[list[Finished]], list[Run]] = {}
        self.workers = workers
        self.seconds = 0.0
        self.finished = 0

    def not_sent(self) -> list[Run]:
        return list(self.waiting)

    def in_flight(self) -> list[Run]:
        return [run for chunk in self.flying.values() for run in chunk]

    def unfinished(self) -> list[Run]:
        return self.in_flight() + self.not_sent()

    def through(self, executor: Executor, settings: Settings | None = None) -> Played:
        """Send all runs through an executor; where it has no settings yet, with what they need."""
        while self.waiting or self.flying:
            while self.waiting and len(self.flying) < AHEAD * self.workers:
                self._send(executor, settings)
            ready, _ = wait(self.flying, return_when=FIRST_COMPLETED)
            for future in ready:
                yield from self._receive(future)

    def _send(self, executor: Executor, settings: Settings | None) -> None:
        chunk = [self.waiting.popleft() for _ in range(min(self._chunk_size(), len(self.waiting)))]
        try:
            future = executor.submit(play_several, chunk, settings and settings.for_runs(chunk))
        except BaseException:
            self.waiting.extendleft(reversed(chunk))
            raise
        self.flying[future] = chunk

    def _receive(self, future: Future[list[Finished]]) -> list[Finished]:
        results = future.result()
        del self.flying[future]
        self.finished += len(results)
        self.seconds += sum(result.seconds for result in results)
        return results

    def _chunk_size(self) -> int:
        """One run until it is known how long they take; then so many that nobody waits long for the last."""
        if not self.finished:
            return 1
        fitting = int(CHUNK_SECONDS / max(self.seconds / self.finished, 1e-6))
        fair = len(self.waiting) // (AHEAD * self.workers)
        return max(1, min(fitting, fair))


class _LocalPool(ProcessPoolExecutor):
    """Local processes that do not run the caller's script again: they need nothing from it.

    Otherwise a script without `if __name__ == "__main__"` would start its study anew in every worker, and one
    that draws would load matplotlib there.
    """

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:  # processes start here
        main = sys.modules["__main__"]
        sys.modules["__main__"] = types.ModuleType("__main__")
        try:
            return super().submit(*args, **kwargs)
        finally:
            sys.modules["__main__"] = main


@contextmanager
def _local_pool(settings: Settings, workers: int) -> Iterator[ProcessPoolExecutor]:
    """Local processes with a start method named here, whatever other packages set for the whole process."""
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload([play.__module__, "gridsim.simulation.result"])
    pool = _LocalPool(workers, mp_context=context, initializer=start_worker, initargs=(settings,))
    try:
        yield pool
    except BaseException:
        _stop(pool)
        raise
    pool.shutdown()


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the workers now, in the middle of their runs."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
