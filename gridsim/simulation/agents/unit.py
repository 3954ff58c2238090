"""A unit: a grid, a community, a street. Problems arrive there, and it decides what goes where."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING

from .. import rules
from ..events import Event, Place, Reason
from ..policy import FOR_EVER, Asked, problem_in_words
from .crew import Crew

if TYPE_CHECKING:
    from .model import GridModel
    from .people import GridLeader
    from .problem import Problem


class Unit(Crew):
    """The people of one place in the hierarchy and the problems that wait for them.

    Parameters
    ----------
    model
        The model it belongs to.
    number, tier
        Number through all tiers, and the number of its tier.
    parent
        The unit above, None at the top.
    """

    def __init__(self, model: GridModel, number: int, tier: int, parent: Unit | None) -> None:
        super().__init__(model, number, tier)
        self.parent = parent

    # --- arriving and deciding ---------------------------------------------------------------------------------------

    def take_in(self, problem: Problem, may_go_down: bool = False) -> None:
        """A problem arrives: to the inbox where a leader triages, else the decisions are immediate."""
        self.arrives(problem)
        problem.may_go_down = may_go_down
        self._inbox_or_decide(problem)

    def arrives(self, problem: Problem) -> None:
        """Note the arrival, and start the clock of the time limit."""
        model = self.model
        problem.unit = self
        problem.arrived_at = problem.entered_at = now = self.calendar.now
        problem.arrivals += 1
        problem.may_go_down = False
        problem.limit_ended = False
        if model.traced:
            model.note(Event.ARRIVES, problem, self)
        starts = rules.limit_starts(True, problem.reported_at, now) if self._since_report else now
        problem.limit_ends = self.calendar.ends(starts, self.after_hours, self.clock)
        if problem.limit_ends <= now:
            model.has_ended(problem)
        elif problem.limit_ends < rules.NEVER:
            self.calendar.push(problem.limit_ends, Event.TIME_LIMIT, problem.number, self.number, problem.arrivals)
        self.touched.add(self.number)

    def _inbox_or_decide(self, problem: Problem) -> None:
        leader = self.leader
        if leader is None or rules.decided_at_once(leader.count, leader.on_duty, problem.urgency):
            self.draws.assess(problem)
            self.decide(problem)
        else:
            self.join_inbox(problem)

    def decide(self, problem: Problem, leader: GridLeader | None = None) -> None:
        """The decisions of triage in their order.

        Parameters
        ----------
        problem
            A problem that is in neither inbox nor queue.
        leader
            The leader who has just triaged it; None where the decision is immediate.
        """
        lower = None
        if problem.may_go_down:  # until it moves
            lower = self.model.lowest_that_can_serve(problem, below=self.tier)
        policy = self.model.policy
        able = self.staff_can_serve(problem, problem.urgency >= rules.URGENT)
        alone = leader is not None and leader.handles_alone(problem)
        can_here = able or rules.may_join(False, self.leader_may(problem), leader is not None)
        full = able and self.queue_limit >= 0 and lower is None and not alone and self.is_full_for(problem)
        above = self.above_that_can_serve(problem) if full or not can_here or policy is not None else None
        usual = rules.usual_decision(lower is not None, alone, can_here, full, above is not None)
        step = usual
        if policy is not None:
            step = self.chosen(problem, rules.DECISION, usual, can_here, above is not None, lower is not None, alone)
        if step == rules.JOIN and able:
            self.join_queue(problem)
        elif step == rules.JOIN:
            self.join_inbox(problem)
        elif step == rules.DOWN and lower is not None:
            lower.arrives(problem)
            lower.join(problem)
        elif step == rules.ALONE and leader is not None:
            leader.set_out(problem)
        elif step == rules.UP and above is not None:
            reason = rules.reason_to_go_up(self.has_skills_for(problem), can_here)
            self.move(problem, above, Reason(reason) if usual == rules.UP else Reason.POLICY)
        else:
            self.model.becomes_unresolved(problem)

    def chosen(
        self, problem: Problem, moment: int, usual: int, can_here: bool, can_above: bool,
        can_below: bool = False, alone: bool = False,
    ) -> int:  # fmt: skip
        """Give the step that is taken: the usual one, unless a policy of one's own says otherwise."""
        policy, model = self.model.policy, self.model
        if policy is None or usual == rules.NOWHERE:
            return usual
        joins = moment in (rules.DECISION, rules.FAILED)
        asked = Asked(
            moment, usual, problem.type, self.tier, problem.urgency, problem.perceived,
            (model.now - problem.arrived_at) / rules.HOUR, (model.now - problem.reported_at) / rules.HOUR,
            rules.hour_of_week(model.now), self.waiting_with(problem) - (problem.place == Place.QUEUE),
            joins and self.staff_can_serve(problem, problem.urgent) and self.queue.could_start(problem),
            can_here, can_above, can_below, alone, problem.failed, problem.attempts, sum(problem.escalations or ()),
        )  # fmt: skip
        where = problem_in_words(problem.number, asked, model.plan, model.now)
        step = policy.step(asked, where)
        if moment == rules.LIMIT and rules.begins_anew(usual, step) and self.after_hours <= 0:
            raise policy.fault(FOR_EVER, asked, step, where)
        return step

    def failed(self, problem: Problem) -> None:
        """The work is lost: people of more authority here, else up."""
        can_here = self.can_serve(problem)
        above = self.above_that_can_serve(problem) if not can_here or self.model.policy is not None else None
        usual = rules.usual_after_failure(can_here, above is not None)
        step = self.chosen(problem, rules.FAILED, usual, can_here, above is not None)
        if step == rules.JOIN:
            self.join(problem)
            if rules.ended_during_work(problem.limit_ends, problem.arrived_at, self.model.now):
                self.model.has_ended(problem)
        elif step == rules.UP and above is not None:
            self.move(problem, above, Reason.FAILED if usual == rules.UP else Reason.POLICY)
        else:
            self.model.becomes_unresolved(problem)

    def goes_up_at(self, problem: Problem, moment: int, reason: Reason) -> bool:
        """At the end of a limit: up, or stay; say whether it went up."""
        above = self.above_that_can_serve(problem)
        usual = rules.usual_at_limit(above is not None)
        step = self.chosen(problem, moment, usual, self.can_serve(problem), above is not None)
        if step == rules.UP and above is not None:
            self.move(problem, above, reason)
            return True
        if moment == rules.LIMIT and rules.begins_anew(usual, step):
            self.model.limit_begins_anew(problem, self)
        return False

    def above_that_can_serve(self, problem: Problem) -> Unit | None:
        """Find the next unit above that can serve a problem."""
        above = self.parent
        while above is not None and not above.can_serve(problem):
            above = above.parent
        return above

    def move(self, problem: Problem, above: Unit, reason: Reason) -> None:
        """Move a problem up; the people here, some of whom may have been held for it, choose again."""
        self.touched.add(self.number)
        self.let_go(problem)
        problem.goes_up(reason)
        above.take_in(problem)

    def is_full_for(self, problem: Problem) -> bool:
        """Whether the queue is too long for a problem that could not start at once."""
        if self.queue_limit < 0:
            return False
        return rules.over_queue_limit(self.waiting_with(problem), self.queue_limit) and not self.queue.could_start(
            problem
        )

    def waiting_with(self, problem: Problem) -> int:
        """How many problems in the queue need one of the skills of a problem."""
        shares = self.model.shares[problem.type]
        return self.queue.waiting(shares)

    # --- inbox and queue ---------------------------------------------------------------------------------------------

    def join(self, problem: Problem) -> None:
        """Into the queue; where only the leader could handle it, into his inbox."""
        if self.staff_can_serve(problem, problem.urgent):
            self.join_queue(problem)
        else:
            self.join_inbox(problem)

    def join_inbox(self, problem: Problem) -> None:
        """Wait for a leader, most urgent first, then earliest arrival."""
        problem.place = Place.INBOX
        problem.entered_at = problem.off_duty_from = self.model.now
        entry = rules.place_in_queue(problem.urgency, problem.arrived_at, problem.number)
        insort(self.inbox, (*entry, problem))
        self.booking.count_offered_triage(problem, self)
        self.touched.add(self.number)

    def join_queue(self, problem: Problem) -> None:
        """Wait for staff, most urgent first, then earliest arrival."""
        problem.place = Place.QUEUE
        problem.entered_at = self.calendar.now
        problem.distance = self.distance(problem) if self.stations else 0.0
        self.queue.put_in(problem)
        self.booking.count_offered(problem, self)
        self.touched.add(self.number)

    def joins_or_goes_up(self, problem: Problem) -> None:
        """Wait for staff here, or for the leader where only he may handle it; else go up."""
        staff_can = self.staff_can_serve(problem, problem.urgent)
        can_here = rules.may_join(staff_can, self.leader_may(problem), False)
        above = None if can_here else self.above_that_can_serve(problem)
        step = rules.usual_after_failure(can_here, above is not None)
        if step == rules.UP and above is not None:
            self.move(problem, above, Reason(rules.reason_to_go_up(self.has_skills_for(problem), False)))
            return
        if not staff_can:
            self.let_go(problem)
        if step == rules.JOIN:
            self.join(problem)
        else:
            self.model.becomes_unresolved(problem)

    def becomes_urgent(self, problem: Problem) -> None:
        """Raise the urgency of a problem where it is; an urgent one does not wait for leaders off duty."""
        urgency = rules.more_urgent(problem.urgency, rules.URGENT)
        if urgency == problem.urgency:
            return
        place, entered_at = problem.place, problem.entered_at
        if place == Place.QUEUE:
            self.queue.take_out(problem)
            problem.urgency = urgency
            self.queue.put_in(problem)
        elif place == Place.INBOX:
            self.let_go(problem)
            problem.urgency = urgency
            self._inbox_or_decide(problem)
        else:
            problem.urgency, problem.entered_at = urgency, entered_at
        self.touched.add(self.number)

    def leaders_leave(self) -> None:
        """At the end of the leaders' hours the urgent ones in the inbox are decided at once."""
        for problem in [entry[3] for entry in self.inbox if entry[3].urgency >= rules.URGENT]:
            self.let_go(problem)
            self._inbox_or_decide(problem)
