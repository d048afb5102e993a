"""Import foreign captures: HAR, mitmproxy flow files and hook events become one sealed session."""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final, Protocol, TypeAlias

from analyzer import __version__
from analyzer.capture.interruption import Interrupted, Stop
from analyzer.codec.foreign import IMPORT_CLOCK, UNTIMED_CLOCK, UNZONED_CLOCK, ForeignRecord, Kind, stamp
from analyzer.codec.har import read_har
from analyzer.codec.hook_lines import read_hook_lines
from analyzer.codec.mitm import read_mitm
from analyzer.model.clock import ClockSample
from analyzer.model.evidence import AppFacts, DeviceFacts, Mark, SessionInfo
from analyzer.model.vocabulary import GapKind, MarkKind, Phase, SessionKind, Source, Strategy
from analyzer.packs.loader import Packs, load_packs
from analyzer.packs.persona import Persona, load_persona
from analyzer.store.contents import open_plain
from analyzer.store.problems import EvidenceRefused
from analyzer.store.recording import RecordingWriter
from analyzer.store.session import SessionWriter
from analyzer.workflows.collector import seldom_collecting
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.import_files import Original, settle, staged
from analyzer.workflows.import_hooks import HookNames
from analyzer.workflows.import_records import Intake
from analyzer.workflows.import_same import SameFiles
from analyzer.workflows.import_spans import Span, counted, far_apart, long_ones
from analyzer.workflows.import_statement import IMPORTER, Statement
from analyzer.workflows.sealing import seal_session
from analyzer.workflows.versions import LIBRARIES, TOOLS, versions

Reader: TypeAlias = Callable[[BinaryIO, str], Iterator[ForeignRecord]]

READERS: Final[Mapping[Kind, Reader]] = MappingProxyType(
    {Kind.HAR: read_har, Kind.MITM: read_mitm, Kind.HOOK_LINES: read_hook_lines}
)

_PACKAGE: Final = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_LONGEST_PACKAGE: Final = 255
_OFTEN: Final = 256
_NAMED: Final = 3
_ANY_TIME: Final = 100 * 366 * 86_400 * 1_000_000
"""How far off an untimed record may be, in microseconds: a century, so that no choice is ordered against it."""
_ANY_ZONE: Final = 14 * 3600 * 1_000_000
"""How far off UTC a clock may be that names no zone, in microseconds: from UTC-12 to UTC+14."""


class View(Protocol):
    """Shows how far an import is."""

    def file(self, name: str, size: int) -> None:
        """Begin a file of so many bytes."""

    def at(self, position: int, records: int) -> None:
        """Tell how many bytes of the file were read, and how many records there are."""

    def message(self, text: str) -> None:
        """Say something."""


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to import, and what the importer states of it."""

    files: tuple[Path, ...]
    package: str
    statement: Statement
    persona: Path | None = None
    case: str = ""
    operator: str = ""


def import_captures(home: Home, order: ImportOrder, view: View, stop: Stop) -> str:
    """Import captures into a new session, seal it, and give its id.

    Raises `UsageProblem` and `EvidenceRefused` before anything is kept, also where not one record could be read, one
    capture was given twice, or the captures tell of a choice although the importer states that there was none, and
    `Interrupted` with the session's id after a person's wish to stop: what was read until then is sealed.
    """
    _check_package(order.package)
    packs = load_packs()
    persona = load_persona(order.persona, packs.taxonomy.types) if order.persona else Persona("", {})
    with staged(home, order.files) as originals, seldom_collecting():
        return _Import(home, order, packs, view, stop).run(_describe(home, order, packs, persona, originals), originals)


def _check_package(package: str) -> None:
    if not _PACKAGE.fullmatch(package) or len(package) > _LONGEST_PACKAGE:
        raise UsageProblem(f"{package!r:.80} is no package name: write --package com.example.app.")


def _describe(
    home: Home, order: ImportOrder, packs: Packs, persona: Persona, originals: Sequence[Original]
) -> SessionInfo:
    created = time.time_ns() // 1000
    return SessionInfo(
        id=home.workspace.new_id(order.package, created),
        kind=SessionKind.IMPORTED,
        created_us=created,
        app=AppFacts(order.package),
        device=DeviceFacts("", "none"),
        tool_version=__version__,
        python_version=platform.python_version(),
        libraries=versions((*LIBRARIES, *TOOLS)),
        packs=packs.digests,
        persona_name=persona.name,
        persona=persona.texts(),
        case=order.case,
        operator=order.operator,
        interventions=(
            *(original.words() for original in originals),
            f"the importer states: the traffic is that of {order.package}",
            f"the importer states: {order.statement.words()}",
        ),
    )


class _Import:
    """One import in the making."""

    def __init__(self, home: Home, order: ImportOrder, packs: Packs, view: View, stop: Stop) -> None:
        self._home = home
        self._order = order
        self._view = view
        self._stop = stop
        self._hooks = HookNames(packs.catalog)
        self._spans: list[Span] = []
        self._same = SameFiles()
        self._twice = ""

    def run(self, info: SessionInfo, files: Sequence[Original]) -> str:
        """Read every file, seal, and give the session's id."""
        workspace, refusal = self._home.workspace, None
        try:
            with SessionWriter.create(workspace, info) as writer:
                originals = settle(files, writer.path)
                recording = writer.add_recording(Strategy.IMPORT, Source)
                intake = Intake(recording, info.app.package, self._hooks)
                for number, original in enumerate(originals, 1):
                    self._read(intake, original, f"{original.kind.value}-{number}")
                self._conclude(intake, recording)
                refusal = self._refusal(intake)
        finally:
            if refusal is None:
                seal_session(workspace, workspace.sessions_folder / info.id)
        if refusal is not None:
            workspace.delete(info.id)
            raise refusal
        if self._stop.is_set():
            raise Interrupted(info.id)
        self._tell(info.id, intake)
        return info.id

    def _refusal(self, intake: Intake) -> EvidenceRefused | UsageProblem | None:
        """Say why nothing of what was read is kept."""
        contradiction = self._order.statement.contradiction(intake.marks)
        if contradiction or self._twice:
            return UsageProblem(f"{contradiction or self._twice} Nothing was imported.")
        if intake.broken and not intake.records and not self._stop.is_set():
            return EvidenceRefused(f"Not one record could be read ({intake.broken:.500}): nothing was imported.")
        return None

    def _read(self, intake: Intake, original: Original, source: str) -> None:
        self._view.file(original.name, original.size)
        intake.begin_file()
        with open_plain(original.path) as file:
            for number, record in enumerate(READERS[original.kind](file, source), 1):
                if len(self._order.files) > 1:
                    self._same.take(record)
                intake.take(record, original.name)
                if number % _OFTEN == 0:
                    self._view.at(file.tell(), intake.records)
                    if self._stop.is_set():
                        break
        earlier = "" if self._stop.is_set() else self._same.end(original.name)
        if earlier:
            self._twice = self._twice or f"{original.name} holds the same records as {earlier}: give one of them."
        self._spans.append(Span(original.name, *intake.end_file(original.name)))
        self._view.at(original.size, intake.records)

    def _conclude(self, intake: Intake, recording: RecordingWriter) -> None:
        """Write what the importer states once all is read: half an import is in no phase."""
        intake.end()
        first, last, statement = stamp(intake.first_us), stamp(intake.last_us), self._order.statement
        recording.append(ClockSample(1, IMPORTER, first, IMPORT_CLOCK, 0, 0))
        if UNTIMED_CLOCK in intake.clocks:
            recording.append(ClockSample(2, IMPORTER, first, UNTIMED_CLOCK, 0, _ANY_TIME))
        if UNZONED_CLOCK in intake.clocks:
            unsure = 0 if self._of_one_zone(intake) else _ANY_ZONE
            recording.append(ClockSample(3, IMPORTER, first, UNZONED_CLOCK, 0, unsure))
        stated = statement.records(intake.first_us)
        details = {"strategy": Strategy.IMPORT.value}
        recording.append(Mark(1, IMPORTER, first, MarkKind.RECORDING_STARTED, details))
        for mark in stated:
            recording.append(mark)
        if self._stop.is_set():
            intake.gap(
                GapKind.INTERRUPTED, "import", "the import was interrupted; what follows in the files is missing"
            )
        phase = statement.first_phase(intake.marks, intake.first_us)
        details = {"first_phase": phase.value} if phase is not Phase.UNKNOWN else {}
        recording.append(Mark(len(stated) + 2, IMPORTER, last, MarkKind.RECORDING_ENDED, details))
        for mark in stated:
            if not intake.first_us <= mark.stamp.wall_us <= intake.last_us:
                when = "before the first" if mark.stamp.wall_us < intake.first_us else "after the last"
                self._view.message(f"The time stated for {mark.kind.value} lies {when} record of the import.")

    def _of_one_zone(self, intake: Intake) -> bool:
        """Say whether all times are of one file that names no zone, those stated being counted from its first."""
        relative = all(at.relative for _, at in self._order.statement.marks)
        return relative and len(intake.unzoned) == 1 and IMPORT_CLOCK not in intake.clocks

    def _tell(self, session_id: str, intake: Intake) -> None:
        view, unknown = self._view, self._hooks.unknown
        if unknown:
            named = ", ".join(api for api, _ in unknown.most_common(_NAMED))
            more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
            view.message(f"Kept, but not judged, for the hook catalog does not have them: {named}{more}.")
        if intake.others:
            flows = counted(intake.others, "flow names", "flows name")
            view.message(f"{flows} another app as sender: not counted against this one.")
        for name, number in intake.unzoned:
            records = counted(number, "record", "records")
            view.message(
                f"{records} of {name} tell times without a zone: they are taken for UTC and may be off by up to "
                "14 hours, so near to a stated choice phases stay unknown. Without a zone, state seconds after the "
                "first record (+12.5)."
            )
        for words in (*far_apart(self._spans), *long_ones(self._spans)):
            view.message(words)
        for mark, at in self._order.statement.marks:
            if not at.zoned:
                view.message(f"The time of {mark.kind.value} ({at.text}) names no zone: it is taken for UTC.")
        kept = (
            counted(intake.flows, "flow", "flows"),
            counted(intake.events, "event", "events"),
            counted(intake.gaps, "gap", "gaps"),
        )
        view.message(f"Imported {kept[0]}, {kept[1]} and {kept[2]} as {session_id}; judging may find more gaps.")
        view.message(f"Stated: {self._order.statement.words()}.")
