"""Check a bundle on any machine, and open it as a session."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from analyzer.codec.bundle import Voucher, decode_environment, decode_voucher
from analyzer.codec.migrate import FormatProblem
from analyzer.packs.loader import load_packs
from analyzer.packs.problem import PackProblem
from analyzer.report.outline import read_outline
from analyzer.report.same_told import compare_told
from analyzer.store.bag import DECLARATION, PAYLOAD, SEALS, TIME_STAMP, VOUCHER, Bag, open_bag
from analyzer.store.keys import fingerprint, has_signed, public_hex, workspace_key
from analyzer.store.problems import EvidenceRefused, StampUnproven
from analyzer.store.seal import read_seal
from analyzer.store.timestamp import read_stamp
from analyzer.store.verify import Problem, Signer, verify
from analyzer.store.workspace import is_session_id
from analyzer.workflows.analyze import analyze
from analyzer.workflows.authority import read_roots
from analyzer.workflows.bundle import environment
from analyzer.workflows.bundle_again import environments, first_line, judge_again, of_today, policy_of
from analyzer.workflows.bundle_files import DECISIONS, ENVIRONMENT, RESULT, SESSION, strange
from analyzer.workflows.check import Check, lens_of, listed, what_differs
from analyzer.workflows.decisions import adopt_decisions
from analyzer.workflows.home import Home, UsageProblem


def is_bundle(path: Path) -> bool:
    """Say whether a file is a zip with the declaration of a bag in it; looks at its directory only.

    Raises `OSError` for a file that this user may not read.
    """
    if not path.is_file():
        return False
    with path.open("rb") as file:
        if not zipfile.is_zipfile(file):
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == DECLARATION for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):  # the second: a zip of a later version
        return False


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
        again, differs = judge_again(opened.bag, opened.session)
    told = (f"{file.name} is as it was made: {opened.lines[0]}", *opened.lines[1:], *again)
    if opened.unproven:
        return Check((*told, f"when it was made is NOT proven: {opened.unproven}"), intact=False)
    return Check(told, True, differs)


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
    kept = bag.read(f"{PAYLOAD}{RESULT}")
    try:
        before = read_outline(kept)
        made = decode_environment(bag.read(f"{PAYLOAD}{ENVIRONMENT}"))
        lens = lens_of(before, policy_of(bag, before))
        result = analyze(home, name, lens)
        here = environment(result, load_packs(lens.packs, lens.profile))
        told = compare_told(kept, result.data, today=of_today(made))
    except (FormatProblem, PackProblem, UsageProblem, ValueError) as problem:
        yield f"it was not judged here ({first_line(problem)}): `analyzer replay {name}` does so"
        return
    others = environments(made, here)
    if told.lacking:
        yield f"the result in the bundle is of an earlier form, which does not tell: {listed(told.lacking)}"
    if told.same:
        yield "judged here, with the result of the bundle" + (", though by other versions:" if others else "")
        yield from others
        return
    yield "judged here, with ANOTHER result than the bundle's"
    yield from others
    yield from what_differs(kept, result.data, told)


def _same_still(place: Path) -> None:
    """Refuse to call a session the same evidence whose files are not those of its seal."""
    problems = verify(place).problems
    if problems:
        raise EvidenceRefused(
            f"{place.name} is in this workspace already, but not as it was sealed "
            f"({problems[0].file}: {problems[0].what}): nothing was imported; "
            f"`analyzer verify {place.name}` tells all. Move {place} elsewhere and import again."
        )
