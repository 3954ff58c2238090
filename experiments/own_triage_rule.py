"""What if leaders lend a hand, and residents forgive once?

Rules that are not in the model, each a subclass of an agent. A `HelpfulLeader` does alone, with the authority of the tier,
what would otherwise wait because all the unit's staff are out; a `CautiousLeader` does so only while nothing waits in the
inbox. A `ForgivingResident` loses no trust the first time that something goes wrong. All else, and every problem, is the same.

Expected: helping backfires. Where people are few, nobody is busier than the leaders, who sort and patrol; while they are
out, the inbox waits, and the mean response grows from 72 hours to 83. Cautious leaders do no harm, but seldom find the
time to help. Forgiving residents wait as long as ever; their trust ends a little higher.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import typer

import gridsim as gs

MEASURES = ["response_hours_mean", "resolution_hours_mean", "petition_rate", "trust_mean", "utilisation.grid.leader"]


class HelpfulLeader(gs.GridLeader):
    """A leader who steps in when nobody of the unit is free."""

    def handles_alone(self, problem):
        """As ever what is small, and also what is within the authority while all staff are out."""
        if self.may_handle(problem):
            return True
        all_out = not any(staff.available(problem.urgency) for staff in self.unit.staff)
        return all_out and problem.perceived <= self.solves and problem.failed < self.solves


class CautiousLeader(HelpfulLeader):
    """A leader who steps in only if nothing else waits for a decision."""

    def handles_alone(self, problem):
        """As ever what is small; more only with an empty inbox."""
        return self.may_handle(problem) or (not self.unit.inbox and super().handles_alone(problem))


class ForgivingResident(gs.Resident):
    """A resident who forgives once."""

    def __init__(self, model, number):
        super().__init__(model, number)
        self.forgiven = False

    def is_let_down(self):
        """The first time nothing happens."""
        if self.forgiven:
            super().is_let_down()
        self.forgiven = True


WAYS = {
    "as in the model": {},
    "helpful leaders": {"leader": HelpfulLeader},
    "cautious leaders": {"leader": CautiousLeader},
    "forgiving residents": {"resident": ForgivingResident},
}


def measures_of(scenario: gs.Scenario, seed: int, agents: dict[str, type]) -> pd.Series:
    """One run of the Mesa model with agents of one's own."""
    model = gs.GridModel(scenario, seed=seed, **agents)
    model.run_for(24.0 * scenario.run.days)
    return model.result().measures[MEASURES]


def main(headcount: int = 80, replications: int = 4, days: float = 60.0, out: Path = Path("results")) -> pd.DataFrame:
    few = gs.design("three_tier", gs.load("mingming_road").vary({"run.days": days}), headcount)
    runs = {name: [measures_of(few, seed, agents) for seed in range(replications)] for name, agents in WAYS.items()}
    table = pd.DataFrame({name: pd.DataFrame(rows).mean() for name, rows in runs.items()}).T
    print(f"{headcount} people, with and without rules of one's own (hours, shares of 1)\n")
    print(table.round(3).to_string())

    figure, ax = plt.subplots(figsize=(7, 2.6), layout="constrained")
    bars = ax.barh(table.index, table["response_hours_mean"], height=0.6, color="#0072B2")
    ax.bar_label(bars, fmt="%.1f", padding=3)
    ax.invert_yaxis()
    ax.set_xlabel("mean response (h)")
    ax.margins(x=0.1)
    out.mkdir(parents=True, exist_ok=True)
    figure.savefig(out / "own_triage_rule.png", dpi=150)
    return table


if __name__ == "__main__":
    typer.run(main)
