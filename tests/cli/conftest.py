"""The command line, called inside this process as `main` calls it: exit code, stdout, stderr."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import pytest
from recorded import Recorded

from analyzer.cli.main import app, ended


class Said(NamedTuple):
    """What a command gave back; `rows` are the lines of stdout."""

    code: int
    out: bytes
    err: str

    @property
    def rows(self) -> list[str]:
        return self.out.decode().splitlines()


Command: TypeAlias = Callable[..., Said]


@pytest.fixture
def analyzer(capfdbinary, tmp_path, monkeypatch) -> Command:
    """Run a command in an empty directory."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> Said:
        capfdbinary.readouterr()
        code = ended(lambda: app([str(word) for word in words], prog_name="analyzer"))
        out, err = capfdbinary.readouterr()
        return Said(code, out, err.decode())

    return run


@pytest.fixture
def recorded(recorded_example: Recorded, tmp_path) -> Recorded:
    """A copy of the recorded workspace that a test may change."""
    return recorded_example.copy(tmp_path / "workspace")
