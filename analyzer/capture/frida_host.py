"""The program that enters one process of the app and passes on what Frida says of it.

While Frida enters a process, its one loop of events stands still. Were the loop that of another process of the app as
well, the records of that one would wait meanwhile, and be lost if somebody killed us. So every process of the app has a
host of its own, which ends with the analyzer that started it: at the end of their common line.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from analyzer.capture.frida_quiet import local_device


class FridaHost:
    """Does what is asked over the line, several things at once; answers, and tells what happens, as tuples.

    Asked is `(number, word, arguments)`; told is `("answer", number, result)`, `("failed", number, name of the error,
    its words)`, `("message", message, bytes or none)`, `("detached", reason, crash)` and `("output", pid, descriptor,
    bytes)`.
    """

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._free = threading.Lock()
        self._device = local_device()
        self._session: Any = None
        self._script: Any = None
        self._kept: list[Any] = []
        self._words: Mapping[str, Callable[..., Any]] = {
            "spawn": self._spawn,
            "attach": self._attach,
            "keep": self._keep,
            "create_script": self._create_script,
            "load": self._load,
            "call": lambda export, *arguments: getattr(self._script.exports_sync, export)(*arguments),
            "resume": self._device.resume,
        }

    def serve(self) -> None:
        """Do what is asked until `None` is, or the line ends; a call that hangs keeps no other waiting."""
        with suppress(EOFError, OSError):
            while (asked := self._line.recv()) is not None:
                threading.Thread(target=self._do, args=asked, daemon=True).start()

    def _do(self, number: int, word: str, arguments: tuple[Any, ...]) -> None:
        try:
            result = self._words[word](*arguments)
        except Exception as error:  # noqa: BLE001 - Frida's own errors, which are raised again at the other end
            self._tell("failed", number, type(error).__name__, str(error))
        else:
            self._tell("answer", number, result)

    def _tell(self, *what: object) -> None:
        with self._free, suppress(OSError):  # nobody listens any more: the end of the line ends us, too
            self._line.send(what)

    def _spawn(self, command: list[str | bytes], environment: dict[str, str], folder: str, stdio: str) -> int:
        self._device.on("output", lambda pid, descriptor, data: self._tell("output", pid, descriptor, data))
        return int(self._device.spawn(command, envp=environment, cwd=folder, stdio=stdio))

    def _attach(self, pid: int) -> None:
        self._session = self._device.attach(pid)
        self._session.on("detached", lambda reason, crash: self._tell("detached", reason, str(crash or "")))

    def _keep(self, pid: int, source: str) -> None:
        session = self._device.attach(pid)
        script = session.create_script(source)
        script.load()
        self._kept += [session, script]

    def _create_script(self, source: str, name: str, runtime: str) -> None:
        self._script = self._session.create_script(source, name=name, runtime=runtime)
        self._script.on("message", lambda message, data: self._tell("message", message, data))

    def _load(self) -> None:
        self._script.load()


def main() -> None:
    """Serve over the descriptor that the command line names; Frida's own threads do not keep this program alive."""
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)  # the app that is started here must not have it
    with Connection(descriptor) as line:
        FridaHost(line).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
