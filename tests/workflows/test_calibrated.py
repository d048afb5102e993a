from __future__ import annotations

from dataclasses import replace

from analyzer.model.calibration import Calibration
from analyzer.store import calibrations
from analyzer.workflows.calibrated import calibrated, day, instruments
from analyzer.workflows.home import Home


def test_a_calibration_holds_for_the_same_build_and_the_same_instruments_only(tmp_path):
    home = Home(tmp_path)
    found = Calibration("s", "Pixel", "14", 34, "x86_64", "build-1", 1, "session", "digest", instruments(home))
    assert calibrated(home, "s", "build-1") is None
    calibrations.keep(tmp_path, found)
    assert calibrated(home, "s", "build-1") == found
    assert calibrated(home, "s", "build-2") is None
    calibrations.keep(tmp_path, replace(found, instruments={**found.instruments, "frida": "1.0"}))
    assert calibrated(home, "s", "build-1") is None


def test_a_day_is_told_in_utc():
    assert day(1_767_225_599_999_999) == "2025-12-31"
