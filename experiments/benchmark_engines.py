"""What does a problem cost in gridsim, and what in the same system written by hand?

A stripped three-tier system (60 grids, 12 communities, a street; first come, first served; who has waited an hour goes
up) with 12,000 problems is played by the compiled engine, by the Mesa model, by SimPy, by Ciw and by a C program
(`three_tiers.c`), all but Ciw on the very same problems, so that their mean times to close agree. Printed are
microseconds of processor time a problem, from demand to measures for gridsim, and the ratio to the compiled engine; then
the same for Mingming Road with every rule, for cities of 60 to 10,000 grids, and, if asked, for one long run with its
memory and for a first start, which has to compile. All that is compared plays in turn and the fastest play counts, so
that a busy machine hardly changes the ratios. Given the folder of another checkout, it plays in turn with this one.
To expect: C fastest, the compiled engine within eight times of it and some twenty times faster than SimPy.
SimPy, Ciw and a C compiler are left out where they are missing (`pip install simpy ciw`).

    python experiments/benchmark_engines.py [PROBLEMS] [LARGEST NUMBER OF GRIDS] [PROBLEMS OF THE LONG RUN] [OTHER CHECKOUT]
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

import gridsim as gs

REPEATS = 3  # plays of one in its turn: the first finds the caches of the processor cold
UNITS, SERVERS, LIMIT = (60, 12, 1), (1, 2, 4), 1.0
CITY = """
name = "three tiers"
[run]
days = {days}
[territory]
cells = {grids}
cell_km = 0.4
residents_per_cell = 1000
[[problems]]
type = "any"
skills = ["any"]
per_1000_residents_per_day = 33.6 # 1.4 an hour in a grid, whose one member is then 0.7 loaded
work_hours = {{ mean = 0.5, cv = 1 }}
[escalation]
after_hours = {limit}
"""
TIER = (
    '[[tiers]]\nname = "{name}"\nunits = {units}\n[[tiers.staff]]\nrole = "member"\nskills = ["any"]\ncount = {count}\n'
)


def city(problems: int, units: tuple[int, ...] = UNITS) -> gs.Scenario:
    """Three tiers that get about so many problems."""
    text = CITY.format(days=problems / (33.6 * units[0]), grids=units[0], limit=LIMIT)
    tiers = zip(("grid", "community", "street"), units, SERVERS, strict=True)
    return gs.loads(text + "".join(TIER.format(name=name, units=u, count=count) for name, u, count in tiers))


def in_turn(plays: dict[str, Callable[[], Any]], rounds: int) -> dict[str, tuple[float, Any]]:
    """Seconds of processor time of the fastest play of each, and what it gives."""
    fastest: dict[str, tuple[float, Any]] = {}
    for _ in range(rounds):
        for name, play in [one for one in plays.items() for _ in range(REPEATS)]:
            began = time.process_time()
            value = play()
            taken = time.process_time() - began
            if name not in fastest or taken < fastest[name][0]:
                fastest[name] = taken, value
    return fastest


def parents(units: tuple[int, ...]) -> list[int]:
    """The parent of each unit, units numbered tier by tier; -1 at the top."""
    first = np.cumsum([0, *units]).tolist()
    return [
        first[t + 1] + j * units[t + 1] // units[t] if t + 1 < len(units) else -1
        for t in range(len(units)) for j in range(units[t])
    ]  # fmt: skip


def in_gridsim(scenario: gs.Scenario, engine: str) -> gs.Result:
    """From demand to measures."""
    result = gs.simulate(scenario, seed=1, engine=engine)
    assert len(result.measures)
    return result


def mean_hours(result: gs.Result) -> float:
    """Mean hours to close of what was closed."""
    return float((result.problems["closed_at"] - result.problems["arises_at"]).mean())


def in_simpy(arises: np.ndarray, work: np.ndarray, cell: np.ndarray, until: float) -> float:
    """The same by hand in SimPy: a process per problem, which waits for a server or for its limit."""
    import simpy

    env = simpy.Environment()
    above = parents(UNITS)
    servers = [simpy.Resource(env, SERVERS[t]) for t in range(3) for _ in range(UNITS[t])]
    took = []

    def problem(at, hours, unit):
        while True:
            with servers[unit].request() as request:
                if above[unit] < 0:
                    yield request
                else:
                    yield request | env.timeout(LIMIT)
                if request.triggered:
                    yield env.timeout(hours)
                    took.append(env.now - at)
                    return
            unit = above[unit]

    def source():
        for at, hours, unit in zip(arises.tolist(), work.tolist(), cell.tolist(), strict=True):
            yield env.timeout(at - env.now)
            env.process(problem(at, hours, unit))

    env.process(source())
    env.run(until=until)
    return float(np.mean(took))


def in_ciw(until: float) -> float:
    """The same in Ciw: a node per unit, and reneging to the node above; its own random numbers."""
    import ciw

    class Up(ciw.routing.Leave):
        """Leave after service; after the limit, go to the node above."""

        def __init__(self, above: int) -> None:
            self.above = above

        def next_node_for_jockeying(self, _ind):
            return self.simulation.nodes[self.above]

    ciw.seed(1)
    above = parents(UNITS)
    nodes = len(above)
    tier = [t for t in range(3) for _ in range(UNITS[t])]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(1.4) if t == 0 else None for t in tier],
        service_distributions=[ciw.dists.Exponential(2.0)] * nodes,
        number_of_servers=[SERVERS[t] for t in tier],
        routing=ciw.routing.NetworkRouting([Up(up + 1) for up in above]),
        reneging_time_distributions=[ciw.dists.Deterministic(LIMIT) if up >= 0 else None for up in above],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(until)
    first: dict[int, float] = {}
    last: dict[int, float] = {}
    for record in simulation.get_all_records():
        first[record.id_number] = min(first.get(record.id_number, np.inf), record.arrival_date)
        if record.record_type == "service":
            last[record.id_number] = record.service_end_date
    return float(np.mean([end - first[number] for number, end in last.items()]))


def in_c(arises: np.ndarray, work: np.ndarray, cell: np.ndarray, until: float) -> tuple[float, float]:
    """The same in C: seconds of its fastest play, and the mean hours to close."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "three_tiers"
        source = Path(__file__).with_name("three_tiers.c")
        subprocess.run(["cc", "-O3", "-march=native", "-o", program, source], check=True)
        shape = [x for pair in zip(UNITS, SERVERS, strict=True) for x in pair]
        numbers = np.concatenate(([len(arises), LIMIT, until, *shape], np.column_stack((arises, work, cell)).ravel()))
        said = subprocess.run([program], input=numbers.tobytes(), capture_output=True, check=True).stdout.split()
    return float(said[0]) * len(arises) / 1e9, float(said[1])


def engines(problems: int) -> None:
    """The stripped system, everywhere."""
    scenario = city(problems)
    demand = gs.demand(scenario, seed=1)
    table = demand.to_frame()
    given = (table["arises_at"].to_numpy(), table["work_hours_1"].to_numpy(), table["cell"].to_numpy(),
             scenario.run.days * 24.0)  # fmt: skip
    in_gridsim(city(500), "compiled")  # compiled, or loaded, before the clock runs
    plays: dict[str, Callable[[], Any]] = {
        "gridsim, compiled": lambda: in_gridsim(scenario, "compiled"),
        "gridsim, Mesa": lambda: in_gridsim(scenario, "mesa"),
    }
    if find_spec("simpy"):
        plays["SimPy by hand"] = lambda: in_simpy(*given)
    rows = in_turn(plays, 3)
    if find_spec("ciw"):
        rows |= in_turn({"Ciw": lambda: in_ciw(given[3])}, 1)
    try:
        rows["C by hand (events alone)"] = in_c(*given)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no C: {error}")
    fastest = rows["gridsim, compiled"][0]
    print(
        f"{len(demand):,} problems, three tiers with a time limit\n{'':26}us a problem     ratio   mean hours to close"
    )
    for name, (seconds, found) in rows.items():
        mean = found if isinstance(found, float) else mean_hours(found)
        print(f"{name:26}{seconds * 1e6 / len(demand):12.2f}{seconds / fastest:10.2f}{mean:22.6f}")


def sizes(grids: list[int], problems_a_grid: int) -> None:
    """Cities that grow at equal load."""
    print(f"\n{'grids':>10}{'problems':>12}{'us a problem':>14}{'ratio':>8}")
    cities = {
        str(number): city(number * problems_a_grid, (number, max(1, number // 5), max(1, number // 60)))
        for number in grids
    }
    rows = in_turn({name: lambda one=one: in_gridsim(one, "compiled") for name, one in cities.items()}, 1)
    costs = {name: seconds * 1e6 / len(played.outcome.demand) for name, (seconds, played) in rows.items()}
    for name, (_, played) in rows.items():
        ratio = costs[name] / costs[str(grids[0])]
        print(f"{int(name):10,}{len(played.outcome.demand):12,}{costs[name]:14.2f}{ratio:8.2f}")


def everything(problems: int) -> dict[str, gs.Scenario]:
    """Mingming Road as reported and with few people, and the three tiers."""
    site = gs.load("mingming_road")
    return {
        "Mingming Road as reported": site,
        "one plus ten, 100 people": gs.design("one_plus_ten", site, 100),
        "three tier, 100 people, limit 24 h": gs.design("three_tier", site, 100).vary({"escalation.after_hours": 24}),
        "stripped three tiers": city(problems),
    }


PLAYER = """
import sys
sys.path[:0] = sys.argv[1:3]
import benchmark_engines as b
scenarios = b.everything(int(sys.argv[3]))
for name in sys.stdin:
    scenario = scenarios[name.strip()]
    seconds, played = b.in_turn({"": lambda: b.in_gridsim(scenario, "compiled")}, 2)[""]
    print(seconds * 1e6 / len(played.outcome.demand), flush=True)
"""


def every_rule(problems: int, other: str, rounds: int = 3) -> None:
    """What every rule in use costs, here and in another checkout, played in turn by a process each."""
    here, folders = Path(__file__).parent, [str(Path(__file__).parents[1]), *([other] if other else [])]
    players = [
        subprocess.Popen([sys.executable, "-c", PLAYER, folder, str(here), str(problems)], text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for folder in folders
    ]  # fmt: skip
    print(f"\n{'us a problem':40}{'here':>10}" + (f"{'there':>10}{'ratio':>8}" if other else ""))
    for name in everything(problems):
        costs = [np.inf] * len(players)
        for _ in range(rounds):
            for number, player in enumerate(players):
                print(name, file=player.stdin, flush=True)
                costs[number] = min(costs[number], float(player.stdout.readline()))
        compared = f"{costs[1]:10.2f}{costs[0] / costs[1]:8.2f}" if other else ""
        print(f"{name:40}{costs[0]:10.2f}{compared}")
    for player in players:
        player.communicate()


LONG_RUN = """
import resource, sys, time
sys.path[:0] = sys.argv[1:3]
import benchmark_engines as b
b.in_gridsim(b.city(500), "compiled")
began = time.process_time()
played = b.in_gridsim(b.city(int(sys.argv[3])), "compiled")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(f"{len(played.outcome.demand):,} problems in one run: {time.process_time() - began:.1f} s, at most {peak:.1f} GB")
"""
START = """
import sys, time
began = time.process_time()
sys.path[:0] = sys.argv[1:3]
import gridsim as gs
len(gs.simulate(gs.load("mingming_road").vary({"run.days": 1}), engine="compiled").measures)
print(time.process_time() - began)
"""


def in_a_process(program: str, *words: str, **environment: str) -> str:
    """What a program prints in a process of its own."""
    here = Path(__file__).parent
    command = [sys.executable, "-c", program, str(here.parent), str(here), *words]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def starts() -> None:
    """What the first start costs, which compiles, and the next, which loads what was compiled."""
    with tempfile.TemporaryDirectory() as folder:
        first, *others = (float(in_a_process(START, GRIDSIM_CACHE=folder)) for _ in range(4))
    print(f"first start {first:.1f} s of processor time, the next {min(others):.2f} s")


def main(problems: int = 12_000, largest: int = 10_000, long_run: int = 0, other: str = "") -> None:
    """Print all tables."""
    engines(problems)
    every_rule(problems, other)
    sizes([number for number in (60, 1_000, 10_000) if number <= largest], 200)
    if long_run:
        print("\n" + in_a_process(LONG_RUN, str(long_run)))
        starts()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), *sys.argv[4:])
