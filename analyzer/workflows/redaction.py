"""Make copies of results without personal values: the values of a session, and the names that stand for them."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from hashlib import sha256

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.placement import place_session
from analyzer.analysis.redact import Redactor
from analyzer.packs.loader import load_besides_rules
from analyzer.report.document import ResultDocument
from analyzer.report.open_document import open_document
from analyzer.report.redacted import redacted_pieces
from analyzer.store.keys import workspace_key
from analyzer.store.reader import open_session
from analyzer.store.workspace import Workspace
from analyzer.workflows.analyze import Result
from analyzer.workflows.laid_down import lay_down

_PURPOSE = b"analyzer names for personal values 1"
_LENGTH = 8


def redactor(workspace: Workspace, result: Result) -> Redactor:
    """Give what replaces the values of a session: those that were looked for, and those that were found."""
    session, packs = open_session(result.path), load_besides_rules()
    calls = resolve_calls(session, place_session(session))
    info = session.info
    known = gather_indicators(info.app.package, info.persona, calls, packs.catalog, packs.taxonomy)
    looked_for = [*known.all(), *(known.joint.all() if known.joint else ())]
    return Redactor(looked_for, found_values(result.document), namer(workspace))


def redacted(workspace: Workspace, document: ResultDocument, names: Redactor) -> ResultDocument:
    """Give a copy of a result in which names stand for personal values; it lies in the workspace while it is used."""
    return open_document(lay_down(workspace.room(), redacted_pieces(document, names)))


def found_values(document: ResultDocument) -> list[tuple[str, str]]:
    """Give the values that stand in a result, each once, the longest first."""
    values = {one.value: one.data_type for one in document.observations if one.value}
    return sorted(((data_type, value) for value, data_type in values.items()), key=lambda one: (-len(one[1]), one))


def namer(workspace: Workspace) -> Callable[[str, str], str]:
    """Give what names values: by a secret of the workspace, so that nobody finds a value by trying."""
    secret = hmac.digest(workspace_key(workspace.key_file).private_bytes_raw(), _PURPOSE, "sha256")

    def name(data_type: str, value: str) -> str:
        return f"[{data_type}#{hmac.new(secret, value.encode('utf-8', 'replace'), sha256).hexdigest()[:_LENGTH]}]"

    return name
