"""Speak to the person: talk on stderr, results on stdout."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from analyzer.cli.options import Language
from analyzer.report.console import print_verdicts
from analyzer.report.document import to_bytes
from analyzer.report.text import shown
from analyzer.workflows.analyze import Result, write_report
from analyzer.workflows.decisions import decided, decisions
from analyzer.workflows.home import Home


def say(text: str) -> None:
    """Talk to the person: one safe line on stderr."""
    typer.echo(shown(text, 2000), err=True)


def settle(workspace: Path, database: str, *, verbose: bool) -> Home:
    """Give the place to work in; with `--verbose` say where everything in it is."""
    home = Home(workspace, database)
    if verbose:
        for line in home.places():
            say(line)
    return home


def report(problems: list[str], fine: str) -> None:
    """Print problems and end with exit code 4, or say that all is fine."""
    for problem in problems:
        typer.echo(shown(problem, 2000))
    if problems:
        raise typer.Exit(4)
    say(fine)


def show(home: Home, result: Result, *, as_json: bool, language: Language) -> None:
    """Print a result: the document and nothing else, or tables and where the report is."""
    if as_json:
        beside = decisions(home, result.path.name)
        sys.stdout.buffer.write(to_bytes(decided(home, result.document)) if beside else result.data)
        sys.stdout.buffer.flush()
        return
    print_verdicts(decided(home, result.document), language=language.value)
    say(f"Report: {write_report(home, result, language.value)}")
