"""Inboxes and queues of the compiled engine, and who can serve what: the same verbs as `unit.py`, on arrays."""

from __future__ import annotations

from typing import Any

from .. import rules
from ..events import NOBODY
from ..rules import HOUR, NEVER
from .codes import BUSY_TRAVEL, BUSY_WORK, INBOX, INBOX_HOURS, INFINITY, LOG, NOT_YET, QUEUE, QUEUE_HOURS, TOUCHED
from .compile import compiled


@compiled
def note(w: Any, kind: int, problem: int, unit: int) -> None:
    """Write a row of the event log; rows beyond its end are only counted."""
    if w.settings[0]["trace"]:
        row = w.count[LOG]
        w.count[LOG] = row + 1
        if row < len(w.log):
            w.log[row]["time"] = w.now[0]
            w.log[row]["kind"] = kind
            w.log[row]["problem"] = problem
            w.log[row]["unit"] = unit


@compiled
def touch(w: Any, u: int) -> None:
    """People of this unit choose after the event."""
    if w.unit[u]["touched"] == 0:
        w.unit[u]["touched"] = 1
        w.touched[w.count[TOUCHED]] = u
        w.count[TOUCHED] += 1


@compiled
def spends(w: Any, p: int, part: int, time: int) -> None:
    """Add to a part of a problem's time, here."""
    w.where[p, part] += time
    if w.settings[0]["parts"]:
        w.by_tier[p, w.unit[w.problem[p]["unit"]]["tier"], part] += time


@compiled
def clock(w: Any, start: int, duration: int, pattern: int) -> int:
    """When so much time of a clock has passed."""
    horizon = w.settings[0]["end"]
    if duration == NEVER or pattern < 0:
        return rules.after(start, duration, horizon)
    first, after = w.pattern[pattern]["first"], w.pattern[pattern]["after"]
    cycle = w.pattern[pattern]["cycle"]
    return rules.clock_ends(start, duration, w.window_start[first:after], w.window_end[first:after], cycle, horizon)


@compiled
def later(w: Any, duration: int) -> int:
    """The instant so much later than now, or NEVER where the run ends before it."""
    return rules.after(w.now[0], duration, w.settings[0]["end"])


@compiled
def next_edge(w: Any, shift: int) -> int:
    """When the next window of a shift begins or ends."""
    s = w.shift[shift]
    if s["edges"] == 0:
        return NEVER
    return (s["edge"] // s["edges"]) * s["cycle"] + w.edges[s["first"] + s["edge"] % s["edges"]]


@compiled
def time_off_duty(w: Any, shift: int, start: int, end: int) -> int:
    """Time between two instants that lies outside the windows of a shift."""
    if w.shift[shift]["edges"] == 0:
        return 0
    return time_outside(w, w.shift[shift]["pattern"], start, end)


@compiled
def time_outside(w: Any, pattern: int, start: int, end: int) -> int:
    """Time between two instants that lies outside the windows of a pattern."""
    first, after = w.pattern[pattern]["first"], w.pattern[pattern]["after"]
    cycle = w.pattern[pattern]["cycle"]
    return rules.time_off_duty(start, end, w.window_start[first:after], w.window_end[first:after], cycle)


# --- who can serve -----------------------------------------------------------------------------------------------------


@compiled
def staff_can_serve(w: Any, u: int, p: int, urgent: bool) -> bool:
    """Whether the staff, all free, could make up the team at some hour, with the authority."""
    x = w.problem[p]
    reach = w.reach[u, x["type"], 1 if urgent else 0]
    return rules.has_authority(reach, x["perceived"], x["failed"], w.settings[0]["by_authority"] != 0)


@compiled
def leader_may_handle(w: Any, u: int, p: int) -> bool:
    """Whether the leader may fix a problem alone."""
    t, x = w.tier[w.unit[u]["tier"]], w.problem[p]
    return w.unit[u]["leaders"] > 0 and rules.leader_handles(
        t["handles_below"], t["solves"], x["perceived"], x["failed"]
    )


@compiled
def can_serve(w: Any, u: int, p: int, urgent: bool) -> bool:
    """Whether staff or leader can serve a problem."""
    return staff_can_serve(w, u, p, urgent) or leader_may_handle(w, u, p)


@compiled
def is_urgent(w: Any, p: int) -> bool:
    """Whether people on call set out for it."""
    return w.problem[p]["urgency"] >= rules.URGENT


@compiled
def leaders_on_duty(w: Any, u: int) -> bool:
    """Whether it is inside the hours of a unit's leaders."""
    return w.shift[w.tier[w.unit[u]["tier"]]["leader_shift"]]["on_duty"] != 0


@compiled
def decides_at_once(w: Any, u: int, p: int) -> bool:
    """Whether decisions are immediate here and now."""
    leaders = w.unit[u]["leaders"]
    return rules.decided_at_once(leaders, leaders > 0 and leaders_on_duty(w, u), w.problem[p]["urgency"])


@compiled
def perceived(w: Any, p: int, row: int) -> float:
    """The difficulty as it looks at a handling."""
    x = w.problem[p]
    if w.settings[0]["triage_error"] == 0.0:
        return x["difficulty"]
    return rules.perceived_difficulty(x["difficulty"], w.settings[0]["triage_error"], w.error[row, p])


@compiled
def assess(w: Any, p: int) -> None:
    """One more pass through the decisions, with a fresh look at the difficulty."""
    x = w.problem[p]
    x["handlings"] += 1
    x["perceived"] = perceived(w, p, rules.which_draw(x["handlings"]))


# --- times -------------------------------------------------------------------------------------------------------------


@compiled
def distance(w: Any, p: int, u: int) -> float:
    """Distance in km from the nearest station of a unit."""
    if not w.settings[0]["travels"]:
        return 0.0
    best = INFINITY
    for k in range(w.unit[u]["first_station"], w.unit[u]["after_station"]):
        best = min(best, rules.distance_km(w.x[p], w.y[p], w.station_x[k], w.station_y[k]))
    return best


@compiled
def work_time(w: Any, p: int, attempt: int, pace: float) -> int:
    """How long the work of an attempt takes."""
    row = rules.which_draw(attempt) if len(w.work) > 1 else 0
    x = w.problem[p]
    return rules.work_time(w.work[row, p], pace, x["incident"] != 0, w.type[x["type"]]["incident_work"])


@compiled
def triage_time(w: Any, p: int, t: int, handling: int) -> int:
    """How long a leader of a tier needs for a handling of a problem."""
    row, mean = w.tier[t]["triage_row"], w.tier[t]["triage_mean"]
    draw = 1.0 if row == len(w.triage) - 1 else w.triage[row, rules.which_draw(handling), p]
    return rules.triage_time(draw, mean)


@compiled
def book(w: Any, pool: int, part: int, start: int, end: int) -> None:
    """Add busy hours to a pool, cut to the measured window."""
    s = w.settings[0]
    w.use[pool, part] += rules.overlap(start, end, s["window_start"], s["window_end"]) / HOUR


@compiled
def book_overtime(w: Any, pool: int, start: int, end: int) -> None:
    """Add the part of busy hours outside the hours of a pool, also after a switch, cut to the measured window."""
    shift, s = w.pool_shift[pool], w.settings[0]
    if w.shift[shift]["on_duty"] and end <= min(next_edge(w, shift), s["switch_at"]):
        return
    first, last = max(start, s["window_start"]), min(end, s["window_end"])
    outside = time_off_duty(w, shift, first, min(last, s["switch_at"]))
    if last > s["switch_at"]:
        outside += time_outside(w, w.pool_pattern[pool], max(first, s["switch_at"]), last)
    w.overtime[pool] += outside / HOUR


@compiled
def book_service(w: Any, pool: int, travel: int, work: int, back: int) -> None:
    """Add one person's visit: out (for the slowest of a team), work, back."""
    w.visits[pool] += 1
    if is_measured(w):
        w.taken[pool] += travel / HOUR + work / HOUR + back / HOUR
    horizon = w.settings[0]["end"]
    starts = later(w, travel)
    ends = rules.after(starts, work, horizon)
    home = rules.after(ends, back, horizon)
    book_overtime(w, pool, w.now[0], home)
    book(w, pool, BUSY_TRAVEL, w.now[0], starts)
    book(w, pool, BUSY_WORK, starts, ends)
    book(w, pool, BUSY_TRAVEL, ends, home)


@compiled
def is_measured(w: Any) -> bool:
    """Whether now is inside the measured window."""
    return w.settings[0]["window_start"] <= w.now[0] < w.settings[0]["window_end"]


@compiled
def count_offered(w: Any, p: int, u: int) -> None:
    """Work that arrives for the staff of a tier: the next attempt, and travel both ways, per person."""
    x, t, slot = w.problem[p], w.unit[u]["tier"], w.unit[u]["first_slot"]
    this = int(x["arrivals"]) * 4294967296 + int(x["attempts"]) + 1
    if x["offered_work"] == this:
        return
    x["offered_work"] = this
    if not is_measured(w):
        return
    type, first_role = x["type"], w.tier[t]["first_role"]
    people, pace = 0, 0.0
    for k in range(w.type[type]["skills"]):
        for i in range(w.able_first[t, type, k], w.able_first[t, type, k + 1]):
            if w.slot[slot + w.able[i]]["count"] > 0:
                people += 1
                pace = max(pace, w.role[first_role + w.able[i]]["pace"])
                break
    if people == 0:
        return
    hours = people * (work_time(w, p, x["attempts"] + 1, pace) / HOUR)
    for k in range(w.type[type]["skills"]):
        for i in range(w.able_first[t, type, k], w.able_first[t, type, k + 1]):
            if w.slot[slot + w.able[i]]["count"] > 0:
                way = rules.travel_time(x["distance"], w.role[first_role + w.able[i]]["hours_per_km"])
                hours += 2.0 * (way / HOUR)
                break
    w.offered[t] += hours


@compiled
def count_offered_triage(w: Any, p: int, u: int) -> None:
    """Triage that arrives for leaders, once, and the work that they will handle alone."""
    t, x = w.unit[u]["tier"], w.problem[p]
    tier = w.tier[t]
    if x["offered_triage"] == x["arrivals"]:
        return
    x["offered_triage"] = x["arrivals"]  # until that triage begins
    if not is_measured(w):
        return
    hours = triage_time(w, p, t, x["handlings"] + 1) / HOUR
    looks = perceived(w, p, rules.which_draw(x["handlings"] + 1))
    if rules.leader_handles(tier["handles_below"], tier["solves"], looks, x["failed"]):
        hours += work_time(w, p, x["attempts"] + 1, tier["leader_pace"]) / HOUR
        hours += 2.0 * (rules.travel_time(distance(w, p, u), tier["leader_hours_per_km"]) / HOUR)
    w.offered_to_leaders[t] += hours


# --- inbox and queue ---------------------------------------------------------------------------------------------------


@compiled
def insert(w: Any, head: Any, tail: Any, p: int) -> None:
    """Put a problem into a list by arrival, then number; nearly always at its end. Gives the new ends."""
    x = w.problem[p]
    after = tail
    while after >= 0:
        other = w.problem[after]
        if other["arrived_at"] < x["arrived_at"] or (other["arrived_at"] == x["arrived_at"] and after < p):
            break
        after = other["before"]
    x["before"] = after
    if after >= 0:
        x["next"] = w.problem[after]["next"]
        w.problem[after]["next"] = p
    else:
        x["next"] = head
        head = p
    if x["next"] >= 0:
        w.problem[x["next"]]["before"] = p
    else:
        tail = p
    return head, tail


@compiled
def unlink(w: Any, head: Any, tail: Any, p: int) -> Any:
    """Take a problem out of a list; gives the new ends."""
    x = w.problem[p]
    if x["before"] >= 0:
        w.problem[x["before"]]["next"] = x["next"]
    else:
        head = x["next"]
    if x["next"] >= 0:
        w.problem[x["next"]]["before"] = x["before"]
    else:
        tail = x["before"]
    x["next"] = x["before"] = NOBODY
    return head, tail


@compiled
def line_of(w: Any, u: int, p: int) -> int:
    """The line of a unit's queue whose problems the same people can serve."""
    s, x, t = w.settings[0], w.problem[p], w.unit[u]["tier"]
    level = 0
    while level < s["levels"] - 1 and not rules.has_authority(
        w.level[t, level], x["perceived"], x["failed"], s["by_authority"] != 0
    ):
        level += 1
    x["level"] = level
    return ((u * s["types"] + x["type"]) * 3 + x["urgency"]) * s["levels"] + level


@compiled
def put_in_line(w: Any, u: int, p: int) -> None:
    """Into the queue of a unit."""
    line = line_of(w, u, p)
    if w.line_head[line] < 0:
        first = w.unit[u]["first_line"]
        w.line_next[line], w.line_before[line] = first, NOBODY
        if first >= 0:
            w.line_before[first] = line
        w.unit[u]["first_line"] = line
    head, tail = insert(w, w.line_head[line], w.line_tail[line], p)
    w.line_head[line], w.line_tail[line] = head, tail
    w.waiting[u, w.problem[p]["type"]] += 1


@compiled
def take_from_line(w: Any, u: int, p: int) -> None:
    """Out of the queue of a unit."""
    s, x = w.settings[0], w.problem[p]
    line = ((u * s["types"] + x["type"]) * 3 + x["urgency"]) * s["levels"] + x["level"]
    head, tail = unlink(w, w.line_head[line], w.line_tail[line], p)
    w.line_head[line], w.line_tail[line] = head, tail
    if head < 0:
        after, before = w.line_next[line], w.line_before[line]
        if before >= 0:
            w.line_next[before] = after
        else:
            w.unit[u]["first_line"] = after
        if after >= 0:
            w.line_before[after] = before
    w.waiting[u, x["type"]] -= 1


@compiled
def join_inbox(w: Any, u: int, p: int) -> None:
    """Wait for a leader, most urgent first, then earliest arrival."""
    x = w.problem[p]
    x["place"] = INBOX
    x["entered_at"] = w.now[0]
    x["off_duty_from"] = w.now[0]
    g = x["urgency"]
    head, tail = insert(w, w.inbox_head[u, g], w.inbox_tail[u, g], p)
    w.inbox_head[u, g], w.inbox_tail[u, g] = head, tail
    count_offered_triage(w, p, u)
    touch(w, u)


@compiled
def join_queue(w: Any, u: int, p: int) -> None:
    """Wait for staff, most urgent first, then earliest arrival."""
    x = w.problem[p]
    x["place"] = QUEUE
    x["entered_at"] = w.now[0]
    x["distance"] = distance(w, p, u)
    put_in_line(w, u, p)
    count_offered(w, p, u)
    touch(w, u)


@compiled
def join(w: Any, u: int, p: int) -> None:
    """Into the queue; where only the leader could handle it, into his inbox."""
    if staff_can_serve(w, u, p, is_urgent(w, p)):
        join_queue(w, u, p)
    else:
        join_inbox(w, u, p)


@compiled
def leaves_inbox(w: Any, p: int, time: int) -> None:
    """Count the time in the inbox in which its leaders were off duty."""
    x = w.problem[p]
    shift = w.tier[w.unit[x["unit"]]["tier"]]["leader_shift"]
    if w.shift[shift]["on_duty"] and x["off_duty_from"] >= w.shift[shift]["since"]:
        return
    w.off_duty[p] += time_off_duty(w, shift, x["off_duty_from"], time)


@compiled
def let_go(w: Any, p: int) -> None:
    """Take a problem out of inbox or queue, and note how long it lay there."""
    x, now = w.problem[p], w.now[0]
    u = x["unit"]
    if x["place"] == INBOX:
        g = x["urgency"]
        head, tail = unlink(w, w.inbox_head[u, g], w.inbox_tail[u, g], p)
        w.inbox_head[u, g], w.inbox_tail[u, g] = head, tail
        spends(w, p, INBOX_HOURS, now - x["entered_at"])
        leaves_inbox(w, p, now)
    elif x["place"] == QUEUE:
        take_from_line(w, u, p)
        spends(w, p, QUEUE_HOURS, now - x["entered_at"])
    x["place"] = NOT_YET
    x["entered_at"] = now
