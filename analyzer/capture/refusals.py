"""Which hosts the app would not reach through the proxy, and which handshakes only ended with whoever made them."""

from __future__ import annotations

import threading
from typing import Final

from analyzer.model.clock import Micros
from analyzer.model.evidence import Gap, Mark, Record
from analyzer.model.said_of_traffic import ENDED_WITHIN_US, PROCESS_ENDS
from analyzer.model.vocabulary import GapKind

_LOSSES: Final = frozenset({GapKind.DEVICE_LOST, GapKind.APP_CRASHED})


class Refusals:
    """Takes what the proxy and the recorder tell, from several threads.

    An alert is a refusal. A connection that was closed in the middle of its handshake is one too, but where a process
    of the app ended at that time, or the device was lost: then nobody knows.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: set[str] = set()
        self._closed: list[tuple[str, Micros]] = []
        self._ends: list[Micros] = []

    def refused(self, host: str) -> None:
        """Take that the app broke a handshake off with an alert."""
        with self._lock:
            self._refused.add(host)

    def closed(self, host: str, at: Micros) -> None:
        """Take that a connection was closed in the middle of its handshake, at an instant of the host's clock."""
        with self._lock:
            self._closed.append((host, at))

    def see(self, record: Record, at: Micros) -> None:
        """Take the end of a process, and the loss of a device, from what is recorded."""
        end = isinstance(record, Mark) and record.kind in PROCESS_ENDS
        if end or (isinstance(record, Gap) and record.kind in _LOSSES):
            with self._lock:
                self._ends.append(at)

    def hosts(self) -> list[str]:
        """Give the hosts that refused the proxy."""
        before, after = ENDED_WITHIN_US
        with self._lock:
            alone = {
                host for host, at in self._closed if not any(at - before <= end <= at + after for end in self._ends)
            }
            return sorted(self._refused | alone)
