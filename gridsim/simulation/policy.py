"""An escalation rule of one's own: a plain function that is asked for a step, and what it is told.

Both engines ask it at the same moments with the same numbers; what the scenario's own rules would do is one of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..scenario.errors import ScenarioError
from . import rules
from .own_code import digest_of, forbidden_names, place_of

if TYPE_CHECKING:
    from .plan.plan import Plan

Rule = Callable[["Asked"], int]

MOMENTS = (
    "at a decision",
    "when a time limit ends",
    "when a problem is overdue",
    "after a failed attempt",
    "when patience ends",
)
STEPS = {
    rules.UP: "gs.UP", rules.STAY: "gs.STAY", rules.DOWN: "gs.DOWN", rules.ALONE: "gs.ALONE", rules.JOIN: "gs.JOIN",
}  # fmt: skip
# What went wrong when a policy was asked; the compiled engine notes the number and stops.
RAISED, NOT_POSSIBLE, TWO_ANSWERS, FOR_EVER = 1, 2, 3, 4


class Asked(NamedTuple):
    """What a policy is told when a step is chosen for a problem; numbers only.

    Parameters
    ----------
    moment
        `gs.DECISION`, `gs.LIMIT`, `gs.OVERDUE`, `gs.FAILED` or `gs.PATIENCE`.
    usual
        The step of the scenario's own rules.
    type, tier
        Numbers from 0, as the scenario lists them.
    urgency
        `gs.ROUTINE`, `gs.URGENT` or `gs.EMERGENCY`.
    difficulty
        As it looks, 0 to 1.
    waited_here, since_report
        Hours since it arrived at this unit, and since it was reported.
    hour_of_week
        0 (Monday 0:00 to 1:00) to 167.
    queue
        Other problems in the unit's queue that need one of its skills.
    could_start
        At a decision and after a failure: whether people are free to set out to it at once; else False.
    can_here, can_above, can_below
        Whether it can join this unit, whether somebody above can serve it, and whether it may go down.
    alone
        Whether the leader who has just triaged it may handle it alone.
    failed
        The highest authority that failed; -1: nobody did.
    attempts, moves
        How often people set out to it, and how often it went up.
    """

    moment: int = rules.DECISION
    usual: int = rules.JOIN
    type: int = 0
    tier: int = 0
    urgency: int = rules.ROUTINE
    difficulty: float = 0.0
    waited_here: float = 0.0
    since_report: float = 0.0
    hour_of_week: int = 0
    queue: int = 0
    could_start: bool = False
    can_here: bool = True
    can_above: bool = True
    can_below: bool = False
    alone: bool = False
    failed: float = -1.0
    attempts: int = 0
    moves: int = 0


class Policy:
    """A rule that was given, with its name and what it is made of.

    Parameters
    ----------
    rule
        A function of one `Asked` that gives a step.

    Raises
    ------
    ScenarioError
        If it is no such function, or asks for chance or the time of day.
    """

    def __init__(self, rule: Rule) -> None:
        if not callable(rule) or isinstance(rule, type):
            raise ScenarioError(
                f"policy = {rule!r:.80}: must be a function of what is asked that gives a step, such as `lambda p: p.usual`"
            )
        self.rule = rule
        self.name = str(getattr(rule, "__name__", type(rule).__name__))
        self.place = place_of(rule)
        if names := forbidden_names(rule):
            raise ScenarioError(
                f"policy {self}: uses {names[0]!r}; a rule must give the same step for the same numbers, without chance or clock"
            )

    def __str__(self) -> str:
        return f"{self.name!r}{self.place}"

    @property
    def digest(self) -> str:
        """Hash of the function's code and of what it closes over."""
        return digest_of(self.rule)

    def __reduce__(self) -> tuple[Any, ...]:
        import cloudpickle

        return _unpacked, (cloudpickle.dumps(self.rule),)

    def step(self, asked: Asked, where: str) -> int:
        """Ask for a step, twice, and check it.

        Parameters
        ----------
        asked
            What the rule is told.
        where
            Which problem, for a message.

        Raises
        ------
        ScenarioError
            If the rule raises, gives two answers or a step that cannot be taken.
        """
        try:
            step, again = self.rule(asked), self.rule(asked)
        except Exception as error:
            raise self.fault(RAISED, asked, 0, where, error) from error
        if step is not again and step != again:
            raise self.fault(TWO_ANSWERS, asked, step, where)
        if isinstance(step, float) or not _is_possible(step, asked):
            raise self.fault(NOT_POSSIBLE, asked, step, where)
        return int(step)

    def fault(self, number: int, asked: Asked, step: Any, where: str, error: Exception | None = None) -> ScenarioError:
        """Say what is wrong with an answer.

        Parameters
        ----------
        number
            RAISED, NOT_POSSIBLE, TWO_ANSWERS or FOR_EVER.
        asked, step
            What the rule was told, and what it gave.
        where
            Which problem.
        error
            What it raised.
        """
        begin = f"policy {self}, {MOMENTS[asked.moment]}, for {where}"
        if number == RAISED:
            return ScenarioError(f"{begin}: raised {type(error).__name__}: {error}")
        if number == TWO_ANSWERS:
            return ScenarioError(
                f"{begin}: gave two answers to one question; a rule keeps nothing between two questions"
            )
        if number == FOR_EVER:
            return ScenarioError(
                f"{begin}: gave gs.STAY under after_hours = 0, so it would be asked for ever; give gs.UP"
            )
        allowed = [name for value, name in STEPS.items() if _is_possible(value, asked)]
        given = STEPS.get(step, repr(step)) if isinstance(step, int) else repr(step)
        return ScenarioError(f"{begin}: gave {given:.80}; possible here: {', '.join(allowed)}")

    def what_it_raises(self, asked: Asked) -> Exception:
        """Ask once more, to have the error that a compiled rule cannot hand over."""
        try:
            self.rule(asked)
        except Exception as error:
            return error
        return RuntimeError("an error that the rule raises only when it is compiled")


def problem_in_words(number: int, asked: Asked, plan: Plan, now: int) -> str:
    """Name a problem for a message.

    Parameters
    ----------
    number
        Of the problem.
    asked
        What the policy was told of it.
    plan
        For the names.
    now
        The instant.
    """
    where = f"{plan.type_names[asked.type]}, in tier {plan.tier_names[asked.tier]}"
    return f"problem {number} ({where}, at {now / rules.HOUR:.6g} h)"


def as_policy(rule: Any) -> Policy | None:
    """Take what is given as `policy`; None stays None.

    Parameters
    ----------
    rule
        A function, or a policy already.
    """
    return rule if rule is None or isinstance(rule, Policy) else Policy(rule)


def _is_possible(step: Any, asked: Asked) -> bool:
    try:
        number = int(step)
    except (TypeError, ValueError):
        return False
    return number == step and rules.can_be_taken(
        number, asked.moment, asked.can_here, asked.can_above, asked.can_below, asked.alone
    )


def _unpacked(code: bytes) -> Policy:
    import pickle

    return Policy(pickle.loads(code))
