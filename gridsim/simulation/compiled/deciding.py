"""What residents report and leaders decide: the same verbs as `agents.py` and `unit.py`, on arrays."""

from __future__ import annotations

from typing import Any

from .. import rules
from ..events import (
    NOBODY,
    TRIAGE_HOURS,
)
from ..rules import NEVER
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
    ESCALATE,
    EXPEDITE,
    FOR_AUTHORITY,
    FOR_LOAD,
    FOR_OVERDUE,
    FOR_PETITION,
    FOR_SKILL,
    FOR_TIME_LIMIT,
    INBOX,
    INFINITY,
    LEADER_SETS_OUT,
    NOT_YET,
    PATROL_BEGINS,
    QUEUE,
    TIME_LIMIT,
    TRIAGE,
    TRIAGE_BEGINS,
    UNRESOLVED,
)
from .compile import compiled
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
    join_queue,
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
    is_full_for,
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
    """Down, alone, up, up for load, or into the queue; up again at once through units that decide at once."""
    x = w.problem[p]
    while True:
        if x["may_go_down"]:
            x["may_go_down"] = 0
            lower = lowest_that_can_serve(w, p, w.unit[u]["tier"], is_urgent(w, p))
            if lower >= 0:
                arrives(w, lower, p)
                join(w, lower, p)
                return
        if triaged and leader_may_handle(w, u, p):
            leader_sets_out(w, u, p)
            return
        urgent = is_urgent(w, p)
        able = staff_can_serve(w, u, p, urgent)
        if not able and (triaged or not can_serve(w, u, p, urgent)):
            missing = w.reach[u, x["type"], 1 if urgent else 0] == -INFINITY
            reason = FOR_SKILL if missing else FOR_AUTHORITY
            above = above_that_can_serve(w, u, p)
            if above < 0:
                becomes_unresolved(w, p)
                return
        elif not able:
            join_inbox(w, u, p)
            return
        else:
            reason, above = FOR_LOAD, NOBODY
            if is_full_for(w, u, p):
                above = above_that_can_serve(w, u, p)
            if above < 0:
                join_queue(w, u, p)
                return
        let_go(w, p)
        w.escalations[p, reason] += 1
        arrives(w, above, p)
        if not decides_at_once(w, above, p):
            join_inbox(w, above, p)
            return
        assess(w, p)
        u, triaged = above, False


@compiled
def send_up(w: Any, u: int, p: int, reason: int) -> bool:
    """Move a problem to the next unit above that can serve it; say whether there is one."""
    above = above_that_can_serve(w, u, p)
    if above < 0:
        return False
    touch(w, u)
    let_go(w, p)
    w.escalations[p, reason] += 1
    takes_in(w, above, p, False)
    return True


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
    top = w.unit_of_cell[w.settings[0]["tiers"] - 1, x["cell"]]
    if x["unit"] == top or not can_serve(w, top, p, True):
        return False
    touch(w, x["unit"])
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
    """A due patrol first, then the inbox, then (if patrols have no interval) a patrol for want of work."""
    unit = w.unit[u]
    tier = w.tier[unit["tier"]]
    while unit["leaders_busy"] < tier["leaders"] and leaders_on_duty(w, u):
        p = first_of_inbox(w, u)
        if unit["patrol_owed"]:
            unit["patrol_owed"] = 0
            begin_patrol(w, u)
        elif p >= 0:
            begin_triage(w, u, p)
        elif tier["patrols"] and tier["patrol_every"] == 0:
            begin_patrol(w, u)
        else:
            return


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
    late, petition = x["overdue_pending"] != 0, x["petition_pending"] != 0
    x["overdue_pending"] = 0
    x["petition_pending"] = 0
    if petition and moves_to_the_top(w, p):
        return
    if petition or (late and overdue == EXPEDITE):
        x["urgency"] = rules.more_urgent(x["urgency"], rules.URGENT)
    if x["limit_ended"]:
        x["limit_ended"] = 0
        if send_up(w, u, p, FOR_TIME_LIMIT):
            return
    if late and overdue == ESCALATE and send_up(w, u, p, FOR_OVERDUE):
        return
    decide(w, u, p, True)


@compiled
def leader_sets_out(w: Any, u: int, p: int) -> None:
    """Go and fix a problem alone."""
    tier, x = w.tier[w.unit[u]["tier"]], w.problem[p]
    w.unit[u]["leaders_busy"] += 1
    w.team[p, 0] = -1
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
