from __future__ import annotations

import pytest

from analyzer.workflows.import_spans import Span, counted, far_apart, long_ones

MINUTE = 60_000_000
START = 1_767_225_600_000_000


def span(name, first, last):
    return Span(name, START + first * MINUTE, START + last * MINUTE)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([span("a", 0, 5), span("b", 1, 6)], []),
        ([span("a", 0, 5), span("b", 20, 25)], []),
        ([span("a", 0, 5), span("b", 485, 490)], ["b begins 8 hours after a has ended"]),
        ([span("b", 50, 55), span("a", 0, 5)], ["b begins 45 minutes after a has ended"]),
        ([span("a", 0, 600), span("b", 1, 2), span("c", 610, 611)], []),
        ([span("a", 0, 1), Span("empty", 0, 0), span("c", 60, 61)], ["c begins 59 minutes after a has ended"]),
        ([span("a", 0, 1), span("b", 100, 101), span("c", 300, 301)], ["b begins", "c begins 3 hours after b"]),
        ([], []),
    ],
)
def test_files_that_lie_far_apart_are_told(spans, words):
    told = list(far_apart(spans))
    assert len(told) == len(words)
    for one, expected in zip(told, words, strict=True):
        assert expected in one


def test_a_file_whose_times_lie_more_than_a_day_apart_is_told():
    spans = [span("a", 0, 24 * 60), span("b", 0, 24 * 60 + 1), Span("empty", 0, 0), span("c", 0, 60 * 24 * 365)]
    assert [words[:42] for words in long_ones(spans)] == [
        "The times in b lie 24 hours apart: if that",
        "The times in c lie 8,760 hours apart: if t",
    ]


def test_a_number_stands_before_its_noun():
    assert [counted(number, "flow", "flows") for number in (0, 1, 1200)] == ["0 flows", "1 flow", "1,200 flows"]
