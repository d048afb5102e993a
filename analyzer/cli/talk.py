"""Speak to the person in their language: talk on stderr, results on stdout; a command that is named can be typed so."""

from __future__ import annotations

import os
import re
import sys
from contextvars import ContextVar
from typing import Final

import typer

from analyzer.report.labels import Language, column
from analyzer.report.sentences import told
from analyzer.report.text import shown

LANGUAGE: Final[ContextVar[Language]] = ContextVar("language", default="en")
"""The language that the running command speaks."""

PLACE: Final[ContextVar[str]] = ContextVar("place", default="")
"""The options that say where the running command works, as they were typed: ` --workspace DIR`."""

_COMMAND: Final = re.compile(r"`analyzer ([a-z][^`]*)`")
_ANYWHERE: Final = re.compile(r"--workspace|^sessions list --|^verify .*\.zip$")
"""Commands that say where they work, or work anywhere."""

_LONGEST: Final = 2000


def called() -> str:
    """Give the name under which the program was started: `scripts/analyzer` in a checkout."""
    return shown(os.environ.get("ANALYZER_CALLED_AS", ""), 200) or "analyzer"


def spoken(text: str) -> str:
    """Give a sentence of ours in the language of the running command."""
    return told(text, LANGUAGE.get())


def headed(*names: str) -> tuple[str, ...]:
    """Give the heads of columns in the language of the running command."""
    return tuple(column(name, LANGUAGE.get()) for name in names)


def typed(text: str) -> str:
    """Give a text in which every command is named as this person has to type it, for the place they work in."""
    return _COMMAND.sub(lambda found: f"`{called()} {found[1]}{_place(found[1])}`", text)


def _place(words: str) -> str:
    return "" if _ANYWHERE.search(words) else PLACE.get()


def say(text: str) -> None:
    """Talk to the person: one safe line on stderr."""
    put(shown(typed(spoken(text)), _LONGEST), err=True)


def tell(text: str) -> None:
    """Give one safe line of a result on stdout."""
    put(shown(typed(spoken(text)), _LONGEST))


def put(text: str, *, err: bool = False) -> None:
    """Write a text as it is; `typer.echo` would write UTF-8 where only ASCII is read."""
    stream = sys.stderr if err else sys.stdout
    stream.write(f"{text}\n")
    stream.flush()


def report(problems: list[str], fine: str) -> None:
    """Print problems and end with exit code 4, or say that all is fine."""
    for problem in problems:
        tell(problem)
    if problems:
        raise typer.Exit(4)
    say(fine)
