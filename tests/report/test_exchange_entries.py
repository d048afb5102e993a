from __future__ import annotations

import hashlib

from analyzer.model.vocabulary import Phase
from analyzer.report.document import ResultDocument


def test_an_event_tells_call_process_stack_and_phase(document: ResultDocument) -> None:
    (event,) = document.events
    assert (event.id, event.hook, event.pid, event.phase) == (
        "1-accept/events/2",
        "telephony.imei",
        4242,
        Phase.INITIAL,
    )
    assert event.result is not None
    assert event.result.text == "490154203237518"
    assert event.stack == ("Example", "com.a.B.c(B.java:1)")


def test_a_flow_names_its_bodies_by_digest_and_its_recipient(document: ResultDocument) -> None:
    flow = document.flows[0]
    assert flow.request_line == "POST https://ads.example:443/v1?d=Example HTTP/2.0"
    assert flow.request is not None
    assert flow.request.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert flow.response is not None
    assert flow.response.sha256 == "aa" * 32
    assert flow.recipient is not None
    assert (flow.status, flow.read, flow.recipient.party.value) == (200, True, "third")


def test_messages_carry_their_own_line(document: ResultDocument) -> None:
    (message,) = document.flows[0].messages
    assert (message.ref.line, message.direction.value, message.body.size) == (3, "sent", 2)


def test_a_refused_connection_is_unread_and_says_why(document: ResultDocument) -> None:
    refused = document.flows[1]
    assert (refused.read, refused.status, refused.request, refused.error) == (False, None, None, "Example")
