"""Ctrl-C and SIGTERM: the first ends the work in order, the second in haste, the third at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final, TypeVar

from analyzer.capture.interruption import Stop
from analyzer.cli.talk import spoken, typed

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED: Final = 130
HASTE_S: Final = 3.0
"""How long the work may take to seal after the second Ctrl-C."""

_LISTEN_S: Final = 0.1
_HASTY: Final = 2
_SHOW_CURSOR: Final = "\x1b[?25h"
_Result = TypeVar("_Result")


_SEALING: Final = "Stopping; sealing what was recorded … (again: hurry)"
_LEFT: Final = "Left at once; `analyzer replay latest` seals and judges what was recorded."


def work_until_stopped(
    work: Callable[[Stop], _Result], stopping: str = _SEALING, left: Callable[[], str] = lambda: _LEFT
) -> _Result:
    """Do work in a thread of its own, so that signals are heard even while it waits inside a foreign library.

    Gives its result or raises its error. The process ends with 130, the work undone, when it does not react to the
    second signal within `HASTE_S`, or at the third; what was recorded until then can be opened and sealed later.
    `stopping` is said at the first signal, `left` at such an end.
    """
    stop, outcome, asked = Stop(), Future[_Result](), [0]
    worker = threading.Thread(target=_do, args=(work, stop, outcome), name="work", daemon=True)
    with _counting(asked):
        worker.start()
        _accompany(worker, stop, asked, stopping, left)
    return outcome.result()


def _do(work: Callable[[Stop], _Result], stop: Stop, outcome: Future[_Result]) -> None:
    try:
        outcome.set_result(work(stop))
    except BaseException as problem:  # noqa: BLE001 - raised again in the thread that waits
        outcome.set_exception(problem)


def _accompany(worker: threading.Thread, stop: Stop, asked: list[int], stopping: str, left: Callable[[], str]) -> None:
    heard, end = 0, float("inf")
    while worker.is_alive():
        worker.join(_LISTEN_S)
        if asked[0] > heard:
            heard = asked[0]
            end = _react(heard, stop, end, stopping)
        if time.monotonic() > end:
            _tell(left())
            os._exit(INTERRUPTED)


def _react(heard: int, stop: Stop, end: float, stopping: str) -> float:
    """React to the wish to stop; give the moment at which patience ends."""
    if not stop.is_set():
        _tell(stopping)
        stop.set()
    if heard > _HASTY:
        return float("-inf")
    if heard == _HASTY:
        _tell("Hurrying …")
        return time.monotonic() + HASTE_S
    return end


def _tell(text: str) -> None:
    """Speak past every buffer: the thread that holds one may never let go of it."""
    cursor = _SHOW_CURSOR if sys.stderr.isatty() else ""
    os.write(2, f"{cursor}{typed(spoken(text))}\n".encode())


@contextmanager
def _counting(asked: list[int]) -> Iterator[None]:
    def count(_number: int, _frame: object) -> None:
        asked[0] += 1

    before = {number: signal.signal(number, count) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
