"""What do study, store and processes cost beside the runs themselves?

Runs of about five milliseconds are played bare, in a study, in a study with a store, and on two processes; printed are
seconds, and the share that each adds to the bare runs or, for two processes, how many times as fast they are. Figures of
the fastest of several rounds, side by side in one process. To expect: study and store add less than 5 %, and two
processes are nearly twice as fast where two processors are free.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import gridsim as gs
from gridsim.study.run import run_seed


def scenario() -> gs.Scenario:
    """A street whose run takes about five milliseconds."""
    return gs.design("three_tier", gs.load("mingming_road"), 100).vary({"run.days": 30})


def seconds(play: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    play()
    return time.perf_counter() - began


def main(runs: int = 600, rounds: int = 3) -> None:
    """Print the table."""
    street = scenario()
    pair = {"a": street, "b": street.vary({"escalation.after_hours": 24})}
    count = runs // 2

    def bare() -> None:
        for replication in range(count):
            for one in pair.values():
                float(gs.simulate(one, run_seed(0, replication)).measures["closure_rate"])

    def study(**how: object) -> None:
        gs.compare(pair, count, progress=False, **how)

    with tempfile.TemporaryDirectory() as folder:
        places = iter(range(1000))
        ways = {
            "bare runs": bare,
            "study": lambda: study(workers=1),
            "study and store": lambda: study(workers=1, store=Path(folder) / f"{next(places)}.db"),
            "study, store, two processes": lambda: study(workers=2, store=Path(folder) / f"{next(places)}.db"),
        }
        bare()
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(rounds):
            for name, play in ways.items():
                best[name] = min(best[name], seconds(play))
    plain = best["bare runs"]
    print(f"{2 * count} runs of {plain * 1000 / (2 * count):.1f} ms")
    for name, took in best.items():
        says = f"{100 * (took / plain - 1):+7.1f} %" if "two" not in name else f"{plain / took:7.2f} times as fast"
        print(f"{name:30}{took:8.2f} s {says}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
