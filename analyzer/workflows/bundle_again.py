"""Judge the evidence of a bundle again, by the packs that are in it, and say what came out otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzer.codec.bundle import Environment, decode_environment
from analyzer.codec.migrate import FormatProblem
from analyzer.model.results import JudgedBy
from analyzer.packs.loader import ALL, Packs, load_packs, shipped_packs
from analyzer.packs.rule_files import pack_id
from analyzer.report.outline import Outline, read_outline
from analyzer.report.same_told import Told, compare_told
from analyzer.store.bag import PAYLOAD, Bag
from analyzer.workflows.analyze import Lens, Result, judge
from analyzer.workflows.bundle import environment
from analyzer.workflows.bundle_files import ENVIRONMENT, PACKS, POLICY, RESULT
from analyzer.workflows.check import listed, what_differs
from analyzer.workflows.reports_again import hold_reports
from analyzer.workflows.time_limit import OutOfTime, at_most
from analyzer.workflows.versions import installed, unlike
from analyzer.workflows.workers import WorkerKilled

_PATIENCE_S: Final = 300.0
_PATIENCE_S_PER_MB: Final = 60.0


def judge_again(bag: Bag, session: Path) -> tuple[list[str], bool]:
    """Analyse the evidence by the packs of the bundle; gives lines, and whether its result did not come out again.

    A result of an earlier form is held against what it tells; more cannot be asked of it.
    """
    kept = bag.read(f"{PAYLOAD}{RESULT}")
    try:
        made = decode_environment(bag.read(f"{PAYLOAD}{ENVIRONMENT}"))
        before = read_outline(kept)
    except (FormatProblem, ValueError) as problem:
        return [f"the result in the bundle cannot be read by this analyzer: {first_line(problem)}"], True
    wrong = _unlike(bag, before, made)
    if wrong:
        return [wrong], True
    try:
        with at_most(_patience(session)):
            result, packs = _judged(bag, session, before, made)
    except OutOfTime as problem:
        return [f"analysing it again by the packs in the bundle was given up: {problem}"], True
    except WorkerKilled:
        raise  # this machine's want of memory, and nothing that the bundle says
    except Exception as problem:  # noqa: BLE001 - what others wrote into the packs of a bundle may fail in any way
        told = f"the packs or the policy in the bundle cannot be used by this analyzer: {first_line(problem)}"
        return [
            told,
            "it was NOT analysed again; `analyzer import FILE` has the evidence judged by the packs that are here",
        ], True
    here = environment(result, packs)
    lines = [*environments(made, here), *_other_packs(packs)]
    held = None if result.data == kept else compare_told(kept, result.data, today=of_today(made))
    if held and not (held.lacking and held.same):
        return _another(kept, result, held, lines), True
    types, earlier = packs.taxonomy.types, held is not None
    reports, differ = hold_reports(bag, session, result.document, made, types, earlier=earlier)
    against = _renamed(held) if held else []
    if made.packs != here.packs:
        against.append("the packs in the bundle are NOT those that it says it was made with")
    return [*_same(before, held, made, here), *lines, *against, *reports], differ or bool(against)


def of_today(made: Environment) -> bool:
    """Say whether a result is said to be made by what is here: then it is of no earlier form."""
    here, packs = installed(), load_packs((ALL,)).digests
    return (made.analyzer, made.libraries) == (here.analyzer, here.libraries) and made.packs.items() <= packs.items()


def _judged(bag: Bag, session: Path, before: Outline, made: Environment) -> tuple[Result, Packs]:
    """Analyse the evidence again, named as it was there: what differs then is the result."""
    folder = bag.folder / PAYLOAD / PACKS
    packs = load_packs(_judging(bag, before), made.profile, hooks=folder / "catalog", data=folder)
    lens = Lens((), made.profile, made.app_type, policy_of(bag, before))
    result, _, _ = judge(session, lens, packs, JudgedBy(made.analyzer, made.libraries))
    return result, packs


def _same(before: Outline, told: Told | None, made: Environment, here: Environment) -> list[str]:
    """Say that the result came out again, as far as it tells."""
    if told is None:
        same = f"analysing it again gives the same result, byte for byte (run {before.session.run_id[:16]})"
        return [f"{same}, though by other versions:" if environments(made, here) else same]
    return [
        f"the result in the bundle is of an earlier form, which does not tell: {listed(told.lacking)}",
        "analysing it again by the packs in the bundle gives the same in all that it tells",
    ]


def _another(kept: bytes, result: Result, told: Told, lines: list[str]) -> list[str]:
    """Say what differs between the result in the bundle and the one that was made again."""
    earlier = f"the result in the bundle is of an earlier form, which does not tell: {listed(told.lacking)}"
    head = [earlier] if told.lacking else []
    head.append("analysing it again gives ANOTHER result than the one in the bundle")
    return [*head, *_renamed(told), *lines, *what_differs(kept, result.data, told)]


def _renamed(told: Told) -> list[str]:
    return ["it is NOT named by the packs and versions that the bundle says it was made with"] if told.named else []


def _patience(session: Path) -> float:
    """Give so many seconds as analysing a session again may take: far more than it does, for packs may be hostile."""
    size = sum(file.stat().st_size for file in session.rglob("*") if file.is_file())
    return _PATIENCE_S + _PATIENCE_S_PER_MB * size / 1_000_000


def _judging(bag: Bag, before: Outline) -> tuple[str, ...]:
    """Name the folders of the rule packs that judged; others may lie in the bundle because these lean on them."""
    heads = sorted((bag.folder / PAYLOAD / PACKS / "rules").glob("*/pack.yaml"))
    there = {pack_id(head.parent): head.parent.name for head in heads}
    return tuple(there[name] for name in before.packs) if before.packs and there.keys() >= {*before.packs} else (ALL,)


def policy_of(bag: Bag, before: Outline) -> Path | None:
    """Give the place of the privacy policy that a result was compared with; `None` where no file was."""
    given = before.given_policy
    return bag.folder / PAYLOAD / POLICY / Path(given.name).name if given else None


def _unlike(bag: Bag, before: Outline, made: Environment) -> str:
    """Say what of a bundle's policy and profile does not fit its result; nothing outside of the bundle is opened."""
    policy = policy_of(bag, before)
    if policy and not policy.is_file():
        return "the privacy policy of the result is not in the bundle: it cannot be made again"
    policies = bag.folder / PAYLOAD / POLICY
    added = sorted(file.name for file in policies.iterdir() if file != policy) if policies.is_dir() else []
    if added:
        return f"{POLICY}/{added[0]} of the bundle is NOT the privacy policy of its result"
    if f"{PAYLOAD}{PACKS}/profiles/{made.profile}.yaml" not in bag.names:
        return f"the profile {made.profile!r:.80} is not in the bundle: its result cannot be made again"
    return ""


def _other_packs(packs: Packs) -> list[str]:
    """Say which packs of the bundle are not those that are installed here."""
    installed = load_packs((ALL,)).digests
    names = [name for name, digest in sorted(packs.digests.items()) if installed.get(name) != digest]
    foreign = sorted({pack.id for pack in packs.rule_packs} - shipped_packs().keys())
    lines = [f"judged by the packs in the bundle; other than those installed here: {', '.join(names)}"] if names else []
    judged = {pack.id for pack in packs.rule_packs}
    lacking = [name for name, by_default in shipped_packs().items() if by_default and name not in judged]
    lines += [f"rules of the signer's own, which do not ship: {', '.join(foreign)}"] if foreign else []
    return [*lines, *([f"not judged by, though usual here: {', '.join(lacking)}"] if lacking else [])]


def environments(made: Environment, here: Environment) -> list[str]:
    """Say one line for each version or pack that is another here than where a bundle was made."""
    python = [f"made with Python {made.python}, here {here.python}"] if made.python != here.python else []
    sides = [JudgedBy(one.analyzer, one.libraries, one.packs) for one in (made, here)]
    return [*python, *unlike(*sides)]


def first_line(problem: Exception) -> str:
    """Give what a problem says first."""
    return next(iter(str(problem).splitlines()), type(problem).__name__)
