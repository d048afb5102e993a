"""The apps of the lab device: jars that name themselves in `META-INF/lab-app.properties`."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from analyzer.capture.device import EnvironmentProblem
from analyzer.model.evidence import AppFacts

DESCRIPTION: Final = "META-INF/lab-app.properties"
_LARGEST_DESCRIPTION: Final = 100_000
_LARGEST_JAR: Final = 500_000_000
_PACKAGE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)+")
_CLASS: Final = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")
_SUFFIX: Final = re.compile(r"[A-Za-z0-9_.]{1,64}")
_ESCAPE: Final = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class LabApp:
    """An installed lab app; `processes` maps the suffix of a further process to the class that it starts with."""

    jar: Path
    facts: AppFacts
    application: str
    activity: str
    processes: Mapping[str, str] = field(default_factory=dict)


def read_app(jar: Path) -> LabApp:
    """Read and check the description of an app; the jar's code is not touched."""
    properties = parse_properties(_description(jar))
    package = _named(jar, properties, "package", _PACKAGE)
    activity = _named(jar, properties, "activity", _CLASS)
    application = properties.get("application", "")
    target = properties.get("targetSdk", "0")
    if not target.isascii() or not target.isdigit():
        raise EnvironmentProblem(f"{jar}: targetSdk in {DESCRIPTION} must be a number, not {target!r}.")
    facts = AppFacts(
        package=package,
        version_name=properties.get("versionName", ""),
        version_code=properties.get("versionCode", ""),
        label=properties.get("label", package),
        sha256=_digest(jar),
        target_sdk=int(target[:6]),
        permissions=tuple(name for name in re.split(r"[,\s]+", properties.get("permissions", "")) if name),
    )
    return LabApp(jar, facts, application, activity, _processes(jar, properties))


def parse_properties(text: str) -> dict[str, str]:
    r"""Read Java's properties format: comments, continued lines, `\uXXXX`, and `=`, `:` or blank between."""
    joined = re.sub(r"(?<!\\)((?:\\\\)*)\\\r?\n[ \t\f]*", r"\1", text)
    found: dict[str, str] = {}
    for line in joined.splitlines():
        stripped = line.lstrip(" \t\f")
        if not stripped or stripped[0] in "#!":
            continue
        match = re.match(r"((?:\\.|[^\\=:\s])+)[ \t\f]*[=:]?[ \t\f]*(.*)", stripped)
        if match:
            found[_unescape(match[1])] = _unescape(match[2]).rstrip()
    return found


def _description(jar: Path) -> str:
    try:
        if jar.stat().st_size > _LARGEST_JAR:
            raise EnvironmentProblem(f"{jar} is larger than {_LARGEST_JAR} bytes; that is no lab app.")
        with zipfile.ZipFile(jar) as archive, archive.open(DESCRIPTION) as entry:
            data = entry.read(_LARGEST_DESCRIPTION + 1)
    except KeyError as error:
        raise EnvironmentProblem(
            f"{jar} is no lab app: it holds no {DESCRIPTION}; an APK needs an Android device."
        ) from error
    except (OSError, EOFError, ValueError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise EnvironmentProblem(f"{jar} cannot be read as a lab app ({error}); name a jar.") from error
    if len(data) > _LARGEST_DESCRIPTION:
        raise EnvironmentProblem(f"{jar}: {DESCRIPTION} is longer than {_LARGEST_DESCRIPTION} bytes.")
    return data.decode("utf-8", errors="replace")


def _named(jar: Path, properties: Mapping[str, str], key: str, shape: re.Pattern[str]) -> str:
    value = properties.get(key, "")
    if not shape.fullmatch(value):
        raise EnvironmentProblem(f"{jar}: {DESCRIPTION} needs a valid `{key}`, not {value!r}.")
    return value


def _processes(jar: Path, properties: Mapping[str, str]) -> dict[str, str]:
    processes = {key.removeprefix("process."): name for key, name in properties.items() if key.startswith("process.")}
    for suffix, name in processes.items():
        if not _SUFFIX.fullmatch(suffix) or not _CLASS.fullmatch(name):
            raise EnvironmentProblem(f"{jar}: `process.{suffix}` in {DESCRIPTION} must name a class.")
    return processes


def _digest(jar: Path) -> str:
    with jar.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: _character(match[1]), text)


def _character(code: str) -> str:
    """Read one escape; half of a surrogate pair, which no file can hold, becomes a replacement mark."""
    if len(code) == 1:
        return _ESCAPED.get(code, code)
    return chr(int(code[1:], 16)).encode("utf-8", "replace").decode()
