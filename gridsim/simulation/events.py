"""In which order: the kinds of event and the order of those that fall on the same instant.

Events are ordered by time, then kind, then problem, then unit, and never by when they were put on the calendar.
This table is the only place that says so; both engines read it.
"""

from enum import IntEnum
from typing import TypeVar

Codes = TypeVar("Codes", bound=type[IntEnum])


def read_at_once(codes: Codes) -> Codes:
    """Make members plain attributes, as they are from Python 3.12 on: 3.11 calls a function whenever one is named."""
    for member in codes:
        type.__setattr__(codes, member.name, member)
    return codes


@read_at_once
class Event(IntEnum):
    """What happens, in the order in which things of the same instant happen."""

    EDGE_OF_HOURS = 0
    PATROL_DUE = 1
    PEOPLE_FREE = 2
    END_OF_WORK = 3
    END_OF_TRIAGE = 4
    END_OF_PATROL = 5
    MATURING = 6
    REPORT = 7
    TIME_LIMIT = 8
    OVERDUE = 9
    PATIENCE = 10
    # What follows an event at once; these are never on the calendar, only in the event log.
    ARRIVES = 11
    TRIAGE_BEGINS = 12
    SETS_OUT = 13
    LEADER_SETS_OUT = 14
    PATROL_BEGINS = 15
    CLOSES = 16
    UNRESOLVED = 17


@read_at_once
class Place(IntEnum):
    """Where a problem is; it is in exactly one place."""

    NOT_YET = 0
    HIDDEN = 1  # hidden or unreported: it waits to be found or to mature
    INBOX = 2
    TRIAGE = 3
    QUEUE = 4
    SERVICE = 5  # somebody travels to it or works on it
    CLOSED = 6
    UNRESOLVED = 7


@read_at_once
class Source(IntEnum):
    """Who brought a problem to the organisation."""

    NONE = -1
    RESIDENT = 0
    PATROL = 1
    INFORMANT = 2
    INCIDENT = 3


@read_at_once
class Reason(IntEnum):
    """Why a problem went up."""

    AUTHORITY = 0
    SKILL = 1
    LOAD = 2
    TIME_LIMIT = 3
    OVERDUE = 4
    FAILED = 5
    PETITION = 6
    POLICY = 7  # what a policy of one's own sent up where another step was usual


@read_at_once
class Status(IntEnum):
    """How a problem stands at the end of the run."""

    UNREPORTED = 0
    OPEN = 1
    CLOSED = 2
    UNRESOLVED = 3


@read_at_once
class Overdue(IntEnum):
    """What the end of a type's limit does."""

    NONE = 0
    EXPEDITE = 1
    ESCALATE = 2


@read_at_once
class Part(IntEnum):
    """Where a problem's time goes."""

    INBOX = 0
    TRIAGE = 1
    QUEUE = 2
    TRAVEL = 3
    WORK = 4
    LOST = 5


@read_at_once
class Busy(IntEnum):
    """What people are busy with."""

    TRAVEL = 0
    WORK = 1
    TRIAGE = 2
    PATROL = 3


NOBODY = -1  # in place of a problem or a unit where an event has none
NO_ONE_YET = -2  # in place of the people who last set out to a problem where nobody has
PARTS = tuple(part.name.lower() for part in Part)

LOG_FIELDS = [("time", "i8"), ("kind", "i1"), ("problem", "i4"), ("unit", "i4")]
