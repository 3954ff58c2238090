"""A unit: a grid, a community, a street. It holds the inbox and the queue of its people and decides what goes where."""

from __future__ import annotations

from bisect import bisect_left, insort
from heapq import heapify, heappop, heappush
from math import inf
from typing import TYPE_CHECKING

from .. import rules
from ..events import INBOX_HOURS, QUEUE_HOURS, Event, Place, Reason
from ..plan.capability import complete_team
from ..policy import FOR_EVER, Asked, problem_in_words

if TYPE_CHECKING:
    from ..plan.plan import Plan
    from .model import GridModel
    from .people import GridLeader, ServiceStaff
    from .problem import Problem

Line = tuple[int, int, tuple[tuple[int, ...], ...]]  # type, urgency, and per skill the roles that can serve


class Unit:
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
        self.model = model
        self.number = number
        self.tier = tier
        self.parent = parent
        self.leader: GridLeader | None = None
        self.staff: list[ServiceStaff] = []
        self.inbox: list[tuple[int, int, int, Problem]] = []
        self.lines: dict[Line, list[tuple[int, int, Problem]]]  # the queue, by who can serve
        self.top = parent is None
        self.follows(model.plan)

    def follows(self, plan: Plan) -> None:
        """Take from a plan who can serve what here, and when a problem goes up; the people take theirs."""
        number, tier = self.number, self.tier
        self.lines = {}
        self.reach = plan.reach[number].tolist()
        self.eligible = [
            [[role - int(plan.role_first[tier]) for role in roles] for roles in skills]
            for skills in plan.eligible[tier]
        ]
        self._regular_teams: dict[int, list[ServiceStaff]] = {}
        self.after_hours = int(plan.after_hours[tier])
        self.queue_limit = int(plan.queue_limit[tier])
        if self.leader is not None:
            self.leader.follows(plan)
        for place, people in enumerate(self.staff, start=int(plan.slot_first[number])):
            people.follows(plan, int(plan.count[place]), int(plan.on_call[place]))

    # --- who can serve -------------------------------------------------------------------------------------------

    def staff_can_serve(self, problem: Problem, urgent: bool) -> bool:
        """Whether the staff, all free, could make up the team at some hour, with the authority."""
        reach = self.reach[problem.type][urgent]
        return rules.has_authority(reach, problem.perceived, problem.failed, self.model.plan.by_authority)

    def can_serve(self, problem: Problem, urgent: bool | None = None) -> bool:
        """Whether staff or leader can serve a problem."""
        if self.staff_can_serve(problem, problem.urgent if urgent is None else urgent):
            return True
        return self.leader_may(problem)

    def leader_may(self, problem: Problem) -> bool:
        """Whether the unit has a leader who may handle a problem alone."""
        return self.leader is not None and self.leader.may_handle(problem)

    def has_skills_for(self, problem: Problem) -> bool:
        """Whether the staff have the skills that a problem needs, whatever their authority."""
        return bool(self.reach[problem.type][problem.urgent] > -inf)

    def regular_team(self, type: int) -> list[ServiceStaff]:
        """Who would serve a type if all were free: per skill the first role that has people."""
        team = self._regular_teams.get(type)
        if team is None:
            first = [next((self.staff[role] for role in roles if self.staff[role].count), None)
                     for roles in self.eligible[type]]  # fmt: skip
            team = self._regular_teams[type] = [people for people in first if people is not None]
        return team

    # --- arriving and deciding -----------------------------------------------------------------------------------

    def take_in(self, problem: Problem, may_go_down: bool = False) -> None:
        """A problem arrives: to the inbox where a leader triages, else the decisions are immediate."""
        self.arrives(problem)
        problem.may_go_down = may_go_down
        self._inbox_or_decide(problem)

    def arrives(self, problem: Problem) -> None:
        """Note the arrival, and start the clock of the time limit."""
        model = self.model
        problem.unit = self
        problem.arrived_at = problem.entered_at = model.now
        problem.arrivals += 1
        problem.may_go_down = False
        problem.limit_ended = False
        model.note(Event.ARRIVES, problem, self)
        problem.limit_ends = model.limit_ends(problem, self)
        if problem.limit_ends <= model.now:
            model.has_ended(problem)
        elif problem.limit_ends < rules.NEVER:
            model.push(problem.limit_ends, Event.TIME_LIMIT, problem.number, self.number, problem.arrivals)
        model.touched.add(self.number)

    def _inbox_or_decide(self, problem: Problem) -> None:
        leader = self.leader
        if rules.decided_at_once(
            0 if leader is None else leader.count, leader is not None and leader.on_duty, problem.urgency
        ):
            self.model.assess(problem)
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
        if problem.may_go_down:
            problem.may_go_down = False
            lower = self.model.lowest_that_can_serve(problem, below=self.tier)
        able = self.staff_can_serve(problem, problem.urgent)
        alone = leader is not None and leader.handles_alone(problem)
        can_here = rules.may_join(able, self.leader_may(problem), leader is not None)
        full = able and lower is None and not alone and self.is_full_for(problem)
        above = self.above_that_can_serve(problem) if full or not can_here or self.model.policy is not None else None
        usual = rules.usual_decision(lower is not None, alone, can_here, full, above is not None)
        step = self.chosen(problem, rules.DECISION, usual, can_here, above is not None, lower is not None, alone)
        if step == rules.DOWN and lower is not None:
            lower.arrives(problem)
            lower.join(problem)
        elif step == rules.ALONE and leader is not None:
            leader.set_out(problem)
        elif step == rules.JOIN:
            self.join(problem)
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
            joins and self.staff_can_serve(problem, problem.urgent) and self._could_start(problem),
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
            if problem.limit_ends <= self.model.now:
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
        self.model.touched.add(self.number)
        self.let_go(problem)
        problem.goes_up(reason)
        above.take_in(problem)

    def is_full_for(self, problem: Problem) -> bool:
        """Whether the queue is too long for a problem that could not start at once."""
        if self.queue_limit < 0:
            return False
        return rules.over_queue_limit(self.waiting_with(problem), self.queue_limit) and not self._could_start(problem)

    def waiting_with(self, problem: Problem) -> int:
        """How many problems in the queue need one of the skills of a problem."""
        shares = self.model.shares[problem.type]
        return sum(len(line) for (type, *_), line in self.lines.items() if type in shares)

    def _could_start(self, problem: Problem) -> bool:
        key = self._line_of(problem)
        entry = (problem.arrived_at, problem.number, problem)
        insort(self.lines.setdefault(key, []), entry)
        could = self._walk(problem)
        self._take_out(key, entry)
        return could

    # --- inbox and queue -----------------------------------------------------------------------------------------

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
        insort(self.inbox, (-problem.urgency, problem.arrived_at, problem.number, problem))
        self.model.count_offered_triage(problem, self)
        self.model.touched.add(self.number)

    def join_queue(self, problem: Problem) -> None:
        """Wait for staff, most urgent first, then earliest arrival."""
        problem.place = Place.QUEUE
        problem.entered_at = self.model.now
        problem.distance = self.model.distance(problem, self)
        self.put_in_line(problem)
        self.model.count_offered(problem, self)
        self.model.touched.add(self.number)

    def put_in_line(self, problem: Problem) -> None:
        """Into the queue, among those whom the same people can serve."""
        problem.line = self._line_of(problem)
        insort(self.lines.setdefault(problem.line, []), (problem.arrived_at, problem.number, problem))

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

    def let_go(self, problem: Problem) -> None:
        """Take a problem out of inbox or queue, and note how long it lay there."""
        now = self.model.now
        if problem.place == Place.INBOX:
            entry = (-problem.urgency, problem.arrived_at, problem.number, problem)
            del self.inbox[bisect_left(self.inbox, entry)]
            problem.spends(INBOX_HOURS, now - problem.entered_at)
            self.model.count_off_duty(problem, now)
        elif problem.place == Place.QUEUE:
            assert problem.line is not None
            self._take_out(problem.line, (problem.arrived_at, problem.number, problem))
            problem.spends(QUEUE_HOURS, now - problem.entered_at)
        problem.place = Place.NOT_YET  # in nobody's hands until it is put down
        problem.entered_at = now

    def becomes_urgent(self, problem: Problem) -> None:
        """Raise the urgency of a problem where it is; an urgent one does not wait for leaders off duty."""
        urgency = rules.more_urgent(problem.urgency, rules.URGENT)
        if urgency == problem.urgency:
            return
        place, entered_at = problem.place, problem.entered_at
        if place == Place.QUEUE and problem.line is not None:
            self._take_out(problem.line, (problem.arrived_at, problem.number, problem))
            problem.urgency = urgency
            self.put_in_line(problem)
        elif place == Place.INBOX:
            self.let_go(problem)
            problem.urgency = urgency
            self._inbox_or_decide(problem)
        else:
            problem.urgency, problem.entered_at = urgency, entered_at
        self.model.touched.add(self.number)

    def leaders_leave(self) -> None:
        """At the end of the leaders' hours the urgent ones in the inbox are decided at once."""
        for entry in [entry for entry in self.inbox if entry[0] <= -rules.URGENT]:
            problem = entry[3]
            self.let_go(problem)
            self._inbox_or_decide(problem)

    def _line_of(self, problem: Problem) -> Line:
        able = tuple(
            tuple(role for role in roles if self.staff[role].can_serve(problem))
            for roles in self.eligible[problem.type]
        )
        return (problem.type, problem.urgency, able)

    def _take_out(self, key: Line, entry: tuple[int, int, Problem]) -> None:
        line = self.lines[key]
        del line[bisect_left(line, entry)]
        if not line:
            del self.lines[key]

    # --- people choose -------------------------------------------------------------------------------------------

    def people_choose(self) -> None:
        """Leaders first, then staff: whoever is free takes the next problem."""
        if self.leader is not None:
            self.leader.choose_next()
        if self.lines:
            self._walk(None)

    def _walk(self, target: Problem | None) -> bool:
        """Go through the queue in its order and start what can start.

        With a target nothing starts: it is only found out whether the target could. Within a line the same
        people can serve all problems, so that where one can neither start nor hold anybody, the next cannot.
        """
        if not any(staff.available(rules.EMERGENCY) for staff in self.staff):
            return False
        heads = [(-key[1], line[0][0], line[0][1], key, 0) for key, line in self.lines.items()]
        heapify(heads)
        gone = [0] * len(self.staff)  # people held for a team, or taken in thought
        taken = [0] * len(self.staff)  # those taken: they count as at work
        while heads:
            rank, _, _, key, index = heappop(heads)
            line = self.lines[key]
            problem = line[index][2]
            team = self._team(key, gone)
            if problem is target:
                return team is not None
            if team is not None and target is None:
                self.let_go(problem)
                self.start(problem, team)
                if key not in self.lines:
                    continue
            else:
                away = team if team is not None else self._held(key, gone, taken)
                if not away:
                    continue
                for role in away:
                    gone[role] += 1
                    taken[role] += team is not None
                index += 1
            if index < len(line):
                heappush(heads, (rank, line[index][0], line[index][1], key, index))
        return False

    def _team(self, key: Line, gone: list[int]) -> list[int] | None:
        _, urgency, able = key
        if len(able) == 1:
            for role in able[0]:
                if self.staff[role].available(urgency) > gone[role]:
                    return [role]
            return None
        free = [staff.available(urgency) - out for staff, out in zip(self.staff, gone, strict=True)]
        return complete_team(able, free)

    def _held(self, key: Line, gone: list[int], taken: list[int]) -> list[int]:
        """Find the free members of the first complete team that a waiting joint problem could have."""
        _, urgency, able = key
        if len(able) == 1 or not self.model.plan.hold:
            return []
        roles = len(self.staff)
        people = [staff.available(urgency) - out for staff, out in zip(self.staff, gone, strict=True)]
        people += [staff.busy + out if staff.on_duty else 0 for staff, out in zip(self.staff, taken, strict=True)]
        options = [(*skill, *(role + roles for role in skill)) for skill in able]
        team = complete_team(options, people) or []
        return [role for role in team if role < roles]

    def start(self, problem: Problem, team: list[int]) -> None:
        """Send a team out to a problem of the queue."""
        people = [self.staff[role] for role in team]
        for person in people:
            person.busy += 1
        problem.team = people
        slowest = max(person.travel_time(problem.distance) for person in people)
        pace = max(person.pace for person in people)
        self.model.note(Event.SETS_OUT, problem, self)
        work = self.model.begin_service(problem, min(p.solves for p in people), slowest, pace)
        for person in people:
            person.books(slowest, work, person.travel_time(problem.distance))
