"""What one run leaves behind: arrays with one row per problem, written alike by both engines."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gridsim.scenario.scenario import Scenario

    from ..demand.demand import Demand
    from ..plan.plan import Plan, Pool

Array = NDArray[Any]
Floats = NDArray[np.float64]
Instants = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Outcome:
    """How one run ended, problem by problem and pool by pool.

    Rows are problems in the order in which they arise. Instants are whole nanoseconds since the start, and durations
    whole nanoseconds; UNSET is what has not happened. `in_hours` makes hours of them.

    Attributes
    ----------
    scenario, demand, plan
        What was simulated: as it was said, as problems drawn, and as arrays.
    reported_at
        When each problem reached the organisation.
    source
        Who brought it: a number of `Source` (-1 none, 0 resident, 1 patrol, 2 informant, 3 incident).
    first_response_at
        The first start of work on site, failed attempts included.
    closed_at
        When it was closed.
    ended_at
        When it was closed or became unresolved; UNSET while it is open.
    closed_tier
        Number of the tier that closed it; -1: not closed.
    unit
        Number of the unit that closed it, or where it is; -1: it reached none.
    team
        Who last set out to it, one of its skills a column: roles numbered through all tiers; -1 in the first column:
        the leader; -2: nobody.
    status
        A number of `Status` (0 unreported, 1 open, 2 closed, 3 unresolved).
    urgency
        At the end: 0 routine, 1 urgent, 2 emergency.
    escalations
        How often it went up for each `Reason` (columns in that order).
    attempts, reworks
        How often people worked on it, and how often it was reported again after work that was not good.
    petitioned_at
        When its resident's patience ended.
    due_at
        End of the limit of its type; NEVER without a limit, UNSET without a report.
    where
        Time in inbox, triage, queue, travel, work and lost attempts; of open problems until the run's end.
    where_by_tier
        The same per tier (problems x tiers x parts), on request.
    visits
        How often somebody of each pool set out.
    use
        Busy person-hours of each pool inside the measured window: travel, work, triage, patrol.
    overtime
        The part of `use` that lay outside the hours of each pool (person-hours).
    offered, offered_to_leaders
        Work that arrived for the staff, and triage and work for the leaders, of each tier inside the measured window
        (person-hours); each triage and each attempt once.
    taken
        Work and travel of each pool begun inside the measured window (person-hours).
    inbox_off_duty
        The part of the time in an inbox in which its leaders were off duty.
    trust
        Trust at the end of those residents whose trust may have changed (0 to 1).
    trust_mean
        Mean trust over all residents at the end (0 to 1).
    events
        The event log (fields `LOG_FIELDS`), on request.
    stopped_at
        When a run that is looked at before its end had got so far; None: it is over.
    """

    scenario: Scenario
    demand: Demand
    plan: Plan
    reported_at: Instants
    source: Array
    first_response_at: Instants
    closed_at: Instants
    ended_at: Instants
    closed_tier: Array
    unit: Array
    team: Array
    status: Array
    urgency: Array
    escalations: Array
    attempts: Array
    reworks: Array
    petitioned_at: Instants
    due_at: Instants
    where: Instants
    visits: Array
    use: Floats
    overtime: Floats
    offered: Floats
    offered_to_leaders: Floats
    taken: Floats
    inbox_off_duty: Instants
    trust: Floats
    trust_mean: float
    where_by_tier: Instants | None = None
    events: Array | None = None
    stopped_at: int | None = None

    @property
    def end(self) -> int:
        """The last instant that was simulated."""
        return self.plan.end if self.stopped_at is None else min(self.stopped_at, self.plan.end)

    @property
    def window(self) -> tuple[int, int]:
        """First and last instant of the measured part of the run, as far as it was simulated."""
        start, end = self.plan.window
        return min(start, self.end), min(end, self.end)

    @property
    def pools(self) -> list[Pool]:
        """The pools of people, with their hours in the measured part of the run as far as it was simulated."""
        return self.plan.pools if self.stopped_at is None else self.plan.pools_within(*self.window)

    def __len__(self) -> int:
        return len(self.reported_at)


def mean_trust(trust: Floats, plan: Plan) -> float:
    """Mean trust over all residents; summed exactly, so that nobody untouched can change it."""
    everyone = max(1, int(plan.residents.sum()))
    before = float(plan.settings.trust)
    return before + fsum((trust - before).tolist()) / everyone
