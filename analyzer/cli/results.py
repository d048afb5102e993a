"""The commands `export` and `verify`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkstemp
from typing import Annotated, BinaryIO

import typer

from analyzer.cli.options import (
    DEFAULT_WORKSPACE,
    Database,
    ExportFormat,
    Lang,
    Language,
    SessionWord,
    Verbose,
    Workspace,
)
from analyzer.cli.talk import say, settle
from analyzer.report.text import shown
from analyzer.workflows.check import check
from analyzer.workflows.export_capture import CAPTURES, export_capture
from analyzer.workflows.export_result import export_result
from analyzer.workflows.home import Home


def export(
    session: SessionWord,
    format_: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    output: Annotated[str, typer.Option("--output", "-o", help="File to write, or - for stdout.")] = "-",
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    redact: Annotated[
        bool, typer.Option("--redact", help="Put names in the place of personal values: equal values, equal names.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Write a session's result, or its traffic as a HAR or mitmproxy flow file, to a file or to stdout.

    A timeline for Timesketch is JSON lines, or CSV where the name of the file ends in .csv.

    Example: analyzer export latest --format html -o report.html
    """
    home = settle(workspace, database, verbose=verbose)
    if format_.value in CAPTURES:
        _export_capture(home, session, format_.value, output, redact=redact)
        return
    table = output.lower().endswith(".csv")
    data = export_result(home, session, format_.value, language.value, table=table, redact=redact)
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    _whole_file(Path(output), lambda file: file.write(data))
    say(f"Wrote {len(data)} bytes to {output}.")


def _export_capture(home: Home, session: str, format_: str, output: str, *, redact: bool) -> None:
    if output == "-":
        left_out = export_capture(home, session, format_, sys.stdout.buffer, redact=redact)
        sys.stdout.buffer.flush()
    else:
        left_out = _whole_file(Path(output), lambda file: export_capture(home, session, format_, file, redact=redact))
        say(f"Wrote {Path(output).stat().st_size} bytes to {output}.")
    if left_out:
        say(f"{left_out} connections are no HTTP, and a HAR has no place for them: --format mitm has.")


def _whole_file(path: Path, write: Callable[[BinaryIO], int]) -> int:
    """Write a file whole or leave what stands there; devices and pipes are written to directly."""
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            return write(file)
    try:
        number, young = mkstemp(dir=path.parent, prefix=f".{path.name[:50]}-")
    except OSError as problem:
        problem.filename = str(path)
        raise
    try:
        with os.fdopen(number, "wb") as file:
            told = write(file)
        Path(young).replace(path)
    except BaseException:
        Path(young).unlink()
        raise
    return told


def verify(
    session: SessionWord,
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    verbose: Verbose = False,
) -> None:
    """Check seal, record chain and signature, and that analysing again gives the same result.

    Example: analyzer verify latest
    """
    _ = language
    checked = check(settle(workspace, database, verbose=verbose), session)
    for line in checked.lines:
        typer.echo(shown(line, 2000))
    if not checked.intact:
        raise typer.Exit(4)
    if checked.differs:
        raise typer.Exit(6)
