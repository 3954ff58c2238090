"""The queue of a unit: who waits for its staff, in lines of those whom the same people can serve, and who starts next."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heappush

from .. import rules
from ..plan.capability import complete_team
from ..plan.plan import Plan
from .people import ServiceStaff
from .problem import Problem

Able = tuple[tuple[int, ...], ...]  # per skill the roles that can serve, the first choice first
Sort = tuple[int, int, int, float]  # type, urgency, between which authorities it seems to lie, and who failed
Start = Callable[[Problem, Sequence[int]], None]  # send a team, given by its roles, out to a problem


class Line:
    """Those who wait for the same people with the same urgency, in the order of their arrival.

    Parameters
    ----------
    type, urgency
        Of the problems in it.
    able
        Per skill the roles that can serve them.
    """

    __slots__ = ("able", "type", "urgency", "waiting")

    def __init__(self, type: int, urgency: int, able: Able) -> None:
        self.type = type
        self.urgency = urgency
        self.able = able
        self.waiting: list[tuple[int, int, Problem]] = []  # arrival, number, problem


class Queue:
    """The problems that wait for the staff of a unit: most urgent first, then earliest arrival.

    Parameters
    ----------
    staff
        The people of the unit, role by role; more may still join the list.
    """

    def __init__(self, staff: list[ServiceStaff]) -> None:
        self._staff = staff

    def follows(self, plan: Plan, tier: int) -> None:
        """Take from a plan who has which skill; who waits is put in again, by whoever calls this."""
        first = int(plan.role_first[tier])
        self.eligible = [[[role - first for role in roles] for roles in skills] for skills in plan.eligible[tier]]
        self.lines: dict[Line, None] = {}  # in which somebody waits
        self._hold = plan.settings.hold
        self._levels = plan.levels[tier]
        self._line_of_sort: dict[Sort, Line] = {}
        self._line_of_able: dict[tuple[int, int, Able], Line] = {}

    # --- waiting -------------------------------------------------------------------------------------------------

    def put_in(self, problem: Problem) -> None:
        """Wait, among those whom the same people can serve."""
        sort = (problem.type, problem.urgency, bisect_left(self._levels, problem.perceived), problem.failed)
        line = problem.line = self._line_of_sort.get(sort) or self._line_of(problem, sort)
        entry, waiting = (problem.arrived_at, problem.number, problem), line.waiting
        if not waiting:
            self.lines[line] = None
            waiting.append(entry)
        elif waiting[-1] < entry:
            waiting.append(entry)
        else:
            insort(waiting, entry)

    def take_out(self, problem: Problem) -> None:
        """Wait no longer."""
        line = problem.line
        assert line is not None
        waiting = line.waiting
        first = waiting[0][2] is problem
        del waiting[0 if first else bisect_left(waiting, (problem.arrived_at, problem.number, problem))]
        if not waiting:
            del self.lines[line]

    def waiting(self, types: Iterable[int]) -> int:
        """How many problems of some types wait."""
        return sum(len(line.waiting) for line in self.lines if line.type in types)

    def could_start(self, problem: Problem) -> bool:
        """Whether a problem that is not in the queue would start at once if it were."""
        self.put_in(problem)
        could = self._walk(None, problem)
        self.take_out(problem)
        return could

    def _line_of(self, problem: Problem, sort: Sort) -> Line:
        """Who can serve it; of the package's own staff it follows from its sort alone, and is kept."""
        able = tuple(
            tuple(role for role in roles if self._staff[role].can_serve(problem))
            for roles in self.eligible[problem.type]
        )
        key = (problem.type, problem.urgency, able)
        line = self._line_of_able.setdefault(key, Line(*key))
        if all(type(people) is ServiceStaff for people in self._staff):
            self._line_of_sort[sort] = line
        return line

    # --- starting ------------------------------------------------------------------------------------------------

    def choose(self, start: Start) -> None:
        """Whoever is free takes the next problem.

        Parameters
        ----------
        start
            Sends a team out; it takes the problem out of the queue.
        """
        if len(self.lines) > 1:
            self._walk(start, None)
            return
        (line,) = self.lines
        if len(line.able) > 1:
            self._walk(start, None)
            return
        for role in line.able[0]:  # one line for one person each: nobody is held, and nobody waited for
            people = self._staff[role]
            while people.available(line.urgency) > 0:
                start(line.waiting[0][2], (role,))
                if not line.waiting:
                    return

    def _walk(self, start: Start | None, target: Problem | None) -> bool:
        """Go through the queue in its order and start what can start.

        With a target nothing starts: it is only found out whether the target could. Within a line the same
        people can serve all problems, so that where one can neither start nor hold anybody, the next cannot.
        """
        if not any(people.available(rules.EMERGENCY) for people in self._staff):
            return False
        heads = [(*rules.place_in_queue(line.urgency, *line.waiting[0][:2]), line, 0) for line in self.lines]
        heapify(heads)
        gone = [0] * len(self._staff)  # people held for a team, or taken in thought
        taken = [0] * len(self._staff)  # those taken: they count as at work
        while heads:
            _, _, _, line, index = heappop(heads)
            problem = line.waiting[index][2]
            team = self._team(line, gone)
            if problem is target:
                return team is not None
            if team is not None and start is not None:
                start(problem, team)
            else:
                away = team if team is not None else self._held(line, gone, taken)
                if not away:
                    continue
                for role in away:
                    gone[role] += 1
                    taken[role] += team is not None
                index += 1
            if index < len(line.waiting):
                heappush(heads, (*rules.place_in_queue(line.urgency, *line.waiting[index][:2]), line, index))
        return False

    def _team(self, line: Line, gone: list[int]) -> list[int] | None:
        urgency, able, staff = line.urgency, line.able, self._staff
        if len(able) == 1:
            for role in able[0]:
                if staff[role].available(urgency) > gone[role]:
                    return [role]
            return None
        free = [people.available(urgency) - out for people, out in zip(staff, gone, strict=True)]
        return complete_team(able, free)

    def _held(self, line: Line, gone: list[int], taken: list[int]) -> list[int]:
        """Find the free members of the first complete team that a waiting joint problem could have."""
        if len(line.able) == 1 or not self._hold:
            return []
        staff, roles = self._staff, len(self._staff)
        people = [one.available(line.urgency) - out for one, out in zip(staff, gone, strict=True)]
        people += [one.busy + out if one.on_duty else 0 for one, out in zip(staff, taken, strict=True)]
        options = [(*skill, *(role + roles for role in skill)) for skill in line.able]
        team = complete_team(options, people) or []
        return [role for role in team if role < roles]
