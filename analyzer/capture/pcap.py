"""Copies packets in the pcap format in whole records and up to a bound, so that a file that was cut is still whole."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

_HEADER: Final = 24
_RECORD: Final = 16
_LONGEST: Final = 1 << 18
"""tcpdump keeps no more than so many bytes of a packet (`MAXIMUM_SNAPLEN` of libpcap 1.10)."""
_ORDERS: Final = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\xa1\xb2\x3c\x4d": ">",
}
"""Byte orders by magic number; times count microseconds or nanoseconds
(https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html)."""


class PcapCopy:
    """Takes a pcap stream in pieces and writes its whole records to `out`, `most` bytes at most.

    `packets` and `size` are what was written, `begun` says that the file's header was. `over` says why no more is
    taken: the bound, or bytes that are no pcap; empty while more is.
    """

    def __init__(self, out: BinaryIO, most: int) -> None:
        self._out, self._most = out, most
        self._rest = b""
        self._order = ""
        self.packets = self.size = 0
        self.over = ""

    @property
    def begun(self) -> bool:
        """Say whether the header of the file was written."""
        return bool(self._order)

    def take(self, data: bytes) -> None:
        """Take the next piece; raises `OSError` where it cannot be written."""
        if self.over:
            return
        self._rest += data
        if not self._order and not self._begin():
            return
        end = self._whole()
        if end:
            self._write(end)

    def _begin(self) -> bool:
        if len(self._rest) < _HEADER:
            return False
        self._order = _ORDERS.get(self._rest[:4], "")
        if not self._order:
            self.over = f"what it said is no pcap: {self._rest[:200].decode('ascii', 'replace').strip()}"
            return False
        self._write(_HEADER)
        return True

    def _whole(self) -> int:
        """Give where the last whole record ends that may still be written, and count the records before it."""
        at, length = 0, len(self._rest)
        while length - at >= _RECORD:
            kept = int(struct.unpack_from(f"{self._order}I", self._rest, at + 8)[0])
            if kept > _LONGEST:
                self.over = "what followed is no packet"
                break
            if length - at < _RECORD + kept:
                break
            if self.size + at + _RECORD + kept > self._most:
                self.over = f"the bound of {self._most // 1_000_000} MB was reached"
                break
            at += _RECORD + kept
            self.packets += 1
        return at

    def _write(self, end: int) -> None:
        self._out.write(self._rest[:end])
        self._out.flush()
        self.size += end
        self._rest = self._rest[end:]
