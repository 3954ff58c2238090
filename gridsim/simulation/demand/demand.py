"""The problems of a run, one row each: what goes in, the same under every design.

Every purpose and problem type has a random stream of its own with unit-rate draws that the parameters scale.
Scenarios that differ in tiers, staff or escalation therefore face the very same problems.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..instants import in_hours
from ..rules import DRAWS
from .streams import Streams, fill_durations

if TYPE_CHECKING:
    import pandas as pd

    from ...scenario.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Instants = NDArray[np.int64]


@dataclass(slots=True)
class Demand:
    """Problems in the order in which they arise (ties: order of the types, then of the draws).

    Parameters
    ----------
    scenario
        The scenario it was drawn for.
    type_order
        Row of every problem when types are laid one after the other; the draws of `Draws` are sorted by it.
    counts
        Problems of each type.
    arises_at
        Nanoseconds since the start, shape (problems,).
    cell, resident, type
        Numbers; residents are numbered over the whole territory.
    x, y
        Place in km; None where nobody needs it.
    difficulty
        0 to 1; None where nobody needs it.
    hidden
        Whether no resident sees it.
    """

    scenario: Scenario
    seed: int
    type_order: NDArray[np.int64]
    counts: list[int]
    arises_at: Instants
    cell: Ints
    resident: Ints
    type: NDArray[np.int16]
    x: Floats | None
    y: Floats | None
    difficulty: Floats | None
    hidden: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.arises_at)

    def draw(self, purpose: str, *name: object, law: tuple[float, str] | None = None) -> Floats:
        """Draw a number of mean 1 per problem (uniform without a law), one stream per type.

        Parameters
        ----------
        purpose, name
            What the numbers are for; they name the stream together with the type.
        law
            Coefficient of variation and "gamma", "lognormal" or "normal" (standard); absent: uniform on 0 to 1.
        """
        streams = Streams(self.seed)
        out = np.empty(len(self))
        first = 0
        for problem, count in zip(self.scenario.problems, self.counts, strict=True):
            part = out[first : first + count]
            _fill(streams.at(purpose, *name, problem.type), part, law)
            first += count
        return out[self.type_order]

    def work(self, k: int) -> Floats:
        """Hours of work of attempt k (1 to 4) of every problem, before pace."""
        streams = Streams(self.seed)
        out = np.empty(len(self))
        first = 0
        for problem, count in zip(self.scenario.problems, self.counts, strict=True):
            part = out[first : first + count]
            duration = problem.work_hours
            fill_durations(streams.at("work", k, problem.type), part, duration.cv, duration.law)
            part *= duration.mean
            first += count
        return out[self.type_order]

    def maturing(self) -> Floats:
        """Hours after which each problem matures while it is hidden or unreported; inf: never."""
        streams = Streams(self.seed)
        out = np.full(len(self), np.inf)
        first = 0
        for problem, count in zip(self.scenario.problems, self.counts, strict=True):
            duration = problem.matures_hours
            if duration is not None:
                part = out[first : first + count]
                fill_durations(streams.at("maturing", problem.type), part, duration.cv, duration.law)
                part *= duration.mean
            first += count
        return out[self.type_order]

    def to_frame(self) -> pd.DataFrame:
        """Give one row per problem: when, where, what, how difficult, hidden, and the work of four attempts (hours)."""
        import pandas as pd

        names = [problem.type for problem in self.scenario.problems]
        return pd.DataFrame(
            {
                "arises_at": in_hours(self.arises_at),
                "cell": self.cell,
                "resident": self.resident,
                "x": self.x,
                "y": self.y,
                "type": pd.Categorical.from_codes(self.type.tolist(), pd.Index(names)),
                "difficulty": self.difficulty,
                "hidden": self.hidden,
                **{f"work_hours_{k}": self.work(k) for k in range(1, DRAWS + 1)},
            }
        )


def _fill(stream: np.random.Generator, out: Floats, law: tuple[float, str] | None) -> None:
    if law is None:
        stream.random(out=out)
    elif law[1] == "normal":
        stream.standard_normal(out=out)
    else:
        fill_durations(stream, out, *law)
