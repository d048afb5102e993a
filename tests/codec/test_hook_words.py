from __future__ import annotations

import json

import pytest

from analyzer.codec.hook_words import api_name, dotted, first, named, unwrap


@pytest.mark.parametrize(
    "text",
    [
        *("a.b.C.d", "a.b.C#d", "a.b.C::d", "a.b.C->d", "La/b/C;->d()Ljava/lang/String;", " a.b.C.d "),
        "La/b/C;.d",
    ],
)
def test_a_method_is_spelt_with_dots(text):
    assert dotted(text) == "a.b.C.d"


@pytest.mark.parametrize("text", ["", "d", "获取IMEI", "a b.c", ".a", "a..b"])
def test_what_is_no_method_has_no_name(text):
    assert dotted(text) == ""


def test_parameters_inner_classes_and_constructors_are_kept():
    assert dotted("a.B$C.<init>(int, a.D)") == "a.B$C.<init>(int, a.D)"


@pytest.mark.parametrize(
    "words",
    [
        {"api": "a.b.C.d"},
        {"class": "a.b.C", "method": "d"},
        {"clazz": "La/b/C;", "func": "d"},
        {"name": "Device Info", "classname": "a.b.C", "methodname": "d"},
        {"action": "a.b.C.d"},
        {"hook": "a.b.C.d"},
        {"hook": "telephony.imei", "class": "a.b.C", "method": "d"},
    ],
)
def test_the_api_is_found_under_the_keys_of_the_tools(words):
    assert api_name(words, ()) == "a.b.C.d"


def test_a_tool_that_uses_its_own_words_is_read_by_its_stack():
    assert api_name({"action": "获取IMEI"}, ("a.b.C.d(Native Method)", "e.F.g(F.java)")) == "a.b.C.d"
    assert api_name({"action": "获取IMEI"}, ()) == ""
    assert api_name({"hook": "telephony.imei"}, ()) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"API": "a.b.C.d"}, True),
        ([{"api": "a.b.C.d"}], True),
        ({"type": "send", "payload": {"api": "a.b.C.d"}}, False),
        ({"payload": [{"api": "a.b.C.d"}]}, False),
    ],
)
def test_the_event_is_found_by_itself_or_in_the_envelope_around_it(value, expected):
    ((words, alone),) = unwrap(value)
    assert (words["api"], alone) == ("a.b.C.d", expected)


INNER = {"api": "x.y.Z.w", "mark": "accepted"}


@pytest.mark.parametrize(
    "value",
    [
        {"class": "a.b.C", "method": "d", "payload": INNER},
        {"class": "a.b.C", "method": "d", "payload": json.dumps(INNER)},
        {"full_method": "a.b.C.d", "payload": [INNER]},
        {"hook": "net.body", "payload": INNER},
        {"type": "send", "payload": json.dumps(INNER)},
        {"type": "log", "payload": INNER},
        {"type": "send", "payload": {"type": "x", "data": INNER}},
        {"type": "send", "payload": {"payload": INNER}},
        *({key: INNER} for key in ("data", "event", "message", "body", "record", "_source")),
    ],
)
def test_what_a_call_was_given_and_what_is_text_is_no_event(value):
    ((words, _),) = unwrap(value)
    assert "mark" not in words
    assert words.get("api") != "x.y.Z.w"


def test_the_envelope_lends_what_the_event_does_not_say():
    (one, _), (other, _) = unwrap({"time": 5, "pid": 7, "payload": [{"api": "a.b.C.d", "time": 6}, {"api": "a.b.C.e"}]})
    assert (one["time"], one["pid"], other["time"]) == (6, 7, 5)


def test_a_key_that_says_null_is_there_but_says_nothing():
    assert first({"a": None, "b": 1}, ("a", "b")) == 1
    assert named({"a": None}, ("a",))
    assert not named({}, ("a",))
