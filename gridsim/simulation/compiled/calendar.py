"""The calendar of the compiled engine: pages about one event wide, and in order only what stands on the open page.

An event that lies ahead is put on the page of its time, unsorted. When a page is opened, its events go into a small
binary heap over (time, kind, problem, unit), and so does what is planned for the open page from then on. The pages are
a ring: a page is used again once it is over, and an event of a later round stays on it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .codes import FRESH, PAGE, SPARE, TODAY
from .compile import compiled

# kind, problem and unit in one whole number, so that one comparison settles a tie of times
KIND_SHIFT, PROBLEM_SHIFT = 58, 28
PROBLEM_MASK, UNIT_MASK = (1 << 30) - 1, (1 << 28) - 1
# Events are numbered from 1; what `next` says is the next event of the page, or the next one that is over.
PLANNED = np.dtype([("time", "i8"), ("key", "i8"), ("extra", "i4"), ("next", "i4")])
EVENTS_A_PROBLEM = 4  # or so
MOST_PAGES = 1 << 20  # of the ring: what fits the memory close to the processor


def width_and_pages(end: int, problems: int) -> tuple[int, int]:
    """Give how wide a page is, as a power of two of nanoseconds, and how many there are.

    Parameters
    ----------
    end
        Of the run, in nanoseconds.
    problems
        How many there are.
    """
    events = EVENTS_A_PROBLEM * problems + 64
    width = max(0, (end // events).bit_length() - 1)
    return width, min(MOST_PAGES, 1 << (end >> width).bit_length())


@compiled
def packed(kind: int, problem: int, unit: int) -> int:
    """Pack kind, problem and unit (-1 is nobody) in their order of importance."""
    return (int(kind) << KIND_SHIFT) | ((int(problem) + 1) << PROBLEM_SHIFT) | (int(unit) + 1)


@compiled
def push(w: Any, time: int, kind: int, problem: int, unit: int, extra: int) -> None:
    """Put an event on the calendar, unless the run ends before it."""
    if time > w.settings[0]["end"]:
        return
    i = w.count[SPARE]
    if i > 0:
        w.count[SPARE] = w.planned[i]["next"]
    else:
        i = w.count[FRESH] + 1
        w.count[FRESH] = i
    event = w.planned[i]
    event["time"] = time
    event["key"] = packed(kind, problem, unit)
    event["extra"] = extra
    page = time >> w.settings[0]["page_width"]
    if page <= w.count[PAGE]:
        put_today(w, i)
    else:
        place = page & (len(w.page) - 1)
        event["next"] = w.page[place]
        w.page[place] = i


@compiled
def put_today(w: Any, number: int) -> None:
    """Put an event among those of the open page."""
    time, key = w.planned[number]["time"], w.planned[number]["key"]
    i = w.count[TODAY]
    w.count[TODAY] = i + 1
    while i > 0:
        parent = (i - 1) >> 1
        other = w.planned[w.today[parent]]
        if other["time"] < time or (other["time"] == time and other["key"] <= key):
            break
        w.today[i] = w.today[parent]
        i = parent
    w.today[i] = number


@compiled
def open_next_page(w: Any) -> None:
    """Turn to the next page, and take from it what belongs to this round."""
    page, width = w.count[PAGE] + 1, w.settings[0]["page_width"]
    w.count[PAGE] = page
    place = page & (len(w.page) - 1)
    i = w.page[place]
    if i == 0:
        return
    stays = 0
    while i > 0:
        after = w.planned[i]["next"]
        if w.planned[i]["time"] >> width == page:
            put_today(w, i)
        else:
            w.planned[i]["next"] = stays
            stays = i
        i = after
    w.page[place] = stays


@compiled
def first_until(w: Any, time: int) -> int:
    """The number of the first event on the calendar; 0, which never happens, if no page up to that time has one."""
    last = time >> w.settings[0]["page_width"]
    while w.count[TODAY] == 0:
        if w.count[PAGE] >= last:
            return 0
        open_next_page(w)
    return int(w.today[0])


@compiled
def drop_first(w: Any) -> None:
    """Take the first event off the calendar; its record may be used again."""
    first = w.today[0]
    w.planned[first]["next"] = w.count[SPARE]
    w.count[SPARE] = first
    size = w.count[TODAY] - 1
    w.count[TODAY] = size
    if size == 0:
        return
    last = w.today[size]
    time, key = w.planned[last]["time"], w.planned[last]["key"]
    i = 0
    child = 1
    while child < size:
        one = w.planned[w.today[child]]
        if child + 1 < size:
            other = w.planned[w.today[child + 1]]
            if other["time"] < one["time"] or (other["time"] == one["time"] and other["key"] < one["key"]):
                child += 1
                one = other
        if time < one["time"] or (time == one["time"] and key <= one["key"]):
            break
        w.today[i] = w.today[child]
        i = child
        child = 2 * i + 1
    w.today[i] = last
