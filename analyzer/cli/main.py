"""The application: every command under its name, and the exit code of every ending."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from analyzer import __version__
from analyzer.cli.commands import LazyCommands
from analyzer.cli.endings import ending
from analyzer.cli.talk import called, say

app = typer.Typer(
    name="analyzer",
    cls=LazyCommands,
    help="Find out, with evidence, what an Android app does with personal data before its user has agreed to anything.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_Misplaced = Annotated[str | None, typer.Option(hidden=True, metavar="TEXT")]


@app.callback(invoke_without_command=True)
def _version(
    workspace: _Misplaced = None,
    database: _Misplaced = None,
    language: _Misplaced = None,
    *,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", hidden=True)] = False,
) -> None:
    options = {"--workspace": workspace, "--database": database, "--language": language, "--verbose": verbose}
    for name, given in options.items():
        if given:
            say(f"analyzer: Write {name} after the command, as in `analyzer sessions list {name} …`.")
            raise typer.Exit(2)
    if version:
        typer.echo(f"analyzer {__version__}")
        raise typer.Exit


def main() -> None:
    """Run the command line and end the process with the documented exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # letters that the terminal's encoding lacks are written as escapes
            stream.reconfigure(errors="backslashreplace")
    os.umask(0o077)  # evidence is nobody else's: also what the proxy, the device and libraries write
    code = ended(lambda: app(prog_name=called()))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: a late Ctrl-C must not change what is said about it
    sys.exit(code)


def ended(command: Callable[[], object]) -> int:
    """Run a command and give its exit code; known problems become one sentence on stderr."""
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Exception as problem:
        code = ending(problem)
        if code is None:
            raise
        return code
    return 0
