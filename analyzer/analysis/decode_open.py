"""Opens one layer of a value, by content: what is inside it, and by which reading."""

from __future__ import annotations

import re
from typing import Final

from analyzer.analysis.decode_budget import GUESS, Budget, Child, Layer, Opened, of_children, of_layer
from analyzer.analysis.decode_charset import as_text, decode_charset, decode_controls
from analyzer.analysis.decode_compression import decompress_blind, decompress_marked, find_marked, open_zip
from analyzer.analysis.decode_json import open_embedded_json, open_json
from analyzer.analysis.decode_literal import open_literal
from analyzer.analysis.decode_mask import is_masked, unmask
from analyzer.analysis.decode_packed import open_bson, open_cbor, open_msgpack, open_plist
from analyzer.analysis.decode_protobuf import open_protobuf
from analyzer.analysis.decode_structure import MAX_URLS, open_form, open_multipart, open_pairs, open_tokens, open_urls
from analyzer.analysis.decode_text import decode_text
from analyzer.analysis.decode_wire import open_dns, open_grpc, open_http, open_mqtt, open_sized
from analyzer.analysis.decode_xml import open_xml

TELLS: Final = re.compile(r"[%{\[<=&\\;,|\n]|://|[A-Za-z0-9+/_-]{16}|(?:[0-9A-Fa-f]{2}[ :]){8}")
"""What a text needs to be anything else than itself, unless it is one short word of base64."""
_WORD: Final = re.compile(r"[\w/+-]+={0,2}", re.ASCII)
_QUIET: Final = re.compile(
    r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
    r"|(?!(?:[2-7][0-9a-f])+$|1f8b08|28b52ffd|78(?:01|9c|da)|ff06|0422|62706c|0[8a]|12)"
    r"(?:[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})"
)
"""UUIDs and digests: there are so many that they are told apart before anything is tried on them."""
_SHORT: Final = 8
_LONG: Final = 16
"""Shorter words of letters and digits have nothing that tells."""
_MEDIA: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"OggS", b"ID3", b"\x7fELF", b"%PDF", b"\0\0\x01\xba")
_VIDEO: Final = b"ftyp"
_DOCUMENT: Final = re.compile(r'[^{\[:?]*+(?::(?!//)[^{\[:?]*+)*+(?:\{\s*+["}]|\[\s*+["{\[])')
"""A document before any address: what stands before it is no query."""
_EMBEDDED: Final = re.compile(rb'\{\s*+"|\[\s*+\{')
_TEXT_END: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_JSON: Final = frozenset('{["')
PROTOBUF: Final = "protobuf"
_SMALLEST: Final = 4


def is_plain(text: str) -> bool:
    """Say whether a text is certainly nothing but itself; cheap, and right nearly always where it says no."""
    if text.isdigit() and len(text) < _LONG:
        return True
    alnum = text.isalnum()
    if (not alnum or len(text) >= _LONG) and TELLS.search(text):
        return _QUIET.fullmatch(text) is not None
    if len(text) < _SHORT or not alnum or text.isdigit():
        return True
    return text.islower() or text.isupper() or not text.isascii()


def open_text(text: str, data: bytes, budget: Budget) -> Opened | None:
    """Open a text; `data` are its bytes. `None` when it is only itself."""
    masked = unmask(data) if is_masked(data) else None
    if masked:
        return Opened([], [Layer(*masked, guess=True)], whole=False)
    if is_plain(text) or not budget.work(len(data)):
        return None
    if _WORD.fullmatch(text):
        layers = decode_text(text, budget)
        return Opened([], layers, whole=False) if layers else None
    first = text[:1] if text[:1] > " " else text.lstrip("\ufeff \t\r\n\x0c")[:1]
    if first in _JSON:
        bare = text.lstrip("\ufeff \t\r\n\x0c")
        if opened := open_literal(bare, budget) or open_json(bare, budget):
            return opened
    return of_children(_open_marked(first, text, data, budget)) or _open_mixed(text, data, budget)


def _open_marked(first: str, text: str, data: bytes, budget: Budget) -> list[Child] | None:
    """Open what its first character announces, and forms."""
    if first == "<" and (children := open_xml(text, budget)):
        return children
    if first == "-" and (children := open_multipart(data, budget.most)):
        return children
    if "=" in text and "=" in text.rstrip("=\r\n"):
        several = "&" not in text and text.count("=") > 1
        return (open_pairs(text) if several else None) or open_form(text, budget.most)
    return None


def _readable_message(data: bytes, budget: Budget) -> list[Child] | None:
    """Open a message whose only field is a text of 32 bytes and more, which makes its head look like text too."""
    if data[0] != ord("\n") or data[1:2] != bytes([len(data) - 2 & 255]):
        return None
    return open_protobuf(data, budget.most)


def _open_mixed(text: str, data: bytes, budget: Budget) -> Opened | None:
    """Look for what stands inside a text: pairs, tokens, URLs, documents, encoded words."""
    message = _readable_message(data, budget)
    if message:
        return of_children(message, whole=False)
    embedded = open_embedded_json(text, budget) if _DOCUMENT.match(text) else None
    if embedded:
        return embedded
    children: list[Child] = []
    rest = text
    if "://" in text and text.count("://") > MAX_URLS:
        budget.spent = True
    for found in (open_tokens(rest) if "eyJ" in text else None, open_urls(text)):
        if found:
            children += found.children
            rest = found.rest
    if not children:
        embedded = open_embedded_json(text, budget) if "{" in text or "[" in text else None
        if embedded:
            return embedded
        pairs = open_pairs(text) if "=" in text or ":" in text else None
        if pairs:
            return Opened(pairs, [], whole=False)
    layers = decode_text(rest, budget)
    if children and "%" in text:
        layers = [layer for layer in layers if layer.encoding != "percent"]
    return Opened(children, layers, whole=False) if children or layers else None


def open_binary(data: bytes, budget: Budget, hint: str = "") -> Opened | None:
    """Open bytes that are no text; `hint` is what the frame around them says they are. `None` when they are opaque."""
    if hint == PROTOBUF and (children := open_protobuf(data, budget.most, sure=True)):
        return of_children(children)
    if not data or not budget.work(len(data) + GUESS):
        return None
    marked = decompress_marked(data, budget.bytes_left)
    if marked:
        budget.spent = budget.spent or len(marked[1]) >= budget.bytes_left
        return of_layer(*marked)
    if data.startswith(_MEDIA) or data[4:8] == _VIDEO:
        return None
    return _open_document(data, budget) or _open_frames(data, budget) or _open_hidden(data, budget)


def _open_document(data: bytes, budget: Budget) -> Opened | None:
    most = budget.most
    children = open_zip(data, budget) or open_plist(data, budget) or open_multipart(data, most)
    if children:
        return of_children(children)
    text = decode_charset(data)
    if text:
        return Opened([], [Layer(*text)], whole=text[0] != "gbk")
    children = open_http(data, most) or open_mqtt(data)
    if children:
        return of_children(children, whole=False)
    return of_children(open_msgpack(data, budget) or open_cbor(data, budget) or open_bson(data, budget))


def _open_frames(data: bytes, budget: Budget) -> Opened | None:
    frames = open_grpc(data)
    if frames:
        layers = [Layer("grpc", frame, hint="" if packed else PROTOBUF) for packed, frame in frames]
        return Opened([], layers, whole=False)
    children = open_protobuf(data, budget.most)
    if children is None and data[0] == len(data) - 1:
        children = open_protobuf(data[1:], budget.most)
    if children:
        return of_children(children, whole=False)
    dns = open_dns(data, budget)
    if dns:
        return of_children(dns, whole=False)
    messages = open_sized(data)
    return Opened([], [Layer("length", one, guess=True) for one in messages], whole=False) if messages else None


def _open_hidden(data: bytes, budget: Budget) -> Opened | None:
    """Try what no mark announces; each is only believed when something readable comes out of it."""
    if len(data) < _SMALLEST:
        return None
    behind = find_marked(data, budget.bytes_left)
    if behind:
        at, encoding, inner = behind
        return Opened([], [Layer(f"skip {at}>{encoding}", inner, guess=True)], whole=False)
    limit = budget.bytes_left
    layers = [Layer(name, opened, guess=True) for name, opened in decompress_blind(data, limit)]
    budget.spent = budget.spent or any(len(layer.value) >= limit for layer in layers)
    readable = [layer for layer in layers if isinstance(layer.value, bytes) and as_text(layer.value) is not None]
    if readable:
        return Opened([], readable[:1], whole=False)
    embedded = _embedded(data, budget)
    if embedded:
        return embedded
    other = unmask(data) or decode_controls(data)
    if other:
        layers.append(Layer(*other, guess=True))
    return Opened([], layers, whole=False) if layers else None


def _embedded(data: bytes, budget: Budget) -> Opened | None:
    begin = _EMBEDDED.search(data)
    if begin is None:
        return None
    text = data[begin.start() :].decode("utf-8", "replace")
    opened = open_embedded_json(_TEXT_END.sub("\n", text), budget)
    return opened._replace(whole=False) if opened else None
