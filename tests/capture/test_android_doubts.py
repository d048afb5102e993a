from __future__ import annotations

import pytest

from analyzer.capture.android_doubts import Errands, find_doubts
from analyzer.capture.android_packages import AndroidPackages
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_trust_check import TrustSeen
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Process, Thread, Value
from analyzer.model.vocabulary import Ending, GapKind, ValueKind

APP = "com.example"
TRUSTED = TrustSeen("trusted")


@pytest.mark.parametrize(
    ("libraries", "abi", "doubted"),
    [
        ("arm64-v8a", "x86_64", True),
        ("armeabi-v7a", "x86_64", True),
        ("x86_64", "x86_64", False),
        ("armeabi-v7a", "arm64-v8a", False),
        ("null", "x86_64", False),
    ],
)
def test_libraries_that_run_translated_are_code_that_no_native_hook_sees(libraries, abi, doubted, android):
    double = android(abi=abi)
    double.add_package(APP, libraries=libraries, version="1\n    primaryCpuAbi=arm64-v8a")
    found = find_doubts(AndroidPackages(AndroidShell(double.serial, double.server)), APP, abi, TRUSTED)
    assert [(kind, libraries in why) for kind, _, why in found] == [(GapKind.CODE_UNSEEN, True)] * doubted


def test_a_shared_user_and_a_certificate_that_is_not_trusted_are_doubts_of_the_traffic(android):
    double = android()
    double.add_package(APP, shared_user="com.example.together")
    packages = AndroidPackages(AndroidShell(double.serial, double.server))
    found = find_doubts(packages, APP, "x86_64", TrustSeen("refused", "curl: (60) unknown"))
    assert [kind for kind, _, _ in found] == [GapKind.TRAFFIC_OPAQUE] * 2
    assert found[1][2].endswith("curl: (60) unknown")


def asked(url: str, hook: str = "network.download") -> Event:
    request = Value(ValueKind.OBJECT, fields=(("url", Value(ValueKind.STRING, text=url)),))
    who = (Process(7, APP), Thread(7, "main"))
    return Event(
        1, "agent:7", Stamp(1, 1), *who, hook, "android.app.DownloadManager.enqueue", (request,), Ending.RETURNED
    )


def test_what_android_fetches_for_the_app_is_told_once_for_each_host():
    told = []
    errands = Errands(lambda *gap: told.append(gap))
    for event in (
        asked("https://cdn.example/a?imei=1"),
        asked("https://cdn.example/b"),
        asked("https://other.example/"),
        asked("https://own.example/", "network.url"),
        asked(""),
    ):
        errands.see(event)
    assert [(kind, host) for kind, host, _ in told] == [
        (GapKind.TRAFFIC_BYPASSED, host) for host in ("cdn.example", "other.example", "an address unknown")
    ]
