from __future__ import annotations

import pytest

from analyzer.codec.foreign import stamp
from analyzer.model.evidence import Event, Process, Thread
from analyzer.model.vocabulary import Ending, HookKind
from analyzer.packs.catalog_entries import Catalog, Hook, Target
from analyzer.workflows.import_hooks import HookNames

TELEPHONY = "android.telephony.TelephonyManager"


def hook(name: str, target: Target) -> Hook:
    return Hook(name, "telephony", HookKind.READ, target)


CATALOG = Catalog(
    {
        one.id: one
        for one in (
            hook("imei", Target((TELEPHONY,), "getImei")),
            hook("slot", Target((TELEPHONY,), "getSlot", (("int",), ("int", "boolean")))),
            hook("wifi", Target(("android.net.wifi.WifiInfo", "vendor.WifiInfo"), "getSSID")),
            hook("connect", Target(export="connect", module="libc.so")),
            hook("a.get", Target(("a.Thing",), "get")),
            hook("b.get", Target(("b.Thing",), "get")),
            hook("make", Target(("a.Made",), "<init>")),
        )
    }
)


def named(api: str, known: str = "") -> str:
    event = Event(1, "s", stamp(1), Process(1, "p"), Thread(1), known, api, (), Ending.RETURNED)
    return HookNames(CATALOG).name(event).hook


@pytest.mark.parametrize(
    ("api", "expected"),
    [
        (f"{TELEPHONY}.getImei()", "imei"),
        (f"{TELEPHONY}.getImei", "imei"),
        (f"{TELEPHONY}.getImei(int)", "imei"),
        (f"{TELEPHONY}.getSlot(int, boolean)", "slot"),
        (f"{TELEPHONY}.getSlot(java.lang.String)", ""),
        ("vendor.WifiInfo.getSSID()", "wifi"),
        ("TelephonyManager.getImei()", "imei"),
        ("Thing.get()", ""),
        ("a.Made.$init(int)", "make"),
        ("connect", "connect"),
        ("libc.so!connect", "connect"),
        ("com.example.Own.getImei()", ""),
    ],
)
def test_a_called_api_is_found_in_the_catalog(api, expected):
    assert named(api) == expected


def test_a_hook_that_the_capture_names_is_kept_when_the_catalog_has_it():
    assert named("whatever", "imei") == "imei"
    assert named(f"{TELEPHONY}.getImei()", "their.own.name") == "imei"


def test_apis_that_no_hook_describes_are_counted():
    names = HookNames(CATALOG)
    event = Event(1, "s", stamp(1), Process(1, "p"), Thread(1), "x", "a.B.c()", (), Ending.RETURNED)
    assert [names.name(event).hook for _ in range(2)] == ["", ""]
    assert names.unknown == {"a.B.c()": 2}
