"""A plan is made once of a scenario, and a run leaves it as it was."""

import numpy as np

import gridsim as gs
from gridsim.simulation.compiled.engine import plan_of, run
from gridsim.simulation.compiled.world import plan_arrays
from gridsim.simulation.plan.kept import MOST, kept


def test_a_scenario_has_one_plan():
    """The same object is asked for by whoever plays it, and another scenario has another, even an equal one."""
    site = gs.load("mingming_road").vary({"run.days": 2})
    again = gs.load("mingming_road").vary({"run.days": 2})
    assert site == again
    assert plan_of(site) is plan_of(site)
    assert plan_of(site) is not plan_of(again)
    assert plan_of(again).scenario is again


def test_a_run_leaves_the_plan_as_it_was():
    """What people do is written on copies."""
    site = gs.load("mingming_road").vary({"run.days": 3})
    plan = plan_of(site)
    before = {name: array.copy() for name, array in plan_arrays(plan).items()}
    first = run(site, 1, trace=True)
    assert first.plan is plan
    for name, array in plan_arrays(plan).items():
        np.testing.assert_array_equal(array, before[name])
    np.testing.assert_array_equal(run(site, 1, trace=True).events, first.events)


def test_only_the_last_few_are_kept():
    """What is made of the others is made anew when they come again."""
    made = []
    make = kept(lambda given: made.append(given) or len(made))
    given = [object() for _ in range(MOST + 1)]
    assert [make(one) for one in given] == list(range(1, MOST + 2))
    assert make(given[-1]) == MOST + 1
    assert make(given[0]) == MOST + 2
