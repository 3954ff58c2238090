"""Who sets out to what: queues walked in their order, teams and the service they begin; the verbs of `unit.py`, on arrays."""

from __future__ import annotations

from typing import Any

from .. import rules
from ..events import (
    NOBODY,
)
from ..rules import UNSET
from .calendar import (
    push,
)
from .codes import (
    BITS,
    END_OF_WORK,
    INFINITY,
    SERVICE,
    SETS_OUT,
)
from .compile import compiled
from .queues import (
    book_service,
    later,
    let_go,
    note,
    put_in_line,
    take_from_line,
    work_time,
)

# --- people and teams --------------------------------------------------------------------------------------------------


@compiled
def free_people(w: Any, u: int, role: int, urgency: int) -> int:
    """How many of a role may set out now for a problem of this urgency."""
    slot = w.slot[w.unit[u]["first_slot"] + role]
    on_duty = w.shift[w.role[w.tier[w.unit[u]["tier"]]["first_role"] + role]["shift"]]["on_duty"] != 0
    return rules.available(on_duty, slot["count"], slot["on_call"], slot["busy"], urgency)


@compiled
def has_level(w: Any, t: int, role: int, level: int) -> bool:
    """Whether a role has the authority that a line asks for."""
    return w.role[w.tier[t]["first_role"] + role]["solves"] >= w.level[t, level]


@compiled
def complete_team(w: Any, t: int, p: int, busy_too: bool) -> bool:
    """Find the first complete matching of one person per skill among `crew`; it is left in `chosen`."""
    x = w.problem[p]
    type, level, roles = x["type"], x["level"], w.tier[t]["roles"]
    skills = w.type[type]["skills"]
    k = 0
    w.pick[0] = -1
    while k >= 0:
        first, after = w.able_first[t, type, k], w.able_first[t, type, k + 1]
        options = after - first
        if w.pick[k] >= 0:
            w.crew[w.chosen[k]] += 1
        found = False
        i = w.pick[k] + 1
        while i < (2 * options if busy_too else options):
            role = w.able[first + i] if i < options else w.able[first + i - options]
            member = role if i < options else role + roles
            if w.crew[member] > 0 and has_level(w, t, role, level):
                found = True
                break
            i += 1
        if not found:
            k -= 1
            continue
        w.pick[k], w.chosen[k] = i, member
        w.crew[member] -= 1
        k += 1
        if k == skills:
            return True
        w.pick[k] = -1
    return False


@compiled
def team(w: Any, u: int, p: int) -> bool:
    """Find who could set out to a problem now; the roles are left in `chosen`."""
    t, x = w.unit[u]["tier"], w.problem[p]
    type = x["type"]
    if w.type[type]["skills"] == 1:
        for i in range(w.able_first[t, type, 0], w.able_first[t, type, 1]):
            role = w.able[i]
            if has_level(w, t, role, x["level"]) and free_people(w, u, role, x["urgency"]) > w.gone[role]:
                w.chosen[0] = role
                return True
        return False
    for role in range(w.tier[t]["roles"]):
        w.crew[role] = free_people(w, u, role, x["urgency"]) - w.gone[role]
    return complete_team(w, t, p, False)


@compiled
def look_who_is_free(w: Any, u: int) -> bool:
    """Note, a bit for a role, who of a unit's staff may set out now: for anything, and for what is urgent."""
    first_slot, tier = w.unit[u]["first_slot"], w.tier[w.unit[u]["tier"]]
    anything, urgent = 0, 0
    for role in range(tier["roles"]):
        slot = w.slot[first_slot + role]
        on_duty = w.shift[w.role[tier["first_role"] + role]["shift"]]["on_duty"] != 0
        if rules.available(on_duty, slot["count"], slot["on_call"], slot["busy"], rules.EMERGENCY) > 0:
            urgent |= 1 << (role % BITS)
            if rules.available(on_duty, slot["count"], slot["on_call"], slot["busy"], rules.ROUTINE) > 0:
                anything |= 1 << (role % BITS)
    w.free[0], w.free[1] = anything, urgent
    return urgent != 0


@compiled
def note_who_left(w: Any, u: int, p: int) -> None:
    """Note whose last free people have set out to a problem; roles that share a bit are left to the search for a team."""
    if w.tier[w.unit[u]["tier"]]["roles"] > BITS:
        return
    first_role = w.tier[w.unit[u]["tier"]]["first_role"]
    for k in range(w.type[w.problem[p]["type"]]["skills"]):
        role = w.team[p, k] - first_role
        if free_people(w, u, role, rules.ROUTINE) <= 0:
            w.free[0] &= ~(1 << role)
            if free_people(w, u, role, rules.EMERGENCY) <= 0:
                w.free[1] &= ~(1 << role)


@compiled
def may_find_team(w: Any, t: int, p: int) -> bool:
    """Whether somebody who may set out has the authority, for each skill; if not there is no team."""
    x = w.problem[p]
    type = x["type"]
    free = w.free[1 if x["urgency"] >= rules.URGENT else 0] & w.level_bits[t, x["level"]]
    for k in range(w.type[type]["skills"]):
        if w.able_bits[t, type, k] & free == 0:
            return False
    return True


@compiled
def may_hold(w: Any, p: int) -> bool:
    """Whether people wait for the rest of a problem's team."""
    return w.type[w.problem[p]["type"]]["skills"] > 1 and w.settings[0]["hold"] != 0


@compiled
def hold(w: Any, u: int, p: int) -> bool:
    """Hold the free members of the first complete team that a waiting joint problem could have."""
    if not may_hold(w, p):
        return False
    t, x = w.unit[u]["tier"], w.problem[p]
    skills, roles = w.type[x["type"]]["skills"], w.tier[t]["roles"]
    for role in range(roles):
        w.crew[role] = free_people(w, u, role, x["urgency"]) - w.gone[role]
        on_duty = w.shift[w.role[w.tier[t]["first_role"] + role]["shift"]]["on_duty"]
        at_work = w.slot[w.unit[u]["first_slot"] + role]["busy"] + w.taken_in_thought[role]
        w.crew[role + roles] = at_work if on_duty else 0
    held = False
    if complete_team(w, t, p, True):
        for k in range(skills):
            if w.chosen[k] < roles:
                w.gone[w.chosen[k]] += 1
                held = True
    return held


# --- walking through a queue -------------------------------------------------------------------------------------------


@compiled
def walk(w: Any, u: int, target: int) -> bool:
    """Go through the queue in its order and start what can start; with a target, only find out whether it could."""
    if not look_who_is_free(w, u):
        return False
    t = w.unit[u]["tier"]
    for role in range(w.tier[t]["roles"]):
        w.gone[role] = 0
        w.taken_in_thought[role] = 0
    line = w.unit[u]["first_line"]
    if w.line_next[line] < 0:
        return walk_along(w, u, line, target)
    while line >= 0:
        # People only get fewer on the way: a line whose first cannot start, nor hold anybody, is passed over.
        p = w.line_head[line]
        w.line_at[line] = p if may_hold(w, p) or may_find_team(w, t, p) else NOBODY
        line = w.line_next[line]
    while True:
        first, its_line = NOBODY, NOBODY
        line = w.unit[u]["first_line"]
        while line >= 0:
            p = w.line_at[line]
            if p >= 0 and (first < 0 or goes_before(w, p, first)):
                first, its_line = p, line
            line = w.line_next[line]
        if first < 0:
            return False
        after = w.problem[first]["next"]
        ready = takes_turn(w, u, first, target)
        if first == target or w.free[1] == 0:
            return ready and first == target
        w.line_at[its_line] = after if ready or hold(w, u, first) else NOBODY  # nobody behind it can start either


@compiled
def walk_along(w: Any, u: int, line: int, target: int) -> bool:
    """Go through a queue of a single line."""
    p = w.line_head[line]
    while p >= 0:
        after = w.problem[p]["next"]
        ready = takes_turn(w, u, p, target)
        if p == target or w.free[1] == 0:
            return ready and p == target
        if not ready and not hold(w, u, p):
            return False
        p = after
    return False


@compiled
def takes_turn(w: Any, u: int, p: int, target: int) -> bool:
    """A problem starts if it can, or in thought where there is a target behind it; say whether it can."""
    if not may_find_team(w, w.unit[u]["tier"], p) or not team(w, u, p):
        return False
    if target < 0:
        let_go(w, p)
        start(w, u, p)
        note_who_left(w, u, p)
    elif p != target:
        for k in range(w.type[w.problem[p]["type"]]["skills"]):
            w.gone[w.chosen[k]] += 1
            w.taken_in_thought[w.chosen[k]] += 1
    return True


@compiled
def goes_before(w: Any, p: int, q: int) -> bool:
    """Whether a problem is served before another one."""
    a, b = w.problem[p], w.problem[q]
    mine = rules.place_in_queue(a["urgency"], a["arrived_at"], p)
    return mine < rules.place_in_queue(b["urgency"], b["arrived_at"], q)


@compiled
def could_start(w: Any, u: int, p: int) -> bool:
    """Whether a problem could start at once if it joined the queue."""
    put_in_line(w, u, p)
    could = walk(w, u, p)
    take_from_line(w, u, p)
    return could


@compiled
def is_full_for(w: Any, u: int, p: int) -> bool:
    """Whether the queue is too long for a problem that could not start at once."""
    limit = w.tier[w.unit[u]["tier"]]["queue_limit"]
    if limit < 0:
        return False
    return rules.over_queue_limit(waiting_with(w, u, p), limit) and not could_start(w, u, p)


@compiled
def waiting_with(w: Any, u: int, p: int) -> int:
    """How many problems in a unit's queue need one of the skills of a problem."""
    type = w.problem[p]["type"]
    waiting = 0
    for i in range(w.share_first[type], w.share_first[type + 1]):
        waiting += w.waiting[u, w.share[i]]
    return waiting


# --- service -----------------------------------------------------------------------------------------------------------


@compiled
def start(w: Any, u: int, p: int) -> None:
    """Send the team in `chosen` out to a problem of the queue."""
    t, x = w.unit[u]["tier"], w.problem[p]
    skills, first_role = w.type[x["type"]]["skills"], w.tier[t]["first_role"]
    authority, slowest, pace = INFINITY, 0, 0.0
    for k in range(skills):
        role = w.role[first_role + w.chosen[k]]
        w.slot[w.unit[u]["first_slot"] + w.chosen[k]]["busy"] += 1
        w.team[p, k] = first_role + w.chosen[k]
        authority = min(authority, role["solves"])
        slowest = max(slowest, rules.travel_time(x["distance"], role["hours_per_km"]))
        pace = max(pace, role["pace"])
    note(w, SETS_OUT, p, u)
    work = begin_service(w, p, authority, slowest, pace)
    for k in range(skills):
        role = w.role[w.team[p, k]]
        back = rules.travel_time(x["distance"], role["hours_per_km"])
        book_service(w, w.team[p, k], slowest, work, back)


@compiled
def begin_service(w: Any, p: int, authority: float, travel: int, pace: float) -> int:
    """People set out to a problem; gives how long the work takes."""
    x, now = w.problem[p], w.now[0]
    x["place"] = SERVICE
    x["entered_at"] = now
    x["set_out_once"] = 1
    x["attempts"] += 1
    x["authority"] = authority
    work = work_time(w, p, x["attempts"], pace)
    starts = later(w, travel)
    ends = rules.after(starts, work, w.settings[0]["end"])
    x["work_starts_at"] = starts
    x["work_ends_at"] = ends
    if x["first_response_at"] == UNSET:
        x["first_response_at"] = starts
    push(w, ends, END_OF_WORK, p, x["unit"], 0)
    return work
