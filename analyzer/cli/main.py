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
from analyzer.capture.agent_build import AgentBuildProblem
from analyzer.capture.device import EnvironmentProblem
from analyzer.cli.browsing import browse
from analyzer.cli.calibrating import calibrate
from analyzer.cli.catalogs import hooks_app, packs_app
from analyzer.cli.compare import compare
from analyzer.cli.deciding import decide
from analyzer.cli.device import device_app
from analyzer.cli.importing import import_
from analyzer.cli.machine import devices, doctor
from analyzer.cli.recording import replay, run
from analyzer.cli.results import export, verify
from analyzer.cli.sessions import sessions_app
from analyzer.cli.talk import say
from analyzer.codec.migrate import FormatProblem
from analyzer.packs.persona import PersonaProblem
from analyzer.packs.problem import PackProblem
from analyzer.packs.stated_marks import MarksProblem
from analyzer.store.problems import DatabaseUnusable, EvidenceRefused, KeyUnusable, SessionBusy, SessionNotFound
from analyzer.workflows.authority import AuthorityProblem
from analyzer.workflows.browse import BrowserMissing
from analyzer.workflows.home import UsageProblem
from analyzer.workflows.workers import WorkerKilled

app = typer.Typer(
    name="analyzer",
    help="Find out, with evidence, what an Android app does with personal data before its user has agreed to anything.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("import")(import_)
for command in (run, replay, export, verify, compare, decide, devices, doctor, calibrate, browse):
    app.command()(command)
app.add_typer(sessions_app, name="sessions")
app.add_typer(device_app, name="device")
app.add_typer(hooks_app, name="hooks")
app.add_typer(packs_app, name="packs")

ENDINGS: Final[tuple[tuple[type[BaseException], int], ...]] = (
    (UsageProblem, 2),
    (SessionNotFound, 2),
    (PersonaProblem, 2),
    (PackProblem, 2),
    (MarksProblem, 2),
    (EnvironmentProblem, 3),
    (AgentBuildProblem, 3),
    (SessionBusy, 3),
    (KeyUnusable, 3),
    (DatabaseUnusable, 3),
    (WorkerKilled, 3),
    (AuthorityProblem, 3),
    (BrowserMissing, 3),
    (EvidenceRefused, 4),
    (FormatProblem, 4),
    (OSError, 3),
)
"""The exit code of each known problem.

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
            raise UsageProblem(f"Write {name} after the command, as in `analyzer sessions list {name} …`.")
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
        for kind, code in ENDINGS:
            if isinstance(problem, kind):
                say(f"analyzer: {_sentence(problem)}")
                return code
        raise
    return 0


def _sentence(problem: Exception) -> str:
    """Say what to do about a problem; the operating system's own words do not."""
    if not isinstance(problem, OSError):
        return str(problem)
    where = f" ({problem.filename})" if problem.filename else ""
    what = problem.strerror or str(problem) or type(problem).__name__
    if problem.errno in _FULL:
        return f"{what}{where}: free some space, then `analyzer replay latest` seals and judges what was recorded."
    return f"{what}{where}: choose another folder with --workspace, or correct the path."
