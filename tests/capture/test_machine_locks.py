from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.machine_locks import device_in_use, open_lock

SERIAL = "127.0.0.1:5555"


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_a_device_has_one_user_at_a_time_and_the_other_is_told_who() -> None:
    with device_in_use(SERIAL), device_in_use("emulator-5554"):
        with pytest.raises(EnvironmentProblem, match=rf"{SERIAL} is in use .*\(process {os.getpid()}\)"):
            device_in_use(SERIAL).__enter__()
        with pytest.raises(EnvironmentProblem, match="in use"):
            device_in_use(SERIAL).__enter__()
    with device_in_use(SERIAL):
        pass


def test_a_process_that_was_killed_has_the_device_no_more() -> None:
    script = """if True:
        import os, signal
        from analyzer.capture.machine_locks import device_in_use
        with device_in_use("127.0.0.1:5555"):
            os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", script], check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())})
    with device_in_use(SERIAL):
        pass


@pytest.mark.parametrize(
    "serial", ["x" * 300, "\udc80", "\x07" * 90, "设备" * 60], ids=["long", "no text", "control", "wide"]
)
def test_a_device_of_any_name_has_one_user(runtime: Path, serial: str) -> None:
    with (
        device_in_use(serial),
        pytest.raises(EnvironmentProblem, match="is in use by another run"),
        device_in_use(serial),
    ):
        pass


def test_where_nothing_can_be_told_the_device_may_be_used(runtime: Path) -> None:
    (runtime / "analyzer").write_text("")
    with device_in_use(SERIAL), device_in_use(SERIAL):
        pass


def test_what_the_work_itself_raises_is_not_taken_for_a_lock_that_cannot_be_had() -> None:
    with pytest.raises(FileNotFoundError), device_in_use(SERIAL):
        raise FileNotFoundError


def test_the_file_of_a_lock_is_the_users_own_whatever_its_name_holds(runtime: Path) -> None:
    with device_in_use("../x"):
        (file,) = (runtime / "analyzer").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    with open_lock("adb-1"):
        assert len(list((runtime / "analyzer").iterdir())) == 2


def test_a_user_whom_the_machine_does_not_know_works_without_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", unknown)
    with pytest.raises(OSError, match="no folder"):
        open_lock("x").__enter__()
    with device_in_use(SERIAL):
        pass
