"""Tables that somebody will open in a spreadsheet: no text in them is taken for a formula."""

from __future__ import annotations

from typing import Any

import pandas as pd

FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # OWASP, "CSV Injection"


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before texts that a spreadsheet would run as a formula; numbers stay as they are.

    Parameters
    ----------
    table
        Any table; a changed copy is given back.
    """
    changed = {
        name: pd.Series([_harmless(value) for value in table[name]], table.index, dtype=object)
        for name in table.columns
        if not pd.api.types.is_numeric_dtype(table[name])
    }
    return table.assign(**changed).rename(columns=_harmless)


def _harmless(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(FORMULAS):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value
