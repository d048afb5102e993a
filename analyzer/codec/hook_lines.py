"""Reads hook events as lines of JSON: our own, and those of the tools that researchers use.

`data/hook_lines.schema.json` describes the dialect that is documented; keys of common tools are understood besides.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from analyzer.codec import hook_words as say
from analyzer.codec.foreign import UNREADABLE, Broken, ForeignRecord
from analyzer.codec.foreign_stream import PlainStream
from analyzer.codec.foreign_times import Times
from analyzer.codec.har_scan import Element, scan_entries
from analyzer.codec.hook_values import read_arguments, read_value
from analyzer.codec.migrate import FormatProblem
from analyzer.codec.records import decode
from analyzer.codec.stack_text import read_frames
from analyzer.model.evidence import Event, HookState, Mark, Process, Record, Stack, Thread
from analyzer.model.vocabulary import Ending, MarkKind

LINE_LIMIT: Final = 64 * 1024 * 1024
"""A longer line is not read."""
_OWN: Final = re.compile(rb'\{"v":\d{1,9},"record":"')
_CHAIN: Final = re.compile(rb',"chain":"[0-9a-f]{64}"\}$')
_ARRAY: Final = re.compile(rb"\s*\[\s*(?:[\r\n]\s*\{|\{[^\n]{0,65536}(?:\n|,\s*\{))")
_LEAD: Final = 300
_STACKS: Final = 200_000
_NAME_LIMIT: Final = 255
_TEXT_LIMIT: Final = 1000
_TAG: Final = re.compile(r"MobSF-API-Monitor:\s*(?=\{)")
"""What a tool writes before its lines. In the log of a device every app writes what it likes, under any tag."""
_LOGGED: Final = "it is no JSON by itself: what stands in a log may be the app's own words, and is not taken"
_MARK_WITHIN: Final = "a mark that a tool passed on or that stands in a log is not taken: state it in a line of its own"
_ID_LIMIT: Final = 2**31
_MARKS: Final = {kind.value: kind for kind in MarkKind}


def read_hook_lines(file: BinaryIO, source: str) -> Iterator[ForeignRecord]:
    """Read a file of hook events, a JSON object per line or a JSON array over many lines; compressed or not.

    A line that says no event is `Broken` (`line 7`); one without a time stands beside the one before, on
    `UNTIMED_CLOCK`. The catalog's hook id is left empty where the line does not name it. Raises `OSError` only.
    """
    reader = _HookLines(source)
    stream = PlainStream(file, text=True)
    if _ARRAY.match(stream.peek()):
        for element in scan_entries(stream):
            yield from reader.element(element)
        return
    for number, line in _lines(stream):
        if line is None:
            yield Broken(f"line {number}", f"it is longer than {LINE_LIMIT} bytes", reader.times.last)
        elif line.strip(b" \t\r\x00,[]"):
            yield from reader.line(line, f"line {number}")
    if stream.problem:
        yield Broken("the end", stream.problem, reader.times.last)


class _HookLines:
    """Makes records of the lines of one file, in file order."""

    def __init__(self, source: str) -> None:
        self.times = Times()
        self._source = source
        self._seq = 0
        self._stacks: dict[Any, int] = {}
        self._next_stack = 0
        self._json = json.JSONDecoder(strict=False)

    def line(self, line: bytes, place: str) -> Iterator[ForeignRecord]:
        """Give the records of one line."""
        line = line.strip(b" \t\r\n\x00,")
        if _OWN.match(line):
            yield self._own(line, place)
            return
        text = line.decode("utf-8", "surrogateescape")
        tag = _TAG.match(text)
        try:
            value, _ = self._json.raw_decode(text, tag.end() if tag else 0)
        except (ValueError, RecursionError) as problem:
            why = _LOGGED if text.find("{", 1, _LEAD) > 0 else f"it is no JSON: {str(problem)[:200]}"
            yield Broken(place, why, self.times.last)
        else:
            yield from self.element(Element(place, value), logged=bool(tag))

    def element(self, element: Element, *, logged: bool = False) -> Iterator[ForeignRecord]:
        """Give the records of one decoded line, or of an element of an array."""
        made = False
        why = element.why or "it names no API"
        try:
            for words, alone in () if element.why else say.unwrap(element.value):
                if _mark(words) and (logged or not alone):
                    made = True
                    yield Broken(element.place, _MARK_WITHIN, self.times.last)
                    continue
                for record in self._event(words):
                    made = True
                    yield record
        except UNREADABLE as problem:
            made, why = False, str(problem)[:200]
        if not made:
            yield Broken(element.place, why, self.times.last)

    def _own(self, line: bytes, place: str) -> ForeignRecord:
        """Read a line that this program recorded; its wall time is its time."""
        try:
            record: Record = decode(_CHAIN.sub(b"}", line))
        except FormatProblem as problem:
            return Broken(place, str(problem)[:200], self.times.last)
        if not isinstance(record, Event | Stack | HookState | Mark):
            return Broken(place, "it is a record of ours, but of no hook", self.times.last)
        at = self.times.stamp(record.stamp.wall_us if record.stamp.wall_us > 0 else None)
        if isinstance(record, Stack):
            record = dataclasses.replace(record, id=self._known((record.source, record.id))[0])
        elif isinstance(record, Event) and record.stack is not None:
            record = dataclasses.replace(record, stack=self._known((record.source, record.stack))[0])
        return dataclasses.replace(record, seq=self._next(), source=self._source, stamp=at)

    def _event(self, words: say.Words) -> Iterator[ForeignRecord]:
        at = self.times.read(*(words.get(key) for key in say.TIME))
        mark = _mark(words)
        if mark:
            details = {key: str(words[key])[:_TEXT_LIMIT] for key in sorted(words) if key not in {"mark", *say.TIME}}
            yield Mark(self._next(), self._source, at, mark, details)
            return
        frames = read_frames(say.first(words, say.STACK))
        api = say.api_name(words, frames)
        if not api:
            return
        stack = None
        if frames:
            digest = hashlib.sha256("\n".join(frames).encode("utf-8", "surrogatepass")).digest()
            stack, fresh = self._known(digest)
            if fresh:
                yield Stack(self._next(), self._source, at, stack, frames)
        hook = words.get("hook")
        exception = say.first(words, say.EXCEPTION)
        yield Event(
            seq=self._next(),
            source=self._source,
            stamp=at,
            process=_process(words),
            thread=_thread(words),
            hook=hook if isinstance(hook, str) and say.dotted(hook) != api else "",
            api=_clean(api, _TEXT_LIMIT),
            arguments=read_arguments(say.first(words, say.ARGUMENTS)),
            ending=Ending.THREW if exception else Ending.RETURNED,
            result=read_value(say.first(words, say.RESULT)) if say.named(words, say.RESULT) else None,
            exception=_clean(exception if isinstance(exception, str) else json.dumps(exception)) if exception else "",
            stack=stack,
        )

    def _known(self, key: Any) -> tuple[int, bool]:
        """Give the number of a stack, and whether it is new."""
        if key in self._stacks:
            return self._stacks[key], False
        if len(self._stacks) >= _STACKS:
            self._stacks.clear()
        self._next_stack += 1
        self._stacks[key] = self._next_stack
        return self._next_stack, True

    def _next(self) -> int:
        self._seq += 1
        return self._seq


def _lines(stream: PlainStream) -> Iterator[tuple[int, bytes | None]]:
    """Give the lines with their numbers; `None` for one that is too long."""
    parts: list[bytes] = []
    number, size = 1, 0
    for piece in stream:
        *lines, tail = piece.split(b"\n")
        for line in lines:
            yield number, b"".join((*parts, line)) if size + len(line) <= LINE_LIMIT else None
            parts, size, number = [], 0, number + 1
        size += len(tail)
        parts = [*parts, tail] if size <= LINE_LIMIT else []
    if size:
        yield number, b"".join(parts) if size <= LINE_LIMIT else None


def _mark(words: say.Words) -> MarkKind | None:
    mark = words.get("mark")
    return _MARKS.get(mark.lower()) if isinstance(mark, str) else None


def _process(words: say.Words) -> Process:
    process: Any = say.first(words, say.PROCESS)
    pid: Any = say.first(words, say.PID)
    if isinstance(process, dict):
        process, pid = process.get("name"), process.get("pid", pid)
    if isinstance(process, int) and pid is None:
        process, pid = "", process
    return Process(_number(pid), _clean(process if isinstance(process, str) else ""))


def _thread(words: say.Words) -> Thread:
    thread: Any = say.first(words, say.THREAD)
    tid: Any = say.first(words, say.TID)
    if isinstance(thread, dict):
        thread, tid = thread.get("name"), thread.get("id", thread.get("tid", tid))
    if isinstance(thread, int) and tid is None:
        thread, tid = "", thread
    return Thread(_number(tid), _clean(thread if isinstance(thread, str) else ""))


def _number(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:12])
    return value if type(value) is int and 0 <= value < _ID_LIMIT else 0


def _clean(text: str, limit: int = _NAME_LIMIT) -> str:
    return text[:limit].encode("utf-8", "replace").decode()
