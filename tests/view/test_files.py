"""Results are written as a whole or not at all, and JSON holds no number that is none."""

import json
import math

import pandas as pd
import pytest

import gridsim as gs
from gridsim.study.errors import StudyError
from gridsim.view import files


def test_a_study_leaves_tables_figures_and_scenarios(swept, tmp_path):
    out = tmp_path / "deep" / "results"
    files.write_comparison(swept, out)
    assert {"runs.csv", "table.csv", "differences.csv", "heat_map_closure_rate.png", "scenarios"} <= {
        path.name for path in out.iterdir()
    }
    assert len(pd.read_csv(out / "runs.csv")) == 6 * 3
    written = [gs.load(path).digest for path in (out / "scenarios").iterdir()]
    assert sorted(written) == sorted(scenario.digest for scenario in swept.scenarios.values())


def test_a_run_leaves_its_measures_and_can_be_run_again(run, tmp_path):
    files.write_run(run, tmp_path / "one")
    measures = pd.read_csv(tmp_path / "one" / "measures.csv").set_index("measure")["value"]
    again = gs.simulate(gs.load(tmp_path / "one" / "scenario.toml"), seed=run.seed)
    assert measures["response_hours_mean"] == pytest.approx(again.measures["response_hours_mean"])


def test_files_of_other_names_stay_and_of_the_same_names_are_replaced(swept, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "old.toml").write_text("old")
    files.write_all(tmp_path, {"table": swept.table()}, {}, {"scenarios/new.toml": "new"})
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert [path.name for path in (tmp_path / "scenarios").iterdir()] == ["new.toml"]


def test_what_fails_half_way_leaves_nothing(swept, tmp_path):
    def breaks():
        raise RuntimeError("no figure today")

    with pytest.raises(RuntimeError, match="no figure today"):
        files.write_all(tmp_path / "out", {"table": swept.table()}, {"broken": breaks}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_said_at_once(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(StudyError, match="is not a folder"):
        files.check_folder(tmp_path / "taken")
    with pytest.raises(StudyError, match="is not a folder"):
        files.check_folder(tmp_path / "taken" / "below")


def test_names_of_scenarios_become_names_of_files_without_repeating(swept, tmp_path):
    names = {name: ("a b" if k == 0 else f"a/b{'' if k == 1 else k}") for k, name in enumerate(swept.scenarios)}
    from gridsim.view.reading import renamed

    found = files.scenarios_of(renamed(swept, names))
    assert len(found) == len(swept.scenarios)
    assert all(name.startswith("scenarios/") and name.count("/") == 1 for name in found)


def test_json_writes_null_for_what_is_no_number(run):
    text = files.as_json({"a": math.nan, "b": [math.inf, 1], "c": files.run_data(run)})
    read = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert read["a"] is None
    assert read["b"] == [None, 1]
    assert read["c"]["measures"]["reported"] == run.measures["reported"]
