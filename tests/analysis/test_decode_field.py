from __future__ import annotations

import json
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis.decode import Leaf, decode_parts
from analyzer.analysis.decode_budget import MAX_BYTES, Budget
from analyzer.analysis.decode_field import MOST, MOST_KEPT, Memory
from analyzer.model.vocabulary import Where

TOKEN = "aGVsbG8gd29ybGQgaGVsbG8="
VALUES = st.sampled_from(
    ["", "abc", "a=b&c=d", TOKEN, '{"a": {"b": "1"}}', "%7B%22a%22%3A1%7D", "ctrl\x01x", "x y z", "7"]
)
NAMES = st.sampled_from(["a", "b", "x y", "1", "user-id", 'k"q', ""])
DOCUMENTS = st.recursive(
    VALUES | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


def body(document: object) -> list[tuple[Where, str, str, str | bytes, str]]:
    return [(Where.BODY, "", "", document if isinstance(document, bytes) else json.dumps(document).encode(), "")]


def leaves(memory: Memory | None, document: object) -> list[Leaf]:
    return decode_parts(body(document), Budget(), memory)


@given(st.lists(DOCUMENTS, min_size=2, max_size=5))
def test_what_was_seen_before_changes_nothing(documents):
    memory = Memory()
    for document in [*documents, *documents]:
        assert leaves(memory, document) == leaves(None, document)


@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_no_leaf_stands_twice_in_one_record(documents):
    memory = Memory()
    for _ in range(2):
        parts = [part for document in documents for part in body(document)]
        found = decode_parts([*parts, *parts], Budget(), memory)
        assert len({id(leaf) for leaf in found}) == len(found)


def test_a_value_that_comes_again_is_the_same_leaf():
    memory = Memory()
    first, second = (leaves(memory, {"os": "android", "n": number}) for number in (1, 2))
    assert first[0] is second[0]
    assert [leaf.data for leaf in second] == [b"android", b"2"]


def test_a_name_twice_in_a_document_gives_two_leaves():
    memory = Memory()
    for _ in range(2):
        found = leaves(memory, b'{"a": "x", "a": "x"}')
        assert [leaf.path for leaf in found] == ["json:$.a", "json:$.a"]
        assert found[0] is not found[1]


def test_what_came_out_of_a_value_is_paid_again():
    memory, spent = Memory(), []
    for _ in range(2):
        budget = Budget()
        decode_parts([(Where.QUERY, "query:q", "q", TOKEN, "")], budget, memory)
        spent.append((budget.leaves_left, budget.bytes_left, budget.work_left))
    assert spent[0] == spent[1]
    assert spent[0][1] < MAX_BYTES


def test_what_cannot_be_paid_again_is_a_bound_as_before():
    memory = Memory()
    part = (Where.QUERY, "query:q", "q", TOKEN, "")
    decode_parts([part], Budget(), memory)
    poor, alone = Budget(bytes_left=30), Budget(bytes_left=30)
    assert decode_parts([part], poor, memory) == decode_parts([part], alone)
    assert poor.spent
    assert alone.spent


def test_an_app_that_invents_names_does_not_fill_the_memory():
    memory, chance = Memory(), Random(1)
    for _ in range(40):
        leaves(memory, {f"k{chance.getrandbits(60)}": "v" for _ in range(4000)})
    assert memory.used < 2 * MOST


def test_of_one_field_few_values_are_kept():
    memory = Memory()
    for number in range(100):
        leaves(memory, {"n": str(number)})
    root = memory.root(Where.BODY, "", "").child("json:$", "")
    assert len(root.member("n").leaves) == MOST_KEPT


def test_fields_deep_inside_a_document_have_the_paths_of_a_short_one():
    deep: object = {"end": TOKEN}
    for _ in range(100):
        deep = {"a": [deep]}
    found = leaves(Memory(), deep)
    assert found[0].path == "json:$" + ".a[0]" * 100 + ".end"
    assert found[-1].data == b"hello world hello"
