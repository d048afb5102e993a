from __future__ import annotations

from adb_double import adb_server


def test_devices_lists_phones_and_emulators_and_the_lab_device_last(analyzer, monkeypatch):
    with adb_server(b"OKAY0032emulator-5554          device model:Pixel_6 id:1  \n") as (host, port):
        monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", host)
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
        said = analyzer("devices")
    assert said.code == 0
    assert [row.split()[:2] for row in said.rows[1:]] == [["emulator-5554", "emulator"], ["lab", "lab"]]


def test_doctor_finds_this_machine_fit(analyzer):
    said = analyzer("doctor")
    assert said.code == 0, said.out.decode()
    names = {row[5:].partition(":")[0].lower() for row in said.rows}
    assert {"python", "mitmproxy", "frida"} <= names
