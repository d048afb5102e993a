"""The proxy process's line to its parent: messages out on stdout, the word to stop in on stdin."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

from analyzer.capture.proxy_messages import ProxyMessage, encode

ORPHAN_GRACE_S = 10.0
"""How long an orphaned proxy may take to write what it has before it is ended the hard way."""


class ParentChannel:
    """Speaks with the parent; thread-safe. A parent that is gone is no error: its end of stdin says so.

    PR_SET_PDEATHSIG is not used: it fires when the *thread* that started the proxy ends, not the process.
    """

    def __init__(self, commands: BinaryIO, messages: BinaryIO) -> None:
        self._commands = commands
        self._messages = messages
        self._lock = threading.Lock()

    def tell(self, message: ProxyMessage) -> None:
        """Send one message."""
        with self._lock, contextlib.suppress(BrokenPipeError, ValueError):
            self._messages.write(encode(message))
            self._messages.flush()

    def listen(self, stop: Callable[[], None], hear: Callable[[bytes], None]) -> None:
        """Call `stop` from a thread of its own when the parent says `stop` or is gone, and `hear` with another line."""
        threading.Thread(target=self._listen, args=(stop, hear), name="parent", daemon=True).start()

    def _listen(self, stop: Callable[[], None], hear: Callable[[bytes], None]) -> None:
        for line in self._commands:
            if line.strip() == b"stop":
                stop()
                return
            hear(line)
        stop()
        time.sleep(ORPHAN_GRACE_S)
        os._exit(1)


def process_channel() -> ParentChannel:
    """Take stdin and stdout of this process for the parent; from now on ordinary prints go to stderr."""
    sys.stdout.flush()
    messages = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return ParentChannel(os.fdopen(os.dup(0), "rb"), messages)
