"""Derives every form in which a known value may travel: spellings, bytes, digests."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Final

from analyzer.analysis.indicator_digests import (
    Written,
    common_digests,
    short_sums,
    tell_digest,
    written_digests,
)
from analyzer.analysis.indicator_form import Form, Spelling
from analyzer.analysis.indicator_phone import parse_phone
from analyzer.analysis.indicator_places import cell_forms, coordinate_forms, place_texts, shifted_forms
from analyzer.analysis.indicator_spellings import spellings
from analyzer.analysis.indicator_veils import veiled_forms
from analyzer.analysis.indicator_weight import is_weak

__all__ = ["Form", "coordinate_forms", "item_forms", "parse_phone", "place_forms", "scalar_forms"]

_HEX_WORD: Final = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")
_SEPARATED: Final = re.compile(r"[0-9a-fA-F]{2,}(?:[:-][0-9a-fA-F]{2,}){4,}")
_PACKED: Final = re.compile(r"\d{14,20}")
_LONGEST_HASHED: Final = 4096
_SHORT: Final = 16
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")


def scalar_forms(data_type: str, text: str) -> Iterator[Form]:
    """Give all forms of a single value, without repetition."""
    weak = is_weak(data_type, text)
    return _distinct(
        form
        for spelling in spellings(data_type, text)
        for form in (*_plain(spelling, weak=weak), *veiled_forms(spelling, weak=weak), *_made(spelling, weak=weak))
    )


def item_forms(data_type: str, text: str) -> Iterator[Form]:
    """Give the forms of one item of a list: its spellings, and the digests that are taken of lists."""
    weak = is_weak(data_type, text)
    return _distinct(
        form
        for spelling in spellings(data_type, text)
        if spelling.hashed
        for form in (*_plain(spelling, weak=weak), *_written(common_digests(_raw(spelling)), spelling, weak=weak))
    )


def place_forms(lat: str, lon: str) -> Iterator[tuple[str, Form]]:
    """Give the forms of a place: those of `lat` and `lon`, and of both together under an empty name."""
    yield from (("lat", form) for form in coordinate_forms(lat))
    yield from (("lon", form) for form in coordinate_forms(lon))
    try:
        place = float(lat), float(lon)
    except ValueError:
        return
    yield from shifted_forms(*place)
    yield from (("", form) for form in cell_forms(*place))
    for text in place_texts(lat, lon):
        spelling = Spelling("", text)
        yield from (("", form) for form in _written(common_digests(text.encode()), spelling, weak=False))


def _distinct(forms: Iterable[Form]) -> Iterator[Form]:
    seen: set[tuple[bytes, int]] = set()
    for form in forms:
        key = (form.pattern if form.exact else form.pattern.lower(), form.more)
        if form.pattern and key not in seen:
            seen.add(key)
            yield form


def _raw(spelling: Spelling) -> bytes:
    return spelling.text.encode("utf-8", "replace")


def _plain(spelling: Spelling, *, weak: bool) -> Iterator[Form]:
    text, note, chain = spelling.text, spelling.note, spelling.chain
    weak = weak or spelling.partial
    yield Form(_raw(spelling), chain, note, weak=weak, more=spelling.more)
    if not text.isascii():
        for name in ("gb18030", "utf-16le", "utf-16be"):
            yield Form(text.encode(name, "replace"), (*chain, name), note, exact=True, weak=weak)
    if chain or spelling.more:
        return
    if spelling.hashed and len(_raw(spelling)) <= _SHORT:
        yield from _short(_raw(spelling), note, weak=weak)
    bare = re.sub(r"[:-]", "", text)
    if (text == bare or _SEPARATED.fullmatch(text)) and _HEX_WORD.fullmatch(bare) and not _PACKED.fullmatch(text):
        yield Form(bytes.fromhex(bare), ("hex bytes",), note, exact=True, weak=weak)
        yield Form(bytes.fromhex(bare)[::-1], ("hex bytes", "reversed"), note, exact=True, weak=weak)
    if _PACKED.fullmatch(text):
        yield from _packed(text, note, weak=weak)


def _short(raw: bytes, note: str, *, weak: bool) -> Iterator[Form]:
    """Give what is too short for a decoder to recognise as an encoding: hex and base64."""
    yield Form(raw.hex().encode(), ("hex",), note, weak=weak)
    coded = base64.b64encode(raw).rstrip(b"=")
    yield Form(coded, ("base64",), note, exact=True, weak=weak)
    if b"+" in coded or b"/" in coded:
        yield Form(coded.translate(_URL_SAFE), ("base64",), note, exact=True, weak=weak)


def _packed(digits: str, note: str, *, weak: bool) -> Iterator[Form]:
    """Give digits two to the byte, as mobile networks and smart cards keep them."""
    even = digits if len(digits) % 2 == 0 else f"{digits}F"
    yield Form(bytes.fromhex(even), ("packed digits",), note, exact=True, weak=weak)
    yield Form(_swapped(even), ("packed digits",), note, exact=True, weak=weak)
    if len(digits) % 2:
        yield Form(bytes.fromhex(f"0{digits}"), ("packed digits",), note, exact=True, weak=weak)


def _swapped(digits: str) -> bytes:
    return bytes.fromhex("".join(digits[at + 1] + digits[at] for at in range(0, len(digits), 2)))


def _made(spelling: Spelling, *, weak: bool) -> Iterator[Form]:
    raw = _raw(spelling)
    if not spelling.hashed or len(raw) > _LONGEST_HASHED:
        return
    if weak:
        yield from _written(common_digests(raw), spelling, weak=True)
    else:
        yield from _written(written_digests(raw), spelling, weak=False)
        yield from _written(short_sums(raw), spelling, weak=True)


def _written(digests: Iterable[Written], spelling: Spelling, *, weak: bool) -> Iterator[Form]:
    of = f"the value {spelling.note}".strip()
    for one in digests:
        note = ", ".join(filter(None, (f"{tell_digest(one.chain)} of {of}", one.note, "as bytes" if one.raw else "")))
        yield Form(one.pattern, one.chain, note, exact=one.raw, weak=weak)
