from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from wire import CATALOG, IMEI, Wire, missing, stamp, taxonomy

from analyzer.analysis.detect_network import Watcher
from analyzer.analysis.flow_pass import Held, light, pass_flows
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.placement import place_session
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, EvidenceRef, Gap, Line, Request, Session
from analyzer.model.vocabulary import GapKind, Source


def _watcher(session: Session) -> Watcher:
    terms = taxonomy()
    known = gather_indicators("com.example", {"id.imei": (IMEI,)}, (), CATALOG, terms)
    return Watcher(known, terms, place_session(session), missing)


def _wire() -> Wire:
    wire = Wire()
    for at in range(1, 6):
        wire.response(wire.request(at, body=b'{"imei": "%s"}' % IMEI.encode()), at + 0.5, b"answer")
    return wire


def test_the_bytes_of_bodies_are_let_go_and_their_digest_stays():
    request = next(line.record for line in _wire().session().recordings[0].flows if isinstance(line.record, Request))
    kept = light(request)
    assert isinstance(kept, Request)
    assert kept.body.data == b""
    assert kept.body.size == request.body.size
    assert kept.body.blob == Blob("", sha256(request.body.data).hexdigest(), len(request.body.data))
    assert light(replace(request, body=kept.body)).body == kept.body  # type: ignore[union-attr]


def test_every_way_of_cutting_the_flows_gives_the_same():
    session = _wire().session()
    whole = pass_flows(session, _watcher(session))
    (recording,) = session.recordings
    for size in (1, 3, 7):
        parts = [Held(recording.flows[at : at + size]) for at in range(0, len(recording.flows), size)]
        cut = replace(session, recordings=(replace(recording, flows=(), chunks=parts, firsts=(stamp(1),)),))
        again = pass_flows(cut, _watcher(cut), lambda look, tasks: [look(task) for task in tasks])
        assert again == whole
    assert len(whole.seen) == 5
    assert len(whole.session.recordings[0].flows) == 10


def test_a_broken_line_is_placed_after_the_record_before_it_and_among_the_gaps_of_its_file():
    session = _wire().session()
    (recording,) = session.recordings

    def gap(file: str) -> Line[Gap]:
        return Line(0, Gap(1, "reader", Stamp(0, 0), GapKind.RECORD_TORN, f"{file}.jsonl:1", "torn"))

    chunk = Held([*recording.flows[:2], gap("flows")])  # type: ignore[list-item]
    broken = replace(recording, flows=(), chunks=(chunk,), gaps=(gap("events"), gap("marks")))
    (read,) = pass_flows(replace(session, recordings=(broken,)), _watcher(session)).session.recordings
    assert [line.record.subject for line in read.gaps] == ["events.jsonl:1", "flows.jsonl:1", "marks.jsonl:1"]
    assert read.gaps[1].record.stamp == recording.flows[1].record.stamp
    assert [line.number for line in read.flows] == [1, 2]


def test_what_was_seen_is_found_by_its_record():
    session = _wire().session()
    passed = pass_flows(session, _watcher(session))
    (line, *_) = passed.session.recordings[0].flows
    ref = EvidenceRef(session.recordings[0].name, Source.FLOWS, line.number)
    assert [one.data_type for one in passed.seen_in(ref, line.record).observations] == ["id.imei"]
    assert passed.seen_in(replace(ref, line=99), line.record).observations == ()
