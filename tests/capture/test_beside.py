from __future__ import annotations

from analyzer.capture.beside import Beside
from analyzer.capture.journal import Journal
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import GapKind, MarkKind


class ListSink:
    def __init__(self) -> None:
        self.records: list = []

    def append(self, record: object) -> None:
        self.records.append(record)


def test_a_file_is_told_from_its_beginning_to_its_end_with_what_is_missing(tmp_path) -> None:
    beside = Beside(tmp_path, Journal(sink := ListSink()), packets=True)
    beside.begun("packets", "packets.pcap")
    beside.missing("packets", "3 packets did not arrive")
    beside.ended("packets", "packets.pcap", packets="9")
    begun, gap, ended = sink.records
    assert isinstance(begun, Mark)
    assert isinstance(gap, Gap)
    assert [begun.kind, gap.kind, ended.kind] == [MarkKind.FILE_BEGUN, GapKind.FILE_INCOMPLETE, MarkKind.FILE_ENDED]
    assert ended.details == {"what": "packets", "file": "packets.pcap", "packets": "9"}
    assert (gap.subject, gap.until) == ("packets", None)
