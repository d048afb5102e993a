"""Compiles seeded apps, all of them with one javac, and packs each into its jar."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

from seeds.generator import SeededApp

LAB_JAR = Path(__file__).resolve().parents[2] / "analyzer" / "capture" / "lab_device" / "lab.jar"


def build_apps(apps: Sequence[SeededApp], folder: Path, javac: Path) -> dict[int, Path]:
    """Compile and pack the apps; give the jar of each seed."""
    classes = folder / "classes"
    listing: list[str] = []
    for app in apps:
        for path, text in app.sources.items():
            file = folder / "src" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            listing.append(str(file))
    classes.mkdir(parents=True, exist_ok=True)
    names = folder / "sources.txt"
    names.write_text("\n".join(listing), encoding="utf-8")
    command = [javac, "--release", "17", "-g:source,lines", "-encoding", "UTF-8", "-proc:none", "-nowarn"]
    done = subprocess.run(
        [*command, "-cp", LAB_JAR, "-d", classes, f"@{names}"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {app.seed: _pack(app, classes, folder / f"seed-{app.seed}.jar") for app in apps}


def _pack(app: SeededApp, classes: Path, target: Path) -> Path:
    own = {path.removesuffix(".java") for path in app.sources}
    folders = {path.rpartition("/")[0] for path in app.sources}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as jar:
        jar.writestr("META-INF/lab-app.properties", app.description)
        for folder in sorted(folders):
            for file in sorted((classes / folder).glob("*.class")):
                name = f"{folder}/{file.name}"
                if name.removesuffix(".class").partition("$")[0] in own:
                    jar.write(file, name)
    return target


def find_javac() -> Path | None:
    """Find a compiler that can write classes for Java 17."""
    places = [Path(home) / "bin" / "javac" for home in (os.environ.get("JAVA_HOME"),) if home]
    found = shutil.which("javac")
    places += [Path(found)] if found else []
    return next((place for place in places if place.is_file()), None)
