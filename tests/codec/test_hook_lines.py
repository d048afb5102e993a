from __future__ import annotations

import gzip
import importlib.resources
import io
import json

import jsonschema
import pytest
from damage import damaged
from hypothesis import given, settings

from analyzer.codec import hook_lines
from analyzer.codec.foreign import Broken
from analyzer.codec.hook_lines import read_hook_lines
from analyzer.codec.records import encode
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, FlowError, HookState, Mark, Process, Stack, Thread
from analyzer.model.vocabulary import Ending, HookStatus, MarkKind

TRACE = "java.lang.Throwable\n\tat com.sdk.A.b(A.java:1)\n\tat com.example.Main.c(Main.java:2)"
DOCUMENTED = [
    {
        "time": "2026-03-01T08:00:00.123456+08:00",
        "api": "android.telephony.TelephonyManager.getImei",
        "arguments": [0],
        "result": "490154203237518",
        "stack": TRACE,
        "process": "com.example",
        "pid": 12,
        "thread": "main",
        "tid": 13,
    },
    {
        "time": 1772323201,
        "class": "android.os.Build",
        "method": "getSerial",
        "exception": "java.lang.SecurityException",
    },
    {
        "time": 1772323202000,
        "api": "a.b.C.d",
        "hook": "telephony.imei",
        "result": {"base64": "AAE="},
        "stack": ["x.Y.z(Y.java)"],
    },
    {"time": 1772323203.5, "mark": "accepted"},
]
DATA = b"".join(json.dumps(line).encode() + b"\n" for line in DOCUMENTED)
AT = 1_772_323_200_123_456


def read(data: bytes):
    return list(read_hook_lines(io.BytesIO(data), "a.jsonl"))


def one(line: dict[str, object]) -> Event:
    (event,) = [record for record in read(json.dumps(line).encode()) if isinstance(record, Event)]
    return event


def test_an_event_of_the_documented_dialect_is_read_whole():
    stack, event, *_ = read(DATA)
    assert isinstance(stack, Stack)
    assert stack.frames == ("com.sdk.A.b(A.java:1)", "com.example.Main.c(Main.java:2)")
    assert isinstance(event, Event)
    assert (event.stamp.wall_us, event.stamp.mono_us, event.stamp.domain) == (AT, AT, "import")
    assert (event.hook, event.api) == ("", "android.telephony.TelephonyManager.getImei")
    assert (event.process, event.thread) == (Process(12, "com.example"), Thread(13, "main"))
    assert [value.text for value in event.arguments] == ["0"]
    assert event.result is not None
    assert event.result.text == "490154203237518"
    assert (event.ending, event.stack, event.seq) == (Ending.RETURNED, stack.id, 2)


def test_exceptions_hook_ids_bytes_and_marks_are_read():
    records = read(DATA)
    assert (records[2].ending, records[2].exception, records[2].result) == (
        *(Ending.THREW, "java.lang.SecurityException", None),
    )
    assert (records[4].hook, records[4].result.data) == ("telephony.imei", b"\x00\x01")
    assert isinstance(records[5], Mark)
    assert (records[5].kind, records[5].stamp.wall_us) == (MarkKind.ACCEPTED, 1_772_323_203_500_000)


def test_the_schema_describes_what_is_read_and_refuses_what_is_not():
    text = importlib.resources.files(hook_lines.__package__).joinpath("data/hook_lines.schema.json").read_text("utf-8")
    validator = jsonschema.Draft202012Validator(json.loads(text))
    for line in DOCUMENTED:
        validator.validate(line)
        assert not any(isinstance(record, Broken) for record in read(json.dumps(line).encode()))
    for line in ({}, {"time": 1}, {"api": "a.b.C.d"}, {"time": 1, "mark": "danced"}, 5):
        assert not validator.is_valid(line)


@pytest.mark.parametrize(
    "line",
    [
        {"type": "send", "payload": {"time": AT, "api": "a.b.C.d", "args": ["x"], "retval": "r"}},
        {"alert_time": "2026-03-01 00:00:00.123456", "action": "a.b.C.d", "arg": "x", "messages": "r"},
        {"timestamp": AT / 1e6, "class": "a.b.C", "method": "d", "arguments": ["x"], "returnValue": "r"},
        {"ts": AT * 1000, "clazz": "La/b/C;", "func": "d", "params": ["x"], "ret": "r"},
    ],
)
def test_the_keys_of_common_tools_are_understood(line):
    event = one(line)
    assert (event.api, event.stamp.wall_us) == ("a.b.C.d", AT)
    assert [value.text for value in event.arguments] == ["x"]
    assert event.result is not None
    assert event.result.text == "r"


def test_a_line_behind_the_prefix_of_a_log_is_read():
    data = b'MobSF-API-Monitor: {"class":"a.b.C","method":"d","calledFrom":"x.Y.z(Y.java:1)"},\r\n'
    stack, event = read(data)
    assert (stack.frames, event.api) == (("x.Y.z(Y.java:1)",), "a.b.C.d")


MARK = json.dumps({"time": 5, "mark": "accepted"})


@pytest.mark.parametrize(
    "line",
    [
        *(f'{{"type":"send","payload":{MARK}}}', f'{{"mark":"accepted","payload":[{MARK}]}}'),
        *(f"MobSF-API-Monitor: {MARK}", f"D/App( 123): {MARK}", f"D/MobSF-API-Monitor( 123): {MARK}"),
        f'I/x( 1): MobSF-API-Monitor: {{"class":"a.b.C","method":"d","payload":{MARK}}}',
    ],
)
def test_a_mark_that_an_app_can_have_written_is_told_and_not_taken(line):
    (broken,) = read(line.encode())
    assert isinstance(broken, Broken)
    assert "not taken" in broken.why
    assert [record.kind for record in read(MARK.encode())] == [MarkKind.ACCEPTED]


def test_an_event_beside_a_mark_in_an_envelope_is_kept():
    line = f'{{"type":"send","payload":[{MARK},{{"time":6,"api":"a.b.C.d"}}]}}'
    assert [type(record) for record in read(line.encode())] == [Broken, Event]


def test_what_a_call_was_given_makes_neither_marks_nor_events():
    for payload in (MARK, json.loads(MARK), json.dumps({"api": "x.y.Z.w"}), {"api": "x.y.Z.w"}):
        assert one({"class": "okhttp3.RequestBody", "method": "create", "payload": payload}).api == (
            "okhttp3.RequestBody.create"
        )


@pytest.mark.parametrize("indent", [None, 1])
def test_an_array_is_read_like_lines(indent):
    data = json.dumps(DOCUMENTED, indent=indent).encode()
    assert read(data) == read(DATA)
    assert read(gzip.compress(data)) == read(DATA)


def test_a_stack_that_comes_again_is_told_once():
    records = read(DATA + DATA)
    assert sum(isinstance(record, Stack) for record in records) == 2
    events = [record for record in records if isinstance(record, Event)]
    assert events[0].stack == events[3].stack
    assert [record.seq for record in records] == list(range(1, len(records) + 1))


def test_what_is_no_event_is_broken_with_its_line_and_the_rest_is_kept():
    records = read(b'not json\n\n{"type":"log","payload":"hello"}\n' + DATA + b'{"api": "a.b')
    assert [record.place for record in records if isinstance(record, Broken)] == ["line 1", "line 3", "line 8"]
    assert records[-1].wall_us == 1_772_323_203_500_000
    assert sum(isinstance(record, Event) for record in records) == 3


def test_lines_of_our_own_recordings_are_read_with_and_without_their_chain():
    at = Stamp(5, AT, "device:x")
    own = [
        HookState(1, "agent:1", at, Process(1, "p"), "telephony.imei", HookStatus.ARMED),
        Stack(2, "agent:1", at, 9, ("a.b.C.d(C.java:1)",)),
        Event(3, "agent:1", at, Process(1, "p"), Thread(1), "telephony.imei", "a.b.C.d", (), Ending.RETURNED, stack=9),
        Event(4, "agent:2", at, Process(2, "q"), Thread(1), "telephony.imei", "a.b.C.d", (), Ending.RETURNED, stack=9),
    ]
    lines = [encode(record) for record in own]
    chained = [line[:-1] + b',"chain":"' + b"0" * 64 + b'"}' for line in lines]
    records = read(b"\n".join(lines))
    assert records == read(b"\n".join(chained))
    assert [type(record) for record in records] == [type(record) for record in own]
    assert {record.stamp for record in records} == {Stamp(AT, AT, "import")}
    assert records[2].stack == records[1].id != records[3].stack
    assert records[2].hook == "telephony.imei"


def test_our_own_records_of_other_files_and_changed_ones_are_broken():
    flow = encode(FlowError(1, "proxy", Stamp(1, AT), "f", "x"))
    assert [type(record) for record in read(flow + b"\n" + flow.replace(b'"seq":1', b'"seq":"x"'))] == [Broken, Broken]


@pytest.mark.parametrize(
    "data",
    [
        *(b"[" * 10**5, b'{"payload":' * 10**5, b"{\n" * 100, b"\x00" * 100, b"[\n{" + b"{" * 10**5, b"\xff\xff\xff"),
        *(b'{"api":"a.b.C.d","time":1e999,"pid":1e400,"args":NaN}', b'{"api":"a.b.C.d","time":' + b"9" * 5000 + b"}"),
        b'{"api":"a.b.C.d","args":' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"api":"a.b.C.\\ud800","exception":"\\ud800","process":"\\udcff","stack":"\\ud800.b.c"}',
    ],
)
def test_hostile_lines_give_what_can_be_written_or_are_broken(data):
    for record in read(data):
        assert isinstance(record, Broken) or encode(record)


def test_a_line_without_end_is_broken_and_the_next_one_is_read(monkeypatch):
    monkeypatch.setattr(hook_lines, "LINE_LIMIT", 1000)
    records = read(b"x" * 3_000_000 + b"\n" + DATA)
    assert records[0].place == "line 1"
    assert "longer" in records[0].why
    assert len(records) == 7


@settings(derandomize=True, max_examples=150, deadline=None)
@given(damaged(DATA))
def test_whatever_damage_gives_records_that_can_be_written(data):
    for record in read(data):
        assert isinstance(record, Broken) or encode(record)
