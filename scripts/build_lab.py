# ruff: noqa: INP001 - a script, in no package
"""Builds the lab device's jars from their sources, byte for byte the same on every machine with javac 17."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from lab_simulated import simulated_sources

LAB = Path(__file__).resolve().parent.parent / "analyzer" / "capture" / "lab_device"
PROGRAMS = LAB.parents[2] / "tests" / "lab_programs"
PROPERTIES = "lab-app.properties"
SOURCES = "META-INF/sources.sha256"
WANTED_JAVAC = 17
NO_JAVAC = (
    "no javac 17 found in JAVA_HOME, on PATH or in /usr/lib/jvm; install one (Debian and Ubuntu: "
    "apt-get install openjdk-17-jdk-headless; macOS: brew install openjdk@17; or https://adoptium.net) and, "
    "if it is not on PATH, set JAVA_HOME"
)


class BuildProblem(Exception):  # noqa: N818 - the sentence says what to do
    """A jar cannot be built; the message is one sentence that says what to do."""


def find_javac() -> Path:
    """Find a javac of version 17, or say how to get one."""
    candidates = [Path(os.environ["JAVA_HOME"]) / "bin" / "javac"] if os.environ.get("JAVA_HOME") else []
    on_path = shutil.which("javac")
    candidates += [Path(on_path)] if on_path else []
    candidates += sorted(Path("/usr/lib/jvm").glob("*17*/bin/javac"))
    for candidate in candidates:
        if candidate.is_file() and _version(candidate) == WANTED_JAVAC:
            return candidate
    raise BuildProblem(NO_JAVAC)


def _version(javac: Path) -> int:
    answer = subprocess.run([javac, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r"javac (\d+)", answer.stdout + answer.stderr)
    return int(found[1]) if found else 0


def compile_sources(javac: Path, sources: Path, classes: Path, options: Sequence[str]) -> None:
    """Compile every Java file below a folder."""
    files = [str(path.relative_to(sources)) for path in sorted(sources.rglob("*.java"))]
    if not files:
        raise BuildProblem(f"{sources} holds no .java file")
    with tempfile.TemporaryDirectory() as folder:
        files += [str(path) for path in simulated_sources(sources, Path(folder))]
        _run_javac(javac, sources, classes, options, files)


def _run_javac(javac: Path, sources: Path, classes: Path, options: Sequence[str], files: Sequence[str]) -> None:
    command = [javac, "-g:source,lines", "-encoding", "UTF-8", "-proc:none", "-nowarn", *options, "-d", classes, *files]
    done = subprocess.run(command, cwd=sources, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildProblem(f"javac refused the sources in {sources}:\n{done.stdout}{done.stderr}".rstrip())


def source_digests(sources: Path) -> str:
    """List the sha256 of every source file, in the format of sha256sum, sorted by path."""
    lines = []
    for path in sorted(path for path in sources.rglob("*") if path.suffix in {".java", ".properties", ".txt"}):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(sources).as_posix()}\n")
    return "".join(lines)


def write_jar(target: Path, classes: Path, extra: Iterable[tuple[str, bytes]]) -> None:
    """Write a jar whose bytes depend on its content only: sorted, stored, without times."""
    entries = [(path.relative_to(classes).as_posix(), path.read_bytes()) for path in classes.rglob("*.class")]
    entries.extend(extra)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as jar:
        for name, data in [("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\r\n\r\n"), *sorted(entries)]:
            # stored, not deflated: compressors differ between machines
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            jar.writestr(info, data)


def build_jar(javac: Path, sources: Path, target: Path, options: Sequence[str]) -> None:
    """Build one jar from one folder of sources."""
    extra = [(SOURCES, source_digests(sources).encode())]
    if (sources / PROPERTIES).is_file():
        extra.append((f"META-INF/{PROPERTIES}", (sources / PROPERTIES).read_bytes()))
    with tempfile.TemporaryDirectory() as folder:
        compile_sources(javac, sources, Path(folder), options)
        write_jar(target, Path(folder), extra)


def build_device(javac: Path, target: Path) -> list[Path]:
    """Build lab.jar, java-base.jar and the shipped apps into a folder and name them."""
    lab, base = target / "lab.jar", target / "java-base.jar"
    build_jar(javac, LAB / "src", lab, ["--release", "17"])
    patched = LAB / "src-java-base"
    build_jar(javac, patched, base, ["-source", "17", "-target", "17", "--patch-module", f"java.base={patched}"])
    built = [lab, base]
    for sources in sorted(path for path in (LAB / "src-apps").iterdir() if path.is_dir()):
        jar = target / "apps" / f"{sources.name}.jar"
        build_app(javac, sources, jar, lab)
        built.append(jar)
    return built


def build_programs(javac: Path, target: Path) -> Path:
    """Build the programs that the tests and the benchmark of the agent run on a plain JVM, and name the jar."""
    build_jar(javac, PROGRAMS / "src", target, ["--release", "17", "-classpath", str(LAB / "lab.jar")])
    return target


def build_app(javac: Path, sources: Path, target: Path, lab: Path) -> None:
    """Build a lab app against the simulated Android classes."""
    properties = sources / PROPERTIES
    if not properties.is_file():
        raise BuildProblem(f"{sources} has no {PROPERTIES}; WRITING_APPS.md beside lab.jar says what to put into it")
    if not re.search(r"(?m)^\s*package\s*[=:]\s*\S", properties.read_text(encoding="utf-8")):
        raise BuildProblem(f"{properties} does not name the app: add a line like package=com.example.mine")
    build_jar(javac, sources, target, ["--release", "17", "-classpath", str(lab)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what the command line asks for; exit code 3 when it cannot be built."""
    parser = argparse.ArgumentParser(prog="build-lab", description=__doc__)
    parser.add_argument("--app", type=Path, metavar="SRC_DIR", help=f"build this lab app ({PROPERTIES} and sources)")
    parser.add_argument(
        "-o", "--output", type=Path, help="with --app: the jar; without: the folder (default: in place)"
    )
    options = parser.parse_args(arguments)
    try:
        javac = find_javac()
        if options.app:
            target = options.output or Path(f"{options.app.resolve().name}.jar")
            build_app(javac, options.app.resolve(), target, LAB / "lab.jar")
            built = [target]
        else:
            built = build_device(javac, options.output or LAB)
            if PROGRAMS.is_dir() and not options.output:
                built.append(build_programs(javac, PROGRAMS / "programs.jar"))
    except BuildProblem as problem:
        sys.stderr.write(f"build-lab: {problem}\n")
        return 3
    sys.stdout.writelines(f"{path}\n" for path in built)
    return 0


if __name__ == "__main__":
    sys.exit(main())
