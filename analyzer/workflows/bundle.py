"""Pack a session with its result, and all that was used to make it, into one file that others can check."""

from __future__ import annotations

import dataclasses
import platform
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from analyzer import __version__
from analyzer.codec.bundle import Environment, Voucher, encode_environment, encode_voucher
from analyzer.packs.loader import DATA, Packs, load_packs
from analyzer.packs.resources import hooks_folder
from analyzer.packs.rule_files import leaned_on
from analyzer.report.document import ResultDocument
from analyzer.report.outline import read_outline
from analyzer.store.bag import TIME_STAMP, VOUCHER, BagWriter
from analyzer.store.contents import SEAL, list_contents, open_plain
from analyzer.store.keys import load_key, public_hex, workspace_key
from analyzer.store.problems import EvidenceRefused
from analyzer.store.timestamp import Stamped, ask, read_stamp
from analyzer.store.unzip import MOST_RATIO
from analyzer.store.verify import verify
from analyzer.workflows.analyze import Result, judge, stored
from analyzer.workflows.authority import ask_authority, read_roots
from analyzer.workflows.bundle_files import DECISIONS, ENVIRONMENT, PACKS, POLICY, RESULT, SESSION, made_from
from analyzer.workflows.check import lens_of, own_packs
from analyzer.workflows.decisions import decided, decision_lines
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.own_packs import chosen, kept_own
from analyzer.workflows.policies import kept_policy
from analyzer.workflows.versions import installed

_PIECE: Final = 1024 * 1024
_ALWAYS: Final = ("taxonomy.yaml", "clues.yaml", "sources.yaml", "app_types.yaml", "policy_words.yaml")
_FOLDERS: Final = ("sdks", "endpoints", "consent_phrases")


@dataclass(frozen=True, slots=True)
class Vouching:
    """Who vouches for a bundle: a key file (the workspace's without one), an authority's URL, and its root in PEM."""

    key: Path | None = None
    authority: str = ""
    roots: Path | None = None


def write_bundle(home: Home, word: str, out: BinaryIO, vouching: Vouching | None = None) -> Stamped | None:
    """Write a session's bundle; gives what the authority said, if one was asked.

    Raises `EvidenceRefused` when the evidence is not as it was sealed, `UsageProblem` when today's analyzer and packs
    do not give the kept result, `KeyUnusable`, `AuthorityProblem`, `OSError`.
    """
    vouching = vouching or Vouching()
    key = load_key(vouching.key) if vouching.key else workspace_key(home.workspace.key_file)
    roots = read_roots(vouching.roots)
    result = stored(home, word)
    policy = _policy(home, result)
    packs, own = _checked(home, result, policy)
    with BagWriter(out, result.path.name) as bag:
        _fill(bag, result, (packs, own), decided(home, result.document))
        if lines := decision_lines(home, result.path.name):
            bag.add(DECISIONS, [lines])
        if policy:
            bag.add(f"{POLICY}/{policy.name}", _pieces(policy))
        session = result.document.session
        manifest = bag.close_payload(
            {
                "External-Identifier": session.id,
                "External-Description": f"What {session.app.package} does with personal data: evidence and result",
                "Bag-Software-Agent": f"analyzer {__version__}",
                **({"Contact-Name": session.operator} if session.operator else {}),
                **({"Internal-Sender-Identifier": session.case} if session.case else {}),
            }
        )
        draft = Voucher(session.id, sha256(manifest).hexdigest(), public_hex(key))
        voucher = encode_voucher(dataclasses.replace(draft, signature=key.sign(draft.signed()).hex()))
        bag.vouch(VOUCHER, voucher)
        stamped = None
        if vouching.authority:
            question = ask(voucher)
            token = ask_authority(vouching.authority, question.data)
            stamped = read_stamp(token, voucher, roots, question.nonce)
            bag.vouch(TIME_STAMP, token)
    return stamped


def _policy(home: Home, result: Result) -> Path | None:
    told = result.document.policy
    if told is None or told.ref is not None:  # what a walk found is in the evidence
        return None
    policy = kept_policy(home, told.sha256, told.name)
    if policy is None:
        again = f"`analyzer replay {result.path.name} --policy FILE` first"
        raise UsageProblem(f"The privacy policy {told.name} of the kept result is not in this workspace: {again}.")
    return policy


def _checked(home: Home, result: Result, policy: Path | None) -> tuple[Packs, dict[str, Path]]:
    """Give the packs of a result that can be made again from its evidence, and the folders of those of one's own."""
    problems, name = verify(result.path).problems, result.path.name
    if problems:
        raise EvidenceRefused(
            f"{name} is not as it was sealed ({problems[0].file}: {problems[0].what}): no bundle was made"
        )
    outline = read_outline(result.data)
    own = kept_own(home, outline)
    if lacking := sorted({*own_packs(outline)} - own.keys()):
        raise UsageProblem(
            f"{name} was judged by {', '.join(lacking)[:200]}, which does not ship, and of which no copy is kept here: "
            f"`analyzer replay {name} --pack DIR` keeps one."
        )
    lens = lens_of(outline, policy, chosen(outline, own) if own else ())
    packs = load_packs(lens.packs, lens.profile)
    needed = {pack for rules in packs.rule_packs for pack in (rules.id, *leaned_on(rules))} - own.keys()
    if taken := sorted(needed & {folder.name for folder in own.values()}):
        raise UsageProblem(f"The folder of your own pack is called {taken[0]}, as one that ships: rename it first.")
    again, _, _ = judge(result.path, lens, packs)
    if again.data != result.data:
        raise UsageProblem(
            f"The kept result of {name} was made by other packs or versions: `analyzer replay {name}` first."
        )
    return packs, own


def _fill(
    bag: BagWriter, result: Result, judged_by: tuple[Packs, Mapping[str, Path]], document: ResultDocument
) -> None:
    """Add everything; `document` is the result with the analysts' decisions beside it, for people to read."""
    packs, own = judged_by
    for name in (*list_contents(result.path).files, SEAL):
        bag.add(f"{SESSION}/{name}", _pieces(result.path / name), packed=not _swells(result.path / name))
    bag.add(RESULT, [result.data])
    bag.add(ENVIRONMENT, [encode_environment(environment(result, packs))])
    for name, data in made_from(result.path, document):
        bag.add(name, [data])
    for name, path in _pack_files(packs, own):
        bag.add(f"{PACKS}/{name}", _pieces(path))


def environment(result: Result, packs: Packs) -> Environment:
    """Say with what a result was made, here and now."""
    made_with = installed()
    return Environment(
        analyzer=made_with.analyzer,
        python=platform.python_version(),
        libraries=made_with.libraries,
        packs=dict(sorted(packs.digests.items())),
        profile=packs.profile.id,
        app_type=result.document.session.profile.get("app_type", ""),
    )


def _pack_files(packs: Packs, own: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    used = {name for pack in packs.rule_packs for name in (pack.id, *leaned_on(pack))}
    rules = {f"rules/{own[name].name}": own[name] for name in used & own.keys()}
    rules |= {f"rules/{name}": DATA / "rules" / name for name in used - own.keys()}
    for name, folder in sorted({**{name: DATA / name for name in _FOLDERS}, **rules}.items()):
        for path in sorted(folder.glob("*.yaml")):
            yield f"{name}/{path.name}", path
    for name in (*_ALWAYS, f"profiles/{packs.profile.id}.yaml"):
        yield name, DATA / name
    for path in sorted((hooks_folder() / "catalog").glob("*.yaml")):
        yield f"catalog/{path.name}", path


def _swells(path: Path) -> bool:
    """Say whether so much comes out of so little that nobody opens the bundle: an app may send a gigabyte of zeros."""
    packer, size, packed = zlib.compressobj(1), 0, 0
    for piece in _pieces(path):
        size += len(piece)
        packed += len(packer.compress(piece))
    packed += len(packer.flush())
    return size > _PIECE and size * 2 > packed * MOST_RATIO


def _pieces(path: Path) -> Iterator[bytes]:
    with open_plain(path) as file:
        while piece := file.read(_PIECE):
            yield piece
