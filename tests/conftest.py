"""Puts the house helpers on the path and keeps every test away from the user's own settings."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from android_double.fixtures import adb_server, android, shared_android
from fault_table import fault_table
from recorded import OUTCOME_MET, Recorded

__all__ = ["adb_server", "android", "shared_android"]

for name in ("ANALYZER_WORKSPACE", "FORCE_COLOR", "COLUMNS", "PYTHONDONTWRITEBYTECODE"):
    os.environ.pop(name, None)

RUNTIME = tempfile.TemporaryDirectory(prefix="runtime-")
os.environ["XDG_RUNTIME_DIR"] = RUNTIME.name  # where locks tell what is in use: the user's own are not ours

ORDER = ("run", "--package", "com.example", "--device", "lab", "--json", "--fail-on", "violated")
UNTOUCHED_S, AFTERWARDS_S = 5.0, 4.0
FIRST = {
    **dict.fromkeys(("test_mended", "test_wheel"), "first"),
    **dict.fromkeys(("test_faults", "test_hostile", "test_seeded_apps"), "second"),
    **dict.fromkeys(("test_lab_apps", "test_fault_seeds"), "third"),
}
"""The files whose tests record apps, which takes longest, each with its line: those of a line follow one another, for
of many recordings at once each would be late; with the lines the workers start."""


@pytest.fixture(scope="session")
def recorded_example(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """Record com.example on the lab device as a user would; once for all workers, to be read and never changed."""
    place = tmp_path_factory.getbasetemp()
    folder = (place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "recorded-example"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first records, the others wait for it
        if not (folder / "document").exists():
            workspace = folder / "workspace"
            shutil.rmtree(workspace, ignore_errors=True)
            busy = max(1.0, os.getloadavg()[0] / 3)  # what the app begins before the choice is to leave before it too
            times = ("--dwell", str(UNTOUCHED_S * busy), "--duration", str(AFTERWARDS_S * busy))
            command = [sys.executable, "-m", "analyzer", *ORDER, *times, "--workspace", str(workspace)]
            done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, timeout=600, check=False)
            assert done.returncode == OUTCOME_MET, done.stderr.decode()
            (folder / "talk").write_bytes(done.stderr)
            (folder / "document").write_bytes(done.stdout)
    return Recorded.of(folder)


@pytest.fixture(scope="session")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the lab app whose host takes no proxy's certificate."""
    return _lab_app("pinned", tmp_path_factory)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the lab app that does everything to escape the recording, or to hurt whoever reads it."""
    return _lab_app("hostile", tmp_path_factory)


def _lab_app(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = Path(__file__).parents[1]
    sys.path.insert(0, str(root / "scripts"))
    import build_lab  # noqa: PLC0415 - a script, which stands beside the package

    try:
        javac = build_lab.find_javac()
    except build_lab.BuildProblem as problem:
        pytest.skip(str(problem))
    jar: Path = tmp_path_factory.mktemp(name) / f"{name}.jar"
    build_lab.build_app(javac, root / "tests" / "lab_apps" / name, jar, build_lab.LAB / "lab.jar")
    return jar


@pytest.fixture(scope="session")
def warm(recorded_example: Recorded) -> Callable[[Path], Path]:
    """Give a workspace what its first recording makes for all that follow, so that not each of them makes it."""
    return recorded_example.warm


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep together what shares something costly, before the workers share the tests out by it."""
    if "recorded_example" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.lab)
    if _line(item):
        item.add_marker(pytest.mark.xdist_group(_line(item)))
    elif item.get_closest_marker("xdist_group") is None and _shares(item):
        item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start with what takes longest: recordings, then their readers."""
    items.sort(key=_place)
    grouped = [item for item in items if item.get_closest_marker("xdist_group")]
    if grouped and getattr(config.option, "loadgroup", False) and "@" not in grouped[0].nodeid:
        raise pytest.UsageError("this pytest-xdist cannot keep tests together with this pytest: see pyproject.toml")


def _line(item: pytest.Item) -> str:
    return FIRST.get(item.path.stem, "") if item.path.parent == Path(__file__).parent else ""


def _shares(item: pytest.Item) -> bool:
    """Say whether a test has a fixture that other tests of its file have too, made once for all of them."""
    found = getattr(item, "_fixtureinfo", None)
    return found is not None and any(
        one.scope == "module" and not str(one.baseid).endswith("conftest.py")
        for each in found.name2fixturedefs.values()
        for one in each
    )


def _place(item: pytest.Item) -> int:
    if _line(item):
        return 0
    return 1 if "recorded_example" in getattr(item, "fixturenames", ()) else 2


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests at random instants cost, kind of trouble by kind of trouble."""
    reports = [report for word in ("passed", "failed") for report in terminalreporter.stats.get(word, ())]
    suffered = [value for report in reports for name, value in report.user_properties if name == "fault"]
    for line in fault_table(suffered):
        terminalreporter.write_line(line)
