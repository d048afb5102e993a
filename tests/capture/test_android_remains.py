from __future__ import annotations

import pytest

from analyzer.capture.android_facts import read_facts
from analyzer.capture.android_remains import find_remains
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import TrustStore
from analyzer.capture.certificate import ensure_authority


def remains(double, *, noted=False):
    shell = AndroidShell(double.serial, double.server)
    return find_remains(shell, read_facts(shell), noted=noted)


def test_a_device_on_which_nothing_was_left_has_no_remains(android):
    assert remains(android(api=34, root="magisk", data_size=300_000_000)) == []


def test_a_proxy_and_a_trust_store_of_a_killed_run_are_told_with_the_command_that_mends_each(android, tmp_path):
    double = android(api=34, root="magisk", data_size=300_000_000)
    double.change("settings", "global", "http_proxy", to="127.0.0.1:28100")
    shell = AndroidShell(double.serial, double.server)
    TrustStore(shell, "magisk").trust(ensure_authority(tmp_path), lambda *_: None)
    proxy, store = remains(double)
    assert proxy.remedy == f"run: adb -s {double.serial} shell settings put global http_proxy :0"
    assert "trust store" in store.sentence
    assert remains(double, noted=True) == []


@pytest.mark.parametrize("proxy", ["", ":0", "proxy.example:8080"])
def test_a_proxy_that_somebody_wants_is_left_alone(proxy, android):
    double = android(api=34, data_size=300_000_000)
    double.change("settings", "global", "http_proxy", to=proxy)
    assert remains(double) == []


def test_a_full_storage_is_told(android):
    (lack,) = remains(android(api=29, storage_full=True))
    assert lack.sentence.startswith("only 0 MB are free")
