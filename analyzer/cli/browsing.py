"""The command `browse`."""

from __future__ import annotations

import os

from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Lang, Language, Verbose, Workspace
from analyzer.cli.settling import settle
from analyzer.cli.talk import say
from analyzer.workflows.browse import prepare


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
    say(f"Look at {browsing.address} and end with Ctrl-C.")
    os.execv(browsing.command[0], browsing.command)  # noqa: S606 - in our place, so that nothing is left running
