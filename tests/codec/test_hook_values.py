from __future__ import annotations

import pytest

from analyzer.codec.hook_values import ITEM_LIMIT, MAX_DEPTH, TEXT_LIMIT, read_arguments, read_value
from analyzer.model.evidence import Value
from analyzer.model.vocabulary import ValueKind


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (None, Value(ValueKind.NULL)),
        ("x", Value(ValueKind.STRING, text="x")),
        (True, Value(ValueKind.BOOLEAN, text="true")),
        (5, Value(ValueKind.NUMBER, text="5")),
        (1.5, Value(ValueKind.NUMBER, text="1.5")),
        (float("nan"), Value(ValueKind.NUMBER, text="nan")),
        ({"base64": "AAE="}, Value(ValueKind.BYTES, data=b"\x00\x01")),
        ({"hex": "00 ff"}, Value(ValueKind.BYTES, data=b"\x00\xff")),
        ({"hex": "zz"}, Value(ValueKind.OBJECT, fields=(("hex", Value(ValueKind.STRING, text="zz")),))),
        (["a", 1], Value(ValueKind.LIST, items=(Value(ValueKind.STRING, text="a"), Value(ValueKind.NUMBER, text="1")))),
    ],
)
def test_every_json_has_its_value(raw, value):
    assert read_value(raw) == value


def test_arguments_are_a_list_or_a_single_one():
    assert read_arguments(None) == ()
    assert len(read_arguments(["a", None])) == 2
    assert read_arguments("a") == (Value(ValueKind.STRING, text="a"),)


def test_long_text_many_items_huge_numbers_and_deep_nesting_are_cut_and_say_so():
    assert read_value("x" * (TEXT_LIMIT + 1)).truncated
    assert read_value(10**5000).truncated
    many = read_value([0] * (ITEM_LIMIT * 2))
    assert (many.truncated, len(many.items) < ITEM_LIMIT) == (True, True)
    deep: object = "x"
    for _ in range(200):
        deep = [deep]
    value, depth = read_value(deep), 1
    while value.items:
        value, depth = value.items[0], depth + 1
    assert (depth, value.truncated) == (MAX_DEPTH, True)


def test_all_arguments_together_are_bounded():
    found = read_arguments([[0] * ITEM_LIMIT] * 3)
    assert sum(len(value.items) for value in found) <= ITEM_LIMIT
