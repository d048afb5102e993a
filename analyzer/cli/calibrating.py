"""The command `calibrate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analyzer.capture.device import EnvironmentProblem
from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Json, Lang, Language, Verbose, Workspace
from analyzer.cli.recording import recorded
from analyzer.cli.settling import settle
from analyzer.cli.talk import headed, say
from analyzer.codec.calibration import encode_calibration
from analyzer.report.tables import print_rows
from analyzer.workflows import calibrate as workflow


def calibrate(
    device: Annotated[
        str, typer.Option(metavar="SERIAL", help="Serial of the device; may be left out where only one is there.")
    ] = "",
    apk: Annotated[
        list[Path],
        typer.Option(metavar="FILE", help="Install the lab's app first: lab-example.apk of scripts/build-apk."),
    ] = [],  # noqa: B006
    frida_server: Annotated[
        Path | None,
        typer.Option(
            "--frida-server", metavar="FILE", help="This frida-server (or its .xz) instead of the official one."
        ),
    ] = None,
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    as_json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Record the lab's app on an Android device, and say what this device lets us see of what the app says it did.

    What comes of it is kept: later recordings on the same build of the device cite it where they see nothing.

    Example: analyzer calibrate --device emulator-5554 --apk lab-example.apk
    """
    home = settle(workspace, database, verbose=verbose)
    session_id, trouble = recorded(home, workflow.order(device, tuple(apk), frida_server), language)
    found = workflow.conclude(home, session_id)
    if as_json:
        sys.stdout.buffer.write(encode_calibration(found))
        sys.stdout.buffer.flush()
    else:
        rows = [(one.kind, one.name, one.proof.value.replace("_", " "), one.detail) for one in found.checks]
        print_rows(headed("What", "Name", "Outcome", "Why"), rows)
    say(workflow.summary(found))
    if trouble:
        raise EnvironmentProblem(trouble)
