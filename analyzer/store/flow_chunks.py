"""A file of flows in stretches that can be read one by one, and in other processes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from analyzer.codec.migrate import FormatProblem
from analyzer.codec.records import SOURCES, decode
from analyzer.model.clock import Stamp
from analyzer.model.evidence import FlowRecord, Gap, Line
from analyzer.model.vocabulary import GapKind, Source
from analyzer.store.chain import split
from analyzer.store.contents import open_plain
from analyzer.store.lines import RawLine, read_lines

READER: Final = "reader"
"""The `source` of gaps that the reader makes; their line is 0, their subject names `file:line`."""

CHUNK: Final = 4 << 20
"""About so many bytes are read at once; a chunk ends with a line."""

_BLOCK: Final = 1 << 20
_HEAD: Final = re.compile(
    rb'\n\{"v":1,"record":"[a-z_]{1,40}","seq":-?[0-9]{1,19},"source":"[^"\\]{0,200}",'
    rb'"stamp":\{"mono_us":(-?[0-9]{1,19}),"wall_us":(-?[0-9]{1,19}),"domain":"([^"\\]{0,200})"\}'
)
_LONGEST_HEAD: Final = 1024


class Stretch(NamedTuple):
    """A part of a file: where it begins, the number of its first line, and how many lines it has."""

    offset: int
    first: int
    lines: int


@dataclass(frozen=True, slots=True)
class FileChunk:
    """The flow records in one stretch of a file, read anew at every call; can be sent to another process."""

    path: Path
    stretch: Stretch

    def __call__(self) -> Iterator[Line[FlowRecord | Gap]]:
        """Read the stretch; a line that is no flow record gives a gap."""
        offset, first, count = self.stretch
        with open_plain(self.path) as file:
            file.seek(offset)
            for line in islice(read_lines(file), count):
                number = first + line.number - 1
                try:
                    yield Line(number, read_record(line, Source.FLOWS))
                except FormatProblem as problem:
                    yield Line(0, broken(line, number, self.path.name, Stamp(0, 0), problem))


def cut(path: Path, size: int = CHUNK) -> tuple[tuple[FileChunk, ...], tuple[Stamp, ...]]:
    """Cut a file of flows into chunks at line ends, and give the first stamp of each clock in it.

    Every line is read for its end and its stamp only; a stamp counts wherever its line begins the canonical way.
    """
    if not path.exists():
        return (), ()
    with open_plain(path) as file:
        stretches, firsts = _survey(file, size)
    return tuple(FileChunk(path, one) for one in stretches), tuple(firsts.values())


def read_record(line: RawLine, source: Source) -> Any:
    """Read one line of a recording's file as a record of that file's kinds; raises `FormatProblem`."""
    parts = split(line.data)
    if line.oversized or parts is None:
        raise FormatProblem("the line is too long" if line.oversized else "the line was not written to its end")
    record = decode(parts[0])
    if SOURCES[type(record)] is not source:
        raise FormatProblem(f"a {type(record).__name__} does not belong into {source}.jsonl")
    return record


def broken(line: RawLine, number: int, file: str, stamp: Stamp, problem: FormatProblem) -> Gap:
    """Give the gap that a line leaves which cannot be read."""
    torn = not line.oversized and split(line.data) is None
    kind = GapKind.RECORD_TORN if torn else GapKind.RECORD_INVALID
    return Gap(number, READER, stamp, kind, f"{file}:{number}", str(problem))


def _survey(file: BinaryIO, size: int) -> tuple[list[Stretch], dict[str, Stamp]]:
    stretches: list[Stretch] = []
    firsts: dict[str, Stamp] = {}
    at, line, begin, first = 0, 1, 0, 1
    data = b"\n"
    while block := file.read(_BLOCK):
        data = data[-_LONGEST_HEAD:] + block
        _note(data, firsts)
        line += block.count(b"\n")
        newline = block.rfind(b"\n")
        end = at + newline + 1
        at += len(block)
        if newline >= 0 and end - begin >= size:  # within a line that is longer than a block, nothing ends
            stretches.append(Stretch(begin, first, line - first))
            begin, first = end, line
    rest = line - first + (not data.endswith(b"\n"))
    return [*stretches, Stretch(begin, first, rest)] if rest else stretches, firsts


def _note(data: bytes, firsts: dict[str, Stamp]) -> None:
    for match in _HEAD.finditer(data):
        domain = match[3].decode("utf-8", "replace")
        known = firsts.get(domain)
        if known is None or int(match[1]) < known.mono_us:
            firsts[domain] = Stamp(int(match[1]), int(match[2]), domain)
