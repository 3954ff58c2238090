"""Kinds, places, reasons and sources as plain whole numbers, and where the counters of a world stand, for compiled code."""

from __future__ import annotations

from .. import rules
from ..events import Busy, Event, Overdue, Part, Place, Reason, Source

INFINITY = float("inf")  # of authorities and distances; an instant that does not come is NEVER
NOT_YET, INBOX, QUEUE, SERVICE = Place.NOT_YET.value, Place.INBOX.value, Place.QUEUE.value, Place.SERVICE.value
SETS_OUT, END_OF_WORK = Event.SETS_OUT.value, Event.END_OF_WORK.value
# The entries of World.count. Of the calendar: events of the open page, its number, a record that is over, records
# used; then who is home at once; then what a policy did wrong, with its step and the problem.
LOG, NEXT, TOUCHED, ENDED_FIRST, ENDED_AFTER, TODAY, PAGE, SPARE, FRESH, HOME, FAULT, FAULT_STEP, FAULT_PROBLEM = (
    COUNTERS
) = range(13)
HIDDEN, TRIAGE = Place.HIDDEN.value, Place.TRIAGE.value
CLOSED, UNRESOLVED = Place.CLOSED.value, Place.UNRESOLVED.value
EDGE_OF_HOURS, PATROL_DUE, PEOPLE_FREE = Event.EDGE_OF_HOURS.value, Event.PATROL_DUE.value, Event.PEOPLE_FREE.value
END_OF_TRIAGE = Event.END_OF_TRIAGE.value
END_OF_PATROL, MATURING, REPORT = Event.END_OF_PATROL.value, Event.MATURING.value, Event.REPORT.value
TIME_LIMIT, OVERDUE, PATIENCE = Event.TIME_LIMIT.value, Event.OVERDUE.value, Event.PATIENCE.value
ARRIVES, TRIAGE_BEGINS, LEADER_SETS_OUT = Event.ARRIVES.value, Event.TRIAGE_BEGINS.value, Event.LEADER_SETS_OUT.value
PATROL_BEGINS, CLOSES, BECOMES_UNRESOLVED = Event.PATROL_BEGINS.value, Event.CLOSES.value, Event.UNRESOLVED.value
FOR_TIME_LIMIT, FOR_OVERDUE = Reason.TIME_LIMIT.value, Reason.OVERDUE.value
FOR_FAILED, FOR_PETITION, FOR_POLICY = Reason.FAILED.value, Reason.PETITION.value, Reason.POLICY.value
BY_RESIDENT, BY_PATROL = Source.RESIDENT.value, Source.PATROL.value
BY_INFORMANT, BY_INCIDENT = Source.INFORMANT.value, Source.INCIDENT.value
EXPEDITE = Overdue.EXPEDITE.value
OVERDUE_ENDS, PATIENCE_ENDS = rules.OVERDUE, rules.PATIENCE  # the moments; OVERDUE and PATIENCE are events here
BITS = 62  # of a whole number, for roles; roles of which there are more share them
BUSY_TRAVEL, BUSY_WORK, BUSY_TRIAGE, BUSY_PATROL = (busy.value for busy in Busy)
INBOX_HOURS, TRIAGE_HOURS, QUEUE_HOURS, TRAVEL_HOURS, WORK_HOURS, LOST_HOURS = (part.value for part in Part)
