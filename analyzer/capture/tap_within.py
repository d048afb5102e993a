"""TLS connections within tapped ones, as through an HTTPS proxy: whether a tap of their own tells what they carry."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

HELLO: Final = 43
"""So many bytes of a connection hold its ClientHello's random: the heads of record and handshake, version, random."""
UNREAD: Final = "another TLS connection ran within it, which no tap read: only its encrypted bytes are kept"
_REMEMBERED: Final = 10_000
_VERSION_BYTES, _RECORD, _HELLO_KIND = b"\x03", 0x16, 1
_RANDOM: Final = slice(11, HELLO)


class Within:
    """Remembers the handshakes of the connections that taps told of."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, None] = OrderedDict()

    def tell(self, random: str) -> None:
        """Take that a tap follows the connection with this random (hex)."""
        if random:
            self._told[random] = None
            if len(self._told) > _REMEMBERED:
                self._told.popitem(last=False)

    def is_unread(self, start: bytes) -> bool:
        """Say whether bytes that a tapped connection sent begin another one, which no tap tells."""
        random = hello_random(start)
        return bool(random) and random not in self._told


def hello_random(start: bytes) -> str:
    """Give the random of a ClientHello in hex; empty where the bytes begin none."""
    if len(start) < HELLO or start[0] != _RECORD or start[1:2] != _VERSION_BYTES or start[5] != _HELLO_KIND:
        return ""
    return start[_RANDOM].hex()
