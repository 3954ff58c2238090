"""The end of a run of the compiled engine: how each problem ended, and the time that still runs."""

from __future__ import annotations

from typing import Any

from ..events import Status
from ..rules import UNSET
from .codes import (
    CLOSED,
    INBOX,
    INBOX_HOURS,
    NEXT,
    QUEUE,
    QUEUE_HOURS,
    SERVICE,
    TRAVEL_HOURS,
    TRIAGE,
    TRIAGE_HOURS,
    UNRESOLVED,
    WORK_HOURS,
)
from .compile import compiled
from .kernel import comes_to_be
from .queues import leaves_inbox, spends

IS_OPEN, IS_CLOSED = Status.OPEN.value, Status.CLOSED.value
IS_UNREPORTED, IS_UNRESOLVED = Status.UNREPORTED.value, Status.UNRESOLVED.value


@compiled
def close_books(w: Any) -> None:
    """Write down how each problem ended, and count for each open one the time up to the end of the run."""
    for p in range(len(w.problem)):
        if p >= w.count[NEXT]:
            comes_to_be(w, p)
        write_down(w, p)
        if w.problem[p]["place"] != CLOSED:
            count_what_runs(w, p)


@compiled
def write_down(w: Any, p: int) -> None:
    """How a problem ended, in the order of INSTANTS, MARKS and TALLIES, and where."""
    x, tier = w.problem[p], -1
    if x["place"] == CLOSED:
        tier = w.unit[x["unit"]]["tier"]
    response = x["first_response_at"]
    w.instants[0, p] = x["reported_at"]
    w.instants[1, p] = response if response <= w.settings[0]["end"] else UNSET
    w.instants[2, p] = x["closed_at"]
    w.instants[3, p] = x["ended_at"]
    w.instants[4, p] = x["petitioned_at"]
    w.instants[5, p] = x["due_at"]
    w.marks[0, p] = x["source"]
    w.marks[1, p] = tier
    w.marks[2, p] = status(w, p)
    w.marks[3, p] = x["urgency"]
    w.tallies[0, p] = x["attempts"] & 255
    w.tallies[1, p] = x["reworks"] & 255
    w.last_unit[p] = x["unit"]


@compiled
def status(w: Any, p: int) -> int:
    """How a problem stands at the end."""
    x = w.problem[p]
    if x["place"] == CLOSED:
        return IS_CLOSED
    if x["place"] == UNRESOLVED:
        return IS_UNRESOLVED
    return IS_UNREPORTED if x["reported_at"] == UNSET else IS_OPEN


@compiled
def count_what_runs(w: Any, p: int) -> None:
    """Count the part of an open problem's time that still runs."""
    x, end = w.problem[p], w.settings[0]["end"]
    place, entered_at = x["place"], x["entered_at"]
    if place == INBOX:
        spends(w, p, INBOX_HOURS, end - entered_at)
        leaves_inbox(w, p, end)
    elif place == TRIAGE:
        spends(w, p, TRIAGE_HOURS, end - entered_at)
    elif place == QUEUE:
        spends(w, p, QUEUE_HOURS, end - entered_at)
    elif place == SERVICE:
        started = min(end, x["work_starts_at"])
        spends(w, p, TRAVEL_HOURS, started - entered_at)
        spends(w, p, WORK_HOURS, end - started)
