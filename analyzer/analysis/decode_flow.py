"""Finds every part of a flow that can carry data, and decodes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote_to_bytes

from analyzer.analysis.decode import Budget, Leaf, decode, decode_content
from analyzer.analysis.decode_structure import header_fields, open_query
from analyzer.model.evidence import BlobReader, Body, EvidenceRef, FlowRecord, Line, Message, Request, Response
from analyzer.model.results import Flow, SeenGap
from analyzer.model.vocabulary import Direction, GapKind, Source, Where

_SILENT_HEADERS: Final = frozenset(
    {"host", "content-length", "content-type", "content-encoding", "connection", "accept", "accept-encoding", "te"}
    | {"transfer-encoding", "upgrade", "date", "server", "sec-websocket-key", "sec-websocket-version"}
    | {"sec-websocket-extensions", "sec-websocket-accept"}
)
"""Headers that the protocol itself fills."""


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


def decode_record(ref: EvidenceRef, record: FlowRecord, read_blob: BlobReader) -> Decoded:
    """Decode every part of one record; its gaps do not know yet to which flow it belongs (see `told_of`)."""
    reader = _Reader(ref, read_blob)
    if isinstance(record, Request):
        leaves = reader.leaves(reader.request(record))
    elif isinstance(record, Response):
        leaves = reader.leaves(reader.response(record))
    elif isinstance(record, Message):
        leaves = reader.leaves(reader.message(record))
    else:
        return Decoded((), ())
    return Decoded(tuple(leaves), tuple(reader.gaps))


def lines_of(flow: Flow) -> Iterator[Line[FlowRecord]]:
    """Give the records of a flow that carry data: opening, response, messages."""
    yield Line(flow.opening.number, flow.opening.record)
    if flow.response is not None:
        yield Line(flow.response.number, flow.response.record)
    for number, message in flow.messages:
        yield Line(number, message)


def told_of(gap: SeenGap, flow: Flow) -> SeenGap:
    """Say of a gap in a record which flow it is in, and when that began."""
    return replace(gap, subject=f"flow {flow.index} ({flow.host})", at_us=flow.instant.at_us)


class _Reader:
    """Walks one record and notes what it could not read."""

    def __init__(self, ref: EvidenceRef, read_blob: BlobReader) -> None:
        self.ref = ref
        self.read_blob = read_blob
        self.gaps: list[SeenGap] = []

    def request(self, request: Request) -> Iterator[tuple[Leaf, str]]:
        ref = self.ref
        path, _, query = request.target.partition("?")
        for at, segment in enumerate(path.split("/")):
            if segment:
                yield Leaf(ref, Where.URL, f"path:{at}", "", unquote_to_bytes(segment), steps=(f"path:{at}",)), ""
        for child in open_query(query, "query") if query else ():
            data = child.value.encode("utf-8", "surrogatepass") if isinstance(child.value, str) else child.value
            yield Leaf(ref, Where.QUERY, child.step, child.key, data, steps=(child.step,)), ""
        for kind, name, value in header_fields(request.headers):
            if value and name.lower() not in _SILENT_HEADERS:
                yield (
                    Leaf(ref, Where(kind), f"{kind}:{name}", name, _header_bytes(value), steps=(f"{kind}:{name}",)),
                    "",
                )
        yield Leaf(ref, Where.BODY, "", "", self._bytes(request.body)), _content_encoding(request.headers)

    def response(self, response: Response) -> Iterator[tuple[Leaf, str]]:
        ref = self.ref
        for _, name, value in header_fields(response.headers):
            if value and name.lower() not in _SILENT_HEADERS:
                yield (
                    Leaf(ref, Where.RESPONSE, f"header:{name}", name, _header_bytes(value), steps=(f"header:{name}",)),
                    "",
                )
        body = self._bytes(response.body)
        yield Leaf(ref, Where.RESPONSE, "", "", body), _content_encoding(response.headers)

    def message(self, message: Message) -> Iterator[tuple[Leaf, str]]:
        where = Where.MESSAGE if message.direction is Direction.SENT else Where.RESPONSE
        yield Leaf(self.ref, where, "", "", self._bytes(message.body)), ""

    def leaves(self, roots: Iterator[tuple[Leaf, str]]) -> Iterator[Leaf]:
        budget = Budget()
        for root, content_encoding in roots:
            yield from decode_content(root, content_encoding, budget) if content_encoding else decode(root, budget)
        if budget.spent:
            self._gap(GapKind.DECODE_LIMIT, "decoding stopped at its bound on depth, size or number of values")

    def _bytes(self, body: Body) -> bytes:
        if body.truncated:
            self._gap(GapKind.BODY_TRUNCATED, f"only the beginning of {body.size} bytes was kept")
        if body.blob is None:
            return body.data
        try:
            return self.read_blob(self.ref.recording, body.blob)
        except KeyError:
            self._gap(GapKind.BODY_MISSING, f"the bytes {body.blob.sha256[:12]} are missing or altered")
            return b""

    def _gap(self, kind: GapKind, why: str) -> None:
        self.gaps.append(SeenGap("", self.ref, self.ref.recording, kind, "", why, 0))


def _header_bytes(value: str) -> bytes:
    return value.encode("latin-1", "replace")


def _content_encoding(headers: tuple[tuple[str, str], ...]) -> str:
    return next((value for name, value in headers if name.lower() == "content-encoding"), "")
