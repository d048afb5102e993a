"""Puts the house helpers on the path and keeps every test away from the user's own settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from android_double.fixtures import adb_server, android
from fault_table import fault_table
from recorded import Recorded

__all__ = ["adb_server", "android"]

for name in ("ANALYZER_WORKSPACE", "FORCE_COLOR", "COLUMNS", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(name, None)

ORDER = ("run", "--package", "com.example", "--device", "lab", "--dwell", "5", "--duration", "4", "--json")


@pytest.fixture(scope="session")
def recorded_example(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Record com.example on the lab device as a user would; once per run of the tests, to be read and never changed."""
    workspace = tmp_path_factory.mktemp("recorded") / "workspace"
    command = [sys.executable, "-m", "analyzer", *ORDER, "--workspace", str(workspace)]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, timeout=300, check=False)
    talk = done.stderr.decode()
    assert done.returncode == 0, talk
    (session,) = (workspace / "sessions").iterdir()
    return Recorded(workspace, session, done.stdout, talk)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Send every test that reads the recording to the worker of the lab, so that it is made once and alone."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "recorded_example" in fixtures:
            item.add_marker(pytest.mark.lab)
            item.add_marker(pytest.mark.xdist_group("lab"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests at random instants cost, kind of trouble by kind of trouble."""
    reports = [report for word in ("passed", "failed") for report in terminalreporter.stats.get(word, ())]
    suffered = [value for report in reports for name, value in report.user_properties if name == "fault"]
    for line in fault_table(suffered):
        terminalreporter.write_line(line)
