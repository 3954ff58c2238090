"""The state of the compiled engine: a few named arrays, and the plan and draws beside them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .. import rules
from ..demand.draws import may_go_unreported, unseen_possible
from ..events import LOG_FIELDS, NO_ONE_YET, NOBODY, PARTS, Busy, Event, Place, Reason, Source
from ..instants import of_hours
from ..plan import columns
from ..plan.columns import fields_of
from ..plan.kept import kept
from ..policy import Asked
from ..rules import NEVER, UNSET
from .calendar import KIND_SHIFT, PLANNED, width_and_pages
from .codes import BITS, COUNTERS, FRESH, NEXT

if TYPE_CHECKING:
    from ..demand.demand import Demand
    from ..demand.draws import Draws
    from ..plan.plan import Plan

Array = Any
BUCKETS = 1024

PROBLEM = np.dtype(
    [
        ("type", "i2"), ("place", "i1"), ("urgency", "i1"), ("source", "i1"), ("level", "i1"), ("incident", "i1"),
        ("limit_ended", "i1"), ("petition_pending", "i1"), ("overdue_pending", "i1"), ("set_out_once", "i1"),
        ("may_go_down", "i1"), ("unit", "i4"), ("arrivals", "i4"), ("handlings", "i4"), ("attempts", "i4"),
        ("reworks", "i4"), ("next", "i4"), ("before", "i4"), ("cell", "i4"), ("difficulty", "f8"),
        ("offered_triage", "i8"), ("offered_work", "i8"),
        ("perceived", "f8"), ("failed", "f8"), ("authority", "f8"), ("distance", "f8"), ("reported_at", "i8"),
        ("arrived_at", "i8"), ("entered_at", "i8"), ("first_response_at", "i8"), ("closed_at", "i8"),
        ("ended_at", "i8"), ("petitioned_at", "i8"), ("due_at", "i8"), ("limit_ends", "i8"),
        ("work_starts_at", "i8"), ("work_ends_at", "i8"), ("listed", "i4"), ("off_duty_from", "i8"),
    ]
)  # fmt: skip
TIER = np.dtype(
    [
        *fields_of(columns.TIER), ("first_unit", "i4"), ("after_unit", "i4"), ("first_role", "i4"), ("roles", "i4"),
        ("triage_row", "i4"), ("buckets", "i4"), ("leave", "i4"), ("changed", "i4"),
    ]
)  # fmt: skip
UNIT = np.dtype(
    [
        ("tier", "i4"), ("parent", "i4"), ("first_slot", "i4"), ("first_station", "i4"), ("after_station", "i4"),
        ("leaders", "i4"), ("leaders_busy", "i4"), ("patrol_owed", "i4"), ("patrols_begun", "i4"), ("patrols_done", "i4"),
        ("first_line", "i4"), ("touched", "i4"), ("first_bucket", "i8"),
    ]
)  # fmt: skip
SLOT = np.dtype([("count", "i4"), ("on_call", "i4"), ("busy", "i4")])
SHIFT = np.dtype(
    [
        ("tier", "i4"), ("on_duty", "i4"), ("pattern", "i4"), ("first", "i4"), ("edges", "i4"), ("edge", "i8"),
        ("cycle", "i8"), ("since", "i8"),
    ]
)  # fmt: skip
PATTERN = np.dtype([("first", "i4"), ("after", "i4"), ("cycle", "i8")])
SETTINGS = np.dtype(
    [
        *fields_of(columns.SETTINGS), ("end", "i8"), ("page_width", "i8"), ("window_start", "i8"), ("window_end", "i8"),
        ("tiers", "i4"), ("types", "i4"), ("levels", "i4"), ("all_report", "i4"), ("travels", "i4"), ("trace", "i4"),
        ("parts", "i4"), ("policy", "i8"), ("switch_at", "i8"), ("began_at", "i8"), ("may_be_overdue", "i4"),
    ]
)  # fmt: skip


# What a run leaves behind of each problem, as `Outcome` names it.
INSTANTS = ("reported_at", "first_response_at", "closed_at", "ended_at", "petitioned_at", "due_at")
MARKS = ("source", "closed_tier", "status", "urgency")
TALLIES = ("attempts", "reworks")


class World(NamedTuple):
    """Everything that the engine reads and writes; one row per problem, unit, role and so on."""

    # the plan
    settings: Array  # (1,) SETTINGS
    tier: Array  # (tiers,) TIER: the columns of the plan, and what a run needs beside them
    role: Array  # (roles,) as in the plan
    type: Array  # (types,) as in the plan
    pattern: Array  # (patterns,) PATTERN
    window_start: Array  # instants of the windows of all patterns, within their cycles
    window_end: Array
    edges: Array  # instants of the edges of all shifts, within their cycles
    reach: Array  # (units, types, 2)
    level: Array  # (tiers, levels) distinct authorities, padded with inf
    able_first: Array  # (tiers, types, skills + 1) where the eligible roles of a skill begin
    able: Array  # roles by number within the tier
    able_bits: Array  # (tiers, types, skills) the eligible roles of a skill, a bit each
    level_bits: Array  # (tiers, levels) the roles that have an authority
    share_first: Array  # (types + 1,)
    share: Array  # types that share a skill
    unit_of_cell: Array  # (tiers, cells)
    station_x: Array
    station_y: Array
    # the demand and its draws
    arises_at: Array
    type_of: Array
    cell: Array
    difficulty: Array  # (problems or 1,)
    resident: Array
    x: Array
    y: Array
    hidden: Array
    work: Array
    triage: Array
    error: Array
    rework: Array
    reporting: Array
    patience: Array
    maturing: Array
    noticing: Array
    passes: Array
    patrol: Array
    # the state
    problem: Array  # (problems,) PROBLEM; of those that have arisen
    blank: Array  # (1,) PROBLEM
    instants: Array  # (INSTANTS, problems) nanoseconds; how each problem ended
    marks: Array  # (MARKS, problems)
    tallies: Array  # (TALLIES, problems)
    last_unit: Array  # (problems,) where each was at the end
    where: Array  # (problems, parts) nanoseconds
    by_tier: Array  # (problems or 1, tiers, parts) nanoseconds
    escalations: Array  # (problems, reasons)
    team: Array  # (problems, skills) who last set out, roles through all tiers; -1 in the first place: the leader
    unit: Array  # (units,) UNIT
    slot: Array  # (slots,) SLOT, one per unit and role
    shift: Array  # (shifts,) SHIFT
    trust: Array  # (residents or 1,)
    inbox_head: Array  # (units, urgencies) first problem
    inbox_tail: Array
    line_head: Array  # (lines,) a line per unit, type, urgency and authority
    line_tail: Array
    line_next: Array  # lines of a unit that are not empty
    line_before: Array
    line_at: Array  # how far a walk through the queue has come
    waiting: Array  # (units, types) problems in the queue
    bucket: Array  # hidden problems by unit and patrol
    bucket_next: Array  # (problems or 1, tiers)
    bucket_pass: Array
    free: Array  # (2,) roles that may set out, a bit each: for anything, and for what is urgent
    home: Array  # (skills,) roles of a team that is back at once
    gone: Array  # (roles,) people held or taken in thought
    taken_in_thought: Array  # (roles,) those of them who are taken: they count as at work
    crew: Array  # (2 * roles,) scratch of the search for a team
    pick: Array  # (skills,) scratch likewise
    chosen: Array  # (skills,) the team found
    touched: Array  # units in which people choose next
    ended: Array  # (rows, 2) problems whose limit had ended on arrival, and the number of that arrival
    pool_shift: Array  # (pools,) the hours that its people follow
    speed_before: Array  # (roles,) hours per km before a switch
    leader_speed_before: Array  # (tiers,)
    pool_pattern: Array  # (pools,) the windows of the hours that they follow after a switch
    use: Array  # (pools, 4) busy person-hours
    overtime: Array  # (pools,) those of them outside the hours
    visits: Array
    offered: Array  # (tiers,) work that arrives for staff
    offered_to_leaders: Array  # (tiers,) triage and work that arrive for leaders
    taken: Array  # (pools,) work that was begun
    off_duty: Array  # (problems,) nanoseconds in an inbox whose leaders are off duty
    log: Array
    planned: Array  # (events + 1,) PLANNED, numbered from 1
    page: Array  # (pages,) the last event put on each page; 0: none
    today: Array  # events of the open page, a heap
    now: Array  # (1,) nanoseconds
    count: Array  # (COUNTERS,)
    asked: Array  # the numbers that a policy is told, in the order of `Asked`


def _records(dtype: np.dtype[Any], size: int, **columns: Any) -> Array:
    result = np.zeros(size, dtype)
    for name, values in columns.items():
        result[name] = values
    return result


def _plan_arrays(plan: Plan) -> dict[str, Array]:
    """Lay out what a plan alone decides."""
    tiers = plan.tiers
    levels = max(len(level) for level in plan.levels)
    level = np.full((tiers, levels), np.inf)
    for t, known in enumerate(plan.levels):
        level[t, : len(known)] = known
    able_first, able = _able(plan, max(len(s) for s in plan.skills_of))
    pattern, window_start, window_end = _patterns(plan)
    shift, edges = _shifts(plan)
    tier = _tiers(plan)
    return {
        "settings": _settings(plan),
        "tier": tier,
        "role": plan.role,
        "type": plan.type,
        "pattern": pattern,
        "window_start": window_start,
        "window_end": window_end,
        "edges": edges,
        "reach": plan.reach,
        "level": level,
        "able_first": able_first,
        "able": able,
        "able_bits": _bits_of_able(able_first, able),
        "level_bits": _bits_of_levels(plan, level),
        "share_first": np.concatenate(([0], np.cumsum([len(s) for s in plan.shares]))).astype(np.int32),
        "share": np.array([k for s in plan.shares for k in s], np.int32),
        "unit_of_cell": plan.unit_of_cell,
        "station_x": plan.station_x,
        "station_y": plan.station_y,
        "unit": _records(
            UNIT, plan.units, tier=plan.unit_tier, parent=plan.parent, leaders=plan.leaders, first_slot=plan.slot_first[:-1],
            first_station=plan.station_first[:-1], after_station=plan.station_first[1:], first_line=NOBODY,
            first_bucket=np.concatenate(([0], np.cumsum(tier["buckets"][plan.unit_tier])))[:-1],
        ),
        "slot": _records(SLOT, len(plan.count), count=plan.count, on_call=plan.on_call),
        "shift": shift,
        "pool_shift": np.array([pool.shift for pool in plan.pools] or [0], np.int32),
        "speed_before": np.ascontiguousarray(plan.role["hours_per_km"]),
        "leader_speed_before": np.ascontiguousarray(plan.tier["leader_hours_per_km"]),
        "pool_pattern": np.arange(len(plan.patterns), len(plan.patterns) + max(1, len(plan.pools)), dtype=np.int32),
    }  # fmt: skip


plan_arrays = kept(_plan_arrays)
CHANGES = ("settings", "tier", "unit", "slot", "shift")  # those of them that are of a run


def make_world(plan: Plan, demand: Demand, draws: Draws, trace: int, parts: bool, policy: int = 0) -> World:
    """Lay out the arrays of a run.

    Parameters
    ----------
    plan, demand, draws
        The scenario as arrays, its problems and their random numbers.
    trace
        Rows of the event log to keep; 0 for none.
    parts
        Keep the parts of the time per tier.
    policy
        Address of a compiled policy; 0 for none.
    """
    n, tiers = len(demand), plan.tiers
    fixed = dict(plan_arrays(plan))
    for name in CHANGES:
        fixed[name] = fixed[name].copy()
    fixed["tier"]["triage_row"] = draws.triage_row
    page_width, pages = width_and_pages(plan.end, n)
    of_run = {
        "page_width": page_width, "travels": demand.x is not None, "trace": trace > 0, "parts": parts, "policy": policy,
    }  # fmt: skip
    for name, value in of_run.items():
        fixed["settings"][name] = value
    unit, skills = fixed["unit"], fixed["able_bits"].shape[2]
    units, types = len(unit), len(fixed["type"])
    unseen = unseen_possible(plan)
    lines = units * types * 3 * fixed["level"].shape[1]
    buckets = int((fixed["tier"]["buckets"] * np.diff(plan.first_unit)).sum())
    roles = int(np.diff(plan.role_first).max())
    people = sum(pool.people for part in (plan, plan.later) if part is not None for pool in part.pools)
    # An event or less for: triage or work, maturing, noticing, the limit of the type, patience, and each arrival
    # (the first, sent down, up, and three reworks); a way back or a patrol of each person; hours and patrols of a tier.
    pending = n * (9 + tiers) + 2 * people + 2 * tiers + 1
    nothing = np.zeros(1)
    return World(
        **fixed,
        arises_at=demand.arises_at,
        resident=demand.resident,
        x=nothing if demand.x is None else demand.x,
        y=nothing if demand.y is None else demand.y,
        hidden=demand.hidden,
        work=draws.work,
        triage=draws.triage,
        error=draws.error,
        rework=draws.rework,
        reporting=draws.reporting,
        patience=of_hours(draws.patience),
        maturing=of_hours(draws.maturing),
        noticing=of_hours(draws.noticing),
        passes=draws.passes,
        patrol=draws.patrol,
        problem=np.empty(n, PROBLEM),
        blank=_blank(),
        type_of=demand.type,
        cell=demand.cell,
        difficulty=nothing if demand.difficulty is None else demand.difficulty,
        instants=np.empty((len(INSTANTS), n), np.int64),
        marks=np.empty((len(MARKS), n), np.int8),
        tallies=np.empty((len(TALLIES), n), np.uint8),
        last_unit=np.empty(n, np.int32),
        where=np.zeros((n, len(PARTS)), np.int64),
        by_tier=np.zeros((n if parts else 1, tiers, len(PARTS)), np.int64),
        escalations=np.zeros((n, len(Reason) if policy else Reason.POLICY), np.uint8),
        team=np.full((n, skills), NO_ONE_YET, np.int16),
        trust=np.full(int(plan.residents.sum()) if plan.settings.trust_matters else 1, plan.settings.trust),
        inbox_head=np.full((units, 3), NOBODY, np.int32),
        inbox_tail=np.full((units, 3), NOBODY, np.int32),
        line_head=np.full(lines, NOBODY, np.int32),
        line_tail=np.full(lines, NOBODY, np.int32),
        line_next=np.full(lines, NOBODY, np.int32),
        line_before=np.full(lines, NOBODY, np.int32),
        line_at=np.full(lines, NOBODY, np.int32),
        waiting=np.zeros((units, types), np.int32),
        bucket=np.full(max(1, int(buckets)) if unseen else 1, NOBODY, np.int32),
        bucket_next=np.full((n if unseen else 1, tiers), NOBODY, np.int32),
        bucket_pass=np.zeros((n if unseen else 1, tiers), np.int64),
        free=np.zeros(2, np.int64),
        home=np.zeros(skills, np.int32),
        gone=np.zeros(max(1, roles), np.int32),
        taken_in_thought=np.zeros(max(1, roles), np.int32),
        crew=np.zeros(max(1, 2 * roles), np.int32),
        pick=np.zeros(skills, np.int32),
        chosen=np.zeros(skills, np.int32),
        touched=np.zeros(units + 1, np.int32),
        ended=np.zeros((2 * n + 2, 2), np.int32),
        use=np.zeros((max(1, len(plan.pools)), len(Busy))),
        overtime=np.zeros(max(1, len(plan.pools))),
        visits=np.zeros(max(1, len(plan.pools)), np.int64),
        offered=np.zeros(tiers),
        offered_to_leaders=np.zeros(tiers),
        taken=np.zeros(max(1, len(plan.pools))),
        off_duty=np.zeros(n, np.int64),
        log=np.zeros(max(1, trace), LOG_FIELDS),
        planned=_nothing_planned(pending),
        page=np.zeros(pages, np.int32),
        today=np.empty(pending, np.int32),
        now=np.zeros(1, np.int64),
        count=np.zeros(len(COUNTERS), np.int64),
        asked=np.zeros(len(Asked._fields)),
    )


def switched_world(w: World, plan: Plan, demand: Demand, draws: Draws, at: int, parts: bool) -> World:
    """Go on under another plan: what people and problems do goes on, and only what the plan says is new.

    Parameters
    ----------
    w
        The world so far.
    plan, demand, draws
        The plan from now on, the same problems, and the random numbers that the plan can use.
    at
        When it changes.
    parts
        As for `make_world`.
    """
    new = make_world(plan, demand, draws, 0, parts, int(w.settings["policy"][0]))
    for name in ("leaders_busy", "patrol_owed", "patrols_begun", "patrols_done"):
        new.unit[name] = w.unit[name]
    new.slot["busy"] = w.slot["busy"]
    count_off_duty(w, at)
    for row in new.shift:
        _set_shift(row, new.edges, at)
    new.settings["trace"], new.settings["began_at"] = w.settings["trace"], at
    before, now = w.shift["on_duty"][w.tier["leader_shift"]], new.shift["on_duty"][new.tier["leader_shift"]]
    new.tier["leave"] = (before == 1) & (now == 0)
    w.now[0] = at
    _forget_edges(w)
    return new._replace(
        speed_before=w.role["hours_per_km"].copy(), leader_speed_before=w.tier["leader_hours_per_km"].copy(),
        **{name: getattr(w, name) for name in GOES_ON},
    )  # fmt: skip


# What a switch of the plan leaves as it is.
GOES_ON = (
    "problem", "where", "by_tier", "escalations", "team", "trust", "inbox_head", "inbox_tail", "bucket", "bucket_next",
    "bucket_pass", "ended", "use", "overtime", "visits", "offered", "offered_to_leaders", "taken", "off_duty", "log",
    "planned", "page", "today", "now", "count",
)  # fmt: skip


def count_off_duty(w: World, until: int) -> None:
    """Count, for what lies in an inbox, the time in which its leaders were off duty.

    Parameters
    ----------
    w
        The world at that time.
    until
        Until when.
    """
    waiting = np.flatnonzero(w.problem["place"][: int(w.count[NEXT])] == Place.INBOX)
    for p in waiting.tolist():
        shift = w.shift[w.tier[w.unit[w.problem[p]["unit"]]["tier"]]["leader_shift"]]
        if shift["edges"] == 0:
            continue
        pattern = w.pattern[shift["pattern"]]
        windows = slice(int(pattern["first"]), int(pattern["after"]))
        w.off_duty[p] += rules.time_off_duty(
            int(w.problem[p]["off_duty_from"]), until, w.window_start[windows].tolist(),
            w.window_end[windows].tolist(), int(pattern["cycle"]),
        )  # fmt: skip
    w.problem["off_duty_from"][waiting] = until  # also where leaders are always there: a switch may change that


def _set_shift(row: Any, edges: Array, at: int) -> None:
    """Set a shift as it is at a time, edges at that time passed."""
    mine = edges[row["first"] : row["first"] + row["edges"]]
    if not len(mine):
        return
    passed = int(at // row["cycle"]) * len(mine)
    while (passed // len(mine)) * row["cycle"] + mine[passed % len(mine)] <= at:
        passed += 1
    row["on_duty"] = passed % 2  # edges begin and end windows in turn
    row["edge"] = passed
    row["since"] = at


def _nothing_planned(most: int) -> Array:
    """Room for events; number 0 stands for none, after everything that happens."""
    result = np.empty(most + 1, PLANNED)
    result[0] = (NEVER, NEVER, 0, 0)
    return result


def _forget_edges(w: World) -> None:
    """The edges of the old hours on the calendar are of no tier any more: nothing happens then."""
    used = w.planned[1 : int(w.count[FRESH]) + 1]
    used["extra"][(used["key"] >> KIND_SHIFT) == Event.EDGE_OF_HOURS] = NOBODY


def _settings(plan: Plan) -> Array:
    return _records(
        SETTINGS, 1, **vars(plan.settings), end=plan.end, window_start=plan.window[0], window_end=plan.window[1],
        tiers=plan.tiers, types=len(plan.type_names), levels=max(len(level) for level in plan.levels),
        all_report=not may_go_unreported(plan), switch_at=plan.switch_at, may_be_overdue=plan.may_be_overdue,
    )  # fmt: skip


def _blank() -> Array:
    """The record of a problem that has not arisen; the engine copies it when one does."""
    result = np.zeros(1, PROBLEM)
    for name in (
        "reported_at", "arrived_at", "entered_at", "first_response_at", "closed_at", "ended_at", "petitioned_at",
        "due_at", "work_starts_at", "work_ends_at",
    ):  # fmt: skip
        result[name] = UNSET
    result["source"] = Source.NONE
    result["unit"] = result["next"] = result["before"] = NOBODY
    result["failed"] = -1.0
    result["limit_ends"] = NEVER
    return result


def _able(plan: Plan, skills: int) -> tuple[Array, Array]:
    first = np.zeros((plan.tiers, len(plan.type_names), skills + 1), np.int32)
    able: list[int] = []
    for t, types in enumerate(plan.eligible):
        for k, positions in enumerate(types):
            for position in range(skills):
                first[t, k, position] = len(able)
                if position < len(positions):
                    able.extend(role - int(plan.role_first[t]) for role in positions[position])
            first[t, k, skills] = len(able)
    return first, np.array(able or [0], np.int32)


def _bits_of_able(first: Array, able: Array) -> Array:
    result = np.zeros((*first.shape[:2], first.shape[2] - 1), np.int64)
    for place in np.ndindex(result.shape):
        for role in able[first[place] : first[*place[:2], place[2] + 1]].tolist():
            result[place] |= 1 << (role % BITS)
    return result


def _bits_of_levels(plan: Plan, level: Array) -> Array:
    result = np.zeros(level.shape, np.int64)
    for t, (first, after) in enumerate(pairwise(plan.role_first.tolist())):
        for role in range(first, after):
            able = np.flatnonzero(plan.role["solves"][role] >= level[t])
            result[t, able] |= 1 << ((role - first) % BITS)
    return result


def _patterns(plan: Plan) -> tuple[Array, Array, Array]:
    """The windows of the plan's hours, and after them those that each pool follows after a switch."""
    patterns = [*plan.patterns, *(pool.pattern for pool in (plan.later or plan).pools)]
    sizes = [len(pattern.starts) for pattern in patterns]
    first = np.concatenate(([0], np.cumsum(sizes)))
    cycles = [pattern.cycle for pattern in patterns]
    result = _records(PATTERN, len(sizes), first=first[:-1], after=first[1:], cycle=cycles)
    starts = np.array([start for pattern in patterns for start in pattern.starts], np.int64)
    return result, starts, np.array([end for pattern in patterns for end in pattern.ends], np.int64)


def _shifts(plan: Plan) -> tuple[Array, Array]:
    result = np.zeros(len(plan.shift_tier), SHIFT)
    edges: list[int] = []
    for row, tier, number in zip(result, plan.shift_tier, plan.shift_pattern, strict=True):
        pattern = plan.patterns[number]
        mine = [] if pattern.always else [e for w in zip(pattern.starts, pattern.ends, strict=True) for e in w]
        row["tier"], row["pattern"], row["cycle"] = tier, number, pattern.cycle
        row["first"], row["edges"] = len(edges), len(mine)
        row["on_duty"] = pattern.always or pattern.starts[0] == 0
        row["edge"] = 1 if mine and mine[0] == 0 else 0
        edges += mine
    return result, np.array(edges or [0], np.int64)


def _tiers(plan: Plan) -> Array:
    buckets = np.zeros(plan.tiers, np.int64)
    for t in np.flatnonzero(plan.tier["patrols"]):
        every = plan.tier["patrol_every"][t]
        buckets[t] = BUCKETS if every == 0 else min(BUCKETS, int(plan.end // every) + 2)
    return _records(
        TIER, plan.tiers, **{name: plan.tier[name] for name in plan.tier.dtype.names or ()},
        first_unit=plan.first_unit[:-1], after_unit=plan.first_unit[1:], first_role=plan.role_first[:-1],
        roles=np.diff(plan.role_first), buckets=buckets,
    )  # fmt: skip
