"""The trace is read by Perfetto's own published messages."""

from __future__ import annotations

from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import Trace, TracePacket, TrackDescriptor, TrackEvent

from analyzer.report.document import ResultDocument
from analyzer.report.perfetto import perfetto_pieces

START = 1_790_000_000_000_000


def packets(document: ResultDocument) -> list[TracePacket]:
    trace = Trace.FromString(b"".join(perfetto_pieces(document)))
    assert trace.SerializeToString() == Trace.FromString(trace.SerializeToString()).SerializeToString()
    assert not unknown(trace)
    return list(trace.packet)


def unknown(trace: Trace) -> bool:
    """Say whether there is a field that Perfetto does not know: dropping those would make the trace shorter."""
    before = trace.ByteSize()
    trace.DiscardUnknownFields()
    return trace.ByteSize() != before


def lanes(found: list[TracePacket]) -> dict[int, TrackDescriptor]:
    return {one.track_descriptor.uuid: one.track_descriptor for one in found if one.HasField("track_descriptor")}


def told(found: list[TracePacket]) -> list[TracePacket]:
    return [one for one in found if one.HasField("track_event")]


def test_lanes_are_declared_before_they_are_used_under_their_recording(document: ResultDocument) -> None:
    known: dict[int, TrackDescriptor] = {}
    for packet in packets(document):
        assert packet.trusted_packet_sequence_id == 1
        if packet.HasField("track_descriptor"):
            lane = packet.track_descriptor
            assert lane.uuid not in known
            assert not lane.HasField("parent_uuid") or lane.parent_uuid in known
            known[lane.uuid] = lane
        if packet.HasField("track_event"):
            assert packet.track_event.track_uuid in known
    assert [lane.name for lane in known.values()] == [
        "com.example 1-accept", "phase of consent", "app", "marks", "calls: id.imei", "sent to: Example",
    ]  # fmt: skip


def test_phases_are_slices_that_open_and_close(document: ResultDocument) -> None:
    found = packets(document)
    (lane,) = [uuid for uuid, lane in lanes(found).items() if lane.name == "phase of consent"]
    slices = [
        (one.track_event.type, one.track_event.name, one.timestamp)
        for one in told(found)
        if one.track_event.track_uuid == lane
    ]
    begin, end = TrackEvent.TYPE_SLICE_BEGIN, TrackEvent.TYPE_SLICE_END
    assert slices == [
        (begin, "initial", START * 1000),
        (end, "", (START + 900_000) * 1000),
        (begin, "accepted", (START + 900_000) * 1000),
        (end, "", (START + 2_000_000) * 1000),
    ]


def test_an_arrow_leads_from_the_call_to_the_flow_that_carried_its_value(document: ResultDocument) -> None:
    found, known = told(packets(document)), lanes(packets(document))
    leaving = [one.track_event for one in found if one.track_event.flow_ids]
    reaching = [one.track_event for one in found if one.track_event.terminating_flow_ids]
    assert [known[one.track_uuid].name for one in leaving] == ["calls: id.imei"]
    assert [known[one.track_uuid].name for one in reaching] == ["sent to: Example"]
    assert list(leaving[0].flow_ids) == list(reaching[0].terminating_flow_ids)


def test_an_instant_tells_its_evidence_and_what_was_seen(document: ResultDocument) -> None:
    (call,) = [one.track_event for one in told(packets(document)) if one.track_event.flow_ids]
    notes = {note.name: note.string_value for note in call.debug_annotations}
    assert notes["evidence"] == "1-accept/events/2"
    assert notes["seen: o1"].startswith("id.imei = 490154203237518")


def test_hostile_text_and_broken_clocks_are_still_a_trace(hostile_document: ResultDocument) -> None:
    moved = [item.model_copy(update={"at_us": -(10**20)}) for item in hostile_document.timeline]
    for document in (hostile_document, hostile_document.model_copy(update={"timeline": tuple(moved)})):
        assert len(told(packets(document))) == 3 + 4 + 2
