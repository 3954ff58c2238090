"""The main job's opening sentences are those of its results: other results, other sentences."""

from dataclasses import replace

import pytest

from gridsim.view import terminal
from gridsim.view.reading import only
from gridsim.view.street_report import by_headcount
from gridsim.view.street_summary import street_summary


def with_runs(study, measure, change):
    """The same study with one measure changed where `change` gives a number (told design, headcount, rule)."""
    runs = study.runs.copy()
    told = zip(runs["design"], runs["headcount"], runs["rule"], runs[measure], strict=True)
    runs[measure] = [change(*one) for one in told]
    return replace(study, runs=runs)


def test_there_are_between_three_and_six_sentences(main_job):
    said = street_summary(main_job)
    assert 3 <= len(said) <= 6
    assert all(sentence.endswith(".") and "nan" not in sentence for sentence in said)


def test_each_headcount_names_its_best_design_with_the_numbers_of_the_table(main_job):
    table = main_job.table(["response_hours_mean"]).set_index("scenario")
    table = table[table["rule"] == "by authority"]
    headcounts = list(by_headcount(main_job))
    assert len(headcounts) == 3
    for sentence, headcount in zip(street_summary(main_job)[:3], headcounts, strict=True):
        best = table.loc[table[table["headcount"] == headcount]["mean"].idxmin()]
        assert sentence.startswith(f"With {headcount} people")
        assert best["design"].replace("_", " ") in sentence
        assert f"({best['mean']:.{0 if best['mean'] >= 10 else 1}f} h on average)" in sentence


def test_another_design_is_named_when_it_responds_sooner(main_job):
    faster = with_runs(
        main_job, "response_hours_mean", lambda design, n, rule, hours: 2.0 if design == "hotline" else hours
    )
    assert "hotline responds soonest (2.0 h on average)" in street_summary(faster)[0]


@pytest.mark.parametrize(("factor", "words"), [(0.5, "less"), (3.0, "longer"), (1.001, "about as long")])
def test_the_rules_are_judged_by_their_paired_difference(factor, words, main_job):
    base = main_job.table(["response_hours_mean"]).set_index("scenario")["mean"]

    def changed(design, headcount, rule, hours):
        return base[f"{design} {headcount} by authority"] * (factor if rule == "with a time limit" else 1.0)

    sentence = street_summary(with_runs(main_job, "response_hours_mean", changed))[3]
    timed = sentence.partition("with a time limit, ")[2].partition(";")[0]
    assert words in timed
    assert not any(other in timed for other in {"less", "longer", "about as long"} - {words})


def test_overload_is_counted_by_headcount(main_job):
    never = main_job
    for name in [name for name in main_job.measures if name.startswith("offered_load.")]:
        never = with_runs(never, name, lambda design, n, rule, load: 0.5)
    assert "Nowhere does more work arrive than the people of a tier can do." in street_summary(never)
    least = min(by_headcount(main_job))
    full = with_runs(never, "offered_load.street", lambda design, n, rule, load: 1.2 if n == least else 0.5)
    assert any(f"21 of 21 scenarios with {least} people" in sentence for sentence in street_summary(full))


def test_a_single_design_is_compared_with_nothing(main_job):
    alone = only(main_job, [main_job.baseline])
    said = street_summary(alone)
    assert said[0].startswith("With 765 people")
    assert "others" not in said[0]


@pytest.mark.parametrize("columns", [60, 80, 130])
def test_sentences_are_wrapped_between_words_and_keep_numbers_with_their_units(columns, main_job, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal.say(street_summary(main_job))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    assert not any(line.strip().startswith(("% ", "h ", "h)")) for line in lines)
    words = " ".join(" ".join(lines).replace("• ", "").split())
    assert words == " ".join(street_summary(main_job))
