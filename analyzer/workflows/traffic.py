"""Read the traffic of a session beside its result: each flow from the disk, and what was seen in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from analyzer.analysis.decode_compression import decompress_brotli, decompress_marked
from analyzer.model.clock import Instant
from analyzer.model.evidence import Connection, EvidenceRef, FlowError, Line, Message, Refusal, Request, Response
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Source
from analyzer.report.document_evidence import FlowEntry
from analyzer.store.flow_index import StoredFlow

LARGEST: Final = 64 * 1024 * 1024
"""A response that grows larger than this is left compressed."""


def open_encoded(data: bytes, encoding: str) -> bytes | None:
    """Undo a Content-Encoding; gives nothing where it cannot, or where the result is too large."""
    if encoding == "br":
        plain = decompress_brotli(data, LARGEST)
    else:
        opened = decompress_marked(data, LARGEST)
        plain = opened[1] if opened else None
    return plain if plain is not None and len(plain) < LARGEST else None


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
