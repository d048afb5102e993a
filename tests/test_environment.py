"""The scripts set up what is missing, or say in a sentence why they cannot."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

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
