"""Analyse a session, keep the result, and export it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final, Literal

from analyzer.analysis.flow_pass import Kept, Task
from analyzer.analysis.pipeline import conclude, look_through
from analyzer.model.evidence import Session, SessionInfo
from analyzer.model.results import Analysis, JudgedBy
from analyzer.packs.lint import dead_references
from analyzer.packs.loader import ALL, Packs, load_packs, shipped_packs
from analyzer.packs.problem import PackProblem, meant
from analyzer.report.document import ResultDocument, document_pieces
from analyzer.report.html import html_pieces
from analyzer.report.open_document import InMemory, Lying, open_document
from analyzer.store import results
from analyzer.store.contents import SEAL, read_manifest
from analyzer.store.files import write_whole
from analyzer.store.problems import EvidenceRefused
from analyzer.store.reader import blob_reader, open_session
from analyzer.store.verify import verify
from analyzer.workflows.collector import seldom_collecting
from analyzer.workflows.decisions import decided, record_decisions
from analyzer.workflows.exhibits import exhibits
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.kept import replaced
from analyzer.workflows.laid_down import LaidDown
from analyzer.workflows.own_packs import keep_own
from analyzer.workflows.policies import keep_policy, read_policy
from analyzer.workflows.sealing import seal_session
from analyzer.workflows.shipped import find_session
from analyzer.workflows.versions import installed
from analyzer.workflows.workers import Workers

LARGE: Final = 4
"""A session of so many chunks of flows is shared between processes; for less, starting them takes longer."""


_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Lens:
    """What to judge by: packs (names or folders, all when empty), a profile of thresholds, the app's type.

    `policy` is the file of the app's privacy policy, `None` without one.
    """

    packs: tuple[str, ...] = ()
    profile: str = "standard"
    app_type: str = ""
    policy: Path | None = None


@dataclass(frozen=True)
class Result:
    """One analysis: the session's folder, and where the bytes of the document lie."""

    path: Path
    kept: Lying = field(repr=False)

    @property
    def data(self) -> bytes:
        """Give the bytes of the document, read anew each time."""
        return self.kept.read(0, self.kept.size)

    def pieces(self) -> Iterator[bytes]:
        """Give the bytes of the document in pieces."""
        return (self.kept.read(at, min(at + _PIECE, self.kept.size)) for at in range(0, self.kept.size, _PIECE))

    @cached_property
    def document(self) -> ResultDocument:
        """Give the document, opened when it is first asked for; raises `UsageProblem` for one of another form."""
        try:
            return open_document(self.kept)
        except ValueError as problem:
            name = self.path.name
            raise UsageProblem(
                f"The kept result of {name} is of an earlier form, or none: `analyzer replay {name}` makes it anew."
            ) from problem

    def has_outcome(self, outcome: str) -> bool:
        """Say whether any rule came out like this."""
        return any(verdict.outcome.value == outcome for verdict in self.document.verdicts)


def check_lens(lens: Lens) -> None:
    """Raise `PackProblem` or `UsageProblem` for a lens that names what is not there: before a recording, not after."""
    packs = _chosen(lens)
    if lens.app_type and lens.app_type not in packs.app_types:
        known, near = ", ".join(sorted(packs.app_types)), meant(lens.app_type, packs.app_types)
        raise PackProblem(f"there is no app type named {lens.app_type}{near}; known types: {known}")
    if lens.policy:
        read_policy(lens.policy)


def _chosen(lens: Lens) -> Packs:
    """Load the packs; raises `PackProblem` for rules of one's own that name what is not there, and so see nothing."""
    packs = load_packs(lens.packs, lens.profile)
    if set(lens.packs) - {ALL, *shipped_packs()} and (dead := dead_references(packs)):
        raise PackProblem("\n".join(dead))
    return packs


def analyze(home: Home, word: str, lens: Lens) -> Result:
    """Analyse a session (sealing it first where a crash left that undone), keep the result and give it.

    Raises `EvidenceRefused` for evidence that is not as it was sealed: nothing may be concluded from it.
    """
    path = find_session(home, word)
    read_manifest(path)  # what has none is no evidence, and not to be sealed
    _refuse_replaced(home, path)
    seal_session(home.workspace, path)
    _refuse_altered(path)
    if lens.policy:
        keep_policy(home, lens.policy)
    keep_own(home, lens.packs)
    with seldom_collecting(), TemporaryFile(dir=home.workspace.room()) as file:
        session, analysis = _conclude(path, lens)
        file.writelines(document_pieces(session, analysis))
        with home.results() as engine:
            results.save(engine, session.info, analysis, file)
            record_decisions(home, engine, path.name)
        return Result(path, LaidDown(file))


def _refuse_replaced(home: Home, path: Path) -> None:
    what = replaced(home, path)
    if what:
        raise EvidenceRefused(f"{path.name}: {SEAL} {what}; see `analyzer verify {path.name}`")


def _refuse_altered(path: Path) -> None:
    problems = verify(path).problems
    if problems:
        first = problems[0]
        raise EvidenceRefused(
            f"{path.name} is not as it was sealed ({first.file}: {first.what}); see `analyzer verify {path.name}`"
        )


def judge(
    path: Path, lens: Lens, packs: Packs | None = None, made_with: JudgedBy | None = None
) -> tuple[Result, Analysis, SessionInfo]:
    """Analyse the evidence in a session's folder, a large one with all cores; nothing is kept.

    `packs` are used in the place of those that the lens names, and the run is named as by `made_with` in the place of
    the versions that are installed.
    """
    session, analysis = _conclude(path, lens, packs, made_with)
    data = b"".join(document_pieces(session, analysis))
    return Result(path, InMemory(data)), analysis, session.info


def _conclude(
    path: Path, lens: Lens, packs: Packs | None = None, made_with: JudgedBy | None = None
) -> tuple[Session, Analysis]:
    made_with = made_with or installed()
    session, read_blob = open_session(path), blob_reader(path)
    packs = packs or _chosen(lens)
    large = sum(len(recording.chunks) for recording in session.recordings) >= LARGE
    looked = look_through(session, packs, read_blob, Workers[Task, Kept]() if large else map)
    analysis = conclude(
        looked,
        packs,
        read_blob,
        app_type=lens.app_type,
        policy=read_policy(lens.policy) if lens.policy else None,
        tool_version=made_with.analyzer,
        libraries=made_with.libraries,
    )
    return looked.session, analysis


def stored(home: Home, word: str) -> Result:
    """Give the newest kept result of a session; analyses it where there is none, and keeps that if it may.

    Raises `EvidenceRefused` for evidence that is not as it was sealed: the result does not hold for it.
    """
    path = find_session(home, word)
    with TemporaryFile(dir=home.workspace.room()) as file:
        with home.kept() as engine:
            found = results.copy_document(engine, path.name, file)
        if not found and home.keeps:
            return analyze(home, word, Lens())
        _refuse_replaced(home, path)
        _refuse_altered(path)
        return Result(path, LaidDown(file)) if found else judge(path, Lens())[0]


def write_report(home: Home, result: Result, language: Literal["en", "zh"]) -> Path:
    """Write the HTML report into the workspace and give its path."""
    path = home.folder("reports") / f"{result.path.name}.html"
    write_whole(
        path,
        html_pieces(decided(home, result.document), language, exhibits(result.path, result.document)),
        durable=False,
    )
    return path
