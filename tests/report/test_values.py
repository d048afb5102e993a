from __future__ import annotations

import base64

from analyzer.model.evidence import Value
from analyzer.model.vocabulary import ValueKind
from analyzer.report import values
from analyzer.report.document_evidence import ValueEntry


def preview(value: Value) -> ValueEntry:
    return ValueEntry.model_validate(values.preview(value))


def test_bytes_become_base64_of_their_beginning_and_their_size() -> None:
    entry = preview(Value(ValueKind.BYTES, data=b"\x00\xff" * 300))
    assert entry.size == 600
    assert base64.b64decode(entry.base64 or "") == b"\x00\xff" * 128
    assert entry.truncated


def test_empty_bytes_are_not_the_same_as_no_bytes() -> None:
    assert preview(Value(ValueKind.BYTES)).base64 == ""
    assert preview(Value(ValueKind.STRING, text="a")).base64 is None


def test_lists_and_objects_become_text() -> None:
    place = Value(ValueKind.OBJECT, fields=(("lat", Value(ValueKind.NUMBER, text="31.2")),))
    assert preview(Value(ValueKind.LIST, items=(place, Value(ValueKind.NULL)))).text == "[{lat: 31.2}, null]"


def test_deep_and_wide_values_stay_bounded() -> None:
    value = Value(ValueKind.STRING, text="x" * 1000)
    for _ in range(40):
        value = Value(ValueKind.LIST, items=(value,) * 5)
    assert len(preview(value).text) <= 1024
    wide = preview(Value(ValueKind.LIST, items=(Value(ValueKind.NULL),) * 33))
    assert wide.truncated


def test_a_whole_value_is_not_called_truncated() -> None:
    assert not preview(Value(ValueKind.STRING, text="490154203237518")).truncated
