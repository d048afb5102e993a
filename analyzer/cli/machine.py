"""The commands `devices` and `doctor`."""

from __future__ import annotations

import typer

from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Lang, Language, Verbose, Workspace
from analyzer.cli.settling import settle
from analyzer.cli.talk import headed, say, spoken
from analyzer.report.tables import print_checks, print_rows
from analyzer.workflows.machine import check_machine, list_devices


def devices(
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """List the devices that an app can run on: Android devices, emulators and the embedded lab device.

    Example: analyzer devices
    """
    _ = language
    settle(workspace, database, verbose=verbose)
    found, left = list_devices()
    print_rows(headed("serial", "kind", "model", "state"), [tuple(map(spoken, row)) for row in found])
    if left:
        say(left)


def doctor(
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Check this machine: Python, mitmproxy, Frida, the lab device, Android devices.

    Example: analyzer doctor
    """
    _ = language
    settle(workspace, database, verbose=verbose)
    found = check_machine(workspace)
    told = [(headed(name)[0], state, spoken(said), spoken(remedy)) for name, state, said, remedy in found]
    if not print_checks(told):
        raise typer.Exit(3)
