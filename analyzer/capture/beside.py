"""What a recording keeps beside its records: packets and pictures of the screen, as files of their own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analyzer.capture.clock_sync import now
from analyzer.capture.journal import Journal
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import GapKind, MarkKind


@dataclass(frozen=True, slots=True)
class Beside:
    """Where files are kept, in whose journal they are told, and what is wanted.

    `what` of a file is `packets` or `video`. Its mark says when it begins, another one when it ended.
    """

    folder: Path
    journal: Journal
    packets: bool = False
    video: bool = False

    def begun(self, what: str, file: str, stamp: Stamp | None = None, **more: str) -> None:
        """Note that a file begins; `file` is its name in the recording's folder."""
        self.journal.mark(MarkKind.FILE_BEGUN, stamp, what=what, file=file, **more)

    def ended(self, what: str, file: str, **more: str) -> None:
        """Note that nothing follows in a file."""
        self.journal.mark(MarkKind.FILE_ENDED, None, what=what, file=file, **more)

    def missing(self, what: str, why: str, since: Stamp | None = None, until: Stamp | None = None) -> None:
        """Note that something is not in the files, and why."""
        self.journal.gap(GapKind.FILE_INCOMPLETE, what, why, since or now(), until)
