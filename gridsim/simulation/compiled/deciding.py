"""What residents report and leaders decide: the same verbs as `agents.py` and `unit.py`, on arrays."""

from __future__ import annotations

from typing import Any

from .. import rules
from ..events import NO_ONE_YET, NOBODY
from ..policy import FOR_EVER, NOT_POSSIBLE
from ..rules import ALONE, DECISION, DOWN, FAILED, HOUR, JOIN, LIMIT, NEVER, NOWHERE, PATROL, REST, STAY, UP
from .calendar import (
    push,
)
from .codes import (
    ARRIVES,
    BECOMES_UNRESOLVED,
    BUSY_PATROL,
    BUSY_TRIAGE,
    END_OF_PATROL,
    END_OF_TRIAGE,
    ENDED_AFTER,
    ENDED_FIRST,
    EXPEDITE,
    FAULT,
    FAULT_PROBLEM,
    FAULT_STEP,
    FOR_OVERDUE,
    FOR_PETITION,
    FOR_POLICY,
    FOR_TIME_LIMIT,
    INBOX,
    INFINITY,
    LEADER_SETS_OUT,
    NOT_YET,
    OVERDUE_ENDS,
    PATIENCE_ENDS,
    PATROL_BEGINS,
    QUEUE,
    TIME_LIMIT,
    TRIAGE,
    TRIAGE_BEGINS,
    TRIAGE_HOURS,
    UNRESOLVED,
)
from .compile import compiled
from .own_rule import FAILED_RULE, TWO_STEPS, ask
from .queues import (
    assess,
    book,
    book_overtime,
    book_service,
    can_serve,
    clock,
    decides_at_once,
    distance,
    is_urgent,
    join,
    join_inbox,
    later,
    leader_may_handle,
    leaders_on_duty,
    let_go,
    note,
    put_in_line,
    spends,
    staff_can_serve,
    take_from_line,
    touch,
    triage_time,
)
from .teams import (
    begin_service,
    could_start,
    is_full_for,
    waiting_with,
)

# --- residents ---------------------------------------------------------------------------------------------------------


@compiled
def is_served(w: Any, p: int, in_time: bool) -> None:
    """A problem was closed: in time (or without a limit) trust grows, late it shrinks."""
    r = w.resident[p]
    if in_time:
        w.trust[r] = rules.trust_after_success(w.trust[r], w.settings[0]["trust_gain"])
    else:
        is_let_down(w, p)


@compiled
def is_let_down(w: Any, p: int) -> None:
    """A late close, a petition or an incident: trust shrinks."""
    r = w.resident[p]
    w.trust[r] = rules.trust_after_failure(w.trust[r], w.settings[0]["trust_loss"])


@compiled
def resident_reports(w: Any, p: int) -> bool:
    """Whether the resident reports a problem that he or she sees."""
    s = w.settings[0]
    if s["all_report"]:
        return True
    trust = w.trust[w.resident[p]] if s["trust_matters"] else w.trust[0]
    return rules.reports(trust, s["reports_without_trust"], w.reporting[p])


# --- arriving and deciding ---------------------------------------------------------------------------------------------


@compiled
def arrives(w: Any, u: int, p: int) -> None:
    """Note the arrival, and start the clock of the time limit."""
    x, now, tier = w.problem[p], w.now[0], w.tier[w.unit[u]["tier"]]
    x["unit"] = u
    x["arrived_at"] = now
    x["entered_at"] = now
    x["arrivals"] += 1
    x["may_go_down"] = 0
    x["limit_ended"] = 0
    note(w, ARRIVES, p, u)
    starts = rules.limit_starts(w.settings[0]["since_report"] != 0, x["reported_at"], x["arrived_at"])
    ends = clock(w, starts, tier["after_hours"], tier["clock"])
    x["limit_ends"] = ends
    if ends <= now:
        has_ended(w, p)
    elif ends < NEVER:
        push(w, ends, TIME_LIMIT, p, u, x["arrivals"])
    touch(w, u)


@compiled
def has_ended(w: Any, p: int) -> None:
    """The limit has ended on arrival: it acts right after people have chosen; once for an arrival."""
    x = w.problem[p]
    if x["listed"] == x["arrivals"]:
        return
    x["listed"] = x["arrivals"]
    if w.count[ENDED_AFTER] == len(w.ended):
        forget_the_moved(w)
    row = w.count[ENDED_AFTER]
    w.ended[row, 0], w.ended[row, 1] = p, x["arrivals"]
    w.count[ENDED_AFTER] = row + 1


@compiled
def forget_the_moved(w: Any) -> None:
    """Keep of the list of limits that ended on arrival only the present arrivals: at most one a problem."""
    kept = 0
    for row in range(w.count[ENDED_FIRST], w.count[ENDED_AFTER]):
        p, arrival = w.ended[row, 0], w.ended[row, 1]
        if w.problem[p]["arrivals"] == arrival:
            w.ended[kept, 0], w.ended[kept, 1] = p, arrival
            kept += 1
    w.count[ENDED_FIRST], w.count[ENDED_AFTER] = 0, kept


@compiled
def takes_in(w: Any, u: int, p: int, may_go_down: bool) -> None:
    """A problem arrives: to the inbox where a leader triages, else the decisions are immediate."""
    arrives(w, u, p)
    w.problem[p]["may_go_down"] = 1 if may_go_down else 0
    inbox_or_decide(w, u, p)


@compiled
def inbox_or_decide(w: Any, u: int, p: int) -> None:
    """To the inbox, or decide at once."""
    if decides_at_once(w, u, p):
        assess(w, p)
        decide(w, u, p, False)
    else:
        join_inbox(w, u, p)


@compiled
def above_that_can_serve(w: Any, u: int, p: int) -> int:
    """The next unit above that can serve a problem; -1 if there is none."""
    urgent = is_urgent(w, p)
    above = w.unit[u]["parent"]
    while above >= 0 and not can_serve(w, above, p, urgent):
        above = w.unit[above]["parent"]
    return above


@compiled
def lowest_that_can_serve(w: Any, p: int, below: int, urgent: bool) -> int:
    """The lowest unit of a problem's branch, under a tier, that can serve it; -1 if there is none."""
    for t in range(below):
        u = w.unit_of_cell[t, w.problem[p]["cell"]]
        if can_serve(w, u, p, urgent):
            return u
    return NOBODY


@compiled
def decide(w: Any, u: int, p: int, triaged: bool) -> None:
    """The decisions of triage in their order; up again at once through units that decide at once."""
    x = w.problem[p]
    while True:
        urgent, below = is_urgent(w, p), NOBODY
        if x["may_go_down"]:  # until it moves
            below = lowest_that_can_serve(w, p, w.unit[u]["tier"], urgent)
        leader_may, able = leader_may_handle(w, u, p), staff_can_serve(w, u, p, urgent)
        alone, can_here = triaged and leader_may, rules.may_join(able, leader_may, triaged)
        full = able and below < 0 and not alone and is_full_for(w, u, p)
        above = NOBODY
        if full or not can_here or w.settings[0]["policy"] != 0:
            above = above_that_can_serve(w, u, p)
        usual = rules.usual_decision(below >= 0, alone, can_here, full, above >= 0)
        step = chosen(w, u, p, DECISION, usual, can_here, above >= 0, below >= 0, alone)
        if step == DOWN:
            arrives(w, below, p)
            join(w, below, p)
            return
        if step == ALONE:
            leader_sets_out(w, u, p)
            return
        if step == JOIN:
            join(w, u, p)
            return
        if step == NOWHERE:
            becomes_unresolved(w, p)
            return
        has_skills = w.reach[u, x["type"], 1 if urgent else 0] > -INFINITY
        let_go(w, p)
        w.escalations[p, rules.reason_to_go_up(has_skills, can_here) if usual == UP else FOR_POLICY] += 1
        arrives(w, above, p)
        if not decides_at_once(w, above, p):
            join_inbox(w, above, p)
            return
        assess(w, p)
        u, triaged = above, False


@compiled
def chosen(
    w: Any, u: int, p: int, moment: int, usual: int, can_here: bool, can_above: bool, can_below: bool, alone: bool
) -> int:
    """The step that is taken: the usual one, unless a policy of one's own says otherwise."""
    if w.settings[0]["policy"] == 0 or usual == NOWHERE or w.count[FAULT] != 0:
        return usual
    tell(w, u, p, moment, usual, can_here, can_above, can_below, alone)
    step = ask(w.settings[0]["policy"], w.asked)
    if step >= 0 and rules.can_be_taken(step, moment, can_here, can_above, can_below, alone):
        return step
    w.count[FAULT] = -step if step == FAILED_RULE or step == TWO_STEPS else NOT_POSSIBLE
    w.count[FAULT_STEP], w.count[FAULT_PROBLEM] = step, p
    return usual


@compiled
def tell(
    w: Any, u: int, p: int, moment: int, usual: int, can_here: bool, can_above: bool, can_below: bool, alone: bool
) -> None:
    """Write down what a policy is told, in the order of `Asked`."""
    x, now, a = w.problem[p], w.now[0], w.asked
    joins = moment == DECISION or moment == FAILED
    moves = 0
    for reason in range(w.escalations.shape[1]):
        moves += w.escalations[p, reason]
    a[0], a[1], a[2], a[3], a[4] = moment, usual, x["type"], w.unit[u]["tier"], x["urgency"]
    a[5] = x["perceived"]
    a[6], a[7] = (now - x["arrived_at"]) / HOUR, (now - x["reported_at"]) / HOUR
    a[8] = rules.hour_of_week(now)
    a[9] = waiting_with(w, u, p) - (1 if x["place"] == QUEUE else 0)
    a[10] = joins and staff_can_serve(w, u, p, is_urgent(w, p)) and could_start(w, u, p)
    a[11], a[12], a[13], a[14] = can_here, can_above, can_below, alone
    a[15], a[16], a[17] = x["failed"], x["attempts"], moves


@compiled
def goes_up(w: Any, u: int, p: int, above: int, reason: int) -> None:
    """Move a problem up; the people here, some of whom may have been held for it, choose again."""
    touch(w, u)
    let_go(w, p)
    w.escalations[p, reason] += 1
    takes_in(w, above, p, False)


@compiled
def goes_up_at(w: Any, u: int, p: int, moment: int, reason: int) -> bool:
    """At the end of a limit: up, or stay; say whether it went up."""
    above = above_that_can_serve(w, u, p)
    usual = rules.usual_at_limit(above >= 0)
    step = chosen(w, u, p, moment, usual, can_serve(w, u, p, is_urgent(w, p)), above >= 0, False, False)
    if step == UP:
        goes_up(w, u, p, above, reason)
        return True
    if moment == LIMIT and rules.begins_anew(usual, step):
        limit_begins_anew(w, u, p)
    return False


@compiled
def limit_begins_anew(w: Any, u: int, p: int) -> None:
    """The same time limit once more, from now on."""
    x, tier = w.problem[p], w.tier[w.unit[u]["tier"]]
    if tier["after_hours"] <= 0:
        w.count[FAULT], w.count[FAULT_STEP], w.count[FAULT_PROBLEM] = FOR_EVER, STAY, p
        return
    x["limit_ends"] = clock(w, w.now[0], tier["after_hours"], tier["clock"])
    x["listed"] = 0
    push(w, x["limit_ends"], TIME_LIMIT, p, u, x["arrivals"])


@compiled
def becomes_urgent(w: Any, u: int, p: int) -> None:
    """Raise the urgency of a problem where it is; an urgent one does not wait for leaders off duty."""
    x = w.problem[p]
    urgency = rules.more_urgent(x["urgency"], rules.URGENT)
    if urgency == x["urgency"]:
        return
    if x["place"] == QUEUE:
        take_from_line(w, u, p)
        x["urgency"] = urgency
        put_in_line(w, u, p)
    elif x["place"] == INBOX:
        let_go(w, p)
        x["urgency"] = urgency
        inbox_or_decide(w, u, p)
    else:
        x["urgency"] = urgency
    touch(w, u)


@compiled
def leaders_leave(w: Any, u: int) -> None:
    """At the end of the leaders' hours the urgent ones in the inbox are decided at once."""
    for urgency in (2, 1):
        p, last = w.inbox_head[u, urgency], w.inbox_tail[u, urgency]
        while p >= 0:
            after = w.problem[p]["next"] if p != last else NOBODY
            let_go(w, p)
            inbox_or_decide(w, u, p)
            p = after


@compiled
def becomes_unresolved(w: Any, p: int) -> None:
    """Nobody here or above can serve it."""
    x = w.problem[p]
    x["place"] = UNRESOLVED
    x["ended_at"] = w.now[0]
    note(w, BECOMES_UNRESOLVED, p, x["unit"])


@compiled
def moves_to_the_top(w: Any, p: int) -> bool:
    """A petition moves to the top, urgent, if it is not there and the top can serve it; say whether it did."""
    x = w.problem[p]
    u, top = x["unit"], w.unit_of_cell[w.settings[0]["tiers"] - 1, x["cell"]]
    usual = rules.usual_petition(u == top, can_serve(w, top, p, True))
    step = chosen(w, u, p, PATIENCE_ENDS, usual, can_serve(w, u, p, is_urgent(w, p)), usual == UP, False, False)
    if step != UP:
        return False
    touch(w, u)
    let_go(w, p)
    x["urgency"] = rules.more_urgent(x["urgency"], rules.URGENT)
    w.escalations[p, FOR_PETITION] += 1
    takes_in(w, top, p, False)
    return True


# --- leaders -----------------------------------------------------------------------------------------------------------


@compiled
def first_of_inbox(w: Any, u: int) -> int:
    """The next problem of an inbox; -1 if it is empty."""
    for urgency in (2, 1, 0):
        if w.inbox_head[u, urgency] >= 0:
            return w.inbox_head[u, urgency]
    return NOBODY


@compiled
def leaders_choose(w: Any, u: int) -> None:
    """What a leader does next, until none is free or there is nothing to do."""
    unit = w.unit[u]
    tier = w.tier[unit["tier"]]
    while unit["leaders_busy"] < unit["leaders"] and leaders_on_duty(w, u):
        p = first_of_inbox(w, u)
        when_idle = tier["patrols"] != 0 and tier["patrol_every"] == 0
        following = rules.next_for_leader(unit["patrol_owed"] != 0, p >= 0, when_idle)
        if following == REST:
            return
        if following == PATROL:
            unit["patrol_owed"] = 0
            begin_patrol(w, u)
        else:
            begin_triage(w, u, p)


@compiled
def begin_triage(w: Any, u: int, p: int) -> None:
    """Take the first problem of the inbox and look at it."""
    t = w.unit[u]["tier"]
    let_go(w, p)
    assess(w, p)
    w.problem[p]["place"] = TRIAGE
    w.problem[p]["offered_triage"] = 0
    ends = later(w, triage_time(w, p, t, w.problem[p]["handlings"]))
    w.unit[u]["leaders_busy"] += 1
    note(w, TRIAGE_BEGINS, p, u)
    book(w, w.tier[t]["leader_pool"], BUSY_TRIAGE, w.now[0], ends)
    book_overtime(w, w.tier[t]["leader_pool"], w.now[0], ends)
    push(w, ends, END_OF_TRIAGE, p, u, 0)


@compiled
def end_triage(w: Any, p: int, u: int) -> None:
    """What fell into the triage acts first (petition, overdue, time limit); then the decisions."""
    x, overdue = w.problem[p], w.settings[0]["overdue"]
    note(w, END_OF_TRIAGE, p, u)
    spends(w, p, TRIAGE_HOURS, w.now[0] - x["entered_at"])
    x["entered_at"] = w.now[0]
    x["place"] = NOT_YET
    w.unit[u]["leaders_busy"] -= 1
    touch(w, u)
    late = x["overdue_pending"] != 0 and overdue != 0
    petition, limit_ended = x["petition_pending"] != 0, x["limit_ended"] != 0
    x["overdue_pending"] = x["petition_pending"] = x["limit_ended"] = 0
    if late and overdue == EXPEDITE:
        x["urgency"] = rules.more_urgent(x["urgency"], rules.URGENT)
        late = False
    while True:
        moment = rules.first_after_triage(petition, limit_ended, late)
        if moment == DECISION:
            decide(w, u, p, True)
            return
        if moment == PATIENCE_ENDS:
            petition = False
            if moves_to_the_top(w, p):
                return
            x["urgency"] = rules.more_urgent(x["urgency"], rules.URGENT)
        elif moment == LIMIT:
            limit_ended = False
            if goes_up_at(w, u, p, LIMIT, FOR_TIME_LIMIT):
                return
        else:
            late = False
            if goes_up_at(w, u, p, OVERDUE_ENDS, FOR_OVERDUE):
                return


@compiled
def leader_sets_out(w: Any, u: int, p: int) -> None:
    """Go and fix a problem alone."""
    tier, x = w.tier[w.unit[u]["tier"]], w.problem[p]
    w.unit[u]["leaders_busy"] += 1
    w.team[p, 0] = NOBODY
    for k in range(1, w.team.shape[1]):
        w.team[p, k] = NO_ONE_YET
    x["distance"] = distance(w, p, u)
    travel = rules.travel_time(x["distance"], tier["leader_hours_per_km"])
    note(w, LEADER_SETS_OUT, p, u)
    work = begin_service(w, p, tier["solves"], travel, tier["leader_pace"])
    book_service(w, tier["leader_pool"], travel, work, travel)


@compiled
def begin_patrol(w: Any, u: int) -> None:
    """Leave for a round through the area of the unit."""
    unit = w.unit[u]
    tier = w.tier[unit["tier"]]
    unit["leaders_busy"] += 1
    unit["patrols_begun"] += 1
    draw = w.patrol[u, unit["patrols_begun"] % w.patrol.shape[1]]
    ends = later(w, rules.patrol_time(draw, tier["patrol_mean"], tier["patrol_every"] == 0))
    note(w, PATROL_BEGINS, NOBODY, u)
    book(w, tier["leader_pool"], BUSY_PATROL, w.now[0], ends)
    book_overtime(w, tier["leader_pool"], w.now[0], ends)
    push(w, ends, END_OF_PATROL, NOBODY, u, 0)
