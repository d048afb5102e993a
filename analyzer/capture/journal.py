"""The recorder's own notes: marks, screens and gaps, numbered and stamped as they are made."""

from __future__ import annotations

import threading
from collections.abc import Callable

from analyzer.capture.clock_sync import now
from analyzer.capture.device import ScreenDump
from analyzer.capture.sink import EvidenceSink
from analyzer.model.clock import ClockSample, Stamp
from analyzer.model.evidence import Blob, Gap, Mark, Record, Screen
from analyzer.model.vocabulary import GapKind, MarkKind

SOURCE = "recorder"
MAX_DETAIL = 4096


class ObservedSink:
    """Passes every record on to the evidence first, and then to a listener that only looks."""

    def __init__(self, sink: EvidenceSink, listener: Callable[[Record], None]) -> None:
        self._sink = sink
        self._listener = listener

    def append(self, record: Record) -> None:
        """Write one record, then show it."""
        self._sink.append(record)
        self._listener(record)

    def keep(self, data: bytes, suffix: str = "") -> Blob:
        """Keep bytes beside the records."""
        return self._sink.keep(data, suffix)


class Journal:
    """Writes what the recorder notes; thread-safe; raises `OSError` when the evidence cannot be written."""

    def __init__(self, sink: EvidenceSink) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self._seq = 0

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def mark(self, kind: MarkKind, stamp: Stamp | None = None, /, **details: str) -> Mark:
        """Note an instant; details are cut at 4,096 characters each."""
        with self._lock:
            cut = {key: value[:MAX_DETAIL] for key, value in details.items() if value}
            mark = Mark(self._next(), SOURCE, stamp or now(), kind, cut)
            self._sink.append(mark)
            return mark

    def gap(
        self, kind: GapKind, subject: str, why: str, stamp: Stamp | None = None, until: Stamp | None = None
    ) -> None:
        """Note something that could not be seen, and why; `stamp` is its start, `until` its end if it lasted."""
        with self._lock:
            stamp = stamp or now()
            self._sink.append(Gap(self._next(), SOURCE, stamp, kind, subject[:MAX_DETAIL], why[:MAX_DETAIL], until))

    def clock(self, measure: Callable[[int], ClockSample | None]) -> None:
        """Write one measured clock offset, if there is one; `measure` is given its sequence number."""
        with self._lock:
            sample = measure(self._next())
            if sample is not None:
                self._sink.append(sample)

    def screen(self, dump: ScreenDump, stamp: Stamp, trigger: str, *, readable: bool) -> Screen:
        """Keep one look at the device."""
        with self._lock:
            hierarchy = self._sink.keep(dump.hierarchy.encode("utf-8", "replace"), ".xml") if dump.hierarchy else None
            picture = self._sink.keep(dump.screenshot, ".png") if dump.screenshot else None
            screen = Screen(
                self._next(),
                SOURCE,
                stamp,
                trigger,
                dump.package[:MAX_DETAIL],
                dump.activity[:MAX_DETAIL],
                readable,
                hierarchy,
                picture,
            )
            self._sink.append(screen)
            return screen
