from __future__ import annotations

import gc
import warnings

import adbutils
import pytest

from analyzer.capture.adb_transport import OwnDevice


def test_a_transport_that_the_server_refuses_leaves_no_open_socket(adb_server):
    device = OwnDevice("nobody", adb_server, 5)
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        for attempt in (device.open_transport, lambda: device.open_shell("id"), lambda: device.shell2("id", v2=True)):
            with pytest.raises(adbutils.AdbError):
                attempt()
        gc.collect()
    assert [str(one.message) for one in left if issubclass(one.category, ResourceWarning)] == []


def test_the_version_of_the_server_is_asked_once_and_words_are_never_joined(android, monkeypatch):
    double = android()
    device = OwnDevice(double.serial, double.server, 20)
    asked = []
    version = adbutils.AdbClient.server_version
    monkeypatch.setattr(adbutils.AdbClient, "server_version", lambda client: asked.append(1) or version(client))
    assert device.shell2("id -u", v2=True, rstrip=True).output == device.shell2("id -u", v2=True, rstrip=True).output
    assert len(asked) == 1
    with pytest.raises(TypeError):
        device.open_shell(["id", "-u"])
