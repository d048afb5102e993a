"""Writes what the proxy's event loop noted, in order, from a thread of its own."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from analyzer.capture.flow_records import SOURCE, Draft, Moment
from analyzer.capture.proxy_messages import CLOSED, REFUSED, FlowSeen, ProxyLost, ProxyMessage
from analyzer.capture.sink import EvidenceSink
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Connection, FlowRecord, Gap, Message, Refusal, Request, Response
from analyzer.model.said_of_traffic import DISCONNECTED
from analyzer.model.vocabulary import GapKind, Owner

Preview: TypeAlias = Callable[[Request], list[str]]
"""Names the data types that a quick look at a request finds; pure."""

_TARGET_LIMIT = 200


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How much may wait to be written."""

    entries: int = 10_000
    weight: int = 256 * 1024 * 1024


@dataclass(slots=True)
class _Dropped:
    count: int
    first: Stamp
    last: Stamp


def no_preview(_request: Request) -> list[str]:
    """Find nothing."""
    return []


class FlowWriter:
    """Takes drafts without ever blocking and appends them to the sink.

    What does not fit is counted and told as a gap. When the sink fails, it tells so, calls `on_failure` once and
    takes no more.
    """

    def __init__(
        self,
        sink: EvidenceSink,
        tell: Callable[[ProxyMessage], None],
        on_failure: Callable[[], None],
        preview: Preview = no_preview,
        limits: QueueLimits = QueueLimits(),
    ) -> None:
        self._sink = sink
        self._tell = tell
        self._on_failure = on_failure
        self._preview = preview
        self._limits = limits
        self._waiting: deque[tuple[Draft | Gap, int]] = deque()
        self._weight = 0
        self._dropped: _Dropped | None = None
        self._closed = False
        self._changed = threading.Condition()
        self._counts: Counter[str] = Counter()
        self._seq = 0
        self._gap_seq = 0
        self._thread = threading.Thread(target=self._run, name="flow-writer", daemon=True)
        self._thread.start()

    def put(self, draft: Draft, weight: int = 0) -> None:
        """Queue a draft whose body takes `weight` bytes, or count it as dropped."""
        with self._changed:
            if self._closed:
                return
            if len(self._waiting) >= self._limits.entries or self._weight + weight > self._limits.weight:
                self._drop()
                return
            self._waiting.append((draft, weight))
            self._weight += weight
            self._changed.notify()

    def gap(self, kind: GapKind, subject: str, why: str) -> None:
        """Queue a gap for the parent; subject to the same limit."""
        stamp = Moment.read().stamp()
        with self._changed:
            if not self._closed and len(self._waiting) < self._limits.entries:
                self._waiting.append((Gap(0, SOURCE, stamp, kind, subject, why), 0))
                self._changed.notify()

    def close(self) -> Mapping[str, int]:
        """Write everything that waits and give the counts; safe to call twice."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()
        return dict(self._counts)

    def _drop(self) -> None:
        now = Moment.read().stamp()
        if self._dropped is None:
            self._dropped = _Dropped(0, now, now)
        self._dropped.count += 1
        self._dropped.last = now

    def _run(self) -> None:
        try:
            while (entry := self._next()) is not None:
                self._write(entry)
                self._tell_dropped()
        except OSError as error:
            self._fail(f"Evidence of the traffic cannot be written: {error}; free the disk.")
        except Exception as error:  # noqa: BLE001 - anything here means lost evidence, which must be said
            self._fail(f"The flow writer failed: {type(error).__name__}: {error}.")

    def _next(self) -> Draft | Gap | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if not self._waiting:
                return None
            entry, weight = self._waiting.popleft()
            self._weight -= weight
            return entry

    def _write(self, entry: Draft | Gap) -> None:
        if isinstance(entry, Gap):
            self._tell_gap(entry.stamp, entry.kind, entry.subject, entry.why)
            return
        record = entry(self._seq, self._sink.keep)
        try:
            self._sink.append(record)
        except ValueError as error:
            self._tell_gap(record.stamp, GapKind.RECORD_INVALID, record.flow, str(error)[:500])
            return
        self._seq += 1
        self._counts[type(record).__name__.lower()] += 1
        if isinstance(record, Request | Response | Message) and record.body.truncated:
            kept = record.body.blob.size if record.body.blob else len(record.body.data)
            name = type(record).__name__.lower()
            why = f"{kept} bytes of this {name} were kept, {record.body.size} were seen"
            if kept == record.body.size:
                came = f"{kept} bytes of it came and were kept" if kept else "nothing of it was kept"
                why = f"the body of this {name} did not end, and {came}"
            until = None if isinstance(record, Message) else record.end
            self._tell_gap(record.stamp, GapKind.BODY_TRUNCATED, record.flow, why, until)
        self._show(record)

    def _show(self, record: FlowRecord) -> None:
        if isinstance(record, Request):
            found = tuple(self._found(record))
            target = record.target[:_TARGET_LIMIT]
            self._tell(FlowSeen(record.flow, "http", record.method, record.host, target, record.body.size, found))
        elif isinstance(record, Connection):
            self._tell(FlowSeen(record.flow, record.kind.value, "", record.host, "", 0))
        elif isinstance(record, Refusal) and record.owner is Owner.APP:
            kind = CLOSED if record.error.startswith(DISCONNECTED) else REFUSED
            self._tell(FlowSeen(record.flow, kind, "", record.host, "", 0))

    def _found(self, request: Request) -> list[str]:
        try:
            return self._preview(request)
        except Exception as error:  # noqa: BLE001 - a preview meets hostile bytes and must never cost evidence
            self._counts["preview_failures"] += 1
            if self._counts["preview_failures"] == 1:
                why = f"the live preview failed on a request: {type(error).__name__}; the analysis is not affected"
                self._tell_gap(request.stamp, GapKind.PROXY_ERROR, request.flow, why)
            return []

    def _tell_dropped(self) -> None:
        with self._changed:
            if self._dropped is None or (self._waiting and not self._closed):
                return
            dropped, self._dropped = self._dropped, None
        self._counts["dropped"] += dropped.count
        why = f"{dropped.count} records were dropped because the proxy could not write them fast enough"
        self._tell_gap(dropped.first, GapKind.FLOWS_DROPPED, "proxy", why, dropped.last)

    def _tell_gap(self, stamp: Stamp, kind: GapKind, subject: str, why: str, until: Stamp | None = None) -> None:
        self._tell(Gap(self._gap_seq, SOURCE, stamp, kind, subject, why, until))
        self._gap_seq += 1
        self._counts["gaps"] += 1

    def _fail(self, reason: str) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
        self._tell(ProxyLost(reason))
        self._on_failure()
