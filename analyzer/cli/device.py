"""The commands `device setup | restore`."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from analyzer.cli.commands import PlainCommand, WholeLines
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
    device.set_up(settle(workspace, database, verbose=verbose), serial, say)


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
    device.restore(settle(workspace, database, verbose=verbose), serial, say)
