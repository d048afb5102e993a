from __future__ import annotations

import pytest
from shipped import catalog
from wire import CATALOG, NULL, Wire, listed, number, raw, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.placement import place_session
from analyzer.analysis.readings import Reading, canonical, persona_parts, read_calls
from analyzer.model.evidence import Value
from analyzer.model.results import Call

SHIPPED = catalog()
KEY = text("android_id")
NO_CELL = thing("android.telephony.gsm.GsmCellLocation", cid=number("-1"), lac=number("-1"))
NO_IDENTITY = thing(cid=number("2147483647"), nci=number("9223372036854775807"), mcc=NULL)
HIDDEN_WIFI = thing(ssid=text("<unknown ssid>"), bssid=text("02:00:00:00:00:00"), mac=text("02:00:00:00:00:00"))


def _readings(wire: Wire) -> list[Reading]:
    session = wire.session()
    return [read.reading for read in read_calls(resolve_calls(session, place_session(session)), CATALOG)]


def test_values_of_every_shape_become_canonical_text():
    wire = Wire()
    wire.call("net.mac", 1, raw(bytes.fromhex("00005E00531D")))
    wire.call("wifi.info", 2, thing(ssid=text('"Lin-Home"'), bssid=text("02:00:00:00:00:00"), level=number("-40")))
    wire.call("location.last", 3, thing(latitude=number("31.2"), longitude=number("121.4"), time=number("17")))
    wire.call("packages.installed", 4, listed(thing(package=text("a.b"), version=text("1"))))
    assert [reading.text for reading in _readings(wire)] == ["00:00:5e:00:53:1d", "Lin-Home", "31.2,121.4", "a.b"]


def test_answers_that_stand_for_nothing_are_not_real():
    wire = Wire()
    for result in (NULL, text(""), text("unknown"), text("000000000000000")):
        wire.call("telephony.imei", 1, result)
    wire.call("packages.installed", 1, listed())
    wire.call("telephony.imei", 1, threw="java.lang.SecurityException: no")
    readings = _readings(wire)
    assert [reading.real for reading in readings] == [False] * 6
    assert "SecurityException" in readings[-1].why


@pytest.mark.parametrize(
    ("hook", "constant", "value"),
    [
        ("wifi.mac", text("02:00:00:00:00:00"), text("00:00:5e:00:53:1d")),
        ("bluetooth.address", text("02:00:00:00:00:00"), text("00:00:5e:00:53:2e")),
        ("interface.mac", raw(bytes.fromhex("020000000000")), raw(bytes.fromhex("00005e00531d"))),
        ("interface.mac", NULL, raw(bytes.fromhex("00005e00531d"))),
        ("wifi.bssid", text("00:00:00:00:00:00"), text("00:00:5e:00:53:a7")),
        ("wifi.ssid", text("<unknown ssid>"), text('"Home 7"')),
        ("wifi.ip", number("0"), number("387426496")),
        ("wifi.scan_results", listed(), listed(thing("android.net.wifi.ScanResult", ssid=text("Cafe")))),
        ("wifi.scan_results", listed(HIDDEN_WIFI), listed(thing("android.net.wifi.ScanResult", ssid=text("Cafe")))),
        ("build.serial", text("unknown"), text("R58M12ABCDE")),
        ("telephony.imei", text("unknown"), text("490154203237518")),
        ("telephony.device_id", text("000000000000000"), text("490154203237518")),
        ("telephony.subscriber_id", NULL, text("460001234567890")),
        ("settings.secure_string", text("9774d56d682e549c"), text("a1b2c3d4e5f60718")),
        ("gaid.info", text("00000000-0000-0000-0000-000000000000"), text("38400000-8cf0-11bd-b23e-10b96e40000d")),
        ("oaid.supplier", text("0" * 32), text("f3a1" * 8)),
        ("packages.installed", listed(), listed(thing("android.content.pm.PackageInfo", package=text("a.b")))),
        ("telephony.cell_location", NO_CELL, thing("android.telephony.gsm.GsmCellLocation", cid=number("4711"))),
        ("telephony.all_cell_info", listed(NO_IDENTITY), listed(thing(cid=number("4711")))),
        ("cell.lte_ci", number("2147483647"), number("4711")),
    ],
)
def test_what_android_gives_in_place_of_a_value_is_an_attempt_and_a_value_is_none(hook, constant, value):
    def read(answer: Value) -> Reading:
        wire = Wire()
        wire.call(hook, 1, answer, arguments=(NULL, KEY))
        session = wire.session()
        calls: tuple[Call, ...] = resolve_calls(session, place_session(session))
        return read_calls(calls, SHIPPED)[0].reading

    assert (read(constant).real, read(value).real) == (False, True)
    assert read(constant).why.startswith("the answer was ")
    assert read(constant).parts == ()


def test_the_rows_of_a_query_belong_to_the_query():
    wire = Wire()
    wire.call("contacts.query", 1, thing("android.database.Cursor"))
    row = {"uri": text("content://com.android.contacts"), "column": text("display_name")}
    wire.call("contacts.row", 2, text("周慕白"), this=thing(**row))
    wire.call("contacts.row", 3, text("+8613800138471"), this=thing(**row))
    readings = _readings(wire)
    assert [[text for _, text in reading.parts] for reading in readings] == [["周慕白", "+8613800138471"]]


def test_the_rows_of_two_queries_at_once_belong_to_the_query_of_their_thread():
    wire = Wire()
    row = {"uri": text("content://com.android.contacts"), "column": text("display_name")}
    for tid in (7, 8):
        wire.call("contacts.query", tid, thing("android.database.Cursor"), tid=tid)
    for at, (tid, name) in enumerate(((7, "周慕白"), (8, "周慕白"), (9, "沈听澜"))):
        wire.call("contacts.row", 10 + at, text(name), this=thing(**row), tid=tid)
    assert [[text for _, text in reading.parts] for reading in _readings(wire)] == [["周慕白"], ["周慕白", "沈听澜"]]


def test_planted_values_are_text_or_json():
    assert persona_parts("id.imei", "1") == (("", "1"),)
    assert persona_parts("loc.precise", '{"lat":1.5,"lon":2.5}') == (("lat", "1.5"), ("lon", "2.5"))
    assert canonical("id.mac_wifi", "AA-BB-CC-DD-EE-FF") == "aa:bb:cc:dd:ee:ff"
