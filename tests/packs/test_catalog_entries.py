from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Process, Thread, Value
from analyzer.model.vocabulary import Ending, HookKind, ValueKind, Where
from analyzer.packs.catalog_entries import Catalog, Hook, Selection, Target


def text(value: str) -> Value:
    return Value(ValueKind.STRING, "java.lang.String", value)


def event(*arguments: Value, result: Value | None = None, this: Value | None = None) -> Event:
    return Event(
        1,
        "agent:1",
        Stamp(1, 1),
        Process(1, "p"),
        Thread(1),
        "a.b",
        "A.b()",
        arguments,
        Ending.RETURNED,
        result,
        "",
        this,
    )


KEYED = Hook(
    "a.b",
    "a",
    HookKind.READ,
    Target(("A",), "b"),
    select=Selection("argument", 1, "", "equals", {"android_id": "id.android_id"}),
    where=Where.RETURN,
)


@pytest.mark.parametrize(("key", "expected"), [("android_id", "id.android_id"), ("android_id2", ""), ("", "")])
def test_the_key_decides_the_data_type(key, expected):
    assert KEYED.data_type_of(event(text("resolver"), text(key))) == expected


def test_a_missing_argument_selects_nothing():
    assert KEYED.data_type_of(event()) == ""


def test_the_first_matching_prefix_of_a_receivers_field_decides():
    cases = {"content://a/b": "comm.sms", "content://a": "comm.contacts"}
    hook = replace(KEYED, select=Selection("this", 0, "uri", "prefix", cases))
    row = Value(ValueKind.OBJECT, "Cursor", fields=(("uri", text("content://a/c")),))
    assert hook.data_type_of(event(this=row)) == "comm.contacts"
    assert hook.data_types() == {"comm.sms", "comm.contacts"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/sys/class/net/wlan1/address", "id.mac_wifi"),
        ("/sys/class/net/p2p-dev-wlan0/address", "id.mac_wifi"),
        ("/sys/class/net/wlan0/statistics/address", ""),
        ("/sys/class/net//address", ""),
        ("/sys/class/net/address", ""),
        ("/sys/class/net/wlan0/address2", ""),
        ("/proc/cpuinfo", "dev.hardware_profile"),
        ("/proc/cpuinfo2", ""),
    ],
)
def test_a_star_in_a_path_is_one_whole_step(path, expected):
    cases = {"/sys/class/net/*/address": "id.mac_wifi", "/proc/cpuinfo": "dev.hardware_profile"}
    hook = replace(KEYED, select=Selection("argument", 1, "", "path", cases))
    assert hook.data_type_of(event(text("dir"), text(path))) == expected


def test_the_value_is_the_result_the_argument_or_a_field_of_them():
    place = Value(ValueKind.OBJECT, "Location", fields=(("latitude", text("31.2")),))
    assert KEYED.value_of(event(text("x"), result=place)) == place
    assert replace(KEYED, field="latitude").value_of(event(result=place)) == text("31.2")
    assert replace(KEYED, where=Where.ARGUMENT, argument=1).value_of(event(text("x"), text("y"))) == text("y")
    assert replace(KEYED, where=Where.ARGUMENT, argument=1).value_of(event(text("x"))) is None
    assert replace(KEYED, where=None).value_of(event(result=place)) is None


def test_the_catalog_knows_the_data_type_of_an_event():
    catalog = Catalog({"a.b": KEYED})
    assert catalog.data_type_of(event(text("r"), text("android_id"))) == "id.android_id"
    assert Catalog().data_type_of(event()) == ""
    assert catalog.hook("a.b") is KEYED
    assert catalog.hook("nope") is None


def test_a_call_that_only_hands_out_an_object_counts_when_it_was_refused():
    hook = replace(KEYED, select=None, data_type="loc.wifi_current", where=None, only_refused=True)
    assert hook.data_type_of(event()) == ""
    assert hook.data_type_of(replace(event(), ending=Ending.THREW)) == "loc.wifi_current"
    assert hook.data_types() == {"loc.wifi_current"}
