from __future__ import annotations


def test_the_lab_device_needs_no_calibration(analyzer):
    said = analyzer("calibrate", "--device", "lab")
    assert (said.code, said.out) == (3, b"")
    assert "lab device" in said.err


def test_a_device_that_is_not_there_is_one_sentence(analyzer, android, monkeypatch):
    server = android().server
    monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", server[0])
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(server[1]))
    said = analyzer("calibrate", "--device", "emulator-5554")
    assert said.code == 3
    assert "adb shows no device emulator-5554" in said.err
