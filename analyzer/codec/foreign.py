"""What readers of foreign captures give, and how a capture is recognised.

The readers are `har.read_har`, `mitm.read_mitm` and `hook_lines.read_hook_lines`; each takes a binary file and the name
of its source, and gives records one by one. Nothing but `OSError` comes out of them: what cannot be read is `Broken`.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from analyzer.model.clock import Micros, Stamp
from analyzer.model.evidence import (
    Connection,
    Event,
    FlowError,
    HookState,
    Mark,
    Message,
    Refusal,
    Request,
    Response,
    Stack,
)

IMPORT_CLOCK: Final = "import"
"""The one clock domain of imported records: the captures' own times, UTC."""

UNTIMED_CLOCK: Final = "import:untimed"
"""The clock of records whose capture tells no time: they stand beside their neighbour, and nobody knows when."""

UNZONED_CLOCK: Final = "import:unzoned"
"""The clock of records whose capture tells a time without its zone: placed as if it were UTC."""

HEAD_SIZE: Final = 64 * 1024
"""How many bytes of a file `recognise` wants to see."""

UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What comes of a record whose parts have shapes that nobody thought of: the record is broken, the rest is not."""

GUARD: Final = re.compile(
    r"(?:[\s\ufeff]|/\*.*?\*/|//[^\n]*\n|\)\]\}',?|for\s*\(;;\);|while\s*\(1\);"
    r"|(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$]{0,60}\s*[=(])+",
    re.DOTALL,
)
"""What may stand before a document and is none of it: comments, guards against scripts, a variable or a call."""

_MAGIC_GZIP: Final = b"\x1f\x8b"
_MAGIC_ZLIB: Final = (b"\x78\x01", b"\x5e", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_FLOW: Final = re.compile(rb"\s*[0-9]{1,12}:[0-9]{1,12}:")
_HAR: Final = re.compile(
    rb'"log"\s*:\s*\{|"entries"\s*:\s*\[|"startedDateTime"\s*:'
    rb'|"request"\s*:\s*\{\s*"(?:method|url|headers|httpVersion|bodySize|cookies)"'
)
_DATED: Final = b'"startedDateTime"'
_FIRST: Final = 8192
_LINES: Final = re.compile(
    rb'"(?:v|t|time|ts|timestamp|alert_time|api|class|class_name|method|func|function|payload|type|event)"\s*:'
)
_SUFFIXES: Final = {
    ".har": "har",
    ".zhar": "har",
    ".mitm": "mitm",
    ".flow": "mitm",
    ".flows": "mitm",
    ".jsonl": "hook_lines",
    ".ndjson": "hook_lines",
    ".log": "hook_lines",
}


class Kind(StrEnum):
    """The kinds of foreign captures that can be read."""

    HAR = "har"
    MITM = "mitm"
    HOOK_LINES = "hook_lines"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that could not be read.

    `place` names it (`log.entries[3]`, `flow 12 at byte 48211`, `line 7`), `wall_us` is the capture's time of its
    nearest neighbour, 0 when there was none yet.
    """

    place: str
    why: str
    wall_us: Micros


ForeignRecord: TypeAlias = (
    Request | Response | Connection | Message | Refusal | FlowError | Event | Stack | HookState | Mark | Broken
)
"""A record of the model made from a foreign capture, or the place of one that could not be read.

A `HookState` comes only from files that this program recorded itself.
"""


def stamp(wall_us: Micros) -> Stamp:
    """Place a capture's own time on the import clock."""
    return Stamp(wall_us, wall_us, IMPORT_CLOCK)


def recognise(head: bytes, name: str) -> Kind:
    """Tell the kind of a capture from its first bytes (`HEAD_SIZE` are enough), and only then from its file name."""
    text = _plain(head)
    if _FLOW.match(text):
        return Kind.MITM
    start = text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if start[:1] in {b"{", b"["}:
        return _json_kind(start, name)
    guard = GUARD.match(start[:_FIRST].decode("latin-1"))
    if guard and start[guard.end() : guard.end() + 1] in {b"{", b"["}:
        return _json_kind(start[guard.end() :], name)
    return _named(name)


def _json_kind(text: bytes, name: str) -> Kind:
    har, lines = _HAR.search(text), _LINES.search(text[:_FIRST])
    if har and (not lines or har.start() <= lines.start() or _DATED in text):
        return Kind.HAR
    if lines:
        return Kind.HOOK_LINES
    return Kind.HAR if har else _named(name)


def _named(name: str) -> Kind:
    _, dot, suffix = name.lower().removesuffix(".gz").rpartition(".")
    return Kind(_SUFFIXES.get(dot + suffix, "unknown"))


def _plain(head: bytes) -> bytes:
    """Undo compression and UTF-16 as far as the first bytes allow."""
    if head.startswith((_MAGIC_GZIP, *_MAGIC_ZLIB)):
        try:
            return _plain_text(zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(head, HEAD_SIZE))
        except zlib.error:
            return head
    return _plain_text(head)


def _plain_text(head: bytes) -> bytes:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head[:4]:
        return head.replace(b"\x00", b"")
    return head
