"""Results are written as a whole or not at all, and JSON holds no number that is none."""

import errno
import json
import math
from pathlib import Path

import pandas as pd
import pytest

import gridsim as gs
from gridsim.study.errors import StudyError
from gridsim.view import files
from gridsim.view.folder import check_folder, left_from_before


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
    assert (tmp_path / "scenarios" / "old.toml").read_text() == "old"
    assert (tmp_path / "scenarios" / "new.toml").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "scenarios", "table.csv"]


def test_what_fails_half_way_leaves_nothing(swept, tmp_path):
    def breaks():
        raise RuntimeError("no figure today")

    with pytest.raises(RuntimeError, match="no figure today"):
        files.write_all(tmp_path / "out", {"table": swept.table()}, {"broken": breaks}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_said_at_once(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(StudyError, match="is not a folder"):
        check_folder(tmp_path / "taken")
    with pytest.raises(StudyError, match="is not a folder"):
        check_folder(tmp_path / "taken" / "below")


def test_names_of_scenarios_become_names_of_files_without_repeating(swept, tmp_path):
    names = {name: ("a b" if k == 0 else f"a/b{'' if k == 1 else k}") for k, name in enumerate(swept.scenarios)}
    found = files.scenarios_of(swept.renamed(names))
    assert len(found) == len(swept.scenarios)
    assert all(name.startswith("scenarios/") and name.count("/") == 1 for name in found)


def test_json_writes_null_for_what_is_no_number(run):
    text = files.as_json({"a": math.nan, "b": [math.inf, 1], "c": files.run_data(run)})
    read = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert read["a"] is None
    assert read["b"] == [None, 1]
    assert read["c"]["measures"]["reported"] == run.measures["reported"]


def test_what_an_earlier_run_left_is_named(swept, tmp_path):
    (tmp_path / "backlog.png").write_bytes(b"old")
    (tmp_path / "letter.docx").write_bytes(b"mine")
    written = files.write_all(tmp_path, {"table": swept.table()}, {}, {"scenarios/new.toml": "new"})
    assert left_from_before(tmp_path, written) == "Not of this run, and left as they were: backlog.png"
    assert left_from_before(tmp_path, [*written, tmp_path / "backlog.png"]) == ""


def test_a_folder_in_the_place_of_a_result_is_refused_and_kept(swept, tmp_path):
    (tmp_path / "table.csv").mkdir()
    (tmp_path / "table.csv" / "mine.txt").write_text("mine")
    with pytest.raises(StudyError, match=r"table\.csv: is a folder in the place of a result"):
        files.write_all(tmp_path, {"runs": swept.runs, "table": swept.table()}, {}, {})
    assert [path.name for path in tmp_path.rglob("*")] == ["table.csv", "mine.txt"]


@pytest.mark.parametrize("out", ["taken", "taken/below/deep", "x" * 300, "new/" + "x" * 300, "dangling", "a\0b"])
def test_a_place_where_nothing_can_be_written_is_found_out_and_leaves_nothing(out, tmp_path):
    (tmp_path / "taken").write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    with pytest.raises(StudyError, match="cannot be written there"):
        check_folder(tmp_path / out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "taken"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that nobody can write to")
@pytest.mark.parametrize("out", ["/proc", "/proc/results", "/proc/results/below"])
def test_a_folder_that_takes_no_files_is_found_out(out):
    with pytest.raises(StudyError, match="cannot be written there"):
        check_folder(Path(out))


def test_a_place_that_will_do_is_left_as_it_was(tmp_path):
    check_folder(tmp_path / "a" / "b")
    check_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing(swept, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    with pytest.raises(StudyError, match="No space left on device"):
        files.write_all(tmp_path / "out", {"table": swept.table()}, {}, {})
    assert list(tmp_path.iterdir()) == []


AWKWARD = [
    "A=..",
    "../../etc/passwd",
    "a/b",
    "A/B",
    "a b",
    "a_b_2",
    "CON",
    "nul",
    "",
    "...",
    "\n\t\x00",
    "$x$",
    "100 %",
    "*",
    "x" * 300,
    "市" * 300,
]


def test_awkward_names_become_names_of_files_that_every_system_takes(small, tmp_path):
    study = gs.compare(dict.fromkeys(AWKWARD, small), replications=1, workers=1, progress=False)
    found = files.scenarios_of(study)
    assert len({name.casefold() for name in found}) == len(AWKWARD)
    for name in found:
        stem = name.removeprefix("scenarios/").removesuffix(".toml")
        assert len(name.encode()) < 200
        assert not set(stem) & set('/\\:*?"<>|$%\n\0')
        assert stem.strip(".")
        assert stem.upper() not in ("CON", "NUL")
    written = files.write_all(tmp_path, {}, {}, found)
    assert len(written) == len(AWKWARD)


def test_texts_that_begin_a_formula_are_escaped_and_numbers_are_not(tmp_path):
    table = pd.DataFrame({
        "scenario": ["=1+1", "+x", "-y", "@z", "plain", "-1.5"], "level": [None, 4, -2, 0.5, "none", "=2"],
        "=key": [-1.0, 0.0, 1.0, 2.0, 3.0, math.nan],
    })  # fmt: skip
    files.write_all(tmp_path, {"t": table}, {}, {})
    lines = (tmp_path / "t.csv").read_text().splitlines()
    assert lines == [
        "scenario,level,'=key",
        "'=1+1,,-1.0",
        "'+x,4,0.0",
        "'-y,-2,1.0",
        "'@z,0.5,2.0",
        "plain,none,3.0",
        "-1.5,'=2,",
    ]
