from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis.excerpt_marks import Span, cut, mark
from analyzer.model.exhibits import Find


def marks(text: str, value: str, *chain: str, carriers: tuple[str, ...] = ()) -> list[str]:
    return [text[start:end] for start, end, _ in mark(text, Find("o1", 1, ("body", *chain), value), carriers)]


def test_a_value_is_found_as_it_was_spelled():
    assert marks('{"a":"\\u4e2d\\u6587 \\"x\\""}', '中文 "x"') == ['\\u4e2d\\u6587 \\"x\\"']
    assert marks("q=%e4%b8%ad%e6%96%87", "中文") == ["%e4%b8%ad%e6%96%87"]
    assert marks("q=a+b%2Fc", "a b/c") == ["a+b%2Fc"]


def test_of_several_places_the_one_behind_its_key_is_marked():
    text = '{"b":"same","a":"same"}'
    assert mark(text, Find("o1", 1, ("body", "json:$.a"), "same"), ()) == [Span(17, 21, "o1")]
    assert marks(text, "same") == ["same", "same"]


def test_the_items_of_a_list_are_marked_one_by_one():
    assert marks('["com.a","com.b","com.c"]', "com.a, com.c and 5 more") == ["com.a", "com.c"]
    assert marks('{"lat":31.2304,"lon":121.4737}', "31.2304,121.4737", "json:$") == ["31.2304", "121.4737"]


def test_without_the_value_its_innermost_carrier_is_marked_and_without_any_nothing():
    assert marks("d=YWJj;x=1", "abc", carriers=("nowhere", "YWJj", "d=YWJj;x=1")) == ["YWJj"]
    assert marks("d=YWJj;x=1", "abc") == []
    assert marks("1", "") == []


def test_finds_that_overlap_share_a_piece():
    pieces = cut("0123456789", [Span(2, 6, "a"), Span(4, 8, "b")], 100)
    assert [tuple(piece) for piece in pieces] == [
        ("01", (), 0), ("23", ("a",), 0), ("45", ("a", "b"), 0), ("67", ("b",), 0), ("89", (), 0),
    ]  # fmt: skip


def test_no_text_gives_no_piece():
    assert cut("", [], 10) == ()


@given(
    st.text(min_size=1, max_size=3000),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 50)), max_size=8),
    st.integers(3, 4000),
)
def test_pieces_are_in_order_and_account_for_every_character(text, places, longest):
    spans = [Span(at, min(len(text), at + length), f"o{at}") for at, length in places if at < len(text)]
    pieces = cut(text, spans, longest)
    at = 0
    for piece in pieces:
        assert bool(piece.text) != bool(piece.omitted)
        assert text[at : at + len(piece.text)] == piece.text
        at += len(piece.text) + piece.omitted
    assert at == len(text)
    assert sum(len(piece.text) for piece in pieces) <= max(longest, min(len(text), longest))
