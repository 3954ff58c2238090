"""JSON in the shapes in which portals give it: objects in a list anywhere, tables of columns and rows, points."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...scenario.errors import ScenarioError
from .encodings import encoding_of
from .headers import Columns, header_of, header_row
from .packed import opened

if TYPE_CHECKING:
    import pandas as pd

    Objects = list[dict[str, Any]]

DEEPEST = 6  # steps into a file at which lists of requests are still looked for
SAMPLE = 50  # objects whose names say whether the columns are there
INSIDE = ("properties", "attributes", "_source", "fields")  # where GeoJSON, ArcGIS, Elasticsearch and Airtable put them
NAMES_IN = ("fieldName", "name", "id", "title")
CALLED = re.compile(r"^\s*[\w.$]+\s*\((.*)\)\s*;?\s*$", re.DOTALL)
BETWEEN = re.compile(r"[\s,\x1e]*")
HALF = re.compile(r"\\u[dD][89abAB]\w\w(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]\w\w)\\u[dD][c-fC-F]\w\w")  # of a letter


def read_json(file: Path, columns: Columns) -> tuple[pd.DataFrame, int]:
    """Read the objects of a file, one a request.

    Parameters
    ----------
    file
        An array of objects, objects one a line, GeoJSON, the answer of a portal, or a table of columns and rows.
    columns
        Which column holds what: of several lists that one is read which has them.

    Returns
    -------
    DataFrame, int
        The cells; how many objects are cut off.

    Raises
    ------
    ScenarioError
        If it is no JSON, or holds no objects.
    """
    with opened(file) as stream:
        content = stream.read()
    found, cut = _parsed(file, content.decode(encoding_of(content, whole=True).name, errors="replace"))
    best: Objects = []
    for objects in _readings(found, 0):
        if header_row([_names(objects[:SAMPLE])], columns) is not None:
            return _table(file, objects), cut
        best = objects if len(objects) > len(best) else best
    if not best:
        raise ScenarioError(f"{file}: holds no objects; an export is an array of objects, one a request")
    return _table(file, best), cut


def _parsed(file: Path, text: str) -> tuple[Any, int]:
    """The value in a file, or the list of the values in it, and how many of these are cut off at its end."""
    plain = HALF.sub(r"\\ufffd", text.lstrip("\ufeff\x1e \r\n\t"))
    try:
        return json.loads(plain), 0
    except json.JSONDecodeError as error:
        if called := CALLED.match(plain[:1000] + plain[-10:]) and CALLED.match(plain):
            return _parsed(file, called[1])
        return _one_after_another(file, plain, error)
    except (RecursionError, ValueError) as error:
        raise ScenarioError(f"{file}: is not JSON ({' '.join(str(error).split())[:100]})") from None


def _one_after_another(file: Path, text: str, error: json.JSONDecodeError) -> tuple[Any, int]:
    decoder, found, at = json.JSONDecoder(), [], 0
    try:
        while at < len(text):
            value, end = decoder.raw_decode(text, at)
            found.append(value)
            between = BETWEEN.match(text, end)
            at = between.end() if between else end
    except json.JSONDecodeError as last:
        error = json.JSONDecodeError(last.msg, text, last.pos) if found else error
        if len(found) < 2 or "\n" in text[at:].strip():
            raise ScenarioError(f"{file}: is not JSON (line {error.lineno}: {error.msg})") from None
        return found, 1
    except (RecursionError, ValueError) as other:
        raise ScenarioError(f"{file}: is not JSON ({' '.join(str(other).split())[:100]})") from None
    return found, 0


def _readings(found: Any, depth: int) -> Iterator[Objects]:
    """Every way in which a value holds requests, the likeliest first."""
    if depth > DEEPEST:
        return
    if isinstance(found, list):
        objects = [one for one in found if isinstance(one, dict)]
        if objects:
            yield from _unwrapped(objects)
        yield from _with_header(found)
    elif isinstance(found, dict):
        yield from _by_columns(found)
        for value in sorted(found.values(), key=_size, reverse=True):
            if isinstance(value, dict | list):
                yield from _readings(value, depth + 1)
        inner = [value for value in found.values() if isinstance(value, dict)]
        if len(inner) == len(found) > 0:
            yield inner
        if depth == 0:
            yield [found]


def _size(value: Any) -> int:
    return len(value) if isinstance(value, list | dict) else 0


def _unwrapped(objects: Objects) -> Iterator[Objects]:
    """Objects without the envelope around each; then with it."""
    for name in INSIDE:
        if all(isinstance(one.get(name), dict) for one in objects):
            yield [{**{key: value for key, value in one.items() if key not in INSIDE}, **one[name]} for one in objects]
    yield objects


def _with_header(rows: list[Any]) -> Iterator[Objects]:
    """Lists of values below a list of their names."""
    if len(rows) > 1 and all(isinstance(row, list) for row in rows[:SAMPLE]) and _all_texts(rows[0]):
        yield _objects(rows[0], rows[1:])


def _by_columns(found: dict[str, Any]) -> Iterator[Objects]:
    """A list of names beside lists of values; or a list, or a mapping, of values for each name."""
    for rows in (value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], list)):
        for names in _lists_of_names(found, len(rows[0]), 0):
            yield _objects(names, rows)
    values = list(found.values())
    if len(values) > 1 and all(isinstance(value, list) and len(value) == len(values[0]) > 0 for value in values):
        yield [dict(zip(found, row, strict=True)) for row in zip(*values, strict=True)]
    if len(values) > 1 and all(isinstance(value, dict) and value.keys() == values[0].keys() for value in values):
        yield [{name: found[name][key] for name in found} for key in values[0]]


def _lists_of_names(found: Any, size: int, depth: int) -> Iterator[list[str]]:
    if isinstance(found, list) and len(found) == size:
        if _all_texts(found):
            yield found
        for key in NAMES_IN:
            if all(isinstance(one, dict) and isinstance(one.get(key), str) for one in found):
                yield [one[key] for one in found]
    elif isinstance(found, dict) and depth < DEEPEST:
        for value in found.values():
            yield from _lists_of_names(value, size, depth + 1)


def _all_texts(values: Any) -> bool:
    return isinstance(values, list) and bool(values) and all(isinstance(one, str) for one in values)


def _objects(names: list[str], rows: list[Any]) -> Objects:
    return [dict(zip(names, row, strict=False)) for row in rows if isinstance(row, list)]


def _names(objects: Objects) -> list[str]:
    """Names of the columns that objects give."""
    import pandas as pd

    try:
        flat = pd.json_normalize(objects)
    except (RecursionError, ValueError, TypeError, AttributeError):
        return []
    return [str(name) for name in dict.fromkeys([*flat.columns, *_nested(objects)])]


def _nested(objects: Objects) -> list[str]:
    return list(dict.fromkeys(name for one in objects for name, value in one.items() if isinstance(value, dict)))


def _table(file: Path, objects: Objects) -> pd.DataFrame:
    """Cells as text; an object in an object is a column of text, and each of its parts one too."""
    import pandas as pd

    from .structured import text_of

    try:
        frame = pd.json_normalize(objects)
        for name in _nested(objects):
            frame[name] = [one.get(name) for one in objects]
        frame.columns = pd.Index(header_of([str(name) for name in frame.columns]))
        return frame.map(text_of).astype(str)
    except RecursionError:
        raise ScenarioError(f"{file}: is nested too deeply for a table") from None
