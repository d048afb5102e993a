"""The commands `device setup | restore`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Final

import typer

from analyzer.capture.interruption import Interrupted, Stop
from analyzer.cli.commands import PlainCommand, WholeLines
from analyzer.cli.interruption import INTERRUPTED, work_until_stopped
from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Lang, Language, Verbose, Workspace
from analyzer.cli.settling import settle
from analyzer.cli.talk import say
from analyzer.workflows import device

device_app = typer.Typer(
    help="Prepare an Android device, and take every change back.",
    no_args_is_help=True,
    rich_markup_mode=None,
    cls=WholeLines,
)
_STOPPING: Final = "Stopping; leaving no device half changed … (again: hurry)"
_LEFT: Final = "Left at once; `analyzer device restore` takes back what was changed on the device."
_SERIAL: Final = "Serial of the device; may be left out where only one is meant."
Serial = Annotated[str, typer.Option("--device", metavar="SERIAL", help=_SERIAL)]


@device_app.command("setup", cls=PlainCommand)
def setup(
    serial: Serial = "",
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Have all apps of a rooted device trust this workspace's proxy, until `device restore` or a restart of it.

    Not needed before `run`, which prepares the device itself and takes it back at the end.

    Example: analyzer device setup --device emulator-5554
    """
    _ = language
    home = settle(workspace, database, verbose=verbose)
    _work(lambda stop: device.set_up(home, serial, say, stop), "Interrupted; the device is as it was before.")


@device_app.command("restore", cls=PlainCommand)
def restore(
    serial: Serial = "",
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Take back everything that was changed on a device, also by runs that were killed.

    Example: analyzer device restore
    """
    _ = language
    home = settle(workspace, database, verbose=verbose)
    _work(lambda stop: device.restore(home, serial, say, stop), "Interrupted; run `analyzer device restore` again.")


def _work(work: Callable[[Stop], None], interrupted: str) -> None:
    """Change a device; Ctrl-C leaves it as it was before or as it is to be, a second one what the notes know."""
    try:
        work_until_stopped(work, _STOPPING, lambda: _LEFT)
    except Interrupted:
        say(interrupted)
        raise typer.Exit(INTERRUPTED) from None
