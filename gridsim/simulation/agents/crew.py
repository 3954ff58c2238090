"""The people of a unit: who can serve what, who goes next, and how they set out and come back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import inf
from typing import TYPE_CHECKING

from .. import rules
from ..events import Event, Part, Place
from ..rules import UNSET
from .queue import Queue

if TYPE_CHECKING:
    from ..plan.plan import Plan
    from .model import GridModel
    from .people import GridLeader, ServiceStaff
    from .problem import Problem


NO_WAY = (0,)  # of one person


class Crew:
    """The leaders and the staff of one unit, and what lies before them in inbox and queue.

    Parameters
    ----------
    model
        The model it belongs to.
    number, tier
        Number of the unit through all tiers, and the number of its tier.
    """

    def __init__(self, model: GridModel, number: int, tier: int) -> None:
        self.model = model
        self.calendar = model.calendar
        self.draws = model.draws
        self.booking = model.booking
        self.touched = model.touched
        self.number = number
        self.tier = tier
        self.leader: GridLeader | None = None
        self.staff: list[ServiceStaff] = []
        self.inbox: list[tuple[int, int, int, Problem]] = []
        self.queue = Queue(self.staff)
        self.stations = self._where_people_start(model.plan) if model.demand.x is not None else []
        self.follows(model.plan)

    def follows(self, plan: Plan) -> None:
        """Take from a plan who can serve what here, and when a problem goes up; the people take theirs."""
        number, tier = self.number, self.tier
        self.queue.follows(plan, tier)
        self.reach = plan.reach[number].tolist()
        self.regular_teams: dict[int, tuple[int, float, list[ServiceStaff]]] = {}
        self._since_report = plan.settings.since_report
        self._by_authority = plan.settings.by_authority
        self.after_hours = int(plan.tier["after_hours"][tier])
        self.clock = int(plan.tier["clock"][tier])
        self.queue_limit = int(plan.tier["queue_limit"][tier])
        if self.leader is not None:
            self.leader.follows(plan)
        for place, people in enumerate(self.staff, start=int(plan.slot_first[number])):
            people.follows(plan, int(plan.count[place]), int(plan.on_call[place]))

    # --- who can serve -----------------------------------------------------------------------------------------------

    def staff_can_serve(self, problem: Problem, urgent: bool) -> bool:
        """Whether the staff, all free, could make up the team at some hour, with the authority."""
        reach = self.reach[problem.type][urgent]
        return rules.has_authority(reach, problem.perceived, problem.failed, self._by_authority)

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

    def regular_team(self, type: int) -> tuple[int, float, list[ServiceStaff]]:
        """Who would serve a type if all were free, per skill the first role that has people.

        Gives how many they are, their pace, and those of them who travel.
        """
        found = self.regular_teams.get(type)
        if found is None:
            first = [next((self.staff[role] for role in roles if self.staff[role].count), None)
                     for roles in self.queue.eligible[type]]  # fmt: skip
            team = [people for people in first if people is not None]
            pace = max((people.pace for people in team), default=1.0)
            found = self.regular_teams[type] = len(team), pace, [people for people in team if people.travels]
        return found

    # --- who goes next -----------------------------------------------------------------------------------------------

    def people_choose(self) -> None:
        """Leaders first, then staff: whoever is free takes the next problem."""
        if self.leader is not None:
            self.leader.choose_next()
        if self.queue.lines:
            self.queue.choose(self.start)

    def let_go(self, problem: Problem) -> None:
        """Take a problem out of inbox or queue, and note how long it lay there."""
        now = self.calendar.now
        if problem.place == Place.INBOX:
            entry = rules.place_in_queue(problem.urgency, problem.arrived_at, problem.number)
            del self.inbox[bisect_left(self.inbox, (*entry, problem))]
            problem.spends(Part.INBOX, now - problem.entered_at)
            self.booking.count_off_duty(problem, now)
        elif problem.place == Place.QUEUE:
            self.queue.take_out(problem)
            if now > problem.entered_at:
                problem.spends(Part.QUEUE, now - problem.entered_at)
        problem.place = Place.NOT_YET  # in nobody's hands until it is put down
        problem.entered_at = now

    # --- out and back ------------------------------------------------------------------------------------------------

    def distance(self, problem: Problem) -> float:
        """Distance in km from the nearest station."""
        if not self.stations:
            return 0.0
        return min([rules.distance_km(problem.x, problem.y, x, y) for x, y in self.stations])

    def _where_people_start(self, plan: Plan) -> list[tuple[float, float]]:
        here = slice(*plan.station_first[self.number : self.number + 2].tolist())
        return list(zip(plan.station_x[here].tolist(), plan.station_y[here].tolist(), strict=True))

    def start(self, problem: Problem, roles: Sequence[int]) -> None:
        """Send a team out to a problem of the queue."""
        self.let_go(problem)
        problem.team = roles
        if len(roles) > 1:
            self._start_together(problem, [self.staff[role] for role in roles])
            return
        people = self.staff[roles[0]]
        people.busy += 1
        way = people.travel_time(problem.distance) if people.travels else 0
        problem.ways = (way,) if way else NO_WAY
        if self.model.traced:
            self.model.note(Event.SETS_OUT, problem, self)
        people.books(way, self.begin_service(problem, people.solves, way, people.pace), way)

    def _start_together(self, problem: Problem, team: list[ServiceStaff]) -> None:
        """Work begins when the last has arrived, goes at the slowest pace, and has the least authority among them."""
        for people in team:
            people.busy += 1
        problem.ways = ways = tuple(people.travel_time(problem.distance) for people in team)
        pace, authority = max(people.pace for people in team), min(people.solves for people in team)
        self.model.note(Event.SETS_OUT, problem, self)
        work = self.begin_service(problem, authority, max(ways), pace)
        for people, way in zip(team, ways, strict=True):
            people.books(max(ways), work, way)

    def begin_service(self, problem: Problem, authority: float, travel: int, pace: float) -> int:
        """People set out to a problem; gives how long the work takes."""
        calendar = self.calendar
        now = calendar.now
        problem.place = Place.SERVICE
        problem.entered_at = now
        problem.set_out_once = True
        problem.attempts += 1
        problem.sent_by = self
        problem.authority = authority
        work = self.draws.work_time(problem, problem.attempts, pace)
        problem.work_starts_at = starts = calendar.later(travel) if travel else now
        problem.work_ends_at = ends = rules.after(starts, work, calendar.end)
        if problem.first_response_at == UNSET:
            problem.first_response_at = starts
        calendar.push(ends, Event.END_OF_WORK, problem.number, self.number, 0)
        return work

    def people_return(self, problem: Problem) -> Sequence[int]:
        """Those who were at work travel back; gives who needs no time for that, by role, the leader as nobody."""
        team, ways = problem.team, problem.ways
        if ways is NO_WAY:
            return team
        calendar = self.calendar
        for role, way in zip(team, ways, strict=True):
            if way:
                calendar.push(calendar.later(way), Event.PEOPLE_FREE, problem.number, self.number, role)
        return sorted(role for role, way in zip(team, ways, strict=True) if not way)
