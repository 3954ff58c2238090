"""The measures of tiny runs, written down by hand and worked out on paper."""

from dataclasses import replace

import numpy as np
import pytest
from simulation.written import POOLS, written_down

from gridsim.simulation.events import Source, Status
from gridsim.simulation.instants import of_hours
from gridsim.simulation.outcome import tables
from gridsim.simulation.outcome.measures import backlog_at, gini, measures, resolution_times, response_times
from gridsim.simulation.outcome.result import Result
from gridsim.simulation.rules import HOUR

NAN = np.nan


@pytest.fixture(autouse=True)
def minutes_as_written_down(monkeypatch):
    """How near people are is what the test says."""
    for module in ("measures", "tables"):
        monkeypatch.setattr(f"gridsim.simulation.outcome.{module}.nearest_minutes", lambda _, demand: demand.minutes)


@pytest.fixture
def three_problems():
    """One closed in time, one closed late by the street, one still open."""
    return written_down(
        arises_at=[0.0, 1.0, 4.0], reported_at=[0.0, 1.0, 4.0], first_response_at=[1.0, 4.0, NAN],
        closed_at=[2.0, 8.0, NAN], ended_at=[2.0, 8.0, NAN], closed_tier=[0, 1, -1],
        status=[Status.CLOSED, Status.CLOSED, Status.OPEN], due_at=[3.0, 5.0, 12.0],
        cell=[0, 1, 1], type=[0, 1, 0], urgency=[0, 1, 2], minutes=[4.0, 7.0, np.inf],
        escalations=[[0] * 7, [1, 0, 0, 1, 0, 0, 0], [0] * 7], reworks=[0, 2, 0],
        petitioned_at=[NAN, 3.0, NAN],
    )  # fmt: skip


def test_counts_and_closure_rates(three_problems):
    found = measures(three_problems)
    assert found[["reported", "closed", "open", "unresolved", "unreported"]].tolist() == [3, 2, 1, 0, 0]
    assert found["closure_rate"] == pytest.approx(2 / 3)
    assert found["due_closure_rate"] == 1.0
    assert found["on_time_rate"] == 0.5


def test_times_count_those_still_waiting_as_censored(three_problems):
    found = measures(three_problems)
    # responses after 1 h and 3 h, one still waiting after 6 h
    assert found["response_hours_mean"] == pytest.approx((1.0 + 3.0 + 6.0) / 3)
    assert found["response_hours_median"] == 3.0
    assert np.isnan(found["response_hours_p90"])
    assert resolution_times(three_problems).hours.tolist() == [2.0, 7.0, 6.0]
    assert response_times(three_problems).observed.tolist() == [True, True, False]


def test_escalations_and_troubles_are_per_reported_problem(three_problems):
    found = measures(three_problems)
    assert found["closed_at.grid"] == found["closed_at.street"] == 0.5
    assert found["escalations_per_problem"] == pytest.approx(2 / 3)
    assert found["escalated_share"] == pytest.approx(1 / 3)
    assert found["escalations.authority"] == found["escalations.time_limit"] == pytest.approx(1 / 3)
    assert found["escalations.petition"] == 0.0
    assert found["petition_rate"] == found["rework_rate"] == pytest.approx(1 / 3)


def test_load_cost_and_nearness(three_problems):
    found = measures(three_problems)
    assert found["utilisation.grid.fire"] == 0.25
    assert found["utilisation.grid.leader"] == pytest.approx(0.3)
    assert np.isnan(found["utilisation.street.all"])
    assert found["travel_share"] == 0.1
    # on duty in full, an eighth for being on call, one and a half for overtime
    assert found["cost_total"] == 10.0 * (20.0 + 4.0 / 8.0 + 1.5 * 2.0) + 50.0 * 1.5 * 0.5 + 10.0
    assert found["cost_per_closed"] == found["cost_total"] / 2.0
    assert found["overtime_hours"] == 2.5
    # the street has no staff on duty: its load is that of its leaders
    assert found[["offered_load.grid", "offered_load.street"]].tolist() == [0.25, 2.0]
    assert found[["offered_load.grid.fire", "offered_load.grid.leader", "offered_load.street.leader"]].tolist() == [
        0.2,
        0.2,
        2.0,
    ]
    near = found[["within_5_min", "within_10_min", "within_15_min"]]
    assert near.tolist() == pytest.approx([1 / 3, 2 / 3, 2 / 3])


def test_backlog_is_its_integral_over_the_window(three_problems):
    found = measures(three_problems)
    assert found["backlog_mean"] == pytest.approx((2.0 + 7.0 + 6.0) / 10.0)
    assert found["backlog_max"] == 2
    assert found["backlog_end"] == 1
    assert backlog_at(three_problems, of_hours([0.0, 1.5, 2.0, 9.0])).tolist() == [1, 2, 1, 1]


def test_reports_may_come_in_the_reverse_order_of_arising():
    """Each is closed before the next is reported: never more than one is open."""
    run = written_down(
        arises_at=[0.0, 0.5, 1.0], reported_at=[5.0, 3.0, 1.0], ended_at=[6.0, 4.0, 2.0], closed_at=[6.0, 4.0, 2.0],
        status=[Status.CLOSED] * 3,
    )  # fmt: skip
    assert measures(run)["backlog_max"] == 1


def test_a_quarter_of_an_hour_of_staff_on_duty_is_staff_on_duty(three_problems):
    three_problems.plan.pools = [replace(pool, duty_hours=0.25) for pool in POOLS]
    assert measures(three_problems)["offered_load.grid"] == 5.0 / 0.25


def test_inequality_is_between_cells(three_problems):
    assert measures(three_problems)["response_gini"] == pytest.approx(gini(np.array([1.0, 3.0])))
    assert gini(np.array([1.0, 3.0])) == pytest.approx(0.25)
    assert all(gini(np.full(count, 0.1)) == 0.0 for count in range(1, 12))  # exactly, whatever rounding would leave
    assert np.isnan(gini(np.empty(0)))
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)


def test_warm_up_and_follow_up_are_simulated_but_not_measured():
    run = written_down(
        window=(2.0, 8.0), arises_at=[1.0, 1.5, 8.0], reported_at=[1.0, 2.0, 8.0], ended_at=[4.0, 9.0, NAN],
        closed_at=[4.0, 9.0, NAN], status=[Status.CLOSED, Status.CLOSED, Status.OPEN], closed_tier=[0, 0, -1],
    )  # fmt: skip
    found = measures(run)
    assert found["reported"] == found["closed"] == 1
    assert found["backlog_mean"] == pytest.approx((2.0 + 6.0) / 6.0)
    assert found["backlog_max"] == 2
    assert found["backlog_end"] == 1


def test_unresolved_problems_are_never_closed_and_censored_at_the_end():
    run = written_down(
        arises_at=[0.0, 2.0], reported_at=[0.0, 2.0], first_response_at=[1.0, NAN], closed_at=[1.0, NAN],
        ended_at=[1.0, 2.5], status=[Status.CLOSED, Status.UNRESOLVED], closed_tier=[0, -1],
        due_at=[5.0, 5.0],
    )  # fmt: skip
    found = measures(run)
    assert found["unresolved"] == 1
    assert found["due_closure_rate"] == found["closure_rate"] == 0.5
    assert resolution_times(run).hours.tolist() == [1.0, 8.0]
    assert found["backlog_end"] == 0


def test_hidden_problems_are_found_in_time_by_patrols_and_informants():
    run = written_down(
        arises_at=[0.0, 0.0, 0.0, 1.0, 2.0], reported_at=[3.0, 4.0, 5.0, 6.0, NAN],
        hidden=[True, True, True, False, True],
        source=[Source.PATROL, Source.INFORMANT, Source.INCIDENT, Source.INCIDENT, Source.NONE],
        status=[Status.OPEN] * 4 + [Status.UNREPORTED],
    )  # fmt: skip
    found = measures(run)
    assert found["found_before_maturing"] == pytest.approx(2 / 3)
    assert found["incident_rate"] == 0.5
    assert found["unreported"] == 1


def test_a_run_without_problems_has_counts_and_nothing_to_divide_by():
    found = measures(written_down(arises_at=[]))
    assert found["reported"] == found["backlog_mean"] == found["backlog_max"] == 0
    assert found[["closure_rate", "response_hours_mean", "response_gini", "within_5_min"]].isna().all()


def test_a_run_that_is_not_over_is_measured_as_far_as_it_went(three_problems):
    three_problems.stopped_at = 5 * HOUR
    found = measures(three_problems)
    assert resolution_times(three_problems).hours.tolist()[2] == 1.0
    assert found["backlog_mean"] == pytest.approx((2.0 + 4.0 + 1.0) / 5.0)
    assert "not over" in Result(three_problems).warnings[-1]


@pytest.mark.parametrize("part", ["type", "urgency", "cell", "tier", "unit"])
def test_parts_add_up_to_the_whole(three_problems, part):
    whole, parts = measures(three_problems), tables.by(three_problems, part)
    for name in ("reported", "closed", "open", "backlog_mean", "backlog_end"):
        assert parts[name].sum() == pytest.approx(whole[name])
    assert "cost_total" not in parts


def test_what_is_not_closed_has_a_row_of_its_own(three_problems):
    assert tables.by(three_problems, "tier")["reported"].to_dict() == {"grid": 1.0, "street": 1.0, "-": 1.0}


def test_an_unknown_part_is_refused(three_problems):
    with pytest.raises(ValueError, match="allowed are type, urgency, cell, tier"):
        tables.by(three_problems, "role")


def test_flags_and_row_numbers_choose_the_same_rows(three_problems):
    flags = np.array([True, False, True])
    assert measures(three_problems, flags).equals(measures(three_problems, np.array([0, 2])))


def test_tables_of_problems_hours_and_people(three_problems):
    result = Result(three_problems)
    assert result.seed == 3
    assert result.problems["status"].tolist() == ["closed", "closed", "open"]
    assert result.problems["closed_tier"].isna().tolist() == [False, False, True]
    assert result.problems["escalations"].tolist() == [0, 2, 0]
    assert result.timeline["hour"].tolist() == list(range(11))
    assert result.timeline["reported"].sum() == 3
    assert result.timeline["backlog"].iloc[-1] == 1
    assert result.staff["utilisation"].tolist()[:1] == [0.25]
    assert result.staff["cost"].sum() == result.measures["cost_total"]


def test_a_mean_cut_short_is_said_and_ten_hours_show_no_growth(three_problems):
    sentences = " ".join(Result(three_problems).warnings)
    assert "grows" not in sentences
    assert "the slowest cases were still open, so the true mean is longer (response time, mean)" in sentences
    assert "resolution_hours_mean" not in sentences


def test_a_result_shows_itself(three_problems):
    result = Result(three_problems)
    assert "3 problems in 0.416667 days, seed 3" in repr(result)
    page = result._repr_html_()
    assert "<td>response_hours_mean</td>" in page
    assert "<td>h</td>" in page


def test_events_need_a_trace(three_problems):
    with pytest.raises(ValueError, match="trace=True"):
        _ = Result(three_problems).events


def test_row_numbers_may_be_of_any_kind_of_whole_number(three_problems):
    assert measures(three_problems, np.array([0, 2], np.uint8)).equals(measures(three_problems, np.array([0, 2])))
