"""The scripts set up what is missing, or say in a sentence why they cannot."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_a_checkout_that_is_not_ones_own_is_said_to_be_so_with_what_to_do(tmp_path):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for version in ("3.11", "3.12", "3.13"):
        (tmp_path / f".venv-{version}.lock").mkdir()  # nobody may open it as a file, root neither
    done = subprocess.run([tmp_path / "scripts/analyzer"], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 3
    assert f"may not write into {tmp_path}, where the environment of Python 3." in done.stderr
    assert f"git clone {tmp_path}" in done.stderr
    assert ": line" not in done.stderr  # nothing of bash's own
    assert not list(tmp_path.glob(".venv-*/*"))


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ({".ready-test": "same"}, ""),
        ({".ready": "older"}, "up to date: what it is made of has changed since"),
        ({}, "Setting up Python 9.9 in"),
    ],
)
def test_an_environment_is_set_up_once_and_serves_the_command_line_whatever_it_was_set_up_for(tmp_path, stamps, said):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    made = tmp_path / ".venv-9.9"
    (made / "bin").mkdir(parents=True)
    (made / ".place").write_text(str(made))
    python = made / "bin" / "python"
    asked = made / "asked"
    python.write_text(f'#!/bin/sh\ncase "$*" in *hashlib*) cat >/dev/null; echo same;; *) echo "$*" >>{asked};; esac\n')
    python.chmod(0o755)
    for name, text in stamps.items():
        (made / name).write_text(text)
    line = f"source {tmp_path}/scripts/environment; prepare 9.9 {python}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == f"{made}\n"
    assert said in done.stderr
    assert bool(said) == bool(done.stderr)
    assert ("pip install" in asked.read_text()) == bool(said)


@pytest.mark.parametrize(("stamp", "code"), [("same", 0), ("older", 3)])
def test_who_may_not_write_is_served_by_any_environment_that_is_ready(tmp_path, stamp, code):
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".venv-9.9.lock").mkdir()  # nobody may open it as a file, root neither
    ready = tmp_path / ".venv-3.12"
    (ready / "bin").mkdir(parents=True)
    (ready / ".ready").write_text(stamp)
    python = ready / "bin" / "python"
    python.write_text('#!/bin/sh\ncase "$*" in *hashlib*) cat >/dev/null; echo same;; esac\n')
    python.chmod(0o755)
    line = f"source {tmp_path}/scripts/environment; prepare 9.9 {python}"
    done = subprocess.run(
        ["bash", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (code, "" if code else f"{ready}\n")
    assert ("may not write" in done.stderr) == bool(code)
