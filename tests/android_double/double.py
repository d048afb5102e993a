"""A double of an Android device: the real adb server speaks to it, and what it is told really happens inside.

Its shell is mksh with toybox, in mounts, processes, network and host name of its own. See `AndroidDouble`.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import adbutils
from adb_wire import real_adb_server
from android_double.certificates import some_authorities
from android_double.channel import close_all, receive, send
from android_double.levels import PACKAGES, properties
from android_double.needs import program_path

HERE = Path(__file__).parent
_NETWORK = ("iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore", "ip")
_SPACES = ("--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--propagation", "private")
_READY = 30


@dataclass(frozen=True)
class Kind:
    """What sort of device it is.

    `root` is `none | adbd (adb root restarts as root) | magisk (su -c) | su (su 0)`, `state` `device | unauthorized |
    offline`, `clock_offset` in seconds, `clock_drift_ppm` millionths, `data_size` the bytes of /data.
    """

    api: int = 34
    root: str = "none"
    build_type: str = ""
    abi: str = "x86_64"
    model: str = "Double"
    selinux: str = "enforcing"
    state: str = "device"
    read_only_system: bool = False
    storage_full: bool = False
    data_size: int = 64_000_000
    clock_offset: float = 0.0
    clock_drift_ppm: int = 0
    boot_offset: int = 0
    """Seconds that the boot clock of everything on the device is ahead of the host's."""
    hosts: dict[str, str] = field(default_factory=dict)
    more_authorities: dict[str, str] = field(default_factory=dict)
    denied: tuple[str, ...] = ()
    """Programs that SELinux forbids, also to root, while it is enforcing."""
    absent: tuple[str, ...] = ()
    """Programs that this device has not."""
    private_mounts: bool = False
    """Whether mounts do not spread to zygotes and apps."""
    lonely_su: bool = False
    """Whether `su` gives each shell mounts of its own."""
    visible: tuple[str, ...] = ()
    """Folders of the host that the device shows at the same place, read-only; the repository and Python always."""


class AndroidDouble:
    """A device, plugged in while the `with` block runs: `serial`, `server`, `snapshot()`.

    `server` is the adb server to plug it into, `(host, port)`; by default one of its own is started and ended.
    """

    def __init__(self, *, server: tuple[str, int] | None = None, **kind: Any) -> None:
        self.kind = Kind(**kind)
        self.serial, self.server = "", server or ("", 0)
        self.starters: dict[str, Callable[[AndroidDouble, str, int], bool]] = {}
        self.stoppers: dict[str, Callable[[AndroidDouble, str], None]] = {}
        self.screens: dict[str, Callable[[dict[str, Any]], Any]] = {}
        """Asked `{"what": "hierarchy" | "picture" | "tap" | "back" | "home" | …}` while that app is in front."""
        self.watcher: Callable[[str], bool] | None = None
        self._own_server = server is None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="android-")
        try:
            if self._own_server:
                self._adb = real_adb_server(Path(self._folder.name))
                self.server = self._adb.__enter__()
            self._boot()
            self.plug_in()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(adbutils.AdbError, OSError):
            adbutils.AdbClient(*self.server, socket_timeout=60).disconnect(self.serial)
        for wire in (getattr(self, "_orders", None), getattr(self, "_questions", None)):
            if wire:
                wire.close()
        if process := getattr(self, "_process", None):
            process.kill()
            process.wait(60)
        if self._own_server and hasattr(self, "_adb"):
            self._adb.__exit__(None, None, None)
        self._folder.cleanup()

    def plug_in(self) -> None:
        """Connect the device to the adb server, and wait until that knows it."""
        client = adbutils.AdbClient(*self.server, socket_timeout=60)
        with suppress(adbutils.AdbError):
            client.connect(self.serial, timeout=60 if self.kind.state == "device" else 3)

    def snapshot(self) -> dict[str, Any]:
        """Give the whole state: files, mounts of every namespace, rules, ports, settings, packages, processes."""
        found: dict[str, Any] = self.order("snapshot")
        return found

    def watch(self, watcher: Callable[[str], bool] | None) -> None:
        """Be told of each adb service before it is carried out (`shell,v2:id`); True refuses it. None ends it."""
        self.watcher = watcher
        self.order("watch", on=watcher is not None)

    def become_root(self) -> None:
        """Run `adb root`, and wait until the device is back."""
        device = adbutils.AdbClient(*self.server, socket_timeout=60).device(serial=self.serial)
        device.root()
        self.wait()

    def wait(self) -> None:
        """Wait until the adb server has the device (again)."""
        adb = [adbutils.adb_path(), "-P", str(self.server[1]), "-s", self.serial, "wait-for-device"]
        subprocess.run(adb, check=True, timeout=180, capture_output=True)

    def trusted(self, package: str) -> set[str]:
        """Give the authorities (PEM) that an app, which runs, finds in its trust store and may read."""
        return set(self.order("trusted", package=package))

    def start(self, package: str) -> str:
        """Install an app without a file if it is missing, and start it; gives its name back."""
        if package not in self.read("packages"):
            self.add_package(package)
        self.order("start", package=package)
        return package

    def end(self, package: str) -> None:
        """End an app and take it away, with its data."""
        self.order("end", package=package)

    def unplug(self) -> None:
        """Pull the cable for good."""
        self.order("unplug")

    def authorize(self) -> None:
        """Allow debugging, as the device's user does in the dialog."""
        self.order("authorize")

    def add_package(self, name: str, **facts: Any) -> int:
        """Install an app without a file; gives its uid. Facts: `activity`, `permissions`, `version`, `path`, …"""
        return int(self.order("add_package", name=name, facts=facts) or self.read("packages", name, "uid"))

    def bind(
        self,
        package: str,
        start: Callable[[AndroidDouble, str, int], bool],
        stop: Callable[[AndroidDouble, str], None] | None = None,
    ) -> None:
        """Have the test start the app's process: `start(double, package, uid)` calls `start_process`, says True.

        It runs in a thread of its own while the device's `am start` waits for it.
        """
        self.starters[package] = start
        if stop:
            self.stoppers[package] = stop

    def start_process(
        self,
        package: str,
        command: Sequence[str],
        *,
        uid: int,
        name: str = "",
        environment: dict[str, str] | None = None,
        folder: str = "/",
        output: int | None = None,
    ) -> int:
        """Start a program of the host as a process of an app, forked from the zygote; gives its number in the device.

        The host's paths are as they are; `name` is what `ps` shows (the package by default). `host_pid` finds it here.
        """
        order = {"name": name or package, "uid": uid, "command": list(command), "folder": folder}
        order["environment"] = environment or {}
        files = [] if output is None else [output]
        return int(self.order("start_process", _files=files, order=order, package=package))

    def host_pid(self, pid: int) -> int:
        """Give the number that a process of the device has on the host."""
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit():
                    text = (entry / "status").read_text()
                    line = next(line for line in text.splitlines() if line.startswith("NSpid:"))
                    numbers = line.split()[1:]
                    if len(numbers) > 1 and numbers[-1] == str(pid) and self._inside(entry):
                        return int(entry.name)
        raise ProcessLookupError(pid)

    def inside(self, path: Path) -> Path:
        """Give the place here of a file of the device."""
        return Path(f"/proc/{self._init_pid()}/root{path}")

    def listen(self, port: int) -> socket.socket:
        """Listen on a port of the device's loopback; the socket is used here."""
        _, files = self._ask({"verb": "listen", "port": port})
        return socket.socket(fileno=files[0])

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect from inside of the device's network; the socket is used here."""
        _, files = self._ask({"verb": "connect", "host": host, "port": port})
        return socket.socket(fileno=files[0])

    def log(self, priority: str, tag: str, text: str, pid: int = 0) -> None:
        """Write a line to the device's log."""
        self.order("log", priority=priority, tag=tag, text=text, pid=pid)

    def change(self, *path: str, to: Any) -> None:
        """Set a value of the services' state, for example `change("settings", "global", "http_proxy", to=":0")`."""
        self.order("change", path=list(path), value=to)

    def read(self, *path: str) -> Any:
        """Read a value of the services' state."""
        return self.order("read", path=list(path))

    def order(self, verb: str, _files: Sequence[int] = (), **what: Any) -> Any:
        answer, files = self._ask({"verb": verb, **what}, _files)
        close_all(files)
        return answer

    def _ask(self, order: dict[str, Any], files: Sequence[int] = ()) -> tuple[Any, list[int]]:
        with self._lock:
            send(self._orders, order, files)
            answer, given = receive(self._orders)
        assert "error" not in answer, answer["error"]
        return answer["ok"], given

    def _inside(self, entry: Path) -> bool:
        return (entry / "ns/net").readlink() == Path(f"/proc/{self._init_pid()}/ns/net").readlink()

    def _init_pid(self) -> int:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        return int(children.split()[0])

    def _boot(self) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        self.serial = f"127.0.0.1:{listener.getsockname()[1]}"
        self._orders, their_orders = socket.socketpair()
        self._questions, their_questions = socket.socketpair()
        inherited = [their_orders, their_questions, listener]
        config = self._config() | {"channels": [their_orders.fileno(), their_questions.fileno()]}
        config |= {"listener": listener.fileno(), "started_ns": time.time_ns()}
        spaces = (*_SPACES, *(("--time", "--boottime", str(self.kind.boot_offset)) if self.kind.boot_offset else ()))
        command = ["unshare", *spaces, sys.executable, "-ISB", str(HERE / "boot.py"), json.dumps(config)]
        self._process = subprocess.Popen(command, pass_fds=[s.fileno() for s in inherited], stdin=subprocess.DEVNULL)
        for wire in inherited:
            wire.close()
        self._orders.settimeout(_READY)
        assert receive(self._orders)[0] == "ready"
        self._orders.settimeout(60)
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        """Answer what the device asks of the test: to start and to stop apps."""
        with suppress(EOFError, OSError):
            while True:
                question, files = receive(self._questions)
                close_all(files)
                answer: Any = None
                package = question["package"]
                try:
                    if question["event"] == "start" and package in self.starters:
                        answer = self.starters[package](self, package, question["uid"])
                    elif question["event"] == "service" and self.watcher:
                        answer = self.watcher(question["service"])
                    elif question["event"] == "stop" and package in self.stoppers:
                        self.stoppers[package](self, package)
                    elif question["event"] == "screen" and package in self.screens:
                        answer = self.screens[package](question)
                finally:
                    send(self._questions, answer)

    def _config(self) -> dict[str, Any]:
        kind = self.kind
        build_type = kind.build_type or ("userdebug" if kind.root in {"adbd", "su"} else "user")
        base = os.path.realpath(sys.base_prefix)
        visible = ["/usr", "/lib", "/lib64", base, str(HERE.parents[1]), os.path.abspath(sys.prefix), *kind.visible]
        toybox = program_path("toybox") or ""
        applets = subprocess.run([toybox], capture_output=True, text=True, check=True).stdout.split()
        python = os.path.realpath(sys.executable)
        return {
            **{name: value for name, value in vars(kind).items() if name != "visible"},
            "visible": [path for path in dict.fromkeys(visible) if os.path.lexists(path)],
            "root_folder": str(Path(self._folder.name) / "root"),
            "hostname": "double",
            "toybox": toybox,
            "applets": [name for name in applets if name != "["],
            "network": {name: os.path.realpath(program_path(name) or "") for name in _NETWORK},
            "python": python,
            "client": (HERE / "client.py").read_text(encoding="utf-8"),
            "certificates": some_authorities() | kind.more_authorities,
            "properties": properties(kind.api, kind.abi, build_type, kind.model, f"DBL{kind.api}"),
            "settings": {
                "global": {"adb_enabled": "1", "device_name": kind.model},
                "secure": {"android_id": "9774d56d682e549c"},
                "system": {"screen_brightness": "102"},
            },
            "packages": {name: {"uid": uid, "granted": [], "permissions": []} for name, uid in PACKAGES.items()},
        }
