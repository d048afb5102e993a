"""Check a session: that nothing was changed, and that analysing it again gives the same result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analyzer.packs.loader import shipped_packs
from analyzer.report.difference import same_but_name
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import SessionEntry
from analyzer.store import results
from analyzer.store.contents import SEAL
from analyzer.store.keys import public_hex, workspace_key
from analyzer.store.verify import Problem, Signer, verify
from analyzer.workflows.analyze import Lens, judge
from analyzer.workflows.home import Home
from analyzer.workflows.kept import replaced
from analyzer.workflows.policies import kept_policy
from analyzer.workflows.shipped import find_session


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found, in lines for people; `differs` says that analysing again gave another result."""

    lines: tuple[str, ...]
    intact: bool
    differs: bool = False


def lens_of(document: ResultDocument, policy: Path | None = None) -> Lens:
    """Give what a result was judged by, as far as it lies at hand: the rule packs that came with the analyzer.

    `policy` is a copy of the privacy policy that the result was compared with.
    """
    profile = document.session.profile
    shipped = shipped_packs()
    used = {verdict.pack for verdict in document.verdicts}
    usual = used == {name for name, by_default in shipped.items() if by_default}
    packs = tuple(sorted(used)) if used <= shipped.keys() and not usual else ()
    return Lens(packs, profile.get("name", "standard"), profile.get("app_type", ""), policy)


def check(home: Home, word: str) -> Check:
    """Check seal, chain and signature of a session, and that the kept result comes out again."""
    path = find_session(home, word)
    key_file = home.workspace.key_file
    found = verify(path, public_hex(workspace_key(key_file)) if key_file.exists() else "")
    problems = found.problems
    if key_file.exists() and found.signer is Signer.NOBODY:
        problems += (Problem(SEAL, "is not signed, although this workspace signs: the signature was taken away"),)
    if not problems and (what := replaced(home, path)):
        problems = (Problem(SEAL, what),)
    if problems:
        lines = tuple(map(_line, problems))
        return Check((*lines, f"{path.name} is NOT as it was sealed: {len(lines)} problem(s), see above"), intact=False)
    lines = (
        f"{path.name} is as it was sealed: every byte of {found.files} files, {found.signed_by}",
        f"evidence digest {found.digest}; {found.lines} records, {found.torn} torn by a crash",
    )
    sentence, differs = _judge_again(home, path)
    return Check((*lines, sentence), intact=True, differs=differs)


def _line(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{place}: {problem.what}"


def _others(before: SessionEntry, now: SessionEntry) -> Iterator[str]:
    """Name what a result was made by that is not what is here."""
    if before.tool.analyzer != now.tool.analyzer:
        yield f"analyzer {before.tool.analyzer}"
    for made, here in ((before.packs, now.packs), (before.libraries, now.libraries)):
        yield from (name for name in sorted({*made, *here}) if made.get(name) != here.get(name))
    if before.profile != now.profile:
        yield "profile"


def _judge_again(home: Home, path: Path) -> tuple[str, bool]:
    """Analyse again and hold it against the kept result; gives a sentence, and whether another result came out."""
    with home.results() as engine:
        data = results.document(engine, path.name)
    if data is None:
        return "there is no kept result to compare with: run `analyzer replay` first", False
    try:
        kept = ResultDocument.model_validate_json(data)
    except ValueError:
        return "the kept result is none any more: `analyzer replay` makes it again from the evidence", True
    policy = None
    if kept.policy is not None and kept.policy.ref is None:
        policy = kept_policy(home, kept.policy.sha256, kept.policy.name)
        if policy is None:
            lost = f"the privacy policy {kept.policy.name} that it was compared with is not in this workspace"
            return f"the kept result cannot be made again: {lost}", False
    again, _, _ = judge(path, lens_of(kept, policy))
    if again.data == data:
        return f"analysing it again gives the same result, byte for byte (run {kept.session.run_id[:16]})", False
    return _another(kept, again.document)


def _another(kept: ResultDocument, again: ResultDocument) -> tuple[str, bool]:
    """Say why a result has not the bytes of the kept one, and whether nothing excuses it."""
    before, now = kept.session, again.session
    if now.run_id != before.run_id:
        made = f" ({', '.join(others)})" if (others := [*_others(before, now)]) else ""
        if same_but_name(kept, again):
            same = f"the same result but for the run's name ({before.run_id[:16]} kept, {now.run_id[:16]} now)"
            return f"analysing it again gives {same}: the kept one was made by other packs or versions{made}", False
        return f"the kept result was made by other packs or versions{made}: `analyzer replay` judges by today's", False
    return "analysing it again gives ANOTHER result than the kept one", True
