from __future__ import annotations

from wire import CATALOG, NULL, Wire, listed, number, raw, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.placement import place_session
from analyzer.analysis.readings import Reading, canonical, persona_parts, read_calls


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
