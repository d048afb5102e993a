"""What the test may ask of the inside of the double."""

from __future__ import annotations

import os
import signal
import socket
import traceback
from contextlib import suppress
from typing import Any

import programs_apps
import snapshot
import trust
from adb_services import Services
from adbd import close_listener
from channel import close_all, send
from framework import Framework


class Orders:
    """Carries out the orders of the test; each answers `{"ok": …}` or `{"error": …}`."""

    def __init__(self, framework: Framework, services: Services) -> None:
        self.framework, self.services = framework, services

    def carry_out(self, wire: socket.socket, order: dict[str, Any], files: list[int]) -> None:
        verb = order.pop("verb")
        give: list[int] = []
        try:
            answer = {"ok": getattr(self, f"_{verb}")(files=files, give=give, **order)}
        except Exception:  # noqa: BLE001 - it is told to the test, which fails with it
            answer = {"error": traceback.format_exc()}
        send(wire, answer, give)
        close_all(files + give)

    def _snapshot(self, **_: Any) -> Any:
        return snapshot.take(self.framework)

    def _unplug(self, **_: Any) -> None:
        close_listener(self.services.listener)
        self.services.cut()

    def _authorize(self, **_: Any) -> None:
        self.services.state = "device"
        for connection in self.services.connections:
            connection.authorize()

    def _add_package(self, name: str, facts: dict[str, Any], **_: Any) -> None:
        programs_apps.add_package(self.framework, name, facts)

    def _watch(self, on: bool, **_: Any) -> None:
        self.services.watched = on

    def _trusted(self, package: str, **_: Any) -> list[str]:
        processes = self.framework.state.processes
        pid = next(pid for pid, process in processes.items() if process["package"] == package)
        return trust.seen_by(pid, self.framework.config["selinux"])

    def _start(self, package: str, **_: Any) -> None:
        programs_apps.start_app(self.framework, package)

    def _end(self, package: str, **_: Any) -> None:
        programs_apps.remove_package(self.framework, package)

    def _listen(self, port: int, give: list[int], **_: Any) -> None:
        """Give a listening socket of the device's own loopback."""
        give.append(socket.create_server(("127.0.0.1", port)).detach())

    def _connect(self, host: str, port: int, give: list[int], **_: Any) -> None:
        """Give a connection that is made inside of the device's network."""
        give.append(socket.create_connection((host, port), timeout=60).detach())

    def _start_process(self, order: dict[str, Any], package: str, files: list[int], **_: Any) -> int:
        return programs_apps.fork_app(self.framework, package, order.pop("name"), order.pop("uid"), order, files)

    def _kill(self, pid: int, **_: Any) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _log(self, priority: str, tag: str, text: str, pid: int, **_: Any) -> None:
        self.framework.note(priority, tag, text, pid)

    def _change(self, path: list[str], value: Any, **_: Any) -> None:
        """Set one value of the services' state: `["settings", "global", "http_proxy"]`."""
        place: Any = vars(self.framework.state)
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value

    def _read(self, path: list[str], **_: Any) -> Any:
        place: Any = vars(self.framework.state)
        for name in path:
            place = place[name]
        return place
