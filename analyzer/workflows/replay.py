"""Analyse a session again and say how the result differs from the one that was kept."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.model.results import JudgedBy
from analyzer.report.difference import differences
from analyzer.report.document import ResultDocument
from analyzer.report.labels import Language
from analyzer.report.outline import Outline, read_outline
from analyzer.report.same_told import compare_told
from analyzer.report.sentences import told
from analyzer.store import results
from analyzer.workflows.analyze import Lens, Result, analyze
from analyzer.workflows.home import Home
from analyzer.workflows.shipped import find_session
from analyzer.workflows.versions import unlike


@dataclass(frozen=True, slots=True)
class Replayed:
    """A new result, and in lines what is other than in the kept one; no line without a kept one."""

    result: Result
    lines: tuple[str, ...]


def replay(home: Home, word: str, lens: Lens, language: Language = "en") -> Replayed:
    """Analyse a session again, keep the new result, and compare it with the one before; raises as `analyze`."""
    path = find_session(home, word)
    with home.results() as engine:
        kept = results.document(engine, path.name)
    result = analyze(home, word, lens)
    return Replayed(result, tuple(_told(line, language) for line in _compared(kept, result, language)))


def _told(line: str, language: Language) -> str:
    """Give a line in a language; what stands before it stays there."""
    words = line.lstrip()
    return line[: len(line) - len(words)] + told(words, language)


def _compared(kept: bytes | None, result: Result, language: Language) -> list[str]:
    if kept is None:
        return []
    if kept == result.data:
        return ["The result is the kept one, byte for byte."]
    try:
        outline, now = read_outline(kept), read_outline(result.data)
    except ValueError:
        return ["The kept result could not be read any more: it was made anew."]
    others = _others(outline, now)
    lines = _differences(kept, result, language)
    if not lines:
        same = "The result says the same as the one kept before; only packs, versions or words differ."
        return [f"{same} It takes its place.", *others]
    return [
        f"Other than in the result kept before, whose place this one takes ({len(lines)}):",
        *(f"  {line}" for line in lines),
        *others,
    ]


def _others(before: Outline, now: Outline) -> list[str]:
    """Say by which packs and versions the kept result was made, where they are not those of today's."""
    if before.session.judged_by is None:
        return ["The result kept before is of an earlier form, which does not name the packs that made it."]
    lines = unlike(before.session.judged_by, now.session.judged_by or JudgedBy())
    head = "The result kept before was made by other packs or versions:"
    return [head, *(f"  {line}" for line in lines)] if lines else []


def _differences(kept: bytes, result: Result, language: Language) -> list[str]:
    try:
        before = ResultDocument.model_validate_json(kept)
    except ValueError:  # an earlier form: place by place
        return list(compare_told(kept, result.data).differing)
    return differences(before, result.document, language)
