"""The command itself: its one way to answer, and to say in a line what went wrong."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NoReturn, ParamSpec

import typer
from typer.core import TyperGroup

WRONG_USE, FAULT, INTERRUPTED = 2, 1, 130

Given = ParamSpec("Given")


class _Commands(TyperGroup):
    """The commands; what they print, help and complaints too, never fails over a letter that a terminal lacks."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        from gridsim.view.streams import never_fault

        never_fault()
        return super().main(*args, **kwargs)


app = typer.Typer(name="gridsim", cls=_Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None,
                  pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip


def answering(command: Callable[Given, None]) -> Callable[Given, None]:
    """Turn what goes wrong in a command into one message and an exit code."""

    @functools.wraps(command)
    def answered(*args: Given.args, **kwargs: Given.kwargs) -> None:
        from gridsim.scenario.errors import ScenarioError
        from gridsim.study.errors import StudyError
        from gridsim.study.runs.signals import Ended, ended_by_signals

        open_streams()
        try:
            with ended_by_signals():
                command(*args, **kwargs)
        except Ended as ended:
            stop(f"Ended by {ended}.", ended.exit_code)
        except (ScenarioError, StudyError) as error:
            stop(f"Error: {error}", WRONG_USE)
        except KeyboardInterrupt:
            stop("Interrupted.", INTERRUPTED)
        except (typer.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.strerror:
                stop(f"Error: {error.filename or 'what is printed cannot be written'}: {error.strerror}", WRONG_USE)
            if os.environ.get("GRIDSIM_DEBUG"):
                raise
            said = " ".join(str(error).split())
            stop(f"Fault: {type(error).__name__}: {said} (GRIDSIM_DEBUG=1 shows where)", FAULT)

    return answered


def open_streams() -> None:
    """Print to nowhere where an output was closed (as by >&-); a run with --out or --store goes on."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - as long as the command
            setattr(sys, name, nowhere)


def stop(message: str, code: int) -> NoReturn:
    """Say why a command ends, without what steers a terminal, and end it."""
    from gridsim.scenario.errors import STEERS

    with suppress(OSError):  # the terminal may be gone
        typer.echo("\n".join(STEERS.sub(" ", line) for line in message.split("\n")), err=True)
    raise typer.Exit(code)


@app.callback()
def _gridsim(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.", is_eager=True,
                                          callback=lambda wanted: _show_version() if wanted else None)] = False,
) -> None:  # fmt: skip
    """Simulate grid-based community service: what hierarchy, staffing and escalation do to closing and response."""


def _show_version() -> NoReturn:
    from gridsim import __version__

    typer.echo(f"gridsim {__version__}")
    raise typer.Exit
