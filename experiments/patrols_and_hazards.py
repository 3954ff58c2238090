"""How often should a leader patrol for hidden hazards?

Hazards that no resident sees turn into accidents after three days in the mean (exponential). A patrol takes two hours and
finds all that is hidden; the same leader also sorts and settles what residents report.

Expected: falling returns. About 38 % are found in time with one patrol a week, 85 % with one a day, 92 % with two a day,
97 % with six; in theory (1 - exp(-t / m)) / (t / m) for an interval t and a mean time m until an accident. Patrols take
time from service: residents wait 0.9 hours for the leader with one a week, 1.1 with one a day, and 10 with six a day, when
nine tenths of the leader's hours are gone.
"""

from math import exp
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import typer

import gridsim as gs

MATURES = 72.0
INTERVALS = (168.0, 72.0, 48.0, 24.0, 12.0, 6.0, 4.0)
GRID = """
name = "hazards"
run = { days = 100 }
territory = { cells = 1, cell_km = 0.5, residents_per_cell = 1000 }
[[problems]]
type = "hazard"
skills = ["repair"]
per_1000_residents_per_day = 1
hidden = 1
matures_hours = { mean = 72, cv = 1 }
work_hours = { mean = 1, cv = 1 }
[[problems]]
type = "question"
skills = ["advice"]
per_1000_residents_per_day = 9
work_hours = { mean = 1, cv = 1 }
[[tiers]]
name = "grid"
units = 1
leader = { handles_below = 1, patrol_every_hours = 24, patrol_hours = { mean = 2, cv = 0 }, finds = 1 }
staff = [{ role = "repair", skills = ["repair"], count = 1 }]
"""


def main(replications: int = 8, days: float = 700.0, out: Path = Path("results")) -> pd.DataFrame:
    grid = gs.loads(GRID).vary({"run.days": days})
    every = {f"{hours:g}": grid.vary({"tiers.grid.leader.patrol_every_hours": hours}) for hours in INTERVALS}
    found = gs.compare(every, replications=replications)

    means = found.table(["found_before_maturing", "response_hours_mean", "utilisation.grid.leader"])
    table = means.pivot(index="scenario", columns="measure", values="mean").loc[list(every)]
    table["in theory"] = [(1.0 - exp(-t / MATURES)) / (t / MATURES) for t in INTERVALS]
    table = table.rename_axis(index="hours between patrols", columns=None)
    print("Found in time (share of 1), hours until the leader comes, and how busy the leader is\n")
    print(table.round(3).to_string())

    figure, ax = plt.subplots(layout="constrained")
    ax.plot(INTERVALS, 100.0 * table["found_before_maturing"], "o-", label="found in time (%)")
    ax.plot(INTERVALS, 100.0 * table["in theory"], ":", color="black", label="in theory (%)")
    ax.set(xscale="log", xlabel="hours between patrols", ylabel="found before an accident (%)", ylim=(0, 100))
    ax.set_xticks(INTERVALS, [f"{hours:g}" for hours in INTERVALS])
    ax.minorticks_off()
    waits = ax.twinx()
    waits.plot(INTERVALS, table["response_hours_mean"], "s--", color="tab:red", label="mean response (h)")
    waits.set(ylabel="mean response (h)", ylim=(0, None))
    figure.legend(loc="outside upper center", ncols=3, frameon=False)
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "patrols_and_hazards.png", dpi=150)
    return table


if __name__ == "__main__":
    typer.run(main)
