"""This machine as Frida sees it from a process of its own: the same words as Frida's, for one process of the app."""

from __future__ import annotations

import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import frida

from analyzer.capture.device import EnvironmentProblem

ROOT: Final = Path(__file__).parents[2]
# The package's root goes to the end of the path, so that a checkout works and nothing is shadowed.
_BOOT: Final = "import sys; sys.path.append(sys.argv.pop(1)); from analyzer.capture.frida_host import main; main()"
_SECONDS_TO_HEAR_OUT: Final = 10.0
_SECONDS_TO_END: Final = 5.0
_LOST: Final = "the process of ours that holds it has ended"

OnOutput = Callable[[int, int, bytes], None]


class HostedDevice:
    """Frida in a process of its own (see `frida_host`), in which one process of the app is started, entered and let go.

    `spawn`, `attach` and `resume` are those of `frida.Device`, cancellation included, and raise the same errors.
    `name` and `folder` only tell whoever lists this machine's processes whose this one is. `on_output` is called from
    this object's own thread, as are the listeners of its session and script. No call takes more than `patience`
    seconds.
    """

    def __init__(self, name: str, folder: Path, on_output: OnOutput, patience: float = 60.0) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(  # stays open until close()
                    [sys.executable, "-P", "-c", _BOOT, str(ROOT), str(theirs.fileno()), name, str(folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,  # Ctrl-C in the terminal is for us
                )
            except OSError as error:
                ours.close()
                raise EnvironmentProblem(f"no process could be started to watch {name}: {error}; try again.") from error
        self._line = Connection(ours.detach())
        self._free, self._numbers = threading.Lock(), 0
        self._waiting: dict[int, queue.SimpleQueue[tuple[str, Any]]] = {}
        self._session: HostedSession | None = None
        self._over, self._on_output, self._patience = False, on_output, patience
        self._reader = threading.Thread(target=self._read, name=f"lab-host-{name}", daemon=True)
        self._reader.start()

    def spawn(self, command: list[str], *, envp: Mapping[str, str], cwd: str, stdio: str) -> int:
        """Start a program that is held before its first instruction; what it prints into pipes goes to `on_output`."""
        return int(self._ask("spawn", command, dict(envp), cwd, stdio))

    def attach(self, pid: int) -> HostedSession:
        """Enter the process."""
        with self._free:
            session = self._session = HostedSession(self._ask)
        try:
            self._ask("attach", pid)
        except Exception:
            session.ended.set()  # there is nothing to hear out
            raise
        return session

    def keep(self, pid: int, source: str) -> None:
        """Bring a script into the process that stays to its end, beside the session's."""
        self._ask("keep", pid, source)

    def resume(self, pid: int) -> None:
        """Let the held process run."""
        self._ask("resume", pid)

    def close(self) -> None:
        """End the host when it has told all that the process said; the process must have ended. Safe to call twice."""
        session = self._session
        if session is not None:
            session.ended.wait(_SECONDS_TO_HEAR_OUT)
        with self._free, suppress(OSError):
            if not self._over:
                self._line.send(None)
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join()

    def _ask(self, word: str, *arguments: object) -> Any:
        """Have something done, and wait for the answer; a cancellation of Frida's ends the wait, not the deed.

        What takes longer than the device's patience raises `frida.TimedOutError`.
        """
        answer: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        with self._free:
            if self._over:
                raise frida.InvalidOperationError(_LOST)
            self._numbers += 1
            self._waiting[self._numbers] = answer
            try:
                self._line.send((self._numbers, word, arguments))
            except OSError as error:
                raise frida.InvalidOperationError(_LOST) from error
        with _cancelling(lambda: answer.put(("OperationCancelledError", "it was given up"))):
            try:
                failure, result = answer.get(timeout=self._patience)
            except queue.Empty:
                raise frida.TimedOutError(f"{word} was not done within {self._patience:.0f} s") from None
        if failure:
            raise _error(failure)(result)
        return result

    def _read(self) -> None:
        while (told := self._next()) is not None:
            what, *words = told
            self._take(what, words)
        with self._free:
            self._over = True
            self._line.close()
            waiting = list(self._waiting.values())
        for answer in waiting:
            answer.put(("InvalidOperationError", _LOST))
        if self._session is not None:
            self._session.told_end("connection-terminated", _LOST)

    def _next(self) -> tuple[Any, ...] | None:
        with suppress(EOFError, OSError):
            told: tuple[Any, ...] = self._line.recv()
            return told
        return None

    def _take(self, what: str, words: list[Any]) -> None:
        session = self._session
        if what in {"answer", "failed"}:
            number, *rest = words
            with self._free:
                answer = self._waiting.pop(number)
            answer.put(("", rest[0]) if what == "answer" else (rest[0], rest[1]))
        elif what == "output":
            self._on_output(*words)
        elif what == "message" and session is not None and session.script is not None:
            session.script.told(*words)
        elif what == "detached" and session is not None:
            session.told_end(words[0], words[1])


class HostedSession:
    """The stay in a process that `HostedDevice.attach` has entered; used as `frida.Session`."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._on_end: Callable[[str, Any], None] = lambda _reason, _crash: None
        self._end = ("", "")
        self.script: HostedScript | None = None
        self.ended = threading.Event()

    def on(self, _signal: str, listener: Callable[[str, Any], None]) -> None:
        """Have the end of the stay told, with its reason: the only signal (`detached`)."""
        self._on_end = listener
        if self.ended.is_set():
            listener(*self._end)

    def create_script(self, source: str, name: str, runtime: str) -> HostedScript:
        """Bring a script into the process."""
        self.script = HostedScript(self._ask)
        self._ask("create_script", source, name, runtime)
        return self.script

    def told_end(self, reason: str, crash: str) -> None:
        """Take the end of the stay, which comes after all that the script said."""
        if not self.ended.is_set():
            self._end = (reason, crash)
            self.ended.set()
            self._on_end(reason, crash)


class HostedScript:
    """The script in a process; used as `frida.Script`."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._listener: Callable[[Any, Any], None] = lambda _message, _data: None
        self.exports_sync = HostedExports(ask)

    def on(self, _signal: str, listener: Callable[[Any, Any], None]) -> None:
        """Have told what the script sends: the only signal (`message`)."""
        self._listener = listener

    def load(self) -> None:
        """Run the script."""
        self._ask("load")

    def told(self, message: Any, data: bytes | None) -> None:
        """Take what the script sent, and the bytes beside it."""
        self._listener(message, data)


class HostedExports:
    """What a script lets others call, by name."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self._ask("call", name, *arguments)


@contextmanager
def _cancelling(wake: Callable[[], None]) -> Iterator[None]:
    """Have `wake` called when the current thread's cancellable of Frida, if it has one, is cancelled."""
    cancellable: frida.Cancellable | None = frida.Cancellable.get_current()
    if cancellable is None:
        yield
        return
    handler = cancellable.connect(wake)
    try:
        yield
    finally:
        cancellable.disconnect(handler)


def _error(name: str) -> type[Exception]:
    found = getattr(frida, name, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else frida.InvalidOperationError
