from __future__ import annotations

import io
import json
import tracemalloc

import pytest

from analyzer.codec.foreign_stream import PlainStream
from analyzer.codec.har_scan import scan_entries

ENTRIES = [{"startedDateTime": "x", "n": number, "text": 'a"b\\{[}], {"time": 1}'} for number in range(5)]


def scan(data: bytes):
    return list(scan_entries(PlainStream(io.BytesIO(data), text=True)))


def numbers(data: bytes) -> list[int]:
    return [element.value["n"] for element in scan(data) if not element.why]


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"log": {"version": "1.2", "pages": [{"entries": 1}], "entries": ENTRIES, "comment": "x"}}, "log.entries[4]"),
        ({"entries": ENTRIES}, "entries[4]"),
        (ENTRIES, "[4]"),
        ({"outer": {"log": {"entries": ENTRIES}}}, "outer.log.entries[4]"),
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_entries_are_found_in_every_frame(document, place, indent):
    found = scan(json.dumps(document, indent=indent).encode())
    assert [element.value for element in found] == ENTRIES
    assert found[4].place == place


@pytest.mark.parametrize(
    ("before", "behind"), [("/* a {tool} */\n", "\n// end"), (")]}',\n", ""), ("har(", ");\n"), ("var a = ", ";")]
)
def test_what_stands_around_the_document_is_passed_over(before, behind):
    found = scan((before + json.dumps({"log": {"entries": ENTRIES}}) + behind).encode())
    assert [element.value for element in found] == ENTRIES
    assert scan(b"%PDF {}")[0].why == "it begins like no HAR"


def test_a_number_with_more_digits_than_python_reads_costs_nothing_else():
    entry = '{"time": 1, "n": 7, "text": ' + "9" * 5000 + "}"
    found = scan(('{"log": {"entries": [' + entry + ',{"n": 8}]}}').encode())
    assert [(element.value["n"], element.why) for element in found] == [(7, ""), (8, "")]
    assert found[0].value["text"] == "9" * 5000


def test_frames_with_long_names_are_opened_no_deeper_than_others():
    depth = 3000
    document = b'{"%s": ' % (b"x" * 70) * depth + b"{}" + b"}" * depth
    found = scan(document)  # how deep is too deep for the library depends on its version
    assert found[0].why in {"it nests too deep", "no list of entries is in it"}
    assert all(element.why for element in found)


def test_an_entry_alone_and_entries_line_by_line_are_found():
    entry = b'{"request": {"url": "https://a.example/"}, "time": 1}'
    assert [element.value["time"] for element in scan(entry + b"\n" + entry)] == [1, 1]


def test_a_malformed_entry_is_named_and_the_next_ones_are_kept():
    texts = [json.dumps(entry) for entry in ENTRIES]
    texts[1] = '{"startedDateTime": "x", "n": 1, "text": "a quote " in it"}'
    texts[3] = texts[3][:-9]
    found = scan(('{"log": {"entries": [' + ",".join(texts) + "]}}").encode())
    assert [element.value["n"] for element in found if not element.why] == [0, 2, 4]
    assert [element.place for element in found if element.why] == ["log.entries[1]", "log.entries[3]"]


def test_a_file_that_was_cut_keeps_every_whole_entry():
    data = json.dumps({"log": {"entries": ENTRIES}}).encode()
    for cut in range(30, len(data) - 2, 7):
        found = scan(data[:cut])
        whole = [element.value["n"] for element in found if not element.why]
        assert whole == list(range(len(whole)))
        assert len(whole) == data[:cut].count(b'"time\\": 1}"}')
        assert "ends in the middle" in found[-1].why


@pytest.mark.parametrize("bomb", [b"[" * 10**6 + b"]" * 10**6, b'{"a":' * 10**5 + b"1" + b"}" * 10**5, b"9" * 10**5])
def test_a_bomb_breaks_its_own_entry_only(bomb):
    good = json.dumps(ENTRIES[0]).encode()
    found = scan(b'{"log": {"entries": [' + good + b", " + bomb + b", " + good + b"]}}")
    assert found[0].value == ENTRIES[0]
    assert found[1].why or found[1].value == bomb.decode()
    assert found[-1].value == ENTRIES[0]


def test_many_small_malformed_entries_cost_no_more_than_their_size():
    data = b'{"log": {"entries": [' + b"{x}," * 20_000 + json.dumps(ENTRIES[2]).encode() + b"]}}"
    assert numbers(data) == [2]


@pytest.mark.parametrize("data", [b"", b"hello", b"{}", b"[", b'{"log": 5}', b'{"log": [1] "x"}', b"\xff\xfe\x00"])
def test_what_is_no_har_says_so(data):
    assert all(element.why for element in scan(data))
    assert scan(data)


def test_a_large_file_is_read_with_little_memory():
    entry = json.dumps({"n": 0, "text": "x" * 100_000}).encode()
    data = b'{"log": {"entries": [' + b",".join([entry] * 300) + b"]}}"
    file = io.BytesIO(data)
    tracemalloc.start()
    count = sum(1 for _ in scan_entries(PlainStream(file, text=True)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 300
    assert peak < len(data) / 3


def test_behind_a_malformed_entry_one_with_unusual_keys_is_kept_too():
    data = b'{"log": {"entries": [{"a": [x]}, {"n": 7, "b": {}}, {"c": {"d": y}}, {"n": 8}]}}'
    assert numbers(data) == [7, 8]
