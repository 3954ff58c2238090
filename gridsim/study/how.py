"""How a study is run, as one object or as keywords: the same for every function that runs one.

What changes a number (seed, engine, records, confidence, rules and agents of one's own) is honoured by every function, or
refused in a sentence. Who plays and what is kept changes none: a function without use for it leaves it aside.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypedDict

from ..scenario.given import shown
from .asked import check_confidence, check_executor, check_whole
from .errors import StudyError, unknown
from .stopping import AUTO, MOST, Enough, enough_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from ..simulation.outcome.measure_table import Measure
    from ..simulation.policy import Rule

REPLICATIONS = 20
STOPPING = ("precision", "until", "most")  # keywords that make a rule of replications="auto"


class Absent(Enum):
    """What stands where nothing was given, so that None is a value like any other, and a wrong one."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent.ABSENT


class HowKeywords(TypedDict, total=False):
    """How a study is run, as keywords; each as in `How`."""

    executor: Executor | None
    store: str | os.PathLike[str] | None
    workers: int | None
    progress: bool
    engine: str
    records: Any
    confidence: float
    policy: Rule | Mapping[str, Rule | None] | None
    agents: Mapping[str, type] | None
    measures: Measure | Sequence[Measure] | None
    retry_failed: bool


class StoppingKeywords(HowKeywords, total=False):
    """The same, and when replications="auto" may stop: as `until_precise` and `until_decided` say."""

    precision: float | Mapping[str, float] | None
    until: str | None
    most: int


class StudyKeywords(StoppingKeywords, total=False):
    """The same, with the number of runs and their seed."""

    replications: int | str | Enough
    seed: int


@dataclass(frozen=True)
class How:
    """How a study is run: how often, on which problems, and by whom.

    Parameters
    ----------
    replications
        How many runs of each scenario, or a rule: `until_precise(0.05)`, `until_decided()`; absent: as many as the
        function says, 20 for `compare`.
    seed
        Seed of the study, 0 or more; each replication derives its own from it, the same for all scenarios.
    workers
        How many processes; 1: none but this one; absent: one per processor. The numbers are the same.
    executor
        Who plays the runs, any `concurrent.futures.Executor`; absent: a pool of local processes.
    store
        A file that keeps finished runs: what is in it is not played again. It is made if it is not there.
    progress
        Whether to show a bar with the time left, in a terminal or a notebook.
    engine, records
        As for `simulate`.
    confidence
        Of the intervals, a share of 1.
    policy
        An escalation rule of one's own, as for `simulate`: for all scenarios, or by the names of those that have one.
    agents
        Classes of one's own by the names that `simulate` gives them, {"leader": MyLeader}: all run under Mesa then.
    measures
        Measures of one's own (`gridsim.Measure`), each a function of a run's result; they come out beside the package's.
    retry_failed
        Whether runs that the store has as failed are played again.

    Raises
    ------
    StudyError
        If a value cannot be used, before anything runs.
    """

    replications: int | Enough | None = None
    seed: int = 0
    workers: int | None = None
    executor: Executor | None = None
    store: str | os.PathLike[str] | None = None
    progress: bool = True
    engine: str = "auto"
    records: Any = None
    confidence: float = 0.95
    policy: Rule | Mapping[str, Rule | None] | None = None
    agents: Mapping[str, type] | None = None
    measures: Measure | Sequence[Measure] | None = None
    retry_failed: bool = False

    def __post_init__(self) -> None:
        from ..simulation.simulate import ENGINES

        if self.replications is not None and not isinstance(self.replications, Enough):
            object.__setattr__(self, "replications", check_whole("replications", self.replications, 1))
        object.__setattr__(self, "seed", check_whole("seed", self.seed, 0))
        if self.workers is not None:
            check_whole("workers", self.workers, 1)
        if self.engine not in ENGINES:
            raise unknown("engine", self.engine, ENGINES)
        check_confidence(self.confidence)
        check_executor(self.executor)

    @property
    def enough(self) -> Enough | None:
        """The rule by which the study finds how many replications are enough; None where they are counted."""
        return replace(self.replications, confidence=self.confidence) if isinstance(self.replications, Enough) else None

    @property
    def most(self) -> int:
        """How many replications there are at most."""
        return self.replications.most if isinstance(self.replications, Enough) else self.replications or REPLICATIONS

    def counted(self, who: str) -> int:
        """The number of replications, for what cannot stop by a rule.

        Parameters
        ----------
        who
            Name of the function that needs a number, for the message.
        """
        if isinstance(self.replications, Enough):
            raise StudyError(f"{who} needs a number of replications: give replications=12, not a stopping rule")
        return self.replications or REPLICATIONS


KNOWN = tuple(field.name for field in fields(How))
USUAL = {field.name: field.default for field in fields(How)}


def as_how(
    who: str, how: How | None, given: Mapping[str, Any], replications: int = REPLICATIONS,
    without: tuple[str, ...] = (),
) -> How:  # fmt: skip
    """Take how a study is run: an object, keywords, or both where they do not say the same.

    Parameters
    ----------
    who
        Name of the function that is asked, for messages.
    how
        The object; None: keywords alone.
    given
        The keywords.
    replications
        How many runs the function does where nothing is said.
    without
        What the function has no use for.

    Raises
    ------
    StudyError
        If a keyword is not known, is given twice, or cannot be used.
    """
    if how is not None and not isinstance(how, How):
        raise StudyError(f"how = {shown(how)}: must be a gridsim.How, such as How(replications=20, seed=1)")
    said = {name: value for name, value in given.items() if value is not ABSENT}
    for name in said:
        if name in without or name not in (*KNOWN, *STOPPING):
            allowed = [one for one in (*KNOWN, *STOPPING) if one not in without]
            raise unknown(f"keyword of {who}", name, allowed)
        if how is not None and _says(how, "replications" if name in STOPPING else name):
            raise StudyError(f"{name} is given twice: in how and beside it; give it once")
    found = replace(how or How(), **_with_rule(said, how))
    if refused := next((name for name in without if name in CHANGES_NUMBERS and _says(found, name)), None):
        raise StudyError(f"{who} has no use for {refused}: leave it out of how")
    return found if found.replications is not None else replace(found, replications=replications)


CHANGES_NUMBERS = ("records", "policy", "agents", "engine", "confidence")


def _says(how: How, name: str) -> bool:
    return getattr(how, name) is not USUAL[name]


def _with_rule(said: Mapping[str, Any], how: How | None) -> dict[str, Any]:
    """Keywords as fields: what says when to stop becomes a rule."""
    if "replications" in said and said["replications"] is None:
        raise StudyError("replications = None: must be a whole number of at least 1, 'auto' or a stopping rule")
    fields_said = {name: value for name, value in said.items() if name not in STOPPING}
    stop = {name: said[name] for name in STOPPING if name in said}
    replications = said.get("replications")
    if isinstance(replications, str) or any(stop.get(name) is not None for name in ("precision", "until")):
        confidence = said.get("confidence", how.confidence if how else USUAL["confidence"])
        fields_said["replications"] = enough_of(
            replications, stop.get("precision"), stop.get("until"), stop.get("most", MOST), confidence
        )
    return fields_said


__all__ = ["ABSENT", "AUTO", "Absent", "How", "HowKeywords", "StoppingKeywords", "StudyKeywords", "as_how"]
