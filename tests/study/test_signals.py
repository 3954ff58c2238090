"""Signals at bad moments: a process is started as a whole, and what came meanwhile is told right after."""

import signal

import pytest

from gridsim.study.runs.signals import Ended, deaf_to_interrupts, ended_by_signals, held_back


@pytest.mark.parametrize(("number", "told"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Ended)])
def test_a_signal_waits_until_a_process_is_started(number, told):
    """In a command; what was begun is done."""
    done = []
    with pytest.raises(told), ended_by_signals(), held_back():  # noqa: PT012 - the signal comes in the middle
        signal.raise_signal(number)
        done.append("started")
    assert done == ["started"]


def test_nothing_is_changed_in_a_program_of_ones_own():
    """Other packages' processes hear Ctrl-C as before."""
    usual = signal.getsignal(signal.SIGINT)
    with deaf_to_interrupts():
        assert signal.getsignal(signal.SIGINT) is usual
    with pytest.raises(KeyboardInterrupt), held_back():
        signal.raise_signal(signal.SIGINT)


def test_a_process_that_is_started_in_a_command_never_hears_an_interrupt():
    """And afterwards the command hears it again."""
    usual = signal.getsignal(signal.SIGINT)
    with ended_by_signals():
        with deaf_to_interrupts():
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) is usual
