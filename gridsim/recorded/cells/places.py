"""Where a request lies: a district's name, two columns of degrees, or a text of two numbers; addresses are no places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .words import one_spelling, says_nothing

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NUMBER = r"[-+\u2212]?\d{1,3}(?:\.\d+)?"
POINT = (
    rf"^\s*(?:SRID=\d+;)?\s*(?P<kind>(?i:POINT)\s*(?:ZM?|M)?\s*)?[(\[]{{0,2}}\s*(?P<a>{NUMBER})\s*[,;:/|，、\s]\s*"
    rf"(?P<b>{NUMBER})(?:\s*[,;\s]\s*[-+]?\d+(?:\.\d+)?){{0,2}}\s*[)\]]{{0,2}}\s*$"
)
OF_DEGREES = rf"^\s*(?P<a>{NUMBER})\s*°?\s*[NnSs北南],?\s*(?P<b>{NUMBER})\s*°?\s*[EeWwOo东東西]\s*$"
AT_THE_END = rf"[(\[]\s*(?P<a>{NUMBER})\s*[,;]\s*(?P<b>{NUMBER})\s*[)\]]\s*$"  # below an address
WHOLE = r"^[^.,]*$|^\s*\d+,\s?\d+\s*$"  # two whole numbers are a block and a lot, not degrees
COMMA_POINT = r"^\s*[(\[]?\s*(?P<a>[-+]?\d{1,3},\d+)(?:\s*;|,?\s)\s*(?P<b>[-+]?\d{1,3},\d+)\s*[)\]]?\s*$"
APART = r"[^\w+\-\u2212]+"  # a minus belongs to the number
GEOJSON = rf"coordinates{APART}(?P<b>{NUMBER})\s*,\s*(?P<a>{NUMBER})"
NAMED = rf"(?i)lat\w*{APART}(?P<a>{NUMBER})\W.*?(?:lon|lng)\w*{APART}(?P<b>{NUMBER})"
MOSTLY = 0.9  # share of texts that must be points for a column to hold points
EAST = ("lon", "lng", "x", "经度", "經度", "経度", "längengrad", "rechtswert", "경도")
LONGEST_NAME = 200  # letters of a place; longer ones are damaged rows
MANY, FEW_ROWS = 30, 2.0  # places from which on fewer rows for each than this say that they are addresses
VERY_MANY, ROWS_OF_MANY = 1000, 10.0
NOWHERE = "everywhere"


@dataclass(frozen=True)
class Places:
    """Where the rows lie.

    Parameters
    ----------
    rows
        Columns place, or latitude and longitude.
    known
        Which rows say where they lie.
    by_coordinates
        Whether places are degrees.
    said
        What was recognised, in sentences.
    """

    rows: pd.DataFrame
    known: NDArray[np.bool_]
    by_coordinates: bool
    said: tuple[str, ...]


def read_places(frame: pd.DataFrame, columns: list[str]) -> Places:
    """Read the places of all rows.

    Parameters
    ----------
    frame
        Cells as text.
    columns
        One column, or latitude and longitude.
    """
    if len(columns) == 2:
        first, second, said = _numbers(frame[columns[0]], frame[columns[1]])
        turned = _names_east(columns[0]) and not _names_east(columns[1])
        return _by_degrees(first, second, turned, said)
    texts = frame[columns[0]].str.strip()
    known = ~says_nothing(texts)
    if (points := _points(texts[known], columns[0])) is not None:
        first, second = (part.reindex(texts.index).to_numpy(np.float64) for part in points[:2])
        return _by_degrees(first, second, points[2], ["The places are points: two numbers in one column."])
    known &= (texts.str.len() <= LONGEST_NAME).to_numpy(bool)
    return _by_name(one_spelling(texts), known)


def _by_name(texts: pd.Series[str], known: NDArray[np.bool_]) -> Places:
    import pandas as pd

    different, rows = texts[known].nunique(), int(known.sum())
    if not rows:
        return _nowhere(texts, "No row names a place: all requests are taken as one place.")
    each = rows / different
    if (different >= MANY and each < FEW_ROWS) or (different > VERY_MANY and each < ROWS_OF_MANY):
        return _nowhere(
            texts,
            f"The places are addresses, {different:,} different ones: all are taken as one place; map a district instead.",
        )
    return Places(pd.DataFrame({"place": texts.where(known, "")}), known, False, ())


def _nowhere(texts: pd.Series[str], sentence: str) -> Places:
    import pandas as pd

    return Places(pd.DataFrame({"place": NOWHERE}, index=texts.index), np.ones(len(texts), bool), False, (sentence,))


def _names_east(name: str) -> bool:
    plain = name.strip().casefold()
    return plain.startswith(EAST) or plain.endswith(("lon", "lng", "long", "longitude", "_x", " x"))


def _numbers(first: pd.Series[str], second: pd.Series[str]) -> tuple[Floats, Floats, list[str]]:
    """Two columns as numbers; a comma before the decimals is understood."""
    import pandas as pd

    found, commas = [], False
    for texts in (first, second):
        decimal = texts.str.fullmatch(r"\s*[-+]?\d+,\d+\s*").to_numpy(bool)
        commas |= bool(decimal.any())
        plain = texts.where(~decimal, texts.str.replace(",", ".", regex=False)) if decimal.any() else texts
        found.append(pd.to_numeric(plain, errors="coerce").to_numpy(np.float64))
    return found[0], found[1], ["Coordinates are written with decimal commas."] if commas else []


def _points(texts: pd.Series[str], name: str) -> tuple[pd.Series[Any], pd.Series[Any], bool] | None:
    """Two numbers in each text, and whether the longitude comes first; None: they are no points."""
    import pandas as pd

    if not len(texts):
        return None
    sample = texts.iloc[:: max(1, len(texts) // 500)]
    if sample.drop_duplicates().str.contains(WHOLE, regex=True).mean() > 1.0 - MOSTLY:
        return None
    for pattern in (POINT, COMMA_POINT, OF_DEGREES, GEOJSON, NAMED, AT_THE_END):
        if (
            sample.str.contains(
                pattern.replace("?P<kind>", "?:").replace("?P<a>", "?:").replace("?P<b>", "?:"), regex=True
            ).mean()
            < MOSTLY
        ):
            continue
        parts = texts.str.extract(pattern)
        turned = "kind" in parts and bool(parts["kind"].notna().mean() > MOSTLY)
        turned |= (
            pattern == POINT and name.casefold().endswith("coordinates") and texts.iloc[0].startswith("[")
        )  # GeoJSON
        plain = {part: parts[part].str.replace(",", ".", regex=False).str.replace("\u2212", "-") for part in "ab"}
        a, b = (pd.to_numeric(plain[part], errors="coerce") for part in "ab")
        if pattern == OF_DEGREES:
            a, b = a.where(~texts.str.contains(r"[Ss南]"), -a), b.where(~texts.str.contains(r"[Ww西]"), -b)
        return a, b, turned
    return None


def _by_degrees(latitude: Floats, longitude: Floats, turned: bool, said: list[str]) -> Places:
    """Coordinates that lie on the earth; turned about where the first cannot be a latitude."""
    import pandas as pd

    if turned:
        latitude, longitude = longitude, latitude
    elif _on_earth(latitude, longitude).sum() < _on_earth(longitude, latitude).sum():
        latitude, longitude = longitude, latitude
        said = [*said, "The longitude stands first: latitude and longitude were exchanged."]
    known = _on_earth(latitude, longitude)
    if not known.any():
        texts = pd.Series("", index=range(len(latitude)), dtype=str)
        return _nowhere(
            texts, "The coordinates are no degrees: all requests are taken as one place; map latitude and longitude."
        )
    return Places(pd.DataFrame({"latitude": latitude, "longitude": longitude}), known, True, tuple(said))


def _on_earth(latitude: Floats, longitude: Floats) -> NDArray[np.bool_]:
    """Degrees, and not zero, which is written where nothing is known."""
    inside = (np.abs(latitude) <= 90.0) & (np.abs(longitude) <= 180.0)
    return np.asarray(inside & (latitude != 0.0) & (longitude != 0.0))


def lent(known: NDArray[np.bool_], groups: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """For each row a row that lends it its place (or type): itself where known, else a random known one of its group.

    Parameters
    ----------
    known
        Which rows know.
    groups
        Rows of one group lend to each other; a group in which nobody knows borrows from all.
    seed
        The same file gives the same places.
    """
    generator = np.random.default_rng(seed)
    found = np.arange(len(known))
    everyone = np.flatnonzero(known)
    for group in np.unique(groups[~known]):
        asking = np.flatnonzero(~known & (groups == group))
        lenders = np.flatnonzero(known & (groups == group))
        found[asking] = generator.choice(lenders if len(lenders) else everyone, len(asking))
    return found
