"""The command line. Each command reads its options and calls the library.

Only this module turns errors into a line on stderr and an exit code: 1 if the machine fails (a full
disk), 2 if the user's input is invalid, 130 on Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import sys
import warnings
from typing import Annotated, Any

import typer

from comsim.cli.analyse import analyse
from comsim.cli.compare import compare
from comsim.cli.describe import describe
from comsim.cli.export import export
from comsim.cli.lab import lab
from comsim.cli.odd import odd
from comsim.cli.parameters import parameters
from comsim.cli.report import report
from comsim.cli.run import run
from comsim.cli.schema import schema
from comsim.cli.status import status
from comsim.cli.sweep import sweep
from comsim.cli.terminal import drop, prepare
from comsim.cli.validate import validate
from comsim.common.documentation import documentation
from comsim.common.errors import InputError
from comsim.common.version import __version__
from comsim.files.sums import Unchecked

FAILED, WRONG, STOPPED = 1, 2, 130
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
UsageError = typer.BadParameter.__bases__[0]

app = typer.Typer(add_completion=False, rich_markup_mode=None)
for command, short in (
    (run, "Simulate a scenario and write its results to a folder."),
    (compare, "Compare policies in the same simulated worlds."),
    (sweep, "Run an experiment: many runs, which can be stopped and resumed."),
    (status, "Show the progress of a sweep, or verify the files of a result."),
    (analyse, "Analyse a sweep: tables, figures, findings and a report."),
    (export, "Write a sweep to a folder for publication."),
    (lab, "Open an interactive simulation in the browser."),
    (validate, "Check the model against facts about real communities."),
    (report, "Regenerate the report of a saved run or comparison."),
    (describe, "Describe a community from its event log."),
    (parameters, "List the model's parameters, with ranges and sources."),
    (odd, "Print the ODD description of the model."),
    (schema, "Print the JSON Schema of scenario or experiment files."),
):
    app.command(short_help=short, help=command.__doc__ or documentation(command))(command)


def _version(requested: bool) -> None:
    if requested:
        typer.echo(f"comsim {__version__}")
        raise typer.Exit


def about(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Simulate how communities grow, flourish and decline.

    Example: comsim run scenarios/brand_launch.toml
    """


app.callback(help=about.__doc__ or documentation(about))(about)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit."""
    prepare()
    with warnings.catch_warnings():
        warnings.showwarning = _warn
        code = _run(sys.argv[1:] if arguments is None else arguments)
    if code == STOPPED:  # at once: a simulation may still be computing in its thread
        os._exit(code)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Run a command; returns its exit code."""
    # Not typer's own main, which prints boxes, and a second line on Ctrl-C.
    try:
        with typer.main.get_command(app).make_context("comsim", arguments or ["--help"]) as context:
            context.command.invoke(context)
        sys.stdout.flush()
    except typer.Exit as end:
        return end.exit_code
    except UsageError as error:
        return _say(error.format_message(), WRONG)
    except InputError as error:
        return _say(str(error), WRONG)
    except UnicodeEncodeError as error:  # a file name may hold any bytes
        return _say(f"{error.object[:100]!r}: invalid UTF-8 in a file name", WRONG)
    except KeyboardInterrupt:
        return _say("stopped; nothing was written", STOPPED)
    except BrokenPipeError:  # the reader of the output has closed it
        drop("stdout", "stderr")
        return FAILED
    except MemoryError:
        return _say("out of memory", FAILED)
    except OSError as error:
        # Errors of writing to a file name it.
        where = error.filename or ("standard output" if error.errno in NO_ROOM else "")
        return _say(f"{f'{where}: ' if where else ''}{error.strerror or error}", FAILED)
    return 0


def _warn(message: Warning | str, category: type[Warning], *where: Any, **how: Any) -> None:
    """Show a warning of comsim in one line, other warnings as Python does."""
    if issubclass(category, Unchecked):
        _say(f"Warning: {message}.", 0)
    else:
        _SHOW(message, category, *where, **how)


_SHOW = warnings.showwarning


def _say(line: str, code: int) -> int:
    """Print a line on stderr, drop unwritable output, and return the code."""
    try:
        print(" ".join(line.split()), file=sys.stderr, flush=True)
    except OSError:
        drop("stderr")
    try:
        sys.stdout.flush()
    except OSError:
        drop("stdout")
    return code
