"""Fitted to half a year of recorded requests, does gridsim predict the next quarter better than two plain guesses?

The ten commonest types of Boston's requests, January to June 2015, are fitted; the daily volume of each type and district, the
share closed in time and the median time to close of July to September are predicted, beside "as in the first half" and "the
same weekday last week". Records cannot tell work from waiting: closing times are taken as work with ample staff.

Expected: volumes are predicted better than by a flat average (error less by a quarter) and than by last week; 95 % intervals
cover 80 to 90 %, because types have seasons. For closing gridsim loses to "as in the first half": one law of work a type, with
one limit, is too plain for how these departments close.
"""

import os
import re
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import typer

import gridsim as gs

COLUMNS = {"opened": "opened", "closed": "closed", "limit": "limit", "type": "type", "place": "district"}
NAMES = {"open_dt": "opened", "closed_dt": "closed", "target_dt": "limit", "reason": "type", "neighborhood": "district"}
SPLIT, TYPES, DAYS, LONGEST = pd.Timestamp("2015-07-01"), 10, 56, 5000.0
HALF, LAST_WEEK = "as in the first half", "weekday last week"


def recorded() -> pd.DataFrame:
    """The rows of the commonest types, types named as `fit` names them."""
    file = Path(os.environ.get("GRIDSIM_DATA", "data")) / "boston_requests_2015_jan_sep.csv.gz"
    if not file.is_file():
        typer.echo(
            f"fair_trial: no recorded requests at {file}; name the folder that holds them in GRIDSIM_DATA", err=True
        )
        raise typer.Exit(2)
    rows = pd.read_csv(file, usecols=list(NAMES), dtype=str).rename(columns=NAMES).dropna(subset=["district"])
    rows["type"] = rows["type"].map(lambda name: re.sub(r"[^\w-]+", "_", name.lower()).strip("_"))
    rows = rows[rows["type"].isin(rows["type"].value_counts().index[:TYPES])]
    for name in ("opened", "closed", "limit"):
        rows[name] = pd.to_datetime(rows[name], errors="coerce")
    rows = rows[~(rows["closed"] < rows["opened"])]
    return rows.assign(
        day=rows["opened"].dt.normalize(), hours=(rows["closed"] - rows["opened"]).dt.total_seconds() / 3600
    )


def fitted(first: pd.DataFrame) -> gs.Scenario:
    """The first half as a scenario whose staff are ample and whose work is the time to close."""
    with tempfile.TemporaryDirectory() as folder:
        first.to_csv(Path(folder) / "first_half.csv", index=False)
        site = gs.fit(Path(folder) / "first_half.csv", COLUMNS, design="flat").scenario
    changes = {"tiers.*.leader": None, "tiers.*.hours": "always", "tiers.*.staff.*.count": 100_000, "tiers.*.solves": 1}
    for name, hours in first.groupby("type")["hours"]:
        logs = np.log(hours.dropna().clip(0.05, LONGEST))
        spread = float(logs.var())
        mean, cv = float(np.exp(logs.mean() + spread / 2)), float(np.sqrt(np.exp(spread) - 1))
        changes[f"problems.{name}.work_hours"] = {"mean": mean, "cv": cv, "law": "lognormal"}
    return site.vary({**changes, "run.days": DAYS})


def volumes(rows: pd.DataFrame, drawn: pd.DataFrame, by: str, last: int) -> list[dict]:
    """Mean errors of the daily volumes, and how often the interval holds what happened."""
    recorded_days = pd.crosstab(rows["day"], rows[by])
    happened, half = recorded_days.loc[SPLIT:].iloc[:last], recorded_days.loc[:SPLIT]
    counts = pd.crosstab(drawn["day"], drawn[by].astype(str)).reindex(columns=happened.columns, fill_value=0)
    week = counts.groupby(counts.index % DAYS % 7)
    which = happened.index.day_of_week
    said, low, high = (
        table.loc[which].to_numpy() for table in (week.mean(), week.quantile(0.025), week.quantile(0.975))
    )
    guesses = {
        "gridsim": said,
        HALF: half.mean().to_numpy(),
        LAST_WEEK: recorded_days.shift(7).loc[happened.index].to_numpy(),
    }
    errors = {name: np.nanmean(np.abs(guess - happened)) for name, guess in guesses.items()}
    covers = 100 * ((happened >= low) & (happened <= high)).to_numpy().mean()
    return [
        {"what": f"requests a day by {by}: mean error", **errors},
        {"what": f"95 % interval by {by} covers (%)", "gridsim": covers},
    ]


def closing(rows: pd.DataFrame) -> pd.DataFrame:
    """By type: the share of those with a limit that were closed within it (%), and the median hours to close."""
    limited = rows[rows["limit"].notna()]
    in_time = 100 * (limited["closed"] <= limited["limit"]).groupby(limited["type"]).mean()
    return pd.DataFrame(
        {"in time": in_time, "hours": rows.fillna({"hours": LONGEST}).groupby("type")["hours"].median()}
    )


def main(replications: int = 30, days: int = 92, out: Path = Path("results")) -> pd.DataFrame:
    rows = recorded()
    site = fitted(rows[rows["opened"] < SPLIT])
    drawn = [gs.demand(site, seed).to_frame() for seed in range(replications)]
    drawn = pd.concat([one.assign(day=one["arises_at"] // 24 + DAYS * seed) for seed, one in enumerate(drawn)])
    drawn["district"] = drawn["cell"].map(dict(enumerate(site.territory.cell_names)))
    table = [*volumes(rows, drawn, "type", days), *volumes(rows, drawn, "district", days)]
    runs = [gs.simulate(site, seed).by("type") for seed in range(max(2, replications // 10))]
    mean = sum(run[["on_time_rate", "resolution_hours_median"]] for run in runs) / len(runs)
    said = pd.DataFrame({"in time": 100 * mean["on_time_rate"], "hours": mean["resolution_hours_median"]})
    before, then = closing(rows[rows["opened"] < SPLIT]), closing(rows[rows["opened"] >= SPLIT])
    for what, how in (("in time", lambda v: v), ("hours", lambda v: np.log(v.clip(0.1, LONGEST)))):
        gaps = {name: np.nanmean(np.abs(how(one[what].reindex(then.index)) - how(then[what]))) for name, one in
                (("gridsim", said), (HALF, before))}  # fmt: skip
        words = (
            "closed in time: mean error (points)" if what == "in time" else "median time to close: mean error (factor)"
        )
        table.append(
            {"what": words, **(gaps if what == "in time" else {name: np.exp(gap) for name, gap in gaps.items()})}
        )
    result = pd.DataFrame(table).set_index("what")
    print(result.round(2).to_string(na_rep=""))
    ax = plt.figure(figsize=(7.5, 4.5), layout="constrained").gca()
    for one, mark, name in ((said, "o", "gridsim"), (before, "x", HALF), (then, "|", "what happened")):
        ax.plot(one["in time"].reindex(then.index), then.index.str.replace("_", " "), mark, markersize=10, label=name)
    ax.set_xlabel("closed in time, July to September (%)")
    ax.legend()
    out.mkdir(parents=True, exist_ok=True)
    ax.figure.savefig(out / "fair_trial.png", dpi=150)
    return result


if __name__ == "__main__":
    typer.run(main)
