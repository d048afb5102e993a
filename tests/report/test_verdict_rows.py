from __future__ import annotations

import io

import pytest
from rich.console import Console

from analyzer.model.vocabulary import Outcome
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import DecisionEntry
from analyzer.report.labels import Language
from analyzer.report.verdict_rows import ROOMY, print_instruments, print_rows


def _printed(document: ResultDocument, width: int, language: Language = "en") -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None)
    print_instruments(document, console, language)
    print_rows(document, console, language)
    return out.getvalue()


def _decided(document: ResultDocument, *whys: str) -> ResultDocument:
    made = [
        DecisionEntry(
            rule="cn.191.3.1", outcome=Outcome.NOT_OBSERVED, why=why, operator="Li", at_us=0, at="1970-01-01T00:00:00Z"
        )
        for why in whys
    ]
    return document.model_copy(update={"decisions": tuple(made)})


def test_each_instrument_has_a_line_with_its_outcomes_counted(document: ResultDocument) -> None:
    first, second, *_ = _printed(document, 80).splitlines()
    assert first == "cn.191: violated 1, inconclusive 1, not observed 1"
    assert second.strip() == "2 pieces of evidence, first +0.100 s, sent to a third party"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_word_is_broken_in_a_terminal_of_eighty_columns(document: ResultDocument, language: Language) -> None:
    text = _printed(document, 80, language)
    wide = _printed(document, 400, language)
    assert max(map(len, text.splitlines())) <= 80
    for verdict in document.verdicts:
        assert verdict.rule in text
        words = (verdict.title["en"] if language == "en" else "").split()
        assert all(word in wide and word in text.split() for word in words)


@pytest.mark.parametrize("width", [ROOMY, 160, 200])
def test_a_table_of_long_words_is_no_wider_than_its_page_and_loses_no_letter(
    document: ResultDocument, width: int
) -> None:
    reason = " ".join(f"reason{number}" for number in range(20))
    verdicts = [one.model_copy(update={"reasons": (reason,), "clause": "of " * 12}) for one in document.verdicts]
    text = _printed(document.model_copy(update={"verdicts": tuple(verdicts)}), width)
    assert {line.rstrip()[-1] for line in text.splitlines() if line.startswith(("│", "┃"))} == {"│", "┃"}
    assert all(word in text for word in reason.split())


def test_a_narrow_terminal_has_blocks_and_a_roomy_one_a_table(document: ResultDocument) -> None:
    assert "│" not in _printed(document, ROOMY - 1)
    assert "│" in _printed(document, ROOMY)


@pytest.mark.parametrize("width", [80, 160])
def test_what_is_violated_says_why_too(document: ResultDocument, width: int) -> None:
    first = document.verdicts[0].model_copy(update={"reasons": ("14 readings before any choice",)})
    assert "14 readings before" in _printed(document.model_copy(update={"verdicts": (first,)}), width)


@pytest.mark.parametrize("width", [80, 400])
def test_the_newest_decision_of_an_analyst_stands_beside_the_outcome_and_not_over_it(
    document: ResultDocument, width: int
) -> None:
    text = " ".join(_printed(_decided(document, "too soon", "looked again"), width).replace("│", " ").split())
    assert "violated" in text
    assert "Analyst: not observed (Li, 1970-01-01): looked again" in text
    assert "too soon" not in text


def test_a_decision_cannot_command_the_terminal(document: ResultDocument) -> None:
    assert "\x1b" not in _printed(_decided(document, "\x1b[2Jgone"), 80)
