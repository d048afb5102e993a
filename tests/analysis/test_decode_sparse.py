from __future__ import annotations

import json

import pytest
from wire import taxonomy

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_json import open_json
from analyzer.analysis.decode_sparse import LISTENED, Document, Heard, Place, Says, open_sparsely
from analyzer.analysis.indicators import compile_indicators
from analyzer.analysis.listening import Listening
from analyzer.model.vocabulary import Where

BODY = Place(Where.BODY, "", "")
EVENTS = [{"name": "tap", "ts": 1760000000000 + at, "n": at, "ok": at % 2 == 0} for at in range(5)]


class Everything:
    """Hears every value."""

    def __init__(self) -> None:
        self.inner = Listening(compile_indicators([]), taxonomy())

    def sayings(self, where: Where) -> object:
        return self.inner.sayings(where)

    def loud(self, document: Document) -> Heard:
        return Heard(frozenset(document.values), None)


def _sparse(document: object, budget: Budget | None = None):
    listening = Listening(compile_indicators([]), taxonomy())
    return open_sparsely(json.dumps(document), BODY, listening, budget or Budget())


def test_what_tells_nothing_is_left_out_and_counted():
    sparse = _sparse({"events": EVENTS, "x": None, "y": ""})
    assert sparse is not None
    assert sparse.children == []
    whole = [value for _, _, value in open_json(json.dumps({"events": EVENTS}), Budget()).children]
    assert (sparse.left_out, sparse.bytes_left_out) == (len(whole), sum(map(len, whole)))
    assert sparse.names == {"name", "ts", "n", "ok"}


def test_an_object_of_which_one_value_counts_is_given_whole_and_no_other():
    sparse = _sparse({"events": EVENTS, "device": {"os": "android", "sdk": 8, "free": True, "none": None}})
    assert sparse is not None
    assert sparse.children == [
        ("json:$.device.os", "os", "android"),
        ("json:$.device.sdk", "sdk", "8"),
        ("json:$.device.free", "free", "true"),
    ]
    assert "sdk" not in sparse.names


@pytest.mark.parametrize(
    "document",
    [
        {"a": 1, "b": {"c": "x", "d": [1, "two", None, True]}, "e": "y", "f": [{"g": 1}, {"g": 2}], "h": False},
        [["a", "b"], [{"c": ["d"]}], []],
        {"com.example": {"a b": 1}, "": "x", "867431059238179": "y"},
        {"a": {"b": {}}, "c": [[], ["x"]], "d": "é\ud800"},
        ["x", "", None, "y"],
    ],
    ids=str,
)
def test_where_everything_counts_nothing_differs_from_reading_the_whole(document):
    text = json.dumps(document)
    sparse = open_sparsely(text, BODY, Everything(), Budget())
    assert sparse is not None
    whole = [child for child in open_json(text, Budget()).children if child[2]]
    assert sparse.children == whole
    assert (sparse.left_out, sparse.bytes_left_out) == (0, 0)


@pytest.mark.parametrize(
    "text", ['{"a":1', "{}", '{"a":[1,{"b":2}]}', '{"a":1}x', "[" * 5000], ids=lambda one: one[:20]
)
def test_what_is_no_plain_document_is_read_as_a_whole(text):
    assert open_sparsely(text, BODY, Everything(), Budget()) is None


def test_a_document_with_more_values_than_can_be_paid_is_read_as_a_whole():
    assert _sparse({"events": EVENTS}, Budget(leaves_left=10)) is None
    assert _sparse({"events": EVENTS}, Budget(bytes_left=10)) is None


def test_names_are_asked_once_for_all_objects_that_have_them():
    listening = Listening(compile_indicators([]), taxonomy())
    says = listening.sayings(Where.BODY)
    first = says["events", ("name", "ts")]
    assert isinstance(first, Says)
    assert says["events", ("name", "ts")] is first
    assert {Where.BODY, Where.RESPONSE} <= LISTENED
