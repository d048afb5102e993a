"""Marks finds in a text, and cuts the text around them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

from analyzer.model.exhibits import Find, Piece

_AROUND: Final = 300
_PLACES: Final = 20
"""How many places of one value are marked."""
_SPANS: Final = 500
"""How many places are marked in one text."""
_SHORTEST: Final = 2
_KEY: Final = re.compile(r"[\w-]+$")
_LIST: Final = re.compile(r", | and \d+ more$|,")
_SCAN: Final = 1_000_000
_NEAR: Final = 64


class Span(NamedTuple):
    """A stretch of a text that holds a find."""

    start: int
    end: int
    find: str


def mark(text: str, find: Find, carriers: Sequence[str]) -> list[Span]:
    """Give where a find is: its value itself, else its items, else what carries it; nothing where none of it is."""
    text = text[:_SCAN]
    found = _places(text, find.value, find)
    if not found:
        items = [item for item in _LIST.split(find.value) if len(item) > _SHORTEST]
        found = [place for item in items for place in _places(text, item, find)] if len(items) > 1 else []
    for carrier in () if found else carriers:
        found = _places(text, carrier, find)
        if found:
            break
    return [Span(start, end, find.id) for start, end in found]


def _places(text: str, wanted: str, find: Find) -> list[tuple[int, int]]:
    """Give where a text stands, however it is spelled; of several places those right after the find's key."""
    for spelling in _spellings(wanted):
        places: list[tuple[int, int]] = []
        at = text.find(spelling)
        while at >= 0 and len(places) < _PLACES:
            places.append((at, at + len(spelling)))
            at = text.find(spelling, at + len(spelling))
        if places:
            return _named(text, places, find) or places
    return []


def _spellings(text: str) -> Iterator[str]:
    if len(text) < _SHORTEST:
        return
    yield text
    for other in dict.fromkeys(
        (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], quote(text, ""), quote_plus(text))
    ):
        if other != text:
            yield other
            yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), other)


def _named(text: str, places: list[tuple[int, int]], find: Find) -> list[tuple[int, int]]:
    key = next((found[0] for step in reversed(find.chain) if ":" in step and (found := _KEY.search(step))), "")
    if not key or len(places) == 1:
        return []
    return [place for place in places if key in text[max(0, place[0] - len(key) - _NEAR) : place[0]]][:1]


def cut(text: str, spans: Iterable[Span], longest: int) -> tuple[Piece, ...]:
    """Give the text in pieces: marked ones, plain ones, and those that say how much is left out."""
    spans = sorted(spans)[:_SPANS]
    edges = sorted({edge for span in spans for edge in span[:2]} | {0, len(text)})
    pieces: list[Piece] = []
    for start, end in _kept(len(text), spans, longest):
        if pieces or start:
            before = sum(len(piece.text) + piece.omitted for piece in pieces)
            if start > before:
                pieces.append(Piece("", (), start - before))
        inside = [start, *(edge for edge in edges if start < edge < end), end]
        for left, right in pairwise(inside):
            held = tuple(dict.fromkeys(span.find for span in spans if span.start <= left and right <= span.end))
            if pieces and pieces[-1].finds == held and not pieces[-1].omitted:
                pieces[-1] = Piece(pieces[-1].text + text[left:right], held)
            else:
                pieces.append(Piece(text[left:right], held))
    left_out = len(text) - sum(len(piece.text) + piece.omitted for piece in pieces)
    return tuple([*pieces, Piece("", (), left_out)] if left_out else pieces)


def _kept(length: int, spans: Sequence[Span], longest: int) -> list[tuple[int, int]]:
    """Give the stretches to show: everything if it fits, else the beginning and what lies around the finds."""
    if length <= longest:
        return [(0, length)] if length else []
    windows = [(0, longest // 3), *((max(0, start - _AROUND), min(length, end + _AROUND)) for start, end, _ in spans)]
    kept: list[tuple[int, int]] = []
    room = longest
    for start, wanted in windows:
        begin = max(start, kept[-1][1] if kept else 0)
        end = min(wanted, begin + room)
        if end > begin:
            room -= end - begin
            if kept and begin == kept[-1][1]:
                kept[-1] = (kept[-1][0], end)
            else:
                kept.append((begin, end))
    return kept
