"""Each function is only lowered and the entry links all; with a version of numba that is not known, as numba does it."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from gridsim.simulation.compiled import linking

ROOT = Path(__file__).parents[2]
PROGRAM = """
import hashlib, sys
from gridsim.simulation.compiled import linking
if sys.argv[1] == "unknown":
    linking.KNOWN = ()
import gridsim as gs
site = gs.load("mingming_road").vary({"run.days": 3, "tiers.grid.units": 10, "tiers.community.units": 3})
events = gs.simulate(site, seed=3, engine="compiled", trace=True).events
from gridsim.simulation.compiled import compile
print(len(events), hashlib.sha256(events.to_csv().encode()).hexdigest())
print(len(compile.OF_INNER), len(compile.OF_ENTRY))
"""
compiler = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="without a compiler")


def test_a_version_that_is_not_known_is_left_alone(monkeypatch):
    """No private part of numba is touched then."""
    monkeypatch.setattr(linking, "KNOWN", ("0.1.",))
    assert linking.options() == ({}, {})


@compiler
@pytest.mark.skipif(not numba.__version__.startswith(linking.KNOWN), reason="this version of numba is not known")
def test_inner_functions_have_no_machine_code():
    """Only the entry has."""
    from gridsim.simulation.compiled import kernel, pointer

    assert pointer._play_all.targetoptions["nogil"]
    assert issubclass(kernel.play._compiler.pipeline_class, numba.core.compiler.CompilerBase)
    assert kernel.play._compiler.pipeline_class is not numba.core.compiler.Compiler
    library = kernel.play._compiler.pipeline_class.library(numba.core.registry.cpu_target.target_context.codegen(), "x")
    library.finalize()
    assert library.get_pointer_to_function("x") == 0


@compiler
@pytest.mark.slow
def test_both_ways_give_the_same_log(tmp_path):
    """Compiled from nothing, in the way for known versions and in the way for others."""
    told = []
    for which in ("known", "unknown"):
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "GRIDSIM_CACHE": str(tmp_path / which)}
        done = subprocess.run([sys.executable, "-c", PROGRAM, which], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        told.append(done.stdout.splitlines())
    assert told[0][0] == told[1][0]
    assert told[1][1] == "0 0"
    if numba.__version__.startswith(linking.KNOWN):
        assert told[0][1] == "1 1"
