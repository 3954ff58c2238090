"""What is decided: every decision of the model as a plain function of numbers.

The agents call these functions and the compiled engine compiles the very same ones, so a rule stands in one
place. They hold no state, no strings and no random draws; the only loop walks the few windows of a duty week. Which step
is taken when, which is what a policy of one's own changes, stands under "the order of decisions".
The first line of each docstring is the rule as the model description states it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

HOUR = 3_600_000_000_000  # nanoseconds, in which instants and durations are whole numbers
MICRO_HOUR = 3_600_000  # nanoseconds
NEVER = 9_223_372_036_854_775_807  # the instant of what does not happen, and the duration of what does not end
UNSET = -9_223_372_036_854_775_808  # the instant of what has not happened
LONGEST_HOURS = 2_500_000.0  # longer than any run; what takes longer does not end
ROUTINE, URGENT, EMERGENCY = 0, 1, 2
DECISION, LIMIT, OVERDUE, FAILED, PATIENCE = range(5)  # the moments at which a step is chosen
NOWHERE, UP, STAY, DOWN, ALONE, JOIN = range(6)  # the steps; NOWHERE: there is none
NOT_AT_ALL, AT_ONCE, AFTER_TRIAGE = range(3)  # when something that falls due acts
REST, PATROL, TRIAGE = range(3)  # what a leader who is free does
FOR_AUTHORITY, FOR_SKILL, FOR_LOAD = range(3)  # why a decision sends up; the first numbers of `events.Reason`
ALLOWED_REWORKS = 3
DRAWS = 4
PATROL_DRAWS = 1024
SHORTEST_IDLE_PATROL = HOUR // 1000  # a patrol begun for want of work takes at least 3.6 seconds, so every run ends


# --- time ----------------------------------------------------------------------------------------------------------


def nanoseconds(hours: float) -> int:
    """A duration is a whole number of nanoseconds, rounded once; what takes longer than any run does not end."""
    if not hours < LONGEST_HOURS:
        return NEVER
    micro = floor(hours * 1e6 + 0.5)
    if micro / 1e6 == hours:  # a decimal number of up to six digits is taken as it is written
        return micro * MICRO_HOUR
    return floor(hours * HOUR + 0.5)


def after(start: int, duration: int, horizon: int) -> int:
    """What would happen after the end of the run does not happen."""
    return NEVER if duration > horizon - start else start + duration


# --- draws -------------------------------------------------------------------------------------------------------


def which_draw(number: int) -> int:
    """The k-th attempt or handling uses draw ((k - 1) mod 4) + 1."""
    return (number - 1) % DRAWS if number > 0 else 0


def perceived_difficulty(difficulty: float, triage_error: float, draw: float) -> float:
    """The perceived difficulty is the true one plus an error of the handling, within 0 to 1."""
    looks = difficulty + triage_error * draw
    if looks < 0.0:
        return 0.0
    return looks if looks < 1.0 else 1.0


# --- hours -------------------------------------------------------------------------------------------------------


def clock_ends(start: int, duration: int, starts: Sequence[int], ends: Sequence[int], cycle: int, horizon: int) -> int:
    """A duty clock counts only the hours inside the windows; a limit of nothing ends at once."""
    if duration <= 0:
        return start
    base = (start // cycle) * cycle
    left = duration
    while base <= horizon:
        for i in range(len(starts)):
            opens = base + starts[i]
            closes = base + ends[i]
            if opens < start:
                opens = start
            if closes > opens:
                if left <= closes - opens:
                    return opens + left
                left -= closes - opens
        base += cycle
    return NEVER


def hour_of_week(time: int) -> int:
    """The hours of the week are numbered from 0, Monday at midnight, to 167."""
    return (time // HOUR) % 168


def time_on_duty(time: int, starts: Sequence[int], ends: Sequence[int], cycle: int) -> int:
    """Time on duty is the part of it that lies inside the windows."""
    cycles = time // cycle
    rest = time - cycles * cycle
    whole = 0
    within = 0
    for i in range(len(starts)):
        whole += ends[i] - starts[i]
        if rest > starts[i]:
            within += (rest if rest < ends[i] else ends[i]) - starts[i]
    return cycles * whole + within


def time_off_duty(start: int, end: int, starts: Sequence[int], ends: Sequence[int], cycle: int) -> int:
    """Time off duty is the part of it that lies outside the windows."""
    if end <= start:
        return 0
    return end - start - time_on_duty(end, starts, ends, cycle) + time_on_duty(start, starts, ends, cycle)


def available(on_duty: bool, count: int, on_call: int, busy: int, urgency: int) -> int:
    """On duty all people may set out; outside the hours those on call, less those still at work, for urgent problems."""
    if on_duty:
        return count - busy
    if urgency >= URGENT and on_call > busy:
        return on_call - busy
    return 0


# --- residents ---------------------------------------------------------------------------------------------------


def reports(trust: float, reports_without_trust: float, draw: float) -> bool:
    """A resident reports with the chance r0 + (1 - r0) * trust."""
    return draw < reports_without_trust + (1.0 - reports_without_trust) * trust


def trust_after_success(trust: float, gain: float) -> float:
    """A problem closed in time, or without a limit, raises trust by gain * (1 - trust)."""
    return trust + gain * (1.0 - trust)


def trust_after_failure(trust: float, loss: float) -> float:
    """A late close, a petition or an incident each lower trust by loss * trust."""
    return trust - loss * trust


def in_time(closed_at: int, due_at: int) -> bool:
    """A problem is closed in time if it closes at or before the end of its limit, or has none."""
    return closed_at <= due_at


# --- who can serve -----------------------------------------------------------------------------------------------


def has_authority(solves: float, perceived: float, failed: float, by_authority: bool) -> bool:
    """People may take a problem of their authority (by_authority) that is above that of those who already failed."""
    return solves > failed and (not by_authority or solves >= perceived)


def leader_handles(handles_below: float, solves: float, perceived: float, failed: float) -> bool:
    """A leader handles alone what he perceives as at most handles_below, unless somebody of his authority failed."""
    return handles_below > 0.0 and perceived <= handles_below and solves > failed


def succeeds(difficulty: float, authority: float) -> bool:
    """An attempt succeeds if the difficulty is at most the authority of those who try."""
    return difficulty <= authority


def more_urgent(urgency: int, other: int) -> int:
    """Urgency is only ever raised."""
    return urgency if urgency >= other else other


# --- the order of decisions --------------------------------------------------------------------------------------


def usual_decision(can_below: bool, alone: bool, can_here: bool, full: bool, can_above: bool) -> int:
    """A decision is, in this order: down; alone; up, if nobody here can; up, if the unit is full for it; join."""
    if can_below:
        return DOWN
    if alone:
        return ALONE
    if can_here and not (full and can_above):
        return JOIN
    return UP if can_above else NOWHERE


def usual_after_failure(can_here: bool, can_above: bool) -> int:
    """After a failed attempt a problem joins where somebody can serve it: here, else up."""
    if can_here:
        return JOIN
    return UP if can_above else NOWHERE


def usual_at_limit(can_above: bool) -> int:
    """When a limit ends, a problem goes up if somebody above can serve it, else it stays."""
    return UP if can_above else STAY


def usual_petition(at_top: bool, top_can: bool) -> int:
    """A petition goes to the top if the problem is not there and the top can serve it, else it stays."""
    return UP if top_can and not at_top else STAY


def may_join(staff_can: bool, leader_may: bool, triaged: bool) -> bool:
    """A problem can join where the staff can serve it, or, before triage, where the leader may handle it alone."""
    return staff_can or (leader_may and not triaged)


def can_be_taken(step: int, moment: int, can_here: bool, can_above: bool, can_below: bool, alone: bool) -> bool:
    """A step can be taken where it leads somewhere: up or down to whoever can serve it, alone or to a queue here."""
    if step == UP:
        return can_above
    if moment == DECISION:
        return (step == DOWN and can_below) or (step == ALONE and alone) or (step == JOIN and can_here)
    if moment == FAILED:
        return step == JOIN and can_here
    return step == STAY


def reason_to_go_up(has_skills: bool, can_here: bool) -> int:
    """A decision sends up for skill, if nobody here has the skills; for authority, if nobody here may; else for load."""
    if can_here:
        return FOR_LOAD
    return FOR_AUTHORITY if has_skills else FOR_SKILL


def first_after_triage(petition: bool, limit_ended: bool, overdue: bool) -> int:
    """Of what fell into a triage the petition acts first, then the time limit, then overdue; then it is decided."""
    if petition:
        return PATIENCE
    if limit_ended:
        return LIMIT
    return OVERDUE if overdue else DECISION


def falls_due(waits: bool, in_triage: bool) -> int:
    """What falls due acts at once on what waits, during triage when that ends, and during work not at all."""
    if waits:
        return AT_ONCE
    return AFTER_TRIAGE if in_triage else NOT_AT_ALL


def ended_during_work(limit_ends: int, arrived_at: int, now: int) -> bool:
    """A limit that ended during work acts when that fails; one that ends at this very instant has its own event."""
    return limit_ends < now or limit_ends <= arrived_at


def begins_anew(usual: int, step: int) -> bool:
    """Where up was usual and the problem stays, the same limit begins anew."""
    return usual == UP and step == STAY


def place_in_queue(urgency: int, arrived_at: int, number: int) -> tuple[int, int, int]:
    """Most urgent first, then earliest arrival at the unit, then the number of the problem."""
    return -urgency, arrived_at, number


def next_for_leader(patrol_owed: bool, inbox: bool, patrols_when_idle: bool) -> int:
    """A leader takes a due patrol first, then the inbox, then (without an interval) a patrol for want of work."""
    if patrol_owed:
        return PATROL
    if inbox:
        return TRIAGE
    return PATROL if patrols_when_idle else REST


# --- triage and escalation ---------------------------------------------------------------------------------------


def decided_at_once(leaders: int, on_duty: bool, urgency: int) -> bool:
    """Decisions are immediate without a leader, and for urgent problems while the leaders are off duty."""
    return leaders == 0 or (not on_duty and urgency >= URGENT)


def over_queue_limit(waiting: int, queue_limit: int) -> bool:
    """A unit is full for a problem when queue_limit or more problems that need one of its skills wait there."""
    return queue_limit >= 0 and waiting >= queue_limit


def limit_starts(since_report: bool, reported_at: int, arrived_at: int) -> int:
    """The escalation clock starts at the arrival at the unit, or at the report."""
    return reported_at if since_report else arrived_at


def petitions(ever_set_out: bool) -> bool:
    """A resident petitions when patience ends before anyone ever set out."""
    return not ever_set_out


def is_reworked(draw: float, chance: float, reworks: int) -> bool:
    """A finished job is reported again with the chance of rework, at most three times in its life."""
    return draw < chance and reworks < ALLOWED_REWORKS


# --- service -----------------------------------------------------------------------------------------------------


def distance_km(x: float, y: float, station_x: float, station_y: float) -> float:
    """People travel the Manhattan distance from the nearest station."""
    return abs(x - station_x) + abs(y - station_y)


def travel_time(distance: float, hours_per_km: float) -> int:
    """Travel takes distance over speed; without a speed, no time."""
    return nanoseconds(distance * hours_per_km) if hours_per_km > 0.0 else 0


def work_time(work_hours: float, pace: float, is_incident: bool, incident_work: float) -> int:
    """Work takes the drawn hours times the largest pace of the team, and the multiplier of an incident."""
    return nanoseconds(work_hours * pace * incident_work if is_incident else work_hours * pace)


def triage_time(draw: float, mean: float) -> int:
    """Triage takes the drawn share of the mean hours."""
    return nanoseconds(draw * mean)


def overlap(start: int, end: int, window_start: int, window_end: int) -> int:
    """Time is measured only inside the measured window."""
    first = start if start > window_start else window_start
    last = end if end < window_end else window_end
    return last - first if last > first else 0


# --- patrol ------------------------------------------------------------------------------------------------------


def patrol_due_at(number: int, patrol_every: int, horizon: int) -> int:
    """Patrols fall due at every multiple of patrol_every_hours, the first after one interval."""
    return number * patrol_every if number <= horizon // patrol_every else NEVER


def patrol_time(draw: float, mean: float, when_idle: bool) -> int:
    """The k-th patrol of a unit takes draw k mod 1024; one begun for want of work takes at least 0.001 hours."""
    time = nanoseconds(draw * mean)
    return SHORTEST_IDLE_PATROL if when_idle and time < SHORTEST_IDLE_PATROL else time
