"""The ``staffing`` command: one file per family of commands, nothing heavy until one runs."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer

from staffing.errors import StaffingError

#: The files of commands, in the order of --help; each registers its commands when it is imported.
FAMILIES = (
    "opening",
    "stored",
    "rights",
    "planning",
    "simulating",
    "valuing",
    "checking",
    "history",
    "needs",
    "editing",
    "rostering",
    "exporting",
    "shifts",
    "bidding",
    "mending",
    "forecasting",
    "reforecasting",
    "today",
    "events",
    "batch",
    "nightly",
    "calculator",
)

#: Exit code after Ctrl-C: 128 and the number of the signal.
INTERRUPTED = 130

app = typer.Typer(
    name="staffing",
    help="Plan a contact centre: how many contacts will come, how many people that takes, who works when.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong input or usage, 3 partly done, 4 another is at work, 130 stopped.",
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


#: A wrong option or argument; typer carries its own copy of the library that raises it.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]

#: A group of commands named without one; its message is the help of the group.
NoArguments: type[Exception] = importlib.import_module(UsageError.__module__).NoArgsIsHelpError


def _version(asked: bool) -> None:
    if asked:
        from staffing.version import VERSION

        typer.echo(f"staffing {VERSION}")
        raise typer.Exit


@app.callback()
def _options(
    debug: bool = typer.Option(False, "--debug", help="Show the whole traceback of an error (may stand anywhere)."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Options that hold for every command; ``main`` reads --debug wherever it stands."""


def main(argv: list[str] | None = None) -> None:
    """Run the command line; errors become one message and an exit code."""
    for family in FAMILIES:
        importlib.import_module(f"staffing.cli.{family}")

    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    try:
        code = app(args=[word for word in arguments if word != "--debug"] or ["--help"], standalone_mode=False)
    except StaffingError as error:
        code = _fail(str(error), error.exit_code, debug)
    except typer.Abort:
        code = _fail("Stopped.", 1, debug)
    except NoArguments as error:
        code = _help(error)
    except UsageError as error:
        code = _fail(_usage(error), 2, debug)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001  the last barrier: a user sees a message, never a traceback
        code = _fail(f"staffing met a fault of its own: {error}. Run it again with --debug and report it.", 1, debug)
    if code == INTERRUPTED:  # the command line library has caught Ctrl-C and tells it by its code alone
        typer.echo("staffing: Stopped; nothing more was written.", err=True)
    sys.exit(code if isinstance(code, int) else 0)


def _help(error: Any) -> int:
    typer.echo(error.format_message(), err=True)
    return 2


def _usage(error: Any) -> str:
    context = getattr(error, "ctx", None)
    hint = f" See: {context.command_path} --help" if context else ""
    return str(error.format_message()).rstrip(".") + "." + hint


def _fail(message: str, code: int, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exc()
    typer.echo(f"staffing: {message}", err=True)
    return code
