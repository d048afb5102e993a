"""Fixed words and bounds of what is told of traffic, which who records and who analyses must share."""

from __future__ import annotations

from typing import Final

from analyzer.model.vocabulary import MarkKind

MASKED: Final = (
    "in its Host header another host than the one it went to, and an app can write that itself: told is where it went"
)
"""What stands behind “a request names”."""

OTHER_HANDSHAKE: Final = (
    "whose TLS handshake names another host than the one it was opened to, and an app can write either itself"
)
"""What stands behind a connection whose two names of its host contradict each other."""

ANY_HOST: Final = "*"
"""Stands in a `host_claimed` for every host, where there are too many to list."""

PROCESS_ENDS: Final = frozenset({MarkKind.PROCESS_ENDED, MarkKind.APP_EXITED, MarkKind.APP_CRASHED})
"""The marks that say that a process of the app is no more."""

DISCONNECTED: Final = "The client disconnected during the handshake"
"""How mitmproxy's words begin for a handshake that ended without an alert."""

ENDED_WITHIN_US: Final = (1_000_000, 5_000_000)
"""So long before and after the end of a handshake the end of a process may be told that it ended with."""
