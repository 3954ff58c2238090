"""Which hierarchy closes problems soonest with the same people?

The demand of Mingming Road under every hierarchy design, each with exactly as many leaders and staff. A design only
moves and pools people, and a generalist works at an assumed pace of 1.2.

Expected: with as many people as the street reports almost everybody is idle and most designs look alike. With 120 it
matters where people are, and above all who sorts. `flat` (one unit, twelve leaders) answers soonest, in about 6 hours;
generalists in grids follow in 12 to 15; one of each speciality in every grid takes 19, for the one who can help is often
out while others idle. `pooled_specialists` (28) and `hotline` (116) pass nearly everything by the one or two leaders at
the top, whose inbox becomes the queue. Closure rates hardly tell the designs apart; response times do.
"""

from pathlib import Path

import pandas as pd
import typer

import gridsim as gs

MEASURES = ["closure_rate", "on_time_rate", "response_hours_mean", "response_hours_p90", "escalated_share"]


def main(headcount: int = 120, replications: int = 8, days: float = 60.0, out: Path = Path("results")) -> pd.DataFrame:
    street = gs.load("mingming_road").vary({"run.days": days})
    designs = {name: gs.design(name, street, headcount) for name in gs.designs()}
    found = gs.compare(designs, replications=replications, baseline="three_tier")

    means = found.table(MEASURES).pivot(index="scenario", columns="measure", values="mean")[MEASURES]
    means = means.sort_values("response_hours_mean").round(3).rename_axis(index="design", columns=None)
    print(f"{headcount} people under every hierarchy, the soonest response first (hours; rates as shares of 1)\n")
    print(means.to_string())
    print("\nDifference in mean response from three_tier (hours, on the same problems):")
    print(found.differences(["response_hours_mean"]).round(3).to_string(index=False))

    out.mkdir(parents=True, exist_ok=True)
    found.plot("response_hours_mean").get_figure(root=True).savefig(out / "hierarchy_at_equal_headcount.png", dpi=150)
    return means


if __name__ == "__main__":
    typer.run(main)
