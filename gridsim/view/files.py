"""Results as files: CSV, PNG and the scenarios' TOML in one folder, all of them or none; and as JSON."""

from __future__ import annotations

import json
import math
import re
from dataclasses import asdict
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..simulation.outcome.measure_table import COST_PER_DAY, Headline
from ..study.stores.spreadsheet import harmless
from .folder import filled
from .reading import swept_columns, where_hours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from matplotlib.axes import Axes

    from ..simulation.outcome.result import Result
    from ..study.comparing.comparison import Comparison
    from ..study.methods.calibration import Calibration

    Figures = Mapping[str, Callable[[], Axes]]

DOTS_PER_INCH = 150
FEW_SCENARIOS = 8  # up to so many are run once more for the figures of single runs
LABELS_IN_A_FOLDER = re.compile(r"[^\w.-]+")
MOST_BYTES_OF_A_NAME = 120  # half of what most systems take: a number and an ending follow
DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}  # of Windows


def calibration_data(found: Calibration) -> dict[str, Any]:
    """Give a calibration as plain data.

    Parameters
    ----------
    found
        What a calibration found.
    """
    return {
        "parameters": found.parameters.to_dict("records"),
        "fit": found.fit.to_dict("records"),
        "warnings": list(found.warnings),
        "scenario": found.scenario.as_data(),
    }


def write_comparison(study: Comparison, out: Path) -> list[Path]:
    """Write a comparison or a sweep: its tables, its figures and its scenarios.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    out
        The folder; files of the same names are replaced, others stay.

    Returns
    -------
    list of paths
        What was written.
    """
    tables = {"runs": study.runs, "table": study.table(), "differences": study.differences()}
    return write_all(out, tables, _figures_of(study), scenarios_of(study))


def write_street(study: Comparison, out: Path) -> list[Path]:
    """Write the main job: its tables, its figures and the scenarios; as `write_comparison`."""
    from . import plots
    from .street_report import by_headcount, street_differences
    from .street_summary import street_summary

    tables = {"runs": study.runs, "table": study.table(), "differences": street_differences(study)}
    figures: dict[str, Callable[[], Axes]] = {"street": partial(plots.street, study)}
    lever = study.levers
    plain = [name for name in lever if lever[name]["rule"] == lever[study.baseline]["rule"]]
    rule = str(lever[study.baseline]["rule"])
    costs = partial(plots.frontier, _called(study, plain, "design", "headcount"))
    figures["frontier"] = _titled(costs, f"every design and its number of people, {rule}")
    for headcount, names in by_headcount(study).items():
        designs = _called(study, [name for name in names if name in plain], "design")
        title = f"{headcount:,} people, {rule}, the first run"
        figures[f"response_curve_{headcount}"] = _titled(partial(plots.response_curve, designs), title)
        figures[f"where_time_goes_{headcount}"] = _titled(partial(plots.where_time_goes, designs), title)
    summary = "".join(f"{sentence}\n" for sentence in street_summary(study))
    return write_all(out, tables, figures, {**scenarios_of(study), "summary.txt": summary})


def _titled(draw: Callable[[], Axes], title: str) -> Callable[[], Axes]:
    """Draw with a line above that says what is shown, for whoever is handed the picture alone."""

    def drawn() -> Axes:
        ax = draw()
        figure = ax.get_figure(root=True)
        assert figure is not None
        figure.suptitle(title, fontsize=10)
        return ax

    return drawn


def _called(study: Comparison, names: list[str], *levers: str) -> Comparison:
    """Some scenarios of a study, called by some of their levers only."""
    return study.only(names).renamed({name: " ".join(str(study.levers[name][key]) for key in levers) for name in names})


def write_run(result: Result, out: Path) -> list[Path]:
    """Write one run: measures, problems, hours and people as CSV, four figures, and the scenario."""
    from . import plots

    tables = {
        "measures": result.measures.rename("value").rename_axis("measure").reset_index(),
        "problems": result.problems.reset_index(), "timeline": result.timeline, "staff": result.staff,
    }  # fmt: skip
    figures: dict[str, Callable[[], Axes]] = {
        "response_curve": partial(plots.response_curve, result),
        "backlog": partial(plots.backlog, result),
        "where_time_goes": partial(plots.where_time_goes, result),
        "map_of_demand": partial(plots.map_of_cells, result, "demand"),
        "map_of_response": partial(plots.map_of_cells, result, "response"),
    }
    return write_all(out, tables, figures, {"scenario.toml": result.scenario.to_toml()})


def _figures_of(study: Comparison) -> dict[str, Callable[[], Axes]]:
    from . import plots

    figures: dict[str, Callable[[], Axes]] = {
        f"comparison_{name}": partial(plots.comparison, study, name)
        for name in study.headline(Headline.TABLE)
    }  # fmt: skip
    figures["frontier"] = partial(plots.frontier, study)
    if len(swept_columns(study)) >= 2:
        mapped = [*study.headline(Headline.DECIDES), *(one.name for one in study.own)]
        figures |= {f"heat_map_{name}": partial(plots.heat_map, study, name) for name in mapped}
    if len(study.scenarios) <= FEW_SCENARIOS:
        figures |= {"response_curve": partial(plots.response_curve, study), "backlog": partial(plots.backlog, study),
                    "where_time_goes": partial(plots.where_time_goes, study)}  # fmt: skip
    return figures


def scenarios_of(study: Comparison) -> dict[str, str]:
    """Give the TOML of every scenario by file name, in a folder of their own."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name, scenario in study.scenarios.items():
        file = next(one for one in _file_names(name) if one.casefold() not in taken)
        taken.add(file.casefold())
        found[f"scenarios/{file}.toml"] = scenario.to_toml()
    return found


def _file_names(name: str) -> Iterator[str]:
    """Names for a file that every system takes, the first one free to be chosen: letters of the name, then a number."""
    kept = LABELS_IN_A_FOLDER.sub("_", name).strip("_.-").encode()[:MOST_BYTES_OF_A_NAME].decode(errors="ignore")
    stem = f"_{kept}" if kept.upper() in DEVICES else kept or "scenario"
    yield stem
    yield from (f"{stem}_{number}" for number in count(2))


def write_all(out: Path, tables: Mapping[str, pd.DataFrame], figures: Figures, texts: Mapping[str, str]) -> list[Path]:
    """Write tables, figures and texts into a hidden folder, then move them to their place together.

    Parameters
    ----------
    out
        The goal; made if it does not exist.
    tables, figures, texts
        What to write, by name: as CSV, as PNG, and as it is (with the ending in the name).

    Raises
    ------
    StudyError
        If the folder cannot be written to; then nothing in it was changed.
    """
    with filled(out) as (folder, written):
        _fill(folder, tables, figures, texts)
    return written


def _fill(folder: Path, tables: Mapping[str, pd.DataFrame], figures: Figures, texts: Mapping[str, str]) -> None:
    from .plots.style import save

    for name, table in tables.items():
        harmless(table).to_csv(folder / f"{name}.csv", index=False)
    for name, draw in figures.items():
        save(draw, folder / f"{name}.png", DOTS_PER_INCH)
    for name, text in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def study_data(study: Comparison, differences: pd.DataFrame | None = None) -> dict[str, Any]:
    """Give a comparison as plain data for JSON: scenarios, means with intervals, paired differences.

    Parameters
    ----------
    study
        What `compare` or `sweep` gave.
    differences
        Differences other than those from the study's baseline.
    """
    about = {
        name: {**study.levers.get(name, {}), "headcount": scenario.headcount, COST_PER_DAY: scenario.cost_per_day,
               "digest": scenario.digest}
        for name, scenario in study.scenarios.items()
    }  # fmt: skip
    return {
        "baseline": study.baseline,
        "replications": int(study.runs["replication"].nunique()),
        "confidence": study.confidence,
        "scenarios": about,
        "table": study.table().to_dict("records"),
        "differences": (study.differences() if differences is None else differences).to_dict("records"),
        "runs": asdict(study.counts) if study.counts else None,
        "notes": list(study.warnings),
    }


def run_data(result: Result) -> dict[str, Any]:
    """Give one run as plain data for JSON: its measures, and what a reader should know."""
    return {
        "scenario": result.scenario.name,
        "digest": result.scenario.digest,
        "seed": result.seed,
        "measures": result.measures.to_dict(),
        "where_hours": where_hours(result.measured),
        "reported": {name: said.value for name, said in result.scenario.reported.items()},
        "notes": list(result.warnings),
    }


def as_json(data: object) -> str:
    """Write plain data as JSON; numbers that are none (nan, infinity) become null."""
    return json.dumps(_plain(data), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is pd.NA:
        return None
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
