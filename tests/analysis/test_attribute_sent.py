from __future__ import annotations

import hashlib
from dataclasses import replace

from detection import detect
from wire import IMEI, NULL, Wire, number, raw, text, thing

from analyzer.model.vocabulary import Party, Tier

WIRE = "com.lightlib.http.Post.post(Post.java:14)"
ADS = "tv.adnimbus.Bid.send(Bid.java:1)"
STATS = "com.statharbor.Boot.run(Boot.java:2)"
APP = "com.example.Main.onCreate(Main.java:3)"
ANDROID_ID = "7c41e9d0b35fa286"


def _open(wire: Wire, at: float, port: int, *frames: str) -> None:
    wire.call("net.connect", at, this=thing(local_port=number(str(port))), frames=frames)


def _senders(wire: Wire) -> list[tuple[str, str]]:
    return [(one.data_type, one.sdk.id) for one in detect(wire).sent if one.sdk]


def test_the_party_in_the_stack_that_read_the_value_sent_it_and_not_the_wrapper_that_it_called():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=(ADS,))
    _open(wire, 2, 4000, WIRE, ADS)
    wire.request(3, f"x={IMEI}".encode(), port=4000)
    one = detect(wire).sent[0]
    assert one.sdk is not None
    assert one.sdk.id == "tv.adnimbus"
    assert one.reasoning.endswith("; sent through com.lightlib")


def test_an_sdk_that_sends_its_own_value_through_its_own_code_stays_the_sender():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=(ADS,))
    wire.call("telephony.imei", 1.5, text(IMEI), frames=(STATS, ADS))
    _open(wire, 2, 4000, STATS, ADS)
    wire.request(3, f"x={IMEI}".encode(), port=4000)
    assert _senders(wire) == [("id.imei", "com.statharbor")]


def _shared_library() -> Wire:
    wire = Wire()
    wire.call("settings.android_id", 1, text(ANDROID_ID), frames=(APP,))
    wire.call("telephony.imei", 1, text(IMEI), frames=(STATS,))
    _open(wire, 2, 4000, WIRE, ADS)
    wire.request(3, f"x={ANDROID_ID}".encode(), host="a.example", port=4000)
    _open(wire, 4, 4001, WIRE)
    wire.request(5, f"x={IMEI}".encode(), host="b.example", port=4001)
    return wire


def test_a_shared_library_is_nobody_who_sends():
    assert _senders(_shared_library()) == [("id.android_id", "tv.adnimbus"), ("id.imei", "com.statharbor")]


def test_a_library_that_reads_itself_is_no_mere_carrier():
    wire = _shared_library()
    wire.call("telephony.imei", 0.5, NULL, frames=(WIRE,))
    assert _senders(wire) == [("id.android_id", "com.lightlib"), ("id.imei", "com.lightlib")]


def test_a_library_that_talks_to_one_host_only_is_no_mere_carrier():
    wire = _shared_library()
    wire.flows = [replace(flow, host="a.example") for flow in wire.flows]  # type: ignore[call-arg]
    assert {sdk for _, sdk in _senders(wire)} == {"com.lightlib"}


def test_for_a_shared_library_on_its_own_thread_it_sent_who_disguised_the_value_last():
    wire = _shared_library()
    salted = b"pepper" + IMEI.encode()
    made = hashlib.sha256(salted).digest()
    this = thing(algorithm=text("SHA-256"), input=raw(salted))
    wire.call("crypto.digest", 6, raw(made), this=this, frames=(ADS,))
    _open(wire, 7, 4002, WIRE)
    wire.request(8, f"x={made.hex()}".encode(), host="c.example", port=4002)
    assert _senders(wire)[-1] == ("id.imei", "tv.adnimbus")


def test_origins_of_the_process_that_sent_are_preferred():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=(APP,))
    wire.call("telephony.imei", 2, text(IMEI), frames=(APP,))
    event = wire.events[-1]
    wire.events[-1] = replace(event, process=replace(event.process, pid=200))  # type: ignore[union-attr]
    wire.request(4, f"x={IMEI}".encode(), port=4000)
    assert detect(wire).sent[0].origins == ("1-accept/events/4", "1-accept/events/2")
    _open(wire, 3, 4000, APP)
    assert detect(wire).sent[0].origins == ("1-accept/events/2",)


def test_who_read_a_value_says_nothing_of_whose_the_host_is():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=(ADS,))
    wire.request(3, f"x={IMEI}".encode(), host="api.shop-of-nobody.net", port=4000)
    one = detect(wire).sent[0]
    assert one.sdk is not None
    assert one.sdk.id == "tv.adnimbus"
    assert one.recipient is not None
    assert (one.recipient.party, one.recipient.company, one.tier) == (Party.UNKNOWN, "", Tier.TRANSMITTED)
