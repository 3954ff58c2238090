"""After how long should a problem that waits go up?

Three people at the bottom and three slow ones at the top (pace 4); 2.7 problems an hour, of which one in twenty is too
hard for the bottom. Once every problem may wait equally long before it goes up; once residents lose patience and go to
the top themselves, after a time that varies from one to the next (exponential).

Expected: a U. With no limit the bottom, nine tenths loaded, makes everybody wait: 3.9 hours to close. Where patience
varies it is best at a mean near 7 hours (2.4 hours to close), and 2 hours is too short (2.9); an equal limit is best near
2 hours (2.4). Going up too early sends to four-times slower people what would soon have been started below: half an hour
makes everybody wait 4.5 hours, or 11 where it varies.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import typer

import gridsim as gs

HOURS = (None, 20.0, 6.7, 4.0, 2.0, 1.0, 0.5)
TWO_TIERS = """
name = "two_tiers"
run = { days = 100, warm_up_days = 5 }
territory = { cells = 1, cell_km = 1, residents_per_cell = 1000 }
[[problems]]
type = "matter"
skills = ["advice"]
per_1000_residents_per_day = 64.8  # 2.7 an hour
work_hours = { mean = 1, cv = 1 }
[[tiers]]
name = "bottom"
units = 1
solves = 0.95
staff = [{ role = "clerk", skills = ["advice"], count = 3 }]
[[tiers]]
name = "top"
units = 1
staff = [{ role = "expert", skills = ["advice"], count = 3, pace = 4 }]
[escalation]
by_authority = false
"""


def main(replications: int = 20, days: float = 1000.0, out: Path = Path("results")) -> pd.DataFrame:
    place = gs.loads(TWO_TIERS).vary({"run.days": days})
    patience = [None if hours is None else {"mean": hours, "cv": 1.0} for hours in HOURS]
    limits = gs.sweep(place, {"escalation.after_hours": HOURS}, replications=replications)
    varying = {str(p and p["mean"]): place.vary({"residents.patience_hours": p}) for p in patience}
    petitions = gs.compare(varying, replications=replications)

    table = pd.DataFrame({"hours": HOURS})
    for name, found in (("equal limit", limits), ("varying patience", petitions)):
        table[name] = found.table(["resolution_hours_mean"])["mean"].round(2).to_list()
    print("Hours to close, by how long a problem may wait below (none: as long as it takes)\n")
    print(table.to_string(index=False, na_rep="none"))

    figure, ax = plt.subplots(layout="constrained")
    for name, style in (("equal limit", "o-"), ("varying patience", "s--")):
        ax.plot(table["hours"].fillna(60.0), table[name], style, label=name)
    ax.set(xscale="log", xlabel="may wait (h)", ylabel="mean time to close (h)", ylim=(0, None))
    names = ["as long as\nit takes" if hours is None else f"{hours:g}" for hours in HOURS]
    ax.set_xticks(table["hours"].fillna(60.0), names)
    ax.minorticks_off()
    ax.legend(frameon=False)
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "escalation_time_limit.png", dpi=150)
    return table


if __name__ == "__main__":
    typer.run(main)
