"""The wheel holds everything, and works outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest
from house import ROOT

LAB = ("run", "--package", "com.example", "--device", "lab", "--dwell", "5", "--duration", "4", "--json")


def _do(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "ANALYZER_WORKSPACE"}}
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _do(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        ROOT,
        cwd=folder,
    )
    (built,) = folder.glob("analyzer-*.whl")
    return built


def _run_the_lab(environment: Path, folder: Path) -> dict:
    """Run the installed command in an empty directory; gives the document."""
    folder.mkdir()
    program = environment / "bin" / "analyzer"
    place = _do(environment / "bin" / "python", "-c", "import analyzer; print(analyzer.__file__)", cwd=folder)
    assert Path(place.stdout.strip()).is_relative_to(environment)
    document = json.loads(_do(program, *LAB, cwd=folder).stdout)
    _do(program, "verify", "latest", cwd=folder)
    assert {path.name for path in folder.iterdir()} == {"analyzer-workspace"}
    return document


def _violated(document: dict) -> set[str]:
    return {verdict["rule"] for verdict in document["verdicts"] if verdict["outcome"] == "violated"}


def test_hooks_packs_lab_templates_schema_and_migrations_are_inside(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    shipped = [*(ROOT / "analyzer").rglob("*"), *(ROOT / "hooks").rglob("*")]
    wanted = {
        (
            path.relative_to(ROOT) if path.is_relative_to(ROOT / "analyzer") else "analyzer" / path.relative_to(ROOT)
        ).as_posix()
        for path in shipped
        if path.is_file() and "__pycache__" not in path.parts and ".cache" not in path.parts
    }
    assert wanted <= inside
    for kind in ("lab.jar", "apps/example.jar", ".yaml", ".ts", ".j2", ".schema.json", "v0001_first_tables.py"):
        assert any(name.endswith(kind) for name in inside), kind
    assert not [name for name in inside if not name.startswith(("analyzer/", "analyzer-"))]


@pytest.mark.lab
@pytest.mark.slow
def test_the_wheel_runs_the_lab_from_an_environment_of_its_own(wheel, tmp_path):
    environment = tmp_path / "an environment"
    venv.create(environment, with_pip=False)
    _do(
        sys.executable,
        "-m",
        "pip",
        "--python",
        environment / "bin" / "python",
        "install",
        "--quiet",
        "--no-deps",
        wheel,
        cwd=tmp_path,
    )
    site = Path(sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)}))
    # The dependencies come from here, to be quick; .pth files found there are not followed, so the package does not.
    (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    document = _run_the_lab(environment, tmp_path / "empty")
    assert "cn.191.3.1" in _violated(document)


@pytest.mark.lab
@pytest.mark.long
def test_the_wheel_installs_with_its_dependencies_and_runs_the_lab(wheel, tmp_path):
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    constraints = ROOT / "scripts" / "constraints.txt"
    pip = (environment / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    _do(*pip, "--constraint", constraints, wheel, cwd=tmp_path)
    assert "cn.191.3.1" in _violated(_run_the_lab(environment, tmp_path / "empty"))
