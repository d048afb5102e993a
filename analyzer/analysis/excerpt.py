"""Shows a flow to a reader: its parts as text, what was found in them marked in place, and the way to each find."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.analysis.decode import Trail, as_text
from analyzer.analysis.decode_flow import lines_of, trace_record
from analyzer.analysis.excerpt_marks import Span, cut, mark
from analyzer.model.evidence import BlobReader, EvidenceRef, FlowRecord, Line, Request, Response
from analyzer.model.exhibits import Excerpt, Find, Passage, Piece, Step
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Source, Where

LONGEST: Final = 12_000
"""How many characters of one part are shown; what lies around finds is shown first."""

_BESIDE: Final = 1000
"""How many characters are shown of a part in which nothing was found."""
_STEP: Final = 400
_MOST: Final = 40
"""How many records of a flow are shown; those in which something was found first."""
_FINDS: Final = 500
"""How many finds of one record are marked."""
_WHERE: Final = {Where.URL.value, Where.QUERY.value}
_HEADS: Final = {Where.HEADER.value, Where.COOKIE.value}


def excerpt(flow: Flow, finds: Sequence[Find], read_blob: BlobReader) -> Excerpt:
    """Show a flow with what was found in it."""
    passages: list[Passage] = []
    ways: dict[str, tuple[Step, ...]] = {}
    for line in _worth_showing(flow, {find.line for find in finds}):
        here = [find for find in finds if find.line == line.number][:_FINDS]
        trail = trace_record(EvidenceRef(flow.ref.recording, Source.FLOWS, line.number), line.record, read_blob)
        passages += _passages(line, here, trail)
        ways |= {find.id: _way(find, trail) for find in here}
    return Excerpt(tuple(passages), ways)


def _worth_showing(flow: Flow, found: set[int]) -> list[Line[FlowRecord]]:
    lines = list(lines_of(flow))
    chosen = sorted(lines, key=lambda line: (line.number not in found, line.number))[:_MOST]
    return [line for line in lines if line in chosen] if len(lines) > _MOST else lines


def _passages(line: Line[FlowRecord], finds: list[Find], trail: Trail) -> Iterator[Passage]:
    number, record = line
    if isinstance(record, Request):
        first = f"{record.method} {record.target} {record.http_version}"
        yield _passage(number, "request", first, [find for find in finds if _part(find) in _WHERE], trail)
        yield _passage(number, "headers", _head(record), [find for find in finds if _part(find) in _HEADS], trail)
        yield from _body(number, Where.BODY, "body", finds, trail)
    elif isinstance(record, Response):
        headers = f"{record.status} {record.reason}\n{_head(record)}"
        inside = [find for find in finds if find.chain[1:2] and find.chain[1].startswith(("header:", "cookie:"))]
        yield _passage(number, "response", headers, inside, trail)
        yield from _body(number, Where.RESPONSE, "response_body", finds, trail)
    else:
        sent = any(where is Where.MESSAGE for where, _ in trail)
        where = Where.MESSAGE if sent else Where.RESPONSE
        yield from _body(number, where, "message" if sent else "answer", finds, trail)


def _part(find: Find) -> str:
    return find.chain[0] if find.chain else ""


def _head(record: Request | Response) -> str:
    return "\n".join(f"{name}: {value}" for name, value in record.headers)


def _passage(number: int, part: str, text: str, finds: list[Find], trail: Trail) -> Passage:
    return Passage(number, part, _pieces(text, finds, trail))


def _pieces(text: str, finds: list[Find], trail: Trail) -> tuple[Piece, ...]:
    marks = [span for find in finds for span in mark(text, find, _carriers(find, trail))]
    return cut(text, marks, LONGEST if finds else _BESIDE)


def _body(number: int, where: Where, part: str, finds: list[Find], trail: Trail) -> Iterator[Passage]:
    """Show a body: what is inside of encodings that wrap it as a whole, where that is text and it is not."""
    whole = {steps: data for (place, steps), data in trail.items() if place is where and not any(map(_inner, steps))}
    if () not in whole:
        return
    here = [find for find in finds if _part(find) == where.value]
    readable = [steps for steps, data in whole.items() if as_text(data) is not None]
    led = {find.chain[1 : 1 + length] for find in here for length in range(len(find.chain))}
    if readable:
        steps = min(readable, key=lambda steps: (steps not in led and steps != (), len(steps), steps))
        text = as_text(whole[steps]) or ""
        marks = [span for find in here for span in mark(text, find, _carriers(find, trail))]
        marks += _wholly(text, here, steps, {span.find for span in marks})
        yield Passage(number, part, cut(text, marks, LONGEST if here else _BESIDE), undone=steps)
    else:
        yield Passage(number, part, _pieces(_printable(whole[()]), here, trail), binary=True)


def _wholly(text: str, finds: list[Find], undone: tuple[str, ...], marked: set[str]) -> list[Span]:
    """Mark all of a text for finds that only lie inside of what the text as a whole encodes."""
    inside = [find for find in finds if find.id not in marked and find.chain[1 : len(undone) + 1] == undone]
    left = [(find, find.chain[len(undone) + 1 : len(undone) + 2]) for find in inside]
    return [Span(0, len(text), find.id) for find, step in left if step and not _inner(step[0])]


def _inner(step: str) -> bool:
    return ":" in step


def _printable(data: bytes) -> str:
    text = data.decode("utf-8", "replace").replace("\N{REPLACEMENT CHARACTER}", "\N{MIDDLE DOT}")
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{MIDDLE DOT}" for letter in text)


def _carriers(find: Find, trail: Trail) -> list[str]:
    """Give what carries a find, the innermost first: the texts on the way to it."""
    found = [as_text(data) for _, data in _met(find, trail)]
    return [text for text in reversed(found) if text]


def _met(find: Find, trail: Trail) -> list[tuple[str, bytes]]:
    """Give each step of the way to a find, with what lies there."""
    part, *steps = find.chain or ("",)
    if part not in set(Where):
        return []
    where = Where(part)
    return [(step, trail.get((where, tuple(steps[: at + 1])), b"")) for at, step in enumerate(steps)]


def _way(find: Find, trail: Trail) -> tuple[Step, ...]:
    return tuple(Step(step, _short(data)) for step, data in _met(find, trail))


def _short(data: bytes) -> str:
    if not data:
        return ""
    text = as_text(data)
    if text is None:
        return f"({len(data)} bytes)"
    return text if len(text) <= _STEP else f"{text[:_STEP]}…(+{len(text) - _STEP})"
