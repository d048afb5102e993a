from __future__ import annotations

from analyzer.capture.android_presence import Presence


def test_a_device_that_is_there_is_not_lost_and_one_that_was_unplugged_is_after_some_seconds(android):
    double = android()
    at = [0.0]
    presence = Presence(double.serial, double.server, lambda: at[0])
    assert presence.lost() == ""
    double.unplug()
    words = []
    while not words or (not words[-1] and at[0] < 60):  # adb itself may notice late
        at[0] += 2
        words.append(presence.lost())
    assert f"run `analyzer device restore --device {double.serial}`" in words[-1]
    assert len(words) > 2, "a bad contact for a moment is no loss"


def test_a_device_whose_adb_is_silent_is_lost_after_a_minute_and_one_that_is_back_is_not(android):
    double, at = android(), [0.0]
    nowhere = Presence(double.serial, ("127.0.0.1", 1), lambda: at[0])
    assert nowhere.lost() == ""
    at[0] = 9
    assert nowhere.lost() == "", "a machine may be busy"
    at[0] = 61
    assert "adb does not answer" in nowhere.lost()
    nowhere._server = double.server
    at[0] = 70
    assert nowhere.lost() == ""
