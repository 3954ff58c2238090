"""Each rule of the model by itself, at and on either side of where it changes its mind."""

import pytest

from gridsim.simulation import rules
from gridsim.simulation.events import Reason
from gridsim.simulation.instants import of_hours
from gridsim.simulation.rules import HOUR

WEEK = 168
ns = rules.nanoseconds


@pytest.mark.parametrize(("number", "draw"), [(-1, 0), (0, 0), (1, 0), (2, 1), (3, 2), (4, 3), (5, 0), (8, 3), (9, 0)])
def test_the_fifth_attempt_uses_the_first_draw_again(number, draw):
    assert rules.which_draw(number) == draw


@pytest.mark.parametrize(
    ("difficulty", "error", "draw", "perceived"),
    [
        (0.5, 0.25, 2.0, 1.0), (0.5, 0.25, -1.0, 0.25), (0.5, 0.0, 3.0, 0.5), (0.75, 0.5, 0.0, 0.75),
        (0.5, 0.25, 2.5, 1.0), (0.5, 0.25, -2.0, 0.0), (0.5, 0.25, -9.0, 0.0), (1.0, 0.0, 1.0, 1.0), (0.0, 0.5, -1.0, 0.0),
    ],
)  # fmt: skip
def test_the_error_is_added_to_the_difficulty_and_cut(difficulty, error, draw, perceived):
    assert rules.perceived_difficulty(difficulty, error, draw) == perceived


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        (3, 0, 3),  # a limit of nothing, in a closed office too
        (3, -1, 3),
        (10, 0.5, 10.5),
        (3, 2, 11),  # before it opens
        (9, 3, 12),  # from the very opening to the very closing
        (10, 2, 12),
        (10, 3, 15),  # over the noon break
        (12, 1, 15),  # at closing
        (12.5, 1, 15),
        (10, 5, 17),
        (10, 6, 34),  # 9 to 12 and 14 to 17 make six hours: one is left for tomorrow
        (18, 1, 34),
        (10, 11, 41),
        (24 + 10, 2, 36),
        (24 + 18, 1, 58),
        (0, 18, 65),  # three days
    ],
)
def test_a_duty_clock_runs_only_while_the_office_is_open(start, hours, ends):
    office = [tuple(of_hours(edges).tolist()) for edges in ((9, 14), (12, 17))]
    assert rules.clock_ends(ns(start), round(hours * HOUR), *office, ns(24), ns(1000)) == ns(ends)


def test_a_duty_clock_that_never_stops_is_a_calendar():
    assert rules.clock_ends(5, 400, (0,), (WEEK,), WEEK, 1000) == 405


def test_a_duty_clock_that_runs_past_the_end_never_ends():
    assert rules.clock_ends(5, 400, (0,), (10,), WEEK, 1000) == rules.NEVER


@pytest.mark.parametrize(
    ("start", "end", "on", "off"),
    [(0, 24, 6, 18), (10, 15, 3, 2), (12, 14, 0, 2), (9, 9, 0, 0), (11, 35, 6, 18), (17, 33, 0, 16)],
)
def test_time_on_and_off_duty_add_up(start, end, on, off):
    office = ((9, 14), (12, 17), 24)
    assert rules.time_on_duty(end, *office) - rules.time_on_duty(start, *office) == on
    assert rules.time_off_duty(start, end, *office) == off


def test_nothing_lies_between_an_end_and_a_later_start():
    assert rules.time_off_duty(9, 3, (9, 14), (12, 17), 24) == 0


@pytest.mark.parametrize(
    ("on_duty", "count", "on_call", "busy", "urgency", "people"),
    [
        (True, 3, 1, 1, rules.ROUTINE, 2),
        (True, 3, 0, 3, rules.EMERGENCY, 0),
        (False, 3, 2, 1, rules.ROUTINE, 0),
        (False, 3, 2, 0, rules.URGENT, 2),
        (False, 5, 3, 1, rules.URGENT, 2),
        (False, 3, 2, 1, rules.EMERGENCY, 1),
        (False, 3, 2, 2, rules.EMERGENCY, 0),
        (False, 3, 1, 2, rules.EMERGENCY, 0),  # more are still at work than are on call
    ],
)
def test_people_set_out_on_duty_or_on_call(on_duty, count, on_call, busy, urgency, people):
    assert rules.available(on_duty, count, on_call, busy, urgency) == people


@pytest.mark.parametrize(
    ("trust", "without", "draw", "reported"),
    [
        (0.5, 0.5, 0.7499, True),
        (0.5, 0.5, 0.75, False),
        (0.25, 0.0, 0.2499, True),
        (0.25, 0.0, 0.25, False),
        (0.0, 0.25, 0.2499, True),
        (0.0, 0.25, 0.25, False),
        (1.0, 0.25, 0.9999, True),
        (0.0, 0.0, 0.0, False),
    ],
)
def test_the_chance_of_a_report_is_between_that_without_trust_and_one(trust, without, draw, reported):
    assert rules.reports(trust, without, draw) is reported


@pytest.mark.parametrize(("trust", "gain", "after"), [(0.5, 0.5, 0.75), (0.0, 0.25, 0.25), (1, 0.5, 1), (0.5, 0, 0.5)])
def test_success_closes_part_of_the_gap_to_full_trust(trust, gain, after):
    assert rules.trust_after_success(trust, gain) == after


@pytest.mark.parametrize(("trust", "loss", "after"), [(0.5, 0.5, 0.25), (0, 0.5, 0), (1, 0.25, 0.75), (0.5, 0, 0.5)])
def test_failure_takes_a_part_of_the_trust(trust, loss, after):
    assert rules.trust_after_failure(trust, loss) == after


@pytest.mark.parametrize(
    ("closed_at", "due_at", "kept"),
    [(2, 3, True), (3, 3, True), (4, 3, False), (4, rules.NEVER, True)],
)
def test_closing_at_the_end_of_the_limit_is_in_time(closed_at, due_at, kept):
    assert rules.in_time(closed_at, due_at) is kept


@pytest.mark.parametrize(
    ("solves", "perceived", "failed", "by_authority", "may"),
    [
        (0.5, 0.5, 0.0, True, True),
        (0.5, 0.6, 0.0, True, False),
        (0.5, 0.6, 0.0, False, True),
        (0.5, 0.4, 0.5, True, False),  # their equals failed
        (0.5, 0.4, 0.5, False, False),
        (0.5, 0.4, 0.4, False, True),
        (0.5, 0.4, 0.6, True, False),
    ],
)
def test_authority_reaches_what_is_perceived_and_exceeds_what_failed(solves, perceived, failed, by_authority, may):
    assert rules.has_authority(solves, perceived, failed, by_authority) is may


@pytest.mark.parametrize(
    ("below", "solves", "perceived", "failed", "alone"),
    [
        (0.5, 0.8, 0.5, 0.0, True),
        (0.5, 0.8, 0.6, 0.0, False),
        (0.5, 0.8, 0.5, 0.8, False),
        (0.5, 0.8, 0.5, 0.7, True),
        (0.5, 0.8, 0.5, 0.9, False),
        (0.0, 0.8, 0.0, 0.0, False),  # who handles below nothing handles nothing
        (0.0, 0.8, -0.5, 0.0, False),
        (0.5, 0.8, -0.5, 0.0, True),
    ],
)
def test_a_leader_handles_alone_what_looks_small(below, solves, perceived, failed, alone):
    assert rules.leader_handles(below, solves, perceived, failed) is alone


@pytest.mark.parametrize(("difficulty", "authority", "done"), [(0.4, 0.5, True), (0.5, 0.5, True), (0.6, 0.5, False)])
def test_an_attempt_succeeds_up_to_the_authority(difficulty, authority, done):
    assert rules.succeeds(difficulty, authority) is done


@pytest.mark.parametrize("one", [rules.ROUTINE, rules.URGENT, rules.EMERGENCY])
@pytest.mark.parametrize("other", [rules.ROUTINE, rules.URGENT, rules.EMERGENCY])
def test_the_more_urgent_is_the_larger(one, other):
    assert rules.more_urgent(one, other) == max(one, other)


def test_urgencies_are_in_order():
    assert [rules.ROUTINE, rules.URGENT, rules.EMERGENCY] == [0, 1, 2]


@pytest.mark.parametrize(
    ("leaders", "on_duty", "urgency", "at_once"),
    [
        (0, True, rules.ROUTINE, True),
        (0, False, rules.ROUTINE, True),
        (1, True, rules.EMERGENCY, False),
        (1, False, rules.ROUTINE, False),
        (1, False, rules.URGENT, True),
        (2, False, rules.EMERGENCY, True),
        (2, True, rules.URGENT, False),
    ],
)
def test_decisions_wait_only_for_leaders_on_duty(leaders, on_duty, urgency, at_once):
    assert rules.decided_at_once(leaders, on_duty, urgency) is at_once


@pytest.mark.parametrize(
    ("waiting", "limit", "full"),
    [(2, 3, False), (3, 3, True), (4, 3, True), (0, 0, True), (9, -1, False), (0, 1, False), (1, 1, True)],
)
def test_a_unit_is_full_at_its_limit(waiting, limit, full):
    assert rules.over_queue_limit(waiting, limit) is full


def test_the_escalation_clock_starts_where_the_scenario_says():
    assert rules.limit_starts(since_report=True, reported_at=3, arrived_at=5) == 3
    assert rules.limit_starts(since_report=False, reported_at=3, arrived_at=5) == 5


def test_a_resident_petitions_only_while_nobody_set_out():
    assert rules.petitions(ever_set_out=False) is True
    assert rules.petitions(ever_set_out=True) is False


@pytest.mark.parametrize(
    ("draw", "chance", "reworks", "again"),
    [(0.2, 0.25, 0, True), (0.25, 0.25, 0, False), (0.2, 0.25, 2, True), (0.2, 0.25, 3, False), (0.3, 0.25, 1, False)],
)
def test_a_job_comes_back_at_most_three_times(draw, chance, reworks, again):
    assert rules.is_reworked(draw, chance, reworks) is again


@pytest.mark.parametrize(
    ("place", "station", "km"),
    [((1, 2), (4, 6), 7), ((4, 6), (1, 2), 7), ((1, 6), (4, 2), 7), ((3, 3), (3, 3), 0), ((-1, -2), (1, 2), 6)],
)
def test_distance_is_along_the_streets(place, station, km):
    assert rules.distance_km(*place, *station) == km


@pytest.mark.parametrize(("km", "hours_per_km", "hours"), [(3, 0.5, 1.5), (3, 0, 0), (0, 0.5, 0), (4, 0.25, 1)])
def test_travel_takes_distance_over_speed(km, hours_per_km, hours):
    assert rules.travel_time(km, hours_per_km) == ns(hours)


@pytest.mark.parametrize(
    ("is_incident", "pace", "hours"), [(False, 1.0, 2.0), (False, 1.5, 3.0), (True, 1.0, 8.0), (True, 1.5, 12.0)]
)
def test_an_incident_multiplies_the_work(is_incident, pace, hours):
    assert rules.work_time(2.0, pace, is_incident, 4.0) == ns(hours)


@pytest.mark.parametrize(("draw", "mean", "hours"), [(0.5, 3.0, 1.5), (1.0, 0.2, 0.2), (2.0, 0.0, 0.0)])
def test_triage_takes_its_draw_of_the_mean(draw, mean, hours):
    assert rules.triage_time(draw, mean) == ns(hours)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (0, 9, 4),  # around the window
        (4, 6, 2),
        (1, 5, 2),
        (6, 9, 1),
        (3, 7, 4),
        (0, 3, 0),
        (0, 2, 0),
        (7, 9, 0),
        (8, 9, 0),
    ],
)
def test_only_the_time_inside_the_window_is_measured(start, end, hours):
    assert rules.overlap(start, end, 3, 7) == hours


@pytest.mark.parametrize(("number", "due"), [(0, 0), (1, 6), (2, 12), (7, 42)])
def test_patrols_fall_due_at_the_multiples_of_their_interval(number, due):
    assert rules.patrol_due_at(number, 6, 42) == due


def test_no_patrol_falls_due_after_the_end():
    assert rules.patrol_due_at(8, 6, 47) == rules.NEVER


@pytest.mark.parametrize(
    ("draw", "mean", "when_idle", "hours"),
    [(0.5, 3.0, False, 1.5), (0.5, 3.0, True, 1.5), (0.0, 3.0, False, 0.0)],
)
def test_a_patrol_takes_its_draw_of_the_mean(draw, mean, when_idle, hours):
    assert rules.patrol_time(draw, mean, when_idle) == ns(hours)


def test_a_patrol_for_want_of_work_takes_at_least_3_6_seconds():
    """Without it a unit with nothing to do would patrol for ever at one instant."""
    least = rules.SHORTEST_IDLE_PATROL
    assert least == ns(0.001)
    assert rules.patrol_time(0.0, 3.0, when_idle=True) == least
    assert rules.patrol_time(0.0005, 1.0, when_idle=True) == least
    assert rules.patrol_time(0.002, 1.0, when_idle=True) == 2 * least


def test_the_draws_that_repeat_are_four_and_1024():
    """They are part of the seed's meaning: another number would be another world."""
    assert (rules.DRAWS, rules.PATROL_DRAWS, rules.ALLOWED_REWORKS) == (4, 1024, 3)


# --- the order of decisions ---

UP, STAY, DOWN, ALONE, JOIN, NOWHERE = rules.UP, rules.STAY, rules.DOWN, rules.ALONE, rules.JOIN, rules.NOWHERE


@pytest.mark.parametrize(
    ("can_below", "alone", "can_here", "full", "can_above", "step"),
    [
        (True, True, True, True, True, DOWN),
        (True, False, False, False, False, DOWN),
        (False, True, True, True, True, ALONE),
        (False, True, False, False, True, ALONE),
        (False, False, True, False, True, JOIN),
        (False, False, True, True, True, UP),
        (False, False, True, True, False, JOIN),  # full, but nobody above: the next decision applies
        (False, False, False, False, True, UP),
        (False, False, False, True, True, UP),
        (False, False, False, False, False, NOWHERE),
    ],
)
def test_a_decision_takes_the_first_step_that_is_open(can_below, alone, can_here, full, can_above, step):
    assert rules.usual_decision(can_below, alone, can_here, full, can_above) == step


@pytest.mark.parametrize(("here", "above", "step"), [(1, 1, JOIN), (1, 0, JOIN), (0, 1, UP), (0, 0, NOWHERE)])
def test_after_a_failure_it_joins_here_before_it_goes_up(here, above, step):
    assert rules.usual_after_failure(bool(here), bool(above)) == step


def test_at_the_end_of_a_limit_it_goes_up_if_somebody_can_serve_it_there():
    assert rules.usual_at_limit(True) == UP
    assert rules.usual_at_limit(False) == STAY


@pytest.mark.parametrize(("at_top", "can", "step"), [(0, 1, UP), (1, 1, STAY), (0, 0, STAY), (1, 0, STAY)])
def test_a_petition_goes_to_a_top_that_can_serve_it(at_top, can, step):
    assert rules.usual_petition(bool(at_top), bool(can)) == step


@pytest.mark.parametrize(
    ("staff", "leader", "triaged", "may"),
    [(1, 0, 1, True), (1, 0, 0, True), (0, 1, 0, True), (0, 1, 1, False), (0, 0, 0, False), (1, 1, 1, True)],
)
def test_after_triage_the_inbox_is_no_way_out(staff, leader, triaged, may):
    assert rules.may_join(bool(staff), bool(leader), bool(triaged)) is may


@pytest.mark.parametrize("step", range(-2, 9))
@pytest.mark.parametrize("moment", range(5))
@pytest.mark.parametrize("open_to", range(16))
def test_only_steps_that_lead_somewhere_can_be_taken(step, moment, open_to):
    here, above, below, alone = (bool(open_to & bit) for bit in (1, 2, 4, 8))
    where = {UP: above}
    if moment == rules.DECISION:
        where |= {DOWN: below, ALONE: alone, JOIN: here}
    elif moment == rules.FAILED:
        where |= {JOIN: here}
    else:
        where |= {STAY: True}
    assert rules.can_be_taken(step, moment, here, above, below, alone) is where.get(step, False)


@pytest.mark.parametrize(
    ("skills", "here", "reason"),
    [(1, 1, Reason.LOAD), (0, 1, Reason.LOAD), (1, 0, Reason.AUTHORITY), (0, 0, Reason.SKILL)],
)
def test_it_goes_up_for_skill_authority_or_load(skills, here, reason):
    assert rules.reason_to_go_up(bool(skills), bool(here)) == reason


@pytest.mark.parametrize("fell", range(8))
def test_of_what_fell_into_a_triage_the_petition_goes_first(fell):
    petition, limit, overdue = (bool(fell & bit) for bit in (1, 2, 4))
    order = [(petition, rules.PATIENCE), (limit, rules.LIMIT), (overdue, rules.OVERDUE), (True, rules.DECISION)]
    assert rules.first_after_triage(petition, limit, overdue) == next(moment for there, moment in order if there)


def test_what_falls_due_acts_on_what_waits_and_after_triage_but_not_on_work():
    assert rules.falls_due(True, False) == rules.AT_ONCE
    assert rules.falls_due(False, True) == rules.AFTER_TRIAGE
    assert rules.falls_due(False, False) == rules.NOT_AT_ALL


@pytest.mark.parametrize(
    ("usual", "step", "anew"), [(UP, STAY, True), (STAY, STAY, False), (UP, UP, False), (STAY, UP, False)]
)
def test_a_limit_begins_anew_where_up_was_usual(usual, step, anew):
    assert rules.begins_anew(usual, step) is anew


@pytest.mark.parametrize("state", range(8))
def test_a_due_patrol_goes_before_the_inbox_and_the_inbox_before_a_patrol_for_want_of_work(state):
    owed, inbox, idle = (bool(state & bit) for bit in (1, 2, 4))
    order = [(owed, rules.PATROL), (inbox, rules.TRIAGE), (idle, rules.PATROL), (True, rules.REST)]
    assert rules.next_for_leader(owed, inbox, idle) == next(following for there, following in order if there)


@pytest.mark.parametrize(("hours", "number"), [(0, 0), (0.999, 0), (1, 1), (167.5, 167), (168, 0), (169, 1), (1680, 0)])
def test_hours_of_the_week_begin_on_monday(hours, number):
    assert rules.hour_of_week(ns(hours)) == number


@pytest.mark.parametrize(
    ("limit_ends", "arrived_at", "now", "acts"),
    [(4, 1, 5, True), (5, 1, 5, False), (6, 1, 5, False), (5, 5, 5, True), (1, 3, 5, True), (rules.NEVER, 1, 5, False)],
)
def test_a_limit_of_this_instant_has_its_own_event_unless_it_was_past_on_arrival(limit_ends, arrived_at, now, acts):
    assert rules.ended_during_work(limit_ends, arrived_at, now) is acts


@pytest.mark.parametrize(
    ("first", "second"),
    [((2, 9, 9), (1, 0, 0)), ((1, 9, 9), (0, 0, 0)), ((1, 3, 9), (1, 4, 0)), ((0, 3, 1), (0, 3, 2))],
)
def test_urgency_goes_before_arrival_and_arrival_before_the_number(first, second):
    assert rules.place_in_queue(*first) < rules.place_in_queue(*second)


# --- time ---


@pytest.mark.parametrize(
    ("hours", "nanoseconds"),
    [
        (0.0, 0), (1.0, HOUR), (0.1, HOUR // 10), (0.3, 3 * (HOUR // 10)), (0.000001, 3_600_000), (2.5e-13, 1), (1e-13, 0),
        (1 / 3, 1_200_000_000_000), (1e-9, 3600), (0.1 + 0.2, 1_080_000_000_000), (1.2345675, 4_444_443_000_000),
        (2_499_999.5, 2_499_999 * HOUR + HOUR // 2), (2_500_000.0, rules.NEVER), (float("inf"), rules.NEVER),
    ],
)  # fmt: skip
def test_a_duration_is_a_whole_number_of_nanoseconds_as_it_is_written(hours, nanoseconds):
    assert rules.nanoseconds(hours) == nanoseconds
    assert of_hours(hours) == nanoseconds


@pytest.mark.parametrize(
    ("start", "duration", "horizon", "instant"),
    [
        (3, 4, 10, 7),
        (3, 7, 10, 10),
        (3, 8, 10, rules.NEVER),
        (0, 0, 0, 0),
        (-5, 15, 10, 10),
        (5, rules.NEVER, 10, rules.NEVER),
    ],
)
def test_what_would_happen_after_the_end_does_not(start, duration, horizon, instant):
    assert rules.after(start, duration, horizon) == instant


def test_never_and_not_yet_are_the_ends_of_the_numbers():
    assert rules.UNSET == -(2**63)
    assert rules.NEVER == 2**63 - 1
    assert rules.HOUR == 3600 * 10**9
    assert rules.HOUR == 10**6 * rules.MICRO_HOUR
    assert 100_000 * 24 * rules.HOUR < rules.NEVER


def test_the_shortest_time_counts_as_any_other():
    """One nanosecond of a duty clock that begins in the night ends one after the office opens."""
    office = [tuple(of_hours(edges).tolist()) for edges in ((9, 14), (12, 17))]
    assert rules.clock_ends(ns(3), 1, *office, ns(24), ns(1000)) == ns(9) + 1
    assert rules.time_on_duty(ns(9) + 1, *office, ns(24)) == 1
    assert rules.time_on_duty(ns(9), *office, ns(24)) == 0
    assert rules.time_on_duty(0, *office, ns(24)) == 0
    assert rules.time_off_duty(ns(9), ns(9) + 1, *office, ns(24)) == 0
    assert rules.time_off_duty(ns(9) - 1, ns(9) + 1, *office, ns(24)) == 1
    assert rules.clock_ends(ns(9), ns(6), *office, ns(24), ns(17)) == ns(17)
