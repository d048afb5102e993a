"""The lab device: runs lab apps on a Java runtime under real Frida, with no Android at all."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Final

from analyzer.capture.certificate import TRUST_STORE_PASSWORD, java_trust_store
from analyzer.capture.device import EnvironmentProblem, OnAppEvent, OnGated, ScreenDump
from analyzer.capture.lab_apps import LabApp, read_app
from analyzer.capture.lab_java import find_java, java_command
from analyzer.capture.lab_leftovers import end_leftovers, ownership
from analyzer.capture.lab_permissions import read_permissions
from analyzer.capture.lab_run import LabRun, LaunchPlan
from analyzer.capture.lab_screen import draw_screen, load_formats
from analyzer.model.clock import HOST_CLOCK
from analyzer.model.evidence import AppFacts, DeviceFacts, Process
from analyzer.packs.persona import Persona, shipped_persona

SERIAL: Final = "lab"
_NOWHERE: Final = ("127.0.0.1", 9)
"""The proxy of a device that was given none: nobody listens there, so nothing leaves the machine."""


def lab_files() -> Path:
    """Give the folder of the prebuilt jars that the lab device consists of."""
    return Path(str(resources.files("analyzer.capture"))) / "lab_device"


@dataclass(frozen=True, slots=True)
class LabSettings:
    """What a lab device is made of: `state` keeps its data, `truth` takes the truth log, `files` are its jars."""

    state: Path
    persona: Persona = field(default_factory=shipped_persona)
    truth: Path | None = None
    files: Path = field(default_factory=lab_files)


class LabDevice:
    """A `Device` whose apps are jars and whose screen is drawn; see the protocol for every method."""

    serial = SERIAL

    def __init__(self, settings: LabSettings) -> None:
        self._settings = settings
        self._java = find_java()
        self._apps = {app.facts.package: app for app in map(read_app, sorted((settings.files / "apps").glob("*.jar")))}
        self._run: LabRun | None = None
        self._running = ""
        self._proxy = _NOWHERE
        self._ahead_s = 0
        self._trust_store: Path | None = None
        end_leftovers(settings.state)

    @property
    def clock_domain(self) -> str:
        """Name the clock: the lab runs on the recorder's own."""
        return HOST_CLOCK

    @property
    def clock_step_us(self) -> int:
        """Say that the clock is read as it is."""
        return 0

    @property
    def packages(self) -> tuple[str, ...]:
        """List the installed apps."""
        return tuple(sorted(self._apps))

    def facts(self) -> DeviceFacts:
        """Describe the device as its apps see it."""
        return DeviceFacts(SERIAL, "lab", model="Lab One", android_version="7.1.2", api_level=25, abi="x86_64")

    def install(self, files: Sequence[Path]) -> str:
        """Install a lab app from one jar and give its package name."""
        if len(files) != 1:
            raise EnvironmentProblem("The lab device installs one jar at a time; name the app's jar with --apk.")
        app = read_app(files[0].absolute())
        self._apps[app.facts.package] = app
        return app.facts.package

    def app_facts(self, package: str) -> AppFacts:
        """Describe an installed app."""
        return self._app(package).facts

    def permissions(self, package: str) -> Mapping[str, bool]:
        """Give which permissions the app has and which it has not."""
        return read_permissions(self.app_facts(package), self._data(package))

    def prepare(self, proxy: tuple[str, int], ca_certificate: Path) -> None:
        """Send the apps' traffic through the proxy and make them trust its certificate."""
        self._trust_store = java_trust_store(ca_certificate, self._settings.state / "trust", self._java.keytool)
        self._proxy = proxy
        load_formats()

    def clear_data(self, package: str) -> None:
        """End the app and empty its folder."""
        self.stop(package)
        folder = self._data(package)
        try:
            if folder.exists():
                shutil.rmtree(folder)
        except OSError as error:
            raise EnvironmentProblem(f"The data of {package} in {folder} cannot be cleared: {error}.") from error

    def launch(self, package: str, on_gated: OnGated, on_event: OnAppEvent) -> None:
        """Start the app's main process; a run that is still going on is ended first."""
        app = self._app(package)
        if self._run is not None:
            self.stop(self._running)
        plan = self._plan(app)
        self._run, self._running = LabRun(plan, on_gated, on_event), package
        self._run.start(package)

    def screen(self) -> ScreenDump:
        """Read the hierarchy, and draw it unless the window forbids pictures."""
        run = self._current()
        seen = run.ask("hierarchy")
        hierarchy = str(seen.get("xml", ""))
        picture = b"" if seen.get("secure") else draw_screen(hierarchy, run.ask("style"))
        return ScreenDump(hierarchy, picture, str(seen.get("package", "")), str(seen.get("activity", "")))

    def tap(self, x: int, y: int) -> None:
        """Touch a point; where nothing can be clicked, nothing happens."""
        self._current().ask("tap", x=x, y=y)

    def back(self) -> None:
        """Press BACK."""
        self._current().ask("back")

    def background(self) -> None:
        """Press HOME."""
        self._current().ask("home")

    def sleep(self) -> None:
        """Switch the screen off, which every process of the app is told."""
        self._current().tell_all("sleep")

    def wake(self) -> None:
        """Switch the screen on again, which every process of the app is told; without an app it is on."""
        if self._run is not None:
            self._run.tell_all("wake")

    def set_ahead(self, seconds: int) -> None:
        """Set the clock of the processes that start from now on ahead."""
        self._ahead_s = seconds

    def foreground(self, package: str) -> None:
        """Bring the running app back to the front."""
        self._app(package)
        self._current().ask("foreground")

    def stop(self, package: str) -> None:
        """End every process of the app; does nothing when it does not run."""
        if self._run is not None and self._running == package:
            self._run.stop()
            self._run, self._running = None, ""

    def running(self, package: str) -> list[Process]:
        """List the app's live processes, the main one first."""
        return self._run.running() if self._run is not None and self._running == package else []

    def monotonic_us(self) -> int:
        """Read the boot clock in microseconds."""
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000

    def lost(self) -> str:
        """Give nothing: the lab device is this machine."""
        return ""

    def restore(self) -> None:
        """End what runs, and forget the proxy, its certificate and the clock that was set."""
        if self._run is not None:
            self.stop(self._running)
        self._proxy, self._trust_store, self._ahead_s = _NOWHERE, None, 0

    def _app(self, package: str) -> LabApp:
        app = self._apps.get(package)
        if app is None:
            known = ", ".join(self.packages) or "none"
            raise EnvironmentProblem(f"The lab device has no app {package}; it has: {known}. Install one with --apk.")
        return app

    def _current(self) -> LabRun:
        if self._run is None:
            raise EnvironmentProblem("No app runs on the lab device; start one first.")
        return self._run

    def _data(self, package: str) -> Path:
        return self._settings.state / "data" / package

    def _plan(self, app: LabApp) -> LaunchPlan:
        """Lay out the app's folders and compose how its processes are started."""
        package, state = app.facts.package, self._settings.state.resolve()
        data = self._data(package).resolve()
        try:
            (data / "cache").mkdir(parents=True, exist_ok=True)
            properties = self._properties(state, data)
        except OSError as error:
            raise EnvironmentProblem(f"The lab device cannot write to {state}: {error}.") from error
        files, runtime = self._settings.files, self._java
        for needed in (files / "lab.jar", files / "java-base.jar"):
            if not needed.exists():
                raise EnvironmentProblem(f"{needed} is missing; build it with scripts/build-lab.")

        def command(name: str, control: str, token: str) -> list[str]:
            own = {"lab.control": control, "lab.token": token, "lab.process": name, "lab.package": package}
            return java_command(runtime, (files / "lab.jar", app.jar), files / "java-base.jar", {**own, **properties})

        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(data), "TMPDIR": str(data / "cache")}
        return LaunchPlan(package, command, environment, data, state / "log" / f"{package}.log", self._ahead_s)

    def _properties(self, state: Path, data: Path) -> dict[str, str]:
        persona, hosts = state / "persona.json", state / "hosts"
        document = {"name": self._settings.persona.name, "values": dict(self._settings.persona.values)}
        persona.write_text(json.dumps(document, ensure_ascii=False, default=dict), encoding="utf-8")
        hosts.write_text("127.0.0.1 localhost\n", encoding="utf-8")
        host, port = self._proxy
        properties = {
            **ownership(state),
            "lab.persona": str(persona),
            "lab.data": str(data),
            "java.io.tmpdir": str(data / "cache"),
            "user.home": str(data),
            "jdk.net.hosts.file": str(hosts),  # no name is ever looked up outside the machine
            "http.proxyHost": host,
            "http.proxyPort": str(port),
            "https.proxyHost": host,
            "https.proxyPort": str(port),
            "http.nonProxyHosts": "",
        }
        if self._settings.truth is not None:
            self._settings.truth.parent.mkdir(parents=True, exist_ok=True)
            properties["lab.truth"] = str(self._settings.truth.absolute())
        if self._trust_store is not None:
            properties["javax.net.ssl.trustStore"] = str(self._trust_store.resolve())
            properties["javax.net.ssl.trustStorePassword"] = TRUST_STORE_PASSWORD
            properties["javax.net.ssl.trustStoreType"] = "JKS"
        return properties
