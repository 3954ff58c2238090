"""Tables say what was found, with units and intervals, and never cut a number short."""

from dataclasses import replace

import pandas as pd
import pytest

import gridsim as gs
from gridsim.simulation.outcome.measure_table import BUILT_IN
from gridsim.view import report, street_report, terminal
from gridsim.view.reading import readings, where_hours


@pytest.fixture
def printed(capsys, monkeypatch):
    def show(tables, columns=130):
        monkeypatch.setenv("COLUMNS", str(columns))
        terminal.show(tables)
        return capsys.readouterr().out

    return show


def test_a_comparison_has_a_row_for_every_scenario(swept, printed):
    text = printed([report.comparison_table(swept)])
    assert "±" in text
    assert sum(line.split()[:1] in (["1"], ["2"]) for line in text.splitlines()) == 6


@pytest.mark.parametrize("columns", [60, 80, 130])
def test_no_number_is_cut_short_in_a_narrow_terminal(columns, swept, printed):
    text = printed([report.comparison_table(swept, columns), report.differences_table(swept, columns)], columns)
    assert "…" not in text


def test_differences_leave_out_the_baseline_itself(swept):
    assert report.differences_table(swept).row_count == len(swept.scenarios) - 1


def test_a_run_shows_what_a_report_printed_beside_it(printed):
    import gridsim as gs

    site = gs.load("mingming_road")
    result = gs.simulate(site.vary({"run.days": 10}), seed=1)
    row = next(
        line for line in printed([report.run_table(result, 130)]).splitlines() if line.startswith(" closure_rate")
    )
    assert row.split()[-1] == "99.99"


def test_a_narrow_terminal_shows_measures_in_words_only(printed, run):
    text = printed([report.run_table(run, 80)], 80)
    assert max(map(len, text.splitlines())) <= 80
    assert "closed, of those opened" in text
    assert "closure_rate" not in text


@pytest.mark.parametrize("columns", [80, 100, 130])
def test_the_tables_of_the_main_job_fit_the_terminal(columns, main_job, printed):
    text = printed(street_report.street_tables(main_job, columns), columns)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= columns
    assert text.count("±") > 100


def test_measures_of_replications_carry_units_and_intervals(swept, printed):
    text = printed([report.measures_table(swept.only([swept.baseline]))])
    assert "response time, mean" in text
    assert "±" in text


def test_the_main_job_has_tables_of_measures_and_differences_for_each_headcount(main_job, printed):
    text = printed(street_report.street_tables(main_job))
    headcounts = list(street_report.by_headcount(main_job))
    assert len(headcounts) == 3
    for headcount in headcounts:
        assert text.count(f"{headcount:,} people") == 3
    assert text.count("trying first") >= 3 * 7 * 3


def test_each_headcount_has_its_own_baseline(main_job):
    differences = street_report.street_differences(main_job, ["closure_rate"])
    bases = differences.groupby("headcount")["baseline"].unique()
    assert [list(names) for names in bases] == [[f"three_tier {n} by authority"] for n in bases.index]


def test_the_cost_of_a_day_is_known_without_running(swept):
    cost = readings(swept, "cost_per_day")
    assert cost["mean"].tolist() == [scenario.cost_per_day for scenario in swept.scenarios.values()]


def test_work_that_nobody_can_do_is_said_in_plain_words(two_tiers):
    import gridsim as gs

    flooded = two_tiers.vary({"run.days": 5, "tiers.bottom.staff.clerk.count": 1})
    study = gs.compare({"flooded": flooded}, replications=1, workers=1, progress=False)
    assert any("grows without end" in sentence for sentence in study.warnings)


def test_where_the_time_goes_parts_a_closed_office_from_busy_leaders(printed):
    """Five hours in the inbox, three of them off duty; without that column the inbox is one part."""
    parts = ["triage", "queue", "travel", "work", "lost"]
    frame = pd.DataFrame({"hours_inbox": [4.0, 6.0]} | {f"hours_{part}": [0.0, 0.0] for part in parts})
    assert where_hours(frame)["inbox"] == 5.0
    parted = frame.assign(hours_inbox_off_duty=[2.0, 4.0])
    found = where_hours(parted)
    assert (found["inbox_closed"], found["inbox_busy"], "inbox" in found) == (3.0, 2.0, False)
    text = " ".join(printed([report.where_table(parted)]).split())
    assert "in the inbox, leaders off duty 3 60 in the inbox, leaders busy 2 40" in text
    assert sum(where_hours(frame.iloc[:0]).values()) == 0.0


def test_loads_of_staff_and_leaders_stand_side_by_side(main_job, swept, printed):
    for text in (printed(street_report.street_tables(main_job)), printed([report.loads_table(swept)])):
        assert "load" in text
        assert "leaders'" in text
        assert "busy %" in text


def test_shares_over_all_are_explained_where_they_stand(everyone_at_once, printed):
    """Busy 126 % of their hours is overtime; where nobody is, nothing is said of it."""
    study = gs.compare({"a": everyone_at_once}, replications=1, workers=1, progress=False)
    busy = study.runs.assign(**{"utilisation.grid.leader": 1.263})
    assert "126/" in printed([report.loads_table(replace(study, runs=busy))], 130)
    assert "over 100 is overtime" in " ".join(printed([report.loads_table(replace(study, runs=busy))], 130).split())
    idle = {name: 0.5 for name in study.measures if name.partition(".")[0] in ("utilisation", "offered_load")}
    assert "over 100" not in printed([report.loads_table(replace(study, runs=study.runs.assign(**idle)))], 130)
    assert "% (overtime)" in printed([report.measures_table(replace(study, runs=busy))], 130)


def test_a_lopsided_difference_is_printed_by_its_two_ends_wherever_it_stands(swept, printed):
    """Above and below its number the interval reaches 0.2 and 3 hours: one ± would be wrong on both sides."""
    row = {"scenario": "a", "measure": "response_hours_mean", "difference": 5.0, "low": 4.8, "high": 8.0, "p": 0.01}
    table, about = pd.DataFrame([row]), [BUILT_IN["response_hours_mean"]]

    def set_out(width):
        names = report.paired_table("", [("", "left")], table, about, lambda name, _: [name], width)
        return " ".join(printed([names], width).split())

    assert "a +5.0 (+4.8 to +8.0) *" in set_out(100)
    assert "a +5.0 +4.8 to +8.0 *" in set_out(20)
    narrow = report.paired_table("", [("", "left")], table, about, lambda name, _: [name], 12)
    lines = [line.split() for line in printed([narrow], 80).splitlines()]
    assert lines[lines.index(["a", "+5.0"]) :][1:3] == [["+4.8", "to"], ["+8.0", "*"]]


def test_a_mean_that_the_end_of_the_run_cut_short_is_marked(two_tiers, printed):
    """One clerk for work that never ends: some wait still runs at the end, so the mean is but a lower bound."""
    import gridsim as gs

    flooded = two_tiers.vary({"run.days": 5, "tiers.bottom.staff.clerk.count": 1})
    study = gs.compare({"flooded": flooded, "as it is": two_tiers}, replications=2, workers=1, progress=False)
    assert {name for _, name in study.restricted} == {"flooded"}
    for text in (printed([report.comparison_table(study)]), printed([report.measures_table(study)])):
        assert "≥ a mean that the end of the run cut short" in " ".join(text.split())
    rows = {line.split()[0]: line for line in printed([report.comparison_table(study)]).splitlines() if line.split()}
    assert "≥" in rows["flooded"]
    assert "≥" not in rows["as"]
    assert "≥" in printed([report.run_table(gs.simulate(flooded, seed=1))])
    assert "≥" not in printed([report.run_table(gs.simulate(two_tiers, seed=1))])
