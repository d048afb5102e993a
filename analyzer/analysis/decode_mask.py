"""Takes a one-byte XOR mask off small bodies, where JSON or compressed bytes come out."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final

_LONGEST: Final = 1 << 16
_SHORTEST: Final = 8
_PLAIN: Final = ((ord("{"), ord("}")), (ord("["), ord("]")))
_FOLLOWING: Final = frozenset(b' \t\r\n"{[}]-0123456789tfnNI')
"""What may follow the first sign of a document; `NaN` and `Infinity` are read too."""
_PAIR: Final = ord("{") ^ ord("}")
_GZIP: Final = (0x1F, 0x8B, 0x08)


def is_masked(data: bytes) -> bool:
    """Say whether bytes begin and end as JSON does below a mask; cheap, for text that hardly ever is masked."""
    return data[0] ^ data[-1] == _PAIR and data[0] != _PLAIN[0][0] and data[0] != _PLAIN[1][0]


def unmask(data: bytes) -> tuple[str, bytes] | None:
    """Give the name of the mask (`xor 0x5a`) and what is below it; `None` when no mask leads to anything."""
    if not _SHORTEST <= len(data) <= _LONGEST:
        return None
    if data[0] ^ data[-1] == _PAIR:
        for first, last in _PLAIN:
            mask = data[0] ^ first
            if mask and data[-1] ^ last == mask:
                if data[1] ^ mask not in _FOLLOWING:
                    continue
                name, plain = _under(data, mask)
                if _is_json(plain):
                    return name, plain
    mask = data[0] ^ _GZIP[0]
    if mask and data[1] ^ mask == _GZIP[1] and data[2] ^ mask == _GZIP[2]:
        return _under(data, mask)
    return None


def _under(data: bytes, mask: int) -> tuple[str, bytes]:
    return f"xor 0x{mask:02x}", data.translate(_table(mask))


@lru_cache(maxsize=256)
def _table(mask: int) -> bytes:
    return bytes(byte ^ mask for byte in range(256))


def _is_json(plain: bytes) -> bool:
    try:
        json.loads(plain)
    except (ValueError, RecursionError):
        return False
    return True
