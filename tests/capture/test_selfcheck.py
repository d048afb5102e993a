from __future__ import annotations

import socket
from pathlib import Path

import pytest
from adb_wire import PHONE, Phone, plugged_in, real_adb_server

from analyzer.capture.lab_java import JavaRuntime, find_java
from analyzer.capture.selfcheck import (
    Check,
    check_android,
    check_bridge,
    check_devices,
    check_environment,
    check_font,
    check_frida,
    check_java,
    check_lab,
    check_mitmproxy,
    check_ports,
    check_python,
    check_ui,
    check_workspace,
)


@pytest.mark.lab
def test_a_sound_machine_passes_every_check(tmp_path: Path) -> None:
    checks = check_environment(tmp_path)
    assert [check for check in checks if check.state == "fail"] == []
    names = [check.name for check in checks]
    assert len(names) == len(set(names))
    assert {"python", "mitmproxy", "frida", "java bridge", "java", "ports", "workspace", "disk"} <= set(names)
    assert all(check.remedy for check in checks if check.state != "ok")


def test_an_old_python_is_said_to_be_less_secure() -> None:
    check = check_mitmproxy((3, 11))
    assert check.state == "warn"
    assert "no more security fixes" in check.sentence
    assert "cryptography 4" in check.sentence
    assert "3.12" in check.remedy
    assert check_mitmproxy((3, 12)).state == "ok"


def test_an_unsupported_python_fails() -> None:
    assert [check_python((3, minor)).state for minor in (10, 11, 13, 14)] == ["fail", "ok", "ok", "fail"]


def test_frida_its_bridge_the_ports_and_the_font_are_found_here() -> None:
    assert [check().state for check in (check_frida, check_bridge, check_ports, check_font)] == ["ok"] * 4


def test_what_reads_the_screen_is_named_and_how_to_get_the_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = check_ui()
    assert without.state == "ok"
    assert "pip install '.[ui]'" in without.sentence
    package = tmp_path / "uiautomator2"
    (package / "assets").mkdir(parents=True)
    for name in ("__init__.py", "assets/u2.jar"):
        (package / name).write_bytes(b"")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "uiautomator2" in check_ui().sentence
    assert "pip install" not in check_ui().sentence


@pytest.mark.lab
def test_a_java_that_starts_and_one_that_does_not(tmp_path: Path) -> None:
    assert check_java(find_java()).state == "ok"
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "java"
    program.write_text("#!/bin/sh\necho broken runtime >&2\nexit 7\n")
    program.chmod(0o755)
    broken = check_java(JavaRuntime(tmp_path))
    assert broken.state == "warn"
    assert "broken runtime" in broken.sentence
    assert check_java(JavaRuntime(tmp_path / "absent")).state == "warn"


@pytest.mark.lab
def test_missing_jars_are_named_with_what_builds_them(tmp_path: Path) -> None:
    check = next(check for check in check_lab(tmp_path) if check.name == "lab jars")
    assert check.state == "warn"
    assert "lab.jar, java-base.jar, apps/*.jar" in check.sentence
    assert check.remedy == "build them with scripts/build-lab"


def test_a_workspace_that_does_not_exist_yet_is_judged_by_its_place(tmp_path: Path) -> None:
    assert next(check_workspace(tmp_path / "new" / "space")).state == "ok"
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_cannot_be_written_fails() -> None:
    (check,) = check_workspace(Path("/proc/self/space"))
    assert check.state == "fail"
    assert check.remedy == "name another --workspace"


def test_no_adb_server_is_no_trouble() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
    assert check_android(address).state == "ok"


def test_a_check_reads_as_a_row() -> None:
    assert tuple(Check("a", "ok", "b")) == ("a", "ok", "b", "")


def test_a_connected_device_is_told_with_what_it_lacks(tmp_path):
    with real_adb_server(tmp_path) as server, plugged_in(Phone(tmp_path / "phone", PHONE), server):
        told, frida_server, lacking = check_devices(tmp_path, server)
    assert (told.state, frida_server.state, lacking.state) == ("ok", "ok", "warn")
    assert f"into {tmp_path}" in frida_server.sentence
    assert "Pixel 6, Android 14 (API 34" in told.sentence
    assert lacking.sentence == "no root"
    assert "Magisk" in lacking.remedy
