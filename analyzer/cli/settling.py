"""Settle where to work, as the options of every command say."""

from __future__ import annotations

from pathlib import Path

from analyzer.cli.talk import say
from analyzer.workflows.home import Home
from analyzer.workflows.shipped import is_new


def settle(workspace: Path, database: str, *, verbose: bool) -> Home:
    """Give the place to work in; with `--verbose` say where everything in it is."""
    home = Home(workspace, database)
    if verbose:
        for line in home.places():
            say(line)
    return home


def tell_shipped(home: Home, *sessions: str) -> None:
    """Say where the recording that travels with the package goes to, if a word stands for it for the first time."""
    if any(is_new(home, word) for word in sessions):
        say(f"The recording that travels with the package is put into {home.workspace.path}.")
