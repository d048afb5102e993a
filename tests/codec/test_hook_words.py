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
    "value",
    [
        {"API": "a.b.C.d"},
        {"type": "send", "payload": {"api": "a.b.C.d"}},
        {"type": "send", "payload": json.dumps({"api": "a.b.C.d"})},
        {"type": "send", "payload": {"type": "x", "data": {"api": "a.b.C.d"}}},
        [{"api": "a.b.C.d"}],
    ],
)
def test_the_event_is_found_in_what_is_wrapped_around_it(value):
    (words,) = unwrap(value)
    assert words["api"] == "a.b.C.d"


def test_the_wrapper_lends_what_the_event_does_not_say():
    first_, second = unwrap({"time": 5, "pid": 7, "payload": [{"api": "a.b.C.d", "time": 6}, {"api": "a.b.C.e"}]})
    assert (first_["time"], first_["pid"], second["time"]) == (6, 7, 5)


def test_wrapping_without_end_ends():
    value: object = {"api": "a.b.C.d"}
    for _ in range(50):
        value = {"payload": value}
    (words,) = unwrap(value)
    assert "api" not in words


def test_a_key_that_says_null_is_there_but_says_nothing():
    assert first({"a": None, "b": 1}, ("a", "b")) == 1
    assert named({"a": None}, ("a",))
    assert not named({}, ("a",))
