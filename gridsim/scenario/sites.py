"""The ready-made scenarios that ship with gridsim."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FOLDER = Path(__file__).parent / "sites"


@lru_cache(maxsize=1)
def site_names() -> tuple[str, ...]:
    """Names of the ready-made scenarios."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def site_path(name: str) -> Path:
    """Path of the TOML file of a site."""
    return FOLDER / f"{name}.toml"


def sites() -> pd.DataFrame:
    """Give a table of the ready-made scenarios: people, problems a day, days and what they are."""
    import pandas as pd

    from .scenario import load

    rows = []
    for name in site_names():
        site = load(name)
        residents = site.territory.residents_per_cell
        total = sum(residents) if isinstance(residents, tuple) else residents * site.territory.cells
        daily = sum(problem.per_1000_residents_per_day for problem in site.problems) * total / 1000.0
        rows.append(
            {
                "name": name,
                "tiers": len(site.tiers),
                "people": site.headcount,
                "residents": total,
                "problems_per_day": round(daily, 1),
                "days": site.run.days,
                "description": site.description,
            }
        )
    columns = ["name", "tiers", "people", "residents", "problems_per_day", "days", "description"]
    return pd.DataFrame(rows, columns=columns).set_index("name")
