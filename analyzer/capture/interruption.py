"""A person's wish to stop: asked once, heard by whatever waits at that moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Interrupted(Exception):  # noqa: N818 - a person's wish, not an error
    """The person asked to stop; what was recorded so far is kept and sealed."""


class Stop(threading.Event):
    """An event that also wakes who waits for something else; thread-safe.

    `waking(action)` has `action` called, once and from the thread that asks to stop, while the block lasts.
    """

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()
        self._actions: list[Callable[[], None]] = []

    def set(self) -> None:
        """Ask to stop and wake everybody."""
        super().set()
        with self._guard:
            actions, self._actions = self._actions, []
        for action in actions:
            action()

    @contextmanager
    def waking(self, action: Callable[[], None]) -> Iterator[None]:
        """Have `action` called when somebody asks to stop, or at once where that has happened."""
        with self._guard:
            self._actions.append(action)
        if self.is_set():
            self.set()
        try:
            yield
        finally:
            with self._guard:
                if action in self._actions:
                    self._actions.remove(action)

    def check(self) -> None:
        """Raise `Interrupted` once somebody has asked to stop."""
        if self.is_set():
            raise Interrupted
