"""Told to end: what a machine that shuts down or a terminal that closes sends becomes an exception, as Ctrl-C does."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_commands: list[bool] = []  # one for each command that runs: then this process is ours alone
ONE_BLOW_SECONDS = 2.0  # the same end is often told twice: to a process, then to its group


class Ended(BaseException):
    """Somebody ended this process; a study keeps what is done, as after Ctrl-C.

    Parameters
    ----------
    number
        Of the signal.
    """

    def __init__(self, number: int):
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise `Ended` where SIGTERM or SIGHUP comes in, unless they are ignored (nohup)."""
    last: list[tuple[float, int]] = []

    def end(number: int, _frame: object) -> None:
        if not last or time.monotonic() - last[-1][0] > ONE_BLOW_SECONDS:
            last.append((time.monotonic(), number))
            raise Ended(number)

    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        before = {n: signal.signal(n, end) for n in SIGNALS if signal.getsignal(n) != signal.SIG_IGN}
    _commands.append(True)
    try:
        yield
    except BaseException as error:
        if last and not isinstance(error, Ended):  # such as a terminal that is gone while its progress bar ends
            raise Ended(last[0][1]) from error
        raise
    finally:
        _commands.pop()
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Start a process that never hears Ctrl-C, in a command: it would print where it was; the command itself ends it.

    In a planner's own program nothing is changed: processes of other packages may come from the one that is started.
    """
    with _handled(signal.SIG_IGN, (signal.SIGINT,)):
        yield


@contextmanager
def held_back() -> Iterator[None]:
    """Let a process be started as a whole, in a command: a signal that comes meanwhile is told right after."""
    came: list[int] = []
    with _handled(lambda number, _frame: came.append(number), (signal.SIGINT, *SIGNALS)):
        yield
    for number in came[:1]:
        signal.raise_signal(number)


@contextmanager
def _handled(handler: Any, numbers: tuple[int, ...]) -> Iterator[None]:
    if not _commands or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, handler) for number in numbers if signal.getsignal(number) != signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
