from __future__ import annotations

import json

import pytest

from analyzer.report.page_script import Members, Rows, script_json, script_pieces


def test_json_in_the_page_says_the_same_without_a_sign_that_ends_a_script() -> None:
    tree = {"a": "</script><!--&amp;", "b": [1, None, "中"]}
    text = script_json(tree)
    assert json.loads(text) == tree
    assert set("<>&").isdisjoint(text)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_and_members_are_written_one_by_one_as_a_whole_tree_would_be(count: int) -> None:
    numbers = range(count)
    whole = {"a": [{"n": n} for n in numbers], "b": {f"<{n}>": n for n in numbers}, "c": {"<d>": [1]}, "e": []}
    lazily = {**whole, "a": Rows(numbers, lambda n: {"n": n}), "b": Members(lambda: ((f"<{n}>", n) for n in numbers))}
    assert "".join(script_pieces(lazily)) == script_json(whole)


def test_no_row_is_made_before_the_one_before_it_was_written() -> None:
    made: list[int] = []
    pieces = script_pieces({"rows": Rows(range(9), lambda n: made.append(n) or n)})
    for _ in range(3):
        next(pieces)
    assert made == [0, 1]
