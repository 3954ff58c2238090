"""The engine compiled with bounds checks: no index outside an array, over generated scenarios, switches and stories."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import importlib.util, sys
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridsim.simulation.compiled import engine
from gridsim.simulation.compiled import world

HERE = Path(sys.argv[1])
sys.path.insert(0, str(HERE.parent))
spec = importlib.util.spec_from_file_location("switching", HERE / "test_switch.py")
switching = importlib.util.module_from_spec(spec)
spec.loader.exec_module(switching)
many = settings(max_examples=int(sys.argv[2]), deadline=None, suppress_health_check=list(HealthCheck), database=None)

@many
@given(st.one_of(switching.engines.worlds.scenarios(), switching.switched()), st.integers(0, 99))
def play(scenario, seed):
    engine.run(scenario, seed, trace=True, parts=True)

play()
whole = world.make_world

def cut_short(w):
    return w._replace(touched=w.touched[:0])

def to_nobody(w):
    return w._replace(unit_of_cell=w.unit_of_cell * 0 - 1)

for spoil in (cut_short, to_nobody):
    engine.make_world = lambda *given: spoil(whole(*given))
    try:
        play()
    except (IndexError, SystemError) as error:
        print("checked")
"""


@pytest.mark.slow
def test_no_index_leaves_its_array(tmp_path):
    """Also that the checks are on: with an array cut to nothing they speak, and where -1 is an index."""
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "GRIDSIM_CACHE": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), "2000"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split() == ["checked", "checked"]
