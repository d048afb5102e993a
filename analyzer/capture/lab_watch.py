"""The end of a process, learned from the kernel and not by asking again and again."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class ProcessWatch:
    """Watches one process by its pidfd, so that a reused id is never mistaken for it. Thread-safe.

    `on_end` is called once, on the watch's own thread, when the process is gone. A process that is already gone
    when the watch begins counts as ended.
    """

    def __init__(self, pid: int, on_end: Callable[[], None]) -> None:
        self.pid = pid
        self._on_end = on_end
        self._ended = threading.Event()
        self._lock = threading.Lock()
        try:
            self._descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self._descriptor = -1
        self._thread = threading.Thread(target=self._follow, name=f"lab-watch-{pid}", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Say whether the process still runs."""
        return not self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; say whether it came."""
        return self._ended.wait(seconds)

    def join(self, seconds: float) -> None:
        """Wait until `on_end` has been called as well; does nothing on the watch's own thread."""
        if threading.current_thread() is not self._thread:
            self._thread.join(seconds)

    def kill(self) -> None:
        """End the process by force; harmless when it is gone."""
        with self._lock, suppress(ProcessLookupError):
            if self._descriptor >= 0:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def _follow(self) -> None:
        if self._descriptor >= 0:
            poll = select.poll()
            poll.register(self._descriptor, select.POLLIN)
            poll.poll()
            with self._lock:
                os.close(self._descriptor)
                self._descriptor = -1
        self._ended.set()
        self._on_end()


def started_at(pid: int) -> str:
    """Give the kernel's start time of a process as text, empty when there is none; tells a reused id apart."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return fields[19] if len(fields) > 19 and fields[0] not in {"Z", "X"} else ""  # noqa: PLR2004 - proc(5): field 22
