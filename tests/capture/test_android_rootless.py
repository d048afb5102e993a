from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.capture.android import ListedDevice
from analyzer.capture.android_device import AndroidSettings, Way
from analyzer.capture.android_redirect import CLASSES
from analyzer.capture.android_rootless import RootlessDevice
from analyzer.capture.changes import noted_serials
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.relay import Relay
from analyzer.model.vocabulary import GapKind
from analyzer.packs.persona import shipped_persona

APP = "com.example.plain"


def test_only_the_proxy_setting_changes_and_what_is_not_seen_is_told(android, tmp_path: Path):
    double = android()
    double.add_package(APP)
    before, gaps, relay = double.snapshot(), [], Relay(lambda *_: None, CLASSES)
    _, ports = relay.start()
    settings = AndroidSettings(APP, tmp_path, persona=shipped_persona())
    device = RootlessDevice(ListedDevice(double.serial, "phone", "Double", "device"), double.server, settings)
    device.lead(Way(relay, ports, lambda *gap: gaps.append(gap)))
    try:
        device.prepare(("127.0.0.1", 9), tmp_path / "nobody-reads-it")
        during = double.snapshot()
        assert during["settings"]["global"]["http_proxy"].startswith("127.0.0.1:")
        assert {name for name in during if during[name] != before[name]} == {"settings", "ports"}
        assert noted_serials(tmp_path) == [double.serial]
        with pytest.raises(EnvironmentProblem, match="without root"):
            device.set_ahead(60)
        device.restore()
    finally:
        relay.stop()
    assert double.snapshot()["settings"] == before["settings"]
    assert noted_serials(tmp_path) == []
    assert {kind for kind, *_ in gaps} == {GapKind.AGENT_LOST, GapKind.TRAFFIC_OPAQUE, GapKind.TRAFFIC_BYPASSED}
    assert all(since.mono_us <= until.mono_us for *_, since, until in gaps)
    assert device.not_planted == ("Without root nothing of the persona is on the device",)
