"""The options that commands share, and the words they take."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from analyzer.model.vocabulary import Strategy

DEFAULT_WORKSPACE: Final = Path("analyzer-workspace")
"""Sessions, keys and the database lie in this folder of the current directory unless told otherwise."""


class Consent(StrEnum):
    """What to do with the consent dialog; `all` makes one recording per way."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    DENY = "deny"
    IGNORE = "ignore"
    MANUAL = "manual"
    ALL = "all"

    def strategies(self) -> tuple[Strategy, ...]:
        """Give the recordings to make, in order."""
        if self is Consent.ALL:
            return (Strategy.ACCEPT, Strategy.REFUSE, Strategy.IGNORE)
        return (Strategy(self.value),)


class Language(StrEnum):
    """The languages of tables and reports."""

    ZH = "zh"
    EN = "en"


class ExportFormat(StrEnum):
    """What a result can be exported to."""

    JSON = "json"
    HTML = "html"
    CSV = "csv"
    HAR = "har"
    MITM = "mitm"
    TIMESKETCH = "timesketch"
    PERFETTO = "perfetto"
    MARKDOWN = "markdown"
    CASE = "case"
    BUNDLE = "bundle"


class FailOn(StrEnum):
    """What makes the command end with exit code 5."""

    VIOLATED = "violated"


Workspace = Annotated[
    Path,
    typer.Option(
        "--workspace",
        metavar="DIR",
        help="Folder for sessions, keys and the database.",
        readable=False,  # whoever opens it says what to do; the library would call it a wrong word
        envvar="ANALYZER_WORKSPACE",
    ),
]
Database = Annotated[
    str, typer.Option("--database", metavar="URL", help="Database URL; by default SQLite in the workspace.")
]
Lang = Annotated[Language, typer.Option("--language", help="Language of tables and reports.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Also say where sessions, database, key and hooks are.")]
SessionWord = Annotated[
    str, typer.Argument(metavar="SESSION", help="A session id, the start of one, `latest`, or `shipped`.")
]
PersonaFile = Annotated[
    Path | None, typer.Option("--persona", metavar="FILE", help="YAML file with the test device's known values.")
]
CaseText = Annotated[str, typer.Option("--case", metavar="TEXT", help="Case number or name, kept in the manifest.")]
OperatorName = Annotated[str, typer.Option("--operator", metavar="TEXT", help="Who does this, kept in the manifest.")]
AuthorityRoot = Annotated[
    Path | None,
    typer.Option("--tsa-ca", metavar="FILE", help="Certificates (PEM) that the time stamp of a bundle has to lead to."),
]
PackNames = Annotated[
    list[str],
    typer.Option(
        "--pack", metavar="NAME|DIR", help="Judge by this pack (name, folder, or `all`) only; repeat for several."
    ),
]
Profile = Annotated[
    str, typer.Option("--profile", metavar="NAME", help="Named set of thresholds, one of `packs show profiles`.")
]
AppType = Annotated[
    str,
    typer.Option(
        "--app-type",
        metavar="NAME",
        help="The app's type, for the necessary-information rules; `packs show app-types` lists them.",
    ),
]
Policy = Annotated[
    Path | None,
    typer.Option(
        "--policy", metavar="FILE", help="The app's privacy policy (HTML, PDF or text), to compare with what was seen."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result document, and nothing else, to stdout.")]
