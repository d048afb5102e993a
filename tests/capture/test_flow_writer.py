from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from analyzer.capture.flow_records import ErrorSeen, Keep, MessageSeen, whole
from analyzer.capture.flow_writer import FlowWriter, QueueLimits
from analyzer.capture.proxy_messages import ProxyLost
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, Body, FlowError, Gap, Message, Peer, Request
from analyzer.model.vocabulary import Direction, GapKind

AT = Stamp(1, 2)


class ListSink:
    def __init__(self) -> None:
        self.records = []
        self.problem: Exception | None = None
        self.refused = ""
        self.open = threading.Event()
        self.open.set()

    def append(self, record) -> None:
        self.open.wait(60)
        if self.problem:
            raise self.problem
        if record.flow == self.refused:
            raise ValueError("a record is too long for a line")
        self.records.append(record)

    def keep(self, data: bytes, suffix: str = "") -> Blob:
        return Blob(f"bodies/x{suffix}", "x", len(data))


def _request(seq: int, _keep: Keep) -> Request:
    return Request(
        seq,
        "proxy",
        AT,
        AT,
        "f",
        "GET",
        "https",
        "a.example",
        443,
        "/" + "x" * 500,
        "HTTP/1.1",
        (),
        Body(0),
        Peer("127.0.0.1", 1),
    )


def _writer(sink: ListSink, told: list, failed: Callable[[], None] = lambda: None, **options: object) -> FlowWriter:
    return FlowWriter(sink, told.append, failed, **options)


def test_records_are_written_in_order_with_their_numbers() -> None:
    sink, told = ListSink(), []
    writer = _writer(sink, told)
    for number in range(500):
        writer.put(ErrorSeen(f"f{number}", "gone", AT))
    assert writer.close() == {"flowerror": 500}
    assert [(record.seq, record.flow) for record in sink.records] == [(n, f"f{n}") for n in range(500)]


def test_a_full_queue_never_blocks_and_tells_how_much_was_lost() -> None:
    sink, told = ListSink(), []
    sink.open.clear()
    writer = _writer(sink, told, limits=QueueLimits(entries=10))
    for number in range(100):
        writer.put(ErrorSeen(f"f{number}", "gone", AT))
    sink.open.set()
    counts = writer.close()
    assert counts["dropped"] + len(sink.records) == 100
    assert len(sink.records) in (10, 11)
    gap = next(message for message in told if isinstance(message, Gap))
    assert gap.kind is GapKind.FLOWS_DROPPED
    assert f"{counts['dropped']} records" in gap.why
    assert gap.until is not None
    assert gap.stamp.mono_us <= gap.until.mono_us


def test_large_bodies_fill_the_queue_by_their_weight() -> None:
    sink, told = ListSink(), []
    sink.open.clear()
    writer = _writer(sink, told, limits=QueueLimits(weight=100))
    for _ in range(10):
        writer.put(ErrorSeen("f", "gone", AT), weight=60)
    sink.open.set()
    assert writer.close()["dropped"] in (8, 9)


def test_a_sink_that_fails_is_told_once_and_ends_the_writing() -> None:
    sink, told, failures = ListSink(), [], []
    sink.problem = OSError(28, "No space left on device")
    writer = _writer(sink, told, lambda: failures.append(1))
    for _ in range(5):
        writer.put(ErrorSeen("f", "gone", AT))
    writer.close()
    assert failures == [1]
    assert [type(message) for message in told] == [ProxyLost]
    assert "No space left on device" in told[0].reason


def test_a_record_that_the_sink_refuses_is_a_gap_and_the_rest_goes_on() -> None:
    sink, told = ListSink(), []
    sink.refused = "odd"
    writer = _writer(sink, told)
    writer.put(ErrorSeen("odd", "gone", AT))
    writer.put(ErrorSeen("fine", "gone", AT))
    writer.close()
    assert (told[0].kind, told[0].subject) == (GapKind.RECORD_INVALID, "odd")
    assert [record.flow for record in sink.records] == ["fine"]


def test_a_truncated_body_is_a_gap_that_names_the_flow() -> None:
    sink, told = ListSink(), []
    writer = _writer(sink, told)

    def cut(seq: int, _keep: Keep) -> Message:
        return Message(seq, "proxy", AT, "f7", Direction.SENT, False, Body(9, b"abc", truncated=True))

    writer.put(cut)
    writer.put(MessageSeen("f8", whole(b"abc"), from_client=True, text=False, stamp=AT))
    assert writer.close() == {"message": 2, "gaps": 1}
    assert [(gap.kind, gap.subject) for gap in told] == [(GapKind.BODY_TRUNCATED, "f7")]
    assert told[0].why == "3 bytes of this message were kept, 9 were seen"


def test_a_body_that_did_not_end_is_a_gap_as_long_as_it_was_sent() -> None:
    sink, told = ListSink(), []
    writer = _writer(sink, told)
    later = replace(AT, mono_us=AT.mono_us + 5)
    writer.put(lambda seq, keep: replace(_request(seq, keep), end=later, body=Body(0, b"", truncated=True)))
    writer.close()
    (gap,) = (one for one in told if isinstance(one, Gap))
    assert (gap.stamp, gap.until) == (AT, later)
    assert gap.why == "the body of this request did not end, and nothing of it was kept"


def test_a_request_is_shown_short_with_what_the_preview_found() -> None:
    sink, told = ListSink(), []
    writer = _writer(sink, told, preview=lambda request: [request.host])
    writer.put(_request)
    writer.close()
    assert (told[0].id, told[0].found, len(told[0].target)) == ("f", ("a.example",), 200)


def test_a_preview_that_fails_costs_no_evidence() -> None:
    sink, told = ListSink(), []

    def explode(_request: Request) -> list[str]:
        raise RuntimeError("odd bytes")

    writer = _writer(sink, told, preview=explode)
    writer.put(_request)
    writer.put(_request)
    assert writer.close() == {"request": 2, "preview_failures": 2, "gaps": 1}
    assert len(sink.records) == 2


def test_a_gap_for_the_parent_keeps_its_place_and_its_number() -> None:
    sink, told = ListSink(), []
    writer = _writer(sink, told)
    writer.gap(GapKind.PROXY_ERROR, "proxy", "first")
    writer.gap(GapKind.PROXY_ERROR, "proxy", "second")
    writer.close()
    assert [(gap.seq, gap.why) for gap in told] == [(0, "first"), (1, "second")]


def test_nothing_is_taken_after_closing() -> None:
    sink, told = ListSink(), []
    writer = _writer(sink, told)
    writer.close()
    writer.put(ErrorSeen("f", "late", AT))
    assert writer.close() == {}
    assert not [record for record in sink.records if isinstance(record, FlowError)]
