"""Every sentence for a planner has at most 25 words, whatever was run: sentences of real runs are collected and counted."""

import re

import pytest

import gridsim as gs

MOST_WORDS = 25
LONG_NAMES = [f"{design} with {people} people" for design in ("three tier", "two tier", "flat") for people in (80, 120)]


def sentences(texts):
    """Cut texts into sentences: a full stop, a blank and a capital letter, or a line's end."""
    return [one for text in texts for one in re.split(r"(?<=[.?!])\s+(?=[A-Z])|\n", text) if one.strip()]


def too_long(texts):
    return [(len(one.split()), one) for one in sentences(texts) if len(one.split()) > MOST_WORDS]


def crowded(everyone_at_once):
    """Six scenarios with long names in which more work arrives than people can do."""
    busy = everyone_at_once.vary({"run.days": 20, "problems.*.per_1000_residents_per_day": 60.0})
    return gs.compare(dict.fromkeys(LONG_NAMES, busy), replications=2, workers=1, progress=False)


def test_sentences_are_cut_where_they_end():
    assert sentences(["One ends. Two (1.5 h) goes on. x = 3.2 stays."]) == [
        "One ends.",
        "Two (1.5 h) goes on. x = 3.2 stays.",
    ]
    assert too_long(["word " * 26])
    assert not too_long(["word " * 25])


def test_notes_of_an_overloaded_study_with_long_names(everyone_at_once):
    notes = crowded(everyone_at_once).warnings
    assert len(notes) >= 2
    assert too_long(notes) == []
    assert any("and 5 more" in note or "and 4 more" in note for note in notes)


def test_notes_of_a_single_run_that_is_cut_short_name_no_scenario(everyone_at_once):
    notes = gs.simulate(
        everyone_at_once.vary({"run.days": 20, "problems.*.per_1000_residents_per_day": 60.0}), 1
    ).warnings
    assert any(note.startswith("In this run the slowest cases were still open") for note in notes)
    assert too_long(notes) == []


def test_the_main_job_in_short_sentences():
    from gridsim.jobs.street.plan import street_plan
    from gridsim.view.street_summary import street_summary

    study = street_plan(days=10).run(replications=3, workers=1, progress=False)
    said = street_summary(study)
    assert any("staff are busy" in one and "% of their hours" in one for one in said)
    assert any("times as long" in one for one in said)
    assert too_long([*said, *study.warnings]) == []


def test_findings_on_reports_and_what_is_input():
    found = gs.reproduce(["mingming_road", "huiji"], replications=2, days=20, workers=1, progress=False)
    assert too_long(found.findings) == []
    assert "input, so no test" in set(found.figures["verdict"])


def test_a_fitted_file_is_told_in_short_sentences(tmp_path):
    rows = [f"2024-01-{day:02d} {hour:02d}:00,Kind number {day % 9},Place {hour % 3},Status word {day % 7} in several words"
            for day in range(1, 29) for hour in (8, 9, 14)]  # fmt: skip
    file = tmp_path / "requests.csv"
    file.write_text("\n".join(["opened,type,place,source", "2001-05-05 10:00,Kind number 1,Place 1,Phone", *rows]))
    columns = {"opened": "opened", "type": "type", "place": "place", "source": "source", "urgency": "source"}
    found = gs.fit(file, columns)
    assert any("No source names staff" in note for note in found.notes)
    assert too_long(found.notes) == []


@pytest.mark.parametrize("most", [10, 400])
def test_a_selection_settled_or_not(most, everyone_at_once):
    more = everyone_at_once.vary({"tiers.grid.staff.generalist.count": 4})
    given = {"two people": everyone_at_once, "four people": more} if most > 10 else dict.fromkeys(
        LONG_NAMES, everyone_at_once)  # fmt: skip
    found = gs.select_best(given, "response_hours_mean", 0.05 if most > 10 else 1e-6, most=most, workers=1)
    assert too_long([found.said]) == []


def test_calibration_warm_up_and_stopping(one_desk, two_tiers):
    found = gs.calibrate(one_desk.vary({"run.days": 10}), {"response_hours_mean": 500.0, "closure_rate": 0.01},
                         {"problems.*.work_hours.mean": (0.9, 1.1)},
                         replications=4, workers=1)  # fmt: skip
    assert any("is not reached" in note for note in found.warnings)
    assert too_long([found.said, *found.warnings]) == []
    assert too_long(gs.warm_up(one_desk.vary({"run.days": days}), 2).said for days in (3, 30)) == []
    for until, precision in (("decided", None), (None, 0.5), (None, 0.0001)):
        auto = gs.compare({"one": two_tiers, "another": two_tiers.vary({"escalation.after_hours": 1.0})}, "auto",
                          until=until, precision=precision, most=4, workers=1, progress=False)  # fmt: skip
        assert "replications" in auto.stopped
        assert too_long([auto.stopped]) == []


def test_leaders_alone_are_called_short_only_where_staff_have_time(everyone_at_once):
    """Said of what the runs showed: staff busy all their hours are short as well."""
    from gridsim.simulation.outcome.notes import Played, notes

    runs = gs.compare({"a": everyone_at_once}, replications=1, workers=1, progress=False).runs
    tier, role = everyone_at_once.tiers[0].name, everyone_at_once.tiers[0].staff[0].role
    for busy, words in ((0.4, "Leaders, not staff, are short at tier"), (0.99, "Leaders are short at tier")):
        played = runs.assign(**{f"utilisation.{tier}.leader": 0.99, f"utilisation.{tier}.{role}": busy})
        said = notes([Played("a", None, played, {})])
        assert any(note.startswith(f"{words} {tier} in a.") for note in said)
