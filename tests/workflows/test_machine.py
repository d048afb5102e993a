from __future__ import annotations

import socket

import pytest
from adb_double import adb_server

from analyzer.capture.android import server_answers, server_in_use, stop_server
from analyzer.workflows.machine import check_machine, list_devices


def test_the_lab_device_is_listed_after_what_is_connected(monkeypatch):
    with adb_server(b"OKAY0000") as (host, port):
        monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", host)
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
        rows, left = list_devices()
        assert ([row[0] for row in rows], left) == (["lab"], "")


def test_checking_the_machine_changes_nothing(tmp_path):
    checks = check_machine(tmp_path / "workspace")
    assert {check.state for check in checks} <= {"ok", "warn", "fail"}
    assert not (tmp_path / "workspace").exists()


def test_listing_devices_leaves_a_server_that_a_run_has_begun_to_use(monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.delenv("ANDROID_ADB_SERVER_HOST", raising=False)
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
    with server_in_use():
        list_devices()
        assert server_answers(("127.0.0.1", port))
    stop_server()
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=60):
        pass


def test_listing_devices_says_nothing_of_adb_and_leaves_no_server(monkeypatch, capfd):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.delenv("ANDROID_ADB_SERVER_HOST", raising=False)
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
    assert list_devices()[0][-1][0] == "lab"
    assert capfd.readouterr() == ("", "")
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=60):
        pass
