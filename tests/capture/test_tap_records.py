from __future__ import annotations

from tap_rig import PLACE, at

from analyzer.capture.flow_records import Content, whole
from analyzer.capture.tap_records import (
    Head,
    StatusHead,
    TappedConnection,
    TappedError,
    TappedMessage,
    TappedRequest,
    TappedResponse,
)
from analyzer.codec.records import decode, encode
from analyzer.model.vocabulary import TAP, Direction, FlowKind, Owner


def never(data: bytes):
    raise AssertionError(f"{len(data)} bytes were kept beside the record")


def test_every_record_is_the_apps_and_can_be_written_and_read_again():
    head = Head("GET", "a.example", 443, "/", "HTTP/2.0", (("a", "\xe9"),))
    drafts = [
        TappedRequest("f", head, whole(b"x"), PLACE.peer, at(1), at(2)),
        TappedResponse("f", StatusHead(200, "", "HTTP/2.0", ()), Content(b"", 9, complete=False), at(3), at(4)),
        TappedConnection("g", "a.example", 443, PLACE.peer, at(1)),
        TappedMessage("g", Direction.SENT, text=False, content=whole(b"\x00"), stamp=at(1)),
        TappedError("f", "e" * 9999, at(1)),
    ]
    records = [draft(number, never) for number, draft in enumerate(drafts)]
    assert [decode(encode(one)) for one in records] == records
    assert {one.source for one in records} == {TAP}
    assert (records[0].tapped, records[0].owner, records[0].scheme) == (True, Owner.APP, "https")
    assert records[1].body.truncated
    assert (records[2].kind, records[2].owner) == (FlowKind.TCP, Owner.APP)
    assert len(records[4].error) == 500
