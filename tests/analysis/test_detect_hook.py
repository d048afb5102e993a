from __future__ import annotations

from detection import detect
from wire import IMEI, NULL, Wire, text, thing

from analyzer.model.vocabulary import Channel, Tier


def test_reads_attempts_requests_and_rows_have_their_tiers():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI))
    wire.call("telephony.imei", 2, NULL)
    wire.call("permission.ask", 3, arguments=(text("android.permission.ACCESS_FINE_LOCATION"),))
    wire.call("contacts.query", 4, thing("android.database.Cursor"))
    wire.call("contacts.row", 5, text("周慕白"), this=thing(uri=text("content://c"), column=text("name")))
    tiers = [(one.data_type, one.tier, one.event_id) for one in detect(wire).observations]
    assert tiers == [
        ("id.imei", Tier.ACCESSED, "1-accept/events/1"),
        ("id.imei", Tier.ATTEMPTED, "1-accept/events/2"),
        ("loc.precise", Tier.REQUESTED, "1-accept/events/3"),
        ("comm.contacts", Tier.ACCESSED, "1-accept/events/4"),
    ]


def test_a_request_that_ended_in_an_exception_was_only_tried():
    wire = Wire()
    wire.call("permission.ask", 1, arguments=(text("gps"),), threw="java.lang.SecurityException")
    assert [one.tier for one in detect(wire).observations] == [Tier.ATTEMPTED]


def test_a_call_that_ended_in_an_exception_is_an_attempt_whatever_it_asked_for():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), threw="java.lang.SecurityException")
    wire.call("permission.ask", 2, arguments=(text("android.permission.READ_CONTACTS"),), threw="java.lang.Exception")
    assert [one.tier for one in detect(wire).observations] == [Tier.ATTEMPTED, Tier.ATTEMPTED]


def test_storing_a_known_value_is_an_observation_and_storing_anything_else_is_none():
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.call("prefs.put", 1, arguments=(text("did"), text(f"x|{IMEI}")))
    wire.call("prefs.put", 2, arguments=(text("did"), text("nothing")))
    found = [(one.channel, one.tier, one.path) for one in detect(wire).observations]
    assert found == [(Channel.STORAGE, Tier.STORED, "argument:1")]


def test_a_call_that_the_catalog_does_not_know_is_no_observation():
    wire = Wire()
    wire.call("what.is_this", 1, text(IMEI))
    assert detect(wire).observations == ()
