"""The notebook in `experiments/` runs from top to bottom, and is kept without outputs."""

import json
import os

import pytest
from conftest import ROOT

TOUR = ROOT / "experiments" / "tour.ipynb"


def code_cells():
    cells = json.loads(TOUR.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


def test_tour_is_short_and_kept_without_outputs():
    """About ten cells; outputs would say what some computer found once."""
    cells = code_cells()
    assert 8 <= len(cells) <= 13
    assert [cell for cell in cells if cell["outputs"] or cell["execution_count"]] == []


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The notebook after all its cells have run, in a folder of its own."""
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    tour = nbformat.read(TOUR, as_version=4)
    folder = tmp_path_factory.mktemp("tour")
    here = {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    client = nbclient.NotebookClient(tour, timeout=300, resources={"metadata": {"path": str(folder)}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", here["PYTHONPATH"])
        patch.delenv("MPLBACKEND", raising=False)
        client.execute()
    assert list(folder.iterdir()) == []
    return tour


def shown(tour, kind):
    """What the cells show of a kind, such as "text/html"."""
    return [
        "".join(output["data"][kind])
        for cell in tour.cells
        if cell["cell_type"] == "code"
        for output in cell["outputs"]
        if kind in output.get("data", {})
    ]


def test_tour_shows_scenario_result_and_comparison_as_tables_with_units(played):
    """Each names itself above its table."""
    tables = shown(played, "text/html")
    for words in ("60,000 residents", "Result of", "Comparison of 3 scenarios"):
        assert any(words in table and "<table" in table for table in tables)
    assert any(">h</td>" in table and ">%</td>" in table for table in tables)


def test_tour_draws_its_figures(played):
    """One picture for each cell that draws."""
    drawing = [cell for cell in code_cells() if "plot" in "".join(cell["source"])]
    assert len(shown(played, "image/png")) == len(drawing) == 4


def test_tour_says_nothing_on_standard_error(played):
    """No warnings: a reader would take them for faults."""
    streams = [o for cell in played.cells if cell["cell_type"] == "code" for o in cell["outputs"]
               if o["output_type"] == "stream"]  # fmt: skip
    assert [stream["text"] for stream in streams] == []
