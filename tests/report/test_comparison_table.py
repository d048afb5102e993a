from __future__ import annotations

import io

from rich.console import Console

from analyzer.model.comparison import Comparison, Difference, Side, Standing
from analyzer.model.vocabulary import Change, Outcome, Subject, Tier
from analyzer.report.comparison_table import print_comparison
from analyzer.report.labels import Language

HOSTILE = "\x1b[31mred[bold]x[/bold]\u202e"
COMPARISON = Comparison(
    Side("s1", "com.example", "1"),
    Side("s2", "com.example", HOSTILE),
    (f"warned {HOSTILE}",),
    (
        Difference(
            Subject.RULE,
            "cn.191.3.1",
            Change.FIXED,
            Standing(Outcome.VIOLATED, Tier.ACCESSED, 3, 1_500_000),
            Standing(Outcome.NOT_OBSERVED, None, 0),
            clause="三.1",
            title={"zh": "同意前", "en": "before consent"},
        ),
        Difference(Subject.RULE, "cn.191.3.3", Change.UNCHANGED, None, None),
        Difference(
            Subject.RECIPIENT, HOSTILE, Change.INCONCLUSIVE, Standing(None, Tier.TRANSMITTED, 1, 2), None, (HOSTILE,)
        ),
    ),
)


def printed(language: Language = "en", width: int = 200) -> str:
    out = io.StringIO()
    print_comparison(COMPARISON, Console(file=out, width=width, markup=False, emoji=False, highlight=False), language)
    return out.getvalue()


def test_a_change_is_told_with_how_it_was_and_how_it_is():
    (row,) = [line for line in printed().splitlines() if "cn.191.3.1" in line]
    for word in ("fixed", "before consent", "violated", "×3", "+1.500 s", "not observed"):
        assert word in row


def test_what_is_unchanged_is_counted_and_not_listed():
    assert "Rules: 1 fixed, 1 unchanged" in printed()
    assert "cn.191.3.3" not in printed()


def test_it_speaks_chinese():
    assert "已整改" in printed("zh")
    assert "同意前" in printed("zh")


def test_foreign_text_cannot_speak_to_the_terminal():
    assert "\x1b" not in printed()
    assert "\u202e" not in printed()
    assert "warned" in printed()


def test_at_80_columns_no_word_is_broken():
    lines = printed(width=80).splitlines()
    assert max(map(len, lines)) <= 80
    assert "  fixed  cn.191.3.1  三.1 before consent" in lines
    assert "      violated accessed ×3 +1.500 s → not observed" in lines
