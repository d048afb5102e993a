"""Place records: which phase holds at an instant, and when a mark happened on the common timeline."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from analyzer.model.clock import Stamp
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Analysis, PhaseSpan
from analyzer.model.vocabulary import Phase, Source

_PHASES: Final = tuple(Phase)
_UNTOLD: Final = 255


class Placement:
    """Look-up of instants and phases that the analysis has already decided; decides nothing itself."""

    def __init__(self, analysis: Analysis) -> None:
        """Index the timeline by record and the phase spans by recording."""
        self._entries: dict[EvidenceRef, tuple[Phase, int]] = {}
        self._flows: defaultdict[str, bytearray] = defaultdict(bytearray)
        self._spans: defaultdict[str, list[PhaseSpan]] = defaultdict(list)
        self._bounds: dict[str, tuple[int, int]] = {}
        for entry in analysis.timeline:
            if entry.ref is not None:
                self._note(entry.ref, entry.phase, entry.instant.at_us)
            self._stretch(entry.recording, entry.instant.at_us, entry.instant.at_us)
        for span in analysis.phases:
            self._spans[span.recording].append(span)
            self._stretch(span.recording, span.start_us, span.end_us)

    def phase(self, ref: EvidenceRef, at_us: int) -> Phase:
        """Give the phase of a record: as the timeline says, else by the span it falls into, else `unknown`."""
        if ref.source is Source.FLOWS:
            phases = self._flows[ref.recording]
            if ref.line < len(phases) and phases[ref.line] != _UNTOLD:
                return _PHASES[phases[ref.line]]
        elif ref in self._entries:
            return self._entries[ref][0]
        spans = self._spans[ref.recording]
        return next((span.phase for span in spans if span.start_us <= at_us < span.end_us), Phase.UNKNOWN)

    def at_us(self, ref: EvidenceRef, stamp: Stamp) -> int:
        """Give the instant of a mark on the common timeline; its own wall clock where the timeline lacks it."""
        entry = self._entries.get(ref)
        return stamp.wall_us if entry is None else entry[1]

    def bounds(self, recording: str) -> tuple[int, int] | None:
        """Give the first and the last instant of a recording; `None` when nothing of it was placed."""
        return self._bounds.get(recording)

    def _note(self, ref: EvidenceRef, phase: Phase, at_us: int) -> None:
        """Note where a record has its place; of the flows, which are many, the phase alone."""
        if ref.source is not Source.FLOWS:
            self._entries.setdefault(ref, (phase, at_us))
            return
        phases = self._flows[ref.recording]
        phases.extend(bytes([_UNTOLD]) * (ref.line + 1 - len(phases)))
        if phases[ref.line] == _UNTOLD:
            phases[ref.line] = _PHASES.index(phase)

    def _stretch(self, recording: str, start_us: int, end_us: int) -> None:
        first, last = self._bounds.get(recording, (start_us, end_us))
        self._bounds[recording] = min(first, start_us), max(last, end_us)
