from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from analyzer.capture.journal import Journal
from analyzer.model.calibration import Calibration, Check, Proof
from analyzer.model.evidence import Record
from analyzer.model.vocabulary import MarkKind
from analyzer.store import calibrations
from analyzer.workflows.calibrated import Calibrated, calibrated, citation, day, instruments
from analyzer.workflows.home import Home


@dataclass
class Kept:
    records: list[Record]

    def append(self, record: Record) -> None:
        self.records.append(record)


def test_a_calibration_holds_for_the_same_build_and_the_same_instruments_only(tmp_path):
    home = Home(tmp_path)
    found = Calibration("s", "Pixel", "14", 34, "x86_64", "build-1", 1, "session", "digest", instruments(home))
    assert calibrated(home, "s", "build-1") == Calibrated()
    calibrations.keep(tmp_path, found)
    assert calibrated(home, "s", "build-1").calibration == found
    assert calibrated(home, "s", "build-2") == Calibrated()
    calibrations.keep(tmp_path, replace(found, instruments={**found.instruments, "frida": "1.0"}))
    assert calibrated(home, "s", "build-1") == Calibrated()


def test_a_file_that_is_no_calibration_is_named_and_stops_nothing(tmp_path):
    home = Home(tmp_path)
    file = calibrations.keep(tmp_path, Calibration("s:1", "Pixel", "14", 34, "x86_64", "b", 1, "session", "digest"))
    file.write_bytes(file.read_bytes()[:40])
    found = calibrated(home, "s:1", "b")
    assert found.calibration is None
    assert "devices/s%3A1.calibration.json cannot be read" in found.unreadable
    assert "analyzer calibrate" in found.unreadable


@pytest.mark.parametrize("hooks", [0, 1, 2_000])
def test_a_mark_holds_every_hook_that_was_proven(hooks):
    names = [f"family.hook_{number}" for number in range(hooks)]
    checks = tuple(Check("hook", name, Proof.PROVEN) for name in names)
    sink: list[Record] = []
    told = citation(Calibration("s", "Pixel", "14", 34, "x86_64", "b", 1, "session", "digest", checks=checks))
    mark = Journal(Kept(sink)).mark(MarkKind.DEVICE_CALIBRATED, None, **told)
    kept = [name for key, value in mark.details.items() if key.startswith("proven") for name in value.split()]
    assert kept == names


def test_a_day_is_told_in_utc():
    assert day(1_767_225_599_999_999) == "2025-12-31"
