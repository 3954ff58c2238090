"""How many replications are enough: rules that look at a study after each batch, and stop it.

A study looks after 8, 16, 32, ... replications, so that few looks are made and the same study stops at the same
replication on any number of workers. Each look, scenario and measure has its share of the error that is allowed
(Bonferroni), so that all that is said holds together at the stated confidence.

Sources: Law, "Simulation Modeling and Analysis", 5th ed. (2015), 9.4.1 (relative precision) and 9.6 (several
measures); Pocock (1977), Biometrika 64(2), on repeated looks, for which Bonferroni's division is the plain, wider bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ..simulation.outcome.measure_table import BUILT_IN, Headline
from .asked import check_whole
from .errors import StudyError

if TYPE_CHECKING:
    from .comparing.comparison import Comparison
    from .run import Run

FIRST_LOOK, MOST = 8, 256
DECISIVE = BUILT_IN.at(Headline.DECIDES)
AUTO, DECIDED = "auto", "decided"


@dataclass(frozen=True)
class Enough:
    """When a study has run enough.

    Parameters
    ----------
    precision
        Largest half-width of the interval of each measure, relative to its mean; empty: none asked for.
    decided
        Measures whose differences from the baseline must have a sign; empty: none asked for.
    most
        Replications after which the study stops in any case.
    confidence
        Of all that is said together, a share of 1.
    """

    precision: Mapping[str, float]
    decided: tuple[str, ...]
    most: int = MOST
    confidence: float = 0.95

    def looks(self) -> list[int]:
        """List the replications after which the study is looked at."""
        looks = [FIRST_LOOK]
        while looks[-1] < self.most:
            looks.append(2 * looks[-1])
        return [min(look, self.most) for look in looks]

    def is_reached(self, study: Comparison) -> bool:
        """Whether the study may stop.

        Raises
        ------
        StudyError
            If a measure that is asked for does not come out.
        """
        study.table(list(self.precision))
        return not self.open_questions(study)

    def open_questions(self, study: Comparison) -> list[str]:
        """Say what is not yet known well enough; nothing if the study may stop."""
        return [*self._imprecise(study), *self._undecided(study)]

    def said(self, study: Comparison) -> str:
        """Say in a sentence how many replications there were and whether they were enough."""
        count = study.runs["replication"].nunique()
        left = self.open_questions(study)
        if not left:
            return f"{count} replications were enough: {self._aim()}."
        rest = f", and {len(left) - 1:,} more questions" if len(left) > 1 else ""
        return (
            f"{count} replications, the most that were allowed, were not enough. Not known is {left[0]}{rest}. Allow"
            " more replications."
        )

    def _aim(self) -> str:
        aims = [f"{name} is known to {share:.3g} of its value" for name, share in self.precision.items()]
        if self.decided:
            aims.append(f"every difference from the baseline in {', '.join(self.decided)} has a sign, or is exactly 0")
        others = [f"{aim[0].upper() if aim.startswith('every') else aim[0]}{aim[1:]}" for aim in aims[1:]]
        return ". ".join([aims[0], *others, f"All of it holds together with {100 * self.confidence:g} % confidence"])

    def _share(self, questions: int) -> float:
        """The confidence of one interval, so that all together have that of the study."""
        return 1.0 - (1.0 - self.confidence) / (max(1, questions) * len(self.looks()))

    def _imprecise(self, study: Comparison) -> list[str]:
        confidence = self._share(len(self.precision) * len(study.scenarios))
        found = []
        for scenario in study.scenarios:
            for name, wanted in self.precision.items():
                mean, low, high = study.interval(scenario, name, confidence)
                if not (high - low) / 2.0 <= wanted * abs(mean):
                    found.append(f"{name} of {scenario}")
        return found

    def _undecided(self, study: Comparison) -> list[str]:
        others = [scenario for scenario in study.scenarios if scenario != study.baseline]
        measures = [name for name in self.decided if name in study.measures]
        confidence = self._share(len(others) * len(measures))
        found = []
        for scenario in others:
            for name in measures:
                gap = study.difference(scenario, name, confidence)
                same = study.values(scenario, name).equals(study.values(study.baseline, name))
                if not (same or gap.low > 0.0 or gap.high < 0.0):
                    found.append(f"whether {name} of {scenario} is above or below that of {study.baseline}")
        return found


def fixed(replications: int) -> int:
    """Ask for exactly so many runs of each scenario: the same as the number itself.

    Parameters
    ----------
    replications
        1 or more.

    Raises
    ------
    StudyError
        If it is no such number.
    """
    return check_whole("replications", replications, 1)


def until_precise(precision: float | Mapping[str, float], most: int = MOST) -> Enough:
    """Ask for runs until means are known well enough, looking after 8, 16, 32 and so on.

    Parameters
    ----------
    precision
        Largest half-width of the interval of a measure relative to its mean, by name; or one number for the share
        closed, closed in time, and the mean response.
    most
        Replications after which the study stops in any case, and says so.

    Raises
    ------
    StudyError
        If one of them cannot be used.
    """
    if precision is None:
        raise StudyError("precision = None: must be above 0 and below 1")
    return Enough(_precision(precision), (), _at_most(most))


def until_decided(most: int = MOST) -> Enough:
    """Ask for runs until every difference from the baseline has a sign, in shares closed and the mean response.

    Parameters
    ----------
    most
        Replications after which the study stops in any case, and says so.

    Raises
    ------
    StudyError
        If it cannot be used.
    """
    return Enough({}, DECISIVE, _at_most(most))


def in_batches(runs: Sequence[Run], enough: Enough | None) -> Iterator[list[Run]]:
    """Cut the runs of a study into the batches after which it is looked at; without a rule, one.

    Parameters
    ----------
    runs
        All of them, replication by replication.
    enough
        When the study has run enough.
    """
    for first, after in pairwise([0, *enough.looks()] if enough else [0, len(runs)]):
        yield [run for run in runs if first <= run.replication < after]


def enough_of(
    replications: object, precision: float | Mapping[str, float] | None, until: str | None, most: int,
    confidence: float,
) -> Enough | None:  # fmt: skip
    """Understand what a study is asked to stop at; None where the number of replications is given.

    Parameters
    ----------
    replications
        A number, or "auto".
    precision
        A relative half-width for `DECISIVE`, or one by measure.
    until
        "decided", or nothing.
    most
        Replications after which the study stops in any case.
    confidence
        Of all that is said together.

    Raises
    ------
    StudyError
        If what is asked for does not fit together.
    """
    if replications != AUTO:
        if isinstance(replications, str):
            raise StudyError(f"replications = {replications!r}: must be a whole number of at least 1, or 'auto'")
        if precision is not None or until is not None:
            raise StudyError("precision and until say when to stop: they need replications='auto'")
        return None
    if until not in (None, DECIDED):
        raise StudyError(f"until = {until!r}: must be 'decided' or absent")
    wanted = _precision(precision)
    decided = DECISIVE if until == DECIDED or not wanted else ()
    return Enough(wanted, decided, _at_most(most), confidence)


def _at_most(most: int) -> int:
    return check_whole("most", most, 2)


def _precision(precision: float | Mapping[str, float] | None) -> dict[str, float]:
    if precision is None:
        return {}
    wanted = dict(precision) if isinstance(precision, Mapping) else dict.fromkeys(DECISIVE, precision)
    for name, share in wanted.items():
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0.0 < share < 1.0:
            raise StudyError(f"precision of {name} = {share!r}: must be above 0 and below 1")
    return {name: float(share) for name, share in wanted.items()}
