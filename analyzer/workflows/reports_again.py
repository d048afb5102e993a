"""Make the reports of a bundle again, and hold those in it against them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from analyzer.codec.bundle import Environment
from analyzer.packs.taxonomy import DataType
from analyzer.report.document import ResultDocument
from analyzer.report.markdown import plain
from analyzer.store.bag import PAYLOAD, Bag
from analyzer.workflows.bundle_files import DECISIONS, made_from
from analyzer.workflows.decisions import read_decisions
from analyzer.workflows.home import UsageProblem
from analyzer.workflows.versions import installed

PICTURES: Final = "pillow"
"""The one library that has a part in a report: it makes the small pictures of screens."""

_PICTURE: Final = re.compile(rb"data:image/[a-z]{1,9};base64,[A-Za-z0-9+/=]*")
_CARD: Final = re.compile(r'<article class="card o-([a-z_]+)" id="v-([^"]+)">')
_ROW: Final = re.compile(r"^\| ([^|\n]*) \| ([^|\n]*) \| ", re.MULTILINE)


def hold_reports(
    bag: Bag,
    session: Path,
    document: ResultDocument,
    made: Environment,
    types: Mapping[str, DataType],
    *,
    earlier: bool = False,
) -> tuple[list[str], bool]:
    """Make the reports of a result again and hold those of a bundle against them; gives lines, and whether they differ.

    Reports are made by the analyzer alone: another Python or library that a bundle states excuses no other word in
    them. Where it states another analyzer, or its result is of an `earlier` form, they may be laid out otherwise, which
    is no other result; then the verdicts in them are compared, and that no more was is told.
    """
    try:
        decisions = read_decisions(bag.read(f"{PAYLOAD}{DECISIONS}"), DECISIONS)
    except UsageProblem as problem:
        return [f"the reports cannot be made again: {problem}"], True
    here = installed()
    other = earlier or made.analyzer != here.analyzer
    repainted = made.libraries.get(PICTURES) != here.libraries.get(PICTURES)
    wrong, pictures, unread = [], [], []
    for name, data in made_from(session, document.model_copy(update={"decisions": decisions}), types):
        theirs = bag.read(f"{PAYLOAD}{name}")
        if theirs == data:
            continue
        if repainted and _PICTURE.sub(b"", theirs) == _PICTURE.sub(b"", data):
            pictures.append(name)
        elif other and _verdicts(name, theirs, document) == _verdicts(name, data, document):
            unread.append(name)
        else:
            wrong.append(name)
    lines = [] if wrong or pictures or unread else ["the reports say what the result says, byte for byte"]
    lines += [f"decisions of analysts: {len(decisions)}, on the word of who signed the bundle"] if decisions else []
    if pictures:
        lines.append(
            f"but for small pictures, by another {PICTURES}, these are what the result gives: {_all(pictures)}"
        )
    if unread:
        lines.append(
            "CAUTION: said to be made by another analyzer, so nothing but their verdicts was compared, and all else in "
            f"them is the word of who signed the bundle alone: {_all(unread)}"
        )
    return [*lines, *([f"NOT what the result gives: {_all(wrong)}"] if wrong else [])], bool(wrong)


def _all(names: list[str]) -> str:
    return ", ".join(names)


def _verdicts(name: str, data: bytes, document: ResultDocument) -> list[tuple[str, str]]:
    """Give outcome and rule of each verdict that a page or a summary shows; nothing for what shows none."""
    text = data.decode("utf-8", "replace")
    if name.endswith(".html"):
        return sorted(_CARD.findall(text))
    rules = {plain(verdict.rule) for verdict in document.verdicts}
    return sorted(pair for pair in _ROW.findall(text) if pair[1] in rules) if name.endswith(".md") else []
