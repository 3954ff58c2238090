"""Time zones as they stand behind times: +00, Z, -05:00, and what the wall showed there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...scenario.errors import ScenarioError, nearest

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ENDS_IN_ZONE = r"(?<=\d)\s*(?:Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$"
HAS_ZONE = r"(?:\d:\d{2}(?:[.,]\d+)?|[T ]\d{4}(?:\d\d)?(?:\.\d+)?)" + ENDS_IN_ZONE
NAMED_BESIDE = r"\s*(?:\[[\w/+-]+\]|(?<=\d)\s*\([\w\s/+-]{2,40}\))$|(?<=:\d\d)\s?(?:GMT|UTC)(?=[+-]\d)"
OF_THE_MACHINE = "localtime"  # which is another one elsewhere
SURE = 0.995  # share of times that must agree with a zone for two offsets to be its own
PROBES = 200  # times that are tried against every zone


def zone_named(name: str | None) -> ZoneInfo | None:
    """The time zone of a name such as Europe/Berlin.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    if name is None:
        return None
    from zoneinfo import ZoneInfo, available_timezones

    names = available_timezones() - {OF_THE_MACHINE}
    try:
        zone = ZoneInfo(str(name))
        if zone.key == OF_THE_MACHINE:
            raise KeyError
        return zone
    except (KeyError, ValueError, OSError):
        near = nearest(str(name), names)
        raise ScenarioError(
            f"timezone = {name!r}: is not known; allowed are names such as Asia/Shanghai{near}"
        ) from None


def without_zone(texts: pd.Series[str]) -> tuple[pd.Series[str], Floats]:
    """Texts without the zone behind the time, and its offset in hours; nan where there is none."""
    offsets = np.full(len(texts), np.nan)
    texts = texts.str.replace(r"\u2212(?=\d{2}:?\d{2}$)", "-", regex=True).str.replace(NAMED_BESIDE, "", regex=True)
    texts = texts.str.replace(r"(?<=:\d\d)([+-])(\d)(?=$|:)", r"\g<1>0\2", regex=True)
    found = texts.str.contains(HAS_ZONE, regex=True).to_numpy(dtype=bool)
    if not found.any():
        return texts, offsets
    zones = texts[found].str.extract(f"({ENDS_IN_ZONE})", expand=False).str.strip()
    offsets[found] = zones.map({zone: _hours(zone) for zone in zones.unique()}).to_numpy(np.float64)
    plain = texts.where(~found, texts.str.replace(ENDS_IN_ZONE, "", regex=True))
    return plain, offsets


def _hours(zone: str) -> float:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return 0.0
    digits = zone[1:].replace(":", "")
    size = int(digits[:2]) + int(digits[2:] or 0) / 60.0
    return -size if zone[0] == "-" else size


def shown(offset: float) -> str:
    """An offset as it is written: +08:00."""
    minutes = round(abs(offset) * 60)
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def wall_times(
    file: Path,
    times: dict[str, pd.Series[Any]],
    offsets: dict[str, Floats],
    zone: ZoneInfo | None,
    has_hours: NDArray[np.bool_],
) -> tuple[dict[str, pd.Series[Any]], list[str]]:
    """Bring all times to one wall: that of the zone that is given, else that of the times of opening.

    Parameters
    ----------
    file
        Named where it cannot be done.
    times, offsets
        Of each column, as written; nan where a time has no zone.
    zone
        The zone of the place, where it is given.
    has_hours
        Which times of opening have hours; days without hours have no zone.

    Returns
    -------
    times, sentences

    Raises
    ------
    ScenarioError
        If the times of opening have several offsets that no one zone has.
    """
    known = {name: np.unique(given[~np.isnan(given)]) for name, given in offsets.items()}
    if not any(len(found) for found in known.values()):
        alone = "Times have no offset and are taken as local: the time zone that is given changes nothing."
        return times, [alone] if zone else []
    if zone is not None:
        return _converted(times, offsets, zone), [
            f"Times are converted to {zone.key}; those without an offset are taken as local."
        ]
    every = np.unique(np.concatenate(list(known.values())))
    first = known["opened"]
    if len(first) and _rows(times["opened"], np.isnan(offsets["opened"]) & has_hours) > 0:
        _refuse(file, times, offsets)
    if len(every) == 1:
        return times, [_as_written(every[0])]
    if not len(first):
        return times, [
            "Only some columns have a time zone: all times are taken as written; give --timezone to convert them."
        ]
    if len(every) == 2 and (one := _zone_of(times, offsets)):
        return times, [f"The two offsets are those of one time zone, such as {one}: times are local already."]
    if len(first) == 1:
        return _shifted(times, offsets, first[0]), [
            _as_written(first[0]),
            "Times with other offsets are compared as instants.",
        ]
    if one := _zone_of({"opened": times["opened"]}, {"opened": offsets["opened"]}):
        from zoneinfo import ZoneInfo

        said = [f"The offsets are those of one time zone, such as {one}: times of opening are local already.",
                "Times with other offsets are compared as instants."]  # fmt: skip
        return _converted(times, offsets, ZoneInfo(one)), said
    _refuse(file, times, offsets)
    raise AssertionError


def _as_written(offset: float) -> str:
    return f"Times have the offset {shown(offset)} and are taken as written; give --timezone to convert them."


def _rows(times: pd.Series[Any], which: NDArray[np.bool_]) -> int:
    """How many dates there are among some rows; more than the odd one counts."""
    dated = times.notna().to_numpy()
    return max(0, int((dated & which).sum()) - int((1.0 - SURE) * dated.sum()))


def _refuse(file: Path, times: dict[str, pd.Series[Any]], offsets: dict[str, Floats]) -> None:
    values, counts = np.unique(offsets["opened"][times["opened"].notna().to_numpy()], return_counts=True)
    several = ", ".join(
        f"{'none' if np.isnan(value) else shown(value)} ({count:,})"
        for value, count in zip(values[:4], counts[:4], strict=True)
    )
    raise ScenarioError(
        f"{file}: times in 'opened' have several time zones: {several}; name the place's own with --timezone"
    )


def _converted(
    times: dict[str, pd.Series[Any]], offsets: dict[str, Floats], zone: ZoneInfo
) -> dict[str, pd.Series[Any]]:
    """Wall times of a zone; what has no offset is left as it is."""
    found = {}
    for name, given in times.items():
        instants = (
            _shift(given, -np.nan_to_num(offsets[name])).dt.tz_localize("UTC").dt.tz_convert(zone).dt.tz_localize(None)
        )
        found[name] = given.where(np.isnan(offsets[name]), instants)
    return found


def _shifted(times: dict[str, pd.Series[Any]], offsets: dict[str, Floats], to: float) -> dict[str, pd.Series[Any]]:
    return {
        name: _shift(given, np.where(np.isnan(offsets[name]), 0.0, to - offsets[name])) for name, given in times.items()
    }


def _shift(times: pd.Series[Any], hours: Floats) -> pd.Series[Any]:
    import pandas as pd

    moved: pd.Series[Any] = times + pd.to_timedelta(pd.Series(hours * 3600.0, index=times.index), unit="s")
    return moved


def _zone_of(times: dict[str, pd.Series[Any]], offsets: dict[str, Floats]) -> str:
    """A zone whose offsets are those of the times, such as America/Chicago; empty: there is none."""
    from zoneinfo import ZoneInfo, available_timezones

    import pandas as pd

    wall = pd.concat([times[name] for name in times], ignore_index=True)
    offset = np.concatenate([offsets[name] for name in times])
    dated = wall.notna().to_numpy() & ~np.isnan(offset)
    probes = _probes(wall[dated], offset[dated])
    for name in sorted(available_timezones(), key=_fame):
        zone = ZoneInfo(name)
        right = sum((moment.replace(tzinfo=zone).utcoffset() or pd.Timedelta(0)).total_seconds() == seconds
                    or (moment.replace(tzinfo=zone, fold=1).utcoffset() or pd.Timedelta(0)).total_seconds() == seconds
                    for moment, seconds in probes)  # fmt: skip
        if right >= SURE * len(probes):
            return name
    return ""


def _probes(wall: pd.Series[Any], offset: Floats) -> list[tuple[Any, float]]:
    """Times from first to last, and of each offset, in equal steps."""
    found = []
    for value in np.unique(offset):
        moments = wall[offset == value].sort_values()
        chosen = moments.iloc[:: max(1, len(moments) // PROBES)]
        found += [(moment.to_pydatetime(), value * 3600.0) for moment in (*chosen, moments.iloc[-1])]
    return found


def _fame(name: str) -> tuple[bool, str]:
    """Zones of big cities first, so that the name that is said is one that is known."""
    known = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/Berlin", "Europe/London",
             "Australia/Sydney", "America/Sao_Paulo")  # fmt: skip
    return (name not in known, f"{known.index(name)}" if name in known else name)
