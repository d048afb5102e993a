"""The flows of a session one by one, each with all its records, without ever holding more than one."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from analyzer.codec.migrate import FormatProblem
from analyzer.model.evidence import Connection, FlowRecord, Line, Refusal, Request
from analyzer.model.vocabulary import Source
from analyzer.store.contents import open_plain
from analyzer.store.flow_chunks import read_record
from analyzer.store.lines import read_lines
from analyzer.store.reader import recording_folders

_OPENINGS: Final = (Request, Connection, Refusal)


class StoredFlow(NamedTuple):
    """One flow as it lies on the disk: its recording, and its records in file order, the opening one first."""

    recording: str
    lines: tuple[Line[FlowRecord], ...]


def stored_flows(path: Path) -> Iterator[StoredFlow]:
    """Give the flows of a session's folder in the order that `flow_index` counts them; raises `OSError`.

    Records that belong to no flow, and lines that are none, are left out.
    """
    for folder in recording_folders(path):
        file_path = folder / f"{Source.FLOWS}.jsonl"
        if file_path.exists():
            with open_plain(file_path) as file:
                for places in _survey(file):
                    yield StoredFlow(folder.name, tuple(_lines(file, places)))


def _survey(file: BinaryIO) -> list[array[int]]:
    """Give for each flow the offset and number of its lines, in turn."""
    openings: list[array[int]] = []
    by_id: dict[str, array[int]] = {}
    rest: list[tuple[str, int, int]] = []
    offset = 0
    for line in read_lines(file):
        record = _record(line)
        if isinstance(record, _OPENINGS):
            openings.append(array("q", (offset, line.number)))
            by_id.setdefault(record.flow, openings[-1])
        elif record is not None:
            rest.append((record.flow, offset, line.number))
        offset = file.tell()
    for flow, at, number in rest:
        if flow in by_id:
            by_id[flow].extend((at, number))
    return openings


def _record(line: Any) -> Any:
    try:
        return read_record(line, Source.FLOWS)
    except FormatProblem:
        return None


def _lines(file: BinaryIO, places: array[int]) -> Iterator[Line[FlowRecord]]:
    for offset, number in zip(places[::2], places[1::2], strict=True):
        file.seek(offset)
        yield Line(number, read_record(next(read_lines(file)), Source.FLOWS))
