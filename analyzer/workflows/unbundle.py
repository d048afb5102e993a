"""Check a bundle on any machine, and open it as a session."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from analyzer.codec.bundle import Environment, Voucher, decode_environment, decode_voucher
from analyzer.codec.migrate import FormatProblem
from analyzer.packs.loader import ALL, Packs, load_packs, shipped_packs
from analyzer.packs.problem import PackProblem
from analyzer.report.difference import same_but_name
from analyzer.report.document import ResultDocument
from analyzer.store.bag import DECLARATION, PAYLOAD, SEALS, TIME_STAMP, VOUCHER, Bag, open_bag
from analyzer.store.keys import fingerprint, has_signed, public_hex, workspace_key
from analyzer.store.problems import EvidenceRefused, StampUnproven
from analyzer.store.seal import read_seal
from analyzer.store.timestamp import read_stamp
from analyzer.store.verify import Problem, Signer, verify
from analyzer.store.workspace import is_session_id
from analyzer.workflows.analyze import Lens, analyze, judge
from analyzer.workflows.authority import read_roots
from analyzer.workflows.bundle import environment
from analyzer.workflows.bundle_files import (
    DECISIONS,
    ENVIRONMENT,
    PACKS,
    POLICY,
    RESULT,
    SESSION,
    made_from,
    strange,
)
from analyzer.workflows.check import Check, lens_of, what_differs
from analyzer.workflows.decisions import adopt_decisions, read_decisions
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.time_limit import OutOfTime, at_most
from analyzer.workflows.versions import MadeWith
from analyzer.workflows.workers import WorkerKilled


def is_bundle(path: Path) -> bool:
    """Say whether a file is a zip with the declaration of a bag in it; looks at its directory only."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == DECLARATION for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


_PATIENCE_S: Final = 300.0
_PATIENCE_S_PER_MB: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Opened:
    bag: Bag
    session: Path
    problems: tuple[Problem, ...]
    lines: tuple[str, ...]
    unproven: str = ""


@contextmanager
def _opened(home: Home, file: Path, roots: bytes, *, beside: bool) -> Iterator[_Opened]:
    """Open a bundle and check all but the result; it goes again afterwards.

    It is opened `beside` the sessions, or where temporary files are where there is no workspace and none is wanted.
    """
    if beside:
        home.workspace.prepare()
    place = home.workspace.path if home.workspace.path.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix=".bundle-", dir=place))
    try:
        bag = open_bag(file, folder)
        yield _check(home, bag, roots)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(home: Home, bag: Bag, roots: bytes) -> _Opened:
    session = bag.folder / PAYLOAD / SESSION
    problems, lines = list(bag.problems), [f"{len(bag.names)} files, each with the digest that the manifests name"]
    payload = (name.removeprefix(PAYLOAD) for name in bag.names if name.startswith(PAYLOAD))
    problems += [Problem(f"{PAYLOAD}{name}", "is not part of a bundle") for name in strange(payload)]
    own = public_hex(workspace_key(home.workspace.key_file)) if home.workspace.key_file.exists() else ""
    voucher = _voucher(bag, problems)
    if voucher:
        lines.append(f"the bundle is signed by {_whose(voucher.public_key, own)}")
    stamped, unproven = _stamp(bag, roots, problems)
    lines += stamped
    if not session.is_dir():
        problems.append(Problem(f"{PAYLOAD}{SESSION}", "is missing: the bundle holds no evidence"))
        return _Opened(bag, session, tuple(problems), ())
    found = verify(session, own)
    problems += [Problem(f"{PAYLOAD}{SESSION}/{one.file}", one.what, one.line) for one in found.problems]
    if found.intact and (read_seal(session).session != bag.folder.name or not is_session_id(bag.folder.name)):
        problems.append(Problem(bag.folder.name, "is not the name of the session that lies in it"))
    signed = "" if found.signer is Signer.NOBODY else "as it was sealed: "
    one_key = voucher is not None and found.fingerprint == fingerprint(voucher.public_key)
    whose = "signed by the same key" if one_key else found.signed_by
    lines.append(f"the evidence is {signed}every byte of {found.files} files, {whose}")
    lines.append(f"evidence digest {found.digest}; {found.lines} records, {found.torn} torn by a crash")
    return _Opened(bag, session, tuple(problems), tuple(lines), unproven)


def _voucher(bag: Bag, problems: list[Problem]) -> Voucher | None:
    place = f"{SEALS}{VOUCHER}"
    try:
        voucher = decode_voucher(bag.read(place))
    except FormatProblem as problem:
        problems.append(Problem(place, f"nobody vouches for the bundle: {problem}"))
        return None
    if not has_signed(voucher.public_key, voucher.signature, voucher.signed()):
        problems.append(Problem(place, "the signature is not valid"))
        return None
    if voucher.tag_manifest != sha256(bag.tag_manifest).hexdigest():
        problems.append(Problem(place, "vouches for another bundle"))
    if voucher.session != bag.folder.name:
        problems.append(Problem(place, "vouches for another session"))
    return voucher


def _whose(public_key: str, own: str) -> str:
    name = fingerprint(public_key)
    return f"this workspace's key {name}" if public_key == own else f"the key {name}: ask its owner to confirm it"


def _stamp(bag: Bag, roots: bytes, problems: list[Problem]) -> tuple[list[str], str]:
    """Say what the time stamp proves, and why nothing where no root that was named vouches for it."""
    token = bag.read(f"{SEALS}{TIME_STAMP}")
    if not token:
        return [], "the bundle has no time stamp" if roots else ""
    try:
        return [read_stamp(token, bag.read(f"{SEALS}{VOUCHER}"), roots).words()], ""
    except StampUnproven as problem:
        return [], str(problem)
    except EvidenceRefused as problem:
        problems.append(Problem(f"{SEALS}{TIME_STAMP}", str(problem)))
        return [], ""


def check_bundle(home: Home, file: Path, roots: Path | None = None) -> Check:
    """Check every digest, the signatures and the time stamp of a bundle, and analyse its evidence again.

    `roots` are certificates of the authority (PEM): where none of them vouches for the stamp, the rest is told all the
    same. Raises `EvidenceRefused` for what is no bundle or would be
    dangerous to open.
    """
    with _opened(home, file, read_roots(roots), beside=False) as opened:
        if opened.problems:
            lines = [f"{one.file}:{one.line}: {one.what}" if one.line else f"{one.file}: {one.what}"
                     for one in opened.problems]  # fmt: skip
            lines.append(f"{file.name} is NOT as it was made: {len(opened.problems)} problem(s), see above")
            return Check(tuple(lines), intact=False)
        again, differs = _again(opened)
    told = (f"{file.name} is as it was made: {opened.lines[0]}", *opened.lines[1:], *again)
    if opened.unproven:
        return Check((*told, f"when it was made is NOT proven: {opened.unproven}"), intact=False)
    return Check(told, True, differs)


def _again(opened: _Opened) -> tuple[list[str], bool]:
    """Analyse the evidence by the packs of the bundle, and say what came out otherwise."""
    bag = opened.bag
    kept = bag.read(f"{PAYLOAD}{RESULT}")
    try:
        made = decode_environment(bag.read(f"{PAYLOAD}{ENVIRONMENT}"))
        before = ResultDocument.model_validate_json(kept)
    except (FormatProblem, ValueError) as problem:
        return [f"the result in the bundle cannot be read by this analyzer: {_first_line(problem)}"], True
    folder = bag.folder / PAYLOAD / PACKS
    policy = _policy(bag, before)
    wrong = _unlike(bag, before, made)
    if wrong:
        return [wrong], True
    try:
        with at_most(_patience(opened.session)):
            packs = load_packs(_judging(bag, before), made.profile, hooks=folder / "catalog", data=folder)
            lens, made_with = Lens((), made.profile, made.app_type, policy), MadeWith(made.analyzer, made.libraries)
            result, _, _ = judge(opened.session, lens, packs, made_with)  # named as there: what differs is the result
    except OutOfTime as problem:
        return [f"analysing it again by the packs in the bundle was given up: {problem}"], True
    except WorkerKilled:
        raise  # this machine's want of memory, and nothing that the bundle says
    except Exception as problem:  # noqa: BLE001 - what others wrote into the packs of a bundle may fail in any way
        return [f"the packs or the policy in the bundle cannot be used by this analyzer: {_first_line(problem)}"], True
    here = environment(result, packs)
    others, lines = _environments(made, here), _other_packs(packs)
    if result.data != kept:
        lines = ["analysing it again gives ANOTHER result than the one in the bundle", *others, *lines]
        return [*lines, *what_differs(before, result.document)], True
    run = before.session.run_id[:16]
    same = f"analysing it again gives the same result, byte for byte (run {run})"
    reports, differ = _reports(opened, before, other=bool(others or lines))
    lines = [f"{same}, though by other versions:" if others else same, *others, *lines, *reports]
    if made.packs != here.packs:
        lines.append("the packs in the bundle are NOT those that it says it was made with")
    return lines, differ or made.packs != here.packs


def _patience(session: Path) -> float:
    """Give so many seconds as analysing a session again may take: far more than it does, for packs may be hostile."""
    size = sum(file.stat().st_size for file in session.rglob("*") if file.is_file())
    return _PATIENCE_S + _PATIENCE_S_PER_MB * size / 1_000_000


def _judging(bag: Bag, before: ResultDocument) -> tuple[str, ...]:
    """Name the rule packs that judged; others may lie in the bundle because these take conditions from them."""
    used = sorted({verdict.pack for verdict in before.verdicts})
    there = all(f"{PAYLOAD}{PACKS}/rules/{name}/pack.yaml" in bag.names for name in used)
    return tuple(used) if used and there else (ALL,)


def _policy(bag: Bag, before: ResultDocument) -> Path | None:
    """Give the place of the privacy policy that a result was compared with; `None` where no file was."""
    given = before.policy if before.policy and before.policy.ref is None else None
    return bag.folder / PAYLOAD / POLICY / Path(given.name).name if given else None


def _unlike(bag: Bag, before: ResultDocument, made: Environment) -> str:
    """Say what of a bundle's policy and profile does not fit its result; nothing outside of the bundle is opened."""
    policy = _policy(bag, before)
    if policy and not policy.is_file():
        return "the privacy policy of the result is not in the bundle: it cannot be made again"
    policies = bag.folder / PAYLOAD / POLICY
    added = sorted(file.name for file in policies.iterdir() if file != policy) if policies.is_dir() else []
    if added:
        return f"{POLICY}/{added[0]} of the bundle is NOT the privacy policy of its result"
    if f"{PAYLOAD}{PACKS}/profiles/{made.profile}.yaml" not in bag.names:
        return f"the profile {made.profile!r:.80} is not in the bundle: its result cannot be made again"
    return ""


def _reports(opened: _Opened, result: ResultDocument, *, other: bool) -> tuple[list[str], bool]:
    """Make the reports again and hold those of the bundle against them; `other` versions or packs may make others."""
    try:
        decisions = read_decisions(opened.bag.read(f"{PAYLOAD}{DECISIONS}"), DECISIONS)
    except UsageProblem as problem:
        return [f"the reports cannot be made again: {problem}"], True
    again = made_from(opened.session, result.model_copy(update={"decisions": decisions}))
    names = [name for name, data in again if opened.bag.read(f"{PAYLOAD}{name}") != data]
    lines = [f"decisions of analysts: {len(decisions)}, on the word of who signed the bundle"] if decisions else []
    if not names:
        return ["the reports say what the result says, byte for byte", *lines], False
    if other:
        lines.append("made by other versions or packs, so not compared, and the word of who signed the bundle alone: ")
        lines[-1] += ", ".join(names)
        return lines, False
    return [*lines, f"NOT what the result gives: {', '.join(names)}"], True


def _other_packs(packs: Packs) -> list[str]:
    """Say which packs of the bundle are not those that are installed here."""
    installed = load_packs((ALL,)).digests
    names = [name for name, digest in sorted(packs.digests.items()) if installed.get(name) != digest]
    lines = [f"judged by the packs in the bundle; other than those installed here: {', '.join(names)}"] if names else []
    judged = {pack.id for pack in packs.rule_packs}
    lacking = [name for name, by_default in shipped_packs().items() if by_default and name not in judged]
    return [*lines, *([f"not judged by, though usual here: {', '.join(lacking)}"] if lacking else [])]


def _environments(made: Environment, here: Environment) -> list[str]:
    tools = (("analyzer", made.analyzer, here.analyzer), ("Python", made.python, here.python))
    lines = [f"made with {name} {before}, here {after}" for name, before, after in tools if before != after]
    for kind, before, after in (("library", made.libraries, here.libraries), ("packs", made.packs, here.packs)):
        lines += [f"{kind} {name}: {_cut(before, name)} there, {_cut(after, name)} here"
                  for name in sorted({*before, *after}) if before.get(name) != after.get(name)]  # fmt: skip
    return lines


def _cut(known: Mapping[str, str], name: str) -> str:
    return known.get(name, "none")[:16]


def _first_line(problem: Exception) -> str:
    return next(iter(str(problem).splitlines()), type(problem).__name__)


def import_bundle(home: Home, file: Path) -> tuple[str, tuple[str, ...]]:
    """Open a bundle as a session of the workspace; gives its id and what was checked.

    Raises `EvidenceRefused` when one byte of it is not as it was made, or of the same session that is here already;
    `UsageProblem` where other evidence has its name already.
    """
    with _opened(home, file, b"", beside=True) as opened:
        if opened.problems:
            first = opened.problems[0]
            raise EvidenceRefused(
                f"{file} is not as it was made ({first.file}: {first.what}): nothing was imported; "
                f"`analyzer verify {file}` tells all"
            )
        name = opened.bag.folder.name
        place = home.workspace.sessions_folder / name
        if place.exists():
            same = read_seal(place).digest == read_seal(opened.session).digest
            if not same:
                raise UsageProblem(
                    f"{name} is in this workspace already, with other evidence: nothing was imported. "
                    f"Import it elsewhere: `analyzer import {file} --workspace DIR`."
                )
            _same_still(place)
            return name, (f"{name} is in this workspace already, with the same evidence: nothing was left to do.",)
        decided = adopt_decisions(home, name, opened.bag.read(f"{PAYLOAD}{DECISIONS}"), f"{DECISIONS} of the bundle")
        opened.session.rename(place)
        return name, (*opened.lines, *_also(decided), *_judged(home, name, opened.bag))


def _also(decided: int) -> Iterator[str]:
    if decided:
        yield f"{decided} decision{'s' if decided > 1 else ''} of analysts came with it"


def _judged(home: Home, name: str, bag: Bag) -> Iterator[str]:
    """Judge what was imported by the packs that are installed here, as the bundle's result was judged."""
    try:
        before = ResultDocument.model_validate_json(bag.read(f"{PAYLOAD}{RESULT}"))
        made = decode_environment(bag.read(f"{PAYLOAD}{ENVIRONMENT}"))
        lens = lens_of(before, _policy(bag, before))
        result = analyze(home, name, lens)
        here = environment(result, load_packs(lens.packs, lens.profile))
    except (FormatProblem, PackProblem, UsageProblem, ValueError) as problem:
        yield f"it was not judged here ({_first_line(problem)}): `analyzer replay {name}` does so"
        return
    others = _environments(made, here)
    if same_but_name(before, result.document):
        yield "judged here, with the result of the bundle" + (", though by other versions:" if others else "")
        yield from others
        return
    yield "judged here, with ANOTHER result than the bundle's"
    yield from others
    yield from what_differs(before, result.document)


def _same_still(place: Path) -> None:
    """Refuse to call a session the same evidence whose files are not those of its seal."""
    problems = verify(place).problems
    if problems:
        raise EvidenceRefused(
            f"{place.name} is in this workspace already, but not as it was sealed "
            f"({problems[0].file}: {problems[0].what}): nothing was imported; "
            f"`analyzer verify {place.name}` tells all. Move {place} elsewhere and import again."
        )
