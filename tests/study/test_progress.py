"""The progress bar says why nothing seems to happen, and only then."""

import time

import pytest

from gridsim.study.runs import progress


@pytest.fixture
def said(monkeypatch, capsys):
    """What stands on standard error after a bar whose first run took so many seconds."""

    def run(seconds, shown=True):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setattr(progress, "PATIENCE_SECONDS", 0.1)
        with progress.progress_bar(1, shown) as advance:
            time.sleep(seconds)
            advance(True)
            time.sleep(0.2)
        return capsys.readouterr().err

    return run


def test_a_slow_start_is_explained(said):
    assert "compiles the simulation" in said(0.4)


def test_a_quick_start_is_not(said):
    words = said(0.0)
    assert "compiles" not in words
    assert "Simulating" in words


def test_nothing_is_said_where_no_bar_is_wanted(said):
    assert said(0.4, shown=False) == ""
