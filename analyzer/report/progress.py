"""Show how far the reading of large files is: a bar on a terminal, a plain line now and then elsewhere; on stderr."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from analyzer.report.text import shown

EVERY_S: Final = 5.0
"""Plain output says how far it is this often."""

_NAME: Final = 60


class FileProgress:
    """The progress of reading one file after the other.

    Use it as a context manager. Names and messages may hold foreign text.
    """

    def __init__(self, console: Console | None = None, clock: Callable[[], float] = monotonic) -> None:
        """Write to `console` (stderr without one); `clock` gives seconds for the plain lines."""
        self._console = console or Console(stderr=True, markup=False, highlight=False, emoji=False)
        self._clock = clock
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[records]} records"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task: TaskID | None = None
        self._name, self._size, self._last = "", 0, clock()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def file(self, name: str, size: int) -> None:
        """Begin a file of so many bytes."""
        self._name, self._size = shown(name, _NAME), size
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task(self._name, total=max(size, 1), records=0)

    def at(self, position: int, records: int) -> None:
        """Tell how many bytes of the file were read, and how many records there are so far."""
        if self._task is not None:
            self._bar.update(self._task, completed=position, records=records)
        now = self._clock()
        if not self._console.is_terminal and now - self._last >= EVERY_S:
            self._last = now
            self._write(f"{self._name}: {100 * position // max(self._size, 1)} %, {records} records")

    def message(self, text: str) -> None:
        """Tell the person something."""
        self._write(shown(text, 2000))

    def _write(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)
