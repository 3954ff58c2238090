"""The same scenario in both engines: the same log, row for row and bit for bit, and the same outcome."""

import numpy as np

from gridsim.scenario.records import as_records
from gridsim.simulation.agents.model import GridModel
from gridsim.simulation.compiled.engine import run
from gridsim.simulation.demand.replay import replay_demand

NOT_COMPARED = {"scenario", "demand", "plan"}


def both(scenario, seed=1, policy=None, records=None):
    demand = None if records is None else replay_demand(scenario, seed, as_records(records))
    model = GridModel(scenario, seed, trace=True, parts=True, policy=policy, demand=demand)
    model.run_for(float("inf"))
    return model.outcome(), run(scenario, seed, trace=True, parts=True, policy=policy, demand=demand)


def assert_same(scenario, seed=1, policy=None, records=None):
    mesa, compiled = both(scenario, seed, policy, records)
    a, b = mesa.events, compiled.events
    length = min(len(a), len(b))
    different = np.flatnonzero(a[:length] != b[:length])
    if len(different):
        first = different[0]
        raise AssertionError(
            f"row {first}: {a[max(0, first - 4) : first + 2]} against {b[max(0, first - 4) : first + 2]}"
        )
    assert len(a) == len(b)
    for name in mesa.__slots__:
        if name not in NOT_COMPARED:
            np.testing.assert_array_equal(getattr(mesa, name), getattr(compiled, name), err_msg=name)
    return compiled
