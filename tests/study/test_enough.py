"""As many replications as it takes, and no more."""

import numpy as np
import pandas as pd
import pytest

import gridsim as gs
from gridsim.study.comparing.comparison import Comparison
from gridsim.study.run import planned_runs
from gridsim.study.stopping import Enough, enough_of, in_batches


def study_of(columns):
    """A comparison made of numbers."""
    rows = [
        {"scenario": name, "replication": r, "seed": r, "error": "", "on_time_rate": value}
        for name, values in columns.items() for r, value in enumerate(values)
    ]  # fmt: skip
    return Comparison(pd.DataFrame(rows), dict.fromkeys(columns), next(iter(columns)))


def test_looks_double_up_to_the_most():
    """Few looks, the last at what is allowed."""
    assert Enough({}, (), most=50).looks() == [8, 16, 32, 50]
    assert Enough({}, (), most=5).looks() == [5]


def test_batches_hold_every_run_once():
    """In the order in which a study plans them."""
    runs = planned_runs(["a", "b"], 20, 0)
    batches = list(in_batches(runs, Enough({}, (), most=20)))
    assert [run for batch in batches for run in batch] == runs
    assert [len(batch) for batch in batches] == [16, 16, 8]


def test_a_sign_is_settled_or_open():
    """A clear difference, none at all, and noise around zero."""
    noise = np.random.default_rng(1).normal(size=8)
    rule = Enough({}, ("on_time_rate",))
    assert not rule.open_questions(study_of({"a": noise, "b": noise + 1.0 + 0.01 * noise, "same": noise}))
    assert len(rule.open_questions(study_of({"a": noise, "b": noise[::-1]}))) == 1


def test_false_signs_are_rarer_than_promised():
    """Where nothing differs, a study with four looks and three scenarios says so in 95 of 100 cases."""
    generator, rule, false = np.random.default_rng(2), Enough({}, ("on_time_rate",), most=64), 0
    for _ in range(150):
        values = generator.normal(size=(3, 64))
        for look in rule.looks():
            study = study_of(dict(zip("abc", values[:, :look], strict=True)))
            if len(rule.open_questions(study)) < 2:
                false += 1
                break
    assert false <= 150 * 0.05 + 4 * np.sqrt(150 * 0.05 * 0.95)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_study_stops_at_the_same_replication_on_any_number_of_workers(pair, workers):
    """And its numbers are those of a study of that many replications."""
    found = gs.compare(pair, "auto", seed=3, workers=workers, progress=False, until="decided", most=32)
    count = found.runs["replication"].nunique()
    assert count in (8, 16, 32)
    assert found.warnings[0] == found.stopped
    assert str(count) in found.stopped
    plain = gs.compare(pair, count, seed=3, workers=1, progress=False)
    pd.testing.assert_frame_equal(found.runs, plain.runs)


def test_a_precision_that_is_reached_ends_the_study(pair):
    """And one that cannot be is named."""
    loose = gs.compare(pair, "auto", workers=1, progress=False, precision={"closure_rate": 0.5}, most=64)
    assert "8 replications were enough: closure_rate is known to 0.5" in loose.stopped
    strict = gs.compare(pair, "auto", workers=1, progress=False, precision={"response_hours_mean": 0.001}, most=9)
    assert "9 replications, the most that were allowed, were not enough" in strict.stopped
    assert "response_hours_mean of as it is" in strict.stopped


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((0, None, None, 9), "replications = 0"),
        (("many", None, None, 9), "or 'auto'"),
        ((5, 0.1, None, 9), "need replications='auto'"),
        (("auto", 1.5, None, 9), "above 0 and below 1"),
        (("auto", {"on_time_rate": True}, None, 9), "precision of on_time_rate"),
        (("auto", None, "soon", 9), "must be 'decided'"),
        (("auto", None, "decided", 1), "most = 1"),
        (("auto", {"on_tme_rate": 0.1}, None, 9), "did you mean on_time_rate"),
    ],
)
def test_what_does_not_fit_together_is_said(pair, asked, said):
    """One sentence."""
    replications, precision, until, most = asked
    with pytest.raises(gs.StudyError, match=said.replace("(", r"\(")):
        gs.compare(pair, replications, workers=1, progress=False, precision=precision, until=until, most=most)


def test_a_given_number_needs_no_rule():
    """Nothing is looked at."""
    assert enough_of(5, None, None, 9, 0.95) is None


def test_the_command_stops_when_enough_is_known():
    """And says so; what does not fit is one message and exit code 2."""
    from typer.testing import CliRunner

    from gridsim.cli import app

    asked = ["compare", "--designs", "flat,hotline", "--headcount", "60", "--days", "10", "--workers", "1"]
    done = CliRunner().invoke(app, [*asked, "--replications", "auto", "--until", "decided", "--most", "16"])
    assert done.exit_code == 0, done.output
    assert "replications were enough" in " ".join(done.output.split())
    for wrong in (["--replications", "many"], ["--replications", "0"], ["--replications", "auto", "--precision", "x"],
                  ["--precision", "5%"]):  # fmt: skip
        assert CliRunner().invoke(app, [*asked, *wrong]).exit_code == 2
