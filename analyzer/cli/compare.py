"""The command `compare`."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from analyzer.cli.options import DEFAULT_WORKSPACE, Database, Lang, Language, Verbose, Workspace
from analyzer.cli.settling import settle, tell_shipped
from analyzer.report.comparison import comparison_bytes
from analyzer.report.comparison_table import print_comparison
from analyzer.workflows.compare import compare_sessions


class FailOnNew(StrEnum):
    """What makes `compare` end with exit code 5."""

    NEW = "new"


def compare(
    before: Annotated[
        str,
        typer.Argument(
            metavar="SESSION_A",
            help="The session to start from: an id, the start of one, `latest`, or `shipped`.",
        ),
    ],
    after: Annotated[str, typer.Argument(metavar="SESSION_B", help="The later session, named in the same way.")],
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    fail_on: Annotated[
        FailOnNew | None, typer.Option("--fail-on", help="End with 5 when anything is there that was not.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON, and nothing else.")] = False,
    verbose: Verbose = False,
) -> None:
    """Say what a later session shows as new, still there or fixed, and what it could not have shown.

    What is not seen again counts as fixed only where the later session was able to see it.

    Example: analyzer compare 20261123-181500 latest --fail-on new
    """
    home = settle(workspace, database, verbose=verbose)
    tell_shipped(home, before, after)
    comparison = compare_sessions(home, before, after)
    if as_json:
        sys.stdout.buffer.write(comparison_bytes(comparison))
        sys.stdout.buffer.flush()
    else:
        print_comparison(comparison, language=language.value)
    if fail_on is not None and comparison.broke:
        raise typer.Exit(5)
