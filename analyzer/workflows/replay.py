"""Analyse a session again and say how the result differs from the one that was kept."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.report.difference import differences
from analyzer.report.document import ResultDocument
from analyzer.report.labels import Language
from analyzer.report.sentences import told
from analyzer.store import results
from analyzer.workflows.analyze import Lens, Result, analyze
from analyzer.workflows.home import Home
from analyzer.workflows.shipped import find_session


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
        before = ResultDocument.model_validate_json(kept)
    except ValueError:
        return ["The kept result could not be read any more: it was made anew."]
    lines = differences(before, result.document, language)
    if not lines:
        return [
            "The result says the same as the one kept before; only packs, versions or words differ. It takes its place."
        ]
    return [
        f"Other than in the result kept before, whose place this one takes ({len(lines)}):",
        *(f"  {line}" for line in lines),
    ]
