"""The events of the compiled engine, one function per kind; the same verbs as `model.py`, on arrays."""

from __future__ import annotations

from math import ceil
from typing import Any

from .. import rules
from ..events import NOBODY
from ..rules import AFTER_TRIAGE, FAILED, JOIN, NEVER, NOT_AT_ALL, UP
from ..rules import LIMIT as LIMIT
from .calendar import (
    KIND_SHIFT,
    PROBLEM_MASK,
    PROBLEM_SHIFT,
    UNIT_MASK,
    drop_first,
    first_until,
    packed,
    push,
)
from .codes import (
    BY_INCIDENT,
    BY_INFORMANT,
    BY_PATROL,
    BY_RESIDENT,
    CLOSED,
    CLOSES,
    EDGE_OF_HOURS,
    END_OF_PATROL,
    END_OF_TRIAGE,
    END_OF_WORK,
    ENDED_AFTER,
    ENDED_FIRST,
    EXPEDITE,
    FAULT,
    FOR_FAILED,
    FOR_OVERDUE,
    FOR_POLICY,
    FOR_TIME_LIMIT,
    HIDDEN,
    HOME,
    INBOX,
    INFINITY,
    LOST_HOURS,
    MATURING,
    NEXT,
    NOT_YET,
    OVERDUE,
    OVERDUE_ENDS,
    PATIENCE,
    PATROL_DUE,
    PEOPLE_FREE,
    QUEUE,
    REPORT,
    TIME_LIMIT,
    TODAY,
    TOUCHED,
    TRAVEL_HOURS,
    TRIAGE,
    WORK_HOURS,
)
from .compile import compiled
from .deciding import (
    above_that_can_serve,
    arrives,
    becomes_unresolved,
    becomes_urgent,
    chosen,
    decide,
    end_triage,
    goes_up,
    goes_up_at,
    has_ended,
    is_let_down,
    is_served,
    leaders_choose,
    leaders_leave,
    lowest_that_can_serve,
    moves_to_the_top,
    resident_reports,
    takes_in,
)
from .queues import (
    can_serve,
    clock,
    is_urgent,
    join,
    later,
    leader_may_handle,
    let_go,
    next_edge,
    note,
    perceived,
    put_in_line,
    spends,
    staff_can_serve,
    touch,
)
from .teams import (
    walk,
)

# --- people choose -----------------------------------------------------------------------------------------------------


@compiled
def choose(w: Any, u: int) -> None:
    """Leaders first, then staff: whoever is free takes the next problem."""
    if w.unit[u]["leaders"] > 0:
        leaders_choose(w, u)
    if w.unit[u]["first_line"] >= 0:
        walk(w, u, NOBODY)


@compiled
def people_choose(w: Any) -> None:
    """People choose after each event; then limits that had ended on arrival act, each followed by choosing."""
    while True:
        while w.count[TOUCHED] > 0:
            best = 0
            for i in range(1, w.count[TOUCHED]):
                if w.touched[i] < w.touched[best]:
                    best = i
            u = w.touched[best]
            w.count[TOUCHED] -= 1
            w.touched[best] = w.touched[w.count[TOUCHED]]
            w.unit[u]["touched"] = 0
            choose(w, u)
        row = first_of_ended(w)
        if row == w.count[ENDED_AFTER]:
            w.count[ENDED_FIRST] = w.count[ENDED_AFTER] = 0
            return
        w.count[ENDED_FIRST] = row + 1
        p = w.ended[row, 0]
        if w.problem[p]["arrivals"] == w.ended[row, 1]:
            w.problem[p]["listed"] = 0  # it may end again when the work that has begun fails
            if w.problem[p]["limit_ends"] <= w.now[0]:
                limit_acts(w, p)


@compiled
def first_of_ended(w: Any) -> int:
    """Of the limits that ended on arrival bring that of the first problem to the front; gives where that is."""
    row = w.count[ENDED_FIRST]
    best = row
    for other in range(row + 1, w.count[ENDED_AFTER]):
        if w.ended[other, 0] < w.ended[best, 0]:
            best = other
    if best != row:
        for column in range(2):
            w.ended[row, column], w.ended[best, column] = w.ended[best, column], w.ended[row, column]
    return row


# --- what the calendar brings ------------------------------------------------------------------------------------------


@compiled
def push_edge(w: Any, t: int) -> None:
    """Put the next edge of a tier's hours on the calendar."""
    time = NEVER
    for shift in range(len(w.shift)):
        if w.shift[shift]["tier"] == t:
            time = min(time, next_edge(w, shift))
    if time < NEVER:
        push(w, time, EDGE_OF_HOURS, NOBODY, w.tier[t]["first_unit"], t)


@compiled
def shifts_change(w: Any) -> None:
    """Who is on duty follows from the time alone: the hours of all tiers change before anybody acts."""
    for shift in range(len(w.shift)):
        s = w.shift[shift]
        before = s["on_duty"]
        while next_edge(w, shift) <= w.now[0]:
            s["edge"] += 1
            s["on_duty"] = 1 - s["on_duty"]
        if before != s["on_duty"]:
            s["since"] = w.now[0]
            tier = w.tier[s["tier"]]
            tier["changed"] = 1
            if shift == tier["leader_shift"] and before:
                tier["leave"] = 1


@compiled
def edge_of_hours(w: Any, t: int) -> None:
    """Hours of a tier begin or end; nobody: hours that were given up when the plan changed."""
    if t < 0:
        return
    shifts_change(w)
    push_edge(w, t)
    if not w.tier[t]["changed"]:
        return
    leave = w.tier[t]["leave"] != 0
    w.tier[t]["changed"] = 0
    w.tier[t]["leave"] = 0
    note(w, EDGE_OF_HOURS, NOBODY, w.tier[t]["first_unit"])
    for u in range(w.tier[t]["first_unit"], w.tier[t]["after_unit"]):
        if leave and w.unit[u]["leaders"] > 0:
            leaders_leave(w, u)
        touch(w, u)
        people_choose(w)


@compiled
def push_patrol(w: Any, t: int, number: int) -> None:
    """Put the next time at which patrols fall due on the calendar."""
    time = rules.patrol_due_at(number, w.tier[t]["patrol_every"], w.settings[0]["end"])
    push(w, time, PATROL_DUE, NOBODY, w.tier[t]["first_unit"], number)


@compiled
def patrol_due(w: Any, u: int, number: int) -> None:
    """Every unit of a tier owes a patrol."""
    t = w.unit[u]["tier"]
    push_patrol(w, t, number + 1)
    note(w, PATROL_DUE, NOBODY, u)
    for unit in range(w.tier[t]["first_unit"], w.tier[t]["after_unit"]):
        w.unit[unit]["patrol_owed"] = 1
        choose(w, unit)


@compiled
def end_patrol(w: Any, u: int) -> None:
    """Bring back what was found; it is decided here as at an intake."""
    unit = w.unit[u]
    t = unit["tier"]
    note(w, END_OF_PATROL, NOBODY, u)
    unit["leaders_busy"] -= 1
    unit["patrols_done"] += 1
    touch(w, u)
    if len(w.bucket) == 1 and len(w.bucket_next) <= 1 and w.bucket[0] < 0:
        return
    bucket = unit["first_bucket"] + unit["patrols_done"] % w.tier[t]["buckets"]
    found, kept = NOBODY, NOBODY
    p = w.bucket[bucket]
    while p >= 0:  # the bucket has the latest problem first; both lists turn round
        after = w.bucket_next[p, t]
        if w.bucket_pass[p, t] == unit["patrols_done"]:
            w.bucket_next[p, t] = found
            found = p
        elif w.problem[p]["place"] == HIDDEN:
            w.bucket_next[p, t] = kept
            kept = p
        p = after
    w.bucket[bucket] = NOBODY
    while kept >= 0:
        after = w.bucket_next[kept, t]
        w.bucket_next[kept, t] = w.bucket[bucket]
        w.bucket[bucket] = kept
        kept = after
    while found >= 0:
        after = w.bucket_next[found, t]
        if w.problem[found]["place"] == HIDDEN:
            report(w, found, BY_PATROL, u)
        found = after


@compiled
def people_free(w: Any, time: int, key: int, p: int, u: int, role: int) -> None:
    """People are back at the station and free again; those of one team who return together, at once."""
    note(w, PEOPLE_FREE, p, u)
    comes_back(w, u, role)
    while w.count[TODAY] > 0:
        event = w.planned[w.today[0]]
        if event["time"] != time or event["key"] != key:
            break
        comes_back(w, u, event["extra"])
        drop_first(w)
    touch(w, u)


@compiled
def comes_back(w: Any, u: int, role: int) -> None:
    """One person is free again."""
    if role < 0:
        w.unit[u]["leaders_busy"] -= 1
    else:
        w.slot[w.unit[u]["first_slot"] + role]["busy"] -= 1


@compiled
def end_of_work(w: Any, p: int, u: int) -> None:
    """Too difficult, not good, or closed."""
    x, now = w.problem[p], w.now[0]
    note(w, END_OF_WORK, p, u)
    people_return(w, p, u)
    travel, work = x["work_starts_at"] - x["entered_at"], x["work_ends_at"] - x["work_starts_at"]
    x["entered_at"] = now
    x["place"] = NOT_YET
    if not rules.succeeds(x["difficulty"], x["authority"]):
        spends(w, p, LOST_HOURS, travel + work)
        x["failed"] = max(x["failed"], x["authority"])
        failed(w, p, u)
    elif is_reworked(w, p):
        spends(w, p, LOST_HOURS, travel + work)
        x["reworks"] += 1
        arrives(w, u, p)
        joins_or_goes_up(w, p)
    else:
        spends(w, p, TRAVEL_HOURS, travel)
        spends(w, p, WORK_HOURS, work)
        closes(w, p)


@compiled
def people_return(w: Any, p: int, u: int) -> None:
    """Everybody travels back at his own speed, that with which he set out."""
    x, t = w.problem[p], w.unit[u]["tier"]
    tier, before = w.tier[t], x["entered_at"] < w.settings[0]["began_at"]
    if w.team[p, 0] == NOBODY:
        hours_per_km = w.leader_speed_before[t] if before else tier["leader_hours_per_km"]
        sets_off_home(w, p, u, NOBODY, rules.travel_time(x["distance"], hours_per_km))
    else:
        for k in range(w.type[x["type"]]["skills"]):
            number = w.team[p, k]
            hours_per_km = w.speed_before[number] if before else w.role[number]["hours_per_km"]
            sets_off_home(w, p, u, number - tier["first_role"], rules.travel_time(x["distance"], hours_per_km))


@compiled
def sets_off_home(w: Any, p: int, u: int, role: int, travel: int) -> None:
    """One person travels back; who has no way is home right after people have chosen, before anything else happens."""
    if travel > 0:
        push(w, later(w, travel), PEOPLE_FREE, p, u, role)
    else:
        w.home[w.count[HOME]] = role
        w.count[HOME] += 1


@compiled
def are_home(w: Any, p: int, u: int) -> None:
    """Those of a team who had no way back are free again: the next event, as none of this instant comes before it."""
    note(w, PEOPLE_FREE, p, u)
    for i in range(w.count[HOME]):
        comes_back(w, u, w.home[i])
    w.count[HOME] = 0
    touch(w, u)


@compiled
def failed(w: Any, p: int, u: int) -> None:
    """The work is lost: people of more authority here, else up."""
    can_here, above = can_serve(w, u, p, is_urgent(w, p)), NOBODY
    if not can_here or w.settings[0]["policy"] != 0:
        above = above_that_can_serve(w, u, p)
    usual = rules.usual_after_failure(can_here, above >= 0)
    step = chosen(w, u, p, FAILED, usual, can_here, above >= 0, False, False)
    if step == JOIN:
        join(w, u, p)
        x = w.problem[p]
        if rules.ended_during_work(x["limit_ends"], x["arrived_at"], w.now[0]):
            has_ended(w, p)
    elif step == UP:
        goes_up(w, u, p, above, FOR_FAILED if usual == UP else FOR_POLICY)
    else:
        becomes_unresolved(w, p)


@compiled
def is_reworked(w: Any, p: int) -> bool:
    """Whether a finished job was not good."""
    x = w.problem[p]
    chance = w.type[x["type"]]["rework"]
    if chance == 0.0:
        return False
    return rules.is_reworked(w.rework[rules.which_draw(x["attempts"]), p], chance, x["reworks"])


@compiled
def closes(w: Any, p: int) -> None:
    """A problem is closed."""
    x = w.problem[p]
    x["place"] = CLOSED
    x["closed_at"] = w.now[0]
    x["ended_at"] = w.now[0]
    note(w, CLOSES, p, x["unit"])
    if w.settings[0]["trust_matters"]:
        is_served(w, p, rules.in_time(w.now[0], x["due_at"]))


@compiled
def arises(w: Any, p: int) -> None:
    """A resident sees it, unless it is hidden, and reports it or not; else it waits to be found."""
    comes_to_be(w, p)
    if not w.hidden[p] and resident_reports(w, p):
        report(w, p, BY_RESIDENT, w.unit_of_cell[w.settings[0]["intake_tier"], w.problem[p]["cell"]])
    else:
        waits_unseen(w, p)


@compiled
def comes_to_be(w: Any, p: int) -> None:
    """The record of a problem begins."""
    w.problem[p] = w.blank[0]
    x, type = w.problem[p], w.type_of[p]
    x["type"] = type
    x["cell"] = w.cell[p]
    x["urgency"] = w.type[type]["urgency"]
    if len(w.difficulty) > p:
        x["difficulty"] = w.difficulty[p]


@compiled
def waits_unseen(w: Any, p: int) -> None:
    """A problem that nobody reports waits for a patrol, an informant, or matures."""
    w.problem[p]["place"] = HIDDEN
    if w.maturing[p] < NEVER:
        push(w, later(w, w.maturing[p]), MATURING, p, NOBODY, 0)
    if w.settings[0]["noticed_an_hour"] > 0.0:
        push(w, later(w, w.noticing[p]), REPORT, p, NOBODY, 0)
    for t in range(w.settings[0]["tiers"]):
        tier = w.tier[t]
        if tier["patrols"] and tier["finds_rate"] > 0.0:
            u = w.unit_of_cell[t, w.problem[p]["cell"]]
            passes = max(1.0, ceil(w.passes[t, p] / tier["finds_rate"]))
            if passes < 1e15:
                at = w.unit[u]["patrols_done"] + int(passes)
                bucket = w.unit[u]["first_bucket"] + at % tier["buckets"]
                w.bucket_pass[p, t] = at
                w.bucket_next[p, t] = w.bucket[bucket]
                w.bucket[bucket] = p


@compiled
def matures(w: Any, p: int) -> None:
    """A hidden or unreported problem becomes an incident."""
    x = w.problem[p]
    if x["place"] != HIDDEN:
        return
    note(w, MATURING, p, NOBODY)
    x["incident"] = 1
    x["urgency"] = rules.EMERGENCY
    if w.settings[0]["trust_matters"]:
        is_let_down(w, p)
    report(w, p, BY_INCIDENT, w.unit_of_cell[w.settings[0]["intake_tier"], x["cell"]])


@compiled
def noticed(w: Any, p: int) -> None:
    """An informant notices a problem."""
    if w.problem[p]["place"] == HIDDEN:
        report(w, p, BY_INFORMANT, w.unit_of_cell[w.settings[0]["intake_tier"], w.problem[p]["cell"]])


@compiled
def time_limit(w: Any, p: int, arrival: int) -> None:
    """The time limit of an arrival ends."""
    if w.problem[p]["arrivals"] == arrival and w.problem[p]["limit_ends"] <= w.now[0]:
        limit_acts(w, p)


@compiled
def limit_acts(w: Any, p: int) -> None:
    """Out of inbox or queue and up; during triage, when triage ends; during work not at all."""
    x = w.problem[p]
    acts = when_it_acts(w, p)
    if acts == NOT_AT_ALL:
        return
    note(w, TIME_LIMIT, p, x["unit"])
    x["limit_ends"] = NEVER
    if acts == AFTER_TRIAGE:
        x["limit_ended"] = 1
    else:
        goes_up_at(w, x["unit"], p, LIMIT, FOR_TIME_LIMIT)


@compiled
def when_it_acts(w: Any, p: int) -> int:
    """When something that falls due now acts on a problem."""
    place = w.problem[p]["place"]
    return rules.falls_due(place == INBOX or place == QUEUE, place == TRIAGE)


@compiled
def overdue(w: Any, p: int) -> None:
    """The limit of the type ends."""
    x = w.problem[p]
    acts = when_it_acts(w, p)
    if acts == NOT_AT_ALL or w.settings[0]["overdue"] == 0:
        return
    note(w, OVERDUE, p, x["unit"])
    if acts == AFTER_TRIAGE:
        x["overdue_pending"] = 1
    elif w.settings[0]["overdue"] == EXPEDITE:
        becomes_urgent(w, x["unit"], p)
    else:
        goes_up_at(w, x["unit"], p, OVERDUE_ENDS, FOR_OVERDUE)


@compiled
def patience_ends(w: Any, p: int) -> None:
    """The resident's patience ends: a petition, unless somebody has set out."""
    x = w.problem[p]
    acts = when_it_acts(w, p)
    if acts == NOT_AT_ALL or not rules.petitions(x["set_out_once"] != 0):
        return
    note(w, PATIENCE, p, x["unit"])
    x["petitioned_at"] = w.now[0]
    if w.settings[0]["trust_matters"]:
        is_let_down(w, p)
    if acts == AFTER_TRIAGE:
        x["petition_pending"] = 1
    elif not moves_to_the_top(w, p):
        becomes_urgent(w, x["unit"], p)


# --- reporting and routes ----------------------------------------------------------------------------------------------


@compiled
def report(w: Any, p: int, source: int, u: int) -> None:
    """A problem reaches the organisation: along a route if it has one, else at the unit that takes it in."""
    x, now, s = w.problem[p], w.now[0], w.settings[0]
    type = w.type[x["type"]]
    note(w, REPORT, p, u)
    x["reported_at"] = now
    x["source"] = source
    x["perceived"] = perceived(w, p, 0)
    x["due_at"] = clock(w, now, type["limit_hours"], type["limit_clock"])
    if s["may_be_overdue"] and x["due_at"] < NEVER:
        push(w, x["due_at"], OVERDUE, p, NOBODY, 0)
    if s["patience"]:
        push(w, later(w, w.patience[p]), PATIENCE, p, NOBODY, 0)
    to = route(w, p)
    if to < 0:
        takes_in(w, u, p, w.unit[u]["tier"] > 0)
    else:
        arrives(w, to, p)
        if can_serve(w, to, p, is_urgent(w, p)):
            join(w, to, p)
        else:
            decide(w, to, p, False)


@compiled
def route(w: Any, p: int) -> int:
    """Where an emergency or a joint problem goes at once; -1: the ordinary way. Raises urgency under whistle."""
    s, x = w.settings[0], w.problem[p]
    if x["urgency"] == rules.EMERGENCY and s["emergency_tier"] >= 0:
        u = w.unit_of_cell[s["emergency_tier"], x["cell"]]
        above = u
        while above >= 0:
            if can_serve(w, above, p, True):
                return u
            above = w.unit[above]["parent"]
    if s["whistle"] and w.type[x["type"]]["skills"] > 1:
        u = lowest_that_can_serve(w, p, s["tiers"], True)
        if u >= 0:
            x["urgency"] = rules.more_urgent(x["urgency"], rules.URGENT)
            return u
    return NOBODY


# --- the run -----------------------------------------------------------------------------------------------------------


@compiled
def begin(w: Any) -> None:
    """Before the first event: edges of hours, patrols, and who goes on patrol for want of work."""
    for t in range(w.settings[0]["tiers"]):
        push_edge(w, t)
    for t in range(w.settings[0]["tiers"]):
        if w.tier[t]["patrols"] and w.tier[t]["patrol_every"] > 0:
            push_patrol(w, t, 1)
    for u in range(len(w.unit)):
        choose(w, u)


@compiled
def goes_on(w: Any) -> None:
    """After a switch of the plan: new edges of hours, queues in new lines, and people choose by the new rules."""
    for t in range(w.settings[0]["tiers"]):
        push_edge(w, t)
    for p in range(w.count[NEXT]):
        if w.problem[p]["place"] == QUEUE:
            put_in_line(w, w.problem[p]["unit"], p)
    for p in range(w.count[NEXT]):
        if w.problem[p]["place"] == QUEUE and not staff_can_serve(w, w.problem[p]["unit"], p, is_urgent(w, p)):
            joins_or_goes_up(w, p)
    for u in range(len(w.unit)):
        tier = w.tier[w.unit[u]["tier"]]
        if w.unit[u]["leaders"] > 0 and tier["leave"]:
            leaders_leave(w, u)
        touch(w, u)
        people_choose(w)
    for t in range(w.settings[0]["tiers"]):
        w.tier[t]["leave"] = 0


@compiled
def joins_or_goes_up(w: Any, p: int) -> None:
    """Wait for staff here, or for the leader where only he may handle it; else go up."""
    x = w.problem[p]
    u, urgent = x["unit"], is_urgent(w, p)
    staff_can = staff_can_serve(w, u, p, urgent)
    can_here, above = rules.may_join(staff_can, leader_may_handle(w, u, p), False), NOBODY
    if not can_here:
        above = above_that_can_serve(w, u, p)
    step = rules.usual_after_failure(can_here, above >= 0)
    if step == UP:
        has_skills = w.reach[u, x["type"], 1 if urgent else 0] > -INFINITY
        goes_up(w, u, p, above, rules.reason_to_go_up(has_skills, False))
        return
    if not staff_can:
        let_go(w, p)
    if step == JOIN:
        join(w, u, p)
    else:
        becomes_unresolved(w, p)


@compiled
def play(w: Any, until: int) -> None:
    """Play the events up to a time, arrivals merged with the calendar."""
    problems = len(w.arises_at)
    while True:
        following = w.count[NEXT]
        arrival = w.arises_at[following] if following < problems else NEVER
        event = w.planned[first_until(w, min(arrival, until))]
        time, key = event["time"], event["key"]
        if arrival < time or (arrival == time and packed(REPORT, following, NOBODY) < key):
            if arrival > until or arrival == NEVER:
                return
            w.now[0] = arrival
            w.count[NEXT] = following + 1
            arises(w, following)
        else:
            if time > until:
                return
            extra = event["extra"]
            drop_first(w)
            w.now[0] = time
            happens(w, time, key, extra)
        people_choose(w)
        if w.count[FAULT] != 0:
            return


@compiled
def happens(w: Any, time: int, key: int, extra: int) -> None:
    """One event of the calendar."""
    kind = key >> KIND_SHIFT
    p = ((key >> PROBLEM_SHIFT) & PROBLEM_MASK) - 1
    u = (key & UNIT_MASK) - 1
    if kind == END_OF_WORK:
        end_of_work(w, p, u)
        if w.count[HOME] > 0:
            people_choose(w)
            are_home(w, p, u)
    elif kind == PEOPLE_FREE:
        people_free(w, time, key, p, u, extra)
    elif kind == END_OF_TRIAGE:
        end_triage(w, p, u)
    elif kind == TIME_LIMIT:
        time_limit(w, p, extra)
    elif kind == PATIENCE:
        patience_ends(w, p)
    elif kind == OVERDUE:
        overdue(w, p)
    elif kind == END_OF_PATROL:
        end_patrol(w, u)
    elif kind == MATURING:
        matures(w, p)
    elif kind == REPORT:
        noticed(w, p)
    elif kind == PATROL_DUE:
        patrol_due(w, u, extra)
    else:
        edge_of_hours(w, extra)
