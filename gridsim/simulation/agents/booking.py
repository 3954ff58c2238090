"""The books of a run: hours at work, overtime and visits of every pool of people, and the work that arrived for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import rules
from ..events import Busy, Place
from ..plan.plan import Plan
from ..rules import HOUR
from .calendar import Calendar
from .draws_at_hand import DrawsAtHand
from .problem import Problem
from .shifts import Shifts

if TYPE_CHECKING:
    from .unit import Unit


class Booking:
    """What is written down of the people; only what falls into the measured window counts.

    Parameters
    ----------
    plan
        The scenario as numbers.
    calendar, shifts, draws
        The clock, the hours, and how long things take.
    """

    def __init__(self, plan: Plan, calendar: Calendar, shifts: Shifts, draws: DrawsAtHand) -> None:
        self._calendar = calendar
        self._shifts = shifts
        self._draws = draws
        self.use = [[0.0] * len(Busy) for _ in plan.pools]
        self.visits = [0] * len(plan.pools)
        self.overtime = [0.0] * len(plan.pools)
        self.taken = [0.0] * len(plan.pools)
        self.offered = [0.0] * plan.tiers
        self.offered_to_leaders = [0.0] * plan.tiers
        self.follows(plan)

    def follows(self, plan: Plan) -> None:
        """Take the hours that people follow from a plan."""
        self._window_start, self._window_end = plan.window
        self._shift_of_pool = [pool.shift for pool in plan.pools]
        self._switch_at, self._patterns_later = plan.switch_at, [pool.pattern for pool in (plan.later or plan).pools]
        both = zip(self._shift_of_pool, self._patterns_later, strict=True)
        self._always_on = [self._shifts.never_end(shift) and pattern.always for shift, pattern in both]
        self._leader_shift: list[int] = plan.tier["leader_shift"].tolist()

    # --- people at work ------------------------------------------------------------------------------------------

    def book(self, pool: int, part: int, ends: int) -> None:
        """Add what the people of a pool do from now until it ends, and the overtime in it."""
        now = self._calendar.now
        if not self._always_on[pool]:
            self._book_overtime(pool, now, ends)
        self._book_part(pool, part, now, ends)

    def book_visit(self, pool: int, travel: int, work: int, back: int) -> None:
        """Add one person's visit: out (for the slowest of a team), work, back."""
        calendar = self._calendar
        now = calendar.now
        self.visits[pool] += 1
        if self._window_start <= now < self._window_end:
            self.taken[pool] += travel / HOUR + work / HOUR + back / HOUR if travel or back else work / HOUR
        starts = calendar.later(travel) if travel else now
        ends = rules.after(starts, work, calendar.end)
        home = rules.after(ends, back, calendar.end) if back else ends
        if not self._always_on[pool]:
            self._book_overtime(pool, now, home)
        self.use[pool][Busy.WORK] += rules.overlap(starts, ends, self._window_start, self._window_end) / HOUR
        if travel or back:
            self._book_part(pool, Busy.TRAVEL, now, starts)
            self._book_part(pool, Busy.TRAVEL, ends, home)

    def _book_part(self, pool: int, part: int, start: int, end: int) -> None:
        self.use[pool][part] += rules.overlap(start, end, self._window_start, self._window_end) / HOUR

    def _book_overtime(self, pool: int, start: int, end: int) -> None:
        """Add the part of busy hours outside the hours of a pool, also after a switch."""
        shift, shifts, at = self._shift_of_pool[pool], self._shifts, self._switch_at
        if shifts.on_duty[shift] and end <= min(shifts.next_edge(shift), at):
            return
        first, last = max(start, self._window_start), min(end, self._window_end)
        outside = shifts.time_off_duty(shift, first, min(last, at))
        if last > at:
            outside += rules.time_off_duty(max(first, at), last, *self._patterns_later[pool].key)
        self.overtime[pool] += outside / HOUR

    # --- work that arrives ---------------------------------------------------------------------------------------

    def count_offered(self, problem: Problem, unit: Unit) -> None:
        """Work that arrives for the staff of a tier: the next attempt, and travel both ways, per person."""
        this = problem.arrivals + problem.attempts
        if problem.offered_work == this:
            return
        problem.offered_work = this
        if not self._window_start <= self._calendar.now < self._window_end:
            return
        people, pace, travellers = unit.regular_teams.get(problem.type) or unit.regular_team(problem.type)
        if people:
            work = self._draws.work_time(problem, problem.attempts + 1, pace)
            hours = people * (work / HOUR)
            for person in travellers:
                hours += 2.0 * (person.travel_time(problem.distance) / HOUR)
            self.offered[unit.tier] += hours

    def count_offered_triage(self, problem: Problem, unit: Unit) -> None:
        """Triage that arrives for leaders, once, and the work that they will handle alone."""
        leader, handling = unit.leader, problem.handlings + 1
        assert leader is not None
        if problem.offered_triage == problem.arrivals:
            return
        problem.offered_triage = problem.arrivals
        if not self._window_start <= self._calendar.now < self._window_end:
            return
        hours = self._draws.triage_time(problem, unit.tier, handling) / HOUR
        perceived = self._draws.perceived(problem, handling)
        if rules.leader_handles(leader.handles_below, leader.solves, perceived, problem.failed):
            hours += self._draws.work_time(problem, problem.attempts + 1, leader.pace) / HOUR
            hours += 2.0 * (rules.travel_time(unit.distance(problem), leader.hours_per_km) / HOUR)
        self.offered_to_leaders[unit.tier] += hours

    # --- hours off duty ------------------------------------------------------------------------------------------

    def count_off_duty(self, problem: Problem, time: int) -> None:
        """Count the time in the inbox in which its leaders were off duty."""
        problem.inbox_off_duty = self.off_duty_until(problem, time)
        problem.off_duty_from = time

    def off_duty_until(self, problem: Problem, time: int) -> int:
        """Time in the inbox with leaders off duty, for what may still lie there."""
        if problem.place != Place.INBOX:
            return problem.inbox_off_duty
        assert problem.unit is not None
        shift = self._leader_shift[problem.unit.tier]
        return problem.inbox_off_duty + self._shifts.time_off_duty(shift, problem.off_duty_from, time)
