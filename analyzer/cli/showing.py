"""Show a result: as the document itself, or in tables for people."""

from __future__ import annotations

import sys

from analyzer.cli.options import Language
from analyzer.cli.talk import say
from analyzer.report.console import print_verdicts
from analyzer.report.document import to_pieces
from analyzer.store.read_only import may_write
from analyzer.workflows.analyze import Result, write_report
from analyzer.workflows.decisions import decided, decisions
from analyzer.workflows.home import Home


def show(home: Home, result: Result, *, as_json: bool, language: Language) -> None:
    """Print a result: the document and nothing else, or tables and where the report is."""
    if as_json:
        beside = decisions(home, result.path.name)
        sys.stdout.buffer.writelines(to_pieces(decided(home, result.document)) if beside else result.pieces())
        sys.stdout.buffer.flush()
        return
    print_verdicts(decided(home, result.document), language=language.value)
    if not may_write(home.workspace.path):
        wanted = f"`analyzer export {result.path.name} --format html -o FILE` writes one"
        say(f"The workspace may not be written, so no report is kept there: {wanted}.")
        return
    say(f"Report: {write_report(home, result, language.value)}")
