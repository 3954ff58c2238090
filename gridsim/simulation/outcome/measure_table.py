"""The table of measures: of each its name, words, unit, direction, bounds, and in which tables it stands.

Whatever shows, weighs or compares a measure reads its row here; nothing is guessed from a name. A measure of a tier, a role
or a reason has one row for all of them: `utilisation.<tier>.<role>`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from ...scenario.errors import STEERS

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from .result import Result

HOURS, SHARE, PROBLEMS, MONEY, PER_PROBLEM = "h", "share of 1", "problems", "wages", "per problem"
PER_DAY, INDEX = "per day", ""
HIGH, LOW, NEITHER = "high", "low", ""
UNBOUNDED = math.inf
PART = re.compile(r"<(\w+)>")


class Headline(IntEnum):
    """Where a measure stands; each place holds what the places below it in this list hold."""

    FILES = 0  # in files alone
    LIST = 1  # in lists of all measures
    RUN = 2  # in the short list of one run
    STUDY = 3  # in the short list of a comparison
    TABLE = 4  # in tables and figures of comparisons
    DIFFERENCES = 5  # in tables of differences and in the main job
    NARROW = 6  # in narrow terminals too
    DECIDES = 7  # says when a study that stops by itself has run enough


@dataclass(frozen=True)
class Measure:
    """What is to be known of a measure, beside its number.

    Parameters
    ----------
    name
        As in `Result.measures`. In the package's table parts in angle brackets stand for tiers, roles and reasons.
    of
        A measure of one's own: a function of the `Result` of a run that gives one number. None: the package's.
    words
        What a reader calls it; absent: its name.
    short
        A heading of a table, in one line or two; absent: the words.
    unit
        "h", "share of 1" (shown in percent), "problems", or any other; empty: none.
    better
        "high", "low", or empty where neither is better.
    most, least
        The largest and the smallest value that there can be.
    per
        The count of problems that it is a share of, such as "reported"; empty: of none.
    headline
        Where it stands (`Headline`); False: in lists of all measures alone.
    counted
        Whether it counts problems at one instant, 0 in many runs.
    above
        What more than 1 means: "overtime".
    meaning
        How it is computed, as the model description says it.
    """

    name: str
    of: Callable[[Result], Any] | None = None
    words: str = ""
    short: str = ""
    unit: str = INDEX
    better: str = NEITHER
    most: float = UNBOUNDED
    least: float = 0.0
    per: str = ""
    headline: int = Headline.NARROW
    counted: bool = False
    above: str = ""
    meaning: str = ""
    row: str = ""  # name of the table's row that it was found in

    def __post_init__(self) -> None:
        if isinstance(self.headline, bool):
            object.__setattr__(self, "headline", Headline.NARROW if self.headline else Headline.LIST)

    @property
    def label(self) -> str:
        """What a reader calls it."""
        return self.words or _in_words(self.name)

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1 in every run, and so its mean and its interval."""
        return self.most == 1.0

    def is_row(self, row: str) -> bool:
        """Whether it was found in a row of the table, such as "utilisation.<tier>.leader"."""
        return self.row == row

    def __reduce__(self) -> tuple[Any, ...]:
        import cloudpickle

        return _unpacked, (cloudpickle.dumps({one.name: getattr(self, one.name) for one in fields(self)}),)


def _unpacked(parts: bytes) -> Measure:
    import pickle

    return Measure(**pickle.loads(parts))


def _row(
    name: str, words: str, unit: str, better: str = NEITHER, headline: int = Headline.LIST, **more: Any
) -> Measure:
    return Measure(name, words=words, unit=unit, better=better, headline=headline, **more)


def _share(name: str, words: str, better: str, headline: int = Headline.LIST, per: str = "", **more: Any) -> Measure:
    return _row(name, words, SHARE, better, headline, most=1.0, per=per, **more)


STATISTICS = {"mean": "mean", "median": "median", "p90": "90th percentile", "p95": "95th percentile"}
REASONS = {"authority": "no authority", "skill": "no skill", "load": "queue full", "time_limit": "time limit",
           "overdue": "overdue", "failed": "attempt failed", "petition": "petition"}  # fmt: skip
COUNTS = "counts of problems reported in the window"
RESPONSE = "from the report to the first start of work on site"
RESOLUTION = "from the report to closing; unresolved counts as never closed"
HAPPENED = "problems to which it happened at least once / reported"
WAGES = "wages: on duty in full, on call in part, work outside the hours as overtime"
NEAR = "problems with a person of the bottom tier who has the skill so near"
MOVES = "moves up per reported problem; over several tiers is one"
OPEN = "open problems"
RESPONSES = {"mean": (Headline.DECIDES, "response\nmean"), "p90": (Headline.NARROW, "90 % have\nresponse in")}
BUSY_LEADERS, BUSY_STAFF = "utilisation.<tier>.leader", "utilisation.<tier>.<role>"
LOAD, LOAD_OF_LEADERS, LOAD_OF_STAFF = (
    "offered_load.<tier>", "offered_load.<tier>.leader", "offered_load.<tier>.<role>",
)  # fmt: skip
CLOSED_AT, GROWTH, COST_PER_DAY = "closed_at.<tier>", "backlog_growth", "cost_per_day"

TABLE = (
    _row("reported", "problems reported", PROBLEMS, headline=Headline.RUN, meaning=COUNTS),
    _row("closed", "problems closed", PROBLEMS, HIGH, Headline.RUN, meaning=COUNTS),
    _row("open", "problems still open", PROBLEMS, LOW, counted=True, meaning=COUNTS),
    _row("unresolved", "problems unresolved", PROBLEMS, LOW, meaning=COUNTS),
    _row("arisen", "problems that arose", PROBLEMS, meaning="problems that arose in the window"),
    _row("due", "problems whose limit ended", PROBLEMS,
         meaning="of the reported, those whose limit ended by the end of the run"),
    _row("hazards", "hazards found or matured", PROBLEMS,
         meaning="of the reported, hidden problems that were found or matured"),
    _row("unreported", "problems never reported", PROBLEMS, LOW,
         meaning="of those that arose in the window, not reported by the end"),
    _share("closure_rate", "closed, of those opened", HIGH, Headline.DECIDES, "reported", short="closed\nof opened",
           meaning="closed by the end / reported"),
    _share("due_closure_rate", "closed, of those due", HIGH, Headline.DIFFERENCES, "due", short="closed\nof due",
           meaning="closed by the end / reported, among those whose limit ended by then"),
    _share("on_time_rate", "closed in time, of those due", HIGH, Headline.DECIDES, "due", short="in time\nof due",
           meaning="closed within the limit / reported, among those whose limit ended by then"),
    *(_row(f"response_hours_{key}", f"response time, {words}", HOURS, LOW, RESPONSES.get(key, (Headline.LIST, ""))[0],
           short=RESPONSES.get(key, (Headline.LIST, ""))[1], meaning=RESPONSE) for key, words in STATISTICS.items()),
    *(_row(f"resolution_hours_{key}", f"time to close, {words}", HOURS, LOW,
           Headline.TABLE if key == "mean" else Headline.LIST, short="to close\nmean" if key == "mean" else "",
           meaning=RESOLUTION) for key, words in STATISTICS.items()),
    _share(CLOSED_AT, "closed at {tier}", NEITHER, per="closed", short="closed at\n% per tier", meaning="share of the closed"),
    _row("escalations_per_problem", "times a problem goes up", PER_PROBLEM, LOW, meaning=MOVES),
    _row("escalations.<reason>", "goes up: {reason}", PER_PROBLEM, LOW, meaning=MOVES),
    _share("escalated_share", "problems that go up", LOW, Headline.TABLE, "reported", short="goes\nup",
           meaning="problems that went up at least once / reported"),
    _share("petition_rate", "problems petitioned", LOW, per="reported", meaning=HAPPENED),
    _share("incident_rate", "problems that became incidents", LOW, per="reported", meaning=HAPPENED),
    _share("rework_rate", "problems reported again", LOW, per="reported", meaning=HAPPENED),
    _share("found_before_maturing", "hazards found in time", HIGH, per="hazards",
           meaning="hidden problems found in time / all hidden that were found or matured"),
    _share("trust_mean", "mean trust of residents", HIGH, meaning="over residents, at the end"),
    _row(BUSY_LEADERS, "busy: {tier} leader", SHARE, short="leaders\nbusy %", above="overtime",
         meaning="busy time / time on duty; over 1 is overtime"),
    _row(BUSY_STAFF, "busy: {tier} {role}", SHARE, above="overtime",
         meaning="busy time / time on duty; over 1 is overtime"),
    _share("travel_share", "travel, of busy time", LOW, meaning="of busy time"),
    _row("backlog_mean", "open problems, mean", PROBLEMS, LOW, meaning=OPEN),
    _row("backlog_max", "open problems, most", PROBLEMS, LOW, meaning=OPEN),
    _row("backlog_end", "open problems at the end", PROBLEMS, LOW, Headline.TABLE, counted=True, short="open at\nend",
         meaning=OPEN),
    _row(GROWTH, "open problems gained, to the end", PER_DAY, LOW,
         meaning="open problems gained a day, where the backlog was seen to grow to the end of the run; else 0"),
    _row("response_gini", "inequality of response between cells", INDEX, LOW, most=1.0,
         meaning="inequality of the mean response between cells"),
    *(_share(f"within_{near}_min", f"problems within {near} min of help", HIGH, per="arisen", meaning=NEAR)
      for near in (5, 10, 15)),
    _row("cost_total", "cost", MONEY, LOW, Headline.STUDY, meaning=WAGES),
    _row("cost_per_closed", "cost per closed problem", MONEY, LOW, meaning=WAGES),
    _row("overtime_hours", "hours of overtime", HOURS, LOW,
         meaning="person-hours of travel, work, triage and patrol outside the hours"),
    _row(LOAD, "work for {tier}, of its hours", SHARE, short="load\n% per tier", above="overload",
         meaning="arriving work / hours on duty of the staff (of the leaders, where a tier has no staff)"),
    _row(LOAD_OF_LEADERS, "work offered: {tier} leader", SHARE, short="leaders'\nload %", above="overload",
         meaning="work that a role took, or that arrived for leaders / hours on duty"),
    # What a role took its utilisation says as well: no table shows both.
    _row(LOAD_OF_STAFF, "work taken: {tier} {role}", SHARE, headline=Headline.FILES, above="overload",
         meaning="work that a role took, or that arrived for leaders / hours on duty"),
)  # fmt: skip
# Known without running, and so no measure of a run: the wages of a mean day.
KNOWN_BEFORE = (_row(COST_PER_DAY, "cost per day", MONEY, LOW, short="cost\na day"),)


class Measures:
    """The rows of all measures, by the names that they have in results.

    Parameters
    ----------
    own
        Measures of one's own, beside those of the package.
    """

    def __init__(self, own: Iterable[Measure] = ()) -> None:
        self.own = tuple(own)
        self._own = {one.name: one for one in self.own}

    def __getitem__(self, name: str) -> Measure:
        """Give what is to be known of a measure; of one that nobody knows, its name in words."""
        return self._own.get(name) or row_of(name) or Measure(name, headline=Headline.LIST)

    def __contains__(self, name: str) -> bool:
        """Whether the table has a row for a measure of that name."""
        return name in self._own or row_of(name) is not None

    def at(self, place: Headline) -> tuple[str, ...]:
        """Name the measures that stand somewhere, in the order of the table, one's own last."""
        return tuple(one.name for one in (*TABLE, *self.own) if one.headline >= place and not PART.search(one.name))


def row_of(name: str) -> Measure | None:
    """Give the row of one of the package's measures, its parts filled in; None if there is none.

    Parameters
    ----------
    name
        As in `Result.measures`.
    """
    return _row_of(str(name))


@cache
def _row_of(name: str) -> Measure | None:
    for row in (*TABLE, *KNOWN_BEFORE):
        if (found := _pattern(row.name).fullmatch(name)) is not None:
            parts = {part: REASONS.get(text, _in_words(text)) for part, text in found.groupdict().items()}
            return replace(row, name=name, words=row.words.format(**parts), row=row.name)
    return None


def those(names: Iterable[Hashable], row: str) -> dict[str, dict[str, str]]:
    """Give the measures of one row of the table among some names, each with its parts.

    Parameters
    ----------
    names
        As in `Result.measures`.
    row
        Name of the row: "utilisation.<tier>.leader" gives {"utilisation.grid.leader": {"tier": "grid"}}.
    """
    found = ((str(name), _pattern(row).fullmatch(str(name))) for name in names)
    return {name: match.groupdict() for name, match in found if match and is_row(name, row)}


def is_row(name: str, row: str) -> bool:
    """Whether a measure stands in a row of the table; a leader is no role of the staff."""
    known = row_of(name)
    return known is not None and known.is_row(row)


def measure_of_tier(row: str, tier: str) -> str:
    """Name the measure of one tier: "utilisation.<tier>.leader" of tier grid is "utilisation.grid.leader"."""
    return row.replace("<tier>", tier)


@cache
def _pattern(row: str) -> re.Pattern[str]:
    texts = PART.split(row)  # what stands between the parts, and the names of the parts, in turn
    return re.compile("".join(f"(?P<{text}>[^.]+)" if k % 2 else re.escape(text) for k, text in enumerate(texts)))


def _in_words(name: str) -> str:
    return STEERS.sub(" ", name).replace("_", " ")


BUILT_IN = Measures()
