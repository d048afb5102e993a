"""Export the traffic of a session as a capture that other tools open: HAR or a mitmproxy flow file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final

from analyzer import __version__
from analyzer.analysis.decode_compression import decompress_brotli, decompress_marked
from analyzer.model.clock import Instant
from analyzer.model.evidence import Connection, EvidenceRef, FlowError, Line, Message, Refusal, Request, Response
from analyzer.model.results import Flow
from analyzer.model.vocabulary import FlowKind, Source
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import FlowEntry
from analyzer.report.document_results import ObservationEntry
from analyzer.report.har import har_pieces
from analyzer.report.mitm import mitm_pieces
from analyzer.report.redacted import redact_document
from analyzer.report.redacted_flow import FlowRedactor
from analyzer.store.flow_index import StoredFlow, stored_flows
from analyzer.store.reader import blob_reader
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import Home
from analyzer.workflows.redaction import redactor

CAPTURES: Final = ("har", "mitm")
"""The formats that need the evidence itself, not only the result."""

LARGEST: Final = 64 * 1024 * 1024
"""A response that grows larger than this is left compressed."""


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
        document = redact_document(result.document, names)
        seen, comment = by_flow(document), document.session.redaction
    if format_ == "har":
        out.writelines(har_pieces(flows, seen, read_blob, open_encoded, __version__, comment))
        return sum(flow.kind not in {FlowKind.HTTP, FlowKind.WEBSOCKET} for flow in result.document.flows)
    out.writelines(mitm_pieces(flows, seen, read_blob, comment))
    return 0


def open_encoded(data: bytes, encoding: str) -> bytes | None:
    """Undo a Content-Encoding; gives nothing where it cannot, or where the result is too large."""
    if encoding == "br":
        plain = decompress_brotli(data, LARGEST)
    else:
        opened = decompress_marked(data, LARGEST)
        plain = opened[1] if opened else None
    return plain if plain is not None and len(plain) < LARGEST else None


def by_flow(document: ResultDocument) -> Mapping[int, list[ObservationEntry]]:
    """Give what was seen in each flow, by its index."""
    found: dict[int, list[ObservationEntry]] = {}
    for one in document.observations:
        if one.flow_index is not None:
            found.setdefault(one.flow_index, []).append(one)
    return found


def session_flows(found: Iterable[StoredFlow], entries: Iterable[FlowEntry]) -> Iterator[Flow]:
    """Join what lies on the disk with what the result says of it: when it was, and what it is."""
    for one, entry in zip(found, entries, strict=True):
        opening = one.lines[0]
        if not isinstance(opening.record, Request | Connection | Refusal):
            raise TypeError(f"flow {entry.flow_index} has no beginning")
        rest = one.lines[1:]
        answers = [Line(number, record) for number, record in rest if isinstance(record, Response)]
        yield Flow(
            index=entry.flow_index,
            ref=EvidenceRef(one.recording, Source.FLOWS, opening.number),
            instant=Instant(entry.at_us, opening.record.source, opening.record.seq),
            kind=entry.kind,
            host=opening.record.host,
            port=opening.record.port,
            owner=entry.owner,
            opening=Line(opening.number, opening.record),
            response=answers[0] if answers else None,
            messages=tuple(Line(number, record) for number, record in rest if isinstance(record, Message)),
            errors=tuple(Line(number, record) for number, record in rest if isinstance(record, FlowError)),
        )
