"""Settle where to work, as the options of every command say."""

from __future__ import annotations

from pathlib import Path

from analyzer.cli.talk import say
from analyzer.workflows.home import Home


def settle(workspace: Path, database: str, *, verbose: bool) -> Home:
    """Give the place to work in; with `--verbose` say where everything in it is."""
    home = Home(workspace, database)
    if verbose:
        for line in home.places():
            say(line)
    return home
