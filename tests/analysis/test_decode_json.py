from __future__ import annotations

import gzip
import json
import time

import pytest
from unknown import REF

from analyzer.analysis.decode import Leaf, decode
from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_json import open_embedded_json, open_json
from analyzer.model.vocabulary import Where


def _open(text: str):
    opened = open_json(text, Budget()) or open_embedded_json(text, Budget())
    return [(step, value) for step, _, value in opened.children] if opened else []


def test_documents_lines_and_documents_in_a_row_open():
    assert _open('{"a": {"b": ["x"]}}') == [("json:$.a.b[0]", "x")]
    for between in ("\n", "", ",", " \r\n"):
        assert _open(f'{{"a": 1}}{between}{{"a": 2}}') == [("json:$[0].a", "1"), ("json:$[1].a", "2")]
    assert _open('"just text"') == [("json:$", "just text")]


def test_numbers_keep_the_text_they_were_sent_as():
    assert _open('{"a": 31.230, "b": 1e3, "c": 123456789012345678901234567890, "d": NaN}') == [
        ("json:$.a", "31.230"),
        ("json:$.b", "1e3"),
        ("json:$.c", "123456789012345678901234567890"),
        ("json:$.d", "NaN"),
    ]


@pytest.mark.parametrize("signed", [False, True])
def test_a_list_of_bytes_is_read_as_what_they_are(signed):
    text = '{"imei": "867431059238179", "name": "林砚秋"}'
    for data in (text.encode(), gzip.compress(text.encode())):
        codes = [one - 256 if signed and one > 127 else one for one in data]
        assert ("json:$.d#bytes", data) in _open(json.dumps({"d": codes}))
        assert ("json:$.d#bytes", data) in _open(json.dumps({"d": [str(one) for one in codes]}))
    body = json.dumps({"d": list(text.encode())}).encode()
    leaves = decode(Leaf(REF, Where.BODY, "", "", body), Budget())
    assert ("json:$.d#bytes>json:$.imei", b"867431059238179") in [(one.path, one.data) for one in leaves]


@pytest.mark.parametrize(
    "numbers",
    [[65] * 11, [65] * 20 + [256], [65] * 20 + [-129], [1, 2, 3] * 5, [65.5] * 20, [True] * 20, [[65]] * 20, [0] * 20],
)
def test_a_list_of_other_numbers_is_no_list_of_bytes(numbers):
    assert not [path for path, _ in _open(json.dumps({"d": numbers})) if path.endswith("#bytes")]


def test_both_values_of_a_repeated_name_are_given():
    assert _open('{"a": "x", "a": "y"}') == [("json:$.a", "x"), ("json:$.a", "y")]


def test_a_key_that_is_no_plain_name_may_itself_carry_data():
    assert ("json:$#key", "a@b.example") in _open('{"a@b.example": 1}')
    assert _open('{"a b": {"手机号": "1"}}')[-1] == ('json:$["a b"]["手机号"]', "1")


@pytest.mark.parametrize(
    "text",
    [
        ")]}'\n{}", "callback({});", "/**/jQuery.cb_x({});", "for(;;);{}", "while(1);{}", "data: {}\n\n", "42{}",
        "\ufeff{}", "{}\0\0", "&&&{}", "a log line, then {} and more",
    ],
)  # fmt: skip
def test_what_stands_around_a_document_does_not_hide_it(text):
    assert _open(text.replace("{}", '{"a": "x"}')) == [("json:$.a", "x")]


def test_text_around_a_document_is_kept_and_a_guard_is_not():
    assert open_embedded_json('imei=867431059238179 {"a": 1}', Budget()).whole is False
    assert open_embedded_json('callback({"a": 1});', Budget()).whole is True


def test_of_a_broken_document_the_values_are_read():
    assert _open('{"a": "x", "b": {"lat": 31.2, "c": ["y", "cut o') == [
        ("json:$..a", "x"),
        ("json:$..lat", "31.2"),
        ("json:$..c", "y"),
        ("json:$..c", "cut o"),
    ]
    assert _open("{oops") == []
    assert _open("see [1] and [a]") == []


def test_endless_nesting_is_noted_and_its_values_are_still_read():
    budget = Budget()
    opened = open_json("[" * 100_000 + '{"imei":"1"}' + "]" * 100_000, budget)
    assert ("json:$..imei", "imei", "1") in opened.children
    assert budget.spent


def test_deep_paths_stay_short():
    text = '{"abcdefgh":' * 500 + '"x"' + "}" * 500
    ((path, _, value),) = open_json(text, Budget()).children
    assert value == "x"
    assert len(path) < 2000


def test_many_values_and_many_false_beginnings_are_bounded():
    budget = Budget(leaves_left=100)
    assert len(open_json(json.dumps(["x"] * 1000), budget).children) <= 101
    assert budget.spent
    budget = Budget(work_left=3_000_000)
    open_embedded_json('{"a' * 100_000, budget)
    assert budget.work_left >= 0


@pytest.mark.parametrize("bomb", [b'{"a":', b"[", b'["a",', b'[{"":'], ids=repr)
def test_a_bomb_of_nested_json_ends_at_its_bound(bomb):
    budget = Budget()
    begun = time.process_time()
    packed = gzip.compress(bomb * 5_000_000, mtime=0)
    leaves = list(decode(Leaf(REF, Where.BODY, "", "", packed), budget))
    assert budget.spent
    assert leaves
    assert time.process_time() - begun < 3, "before the bound counted names it took 5 s"
