"""Who plays the runs: this process, a pool of local processes, or any executor that is given.

Runs are sent in chunks sized by how long runs take, and only so many at a time as keep everybody busy. A
worker that dies takes nothing with it: the runs that it may have had are played again one by one, those that are
left at the end each in a process of its own, and one that kills its process again is a failed run.
"""

from __future__ import annotations

import multiprocessing
import sys
import types
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import StudyError
from ..run import Finished, Run, Settings, play, play_several, start_worker
from .executors import available_workers, check_alive, lost_worker_errors, workers_of
from .signals import deaf_to_interrupts, held_back

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    Played = Generator[Finished, None, None]

CHUNK_SECONDS = 0.25  # long enough that sending costs little, short enough that all finish together
AHEAD = 2  # chunks waiting per worker, so that none waits for the parent
RECENT = 8  # chunks by which the time of a run is judged: the first ones of a worker take longer
LOOK_SECONDS = 5.0  # after so long without a word an executor is looked after
DIED = "the process of this run died (out of memory?)"


def play_all(
    runs: Sequence[Run], settings: Settings, workers: int | None = None, executor: Executor | None = None
) -> Played:
    """Play all runs, in whatever order they finish; parameters and errors as for `Players`."""
    with Players(settings, workers, executor) as players:
        yield from players.play(runs)


class Players:
    """Who plays the runs of a study, batch by batch; local processes stay until the end of the `with` block.

    Parameters
    ----------
    settings
        What the runs have in common.
    workers
        How many processes; 1: this one; absent: as many as there are processors.
    executor
        Who plays them instead of the local pool.
    """

    def __init__(self, settings: Settings, workers: int | None = None, executor: Executor | None = None):
        self._settings, self._workers, self._executor = settings, workers, executor
        self._pool: ProcessPoolExecutor | None = None

    def play(self, runs: Sequence[Run]) -> Played:
        """Play some runs, in whatever order they finish.

        Parameters
        ----------
        runs
            Which runs.

        Raises
        ------
        StudyError
            If the given executor stops working.
        """
        if self._executor is not None:
            yield from self._with_executor(runs, self._executor)
        elif min(self._workers or available_workers(), len(runs)) <= 1:
            yield from (play(run, self._settings) for run in runs)
        else:
            yield from self._with_processes(runs)

    def __enter__(self) -> Players:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        """End the local processes; after an error in the middle of their runs."""
        self._leave_pool(now=error is not None)

    def _with_executor(self, runs: Sequence[Run], executor: Executor) -> Played:
        flow = _Flow(runs, 1)
        try:
            flow.workers = self._workers or workers_of(executor)  # a cluster is asked, and may be gone
            yield from flow.through(executor, self._settings)
        except Exception as error:  # whatever it is, it is not a run's: those say what went wrong in their row
            done = len(runs) - len(flow.unfinished())
            said = str(error) or type(error).__name__
            raise StudyError(f"the executor stopped working after {done} of {len(runs)} runs: {said}") from error

    def _with_processes(self, runs: Sequence[Run], one_by_one: bool = False) -> Played:
        while runs:
            flow = _Flow(runs, self._workers or available_workers(), one_by_one)
            try:
                yield from flow.through(self._local_pool())
            except BrokenExecutor:
                self._leave_pool(now=True)
                if one_by_one:
                    yield from map(self._alone, flow.in_flight())
                else:
                    yield from self._with_processes(flow.in_flight(), one_by_one=True)
            runs = flow.not_sent()

    def _alone(self, run: Run) -> Finished:
        pool = _local_pool(self._settings, 1)
        try:
            return pool.submit(play_several, [run]).result()[0]
        except BrokenExecutor:
            return Finished(run, error=DIED)
        finally:
            _stop(pool)

    def _local_pool(self) -> ProcessPoolExecutor:
        if self._pool is None:
            if self._settings.engine != "mesa":
                compile_once()
            self._pool = _local_pool(self._settings, self._workers or available_workers())
        return self._pool

    def _leave_pool(self, now: bool) -> None:
        if self._pool is not None:
            _stop(self._pool) if now else self._pool.shutdown()
        self._pool = None


def compile_once() -> None:
    """Compile the engine here if that was never done, so that not every worker does it for itself."""
    from ...scenario.scenario import loads
    from ...simulation.compiled import pointer
    from ...simulation.compiled.code_folder import is_sealed
    from ...simulation.simulate import simulate

    folder = pointer.folder_of_code()
    if folder is not None and not is_sealed(folder):
        simulate(loads(TINY), engine="compiled")


TINY = """
name = "tiny"
run = { days = 1.0 }
territory = { cells = 1, cell_km = 1.0, residents_per_cell = 1 }
[[problems]]
type = "matter"
skills = ["advice"]
per_1000_residents_per_day = 1.0
work_hours = { mean = 1.0, cv = 1.0 }
[[tiers]]
name = "desk"
units = 1
staff = [{ role = "clerk", skills = ["advice"], count = 1 }]
"""


class _Flow:
    """The runs on their way: not sent, in flight, finished."""

    def __init__(self, runs: Iterable[Run], workers: int, one_by_one: bool = False) -> None:
        self.waiting = deque(runs)
        self.again: deque[Run] = deque()  # what was with a worker that died: next, one by one
        self.flying: dict[Future[list[Finished]], list[Run]] = {}
        self.workers = workers
        self.one_by_one = one_by_one
        self.recent: deque[tuple[float, int]] = deque(maxlen=RECENT)

    def not_sent(self) -> list[Run]:
        return [*self.again, *self.waiting]

    def in_flight(self) -> list[Run]:
        return [run for chunk in self.flying.values() for run in chunk]

    def unfinished(self) -> list[Run]:
        return self.in_flight() + self.not_sent()

    def through(self, executor: Executor, settings: Settings | None = None) -> Played:
        """Send all runs through an executor; where it has no settings yet, with what they need."""
        try:
            while self.waiting or self.again or self.flying:
                while (self.waiting or self.again) and len(self.flying) < AHEAD * self.workers:
                    self._send(executor, settings)
                self._wait(executor)
                yield from self._receive()
        except Exception:
            yield from self._receive(only_good=True)  # what was finished is not lost with the others
            raise
        finally:
            for future in self.flying:
                future.cancel()

    def _send(self, executor: Executor, settings: Settings | None) -> None:
        source = self.again or self.waiting
        size = 1 if self.again or self.one_by_one else self._chunk_size()
        chunk = [source.popleft() for _ in range(min(size, len(source)))]
        try:
            future = executor.submit(play_several, chunk, settings and settings.for_runs(chunk))
        except BaseException:
            source.extendleft(reversed(chunk))
            raise
        self.flying[future] = chunk

    def _wait(self, executor: Executor) -> None:
        silent = 0.0
        while not wait(self.flying, LOOK_SECONDS, FIRST_COMPLETED).done:
            silent += LOOK_SECONDS
            check_alive(executor, silent)

    def _receive(self, only_good: bool = False) -> Played:
        for future in [future for future in self.flying if future.done()]:
            if only_good and (future.cancelled() or future.exception()):
                continue
            yield from self._results(future)

    def _results(self, future: Future[list[Finished]]) -> list[Finished]:
        try:
            results = future.result()
        except lost_worker_errors():
            results = self._after_a_death(self.flying[future])
        else:
            self.recent.append((sum(result.seconds for result in results), len(results)))
        del self.flying[future]
        return results

    def _after_a_death(self, chunk: list[Run]) -> list[Finished]:
        """A run that was alone with its worker failed; of several, each gets its turn alone."""
        if len(chunk) == 1:
            return [Finished(chunk[0], error=DIED)]
        self.again.extend(chunk)
        return []

    def _chunk_size(self) -> int:
        """One run until it is known how long they take; then so many that nobody waits long for the last."""
        if not self.recent:
            return 1
        seconds, runs = (sum(column) for column in zip(*self.recent, strict=True))
        fitting = int(CHUNK_SECONDS / max(seconds / runs, 1e-6))
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
            with held_back():
                return super().submit(*args, **kwargs)
        finally:
            sys.modules["__main__"] = main


def _local_pool(settings: Settings, workers: int) -> ProcessPoolExecutor:
    """Local processes with a start method named here, whatever other packages set for the whole process."""
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload([play.__module__, "gridsim.simulation.outcome.result"])
        with deaf_to_interrupts():
            import_module("multiprocessing.forkserver").ensure_running()
    return _LocalPool(workers, mp_context=context, initializer=start_worker, initargs=(settings,))


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the workers now, in the middle of their runs."""
    processes = list((getattr(pool, "_processes", None) or {}).values())
    manager = getattr(pool, "_executor_manager_thread", None)
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    if manager is not None:  # else it may close its pipe while Python, on its way out, still writes to it
        manager.join(LOOK_SECONDS)
