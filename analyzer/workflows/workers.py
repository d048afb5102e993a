"""Processes that share the work on a large session; the answers come in the order of the tasks."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

_TASKS: Final = Path("/proc/self/task")

T = TypeVar("T")
R = TypeVar("R")

AHEAD: Final = 2
"""So many tasks a worker has before it: it goes on while its answer is being read."""


class _Worker(NamedTuple):
    process: BaseProcess
    line: Connection


class WorkersFailed(RuntimeError):  # noqa: N818 - the message is a sentence for people
    """A worker broke off; the message is its own error."""


class WorkerKilled(WorkersFailed):
    """A worker was ended from outside, mostly for want of memory."""


class Workers(Generic[T, R]):
    """A `map` over several processes; each gets the function once, and one task after the other.

    With one core, or one task, the work is done here. Nothing that the function does may depend on what it did before.
    """

    def __init__(self, count: int = 0, *, start: str = "") -> None:
        self.count = count or cores()
        self._start = start or _start_method()

    def __call__(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Give the answers in order; raises `WorkersFailed` when a process ended or the function raised in it."""
        work = list(tasks)
        count = min(self.count, len(work))
        if count <= 1:
            return map(function, work)
        return self._spread(function, work, count)

    def _spread(self, function: Callable[[T], R], work: list[T], count: int) -> Iterator[R]:
        context = multiprocessing.get_context(self._start)
        with ExitStack() as stack:
            workers = [_begin(context, function, stack) for _ in range(count)]
            waiting: deque[_Worker] = deque()
            pending = iter(work)
            for worker, task in zip(workers * AHEAD, pending, strict=False):
                _give(worker, task)
                waiting.append(worker)
            while waiting:
                worker = waiting.popleft()
                answer: R = _answer(worker)
                for task in pending:
                    _give(worker, task)
                    waiting.append(worker)
                    break
                yield answer


def cores() -> int:
    """Give how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _start_method() -> str:
    """Copying this process is quickest, and safe only while it has one thread; else a new one is started."""
    alone = sys.platform == "linux" and threading.active_count() == 1 and len(list(_TASKS.iterdir())) == 1
    return "fork" if alone else "spawn"


def _begin(context: Any, function: Callable[[T], R], stack: ExitStack) -> _Worker:
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(function, there), daemon=True)
    process.start()
    there.close()
    stack.callback(_end, process, here)
    return _Worker(process, here)


def _end(process: BaseProcess, line: Connection) -> None:
    line.close()
    process.join(1)
    if process.is_alive():
        process.terminate()
        process.join()


def _give(worker: _Worker, task: object) -> None:
    try:
        worker.line.send(task)
    except OSError:
        raise _lost(worker) from None


def _lost(worker: _Worker) -> WorkersFailed:
    worker.process.join()
    code = worker.process.exitcode
    return WorkerKilled(f"a worker process was ended (code {code}); the evidence is kept: free memory and try again")


def _answer(worker: _Worker) -> Any:
    try:
        done, answer = worker.line.recv()
    except (EOFError, OSError):
        raise _lost(worker) from None
    if not done:
        raise WorkersFailed(f"a worker could not do its part: {answer}")
    return answer


def _work(function: Callable[[T], R], line: Connection) -> None:
    """Answer one task after the other until the line is closed."""
    while True:
        try:
            task = line.recv()
        except (EOFError, OSError, KeyboardInterrupt):
            return
        try:
            answer: tuple[bool, object] = (True, function(task))
        except KeyboardInterrupt:
            return
        except Exception as problem:  # noqa: BLE001 - told to the process that waits for it
            answer = (False, f"{type(problem).__name__}: {problem}")
        line.send(answer)
