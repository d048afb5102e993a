"""The command `browse`."""

from __future__ import annotations

import os

from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Lang, Language, Verbose, Workspace
from analyzer.cli.settling import settle
from analyzer.cli.talk import say, spoken
from analyzer.workflows.browse import READY, prepare


def browse(
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Look around in the results of all sessions, in a browser on this machine; needs Datasette.

    Example: analyzer browse
    """
    _ = language
    browsing = prepare(settle(workspace, database, verbose=verbose))
    say("Datasette is starting …")
    said = {READY: spoken(f"Look at {browsing.address} and end with Ctrl-C.")}
    place = {**os.environ, **said}
    os.execve(browsing.command[0], browsing.command, place)  # noqa: S606 - in our place: nothing is left running
