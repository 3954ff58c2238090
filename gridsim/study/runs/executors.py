"""Executors that are given to a study: how many workers they have, whether they still live, and a Dask cluster's."""

from __future__ import annotations

import os
import sys
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import StudyError
from ..stores.fingerprint import rules_digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

CONNECT_SECONDS = 10.0
NOBODY_SECONDS = 60.0  # a cluster may be without workers for so long, while it restarts them


def available_workers() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_of(executor: Executor) -> int:
    """Count the workers of an executor, as far as it tells.

    Parameters
    ----------
    executor
        Any.
    """
    client = _client_of(executor)
    told = sum(client.nthreads().values()) if client else getattr(executor, "_max_workers", None)
    return int(told or available_workers())


def check_alive(executor: Executor, silent: float) -> None:
    """Look after an executor that has not said anything for a while.

    Parameters
    ----------
    executor
        Any; only a Dask cluster's can be asked.
    silent
        For how long nothing came (seconds).

    Raises
    ------
    BrokenExecutor
        If its scheduler is gone, or no worker came back in time.
    """
    client = _client_of(executor)
    if client is None:
        return
    if client.status != "running":
        raise BrokenExecutor("the connection to the scheduler is lost")
    if silent >= NOBODY_SECONDS and not client.nthreads():
        raise BrokenExecutor(f"no worker has been there for {silent:.0f} seconds")


def lost_worker_errors() -> tuple[type[Exception], ...]:
    """The errors with which an executor that lives on says that a run took its workers with it."""
    distributed = sys.modules.get("distributed")
    return (distributed.KilledWorker,) if distributed else ()


@contextmanager
def dask_executor(address: str | None) -> Iterator[Executor | None]:
    """Connect to a Dask cluster whose workers have this version of gridsim; without an address, to none.

    Parameters
    ----------
    address
        Of the scheduler, such as "tcp://10.0.0.1:8786".

    Raises
    ------
    StudyError
        If Dask is not installed, nobody answers there, or a worker has other rules.
    """
    if address is None:
        yield None
        return
    with _connected(address) as client:
        _check_workers(client, address)
        yield client.get_executor()


def _connected(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise StudyError("a Dask cluster needs Dask here: pip install 'gridsim[dask]'") from None
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise StudyError(f"dask = {address!r}: no scheduler answers there ({said})") from None


def _check_workers(client: Any, address: str) -> None:
    """Every worker must give the very same results."""
    try:
        told = client.run(rules_digest)
    except Exception as error:  # whatever a worker that cannot load gridsim says
        raise StudyError(f"dask = {address!r}: a worker cannot run gridsim ({error}); install it there") from None
    if not told:
        raise StudyError(f"dask = {address!r}: the scheduler has no workers; start one with `dask worker {address}`")
    for worker, rules in told.items():
        if rules != rules_digest():
            raise StudyError(
                f"dask = {address!r}: worker {worker} has other rules ({rules}, here {rules_digest()}); install the"
                " same versions of gridsim, numpy and numba there"
            )


def _client_of(executor: Executor) -> Any:
    client = getattr(executor, "_client", None)
    return client if hasattr(client, "nthreads") else None
