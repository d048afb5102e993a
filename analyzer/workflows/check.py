"""Check a session: that nothing was changed, and that analysing it again gives the same result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analyzer.analysis.identity import name_run
from analyzer.model.results import JudgedBy
from analyzer.packs.loader import DATA, shipped_packs
from analyzer.packs.problem import PackProblem
from analyzer.report.difference import differences
from analyzer.report.document import ResultDocument
from analyzer.report.outline import Outline, read_outline
from analyzer.report.same_told import Told, compare_told
from analyzer.store import results
from analyzer.store.contents import SEAL
from analyzer.store.keys import public_hex, workspace_key
from analyzer.store.verify import Problem, Signer, verify
from analyzer.workflows.analyze import Lens, judge
from analyzer.workflows.home import Home
from analyzer.workflows.kept import replaced
from analyzer.workflows.own_packs import chosen, kept_own
from analyzer.workflows.policies import kept_policy
from analyzer.workflows.shipped import find_session
from analyzer.workflows.versions import unlike

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found, in lines for people; `differs` says that analysing again did not give the result."""

    lines: tuple[str, ...]
    intact: bool
    differs: bool = False


def own_packs(outline: Outline) -> list[str]:
    """Name the rule packs that a result was judged by and that do not ship."""
    return [name for name in outline.packs if name not in shipped_packs()]


def lens_of(outline: Outline, policy: Path | None = None, packs: tuple[str, ...] = ()) -> Lens:
    """Give what a result was judged by, as far as it lies at hand: the rule packs that came with the analyzer.

    `policy` is a copy of the privacy policy that the result was compared with, `packs` are named by the user. Raises
    `PackProblem` for what does not ship: the result is somebody's word, and no file of this machine is opened on it.
    """
    profile = outline.session.profile
    name, profiles = profile.get("name", "standard"), sorted(file.stem for file in (DATA / "profiles").glob("*.yaml"))
    if name not in profiles:
        raise PackProblem(f"its profile {name!r:.80} does not ship: shipped profiles: {', '.join(profiles)}")
    if not packs and (own := own_packs(outline)):
        raise PackProblem(f"it was judged by {', '.join(own)[:200]}, which does not ship: name the folder with --pack")
    usual = set(outline.packs) == {name for name, by_default in shipped_packs().items() if by_default}
    packs = packs or (() if usual else tuple(outline.packs))
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
    with home.kept() as engine:
        data = results.document(engine, path.name)
    if data is None:
        return (f"there is no kept result to compare with: run `analyzer replay {path.name}` first",), False
    try:
        kept = read_outline(data)
    except ValueError as problem:
        remedy = f"`analyzer replay {path.name}` makes it again from the evidence"
        return (f"the kept result is none any more ({problem}): {remedy}",), True
    policy = None
    if given := kept.given_policy:
        policy = kept_policy(home, given.sha256, given.name)
        if policy is None:
            lost = f"the privacy policy {given.name} that it was compared with is not in this workspace"
            return (f"the kept result cannot be made again: {lost}",), True
    try:
        own = kept_own(home, kept)
        named = packs or (chosen(kept, own) if own and set(own_packs(kept)) <= own.keys() else ())
        again, _, _ = judge(path, lens_of(kept, policy, named))
    except PackProblem as problem:
        return (f"the kept result cannot be made again: {problem}",), True
    if again.data == data:
        return (f"analysing it again gives the same result, byte for byte (run {kept.session.run_id[:16]})",), False
    return _another(kept, data, again.data)


def _another(kept: Outline, data: bytes, again: bytes) -> tuple[tuple[str, ...], bool]:
    """Say in what a result is not the kept one, by what each was made, and whether what they tell differs.

    What a result says made it is the word of whoever could write to the database, and those packs are not here: it
    explains a difference, and excuses none.
    """
    session = read_outline(again).session
    by, here = kept.session.judged_by, session.judged_by or JudgedBy()
    today = by == here or kept.session.run_id == session.run_id  # a run has the name of what made it
    told = compare_told(data, again, today=today)
    others = unlike(by, here) if by else []
    lines = [] if today else _by_what(kept, told, others)
    if by and _name(kept, by) != kept.session.run_id:
        lines.append(f"its run {kept.session.run_id[:16]} is NOT the name of what it says it was made by")
        return (*lines, *what_differs(data, again, told)), True
    if told.same:
        return (*lines, "analysing it again by what is here gives the same in all that it tells"), False
    if not lines:
        return ("analysing it again gives ANOTHER result than the kept one", *what_differs(data, again, told)), True
    lines.append("it was not made again by those, which are not here; by what is here it comes out otherwise:")
    remedy = f"`analyzer replay {kept.session.id}` judges by what is here, and keeps that"
    return (*lines, *what_differs(data, again, told), f"no seal is broken by that: {remedy}"), True


def _name(kept: Outline, by: JudgedBy) -> str:
    """Give the name that a run has which was made by what it says."""
    given, session = kept.given_policy, kept.session
    policy = f"{given.sha256} {given.name}" if given else ""
    return name_run(session.digest, by, session.profile.get("app_type", ""), policy)


def _by_what(kept: Outline, told: Told, others: list[str]) -> list[str]:
    """Say by what else a kept result was made, as far as it tells."""
    lines = []
    if told.lacking:
        lines.append(f"the kept result is of an earlier form, which does not tell: {listed(told.lacking)}")
    if kept.session.judged_by is None:
        lines.append("by which packs and versions it was made, it does not name")
    elif others:
        lines += ["the kept result was made by other packs or versions than are here:", *others]
    return lines


def listed(places: tuple[str, ...]) -> str:
    """Name the first of many places."""
    return ", ".join(places[:_SHOWN]) + (f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else "")


def what_differs(before: bytes, after: bytes, told: Told) -> list[str]:
    """Say what differs between two results that are not the same; place by place where the first is of another form."""
    try:
        first, second = (ResultDocument.model_validate_json(data) for data in (before, after))
        lines = differences(first, second)
    except ValueError:
        lines = list(told.differing)
    if len(lines) > _SHOWN:
        return [*lines[:_SHOWN], f"… {len(lines) - _SHOWN} more differences"]
    return lines or [*told.differing[:_SHOWN]] or ["nothing that they tell differs, only how"]
