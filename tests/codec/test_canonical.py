from __future__ import annotations

from dataclasses import dataclass

import pytest

from analyzer.codec.canonical import convert, head, read_document, write, write_document
from analyzer.codec.migrate import FormatProblem


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    parts: tuple[int, ...] = ()
    place: dict[str, int] | None = None


THING = Thing("a", (1, 2), {"z": 1, "a": 2})


def test_a_line_is_written_in_one_way() -> None:
    assert write("thing", THING) == b'{"v":1,"record":"thing","name":"a","parts":[1,2],"place":{"a":2,"z":1}}'
    assert head(write("thing", THING)) == (1, "thing")


def test_a_document_for_people_is_just_as_canonical() -> None:
    data = write_document("thing", THING)
    assert data.startswith(b'{\n  "v": 1,\n  "record": "thing",\n')
    assert read_document("thing", Thing, data) == THING
    for other in (data + b"\n", data.replace(b"  ", b" "), data.replace(b'"a": 2', b'"a": 2.0'), data[:-1]):
        with pytest.raises(FormatProblem):
            read_document("thing", Thing, other)


def test_a_document_of_an_older_version_is_migrated_and_checked() -> None:
    steps = {1: lambda document: {"name": document["title"]}}
    whole = {"v": 2, "record": "thing", "name": "x", "parts": [], "place": None}
    assert convert("thing", Thing, whole, steps, 2) == Thing("x")
    with pytest.raises(FormatProblem, match="unknown or missing keys: parts, place"):
        convert("thing", Thing, {"v": 1, "record": "thing", "title": "x"}, steps, 2)


def test_another_kind_of_document_is_refused_by_name() -> None:
    with pytest.raises(FormatProblem, match="`record` must be 'thing', not 'seal'"):
        read_document("thing", Thing, b'{"v":1,"record":"seal"}')


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(FormatProblem, match="extra"):
        convert("thing", Thing, {"v": 1, "record": "thing", "name": "x", "parts": [], "place": None, "extra": 1})


def test_what_json_cannot_carry_is_refused() -> None:
    with pytest.raises(FormatProblem):
        write("thing", Thing(object()))  # type: ignore[arg-type]
