from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.codec.foreign import UNTIMED_CLOCK, Broken, stamp
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Body, Mark, Peer, Request, Response
from analyzer.model.vocabulary import GapKind, MarkKind, Source
from analyzer.packs.catalog_entries import Catalog
from analyzer.store.recording import RecordingWriter
from analyzer.workflows.import_hooks import HookNames
from analyzer.workflows.import_records import INLINE_LIMIT, Intake


def request(at: int = 5, body: Body | None = None, **parts) -> Request:
    made = {"seq": 1, "source": "har-1", "stamp": stamp(at), "end": stamp(at + 1), "flow": "har-1:1", "method": "POST",
            "scheme": "https", "host": "a.example", "port": 443, "target": "/", "http_version": "HTTP/1.1",
            "headers": (), "body": body or Body(0), "peer": Peer("", 0)}  # fmt: skip
    return Request(**(made | parts))


@pytest.fixture
def intake(tmp_path):
    (tmp_path / "1-import").mkdir()
    with RecordingWriter(tmp_path / "1-import", "s", Source) as writer:
        yield Intake(writer, "com.example", HookNames(Catalog()))


def written(intake: Intake, source: Source) -> list[str]:
    intake._writer.flush()
    return (intake._writer.path / f"{source}.jsonl").read_text().splitlines()


def test_records_are_counted_and_bound_the_time(intake):
    intake.take(request(9), "a.har")
    intake.take(request(5), "a.har")
    assert (intake.flows, intake.records, intake.first_us, intake.last_us) == (2, 2, 5, 10)


def test_a_large_body_lies_beside_the_record(intake):
    data = b"x" * (INLINE_LIMIT + 1)
    intake.take(request(body=Body(len(data), data)), "a.har")
    assert len(written(intake, Source.FLOWS)[0]) < 2000
    assert next((intake._writer.path / "bodies").iterdir()).stat().st_size == len(data)


def test_records_without_a_time_are_one_gap_per_file_and_their_answers_are_not_counted(intake):
    untimed = Stamp(5, 5, UNTIMED_CLOCK)
    for seq in (1, 2):
        intake.take(replace(request(5, seq=seq), stamp=untimed), "a.har")
        body = Body(0)
        intake.take(Response(seq + 2, "har-1", untimed, untimed, "har-1:1", 200, "", "HTTP/1.1", (), body), "a.har")
    intake.end_file("a.har")
    intake.end_file("b.har")
    (line,) = written(intake, Source.GAPS)
    assert GapKind.CLOCK_UNCERTAIN.value in line
    assert "2 records tell no time" in line
    assert UNTIMED_CLOCK in intake.clocks


def test_responses_without_content_are_one_gap_per_file(intake):
    for _ in range(3):
        body = Body(10, truncated=True)
        intake.take(Response(2, "har-1", stamp(6), stamp(7), "har-1:1", 200, "", "HTTP/1.1", (), body), "a.har")
    intake.end_file("a.har")
    intake.end_file("b.har")
    (line,) = written(intake, Source.GAPS)
    assert "3 responses of" in line or "3 responses in" in line


def test_what_broke_before_any_time_is_known_waits_for_one(intake):
    intake.take(Broken("line 1", "no JSON", 0), "a.jsonl")
    intake.take(request(8), "a.har")
    (line,) = written(intake, Source.GAPS)
    assert '"wall_us":8' in line
    assert "a.jsonl: line 1" in line


def test_what_never_gets_a_time_is_written_at_the_end(intake):
    intake.take(Broken("line 1", "the file ends in the middle of it", 0), "a.jsonl")
    assert written(intake, Source.GAPS) == []
    intake.end()
    assert GapKind.RECORD_TORN.value in written(intake, Source.GAPS)[0]
    assert intake.broken == "a.jsonl: line 1: the file ends in the middle of it"


def test_a_record_that_no_reader_would_take_is_a_gap(intake):
    intake.take(request(seq=2**70), "a.har")
    assert (intake.records, intake.gaps) == (0, 1)


def test_where_a_foreign_recording_began_and_ended_is_not_taken_over(intake):
    intake.take(Mark(1, "x", stamp(3), MarkKind.RECORDING_ENDED, {"keep_data": "true"}), "a.jsonl")
    intake.take(Mark(2, "x", stamp(4), MarkKind.ACCEPTED), "a.jsonl")
    assert len(written(intake, Source.MARKS)) == 1
    assert [mark.kind for mark in intake.marks] == [MarkKind.RECORDING_ENDED, MarkKind.ACCEPTED]


def test_a_gap_has_a_place_on_the_clock_of_the_capture(intake):
    intake.take(request(8), "a.har")
    intake.gap(GapKind.INTERRUPTED, "import", "why")
    assert '"domain":"import"' in written(intake, Source.GAPS)[0]


def test_handshakes_that_contradict_where_requests_went_are_one_gap_per_file(intake):
    for host in ("nice.example", "other.example", "tracker.example"):
        intake.take(request(5, host=host, peer=Peer("", 0, "tracker.example", tls=True)), "a.mitm")
    intake.end_file("a.mitm")
    intake.end_file("b.mitm")
    (line,) = written(intake, Source.GAPS)
    assert "2 requests went through a connection whose TLS handshake names another host" in line
