from __future__ import annotations

import json

import pytest

from analyzer.capture.agent_messages import AgentMessages, clean, frames_of, value
from analyzer.codec.records import encode
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Gap, HookState, Mark, Process, Stack, Thread, Value
from analyzer.model.vocabulary import Ending, GapKind, HookStatus, MarkKind, ValueKind

MESSAGES = AgentMessages(Process(7, "com.example"), "device:x")
STAMP = {"s": 3, "m": 5, "w": 6}
CALL = {**STAMP, "k": "event", "tid": 9, "tn": "main", "h": "a.b", "api": "A.b()", "a": [], "e": "returned"}


def one(raw):
    return next(MESSAGES.records([raw]))


def test_an_event_keeps_everything_that_was_said():
    said = {**CALL, "a": [{"k": "string", "c": "java.lang.String", "t": "x"}], "r": {"k": "null"}, "st": 4}
    assert one(said) == Event(
        seq=3,
        source="agent:7",
        stamp=Stamp(5, 6, "device:x"),
        process=Process(7, "com.example"),
        thread=Thread(9, "main"),
        hook="a.b",
        api="A.b()",
        arguments=(Value(ValueKind.STRING, "java.lang.String", "x"),),
        ending=Ending.RETURNED,
        result=Value(ValueKind.NULL),
        stack=4,
    )


def test_a_call_that_threw_has_an_exception_and_no_result():
    event = one({**CALL, "e": "threw", "x": "java.lang.SecurityException: no"})
    assert (event.ending, event.exception, event.result) == (Ending.THREW, "java.lang.SecurityException: no", None)


def test_stacks_answers_and_gaps_are_read():
    stack, state, gap = MESSAGES.records(
        [
            {**STAMP, "k": "stack", "id": 1, "x": "[java.base/a.B.c(B.java:1), app//d.e(Native Method)]"},
            {**STAMP, "k": "hook", "h": "a.b", "st": "class_absent", "d": "A"},
            {**STAMP, "k": "gap", "g": "events_sampled", "h": "a.b", "why": "801 calls"},
        ]
    )
    assert isinstance(stack, Stack)
    assert stack.frames == ("a.B.c(B.java:1)", "d.e(Native Method)")
    assert isinstance(state, HookState)
    assert state.status is HookStatus.CLASS_ABSENT
    assert isinstance(gap, Gap)
    assert (gap.kind, gap.subject, gap.why) == (GapKind.EVENTS_SAMPLED, "a.b", "801 calls")


def test_what_was_changed_in_the_app_is_a_mark():
    mark = one({**STAMP, "k": "changed", "h": "unpin.okhttp", "api": "a.B.c()", "c": "d.E" * 1000})
    assert isinstance(mark, Mark)
    assert (mark.kind, mark.source, mark.seq) == (MarkKind.PINNING_REMOVED, "agent:7", 3)
    assert (mark.details["hook"], mark.details["process"], len(mark.details["caller"])) == (
        "unpin.okhttp",
        "com.example",
        1000,
    )


def test_a_stack_that_is_long_or_cut_keeps_its_whole_frames():
    assert list(frames_of("[a.b(A:1), a.c(A:2), a.d(A:3)]", 2)) == ["a.b(A:1)", "a.c(A:2)"]
    assert list(frames_of("[a.b(A:1), a.c(A:2), a.d(A", 9)) == ["a.b(A:1)", "a.c(A:2)"]
    assert list(frames_of("", 9)) == []


def test_values_nest_and_carry_bytes():
    raw = {
        "k": "object",
        "c": "C",
        "f": [["d", {"k": "bytes", "d": "AAH/"}], ["l", {"k": "list", "i": [{"k": "null"}], "x": True}]],
    }
    read = value(raw)
    assert read.fields[0] == ("d", Value(ValueKind.BYTES, data=b"\x00\x01\xff"))
    assert read.fields[1][1].truncated
    assert read.fields[1][1].items == (Value(ValueKind.NULL),)


def test_a_value_that_is_nested_without_end_is_refused():
    raw = {"k": "null"}
    for _ in range(20):
        raw = {"k": "list", "i": [raw]}
    with pytest.raises(ValueError, match="too deeply"):
        value(raw)


@pytest.mark.parametrize(
    "broken",
    [
        "text",
        None,
        {},
        {"k": "unknown"},
        {**CALL, "e": "exploded"},
        {**CALL, "a": [{"k": "bytes", "d": "not base64!"}]},
        {**CALL, "m": "soon"},
    ],
)
def test_what_cannot_be_read_leaves_a_gap_in_its_place(broken):
    gap, after = MESSAGES.records([broken, CALL])
    assert isinstance(gap, Gap)
    assert gap.kind is GapKind.AGENT_ERROR
    assert isinstance(after, Event)


def test_lone_surrogates_become_a_mark_that_utf8_can_hold():
    assert clean("a\ud83db").encode() == b"a?b"


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 40, "true", "[1]"])
@pytest.mark.parametrize("key", ["s", "m", "w", "tid", "st"])
def test_a_number_that_no_record_holds_costs_no_record_beside_it(key, number):
    records = list(MESSAGES.records([{**CALL, "st": 1, key: json.loads(number)}, CALL]))
    assert all(encode(record) for record in records)
    assert isinstance(records[1], Event)
    assert isinstance(records[0], Event) == (number == "true")
