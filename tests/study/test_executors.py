"""Any executor plays a study: threads, processes, a Dask cluster on loopback, and nothing is lost with a worker."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_threads_and_processes_give_the_serial_table(pair, kind):
    """Bit for bit; the compiled engine lets other threads run."""
    serial = gs.compare(pair, 4, workers=1, progress=False)
    with kind(2) as executor:
        found = gs.compare(pair, 4, executor=executor, progress=False)
    pd.testing.assert_frame_equal(found.runs, serial.runs, check_exact=True)


@pytest.fixture
def cluster(tmp_path):
    """A real scheduler and two worker processes on loopback: its address, and the workers."""
    pytest.importorskip("distributed")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    file = tmp_path / "scheduler.json"
    quiet = {"env": environment, "cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = subprocess.Popen(
        [*start_of("scheduler"), "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)],
        **quiet,
    )
    workers = [
        subprocess.Popen([*start_of("worker"), "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny",
                          "--no-dashboard", "--host", "127.0.0.1"], **quiet)
        for _ in range(2)
    ]  # fmt: skip
    from distributed import Client

    for _ in range(300):
        if file.exists() and file.stat().st_size:
            break
        time.sleep(0.1)
    with Client(scheduler_file=str(file), set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        yield client, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def start_of(what):
    """The command that starts a part of a cluster."""
    return [sys.executable, "-m", f"distributed.cli.dask_{what}"]


def test_a_dask_cluster_loses_and_doubles_nothing_when_a_worker_is_killed(cluster, noisy_street, tmp_path):
    """SIGKILL in the middle of the study; the table is the serial one, bit for bit."""
    client, workers = cluster
    long = noisy_street.vary({"run.days": 400})
    pair = {"as it is": long, "limit": long.vary({"escalation.after_hours": 2})}
    serial = gs.compare(pair, 60, workers=1, progress=False)
    import threading

    threading.Timer(1.5, lambda: os.kill(workers[0].pid, signal.SIGKILL)).start()
    found = gs.compare(pair, 60, executor=client.get_executor(), progress=False, store=tmp_path / "kept.db")
    pd.testing.assert_frame_equal(found.runs, serial.runs, check_exact=True)
    assert found.counts.done == 120
    assert found.counts.failed == 0


def test_the_command_line_uses_a_cluster(cluster):
    """By its address."""
    client, _ = cluster
    asked = [
        "compare",
        "--designs",
        "flat,two_tier",
        "--headcount",
        "60",
        "--days",
        "2",
        "--replications",
        "2",
        "--json",
    ]
    over_there = CliRunner().invoke(app, [*asked, "--dask", client.scheduler.address])
    here = CliRunner().invoke(app, [*asked, "--workers", "1"])
    assert over_there.exit_code == 0, over_there.output
    assert over_there.stdout == here.stdout


def test_a_scheduler_that_is_not_there_is_one_message(monkeypatch):
    """And exit code 2."""
    pytest.importorskip("distributed")
    from gridsim.study.runs import executors

    monkeypatch.setattr(executors, "CONNECT_SECONDS", 1.0)
    done = CliRunner().invoke(app, ["compare", "--designs", "flat", "--days", "1", "--dask", "tcp://127.0.0.1:9"])
    assert done.exit_code == 2
    assert "no scheduler answers there" in done.output
