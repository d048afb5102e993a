from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.codec.migrate import FormatProblem
from analyzer.model.calibration import Calibration
from analyzer.store import calibrations

FOUND = Calibration("10.0.0.7:5555", "Pixel", "14", 34, "x86_64", "build", 1, "session", "digest")


def test_the_newest_calibration_of_a_device_is_kept(tmp_path):
    assert calibrations.find(tmp_path, FOUND.serial) is None
    calibrations.keep(tmp_path, FOUND)
    file = calibrations.keep(tmp_path, replace(FOUND, build="newer"))
    assert calibrations.find(tmp_path, FOUND.serial) == replace(FOUND, build="newer")
    assert calibrations.find(tmp_path, "emulator-5554") is None
    assert file.stat().st_mode & 0o077 == 0


def test_a_serial_that_looks_like_a_path_stays_in_the_workspace(tmp_path):
    file = calibrations.keep(tmp_path, replace(FOUND, serial="../../x"))
    assert file.parent == tmp_path / "devices"


def test_a_file_that_is_no_calibration_is_refused(tmp_path):
    calibrations.keep(tmp_path, FOUND).write_text("{}")
    with pytest.raises(FormatProblem):
        calibrations.find(tmp_path, FOUND.serial)
