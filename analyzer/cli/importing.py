"""The command `import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyzer.capture.interruption import Interrupted
from analyzer.cli.interruption import INTERRUPTED, work_until_stopped
from analyzer.cli.options import (
    DEFAULT_WORKSPACE,
    CaseText,
    Database,
    Lang,
    Language,
    OperatorName,
    PersonaFile,
    Verbose,
    Workspace,
)
from analyzer.cli.recording import interruption
from analyzer.cli.settling import settle
from analyzer.cli.talk import put, say
from analyzer.report.progress import FileProgress
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.import_capture import ImportOrder, import_captures
from analyzer.workflows.import_statement import state
from analyzer.workflows.unbundle import import_bundle, is_bundle


def import_(
    file: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="HAR, mitmproxy flow file, hook events as JSON lines, or a zip of them, joined. Or a bundle.",
        ),
    ],
    package: Annotated[
        str, typer.Option(metavar="ID", help="Package name of the app whose traffic this is; a bundle brings its own.")
    ] = "",
    persona: PersonaFile = None,
    marks: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML or JSON lines of what happened when: {kind: accepted, time: TIME}."),
    ] = None,
    accepted_at: Annotated[str, typer.Option(metavar="TIME", help="When the user accepted; TIME as told above.")] = "",
    refused_at: Annotated[str, typer.Option(metavar="TIME", help="When the user refused; TIME as told above.")] = "",
    case: CaseText = "",
    operator: OperatorName = "",
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    no_consent: Annotated[bool, typer.Option("--no-consent", help="Nobody chose anything in these captures.")] = False,
    verbose: Verbose = False,
) -> None:
    """Import captures that exist already into a sealed session, and print its id.

    Without --marks, --accepted-at, --refused-at or --no-consent every phase is unknown. TIME is ISO 8601 with a zone
    (2026-01-31T12:00:05+08:00; UTC without one), seconds since the epoch, or +12.5: seconds after the first record.

    Example: analyzer import capture.har --package com.example --persona values.yaml --accepted-at +12.5
    """
    _ = language
    home = settle(workspace, database, verbose=verbose)
    if any(map(is_bundle, file)):
        stated = package or persona or marks or accepted_at or refused_at or no_consent or case or operator
        _import_bundle(home, file, stated=bool(stated))
        return
    if not package:
        raise UsageProblem("Say whose traffic this is: --package com.example.app.")
    statement = state(marks, accepted_at, refused_at, no_consent=no_consent)
    order = ImportOrder(tuple(file), package, statement, persona, case, operator)
    try:
        with FileProgress() as view:
            session_id = work_until_stopped(lambda stop: import_captures(home, order, view, stop))
    except Interrupted as interrupted:
        say(interruption(str(interrupted)))
        raise typer.Exit(INTERRUPTED) from None
    if not (marks or accepted_at or refused_at or no_consent):
        say("Where the files hold no marks, phases stay unknown: --marks, --accepted-at or --no-consent state them.")
    say(f"Next: `analyzer replay {session_id}`")
    put(session_id)


def _import_bundle(home: Home, files: list[Path], *, stated: bool) -> None:
    """Open a bundle as a session; it says itself what it is of."""
    if len(files) > 1 or stated:
        raise UsageProblem("A bundle is a session already: import it alone, without stating anything of it.")
    session_id, lines = import_bundle(home, files[0])
    for line in lines:
        say(line)
    say(f"Next: `analyzer sessions show {session_id}`")
    put(session_id)
