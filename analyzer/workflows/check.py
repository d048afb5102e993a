"""Check a session: that nothing was changed, and that analysing it again gives the same result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analyzer.packs.loader import DATA, shipped_packs
from analyzer.packs.problem import PackProblem
from analyzer.report.difference import differences, same_but_name
from analyzer.report.document import ResultDocument
from analyzer.store import results
from analyzer.store.contents import SEAL
from analyzer.store.keys import public_hex, workspace_key
from analyzer.store.verify import Problem, Signer, verify
from analyzer.workflows.analyze import Lens, judge
from analyzer.workflows.home import Home
from analyzer.workflows.kept import replaced
from analyzer.workflows.policies import kept_policy
from analyzer.workflows.shipped import find_session

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found, in lines for people; `differs` says that analysing again did not give the result."""

    lines: tuple[str, ...]
    intact: bool
    differs: bool = False


def own_packs(document: ResultDocument) -> list[str]:
    """Name the rule packs that a result was judged by and that do not ship."""
    return sorted({verdict.pack for verdict in document.verdicts} - shipped_packs().keys())


def lens_of(document: ResultDocument, policy: Path | None = None, packs: tuple[str, ...] = ()) -> Lens:
    """Give what a result was judged by, as far as it lies at hand: the rule packs that came with the analyzer.

    `policy` is a copy of the privacy policy that the result was compared with, `packs` are named by the user. Raises
    `PackProblem` for what does not ship: the result is somebody's word, and no file of this machine is opened on it.
    """
    profile = document.session.profile
    name, profiles = profile.get("name", "standard"), sorted(file.stem for file in (DATA / "profiles").glob("*.yaml"))
    if name not in profiles:
        raise PackProblem(f"its profile {name!r:.80} does not ship: shipped profiles: {', '.join(profiles)}")
    shipped = shipped_packs()
    used = {verdict.pack for verdict in document.verdicts}
    if not packs and (own := own_packs(document)):
        raise PackProblem(f"it was judged by {', '.join(own)[:200]}, which does not ship: name the folder with --pack")
    usual = used == {name for name, by_default in shipped.items() if by_default}
    packs = packs or (() if usual else tuple(sorted(used)))
    return Lens(packs, name, profile.get("app_type", ""), policy)


def check(home: Home, word: str, packs: tuple[str, ...] = ()) -> Check:
    """Check seal, chain and signature of a session, and that the kept result comes out again, by `packs` if named."""
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
    again, differs = _judge_again(home, path, packs)
    return Check((*lines, *again), intact=True, differs=differs)


def _line(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{place}: {problem.what}"


def _judge_again(home: Home, path: Path, packs: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Analyse again and hold it against the kept result; gives lines, and whether that result did not come out."""
    with home.results() as engine:
        data = results.document(engine, path.name)
    if data is None:
        return (f"there is no kept result to compare with: run `analyzer replay {path.name}` first",), False
    try:
        kept = ResultDocument.model_validate_json(data)
    except ValueError:
        remedy = f"`analyzer replay {path.name}` makes it again from the evidence"
        return (f"the kept result is none any more: {remedy}",), True
    policy = None
    if kept.policy is not None and kept.policy.ref is None:
        policy = kept_policy(home, kept.policy.sha256, kept.policy.name)
        if policy is None:
            lost = f"the privacy policy {kept.policy.name} that it was compared with is not in this workspace"
            return (f"the kept result cannot be made again: {lost}",), True
    try:
        again, _, _ = judge(path, lens_of(kept, policy, packs))
    except PackProblem as problem:
        return (f"the kept result cannot be made again: {problem}",), True
    if again.data == data:
        return (f"analysing it again gives the same result, byte for byte (run {kept.session.run_id[:16]})",), False
    return _another(kept, again.document)


def _another(kept: ResultDocument, again: ResultDocument) -> tuple[tuple[str, ...], bool]:
    """Say in what a result is not the kept one, and whether more than the run's name differs.

    A run's name is a digest of packs and versions that the result does not list: what has another name may be made by
    others, or changed by somebody who made a name up. Nobody can tell which, so it excuses nothing.
    """
    before, now = kept.session.run_id, again.session.run_id
    named = f"its run {before[:16]} stands for packs or versions that are not here, or for none"
    if before != now and same_but_name(kept, again):
        same = f"the same result but for the run's name ({before[:16]} kept, {now[:16]} now)"
        return (f"analysing it again gives {same}: {named}",), False
    lines = ["analysing it again gives ANOTHER result than the kept one"]
    if before != now:
        lines.append(f"the kept result cannot be made again: {named}; `analyzer replay` judges by today's")
    return (*lines, *what_differs(kept, again)), True


def what_differs(before: ResultDocument, after: ResultDocument) -> list[str]:
    """Say what differs between two results that are not the same."""
    told = differences(before, after)
    if len(told) > _SHOWN:
        return [*told[:_SHOWN], f"… {len(told) - _SHOWN} more differences"]
    return told or ["no verdict, observation, phase, link or gap differs, only how they are told"]
