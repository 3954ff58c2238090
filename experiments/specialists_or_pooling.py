"""How much faster must specialists be to beat people who can do everything?

Ten kinds of problems and ten people: one specialist for each kind, or a pool in which everybody does everything. Load is
that of the pool.

Expected: pooling wins by far at equal speed, because nobody idles while others queue: where the ten are eight tenths
loaded a problem takes 5 hours with its specialist (one of work, four of waiting) and 1.2 with the pool. Specialists win
once they are fast enough: from 1.1 times the speed on at 10 % load, most is asked near 75 % (about 1.65), and less again
(about 1.35) at 95 %, where the pool queues too. In theory the break-even is load + 1 / (hours to close in the pool).
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import typer

import gridsim as gs

KINDS = [f"kind_{k}" for k in range(10)]
LOADS = (0.1, 0.5, 0.75, 0.8, 0.95)
SPEEDS = (1.0, 1.2, 1.4, 1.6, 1.8)


def place(days: float) -> gs.Scenario:
    """Everything is done by a pool of ten; work takes one hour in the mean."""
    kinds = "".join(
        f'[[problems]]\ntype = "{kind}"\nskills = ["{kind}"]\nper_1000_residents_per_day = 24\n'
        "work_hours = { mean = 1, cv = 1 }\n"
        for kind in KINDS
    )
    return gs.loads(
        f'name = "ten_kinds"\nrun = {{ days = {days}, warm_up_days = {days / 10} }}\n'
        "territory = { cells = 1, cell_km = 1, residents_per_cell = 1000 }\n"
        f'{kinds}[[tiers]]\nname = "office"\nunits = 1\nstaff = [{{ role = "all", skills = ["*"], count = 10 }}]\n'
    )


def specialists(pool: gs.Scenario, speed: float) -> gs.Scenario:
    """One person for each kind, so many times as fast."""
    staff = [{"role": kind, "skills": [kind], "count": 1, "pace": 1.0 / speed} for kind in KINDS]
    return pool.vary({"tiers.office.staff": staff})


def main(replications: int = 6, days: float = 200.0, out: Path = Path("results")) -> pd.DataFrame:
    rows = []
    for load in LOADS:
        pool = place(days).vary({"problems.*.per_1000_residents_per_day": 24.0 * load})
        ways = {"pool": pool} | {str(speed): specialists(pool, speed) for speed in SPEEDS}
        found = gs.compare(ways, replications=replications, baseline="pool")
        hours = found.table(["resolution_hours_mean"]).set_index("scenario")["mean"]
        gain = np.array([hours["pool"] - hours[str(speed)] for speed in SPEEDS])
        needed = float(np.interp(0.0, gain, SPEEDS)) if gain[-1] > 0 else np.nan
        rows.append({"load": load, "pool (h)": hours["pool"], "specialists (h)": hours["1.0"],
                     "break-even": needed, "in theory": load + 1.0 / hours["pool"]})  # fmt: skip
    table = pd.DataFrame(rows).round(2)
    print("Hours to close, and the speed at which specialists draw level with the pool\n")
    print(table.to_string(index=False))

    figure, ax = plt.subplots(layout="constrained")
    ax.plot(table["load"], table["break-even"], "o-", label="simulated")
    ax.plot(table["load"], table["in theory"], "s--", label="in theory")
    ax.set(xlabel="load of the pool (share of 1)", ylabel="speed at which specialists draw level")
    ax.legend(frameon=False)
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "specialists_or_pooling.png", dpi=150)
    return table


if __name__ == "__main__":
    typer.run(main)
