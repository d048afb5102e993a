"""The commands `export` and `verify`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkstemp
from typing import Annotated, BinaryIO, Final, TypeVar

import typer

from analyzer.capture.device import EnvironmentProblem
from analyzer.cli.options import (
    DEFAULT_WORKSPACE,
    AuthorityRoot,
    Database,
    ExportFormat,
    Lang,
    Language,
    PackNames,
    SessionWord,
    Verbose,
    Workspace,
)
from analyzer.cli.settling import settle
from analyzer.cli.talk import say, tell
from analyzer.store.problems import EvidenceRefused
from analyzer.workflows.bundle import Vouching, write_bundle
from analyzer.workflows.check import check
from analyzer.workflows.export_capture import CAPTURES, export_capture
from analyzer.workflows.export_result import export_result
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.unbundle import check_bundle, is_bundle


def export(
    session: SessionWord,
    format_: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="A file, or - for stdout.")] = "-",
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    key: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Sign the bundle with this Ed25519 key (PEM) instead of the workspace's."),
    ] = None,
    tsa: Annotated[
        str, typer.Option(metavar="URL", help="Have this authority (RFC 3161) put a time stamp on the bundle.")
    ] = "",
    tsa_ca: AuthorityRoot = None,
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
    if format_ is ExportFormat.BUNDLE:
        _export_bundle(home, session, output, Vouching(key, tsa, tsa_ca), redact=redact)
        return
    if key or tsa or tsa_ca:
        raise UsageProblem("--key, --tsa and --tsa-ca belong to --format bundle.")
    if format_.value in CAPTURES:
        _export_capture(home, session, format_.value, output, redact=redact)
        return
    table = output.lower().endswith(".csv")
    pieces = export_result(home, session, format_.value, language.value, table=table, redact=redact)
    if output == "-":
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return
    _whole_file(Path(output), lambda file: file.writelines(pieces))
    say(f"Wrote {Path(output).stat().st_size} bytes to {output}.")


def _export_capture(home: Home, session: str, format_: str, output: str, *, redact: bool) -> None:
    if output == "-":
        left_out = export_capture(home, session, format_, sys.stdout.buffer, redact=redact)
        sys.stdout.buffer.flush()
    else:
        left_out = _whole_file(Path(output), lambda file: export_capture(home, session, format_, file, redact=redact))
        say(f"Wrote {Path(output).stat().st_size} bytes to {output}.")
    if left_out:
        what = "1 connection was" if left_out == 1 else f"{left_out} connections were"
        say(f"{what} not read as HTTP, and a HAR has no place for that: --format mitm has.")


def _export_bundle(home: Home, session: str, output: str, vouching: Vouching, *, redact: bool) -> None:
    if redact:
        raise UsageProblem("A bundle holds the evidence itself, as it was sealed: export another format with --redact.")
    if output == "-":
        stamped = write_bundle(home, session, sys.stdout.buffer, vouching)
        sys.stdout.buffer.flush()
    else:
        stamped = _whole_file(Path(output), lambda file: write_bundle(home, session, file, vouching))
        say(f"Wrote {Path(output).stat().st_size} bytes to {output}: `analyzer verify {output}` checks it anywhere.")
    if stamped:
        say(f"It carries a {stamped.words()}.")


_BUNDLE_LIKE: Final = re.compile(r"/|\.zip$", re.IGNORECASE)
_Told = TypeVar("_Told")


def _whole_file(path: Path, write: Callable[[BinaryIO], _Told]) -> _Told:
    """Write a file whole or leave what stands there; devices and pipes are written to directly."""
    if path.exists() and not path.is_file():
        with path.open("wb") as file:
            return write(file)
    try:
        number, young = mkstemp(dir=path.parent, prefix=f".{path.name[:50]}-")
    except OSError as problem:
        raise EnvironmentProblem(
            f"{path} cannot be written ({problem.strerror}): name another file with --output."
        ) from problem
    try:
        with os.fdopen(number, "wb") as file:
            told = write(file)
        Path(young).replace(path)
    except BaseException:
        Path(young).unlink()
        raise
    return told


def verify(
    session: Annotated[
        str,
        typer.Argument(
            metavar="SESSION|BUNDLE",
            help="A session id, the start of one, `latest`, `shipped`, or the file of a bundle.",
        ),
    ],
    workspace: Workspace = DEFAULT_WORKSPACE,
    database: Database = "",
    language: Lang = Language.EN,
    *,
    pack: PackNames = [],  # noqa: B006
    tsa_ca: AuthorityRoot = None,
    verbose: Verbose = False,
) -> None:
    """Check seal, record chain and signature, and that analysing again gives the same result.

    Of a bundle, every digest and its time stamp too: on any machine, by the packs that are in it.
    A result of rules of your own is held against the copy that is kept of them, or against --pack DIR.

    Example: analyzer verify latest
    """
    _ = language
    home = settle(workspace, database, verbose=verbose)
    if is_bundle(Path(session)):
        if pack:
            raise UsageProblem("A bundle is judged by the packs that are in it: leave --pack away.")
        checked = check_bundle(home, Path(session), tsa_ca)
    elif not Path(session).exists() and _BUNDLE_LIKE.search(session):
        raise UsageProblem(f"{session:.500} is not there: name the file of a bundle, or a session.")
    elif Path(session).is_file():
        raise EvidenceRefused(f"{session:.500} is no bundle that can be read: was all of it copied?")
    elif tsa_ca:
        raise UsageProblem(f"{session!r:.80} is no bundle: only the time stamp of one leads to --tsa-ca.")
    else:
        checked = check(home, session, tuple(pack))
    for line in checked.lines:
        tell(line)
    if not checked.intact:
        raise typer.Exit(4)
    if checked.differs:
        raise typer.Exit(6)
