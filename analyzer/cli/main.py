"""The application: every command under its name, and the exit code of every ending."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from typing import Annotated, Final

import typer

from analyzer import __version__
from analyzer.cli.commands import LazyCommands
from analyzer.cli.talk import say

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

ENDINGS: Final[dict[str, int]] = {
    "analyzer.workflows.home.UsageProblem": 2,
    "analyzer.store.problems.SessionNotFound": 2,
    "analyzer.packs.persona.PersonaProblem": 2,
    "analyzer.packs.problem.PackProblem": 2,
    "analyzer.packs.stated_marks.MarksProblem": 2,
    "analyzer.capture.device.EnvironmentProblem": 3,
    "analyzer.capture.agent_build.AgentBuildProblem": 3,
    "analyzer.store.problems.SessionBusy": 3,
    "analyzer.store.problems.KeyUnusable": 3,
    "analyzer.store.problems.DatabaseUnusable": 3,
    "analyzer.workflows.workers.WorkerKilled": 3,
    "analyzer.workflows.authority.AuthorityProblem": 3,
    "analyzer.workflows.browse.BrowserMissing": 3,
    "analyzer.store.problems.EvidenceRefused": 4,
    "analyzer.codec.migrate.FormatProblem": 4,
    "builtins.OSError": 3,
}
"""The exit code of each known problem, by its name: what is raised is loaded already, the others need not be.

The others are 0 done, 1 internal error, 5 --fail-on, 6 re-analysis differs, 130 stopped.
"""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


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
    os.umask(0o077)  # evidence is nobody else's: also what the proxy, the device and libraries write
    code = ended(lambda: app(prog_name="analyzer"))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done: a late Ctrl-C must not change what is said about it
    sys.exit(code)


def ended(command: Callable[[], object]) -> int:
    """Run a command and give its exit code; known problems become one sentence on stderr."""
    try:
        command()
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else 0
    except BrokenPipeError:
        return 0
    except Exception as problem:
        code = _code(problem)
        if code is None:
            raise
        say(f"analyzer: {_sentence(problem)}")
        return code
    return 0


def _code(problem: Exception) -> int | None:
    """Give the exit code of a known problem, `None` for an unknown one."""
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(problem).__mro__]
    return next((ENDINGS[name] for name in names if name in ENDINGS), None)


def _sentence(problem: Exception) -> str:
    """Say what to do about a problem; the operating system's own words do not."""
    if not isinstance(problem, OSError):
        return str(problem)
    where = f" ({problem.filename})" if problem.filename else ""
    what = problem.strerror or str(problem) or type(problem).__name__
    if problem.errno in _FULL:
        return f"{what}{where}: free some space, then `analyzer replay latest` seals and judges what was recorded."
    return f"{what}{where}: choose another folder with --workspace, or correct the path."
