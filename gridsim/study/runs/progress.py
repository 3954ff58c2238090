"""How far a study is and how long it will take, on standard error while it runs."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.util import find_spec
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE_SECONDS = 5.0
SLOW_START = "The first run on a computer compiles the simulation: about a quarter of a minute."


@contextmanager
def progress_bar(total: int, shown: bool) -> Iterator[Callable[[bool], None]]:
    """Show a bar with the time left; what it yields is called once a run, with whether the run went well.

    Parameters
    ----------
    total
        How many runs there will be.
    shown
        Whether to show it; it is only ever shown in a terminal or a notebook, never in a file or a pipe.
    """
    if not shown:
        yield lambda _went_well: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    console = Console(stderr=True)
    visible = console.is_terminal or (console.is_jupyter and find_spec("ipywidgets") is not None)
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("runs ·")),
        *(TimeElapsedColumn(), TextColumn("· left"), TimeLeft(), TextColumn("{task.fields[failed]}")),
    )
    with Progress(*columns, console=console, disable=not visible, transient=True) as bar:
        line = bar.add_task("Simulating", total=total, failed="")
        failures = 0
        patience = Timer(PATIENCE_SECONDS, bar.console.print, [SLOW_START])
        patience.daemon = True
        if visible:
            patience.start()

        def advance(went_well: bool) -> None:
            nonlocal failures
            patience.cancel()
            failures += not went_well
            bar.update(line, advance=1, failed=f"· {failures} failed" if failures else "")

        try:
            yield advance
        finally:
            patience.cancel()
