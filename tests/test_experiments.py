"""Every experiment runs at a small size, prints its table, leaves its picture, and its answer points the right way."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import ROOT

FOLDER = ROOT / "experiments"
SIZES = {
    "bicycles": {"replications": 2, "days": 30},
    "escalation_time_limit": {"replications": 2, "days": 100},
    "fair_trial": {"replications": 3, "days": 21},
    "hierarchy_at_equal_headcount": {"replications": 2, "days": 15},
    "own_escalation_rule": {"replications": 2, "days": 20},
    "own_triage_rule": {"replications": 1, "days": 20},
    "patrols_and_hazards": {"replications": 2, "days": 100},
    "specialists_or_pooling": {"replications": 2, "days": 20},
    "staffing_levels": {"replications": 2, "days": 15},
    "what_9999_means": {"replications": 2, "days": 30},
}
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("benchmark"))


def load(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Give an experiment's table, its printed words and its folder; each is run once."""
    import contextlib
    import io

    known = {}

    def run(name):
        if name == "fair_trial":
            folder = Path(os.environ.get("GRIDSIM_DATA", ROOT.parent / "shared" / "data"))
            if not folder.is_dir():
                pytest.skip(f"no recorded data: {folder} is not there; name its folder in GRIDSIM_DATA")
            os.environ["GRIDSIM_DATA"] = str(folder)
        if name not in known:
            out, words = tmp_path_factory.mktemp(name), io.StringIO()
            with contextlib.redirect_stdout(words):
                table = load(name).main(out=out, **SIZES.get(name, {"replications": 2, "days": 15}))
            plt.close("all")
            known[name] = table, words.getvalue(), out
        return known[name]

    return run


@pytest.mark.parametrize("name", NAMES)
def test_experiment_prints_its_table_and_leaves_its_picture(name, ran):
    """Nothing else is written, and no number of the table is missing from the print."""
    table, words, out = ran(name)
    assert len(table) > 1
    for row in (name for name in table.index if isinstance(name, str)):
        assert row in words
    assert "NaN" not in words
    assert [path.name for path in out.iterdir()] == [f"{name}.png"]
    assert (out / f"{name}.png").stat().st_size > 5000


@pytest.mark.parametrize("name", NAMES)
def test_experiment_begins_with_its_question_and_the_answer_to_expect(name):
    """And is short: 30 to 90 lines, the fair trial 130."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    words = ast.get_docstring(ast.parse(text))
    assert words.splitlines()[0].endswith("?")
    assert "\nExpected: " in words
    assert 30 <= len(text.splitlines()) <= (130 if name == "fair_trial" else 90)


def test_the_fair_trial_without_its_data_says_what_is_missing_in_one_sentence(tmp_path):
    """And leaves nothing behind."""
    where = {**os.environ, "GRIDSIM_DATA": str(tmp_path / "nowhere"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(FOLDER / "fair_trial.py"), "--out", str(tmp_path / "out")]
    run = subprocess.run(command, env=where, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert "boston_requests_2015_jan_sep.csv.gz" in run.stderr
    assert "GRIDSIM_DATA" in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_benchmark_of_the_engines_prints_a_row_each_and_they_agree(capsys):
    """At a small size; whoever plays the same problems finds the same mean time to close."""
    load("benchmark_engines").main(problems=400, largest=60)
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("gridsim", "SimPy", "C by hand"))]
    means = {row.split()[-1] for row in rows}
    assert len(rows) >= 2
    assert len(means) == 1


def test_one_large_unit_answers_soonest_and_a_hotline_with_one_leader_last(ran):
    hours = ran("hierarchy_at_equal_headcount")[0]["response_hours_mean"]
    assert hours.idxmin() == "flat"
    assert hours.idxmax() == "hotline"
    assert hours["two_tier"] < hours["one_plus_ten"] < hours["pooled_specialists"]


def test_fewer_people_mean_longer_waits_and_the_last_of_many_save_little(ran):
    table = ran("staffing_levels")[0]
    hours = table["response_hours_mean"].to_numpy()
    assert (np.diff(hours) > 0).all()
    assert (np.diff(table["busiest tier"]) > 0).all()
    assert hours[-1] - hours[-3] > 3 * (hours[2] - hours[0])


def test_bicycles_help_where_the_way_is_long_and_little_where_work_is(ran):
    change = ran("bicycles")[0]["change to close (%)"]
    assert change["bicycles"] < -25
    assert abs(change["bicycles"] - change["one more on foot"]) < 10
    assert -15 < change["long work, bicycles"] < 0


@pytest.mark.parametrize("column", ["equal limit", "varying patience"])
def test_the_time_limit_of_escalation_has_the_shape_of_a_u(column, ran):
    hours = ran("escalation_time_limit")[0][column].to_numpy()
    best = int(hours.argmin())
    assert 0 < best < len(hours) - 1
    assert hours[0] > 1.1 * hours[best]
    assert hours[-1] > 1.1 * hours[best]


def test_more_patrols_find_more_in_time_as_theory_says_and_cost_waiting(ran):
    table = ran("patrols_and_hazards")[0]
    found = table["found_before_maturing"]
    assert (np.diff(found) > 0).all()
    assert np.abs(found - table["in theory"]).max() < 0.1
    assert table["response_hours_mean"].iloc[-1] > 2 * table["response_hours_mean"].min()


def test_specialists_must_be_fastest_at_a_middling_load(ran):
    table = ran("specialists_or_pooling")[0].set_index("load")
    assert (table["specialists (h)"] > table["pool (h)"]).all()
    assert table["break-even"][0.1] < table["break-even"][0.95] < table["break-even"][0.75]
    assert np.abs(table["break-even"] - table["in theory"]).max() < 0.15


def test_one_street_prints_three_rates_and_littles_law_holds(ran):
    table = ran("what_9999_means")[0]
    few = table.loc["60 people"]
    assert few["closed of due"] > 99.0 > few["closed of opened"] > few["closed in time of due"]
    assert table["by Little's law"].to_numpy() == pytest.approx(table["open on average"].to_numpy(), rel=0.25)


def test_leaders_who_help_leave_their_inbox_and_forgiving_residents_change_no_time(ran):
    table = ran("own_triage_rule")[0]
    hours, busy = table["response_hours_mean"], table["utilisation.grid.leader"]
    assert hours["helpful leaders"] > hours["as in the model"]
    assert busy["helpful leaders"] > busy["cautious leaders"] > busy["as in the model"]
    assert hours["forgiving residents"] == hours["as in the model"]
    assert table["trust_mean"]["forgiving residents"] > table["trust_mean"]["as in the model"]


def test_a_time_limit_does_more_than_rules_of_ones_own_that_send_up_little(ran):
    table = ran("own_escalation_rule")[0]
    hours, up = table["response_hours_mean"], table["escalated_share"]
    assert hours["after 8 working hours"] == hours.min()
    assert up["after 8 working hours"] > up["when stuck"] > up["by authority"]
    assert up["the urgent after 2 hours"] > up["by authority"]
