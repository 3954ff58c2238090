"""The end of a run of the Mesa model: its problems and pools as the arrays that measures are computed from."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from ..events import NO_ONE_YET, NOBODY, PARTS, Part, Place, Reason, Status
from ..outcome.outcome import Outcome, mean_trust
from ..rules import UNSET

if TYPE_CHECKING:
    from .model import GridModel
    from .problem import Problem


WAITING = {Place.INBOX.value: Part.INBOX, Place.TRIAGE.value: Part.TRIAGE, Place.QUEUE.value: Part.QUEUE}


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
        return np.fromiter(map(attrgetter(name), problems), dtype, len(problems))

    reported_at, response, place = column("reported_at", "i8"), column("first_response_at", "i8"), column("place", "i1")
    response[response > end] = UNSET
    off_duty = column("inbox_off_duty", "i8")
    for number in np.flatnonzero(place == Place.INBOX).tolist():
        off_duty[number] = books.off_duty_until(problems[number], end)
    trust = _trust(model)
    return Outcome(
        scenario=model.scenario,
        demand=model.demand,
        plan=plan,
        reported_at=reported_at,
        source=column("source", "i1"),
        first_response_at=response,
        closed_at=column("closed_at", "i8"),
        ended_at=column("ended_at", "i8"),
        closed_tier=_closed_tier(problems),
        unit=_unit(problems),
        team=_team(model),
        status=_status(place, reported_at),
        urgency=column("urgency", "i1"),
        escalations=_escalations(problems, Reason.POLICY if model.policy is None else len(Reason)),
        attempts=column("attempts", "u1"),
        reworks=column("reworks", "u1"),
        petitioned_at=column("petitioned_at", "i8"),
        due_at=column("due_at", "i8"),
        where=_where(problems, end),
        visits=np.array(books.visits, dtype="i8"),
        use=np.array(books.use, dtype="f8").reshape(len(plan.pools), 4),
        overtime=np.array(books.overtime, dtype="f8"),
        offered=np.array(books.offered, dtype="f8"),
        offered_to_leaders=np.array(books.offered_to_leaders, dtype="f8"),
        taken=np.array(books.taken, dtype="f8"),
        inbox_off_duty=off_duty,
        trust=trust,
        trust_mean=mean_trust(trust, plan),
        where_by_tier=_by_tier(model, end),
        events=model.log,
        stopped_at=end if end < plan.end else None,
    )


def _trust(model: GridModel) -> np.ndarray:
    """Trust of the residents in whom it changed, in the order of their numbers."""
    residents = sorted(model._residents.values(), key=attrgetter("number"))
    first = model.plan_at_first.settings.trust
    return np.array([resident.trust for resident in residents if resident.trust != first], dtype=np.float64)


def _closed_tier(problems: list[Problem]) -> np.ndarray:
    closed = Place.CLOSED
    return np.array([p.unit.tier if p.place == closed and p.unit else -1 for p in problems], "i1")


def _unit(problems: list[Problem]) -> np.ndarray:
    return np.array([NOBODY if p.unit is None else p.unit.number for p in problems], "i4")


def _team(model: GridModel) -> np.ndarray:
    """Who last set out to each problem: roles numbered through all tiers."""
    plan, problems = model.plan, model.problems
    first_role: list[int] = plan.role_first.tolist()
    result = np.full((len(problems), max(len(skills) for skills in plan.skills_of)), NO_ONE_YET, "i2")
    for number, problem in enumerate(problems):
        if problem.sent_by is not None:
            first = first_role[problem.sent_by.tier]
            team = [role if role == NOBODY else first + role for role in problem.team]
            result[number, : len(team)] = team
    return result


def _status(place: np.ndarray, reported_at: np.ndarray) -> np.ndarray:
    result = np.where(reported_at == UNSET, Status.UNREPORTED, Status.OPEN).astype("i1")
    result[place == Place.CLOSED] = Status.CLOSED
    result[place == Place.UNRESOLVED] = Status.UNRESOLVED
    return result


def _escalations(problems: list[Problem], reasons: int) -> np.ndarray:
    result = np.zeros((len(problems), reasons), dtype="u1")
    for number, problem in enumerate(problems):
        if problem.escalations is not None:
            result[number] = problem.escalations[:reasons]
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
        return [(Part.TRAVEL, started - problem.entered_at), (Part.WORK, end - started)]
    return []


def _where(problems: list[Problem], end: int) -> np.ndarray:
    spent = [problem.where for problem in problems]
    result = np.array([[where.get(part, 0) for where in spent] for part in range(len(PARTS))], "i8")
    for number, problem in enumerate(problems):
        if problem.ended_at == UNSET:
            for part, time in _still(problem, end):
                result[part, number] += time
    return np.ascontiguousarray(result.T)


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
