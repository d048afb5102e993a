"""Export the traffic of a session as a capture that other tools open: HAR or a mitmproxy flow file."""

from __future__ import annotations

from typing import BinaryIO, Final

from analyzer import __version__
from analyzer.model.vocabulary import FlowKind
from analyzer.report.har import har_pieces
from analyzer.report.mitm import mitm_pieces
from analyzer.report.redacted_flow import FlowRedactor
from analyzer.report.seen import by_flow
from analyzer.store.flow_index import stored_flows
from analyzer.store.reader import blob_reader
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import Home
from analyzer.workflows.redaction import redacted, redactor
from analyzer.workflows.traffic import open_encoded, session_flows

CAPTURES: Final = ("har", "mitm")
"""The formats that need the evidence itself, not only the result."""


def export_capture(home: Home, word: str, format_: str, out: BinaryIO, *, redact: bool = False) -> int:
    """Write a session's flows to a file, one at a time; gives the number of flows that the format has no place for.

    With `redact` personal values are replaced in what was found and in the traffic itself.
    """
    result = stored(home, word)
    seen = by_flow(result.document)
    flows = session_flows(stored_flows(result.path), result.document.flows)
    read_blob = blob_reader(result.path)
    comment = ""
    if redact:
        names = redactor(home.workspace, result)
        copier, plain = FlowRedactor(names, read_blob, open_encoded), seen
        flows = (copier.flow(flow, plain.get(flow.index, ())) for flow in flows)
        document = redacted(home.workspace, result.document, names)
        seen, comment = by_flow(document), document.session.redaction
    if format_ == "har":
        out.writelines(har_pieces(flows, seen, read_blob, open_encoded, __version__, comment))
        return sum(flow.kind not in {FlowKind.HTTP, FlowKind.WEBSOCKET} for flow in result.document.flows)
    out.writelines(mitm_pieces(flows, seen, read_blob, comment))
    return 0
