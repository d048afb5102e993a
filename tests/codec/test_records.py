from __future__ import annotations

import base64
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.codec.migrate import FormatProblem
from analyzer.codec.records import KINDS, MAX_DEPTH, SOURCES, decode, encode
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, FlowError, Gap, Mark, Process, Record, Thread, Value
from analyzer.model.vocabulary import Ending, GapKind, MarkKind, Source, ValueKind

INTS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
LEAVES = st.builds(
    Value, kind=st.sampled_from(ValueKind), type=TEXTS, text=TEXTS, data=st.binary(max_size=20), truncated=st.booleans()
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        Value,
        kind=st.sampled_from(ValueKind),
        type=TEXTS,
        items=st.lists(inner, max_size=3).map(tuple),
        fields=st.lists(st.tuples(TEXTS, inner), max_size=3).map(tuple),
    ),
    max_leaves=6,
)


def anything(hint: Any) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line per shape
    """Make every value that a field of the model can have, with text and integers as JSON can carry them."""
    if hint is int:
        return INTS
    if hint is str:
        return TEXTS
    if hint is Value:
        return VALUES
    arguments = get_args(hint)
    if getattr(hint, "__origin__", None) is tuple:
        if arguments[-1] is ...:
            return st.lists(anything(arguments[0]), max_size=3).map(tuple)
        return st.tuples(*map(anything, arguments))
    if getattr(hint, "__origin__", None) is Mapping:
        return st.dictionaries(TEXTS, TEXTS, max_size=3)
    if type(None) in arguments:
        return st.none() | st.one_of([anything(option) for option in arguments if option is not type(None)])
    if hasattr(hint, "__dataclass_fields__"):
        return st.builds(hint, **{name: anything(part) for name, part in get_type_hints(hint).items()})
    return st.from_type(hint)


RECORDS = st.one_of([anything(cls) for cls in KINDS.values()])
EVENT = Event(
    seq=1,
    source="agent:7",
    stamp=Stamp(5, 6),
    process=Process(7, "com.example"),
    thread=Thread(8, "main"),
    hook="telephony.imei",
    api="android.telephony.TelephonyManager.getImei()",
    arguments=(),
    ending=Ending.RETURNED,
    result=Value(ValueKind.STRING, "java.lang.String", "490154203237518"),
)
MARK = Mark(1, "operator", Stamp(1, 2), MarkKind.TAPPED, {"x": "1"})


@given(RECORDS)
@settings(max_examples=400, deadline=None)
def test_every_record_survives_the_way_to_a_line_and_back(record: Record) -> None:
    line = encode(record)
    assert decode(line) == record
    assert b"\n" not in line


def test_every_kind_of_record_has_a_word_and_a_file() -> None:
    classes = {cls for alias in get_args(Record) for cls in (get_args(alias) or (alias,))}
    assert set(KINDS.values()) == classes == set(SOURCES)
    assert set(SOURCES.values()) == set(Source)


def test_a_line_begins_with_version_and_kind_and_keeps_the_order_of_the_fields() -> None:
    assert encode(MARK) == (
        b'{"v":1,"record":"mark","seq":1,"source":"operator","stamp":{"mono_us":1,"wall_us":2,"domain":"host"},'
        b'"kind":"tapped","details":{"x":"1"}}'
    )


def test_details_in_another_order_give_the_same_line() -> None:
    assert encode(replace(MARK, details={"a": "1", "b": "2"})) == encode(replace(MARK, details={"b": "2", "a": "1"}))


def test_bytes_are_base64_and_hostile_text_keeps_its_content() -> None:
    text = "\x00\n\u2028</script>'; DROP TABLE x; -- \U0001f600 \u202e\x1b[31m"
    line = encode(replace(EVENT, result=Value(ValueKind.BYTES, "[B", text, b"\x00\xff")))
    document = json.loads(line)
    assert base64.b64decode(document["result"]["data"]) == b"\x00\xff"
    assert document["result"]["text"] == text


def test_a_lone_surrogate_becomes_the_text_of_its_escape() -> None:
    record = decode(encode(replace(MARK, details={"te\ud800xt": "\udfff"})))
    assert isinstance(record, Mark)
    assert record.details == {"te\\ud800xt": "\\udfff"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"seq":1', b'"seq":1,"more":2'),
        (b'"seq":1', b'"seq":1,"seq":1'),
        (b'"seq":1', b'"seq":"1"'),
        (b'"seq":1', b'"seq":1.0'),
        (b'"seq":1', b'"seq":1e2'),
        (b'"seq":1', b'"seq":true'),
        (b'"seq":1', b'"seq":null'),
        (b'"seq":1', b'"seq":NaN'),
        (b'"seq":1', b'"seq":Infinity'),
        (b'"seq":1', b'"seq":9223372036854775808'),
        (b'"seq":1', b'"seq":-9223372036854775809'),
        (b'"seq":1', b'"seq":' + b"9" * 5000),
        (b'"seq":1', b'"seq": 1'),
        (b'"seq":1,', b""),
        (b'"details":{"x":"1"}', b'"details":{"x":1}'),
        (b',"details":{"x":"1"}', b""),
        (b'"tapped"', b'"poked"'),
        (b'"domain":"host"', b'"domain":"host","zone":"UTC"'),
        (b'"operator"', b'"oper\xffator"'),
        (b'"operator"', b'"\\ud800"'),
        (b'"operator"', b'"\\u006fperator"'),
        (b'"v":1', b'"v":2'),
        (b'"v":1', b'"v":0'),
        (b'"v":1', b'"v":01'),
        (b'"record":"mark"', b'"record":"gap"'),
        (b'"record":"mark"', b'"record":"nothing"'),
        (b'{"v":1,', b"{"),
        (b"}}", b"}} "),
        (b"}}", b"}}{}"),
        (b"}}", b"}"),
    ],
)
def test_a_line_that_is_not_exactly_ours_is_refused(old: bytes, new: bytes) -> None:
    line = encode(MARK)
    assert old in line
    with pytest.raises(FormatProblem):
        decode(line.replace(old, new, 1))


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_without_another_error(data: bytes) -> None:
    for attempt in (data, b'{"v":1,"record":"event",' + data, b'{"v":1,"record":"mark","seq":' + data):
        with pytest.raises(FormatProblem):
            decode(attempt)


def test_any_changed_byte_gives_another_record_or_is_refused() -> None:
    line, seeded = encode(EVENT), random.Random(3)
    for at in range(len(line)):
        changed = bytearray(line)
        changed[at] ^= 1 << seeded.randrange(8)
        try:
            assert decode(bytes(changed)) != EVENT
        except FormatProblem:
            continue


def nested(depth: int) -> Value:
    value = Value(ValueKind.LIST)
    for level in range(depth - 1):
        value = Value(ValueKind.LIST, items=(value,)) if level % 2 else Value(ValueKind.LIST, fields=(("f", value),))
    return value


def test_values_may_nest_to_the_limit_and_no_deeper() -> None:
    deep = replace(EVENT, arguments=(nested(MAX_DEPTH),), this=nested(MAX_DEPTH))
    assert decode(encode(deep)) == deep
    for field in ({"arguments": (nested(MAX_DEPTH + 1),)}, {"result": nested(MAX_DEPTH + 1)}, {"this": nested(2000)}):
        with pytest.raises(FormatProblem):
            encode(replace(EVENT, **field))


def test_endless_nesting_in_a_line_is_refused() -> None:
    line = encode(replace(EVENT, result=nested(2)))
    opening = b'{"kind":"list","type":"","text":"","data":"","items":['
    with pytest.raises(FormatProblem):
        decode(line.replace(b'"result":{', b'"result":' + opening * 100_000 + b"{"))


@pytest.mark.parametrize(
    "wrong", [2**63, -(2**63) - 1, pytest.param(2**20_000, id="huge"), True, 1.0, float("nan"), float("inf"), "1", None]
)
def test_a_number_that_is_no_64_bit_integer_is_never_written(wrong: Any) -> None:
    with pytest.raises(FormatProblem):
        encode(replace(MARK, seq=wrong))


@pytest.mark.parametrize("wrong", [5, None, MarkKind, object()])
def test_a_text_of_another_type_is_never_written(wrong: Any) -> None:
    with pytest.raises(FormatProblem):
        encode(FlowError(1, "proxy", Stamp(1, 1), "f1", wrong))


def test_what_is_no_record_is_never_written() -> None:
    with pytest.raises(FormatProblem, match="Stamp is no kind of evidence"):
        encode(Stamp(1, 1))  # type: ignore[arg-type]


def test_the_limits_of_every_integer_are_checked_wherever_it_lies() -> None:
    far = Stamp(2**63, 0)
    gap = Gap(1, "reader", Stamp(0, 0), GapKind.RECORD_TORN, "x", "y")
    for record in (replace(MARK, stamp=far), replace(gap, until=far), replace(EVENT, stack=2**63)):
        with pytest.raises(FormatProblem, match="64 bits"):
            encode(record)
