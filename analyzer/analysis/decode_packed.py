"""Takes self-describing binary documents apart: MessagePack, CBOR, binary property lists, BSON."""

from __future__ import annotations

import plistlib
import struct
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from analyzer.analysis.decode_budget import Budget, Child
from analyzer.analysis.decode_json import walk

_DEEPEST: Final = 64
_BREAK: Final = b"\xff"
_ENDLESS: Final = 31
_BSON_SIZES: Final = {0x07: 12, 0x08: 1, 0x09: 8, 0x0A: 0, 0x11: 8, 0x12: 8, 0x10: 4, 0x01: 8}
_Reader: TypeAlias = "Callable[[_Cursor, int], Any]"


class _NotSuchError(Exception):
    pass


class _Cursor:
    """Reads bytes in order; `items` bounds how many values may be made of them."""

    __slots__ = ("at", "data", "items")

    def __init__(self, data: bytes, items: int) -> None:
        self.data, self.at, self.items = data, 0, items

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise _NotSuchError
        self.at += 1
        return self.data[self.at - 1]

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise _NotSuchError
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def count(self, size: int) -> int:
        """Pay for `size` values before they are made."""
        self.items -= size
        if self.items < 0 or size > len(self.data) - self.at:
            raise _NotSuchError
        return size


def open_msgpack(data: bytes, budget: Budget) -> list[Child] | None:
    """Give the leaves of a MessagePack map or array that fills the bytes; maps must have named fields."""
    first = data[0]
    if not (0x80 <= first <= 0x9F or first in (0xDC, 0xDD, 0xDE, 0xDF)):  # noqa: PLR2004 - the format's marks
        return None
    return _document(data, _msgpack, "msgpack:$", budget)


def open_cbor(data: bytes, budget: Budget) -> list[Child] | None:
    """Give the leaves of a CBOR map, array or tagged value that fills the bytes; maps must have named fields."""
    if data[0] >> 5 not in (4, 5, 6):
        return None
    return _document(data, _cbor, "cbor:$", budget)


def open_plist(data: bytes, budget: Budget) -> list[Child] | None:
    """Give the leaves of a binary property list."""
    if not data.startswith(b"bplist00"):
        return None
    try:
        document = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, RecursionError, ValueError, OverflowError, MemoryError, TypeError):
        return None
    left = [budget.most]
    children = walk(_plain(document, 0, left), "plist:$", budget)
    budget.spent = budget.spent or left[0] < 0
    return children or None


def open_bson(data: bytes, budget: Budget) -> list[Child] | None:
    """Give the leaves of a BSON document that fills the bytes."""
    if len(data) < 8 or int.from_bytes(data[:4], "little") != len(data) or data[-1]:  # noqa: PLR2004 - the smallest
        return None
    try:
        document = _bson(_Cursor(data, budget.most), 0)
    except (_NotSuchError, UnicodeDecodeError):
        return None
    return walk(document, "bson:$", budget) or None


def _document(data: bytes, read: _Reader, root: str, budget: Budget) -> list[Child] | None:
    cursor = _Cursor(data, budget.most)
    try:
        document = read(cursor, 0)
    except (_NotSuchError, UnicodeDecodeError):
        return None
    if cursor.at != len(data) or not _is_named(document):
        return None
    return walk(document, root, budget) or None


def _is_named(document: Any) -> bool:
    """Say whether a document has a map with names: bytes that only look like one have none."""
    pending, tries = [document], 100
    while pending and tries:
        tries -= 1
        node = pending.pop()
        if isinstance(node, tuple):
            if any(name.isprintable() and not name.lstrip("-").isdigit() for name, _ in node if name):
                return True
            pending += [value for _, value in node]
        elif isinstance(node, list):
            pending += node[:100]
        elif isinstance(node, str) and len(node) > _DEEPEST // 8 and node.isprintable():
            return True
    return False


def _key(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode()
    if not isinstance(value, str):
        raise _NotSuchError
    return value


def _pairs(cursor: _Cursor, read: _Reader, size: int, depth: int) -> tuple[tuple[str, Any], ...]:
    return tuple((_key(read(cursor, depth + 1)), read(cursor, depth + 1)) for _ in range(cursor.count(size)))


def _items(cursor: _Cursor, read: _Reader, size: int, depth: int) -> list[Any]:
    return [read(cursor, depth + 1) for _ in range(cursor.count(size))]


def _msgpack(cursor: _Cursor, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _NotSuchError
    first = cursor.byte()
    if first < 0x80:  # noqa: PLR2004 - here and below: the format's marks
        return str(first)
    if first < 0x90:  # noqa: PLR2004
        return _pairs(cursor, _msgpack, first & 15, depth)
    if first < 0xA0:  # noqa: PLR2004
        return _items(cursor, _msgpack, first & 15, depth)
    if first < 0xC0:  # noqa: PLR2004
        return cursor.take(first & 31).decode()
    if first >= 0xE0:  # noqa: PLR2004
        return str(first - 256)
    return _msgpack_sized(cursor, first, depth)


def _msgpack_sized(cursor: _Cursor, first: int, depth: int) -> Any:  # noqa: C901, PLR0911 - one per mark
    if first in (0xC0, 0xC2, 0xC3):
        return None
    if first in (0xC4, 0xC5, 0xC6):
        return cursor.take(cursor.number(1 << first - 0xC4))
    if first in (0xC7, 0xC8, 0xC9):
        size = cursor.number(1 << first - 0xC7)
        return cursor.take(size + 1)[1:]
    if first in (0xCA, 0xCB):
        return _float(cursor.take(4 if first == 0xCA else 8))  # noqa: PLR2004
    if 0xCC <= first <= 0xCF:  # noqa: PLR2004
        return str(cursor.number(1 << first - 0xCC))
    if 0xD0 <= first <= 0xD3:  # noqa: PLR2004
        return str(int.from_bytes(cursor.take(1 << first - 0xD0), "big", signed=True))
    if 0xD4 <= first <= 0xD8:  # noqa: PLR2004
        return cursor.take((1 << first - 0xD4) + 1)[1:]
    if 0xD9 <= first <= 0xDB:  # noqa: PLR2004
        return cursor.take(cursor.number(1 << first - 0xD9)).decode()
    if first in (0xDC, 0xDD):
        return _items(cursor, _msgpack, cursor.number(2 if first == 0xDC else 4), depth)  # noqa: PLR2004
    if first in (0xDE, 0xDF):
        return _pairs(cursor, _msgpack, cursor.number(2 if first == 0xDE else 4), depth)  # noqa: PLR2004
    raise _NotSuchError


def _cbor(cursor: _Cursor, depth: int) -> Any:  # noqa: PLR0911 - one per major type
    if depth > _DEEPEST:
        raise _NotSuchError
    first = cursor.byte()
    major, low = first >> 5, first & 31
    if major == 7:  # noqa: PLR2004 - here and below: the major types of RFC 8949
        return _cbor_simple(cursor, low)
    endless = low == _ENDLESS
    size = 0 if endless else low if low < 24 else cursor.number(_cbor_width(low))  # noqa: PLR2004
    if major < 2:  # noqa: PLR2004
        return str(size if major == 0 else -1 - size)
    if major < 4:  # noqa: PLR2004
        data = b"".join(_cbor_chunks(cursor, depth)) if endless else cursor.take(size)
        return data.decode() if major == 3 else data  # noqa: PLR2004
    if major == 6:  # noqa: PLR2004
        return _cbor(cursor, depth + 1)
    if not endless:
        return _items(cursor, _cbor, size, depth) if major == 4 else _pairs(cursor, _cbor, size, depth)  # noqa: PLR2004
    items = list(_cbor_rest(cursor, depth))
    if major == 4:  # noqa: PLR2004
        return items
    return tuple((_key(name), value) for name, value in zip(items[::2], items[1::2], strict=False))


def _cbor_width(low: int) -> int:
    if low > 27:  # noqa: PLR2004 - reserved
        raise _NotSuchError
    return 1 << low - 24


def _cbor_simple(cursor: _Cursor, low: int) -> Any:
    if low in (25, 26, 27):
        return _float(cursor.take(_cbor_width(low)))
    if low in (20, 21, 22, 23):
        return None
    raise _NotSuchError


def _cbor_rest(cursor: _Cursor, depth: int) -> Any:
    while cursor.data[cursor.at : cursor.at + 1] != _BREAK:
        cursor.count(1)
        yield _cbor(cursor, depth + 1)
    cursor.at += 1


def _cbor_chunks(cursor: _Cursor, depth: int) -> Any:
    for chunk in _cbor_rest(cursor, depth):
        if not isinstance(chunk, str | bytes):
            raise _NotSuchError
        yield chunk.encode() if isinstance(chunk, str) else chunk


def _float(raw: bytes) -> str:
    if len(raw) == 4:  # noqa: PLR2004 - single precision has seven digits
        return f"{struct.unpack('>f', raw)[0]:.7g}"
    return repr(struct.unpack({2: ">e", 8: ">d"}[len(raw)], raw)[0])


def _bson(cursor: _Cursor, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _NotSuchError
    end = cursor.at + int.from_bytes(cursor.take(4), "little")
    pairs: list[tuple[str, Any]] = []
    while (kind := cursor.byte()) != 0:
        cursor.count(1)
        stop = cursor.data.find(b"\0", cursor.at)
        if stop < 0:
            raise _NotSuchError
        name = cursor.take(stop - cursor.at).decode()
        cursor.at += 1
        pairs.append((name, _bson_value(cursor, kind, depth)))
    if cursor.at != end:
        raise _NotSuchError
    return tuple(pairs)


def _bson_value(cursor: _Cursor, kind: int, depth: int) -> Any:
    if kind in (3, 4):
        return _bson(cursor, depth + 1)
    if kind == 2:  # noqa: PLR2004 - here and below: BSON's element types
        return cursor.take(int.from_bytes(cursor.take(4), "little")).removesuffix(b"\0").decode()
    if kind == 5:  # noqa: PLR2004
        size = int.from_bytes(cursor.take(4), "little")
        return cursor.take(size + 1)[1:]
    if kind not in _BSON_SIZES:
        raise _NotSuchError
    raw = cursor.take(_BSON_SIZES[kind])
    if kind == 1:
        return repr(struct.unpack("<d", raw)[0])
    if kind in (0x10, 0x12, 0x09, 0x11):
        return str(int.from_bytes(raw, "little", signed=True))
    return raw if kind == 0x07 else None  # noqa: PLR2004


def _plain(node: Any, depth: int, left: list[int]) -> Any:
    """Turn what a property list may hold into what the walk knows; `left` bounds one that refers to itself."""
    left[0] -= 1
    if depth > _DEEPEST or left[0] < 0:
        return None
    if isinstance(node, dict):
        return tuple((str(name), _plain(value, depth + 1, left)) for name, value in node.items())
    if isinstance(node, list):
        return [_plain(value, depth + 1, left) for value in node]
    if node is None or isinstance(node, bool | str | bytes):
        return node
    return repr(node) if isinstance(node, float) else str(node)
