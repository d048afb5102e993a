"""The account and the recording are the lab device's here; `test_run_on_android.py` calibrates a device."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.analysis.calibration import hold_against
from analyzer.capture.device import EnvironmentProblem
from analyzer.codec.calibration import read_account
from analyzer.model.calibration import Calibration, Proof
from analyzer.packs.catalog import load_catalog
from analyzer.report.document import ResultDocument
from analyzer.workflows.calibrate import order, sight, summary


@pytest.fixture(scope="module")
def compared(recorded_example):
    document = ResultDocument.model_validate_json(recorded_example.document)
    files = recorded_example.workspace.glob("lab*/truth/*/*.jsonl")
    account, unread = read_account([line for file in files for line in file.read_text("utf-8").splitlines()])
    assert unread == 0
    return document, account


def test_what_the_app_says_it_did_was_seen_and_is_proven(compared):
    document, account = compared
    checks = hold_against(account, sight(document), load_catalog())
    assert not [check for check in checks if check.proof is Proof.MISSED]
    found = Calibration("x", "Lab", "14", 34, "x86_64", "b", 1, "s", "d", {}, checks)
    assert {"telephony.device_id", "settings.secure_string", "wifi.ssid"} <= set(found.names("hook", Proof.PROVEN))
    assert "gzip" in found.names("decoder", Proof.PROVEN)
    assert "join by connection" in found.names("path", Proof.PROVEN)
    assert "0 missed; " in summary(found)


def test_a_hook_that_was_silent_and_a_value_that_was_overlooked_are_missed(compared):
    document, account = compared
    seen = sight(document)
    hooks = {**seen.hooks, "telephony.device_id": replace(seen.hooks["telephony.device_id"], fired=0)}
    values = [value for value in seen.values if "gzip" not in value.encodings]
    checks = hold_against(account, replace(seen, hooks=hooks, values=values), load_catalog())
    assert {check.name for check in checks if check.proof is Proof.MISSED} == {"telephony.device_id", "gzip"}


def test_a_device_that_is_not_there_is_told_before_anything_is_recorded(android, monkeypatch):
    double = android()
    monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", double.server[0])
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(double.server[1]))
    with pytest.raises(EnvironmentProblem, match="adb shows no device"):
        order("emulator-5554", (), None)
    assert order(double.serial, (), None).device == double.serial
