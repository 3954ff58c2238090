"""The model is at home in Mesa: it runs, collects, repeats and hands out its agents as Mesa's own examples do."""

import gc
import inspect
import weakref

import mesa
import pytest
from conftest import everyone_at_once, two_tiers

import gridsim as gs

SHORT = {"run.days": 2.0}


def test_the_model_runs_until_its_end():
    """`running` is true until then, so that Mesa's own loop ends."""
    model = gs.GridModel(two_tiers(SHORT), 1)
    assert model.running
    model.run_for(47.5)
    assert model.running
    model.run_for(0.5)
    assert not model.running
    looped = gs.GridModel(two_tiers(SHORT), 1)
    looped.run_model()
    assert (looped.hour, looped.steps) == (48.0, 48)
    assert looped.result().problems.equals(model.result().problems)


def test_a_run_of_half_an_hour_ends_too():
    """The last step is a part of one."""
    model = gs.GridModel(two_tiers({"run.days": 1.5 / 24.0}), 1)
    model.run_model()
    assert not model.running
    assert model.hour == pytest.approx(1.5)


@pytest.mark.parametrize("stepwise", [True, False])
def test_a_collector_of_ones_own_is_filled_every_hour(stepwise):
    """Those of the model and of its agents, whether it runs hour by hour or at once."""
    model = gs.GridModel(two_tiers(SHORT), 1)
    model.datacollector = mesa.DataCollector(
        model_reporters={"waiting": lambda m: m.reported - m.closed}, agent_reporters={"busy": "busy"}
    )
    if stepwise:
        model.run_model()
    else:
        model.run_for(float("inf"))
    states = model.datacollector.get_model_vars_dataframe()
    assert len(states) == 49
    assert states["waiting"].iloc[-1] == model.open_problems
    agents = model.datacollector.get_agent_vars_dataframe()
    assert agents.index.get_level_values("Step").unique().tolist() == list(range(49))
    assert agents.loc[48, "busy"].sum() == sum(agent.busy for agent in model.agents)


def test_a_batch_of_mesa_is_a_batch_of_the_model():
    """Every hour of every scenario and seed is that of the model itself."""
    scenarios = [two_tiers(SHORT), two_tiers({**SHORT, "escalation.after_hours": 1.0})]
    parameters, more = {"scenario": scenarios, "seed": [1, 2]}, {}
    if "rng" in inspect.signature(mesa.batch_run).parameters:  # from Mesa 3.4 on it deals the seeds itself
        parameters, more = {"scenario": scenarios}, {"rng": [1, 2]}
    rows = mesa.batch_run(gs.GridModel, parameters, data_collection_period=1, display_progress=False, **more)
    each = len(rows) // 4
    assert each in (48, 49)  # newer versions keep the last hour too
    assert {row["seed"] for row in rows} == {1, 2}
    for row in rows[each - 1 :: each]:
        model = gs.GridModel(row["scenario"], row["seed"])
        model.run_for(row["Step"])
        assert (row["hour"], row["closed"], row["backlog"]) == (each - 1, model.closed, model.open_problems)


def test_agents_are_found_as_in_mesa():
    """By type, by a question, and summed up."""
    model = gs.GridModel(everyone_at_once({"run.days": 6}), 1)
    model.run_for(60.0)
    leaders, staff = model.agents_by_type[gs.GridLeader], model.agents_by_type[gs.ServiceStaff]
    assert len(model.agents_by_type[gs.Resident]) > 0
    assert leaders.agg("count", sum) == sum(unit.leader.count for unit in model.units if unit.leader is not None)
    busy = model.agents.select(lambda agent: isinstance(agent, gs.ServiceStaff) and agent.busy > 0)
    assert busy.agg("busy", sum) == staff.agg("busy", sum) > 0
    assert set(staff.groupby("name").groups) == set(model.plan.role_names)
    before = model.result().measures
    model.agents.shuffle_do("step")
    assert model.result().measures.equals(before)


def test_agents_that_draw_from_the_model_draw_the_same_again():
    """`model.random` and `model.rng` follow the seed, a negative one too."""
    draws = [(model.random.random(), model.rng.random()) for model in (gs.GridModel(two_tiers(), -3) for _ in range(2))]
    assert draws[0] == draws[1]


def test_a_model_that_nobody_holds_is_let_go():
    """Mesa's own table of agents' numbers would keep every model, with all its problems, for good."""
    model = gs.GridModel(everyone_at_once({"run.days": 6}), 1)
    model.run_for(24.0)
    assert sorted(agent.unique_id for agent in model.agents) == list(range(1, len(model.agents) + 1))
    held = weakref.ref(model)
    del model
    gc.collect()
    assert held() is None
