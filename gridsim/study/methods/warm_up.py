"""How long a run needs to forget that it began empty: MSER-5 (White 1997, Simulation 69(6), 323-334).

The backlog of every hour, averaged over replications, is cut into batches of five hours; the number of batches to leave
out is the one after which the standard error of the rest is smallest. If that lies in the second half of the run, the
run is too short to tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...scenario.given import as_scenario
from ...simulation.simulate import simulate
from ..errors import StudyError
from ..how import ABSENT, Absent, as_how
from ..run import run_seed
from ..runs.own_played import own_of, said_of_own

if TYPE_CHECKING:
    from typing import Unpack

    from numpy.typing import ArrayLike, NDArray

    from ...scenario.given import Given
    from ..how import How, HowKeywords

REPLICATIONS = 5
BATCH = 5
FEWEST_BATCHES = 10


@dataclass(frozen=True)
class WarmUp:
    """A warm-up period.

    Parameters
    ----------
    days
        Days to leave out: `run.warm_up_days`.
    found
        Whether the run is long enough to tell; if not, `days` is half of the run.
    backlog
        Mean open problems of every hour, over the replications.
    """

    days: float
    found: bool
    backlog: NDArray[np.float64]

    @property
    def said(self) -> str:
        """The outcome in a sentence."""
        if self.found:
            return f"Set run.warm_up_days = {self.days:.2f}: from then on it no longer matters that the run began empty (MSER-5)."
        return (
            "The first half of the run shows no end of the warm-up (MSER-5): it is too short, or the backlog grows."
            " Run longer, or add people."
        )

    def __repr__(self) -> str:
        return self.said


def warm_up(
    scenario: Given,
    replications: int | Absent = ABSENT,
    seed: int | Absent = ABSENT,
    how: How | None = None,
    **keywords: Unpack[HowKeywords],
) -> WarmUp:
    """Choose the warm-up period of a scenario.

    Parameters
    ----------
    scenario
        Its run starts empty; its own warm-up does not matter.
    replications, seed, how, keywords
        As for `compare`; 5 replications if absent.

    Raises
    ------
    StudyError
        If the run is shorter than fifty hours, or there are no replications.
    """
    given = {"replications": replications, "seed": seed, **keywords}
    asked = as_how("warm_up", how, given, REPLICATIONS, without=("confidence",))
    plain = as_scenario(scenario).vary({"run.warm_up_days": 0, "run.follow_up_days": 0})
    own = own_of([""], asked.policy, asked.agents)
    said_of_own(own, asked.engine)
    settings = {"engine": asked.engine, "records": asked.records, **(own[""].given if own else {})}
    seeds = [run_seed(asked.seed, r) for r in range(asked.counted("warm_up"))]
    runs = [simulate(plain, seed, **settings).timeline["backlog"] for seed in seeds]
    backlog = np.mean([run.to_numpy(np.float64) for run in runs], axis=0)
    cut = mser(backlog, BATCH)
    half = len(backlog) // 2
    return WarmUp((half if cut is None else cut) / 24.0, cut is not None, backlog)


def mser(values: ArrayLike, batch: int = BATCH) -> int | None:
    """Give how many of the first values to leave out; None if that cannot be told.

    Parameters
    ----------
    values
        One number per step.
    batch
        Steps in a batch.

    Raises
    ------
    StudyError
        If there are fewer than ten batches.
    """
    steps = np.asarray(values, dtype=np.float64)
    count = len(steps) // batch
    if count < FEWEST_BATCHES:
        raise StudyError(f"{len(steps)} hours are too few to choose a warm-up: at least {FEWEST_BATCHES * batch}")
    means = steps[: count * batch].reshape(count, batch).mean(axis=1)[::-1]
    number = np.arange(1, count + 1)
    squares = np.cumsum(means**2) - np.cumsum(means) ** 2 / number  # of the last 1, 2, ... batches
    errors = (np.maximum(squares, 0.0) / number**2)[::-1]  # after leaving out 0, 1, ... batches
    allowed = count - count // 5  # the last fifth is too short to say anything
    best = int(np.argmin(errors[:allowed]))
    return best * batch if best <= count // 2 else None
