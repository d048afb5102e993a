from __future__ import annotations

import os
from pathlib import Path

import pytest
from adb_double import adb_server

from analyzer.capture.android import list_devices, server_answers, server_in_use, stop_server

TWO = (
    b"0123456789ABCDEF       device usb:1-1 product:raven model:Pixel_6_Pro device:raven transport_id:1\n"
    b"emulator-5554          offline transport_id:2\n"
)


def test_connected_devices_are_listed_with_their_state() -> None:
    with adb_server(b"OKAY" + b"%04x" % len(TWO) + TWO) as address:
        found = list_devices(server=address)
    assert [tuple(device) for device in found] == [
        ("0123456789ABCDEF", "phone", "Pixel 6 Pro", "device"),
        ("emulator-5554", "emulator", "", "offline"),
    ]


def test_a_server_that_refuses_or_talks_nonsense_lists_nothing() -> None:
    for answer in (b"FAIL0004nope", b"", b"OKAYzzzz", b"HTTP/1.1 400 Bad Request"):
        with adb_server(answer) as address:
            assert list_devices(server=address) == []


def test_no_server_means_no_devices_and_none_is_started() -> None:
    with adb_server(b"") as address:
        pass
    assert not server_answers(address)
    assert list_devices(server=address) == []
    assert not server_answers(address)


@pytest.mark.parametrize("runtime", [True, False])
def test_who_uses_the_server_is_told_in_a_folder_of_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, runtime: bool
) -> None:
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "1")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path) if runtime else "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with server_in_use():
        assert stop_server() == ""
    file = tmp_path / "analyzer" / "adb-1.lock"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_lock_of_another_user_leaves_the_server_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with adb_server(b"OKAY") as (_, port):
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
        assert stop_server() == ""
        me = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: me + 1)
        said = stop_server()
    assert said.startswith("The adb server that was started for this list still runs: ")
    assert said.endswith(f"belongs to another user ({tmp_path / 'analyzer'}).")


def test_a_folder_that_is_a_file_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "analyzer").write_text("")
    assert str(tmp_path / "analyzer") in stop_server()
