"""Is a rule of one's own better than a time limit: does it pay to send up what nobody can take now?

Two rules that no key of a scenario says, each a function of what is asked. `when_stuck` sends up at once what nobody here
can take now, if others wait before it. `the_urgent_first` sends up only what is urgent and has waited two hours, whenever
it is asked. They run beside the scenario's own rules (by authority, and after 8 working hours), on the same problems.

Expected: a plain time limit does more. With 100 people the mean response is 24 hours by authority and 20 with the time
limit; sending up what is stuck changes it by less than chance does, the urgent after two hours by half an hour at most.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import typer

import gridsim as gs

MEASURES = ["response_hours_mean", "on_time_rate", "escalated_share", "backlog_end"]


def when_stuck(p: gs.Asked) -> int:
    """Up, if others wait here and nobody is free for it."""
    if p.moment == gs.DECISION and p.queue >= 1 and not p.could_start and p.can_above:
        return gs.UP
    return p.usual


def the_urgent_first(p: gs.Asked) -> int:
    """Up, if it is urgent and has waited here for two hours; nothing else goes up for time."""
    if p.moment == gs.LIMIT:
        return gs.UP if p.urgency >= gs.URGENT and p.can_above else gs.STAY
    return p.usual


def main(headcount: int = 100, replications: int = 8, days: float = 60.0, out: Path = Path("results")) -> pd.DataFrame:
    site = gs.load("mingming_road").vary({"run.days": days})
    people = gs.design("three_tier", site, headcount)
    scenarios = {
        "by authority": people,
        "after 8 working hours": people.vary({"escalation.after_hours": 8.0, "escalation.clock": "duty"}),
        "when stuck": people,
        "the urgent after 2 hours": people.vary({"escalation.after_hours": 2.0}),
    }
    rules = {"when stuck": when_stuck, "the urgent after 2 hours": the_urgent_first}
    study = gs.compare(scenarios, replications, policy=rules, progress=False)
    table = study.table(MEASURES).pivot(index="scenario", columns="measure", values="mean").loc[list(scenarios)]
    best = table["response_hours_mean"].idxmin()
    print(
        f"With {headcount} people the mean response is shortest {best}: {table['response_hours_mean'].min():.1f} hours.\n"
    )
    print(table.round(3).to_string())
    print(study.differences(["response_hours_mean"]).round(3).to_string(index=False))

    figure, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
    bars = ax.barh(table.index, table["response_hours_mean"], height=0.6, color="#0072B2")
    ax.bar_label(bars, fmt="%.1f", padding=3)
    ax.invert_yaxis()
    ax.set_xlabel("mean response (h)")
    ax.set_title(f'Mean response is shortest under the rule "{best}"', loc="left")
    ax.margins(x=0.1)
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "own_escalation_rule.png", dpi=150)
    return table


if __name__ == "__main__":
    typer.run(main)
