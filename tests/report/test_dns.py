from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from mitmproxy import dns
from traffic import DNSMessage

from analyzer.report.dns import dns_message


def packed():
    flags = dict.fromkeys(("authoritative_answer", "truncation", "recursion_available"), False)
    question = dns.Question("a.b.example.org", dns.types.A, dns.classes.IN)
    asked = DNSMessage(
        id=7, query=True, op_code=0, recursion_desired=True, reserved=0, response_code=0, **flags,
        questions=[question], answers=[], authorities=[], additionals=[], timestamp=5.0,
    )  # fmt: skip
    answered = asked.succeed([dns.ResourceRecord.A(question.name, IPv4Address("1.2.3.4"), ttl=9)])
    answered.timestamp = 5.0
    return answered


def test_a_message_is_taken_apart_as_mitmproxy_does():
    message = packed()
    assert dns_message(message.packed, 5.0) == message.get_state()


def test_names_are_read_through_their_pointers():
    data = bytes.fromhex("00010000000200000000 0000") + b"\x01a\x00\x00\x01\x00\x01" + b"\x01b\xc0\x0c\x00\x01\x00\x01"
    found = dns_message(data, 0.0)
    assert found is not None
    assert [question["name"] for question in found["questions"]] == ["a", "b.a"]


@pytest.mark.parametrize("cut", [0, 5, 11, 14, 30, -1])
def test_bytes_that_are_no_message_give_nothing(cut):
    assert dns_message(packed().packed[:cut], 0.0) is None


def test_a_name_that_points_to_itself_ends():
    assert dns_message(bytes.fromhex("0001000000010000000000 00") + b"\xc0\x0c\x00\x01\x00\x01", 0.0) is None
