"""The end of a run of the Mesa model: its problems and pools as the arrays that measures are computed from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..events import INBOX_HOURS, PARTS, QUEUE_HOURS, TRAVEL_HOURS, TRIAGE_HOURS, WORK_HOURS, Place, Reason, Status
from ..outcome.outcome import Outcome, mean_trust
from ..rules import UNSET

if TYPE_CHECKING:
    from .model import GridModel
    from .problem import Problem


WAITING = {Place.INBOX.value: INBOX_HOURS, Place.TRIAGE.value: TRIAGE_HOURS, Place.QUEUE.value: QUEUE_HOURS}


def outcome_of_model(model: GridModel) -> Outcome:
    """Collect what happened until now.

    Parameters
    ----------
    model
        A model that has run; problems still open count their time up to the end of the run.
    """
    plan, problems, end = model.plan_at_first, model.problems, model.now
    books = model.booking

    def column(name: str, dtype: str) -> np.ndarray:
        return np.array([getattr(problem, name) for problem in problems], dtype=dtype)

    closed_at, response = column("closed_at", "i8"), column("first_response_at", "i8")
    response[response > end] = UNSET
    residents = list(model._residents.values())
    trust = np.array([r.trust for r in sorted(residents, key=lambda r: r.number)], dtype=np.float64)
    trust = trust[trust != plan.trust]
    by_tier = _by_tier(model, end)
    return Outcome(
        scenario=model.scenario,
        demand=model.demand,
        plan=plan,
        reported_at=column("reported_at", "i8"),
        source=column("source", "i1"),
        first_response_at=response,
        closed_at=closed_at,
        ended_at=column("ended_at", "i8"),
        closed_tier=np.array([p.unit.tier if p.unit and p.place == Place.CLOSED else -1 for p in problems], "i1"),
        status=np.array([_status(problem) for problem in problems], dtype="i1"),
        urgency=column("urgency", "i1"),
        escalations=_escalations(problems),
        attempts=column("attempts", "u1"),
        reworks=column("reworks", "u1"),
        petitioned_at=column("petitioned_at", "i8"),
        due_at=column("due_at", "i8"),
        where=np.array([_where(problem, end) for problem in problems], "i8").reshape(len(problems), len(PARTS)),
        visits=np.array(books.visits, dtype="i8"),
        use=np.array(books.use, dtype="f8").reshape(len(plan.pools), 4),
        overtime=np.array(books.overtime, dtype="f8"),
        offered=np.array(books.offered, dtype="f8"),
        offered_to_leaders=np.array(books.offered_to_leaders, dtype="f8"),
        taken=np.array(books.taken, dtype="f8"),
        inbox_off_duty=np.array([books.off_duty_until(problem, end) for problem in problems], dtype="i8"),
        trust=trust,
        trust_mean=mean_trust(trust, plan),
        where_by_tier=by_tier,
        events=model.log,
        stopped_at=end if end < plan.end else None,
    )


def _status(problem: Problem) -> int:
    if problem.place == Place.CLOSED:
        return Status.CLOSED
    if problem.place == Place.UNRESOLVED:
        return Status.UNRESOLVED
    return Status.UNREPORTED if problem.reported_at == UNSET else Status.OPEN


def _escalations(problems: list[Problem]) -> np.ndarray:
    result = np.zeros((len(problems), len(Reason)), dtype="u1")
    for problem in problems:
        if problem.escalations is not None:
            result[problem.number] = problem.escalations
    return result


def _still(problem: Problem, end: int) -> list[tuple[int, int]]:
    """The part of an open problem's time that is still running at the end of the run."""
    if problem.ended_at != UNSET:
        return []
    waiting = WAITING.get(int(problem.place))
    if waiting is not None:
        return [(waiting, end - problem.entered_at)]
    if problem.place == Place.SERVICE:
        started = min(end, problem.work_starts_at)
        return [(TRAVEL_HOURS, started - problem.entered_at), (WORK_HOURS, end - started)]
    return []


def _where(problem: Problem, end: int) -> list[int]:
    where = list(problem.where)
    for part, time in _still(problem, end):
        where[part] += time
    return where


def _by_tier(model: GridModel, end: int) -> np.ndarray | None:
    if not model.problems or model.problems[0].by_tier is None:
        return None
    result = np.zeros((len(model.problems), model.plan.tiers, len(PARTS)), np.int64)
    for problem in model.problems:
        for (tier, part), time in (problem.by_tier or {}).items():
            result[problem.number, tier, part] = time
        for part, time in _still(problem, end):
            if problem.unit is not None:
                result[problem.number, problem.unit.tier, part] += time
    return result
