"""Speak to the person: talk on stderr, results on stdout."""

from __future__ import annotations

import typer

from analyzer.report.text import shown


def say(text: str) -> None:
    """Talk to the person: one safe line on stderr."""
    typer.echo(shown(text, 2000), err=True)


def report(problems: list[str], fine: str) -> None:
    """Print problems and end with exit code 4, or say that all is fine."""
    for problem in problems:
        typer.echo(shown(problem, 2000))
    if problems:
        raise typer.Exit(4)
    say(fine)
