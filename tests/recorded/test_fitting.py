"""A scenario from records gives back what the records were drawn from."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import gridsim as gs
from gridsim.cli import app
from gridsim.recorded.fitting.fitting import fit
from gridsim.recorded.fitting.limits import inside
from gridsim.recorded.fitting.week import day_cv, observed_days, per_day, week_of

COLUMNS = {"opened": "opened", "limit": "limit", "closed": "closed", "type": "kind", "place": "area", "source": "by"}


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Twelve weeks drawn from known numbers: two types, three areas, limits of 16 office hours."""
    site = gs.loads("""
name = "truth"
run = { days = 84.0 }
territory = { cells = 3, cell_km = 1.0, residents_per_cell = 1000, day_cv = 0.3 }
[[problems]]
type = "noise"
skills = ["a"]
per_1000_residents_per_day = 40.0
profile = "daytime"
weekend = 0.4
cells = [1.0, 2.0, 3.0]
work_hours = { mean = 1.0 }
[[problems]]
type = "lamp"
skills = ["a"]
per_1000_residents_per_day = 10.0
profile = "daytime"
weekend = 0.4
work_hours = { mean = 1.0 }
[[tiers]]
name = "desk"
units = 1
staff = [{ role = "all", skills = ["*"], count = 1 }]
""")
    demand = gs.demand(site, 3).to_frame()
    opened = pd.Timestamp("2015-01-05") + pd.to_timedelta(demand["arises_at"].round(4), unit="h").dt.round("s")
    days = np.busday_offset(opened.dt.date.to_numpy("datetime64[D]"), 2, roll="forward")
    frame = pd.DataFrame({
        "opened": opened, "closed": opened + pd.Timedelta(hours=5),
        "limit": pd.to_datetime(days) + (opened - opened.dt.normalize()),
        "kind": demand["type"].astype(str), "area": demand["cell"].map(lambda c: f"area {c}"),
        "by": np.where(np.arange(len(demand)) % 5 == 0, "City Worker App", "Citizen"),
    })  # fmt: skip
    file = tmp_path_factory.mktemp("export") / "requests.csv"
    frame.to_csv(file, index=False)
    return file, demand


def test_rates_places_and_hours_come_back(export):
    """Within what the counts scatter."""
    file, demand = export
    found = fit(file, COLUMNS)
    assert len(found.records) == len(demand)
    types = {problem.type: problem for problem in found.scenario.problems}
    assert set(types) == {"noise", "lamp"}
    for name, problem in types.items():
        expected = problem.per_1000_residents_per_day * 3 * 84
        assert expected == pytest.approx((demand["type"] == name).sum(), rel=0.02)
    weights = np.array(types["noise"].cells)
    assert weights / weights.sum() == pytest.approx([1 / 6, 2 / 6, 3 / 6], abs=0.02)
    profile = np.array(types["noise"].profile).reshape(7, 24)
    assert profile[5:].mean() / profile[:5].mean() == pytest.approx(0.4, abs=0.08)
    assert found.scenario.territory.day_cv == pytest.approx(0.3, abs=0.1)
    assert types["noise"].hidden == pytest.approx(0.2, abs=0.02)


def test_day_to_day_spread_is_found_in_closed_form():
    """Twenty draws of a year with cv 0.4, and with none."""
    generator, profile = np.random.default_rng(4), np.ones(168)
    for cv in (0.0, 0.4):
        found = []
        for _ in range(20):
            factors = generator.gamma(1 / cv**2, cv**2, 364) if cv else np.ones(364)
            counts = generator.poisson(80 * factors)
            time = np.concatenate([day * 24 + generator.uniform(0, 24, count) for day, count in enumerate(counts)])
            found.append(day_cv(np.sort(time), np.arange(364), profile))
        assert np.mean(found) == pytest.approx(cv, abs=0.03)


def test_working_hours_are_counted_as_the_duty_clock_counts_them():
    """From Monday 11:00 to 15:00 are two office hours; over a weekend none are added."""
    office = [[8.5, 12.0], [14.0, 17.5]]
    between = inside(np.array([15.0, 96.0 + 17.5, 168.0 + 8.5]), office) - inside(
        np.array([11.0, 96.0 + 16.5, 96.0 + 17.5]), office
    )
    assert between.tolist() == [2.0, 1.0, 0.0]


def test_another_hierarchy_faces_the_recorded_problems(export):
    """Replayed in both engines: the same table."""
    file, demand = export
    found = fit(file, COLUMNS, headcount=60)
    assert found.scenario.headcount == 60
    runs = [gs.simulate(found.scenario, 1, engine=engine, records=found.records) for engine in ("compiled", "mesa")]
    pd.testing.assert_frame_equal(runs[0].problems, runs[1].problems)
    assert len(runs[0].problems) == len(demand)


def test_the_command_writes_a_scenario_that_runs(export, tmp_path):
    """And says what it used; a wrong column is one message, and nothing is written."""
    file, _ = export
    out = tmp_path / "fitted.toml"
    mapped = "opened=opened,limit=limit,type=kind,place=area"
    done = CliRunner().invoke(app, ["fit", str(file), "--map", mapped, "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "rows" in done.output
    assert gs.load(out).territory.cells == 3
    failed = CliRunner().invoke(
        app, ["fit", str(file), "--map", "opened=opend,type=kind,place=area", "--out", str(tmp_path / "no.toml")]
    )
    assert failed.exit_code == 2
    assert "did you mean opened" in failed.output
    assert not (tmp_path / "no.toml").exists()


def test_the_boston_requests_fit(recorded_data):
    """Ninety-four thousand rows: traits that are known of them."""
    file = recorded_data / "boston_requests_2015_jan_sep.csv.gz"
    found = fit(file, {"opened": "open_dt", "closed": "closed_dt", "limit": "target_dt", "type": "reason",
                       "place": "neighborhood", "source": "source", "id": "case_id"})  # fmt: skip
    assert any("93,963 of 93,963 rows" in note and "176 closed before" in note for note in found.notes)
    profile = np.array(found.scenario.problems[0].profile).reshape(7, 24)
    assert profile[5:].mean() < 0.6 * profile[:5].mean()
    assert gs.simulate(found.scenario, 1, records=found.records).measures["reported"] > 80_000


def test_whole_weeks_give_the_plain_rate_and_part_of_a_week_is_not_the_whole():
    """Ten each working day: ten a day, whether four weeks were seen with empty weekends or five days alone."""
    working = np.concatenate([np.full(10, 24.0 * day + 9.5) for day in range(28) if day % 7 < 5])
    for time, expected in ((working, 10 * 20 / 26), (working[working < 120], 10.0)):
        days = observed_days(time)
        week = week_of(time, np.ones(len(time), bool), days)
        assert per_day(len(time), week, days) == pytest.approx(expected, rel=0.1)
        assert week.mean() == pytest.approx(1.0)


def test_a_long_gap_is_not_a_time_without_requests():
    """Two months with a year between them that nobody recorded: ten a day."""
    time = np.sort(np.concatenate([np.arange(0, 28 * 24, 2.4), np.arange(364 * 24, 392 * 24, 2.4)]))
    days = observed_days(time)
    assert len(days) == 56
    assert per_day(len(time), week_of(time, np.ones(len(time), bool), days), days) == pytest.approx(10.0, rel=0.01)
