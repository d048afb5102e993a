"""Write the timeline as a Perfetto trace: a lane per data type, recipient and phase, an arrow per link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from analyzer.report.document import ResultDocument
from analyzer.report.document_results import ObservationEntry, PhaseEntry, TimelineItem
from analyzer.report.protobuf import fixed64, message, number, text
from analyzer.report.seen import by_record, place_of
from analyzer.report.text import shown

_PACKET: Final = 1
_CLOCKS, _TIME, _SEQUENCE, _EVENT, _TRACK = 6, 8, 10, 11, 60
_BEGIN, _END, _INSTANT = 1, 2, 3
_REALTIME, _BOOTTIME = 1, 6
_EXPLICIT: Final = 3
_LANES: Final = {"mark": "marks", "screen": "screens", "gap": "what could not be seen"}
_NAME: Final = 200


def perfetto_pieces(document: ResultDocument) -> Iterator[bytes]:
    """Write the trace, a packet at a time; equal documents give equal bytes."""
    lanes, arrows = _Lanes(), _Arrows(document)
    start = min((item.at_us for item in document.timeline), default=document.session.created_us)
    clocks = (message(1, number(1, clock), number(2, start * 1000)) for clock in (_BOOTTIME, _REALTIME))
    yield _packet(message(_CLOCKS, *clocks))
    for recording in document.recordings:
        replaced = " (personal values replaced)" if document.session.redaction else ""
        root = lanes.new(f"{document.session.app.package} {recording.name}{replaced}")
        yield root.packet
        phases = [span for span in document.phases if span.recording == recording.name]
        yield from _phases(lanes, root, phases)
        yield from _items(lanes, root, _Items(document.timeline, recording.name), arrows)


class _Lane:
    """One lane of the trace: its number, and the packet that declares it."""

    def __init__(self, uuid: int, name: str, parent: _Lane | None, rank: int) -> None:
        self.uuid = uuid
        above = number(5, parent.uuid) + number(12, rank) if parent else number(11, _EXPLICIT)
        self.packet = _packet(message(_TRACK, number(1, uuid), text(2, shown(name, _NAME)), above))


class _Lanes:
    """Numbers the lanes; those of one parent are shown in the order of their making."""

    def __init__(self) -> None:
        self._count = 0

    def new(self, name: str, parent: _Lane | None = None) -> _Lane:
        self._count += 1
        return _Lane(self._count, name, parent, self._count)


class _Items:
    """The entries of one recording, as often as they are gone through."""

    def __init__(self, timeline: Iterable[TimelineItem], recording: str) -> None:
        self._timeline, self._recording = timeline, recording

    def __iter__(self) -> Iterator[TimelineItem]:
        return (item for item in self._timeline if item.recording == self._recording)


class _Arrows:
    """The arrows that leave a call and reach a flow, and what was seen in each record."""

    def __init__(self, document: ResultDocument) -> None:
        flows = {flow.flow_index: flow.id for flow in document.flows}
        self.leave: defaultdict[str, list[int]] = defaultdict(list)
        self.reach: defaultdict[str, list[int]] = defaultdict(list)
        self.seen = by_record(document)
        for position, link in enumerate(document.links, 1):
            if link.flow_index in flows:
                self.leave[link.event].append(position)
                self.reach[flows[link.flow_index]].append(position)


def _phases(lanes: _Lanes, root: _Lane, spans: Sequence[PhaseEntry]) -> Iterator[bytes]:
    for name, key in (("phase of consent", "phase"), ("app", "app_state")):
        lane = lanes.new(name, root)
        yield lane.packet
        for word, group in groupby(spans, key=lambda span: str(getattr(span, key))):
            joined = list(group)
            notes = {"reasoning": joined[0].reasoning} if key == "phase" else {}
            yield _event(joined[0].start_us, lane, _BEGIN, word, notes)
            yield _event(joined[-1].end_us, lane, _END)


def _items(lanes: _Lanes, root: _Lane, items: _Items, arrows: _Arrows) -> Iterator[bytes]:
    known: dict[str, _Lane] = {}
    for name in sorted({_lane_of(item) for item in items}, key=_order):
        known[name] = lanes.new(name, root)
        yield known[name].packet
    for item in items:
        ref = item.ref
        place = place_of(ref) if ref else ""
        notes = {
            "evidence": place,
            "phase": item.phase.value,
            "data types": ", ".join(item.data_types),
            "SDK": item.sdk,
            "recipient": item.recipient,
            **{f"seen: {one.id}": _told(one) for one in arrows.seen.get(place, ())},
        }
        ends = [fixed64(47, arrow) for arrow in arrows.leave.get(place, ())]
        ends += [fixed64(48, arrow) for arrow in arrows.reach.get(place, ())]
        yield _event(item.at_us, known[_lane_of(item)], _INSTANT, item.title or item.kind, notes, ends)


def _told(seen: ObservationEntry) -> str:
    return f"{seen.data_type} = {seen.value} ({seen.where.value} {seen.path}; {seen.tier.value})"


def _lane_of(item: TimelineItem) -> str:
    if item.kind == "event":
        return f"calls: {item.data_types[0]}" if item.data_types else "calls: other"
    if item.kind == "flow":
        return f"sent to: {item.recipient}" if item.recipient else "sent: other"
    return _LANES.get(item.kind, item.kind)


def _order(name: str) -> tuple[int, str]:
    """Marks and screens beside the phases, then calls, then traffic, then what was not seen."""
    heads = ("marks", "screens", "calls: ", "sent to: ", "")
    return next(rank for rank, head in enumerate(heads) if name.startswith(head)), name


def _event(
    at_us: int,
    lane: _Lane,
    kind: int,
    name: str = "",
    notes: dict[str, str] | None = None,
    ends: Iterable[bytes] = (),
) -> bytes:
    told = [message(4, text(10, key), text(6, shown(value))) for key, value in (notes or {}).items() if value]
    named = text(23, shown(name, _NAME)) if name else b""
    event = message(_EVENT, number(9, kind), number(11, lane.uuid), named, *told, *ends)
    return _packet(number(_TIME, at_us * 1000), event)


def _packet(*fields: bytes) -> bytes:
    return message(_PACKET, *fields, number(_SEQUENCE, 1))
