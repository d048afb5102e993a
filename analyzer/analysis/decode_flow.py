"""Finds every part of a flow that can carry data, and decodes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analyzer.analysis.decode import Budget, Leaf, Part, Sought, Trail, decode_parts, trace_parts
from analyzer.analysis.decode_request import SEGMENTS, request_parts, response_parts
from analyzer.model.evidence import BlobReader, Body, EvidenceRef, FlowRecord, Line, Message, Request, Response
from analyzer.model.results import Flow, SeenGap
from analyzer.model.vocabulary import Direction, GapKind, Source, Where


@dataclass(frozen=True, slots=True)
class Decoded:
    """The leaves of a record or flow, and what of it could not be decoded."""

    leaves: tuple[Leaf, ...]
    gaps: tuple[SeenGap, ...]


def decode_flow(flow: Flow, read_blob: BlobReader) -> Decoded:
    """Decode every part of a flow: URL, headers, cookies, bodies, messages, response."""
    leaves: list[Leaf] = []
    gaps: list[SeenGap] = []
    for number, record in lines_of(flow):
        decoded = decode_record(EvidenceRef(flow.ref.recording, Source.FLOWS, number), record, read_blob)
        leaves += decoded.leaves
        gaps += (told_of(gap, flow) for gap in decoded.gaps)
    return Decoded(tuple(leaves), tuple(gaps))


def decode_record(ref: EvidenceRef, record: FlowRecord, read_blob: BlobReader, sought: Sought | None = None) -> Decoded:
    """Decode every part of one record; its gaps do not know yet to which flow it belongs (see `told_of`).

    Where it is told what is `sought`, leaves of answers that cannot hold it may be missing.
    """
    reader = _Reader(ref, read_blob)
    leaves = reader.leaves(reader.parts(record), sought)
    return Decoded(tuple(leaves), tuple(reader.gaps))


def trace_record(ref: EvidenceRef, record: FlowRecord, read_blob: BlobReader) -> Trail:
    """Give what lies at every step that decoding takes in one record."""
    return trace_parts(ref, _Reader(ref, read_blob).parts(record), Budget())


def lines_of(flow: Flow) -> Iterator[Line[FlowRecord]]:
    """Give the records of a flow that carry data: opening, response, messages."""
    yield Line(flow.opening.number, flow.opening.record)
    if flow.response is not None:
        yield Line(flow.response.number, flow.response.record)
    for number, message in flow.messages:
        yield Line(number, message)


def told_of(gap: SeenGap, flow: Flow) -> SeenGap:
    """Say of a gap in a record which flow it is in, and when that began where the gap has no time of its own."""
    return replace(gap, subject=f"flow {flow.index} ({flow.host})", at_us=gap.at_us or flow.instant.at_us)


class _Reader:
    """Walks one record and notes what it could not read."""

    def __init__(self, ref: EvidenceRef, read_blob: BlobReader) -> None:
        self.ref = ref
        self.read_blob = read_blob
        self.gaps: list[SeenGap] = []

    def parts(self, record: FlowRecord) -> Iterator[Part]:
        if isinstance(record, Request):
            if record.target.count("/") > SEGMENTS:
                self._gap(GapKind.DECODE_LIMIT, f"of the path the first {SEGMENTS} segments were told apart")
            yield from request_parts(record, self._bytes(record.body))
        elif isinstance(record, Response):
            yield from response_parts(record, self._bytes(record.body))
        elif isinstance(record, Message):
            where = Where.MESSAGE if record.direction is Direction.SENT else Where.RESPONSE
            yield where, "", "", self._bytes(record.body), ""

    def leaves(self, parts: Iterator[Part], sought: Sought | None = None) -> list[Leaf]:
        budget = Budget()
        leaves = decode_parts(self.ref, parts, budget, sought)
        if budget.spent:
            self._gap(GapKind.DECODE_LIMIT, "decoding stopped at its bound on depth, size or number of values")
        return leaves

    def _bytes(self, body: Body) -> bytes:
        if body.truncated:
            kept = body.blob.size if body.blob else len(body.data)
            part = f"only the beginning of {body.size} bytes was kept"
            came = f"the body did not end, and {kept or 'no'} bytes of it were kept"
            self._gap(GapKind.BODY_TRUNCATED, part if kept < body.size else came)
        if body.blob is None:
            return body.data
        try:
            return self.read_blob(self.ref.recording, body.blob)
        except KeyError:
            self._gap(GapKind.BODY_MISSING, f"the bytes {body.blob.sha256[:12]} are missing or altered")
            return b""

    def _gap(self, kind: GapKind, why: str) -> None:
        self.gaps.append(SeenGap("", self.ref, self.ref.recording, kind, "", why, 0))
