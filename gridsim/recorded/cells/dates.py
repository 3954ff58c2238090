"""Which order a column's dates have, told from all of them: year, day or month first, numbers of a spreadsheet or a clock.

A column has one order; whether seconds, or hours, stand there may differ from row to row. What cannot be known is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...scenario.errors import ScenarioError
from .date_texts import plain_dates
from .words import says_nothing
from .zones import without_zone

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ISO = "%Y-%m-%d %H:%M:%S"
WORDS = ("day first", "month first")
SECOND_ORDER = 0.005  # share of dates from which on another order is no typing error
FIRST_YEAR, LAST_YEAR = 1950, 2100
LONGEST = 60  # letters of a date; longer ones are damaged rows
PARTS = (
    r"^(?P<a>\d{1,4})(?P<sign>[-/.])(?P<b>\d{1,2})[-/.](?P<c>\d{1,4})\.?"
    r"(?: (?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?)?(?: ?(?P<half>AM|PM))?$"
)
COMPACT = (
    r"^(?P<a>(?:19|20)\d{2})(?P<b>0[1-9]|1[0-2])(?P<c>[0-3]\d)"
    r"(?: ?(?P<hour>[012]\d):?(?P<minute>\d{2})?:?(?P<second>\d{2})?(?:\d{3})?)?$"
)
MINGUO = (
    r"^(?P<a>1[0-4]\d)(?P<b>0[1-9]|1[0-2])(?P<c>[0-3]\d)"
    r"(?: ?(?P<hour>[012]\d):?(?P<minute>[0-5]\d):?(?P<second>[0-5]\d)?)?$"
)
LENGTH = r"(?i:P[\dT][\dA-Z.]*|\d{1,5}(?:[.,]\d+)?(?::\d{2})?\s*[^\d]{0,20})"  # 48, 48 hours, 3 working days, P3D
DOT_NET = r"^\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/$"  # thousandths of seconds since 1970
ROUNDED = r"^\d(?:[.,](?P<decimals>\d*))?[eE]\+?(?P<power>\d{1,3})$"
SERIALS = (20_000.0, 80_000.0)  # days since 1899-12-30, as spreadsheets count: 1954 to 2119
CLOCKS = {"s": (3.0e8, 4.1e9), "ms": (3.0e11, 4.1e12), "us": (3.0e14, 4.1e15), "ns": (3.0e17, 4.1e18)}
TO_YEAR = 1911  # the year 112 of the Republic of China is 2023
BUDDHIST = 543
MIDNIGHTS, ENOUGH_MIDNIGHTS = (
    0.1,
    10,
)  # share of times at midnight sharp, and their number, from which on they are days without hours
NOT_DATES = ("1970-01-01", "1999-09-09", "2099-12-31")  # written where nothing is known
YEAR_FIRST, DAY_FIRST, MONTH_FIRST, SHORT = "year first", "day first", "month first", "short"


@dataclass(frozen=True)
class Dates:
    """A column of times as written.

    Parameters
    ----------
    times
        As written; missing where there is none, or what is written is no date.
    offsets
        Hours behind which the zone stands; nan where none is written.
    given
        Where something is written.
    order
        Day, month or year first, or how else the dates are told; as it is said to a planner.
    has_hours
        Where an hour is written.
    """

    times: pd.Series[Any]
    offsets: Floats
    given: NDArray[np.bool_]
    order: str
    has_hours: NDArray[np.bool_]

    @property
    def day_or_month(self) -> str:
        """What stands first, the day or the month; empty where it is neither."""
        return {"%d": DAY_FIRST, "%m": MONTH_FIRST}.get(self.order[:2], "")


class OpenOrderError(ScenarioError):
    """Dates that may have the day or the month first."""


def read_dates(
    file: Path, column: pd.Series[str], name: str, dates: str | None, date_format: str | None, usual: str = ""
) -> Dates:
    """Read a column of dates.

    Parameters
    ----------
    file, name
        The file and what the column holds, for messages.
    column
        Its texts.
    dates
        "day first" or "month first", where the dates do not say it.
    date_format
        Their format in the letters of strptime, where it is known.
    usual
        The order of the times of opening, for a column that leaves it open.

    Raises
    ------
    ScenarioError
        If no date can be read, or the order cannot be known.
    """
    if dates not in (None, *WORDS):
        raise ScenarioError(f"dates = {dates!r}: allowed are 'day first' and 'month first'")
    given = ~says_nothing(column)
    texts = column.str.strip().str.slice(0, LONGEST).where(given, "")
    texts = texts.str.replace(DOT_NET, r"\1", regex=True)
    if date_format and (found := _by_format(file, texts, given, name, date_format)) is not None:
        return found
    found = _by_iso(texts, given)
    if found is None:
        found = _by_parts(file, texts, given, name, dates, usual)
    return found


def _dates(
    times: pd.Series[Any], offsets: Floats, given: NDArray[np.bool_], order: str, has_hours: NDArray[np.bool_]
) -> Dates:
    """Years out of reach and days that stand for nothing are no dates."""
    years = times.dt.year
    right = (
        (years >= FIRST_YEAR) & (years <= LAST_YEAR) & ~times.astype(str).isin([f"{day} 00:00:00" for day in NOT_DATES])
    )
    times = times.where(right)
    has_hours = has_hours & times.notna().to_numpy(bool)
    midnight = has_hours & (times == times.dt.normalize()).to_numpy(bool)
    count = int(midnight.sum())
    if count and (count == has_hours.sum() or count > max(ENOUGH_MIDNIGHTS, MIDNIGHTS * has_hours.sum())):
        has_hours = has_hours & ~midnight  # days without hours are written as midnight
    return Dates(times, np.where(has_hours, offsets, np.nan), given, order, has_hours)


def _by_iso(texts: pd.Series[str], given: NDArray[np.bool_]) -> Dates | None:
    """The quick way of a column that is written the same throughout; None: it is not."""
    import pandas as pd

    times: Any = pd.to_datetime(texts, format=ISO, errors="coerce").astype("datetime64[s]")
    if not given.any() or times[given].isna().any():
        return None
    return _dates(times, np.full(len(texts), np.nan), given, ISO, given)


def _by_format(file: Path, texts: pd.Series[str], given: NDArray[np.bool_], name: str, form: str) -> Dates | None:
    """By a format that is given; None: another column than the times of opening does not have it."""
    import pandas as pd

    plain, offsets = without_zone(texts)
    bare = form.replace("%z", "").replace("%Z", "").strip()
    try:
        times: Any = pd.to_datetime(plain.where(given, None), format=bare, errors="coerce")
        times = times.astype("datetime64[s]")
    except (ValueError, TypeError) as error:
        raise ScenarioError(
            f"date_format = {form!r}: {' '.join(str(error).split())[:100]}; write it as %d.%m.%Y %H:%M"
        ) from None
    if not times.notna().any() and given.any():
        if name != "opened":
            return None
        raise ScenarioError(f"{file}: '{name}' holds no date of the format {form!r}, such as {texts[given].iloc[0]!r}")
    hours = any(letter in form for letter in ("%H", "%I", "%T", "%X", "%c", "%R", "%r"))
    return _dates(times, offsets, given, form, given & hours)


def _by_parts(
    file: Path, texts: pd.Series[str], given: NDArray[np.bool_], name: str, dates: str | None, usual: str
) -> Dates:
    """By the figures between the signs; then figures without signs; then numbers."""
    import pandas as pd

    bare, offsets = without_zone(texts)
    plain = plain_dates(bare)
    parts = plain.str.extract(PARTS)
    for pattern in (COMPACT, MINGUO):
        rest = parts["a"].isna() & given
        if not rest.any():
            break
        parts.loc[rest, ["a", "b", "c", "hour", "minute", "second"]] = plain[rest].str.extract(pattern)
    there = parts["a"].notna().to_numpy()
    if there.sum() < (1.0 - SECOND_ORDER) * given.sum():
        _refuse_rounded(file, bare[given & ~there], name)
        numbers = _numbers(bare.where(given & ~there, ""))
        if numbers is not None and numbers[0].notna().sum() > there.sum():
            times, order = numbers
            clock = order.startswith(("seconds", "thousand", "number of"))  # these count from midnight in London
            fractions = times.dt.normalize() != times
            return _dates(
                times,
                np.where(times.notna() & clock, 0.0, np.nan),
                given,
                order,
                np.asarray(fractions.any() & times.notna()),
            )
    if not there.any():
        if not given.any():
            return _dates(
                pd.Series(pd.NaT, index=texts.index, dtype="datetime64[s]"), offsets, given, "", given & False
            )
        if name == "limit" and texts[given].str.fullmatch(LENGTH).mean() > 0.5:
            raise ScenarioError(f"{file}: 'limit' holds lengths, such as {texts[given].iloc[0]!r}, not times that are due;"
                                " leave it out of the map, and set limit_hours of the problem types")  # fmt: skip
        raise ScenarioError(f"{file}: '{name}' holds no dates that can be read, such as {texts[given].iloc[0]!r};"
                            " give their format with --date-format, such as '%d.%m.%Y %H:%M'")  # fmt: skip
    return _ordered(file, parts, offsets, given, name, dates, usual)


def _refuse_rounded(file: Path, texts: pd.Series[str], name: str) -> None:
    """Refuse 1.70E+12, which a spreadsheet makes of a clock: the figures that tell the hour are gone.

    Raises
    ------
    ScenarioError
        If a half of the numbers are rounded to more than an hour.
    """
    import pandas as pd

    parts = texts.str.extract(ROUNDED)
    power = pd.to_numeric(parts["power"])
    coarse = power - parts["decimals"].fillna("").str.len() > np.log10(3600.0) + 3.0 * ((power - 9.0) // 3.0)
    if coarse.sum() > 0.5 * max(1, len(texts)):
        raise ScenarioError(f"{file}: '{name}' is rounded, such as {texts[coarse].iloc[0]!r}: the hours are gone;"
                            " export the column with all its figures, or as text")  # fmt: skip


def _numbers(texts: pd.Series[str]) -> tuple[pd.Series[Any], str] | None:
    """Days as a spreadsheet counts them, or seconds since 1970 and their thousandths."""
    import pandas as pd

    values = pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce")
    inside = values.between(*SERIALS)
    best, size = "", int(inside.sum())
    for unit, (low, high) in CLOCKS.items():
        if (count := int(values.between(low, high).sum())) > size:
            best, size = unit, count
    if not size:
        return None
    if not best:
        seconds = (values.where(inside) * 86400.0).round()
        serial: Any = pd.Timestamp("1899-12-30") + pd.to_timedelta(seconds, unit="s")
        return serial.astype("datetime64[s]"), "numbers of days of a spreadsheet"
    one = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[best]
    when: Any = pd.to_datetime((values.where(values.between(*CLOCKS[best])) / one).round(), unit="s", errors="coerce")
    words = {"s": "seconds since 1970", "ms": "thousandths of seconds since 1970"}
    return when.astype("datetime64[s]"), words.get(best, f"number of {best} since 1970")


def _ordered(
    file: Path, parts: pd.DataFrame, offsets: Floats, given: NDArray[np.bool_], name: str, dates: str | None, usual: str
) -> Dates:
    """Tell the order from all dates, and read them in it."""
    import pandas as pd

    if (wrong_way := _year_day_month(parts)) is not None:
        parts.loc[wrong_way, ["b", "c"]] = parts.loc[wrong_way, ["c", "b"]].to_numpy()
    digits = {part: parts[part].str.len().fillna(0).to_numpy() for part in ("a", "c")}
    a, b, c = (pd.to_numeric(parts[part]).to_numpy(np.float64, na_value=np.nan) for part in "abc")
    year_first = (digits["a"] >= 3) & (digits["c"] <= 2)
    year_last = (digits["a"] <= 2) & (digits["c"] == 4)
    short = (digits["a"] <= 2) & (digits["a"] > 0) & (digits["c"] <= 2)
    sizes = {YEAR_FIRST: int(year_first.sum()), "year last": int(year_last.sum()), SHORT: int(short.sum())}
    ranked = sorted(sizes, key=lambda one: -sizes[one])
    if sizes[ranked[1]] > max(1.0, SECOND_ORDER * sum(sizes.values())):
        raise ScenarioError(f"{file}: '{name}' has two date formats, {_shown(ranked[0])} and {_shown(ranked[1])}"
                            f" (in {sizes[ranked[1]]:,} rows); bring them to one")  # fmt: skip
    which = {YEAR_FIRST: year_first, "year last": year_last, SHORT: short}[ranked[0]]
    order, said = YEAR_FIRST, _written_as(YEAR_FIRST, _sign(parts, which), "%Y")
    if ranked[0] != YEAR_FIRST:
        order = _order(
            file, a[which], b[which], c[which] if ranked[0] == SHORT else None, parts, name, dates, usual, which
        )
        said = _written_as(order, _sign(parts, which), "%y" if ranked[0] == SHORT else "%Y")
    year, month, day = {YEAR_FIRST: (a, b, c), DAY_FIRST: (c, b, a), MONTH_FIRST: (c, a, b)}[order]
    year, calendar = _years(np.where(which, year, np.nan), ranked[0] == SHORT)
    times, has_hours = _assembled(parts, year, month, day)
    return _dates(times, offsets, given, said + _clock(parts, which) + calendar, has_hours & which)


def _year_day_month(parts: pd.DataFrame) -> pd.Series[bool] | None:
    """Rows whose year stands first, where the day must stand second; None: it need not."""
    import pandas as pd

    year_first = parts["a"].str.len() == 4
    second, third = (pd.to_numeric(parts[part])[year_first] > 12 for part in "bc")
    return year_first if second.sum() > max(1, 10 * third.sum()) else None


def _written_as(order: str, sign: str, year: str) -> str:
    """An order in the letters of strptime."""
    letters = {DAY_FIRST: ("%d", "%m", year), MONTH_FIRST: ("%m", "%d", year), YEAR_FIRST: (year, "%m", "%d")}
    return sign.join(letters[order])


def _shown(family: str) -> str:
    return {YEAR_FIRST: "year first", "year last": "year last", SHORT: "years of two digits"}[family]


def _sign(parts: pd.DataFrame, which: NDArray[np.bool_]) -> str:
    signs = parts.loc[which, "sign"].dropna()
    return str(signs.iloc[0]) if len(signs) else ""


def _clock(parts: pd.DataFrame, which: NDArray[np.bool_]) -> str:
    """The hours in the letters of strptime, as most rows have them."""
    if not (parts.loc[which, "hour"].notna()).any():
        return ""
    half = parts.loc[which, "half"].notna().any()
    seconds = parts.loc[which, "second"].notna().mean() > 0.5
    return (" %I:%M" if half else " %H:%M") + (":%S" if seconds else "") + (" %p" if half else "")


def _order(
    file: Path, a: Floats, b: Floats, c: Floats | None, parts: pd.DataFrame, name: str, dates: str | None, usual: str,
    which: NDArray[np.bool_],
) -> str:  # fmt: skip
    """Day or month first (of two digits also the year): what all dates allow; else what is said; else it is asked for."""
    wrong = {DAY_FIRST: (b > 12) | (a > 31), MONTH_FIRST: (a > 12) | (b > 31)}
    if c is not None:
        wrong[YEAR_FIRST] = (b > 12) | (c > 31)
        if len(np.unique(c)) <= max(2, len(np.unique(a)) // 2) or not len(np.unique(a)) <= 3 < len(np.unique(c)):
            del wrong[YEAR_FIRST]  # the year is what changes least
    counts = {order: int(bad.sum()) for order, bad in wrong.items()}
    least = min(counts.values())
    if least > max(1.0, SECOND_ORDER * len(a)):
        raise ScenarioError(f"{file}: '{name}' has two date formats, the day first and the month first (in {least:,} rows);"
                            " bring them to one")  # fmt: skip
    possible = [order for order, count in counts.items() if count == least]
    if YEAR_FIRST in possible:
        return YEAR_FIRST
    if len(possible) == 1:
        return possible[0]
    for told in (dates, DAY_FIRST if _sign(parts, which) == "." else None, usual):
        if told in possible:
            return str(told)
    sign, year, clock = _sign(parts, which), "%Y" if c is None else "%y", _clock(parts, which)
    day, month = (_written_as(order, sign, year) + clock for order in (DAY_FIRST, MONTH_FIRST))
    raise OpenOrderError(
        f"{file}: '{name}' may have the day or the month first; say --dates 'day first' or 'month first',"
        f" or --date-format '{day}' or '{month}'"
    )


def _years(year: Floats, short: bool) -> tuple[Floats, str]:
    """Years of our calendar, and what they were written in."""
    known = year[~np.isnan(year)]
    if short:
        return np.where(year < 70.0, year + 2000.0, year + 1900.0), ""
    if len(known) and np.median(known) < 200.0:
        return year + TO_YEAR, f", years of the Republic of China ({known[0]:.0f} is {known[0] + TO_YEAR:.0f})"
    if len(known) and 2400.0 < np.median(known) < 2700.0:
        return year - BUDDHIST, f", Buddhist years ({known[0]:.0f} is {known[0] - BUDDHIST:.0f})"
    return year, ""


def _assembled(
    parts: pd.DataFrame, year: Floats, month: Floats, day: Floats
) -> tuple[pd.Series[Any], NDArray[np.bool_]]:
    """Times from their figures; figures that no clock or calendar has give none."""
    import pandas as pd

    hour, minute, second = (
        pd.to_numeric(parts[part]).to_numpy(np.float64, na_value=np.nan) for part in ("hour", "minute", "second")
    )
    has_hours = ~np.isnan(hour)
    hour, minute, second = (np.nan_to_num(value) for value in (hour, minute, second))
    half = parts["half"].fillna("").to_numpy()
    hour = np.where((half != "") & (hour == 12), 0.0, hour) + np.where((half == "PM") & (hour <= 12), 12.0, 0.0)
    wrong = (
        (hour > 24)
        | (minute > 59)
        | (second > 60)
        | ((hour == 24) & (minute + second > 0))
        | ~((year >= 1) & (year <= 9999))
    )
    frame = pd.DataFrame({"year": year, "month": month, "day": day})
    frame[wrong] = np.nan
    days: Any = pd.to_datetime(frame, errors="coerce").astype("datetime64[s]")
    return days + pd.to_timedelta(pd.Series(hour * 3600.0 + minute * 60.0 + second, index=days.index), unit="s").astype(
        "timedelta64[s]"
    ), has_hours


def said_of(found: dict[str, Dates]) -> Sequence[str]:
    """How the dates of each column are written, in sentences."""
    forms: dict[str, list[str]] = {}
    for name, dates in found.items():
        if dates.order:
            forms.setdefault(dates.order, []).append(name)
    return [f"Dates of {', '.join(names)} are read as {form}." for form, names in forms.items()]
