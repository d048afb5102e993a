"""A lab app as an app of the Android double: its JVM runs inside, as the app's user, forked from the zygote.

Everything else goes through the device's own tools: `am start` starts it, `uiautomator` and `input` ask it, the log
hears of its end. It knows no proxy but the device's own setting: its connections go to addresses that nobody has, so
they arrive only where the device redirects them or sets that, and it trusts the proxy's authority only where the
device's apps find it in their trust store.
"""

from __future__ import annotations

import base64
import json
import shutil
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from android_double.double import AndroidDouble
from android_double.frida_double import app_command, environment

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab import LabDevice, LabSettings
from analyzer.capture.lab_control import ControlChannel, ControlServer
from analyzer.capture.lab_screen import draw_screen

_CONTROL_PORT = 27997
NAMES = (
    "api.weather.example",
    "ads.adnova.test",
    "collect.statflow.example",
    "live.geomesh.test",
    "mesh.geomesh.example",
    "pin.pushlink.test",
    "reg.pushlink.example",
    "api.notes.example",
    "api.torch.example",
    "pin.example",
)
"""Where the lab's apps connect to; each has an address that nobody has (RFC 5737)."""


class LabOnAndroid:
    """One lab app, installed on the double; `state` is a folder that the double shows to its apps.

    `jar` is an app that does not come with the lab.
    """

    def __init__(self, double: AndroidDouble, package: str, state: Path, ca: Path, jar: Path | None = None) -> None:
        self.double, self.package = double, package
        self.authority = ca.read_text("ascii").strip()
        self.data = Path("/data/data") / package
        self.told = self.data / "told.jsonl"
        self.lab = LabDevice(LabSettings(state, truth=state / "told" / "anywhere"))
        self.lab.prepare(("127.0.0.1", 9), ca)
        if jar is not None:
            self.lab.install([Path(shutil.copy(jar, state))])
        for path in state.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)  # the app is another user
        self.app = self.lab._app(package)
        facts = self.app.facts
        self.uid = double.add_package(
            package,
            activity=self.app.activity,
            permissions=list(facts.permissions),
            version=facts.version_name,
            version_code=facts.version_code,
            target_sdk=facts.target_sdk,
        )
        self.hosts = state / "names"
        names = ("127.0.0.1 localhost", *(f"203.0.113.{number} {name}" for number, name in enumerate(NAMES, 1)))
        self.hosts.write_text("\n".join(names), encoding="utf-8")
        self.channels: dict[str, ControlChannel] = {}
        self.greeted = threading.Event()
        self.control = ControlServer(self._word, self._gone, self._hello)
        self.line = double.listen(_CONTROL_PORT)
        threading.Thread(target=self._pass_on, daemon=True).start()
        double.bind(package, self._start, self._stop)
        double.screens[package] = self._screen

    def close(self) -> None:
        self.line.close()
        self.control.close()

    def _start(self, _double: AndroidDouble, _package: str, _uid: int) -> bool:
        self.greeted.clear()
        self._start_process(self.package)
        return True

    def _start_process(self, name: str) -> None:
        plan = self.lab._plan(self.app)
        command = plan.command(name, f"127.0.0.1:{_CONTROL_PORT}", self.control.token)
        own = {"lab.data": self.data, "java.io.tmpdir": self.data, "user.home": self.data}
        own |= {"jdk.net.hosts.file": self.hosts, "lab.truth": self.told}
        setting = str(self.double.read("settings", "global").get("http_proxy") or ":0")
        host, _, port = setting.rpartition(":")
        if host:  # as Android gives its proxy setting to every app
            own |= {f"{scheme}.proxy{part}": value for scheme in ("http", "https")
                    for part, value in (("Host", host), ("Port", port))}  # fmt: skip
        left_out = (*(() if host else (".proxy",)), *(() if self._trusts() else (".trustStore",)))
        words = [_replaced(word, own) for word in command if not _named(word, left_out)]
        home = str(self.data)
        surroundings = {**plan.environment, "HOME": home, "TMPDIR": home}
        self.double.start_process(
            self.package,
            app_command(words, surroundings, home, name),
            uid=self.uid,
            name=name,
            environment=environment(home),
            folder=home,
        )

    def _trusts(self) -> bool:
        """Say whether apps of the device find the proxy's authority in their trust store.

        The files are compared as they are: among a system's old authorities are some whose parsing only gives warnings.
        """
        return any(self.authority in text for text in self.double.trusted("com.android.systemui"))

    def _stop(self, _double: AndroidDouble, _package: str) -> None:
        self._tell()
        for channel in list(self.channels.values()):
            with suppress(EnvironmentProblem):
                channel.ask("stop")

    def _tell(self) -> None:
        """Put the app's own account into the device's log, where an app on Android writes it by itself."""
        pids = {name: channel.pid for name, channel in self.channels.items()}
        with suppress(OSError):
            file = self.double.inside(self.told)
            text = file.read_text("utf-8")
            for line in text[: text.rfind("\n") + 1].splitlines():  # where the storage is full, the last is cut
                self.double.log("I", "lab.truth", line, pids.get(json.loads(line)["process"], 0))
            file.unlink()

    def _screen(self, question: dict[str, Any]) -> Any:
        self.greeted.wait(0.05)
        channel = self.channels.get(self.package)
        if channel is None:
            return None
        with suppress(EnvironmentProblem):
            match question["what"]:
                case "hierarchy":
                    return dict(channel.ask("hierarchy"))
                case "picture":
                    seen = channel.ask("hierarchy")
                    png = b"" if seen.get("secure") else draw_screen(str(seen.get("xml", "")), channel.ask("style"))
                    return {"png": base64.b64encode(png).decode()}
                case "tap":
                    return dict(channel.ask("tap", {"x": question["x"], "y": question["y"]}))
                case "back" | "home" | "foreground":
                    return dict(channel.ask(question["what"]))
                case "sleep" | "wake":
                    for each in list(self.channels.values()):
                        each.ask(question["what"])
        return None

    def _hello(self, channel: ControlChannel) -> None:
        self.channels[channel.process] = channel
        if channel.process == self.package:
            self.greeted.set()

    def _gone(self, channel: ControlChannel) -> None:
        if self.channels.get(channel.process) is channel:
            del self.channels[channel.process]

    def _word(self, channel: ControlChannel, message: Mapping[str, Any]) -> None:
        kind = message["event"]
        if kind == "start_process":
            threading.Thread(target=self._start_process, args=(str(message["name"]),), daemon=True).start()
        if kind == "exited":
            self.double.log("I", "AndroidRuntime", "VM exiting with result code 0, cleanup skipped.", channel.pid)
        if kind == "crashed":
            fields = f"{channel.pid},0,{channel.process},0,{message.get('trace')},,,0"
            self.double.log("I", "am_crash", f"[{fields}]", channel.pid)

    def _pass_on(self) -> None:
        """Lead connections of the device's loopback to the control server outside."""
        host, _, port = self.control.address.rpartition(":")
        with suppress(OSError):
            while True:
                inside, _ = self.line.accept()
                outside = socket.create_connection((host, int(port)))
                threading.Thread(target=_join, args=(inside, outside), daemon=True).start()


def _named(word: str, parts: tuple[str, ...]) -> bool:
    return any(part in word.partition("=")[0] for part in parts)


def _replaced(word: str, values: Mapping[str, object]) -> str:
    name, sign, _ = word.removeprefix("-D").partition("=")
    return f"-D{name}={values[name]}" if word.startswith("-D") and sign and name in values else word


def _join(inside: socket.socket, outside: socket.socket) -> None:
    with inside, outside:
        back = threading.Thread(target=_pump, args=(outside, inside), daemon=True)
        back.start()
        _pump(inside, outside)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
