from __future__ import annotations

import gzip
import io
import json
import zlib

import pytest
from damage import damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.codec.foreign import Broken
from analyzer.codec.har import read_har
from analyzer.codec.records import encode
from analyzer.model.evidence import Request

ENTRY = {
    "startedDateTime": "2026-01-01T08:00:00.5+08:00",
    "time": 12.5,
    "request": {
        "method": "POST",
        "url": "https://api.example.com/v1?x=1",
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "cookies": [],
        "queryString": [{"name": "x", "value": "1"}],
        "postData": {"mimeType": "application/json", "text": '{"imei": "490154203237518"}'},
    },
    "response": {"status": 200, "headers": [], "content": {"size": 2, "mimeType": "text/plain", "text": "ok"}},
    "serverIPAddress": "203.0.113.1",
    "_webSocketMessages": [{"type": "send", "time": 1767225600.5, "opcode": 1, "data": "x"}],
}
HAR = {"log": {"version": "1.2", "entries": [ENTRY, ENTRY, ENTRY]}}
DATA = json.dumps(HAR).encode()
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "value", "text"]), inner),
    max_leaves=5,
)


def read(data: bytes):
    return list(read_har(io.BytesIO(data), "a.har"))


def spots(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from spots(inner, (*path, key))


SPOTS = [path for path in spots(HAR) if len(path) > 2]


@pytest.mark.parametrize(
    "data",
    [
        DATA,
        b"\xef\xbb\xbf" + DATA,
        DATA.decode().encode("utf-16"),
        gzip.compress(DATA),
        zlib.compress(DATA),
        json.dumps(HAR, indent=4).encode(),
        json.dumps(HAR["log"]["entries"]).encode(),
    ],
    ids=["plain", "mark", "utf-16", "gzip", "zlib", "indented", "list"],
)
def test_a_har_is_read_the_same_however_it_is_kept(data):
    assert read(data) == read(DATA)
    assert len(read(data)) == 9


def test_records_are_numbered_and_flows_are_told_apart():
    records = read(DATA)
    assert [record.seq for record in records] == list(range(1, 10))
    assert [record.flow for record in records if isinstance(record, Request)] == ["a.har:1", "a.har:2", "a.har:3"]


def test_a_bad_entry_takes_its_number_and_the_next_ones_are_kept():
    document = {"log": {"entries": [ENTRY, ENTRY, 5, {"request": []}, ENTRY]}}
    records = read(json.dumps(document).encode())
    assert [record.place for record in records if isinstance(record, Broken)] == ["log.entries[2]", "log.entries[3]"]
    assert [record.flow for record in records if isinstance(record, Request)][-1] == "a.har:5"
    assert all(record.wall_us for record in records if isinstance(record, Broken))


def test_a_file_that_was_cut_off_says_where():
    records = read(DATA[: len(DATA) * 2 // 3])
    assert isinstance(records[-1], Broken)
    assert sum(isinstance(record, Request) for record in records) == int(records[-1].place[12:-1])


@settings(derandomize=True, max_examples=150, deadline=None)
@given(damaged(DATA))
def test_whatever_damage_gives_records_that_can_be_written(data):
    for record in read(data):
        assert isinstance(record, Broken) or encode(record)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.sampled_from(SPOTS), ANYTHING)
def test_whatever_stands_anywhere_gives_records_that_can_be_written(path, value):
    document = json.loads(DATA)
    holder = document
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    records = read(json.dumps(document).encode())
    assert sum(isinstance(record, Broken | Request) for record in records) >= (1 if len(path) > 2 else 0)
    for record in records:
        assert isinstance(record, Broken) or encode(record)
