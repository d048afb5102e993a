from __future__ import annotations

import pickle
from dataclasses import replace
from hashlib import sha256

from wire import CATALOG, IMEI, Wire, missing, stamp, taxonomy

from analyzer.analysis.detect_network import Watcher
from analyzer.analysis.flow_pass import Held, Pass, Task, light, pass_flows
from analyzer.analysis.flows import Assembly
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.packed import unpack
from analyzer.analysis.placement import place_session
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, Body, Gap, Line, Message, Request, Session
from analyzer.model.vocabulary import Direction, GapKind


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
    assert len(whole.seen[recording.name]) == 5
    assert len(whole.session.recordings[0].flows) == 10
    assert whole.session.recordings[0].ends == (stamp(1), stamp(5.5))


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


def test_what_was_seen_is_told_beside_its_flow():
    session = _wire().session()
    passed = pass_flows(session, _watcher(session))
    assembly = Assembly(passed.session, place_session(session), passed.owned)
    told = list(passed.by_flow(assembly))
    assert [flow.index for flow, _ in told] == [0, 1, 2, 3, 4]
    for flow, seen in told:
        assert [(one.data_type, one.ref) for found in seen for one in found.observations] == [("id.imei", flow.ref)]


def test_what_is_kept_comes_back_equal_from_another_process_and_is_sent_by_its_values():
    session = _wire().session()
    (recording,) = session.recordings
    kept = Pass(_watcher(session))(Task(recording.name, Held(recording.flows)))
    data = pickle.dumps(kept)
    assert pickle.loads(data) == kept
    assert [number for block in kept.seen for number, _ in unpack(block)] == [1, 3, 5, 7, 9]
    assert b"_setstate" not in pickle.dumps([unpack(block) for block in kept.lines + kept.seen])


def test_what_many_records_say_is_held_once():
    first, second = (one.record for one in _wire().session().recordings[0].flows[::2][:2])
    assert isinstance(first, Request)
    assert isinstance(second, Request)
    one, other = light(replace(first, source="ab" * 3)), light(replace(second, source="ababab"[:6]))
    assert one == replace(first, source="ababab", headers=(), body=one.body)  # type: ignore[union-attr]
    assert one.source is other.source
    assert one.stamp.domain is other.stamp.domain


def test_the_copy_without_bytes_says_all_else_of_a_message():
    message = Message(7, "proxy", Stamp(5, 5), "f", Direction.SENT, text=True, body=Body(9, b"x", truncated=True))
    kept = light(message)
    assert kept == replace(message, body=kept.body)  # type: ignore[union-attr]
    assert kept.body == Body(9, b"", Blob("", sha256(b"x").hexdigest(), 1), truncated=True)  # type: ignore[union-attr]
