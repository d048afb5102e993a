"""A copy of one flow in which personal values are replaced, in all texts and bodies of its records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any, Protocol, TypeAlias, TypeVar

from analyzer.model.evidence import (
    BlobReader,
    Body,
    Connection,
    FlowError,
    Line,
    Message,
    Peer,
    Refusal,
    Request,
    Response,
)
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Where
from analyzer.report.document_results import ObservationEntry

Opener: TypeAlias = Callable[[bytes, str], bytes | None]
Headers: TypeAlias = tuple[tuple[str, str], ...]
Seen: TypeAlias = Sequence[tuple[str, str]]

_APART = {Where.BODY, Where.MESSAGE, Where.RESPONSE}
_FRAMING = frozenset({"content-length", "content-encoding"})
_OURS = frozenset({"source", "flow"})
"""Texts of records that the recorder wrote: what tells them apart."""

R = TypeVar("R", Request, Response, Connection, Refusal, FlowError, Peer)


class Redactor(Protocol):
    """Replaces what it knows."""

    def record(self, text: str, seen: Seen) -> str:
        """Replace every known value in a text, and those that were seen in it."""

    def data(self, data: bytes, seen: Seen = ()) -> bytes:
        """Replace every known value in bytes, and those that were seen in them."""


class FlowRedactor:
    """Makes the copies; `opened` undoes a Content-Encoding, `seen` are the observations by flow index."""

    def __init__(self, redactor: Redactor, read_blob: BlobReader, opened: Opener) -> None:
        self._redactor = redactor
        self._read_blob = read_blob
        self._opened = opened

    def flow(self, flow: Flow, observations: Sequence[ObservationEntry]) -> Flow:
        """Give the copy; its bodies are in it, not beside it."""
        recording, answer = flow.ref.recording, flow.response

        def seen(*places: Where) -> Seen:
            return tuple(dict.fromkeys((one.data_type, one.value) for one in observations if one.where in places))

        around = seen(*(set(Where) - _APART))
        messages = seen(Where.MESSAGE, Where.BODY)
        return replace(
            flow,
            host=self._redactor.record(flow.host, ()),
            opening=flow.opening._replace(
                record=self._opening(flow.opening.record, recording, around, seen(Where.BODY))
            ),
            response=answer._replace(record=self._response(answer.record, recording, seen(Where.RESPONSE)))
            if answer
            else None,
            messages=tuple(Line(number, self._message(one, recording, messages)) for number, one in flow.messages),
            errors=tuple(Line(number, self._texts(one, around)) for number, one in flow.errors),
        )

    def _opening(
        self, record: Request | Connection | Refusal, recording: str, around: Seen, inside: Seen
    ) -> Request | Connection | Refusal:
        # a host is named alike wherever it stands, whatever else was seen in this flow
        ends: dict[str, Any] = {"host": self._redactor.record(record.host, ()), "peer": self._texts(record.peer, ())}
        if isinstance(record, Connection):
            return replace(self._texts(record, around), **ends)
        if isinstance(record, Refusal):
            return replace(self._texts(record, around), **ends)
        headers = self._headers(record.headers, (*around, *inside))
        body, headers = self._body(record.body, headers, recording, inside)
        return replace(self._texts(record, around), **ends, headers=headers, body=body)

    def _response(self, record: Response, recording: str, inside: Seen) -> Response:
        body, headers = self._body(record.body, self._headers(record.headers, inside), recording, inside)
        return replace(self._texts(record, inside), headers=headers, body=body)

    def _texts(self, record: R, seen: Seen) -> R:
        """Replace values in every text of a record; what is no text stays."""
        texts = {one.name: getattr(record, one.name) for one in fields(record) if one.name not in _OURS}
        made: dict[str, Any] = {
            name: self._redactor.record(text, seen) for name, text in texts.items() if type(text) is str and text
        }
        return replace(record, **made)

    def _message(self, record: Message, recording: str, inside: Seen) -> Message:
        body, _ = self._body(record.body, (), recording, inside)
        return replace(record, body=body)

    def _headers(self, headers: Headers, seen: Seen) -> Headers:
        return tuple((self._header(name, seen), self._header(value, seen)) for name, value in headers)

    def _header(self, text: str, seen: Seen) -> str:
        return self._redactor.record(text, seen).encode("latin-1", "replace").decode("latin-1")

    def _body(self, body: Body, headers: Headers, recording: str, seen: Seen) -> tuple[Body, Headers]:
        try:
            data = body.data if body.blob is None else self._read_blob(recording, body.blob)
        except KeyError:
            return Body(body.size, truncated=True), headers
        encoding = next((value for name, value in headers if name.lower() == "content-encoding"), "").strip().lower()
        plain = self._opened(data, encoding) if encoding not in {"", "identity"} and data else None
        shown = data if plain is None else plain
        made = self._redactor.data(shown, seen) if shown else shown
        if made == shown:
            return Body(body.size, data, truncated=body.truncated), headers
        kept = tuple((name, value) for name, value in headers if name.lower() not in _FRAMING)
        return Body(len(made), made, truncated=body.truncated), (*kept, ("content-length", str(len(made))))
