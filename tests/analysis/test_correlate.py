from __future__ import annotations

from detection import detect
from wire import IMEI, Wire, number, text, thing

from analyzer.model.vocabulary import LinkMethod

A = ("com.acme.A.a(A.java:1)",)
B = ("com.bolt.B.b(B.java:1)",)


def test_a_sent_value_is_linked_once_to_the_latest_read_of_the_code_that_sent_it():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=A)
    wire.call("telephony.imei", 2, text(IMEI), frames=B)
    wire.call("net.connect", 3, this=thing(local_port=number("7")), frames=A)
    wire.request(4, f"d={IMEI}".encode(), port=7)
    links = [(link.event, link.method, link.distance_us) for link in detect(wire).links]
    assert links == [
        ("1-accept/events/6", LinkMethod.SOCKET, 1_000_000),
        ("1-accept/events/2", LinkMethod.VALUE, 3_000_000),
    ]


def test_a_read_after_the_send_is_no_source():
    wire = Wire()
    wire.request(1, f"d={IMEI}".encode())
    wire.call("telephony.imei", 2, text(IMEI))
    assert detect(wire).links == ()


def test_only_unread_flows_are_linked_by_time_and_weakly():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=A)
    wire.call("net.connect", 2, this=thing(local_port=number("7")), frames=A)
    wire.request(2.5, b"nothing", port=7)
    wire.call("net.connect", 3, this=thing(local_port=number("8")), frames=A)
    wire.refusal(3.5, "pinned.example", 8)
    timed = [link for link in detect(wire).links if link.method is LinkMethod.TIME]
    assert [(link.event, link.flow_index, link.confidence) for link in timed] == [("1-accept/events/2", 1, 0.3)]


def test_answers_are_not_linked():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI))
    wire.response(wire.request(2), 3, f"d={IMEI}".encode())
    assert detect(wire).links == ()
