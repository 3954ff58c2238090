"""The compiled engine without its compiler: the same functions, run by Python, give the same log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import gridsim as gs
from gridsim.simulation.compiled.pointer import play_all
import hashlib, numba
site = gs.load("mingming_road").vary({"run.days": 3, "tiers.grid.units": 10, "tiers.community.units": 3})
made = [site, gs.design("hotline", site, 60).vary({"escalation.after_hours": 4, "escalation.overdue": "escalate"})]
for scenario in made:
    events = gs.simulate(scenario, seed=3, engine="compiled", trace=True).events
    print(len(events), hashlib.sha256(events.to_csv().encode()).hexdigest())
print("compiled" if play_all.__globals__["_play_all"].__class__.__name__ == "CPUDispatcher" else "plain")
"""


@pytest.fixture(scope="module")
def compiled_and_plain():
    """What the program prints with the compiler, and without."""
    printed = []
    for disabled in ("0", "1"):
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        printed.append(done.stdout.split("\n"))
    return printed


def test_the_compiler_changes_no_event(compiled_and_plain):
    """Two scenarios with every rule of the site: the same logs."""
    compiled, plain = compiled_and_plain
    assert compiled[:2] == plain[:2]
    assert int(plain[0].split()[0]) > 500


def test_without_a_compiler_nothing_is_compiled(compiled_and_plain):
    """The second program did run as plain Python."""
    assert [lines[2] for lines in compiled_and_plain] == ["compiled", "plain"]
