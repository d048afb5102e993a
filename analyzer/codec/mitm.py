"""Reads mitmproxy flow files of every version, damaged ones included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from mitmproxy.io import compat, tnetstring

from analyzer.codec.foreign import Broken, ForeignRecord
from analyzer.codec.foreign_stream import PlainStream
from analyzer.codec.mitm_fields import Fields, State
from analyzer.codec.mitm_flows import PLAN, FlowStates

FLOW_LIMIT: Final = 256 * 1024 * 1024
"""A flow that claims to be larger is not read."""
_FAST: Final = 19
"""From this version of the format on, all fields that we need are where they are today."""
_PREFIX: Final = 13
_DICT: Final = ord("}")
_DIGITS: Final = b"0123456789"
_START: Final = re.compile(
    rb"([1-9][0-9]{1,11}):[0-9]{1,2}:(?:websocket|messages|response|request|backup|timestamp_created|comment|metadata"
    rb"|marked|mode|is_replay|intercepted|server_conn|client_conn|error|id|type|version|close_\w{4,8})[;,]"
)
_START_SIZE: Final = 40
_NEXT_LIMIT: Final = 32 * 1024 * 1024
"""Behind damage, a flow is only looked for up to this size: a false one must not make us read for ever."""
_TORN: Final = "the file ends in the middle of it"


def read_mitm(file: BinaryIO, source: str) -> Iterator[ForeignRecord]:
    """Read the flows of a mitmproxy file one by one, compressed or not.

    Version 19 and later are read directly, older ones through mitmproxy's own migrations. A damaged flow is `Broken`,
    named by its number and byte; reading goes on at the next one. Raises `OSError` only.
    """
    window = _Window(file)
    fields, states = Fields(), FlowStates(source)
    number = 0
    while window.fill(1):
        number += 1
        place = f"flow {number} at byte {window.offset}"
        frame = window.frame()
        if isinstance(frame, str):
            yield Broken(place, frame, states.times.last)
            window.skip_to_next()
            continue
        start, stop = frame
        try:
            state = _state(fields, window.data, window.at, start, stop)
            records = states.records(state, number)
        except Exception as error:  # noqa: BLE001 - mitmproxy's migrations and its DNS raise all kinds
            yield Broken(place, f"it is no flow: {_words(error)}", states.times.last)
        else:
            yield from records
        window.at = stop + 1
        if window.data[window.at : window.at + 1] in {b"\n", b"\r"}:
            window.at += 1
    if window.problem:
        yield Broken(f"byte {window.offset}", window.problem, states.times.last)


def _state(fields: Fields, data: bytes, at: int, start: int, stop: int) -> State:
    """Give today's form of a flow: read directly if it can be, else by mitmproxy."""
    try:
        state = fields.read(data, start, stop, PLAN)
    except (ValueError, TypeError):
        return _migrated(data[at : stop + 1])
    version = state.get("version")
    if type(version) is int and version >= _FAST:
        return state
    return _migrated(data[at : stop + 1])


def _migrated(data: bytes) -> State:
    """Bring a flow of an old version to today's form; an answer that is missing stays missing."""
    state: Any = tnetstring.loads(data)
    unanswered = b"response" in state and state[b"response"] is None
    if unanswered:
        # mitmproxy's oldest migrations expect an answer
        state[b"response"] = {b"httpversion": [1, 1], b"code": 0, b"content": b"", b"timestamp_start": 0}
    state = compat.migrate_flow(state)
    if unanswered:
        state["response"] = None
    return state  # type: ignore[no-any-return]


def _words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{str(error.args[0])[:60]!r} is missing or unknown"
    return str(error)[:200].encode("utf-8", "replace").decode() or type(error).__name__


class _Window:
    """The part of a file that is being read: `data` from `at`; `offset` is the place of `at` in the file."""

    def __init__(self, file: BinaryIO) -> None:
        self.data = b""
        self.at = 0
        self._stream = PlainStream(file, text=False)
        self._pieces = iter(self._stream)
        self._base = 0
        self._ended = False

    @property
    def offset(self) -> int:
        return self._base + self.at

    @property
    def problem(self) -> str:
        return self._stream.problem

    def fill(self, size: int) -> bool:
        """Make `size` bytes from `at` on available; say whether there are as many."""
        missing = size - (len(self.data) - self.at)
        if missing <= 0 or self._ended:
            return missing <= 0
        pieces = [self.data[self.at :]]
        while missing > 0 and not self._ended:
            piece = next(self._pieces, b"")
            self._ended = not piece
            pieces.append(piece)
            missing -= len(piece)
        self._base += self.at
        self.data, self.at = b"".join(pieces), 0
        return missing <= 0

    def frame(self) -> tuple[int, int] | str:
        """Give start and end of the dictionary at `at` in `data`, or say what is wrong with it."""
        self.fill(_PREFIX)
        colon = self.data.find(b":", self.at, self.at + _PREFIX)
        prefix = self.data[self.at : colon]
        if colon <= self.at or not prefix.isdigit():
            return "no length stands before it"
        size = int(prefix)
        if size > FLOW_LIMIT:
            return f"it claims {size} bytes, more than {FLOW_LIMIT}"
        lead = colon + 1 - self.at
        if not self.fill(lead + size + 1):
            return _TORN
        start = self.at + lead
        stop = start + size
        return (start, stop) if self.data[stop] == _DICT else "its length is wrong"

    def skip_to_next(self) -> None:
        """Go on to the next place that looks like the beginning of a whole flow, or to the end."""
        self.at += 1
        while True:
            match = _START.search(self.data, self.at)
            if match is None:
                self.at = max(self.at, len(self.data) - _START_SIZE)
                if not self.fill(len(self.data) - self.at + 1):
                    self.at = len(self.data)
                    return
                continue
            self.at = match.start()
            if int(match[1]) <= _NEXT_LIMIT and self._followed():
                return
            self.at += 1

    def _followed(self) -> bool:
        """Say whether the dictionary at `at` is followed by another flow or by the end."""
        frame = self.frame()
        if isinstance(frame, str):
            return False
        length = frame[1] + 1 - self.at
        self.fill(length + 1)
        following = self.data[self.at + length : self.at + length + 1]
        return not following or following in _DIGITS
