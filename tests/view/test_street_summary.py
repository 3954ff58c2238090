"""The main job's opening sentences are those of its results: other results, other sentences."""

from dataclasses import replace

import pytest

from gridsim.view import terminal
from gridsim.view.street_report import by_headcount
from gridsim.view.street_summary import street_summary

LIMIT = "after 8/24 working hours"


def with_runs(study, measure, change):
    """The same study with one measure changed where `change` gives a number (told design, headcount, rule)."""
    runs = study.runs.copy()
    told = zip(runs["design"], runs["headcount"], runs["rule"], runs[measure], strict=True)
    runs[measure] = [change(*one) for one in told]
    return replace(study, runs=runs)


def test_there_are_a_few_short_sentences(main_job):
    said = street_summary(main_job)
    assert 6 <= len(said) <= 17
    assert all(sentence.endswith(".") and "nan" not in sentence for sentence in said)
    assert max(len(one.split()) for sentence in said for one in sentence.split(". ")) <= 25


def test_each_headcount_names_its_best_design_with_the_number_of_the_table(main_job):
    table = main_job.table(["response_hours_mean"]).set_index("scenario")
    table = table[table["rule"] == "by authority"]
    headcounts = list(by_headcount(main_job))
    assert len(headcounts) == 3
    for sentence, headcount in zip(street_summary(main_job)[:3], headcounts, strict=True):
        best = table.loc[table[table["headcount"] == headcount]["mean"].idxmin()]
        assert sentence.startswith(f"With {headcount} people, {best['design'].replace('_', ' ')} responds soonest")
        assert f"{best['mean']:.{0 if best['mean'] >= 10 else 1}f} h on average)" in sentence


def test_another_design_is_named_when_it_responds_sooner(main_job):
    faster = with_runs(
        main_job, "response_hours_mean", lambda design, n, rule, hours: 2.0 if design == "hotline" else hours
    )
    faster = replace(faster, restricted={})
    assert "hotline responds soonest (2.0 h on average)" in street_summary(faster)[0]


def test_a_mean_that_the_end_cut_short_is_said_to_be_at_least_so_long(main_job):
    best = street_summary(replace(main_job, restricted={}))[0]
    name = f"{best.split(', ')[1].split(' responds')[0].replace(' ', '_')} 765 by authority"
    cut = street_summary(replace(main_job, restricted={("response_hours_mean", name): 1}))[0]
    assert cut == best.replace("(", "(at least ", 1)


@pytest.mark.parametrize(
    ("gain", "words"),
    [(0.001, "respond about alike: choose by cost"), (5.0, "makes the wait 5.0 h shorter"), (None, "by chance")],
)
def test_the_best_design_is_set_beside_the_baseline_by_their_paired_difference(gain, words, main_job):
    """Five hours in every run are sure; fifty in one run of two are not."""
    runs = iter(range(10_000))

    def changed(design, headcount, rule, hours):
        if design != "hotline":
            return 10.0 + (design != "three_tier")
        return 10.0 - gain if gain is not None else (-40.0, 9.0)[next(runs) // 9 % 2]

    said = street_summary(with_runs(main_job, "response_hours_mean", changed))
    assert words in next(sentence for sentence in said[3:] if "hotline" in sentence and "three tier" in sentence)


@pytest.mark.parametrize(
    ("factor", "words"), [(0.5, "shorter than"), (3.0, "longer than"), (1.001, "about as long as")]
)
def test_the_rules_are_judged_by_their_paired_difference(factor, words, main_job):
    base = main_job.table(["response_hours_mean"]).set_index("scenario")["mean"]

    def changed(design, headcount, rule, hours):
        return base[f"{design} {headcount} by authority"] * (factor if rule == LIMIT else 1.0)

    said = street_summary(with_runs(main_job, "response_hours_mean", changed))
    timed = [sentence for sentence in said if f"people, “{LIMIT} at grid/community”" in sentence]
    assert timed
    assert all(words in sentence for sentence in timed)
    assert not any(
        other in sentence
        for sentence in timed
        for other in {"shorter", "longer", "as long"} - {*words.split(), words[6:-3]}
    )


def test_a_backlog_without_end_is_one_that_grew_under_too_much_work(main_job):
    """Too much work alone, or growth alone, is not called so."""
    loads = [name for name in main_job.measures if name.startswith("offered_load.")]
    least = min(by_headcount(main_job))
    never, none = main_job, "Nowhere was the backlog seen to grow without end."
    for name in [*loads, "backlog_growth"]:
        never = with_runs(never, name, lambda design, n, rule, load: 0.0)
    full = with_runs(never, "offered_load.street", lambda design, n, rule, load: 1.2 if n == least else 0.5)
    grown = with_runs(never, "backlog_growth", lambda design, n, rule, growth: 3.0 if n == least else 0.0)
    both = with_runs(full, "backlog_growth", lambda design, n, rule, growth: 3.0)
    assert all(none in street_summary(study) for study in (never, full, grown))
    assert any(
        f"without end in 21 of 63 scenarios (with {least} people)" in sentence for sentence in street_summary(both)
    )


def test_leaders_who_patrol_whenever_idle_are_not_called_short(main_job):
    busy = main_job
    for name in [name for name in main_job.measures if name.endswith(".leader")]:
        busy = with_runs(busy, name, lambda design, n, rule, share: share * 0.0 + 0.99)
    assert any(sentence.startswith("Leaders are short in ") for sentence in street_summary(busy))
    idle = {
        name: scenario.vary({f"tiers.{tier.name}.leader.{key}": value for tier in scenario.tiers if tier.leader
                             for key, value in (("patrol_every_hours", 0.0), ("patrol_hours", {"mean": 1.0}))})
        for name, scenario in main_job.scenarios.items()
    }  # fmt: skip
    assert not any("Leaders are" in sentence for sentence in street_summary(replace(busy, scenarios=idle)))


def test_a_single_design_is_compared_with_nothing(main_job):
    alone = main_job.only([main_job.baseline])
    said = street_summary(alone)
    assert said[0].startswith("With 765 people")
    assert not any("moving" in sentence or "alike" in sentence for sentence in said)


@pytest.mark.parametrize("columns", [60, 80, 130])
def test_sentences_are_wrapped_between_words_and_keep_numbers_with_their_units(columns, main_job, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal.say(street_summary(main_job))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    assert not any(line.strip().startswith(("% ", "h ", "h)")) for line in lines)
    words = " ".join(" ".join(lines).replace("• ", "").split())
    assert words == " ".join(street_summary(main_job))
