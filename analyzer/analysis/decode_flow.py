"""Finds every part of a flow that can carry data, and decodes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from analyzer.analysis.decode import Budget, Leaf, decode, decode_content
from analyzer.analysis.decode_structure import header_fields, open_query
from analyzer.model.evidence import BlobReader, Body, EvidenceRef, Message, Request, Response
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
    """The leaves of a flow, and what of it could not be decoded."""

    leaves: tuple[Leaf, ...]
    gaps: tuple[SeenGap, ...]


def decode_flow(flow: Flow, read_blob: BlobReader) -> Decoded:
    """Decode every part of a flow: URL, headers, cookies, bodies, messages, response."""
    reader = _Reader(flow, read_blob)
    leaves = tuple(reader.leaves())
    return Decoded(leaves, tuple(reader.gaps))


class _Reader:
    """Walks one flow and notes what it could not read."""

    def __init__(self, flow: Flow, read_blob: BlobReader) -> None:
        self.flow = flow
        self.read_blob = read_blob
        self.gaps: list[SeenGap] = []

    def leaves(self) -> Iterator[Leaf]:
        opening = self.flow.opening
        if isinstance(opening.record, Request):
            yield from self._bounded(self.flow.ref, self._request(opening.record))
        if self.flow.response is not None:
            line = self.flow.response
            yield from self._bounded(self._ref(line.number), self._response(self._ref(line.number), line.record))
        for number, message in self.flow.messages:
            yield from self._bounded(self._ref(number), self._message(self._ref(number), message))

    def _request(self, request: Request) -> Iterator[tuple[Leaf, str]]:
        ref = self.flow.ref
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
        yield Leaf(ref, Where.BODY, "", "", self._bytes(ref, request.body)), _content_encoding(request.headers)

    def _response(self, ref: EvidenceRef, response: Response) -> Iterator[tuple[Leaf, str]]:
        for _, name, value in header_fields(response.headers):
            if value and name.lower() not in _SILENT_HEADERS:
                yield (
                    Leaf(ref, Where.RESPONSE, f"header:{name}", name, _header_bytes(value), steps=(f"header:{name}",)),
                    "",
                )
        body = self._bytes(ref, response.body)
        yield Leaf(ref, Where.RESPONSE, "", "", body), _content_encoding(response.headers)

    def _message(self, ref: EvidenceRef, message: Message) -> Iterator[tuple[Leaf, str]]:
        where = Where.MESSAGE if message.direction is Direction.SENT else Where.RESPONSE
        yield Leaf(ref, where, "", "", self._bytes(ref, message.body)), ""

    def _bounded(self, ref: EvidenceRef, roots: Iterator[tuple[Leaf, str]]) -> Iterator[Leaf]:
        budget = Budget()
        for root, content_encoding in roots:
            yield from decode_content(root, content_encoding, budget) if content_encoding else decode(root, budget)
        if budget.spent:
            why = "decoding stopped at its bound on depth, size or number of values"
            self._gap(ref, GapKind.DECODE_LIMIT, why)

    def _bytes(self, ref: EvidenceRef, body: Body) -> bytes:
        if body.truncated:
            self._gap(ref, GapKind.BODY_TRUNCATED, f"only the beginning of {body.size} bytes was kept")
        if body.blob is None:
            return body.data
        try:
            return self.read_blob(ref.recording, body.blob)
        except KeyError:
            self._gap(ref, GapKind.BODY_MISSING, f"the bytes {body.blob.sha256[:12]} are missing or altered")
            return b""

    def _gap(self, ref: EvidenceRef, kind: GapKind, why: str) -> None:
        subject = f"flow {self.flow.index} ({self.flow.host})"
        self.gaps.append(SeenGap("", ref, ref.recording, kind, subject, why, self.flow.instant.at_us))

    def _ref(self, number: int) -> EvidenceRef:
        return EvidenceRef(self.flow.ref.recording, Source.FLOWS, number)


def _header_bytes(value: str) -> bytes:
    return value.encode("latin-1", "replace")


def _content_encoding(headers: tuple[tuple[str, str], ...]) -> str:
    return next((value for name, value in headers if name.lower() == "content-encoding"), "")
