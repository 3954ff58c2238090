"""The calendar of the compiled engine: a binary heap over (time, kind, problem, unit)."""

from __future__ import annotations

from typing import Any

from .compile import compiled

# kind, problem and unit in one whole number, so that one comparison settles a tie of times
KIND_SHIFT, PROBLEM_SHIFT = 58, 28
PROBLEM_MASK, UNIT_MASK = (1 << 30) - 1, (1 << 28) - 1


@compiled
def packed(kind: int, problem: int, unit: int) -> int:
    """Pack kind, problem and unit (-1 is nobody) in their order of importance."""
    return (int(kind) << KIND_SHIFT) | ((int(problem) + 1) << PROBLEM_SHIFT) | (int(unit) + 1)


@compiled
def push(w: Any, time: int, kind: int, problem: int, unit: int, extra: int) -> None:
    """Put an event on the calendar, unless the run ends before it."""
    if time > w.settings[0]["end"]:
        return
    key = packed(kind, problem, unit)
    times, keys, extras = w.heap_time, w.heap_key, w.heap_extra
    i = w.count[0]
    w.count[0] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        if times[parent] < time or (times[parent] == time and keys[parent] <= key):
            break
        times[i], keys[i], extras[i] = times[parent], keys[parent], extras[parent]
        i = parent
    times[i], keys[i], extras[i] = time, key, extra


@compiled
def drop_first(w: Any) -> None:
    """Take the first event off the calendar."""
    times, keys, extras = w.heap_time, w.heap_key, w.heap_extra
    size = w.count[0] - 1
    w.count[0] = size
    time, key, extra = times[size], keys[size], extras[size]
    i = 0
    child = 1
    while child < size:
        right = child + 1
        if right < size and (
            times[right] < times[child] or (times[right] == times[child] and keys[right] < keys[child])
        ):
            child = right
        if time < times[child] or (time == times[child] and key <= keys[child]):
            break
        times[i], keys[i], extras[i] = times[child], keys[child], extras[child]
        i = child
        child = 2 * i + 1
    times[i], keys[i], extras[i] = time, key, extra
