from __future__ import annotations

from adb_double import adb_server

from analyzer.workflows.machine import check_machine, list_devices


def test_the_lab_device_is_listed_after_what_is_connected(monkeypatch):
    with adb_server(b"OKAY0000") as (host, port):
        monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", host)
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
        assert [row[0] for row in list_devices()] == ["lab"]


def test_checking_the_machine_changes_nothing(tmp_path):
    checks = check_machine(tmp_path / "workspace")
    assert {check.state for check in checks} <= {"ok", "warn", "fail"}
    assert not (tmp_path / "workspace").exists()
