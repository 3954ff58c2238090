"""How many people are enough?

The three-tier hierarchy of Mingming Road with fewer and fewer people.

Expected: the work that arrives stays the same, so the load on each person grows as people become fewer. From 400 down to
160 people response hardly grows (8 to 11 hours), at 100 it has tripled, and as the load of a tier nears 1 it explodes
(64 hours at 80). From there on no average means anything, because the backlog grows as long as the run lasts. Of the
money, the last 160 people buy one hour; the twenty between 80 and 100 buy forty.
"""

from pathlib import Path

import pandas as pd
import typer

import gridsim as gs

HEADCOUNTS = (400, 240, 160, 120, 100, 80, 60)


def main(replications: int = 8, days: float = 60.0, out: Path = Path("results")) -> pd.DataFrame:
    street = gs.load("mingming_road").vary({"run.days": days})
    levels = {str(n): gs.design("three_tier", street, n) for n in HEADCOUNTS}
    found = gs.compare(levels, replications=replications, baseline=str(HEADCOUNTS[0]))

    means = found.table().pivot(index="scenario", columns="measure", values="mean").loc[list(levels)]
    tiers = [f"offered_load.{tier.name}" for tier in levels[str(HEADCOUNTS[0])].tiers]
    means["busiest tier"] = means[tiers].max(axis=1)
    table = means[["busiest tier", "response_hours_mean", "closure_rate", "backlog_end", "cost_per_closed"]]
    table = table.rename_axis(index="people", columns=None)
    print("Fewer and fewer people in three tiers (load and closure as shares of 1, response in hours)\n")
    print(table.round(3).to_string())
    for sentence in found.warnings:
        print("Note:", sentence)

    out.mkdir(parents=True, exist_ok=True)
    gs.plots.frontier(found).get_figure(root=True).savefig(out / "staffing_levels.png", dpi=150)
    return table


if __name__ == "__main__":
    typer.run(main)
