from __future__ import annotations

import gzip
import io
import random
import uuid

import pytest
from damage import damaged
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import http
from mitmproxy.io import FlowReader, FlowWriter, tnetstring
from mitmproxy.test import tflow

from analyzer.codec import mitm
from analyzer.codec.foreign import Broken
from analyzer.codec.mitm import read_mitm
from analyzer.codec.mitm_flows import FlowStates
from analyzer.codec.records import encode
from analyzer.model.evidence import Message, Request, Response

LIMIT = 10_000


def write(*flows) -> bytes:
    file = io.BytesIO()
    writer = FlowWriter(file)
    for flow in flows:
        writer.add(flow)
    return file.getvalue()


def read(data: bytes):
    return list(read_mitm(io.BytesIO(data), "a.flow"))


def by_mitmproxy(data: bytes):
    """Read with mitmproxy's own reader, then through the same conversion."""
    states = FlowStates("a.flow")
    flows = FlowReader(io.BytesIO(data)).stream()
    return [record for number, flow in enumerate(flows, 1) for record in states.records(flow.get_state(), number)]


def plain(method=b"GET", content=b"x", fields=((b"Host", b"api.example.com"),), at=1.7e9, **rest):
    flow = tflow.tflow(resp=True)
    flow.request.data.method, flow.request.data.content = method, content
    flow.request.headers = http.Headers(fields)
    flow.request.timestamp_start = at
    for name, value in rest.items():
        setattr(flow.request, name, value)
    return flow


FLOWS = st.builds(
    plain,
    method=st.sampled_from([b"GET", b"POST", b"\xff"]),
    content=st.none() | st.binary(max_size=50),
    fields=st.lists(st.tuples(st.binary(max_size=8), st.binary(max_size=30)), max_size=6).map(tuple),
    at=st.floats(1e9, 2e9),
    path=st.text(st.characters(max_codepoint=255, min_codepoint=33), max_size=9).map(lambda text: "/" + text),
    port=st.integers(1, 65535),
    host=st.sampled_from(["a.example", "203.0.113.7", "::1"]),
)
DATA = write(*tflow.tflows(), tflow.twebsocketflow())


def test_every_kind_of_flow_is_read_as_mitmproxy_reads_it():
    assert read(DATA) == by_mitmproxy(DATA)
    assert not any(isinstance(record, Broken) for record in read(DATA))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.lists(FLOWS, max_size=3))
def test_generated_flows_are_read_as_mitmproxy_reads_them(flows):
    data = write(*flows)
    assert read(data) == by_mitmproxy(data)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(FLOWS, min_size=1, max_size=2))
def test_the_direct_way_and_mitmproxys_migrations_give_the_same(flows):
    data = write(*flows)
    old = b"".join(tnetstring.dumps(_aged(tnetstring.loads(tnetstring.dumps(flow.get_state())))) for flow in flows)
    assert read(old) == read(data)


def _aged(state):
    """Give a state the form of version 18, which only mitmproxy's migrations read."""
    state["version"] = 18
    for name, old in (("client_conn", "address"), ("server_conn", "ip_address")):
        connection = state[name]
        connection[old] = connection.pop("peername")
        connection["tls_established"] = True
        connection["cipher_name"] = connection.pop("cipher")
        connection["state"] = 0
    state["client_conn"]["tls_extensions"] = None
    state["server_conn"]["source_address"] = state["server_conn"].pop("sockname")
    state["server_conn"]["via2"] = state["server_conn"].pop("via")
    return state


def ancient(number: int) -> dict[bytes, object]:
    """Make a flow of mitmproxy 0.11, with keys of bytes."""
    connection = {b"address": {b"address": [b"127.0.0.1", 5], b"use_ipv6": False}, b"timestamp_start": 1.0 + number}
    shared = {b"headers": [[b"Host", b"old.example.com"]], b"httpversion": [1, 1], b"timestamp_start": 1.5e9}
    shared |= {b"timestamp_end": 1.5e9 + 1, b"content": b"body"}
    request = {b"method": b"GET", b"scheme": b"http", b"host": b"old.example.com", b"port": 80, b"path": b"/"}
    client = {b"clientcert": None, b"ssl_established": False, b"timestamp_ssl_setup": None, b"timestamp_end": None}
    server = {b"source_address": connection[b"address"], b"state": [], b"cert": None, b"sni": None}
    server |= {b"timestamp_tcp_setup": None, **client}
    del server[b"clientcert"]
    return {
        b"version": [0, 11],
        b"type": b"http",
        b"id": b"%d" % number,
        b"error": None,
        b"intercepted": False,
        b"client_conn": {**connection, **client},
        b"server_conn": {**connection, **server},
        b"request": {**request, **shared, b"form_in": b"relative", b"form_out": b"relative", b"is_replay": False},
        b"response": {**shared, b"code": 200, b"msg": b"OK", b"is_replay": False},
    }


def test_the_oldest_version_and_todays_may_stand_in_one_file():
    unanswered = {**ancient(2), b"response": None}
    data = tnetstring.dumps(ancient(1)) + write(plain()) + tnetstring.dumps(unanswered)
    records = read(data)
    assert [type(record) for record in records] == [Request, Response, Request, Response, Request]
    assert (records[0].host, records[0].stamp.wall_us, records[1].body.data) == (
        *("old.example.com", 1_500_000_000_000_000, b"body"),
    )


def test_a_version_that_nobody_knows_is_broken_and_the_rest_is_kept():
    state = {**ancient(1), b"version": [0, 1]}
    broken, *rest = read(tnetstring.dumps(state) + write(plain()))
    assert broken.place == "flow 1 at byte 0"
    assert "version" in broken.why
    assert [record.flow for record in rest] == ["a.flow:2"] * 2


def test_a_compressed_file_is_read_too():
    assert read(gzip.compress(DATA)) == read(DATA)


def test_a_file_that_was_cut_keeps_every_whole_flow_and_says_where_it_ends():
    data = write(plain(), plain(), plain())
    size = len(data) // 3
    records = read(data[: 2 * size + 100])
    assert sum(isinstance(record, Request) for record in records) == 2
    assert records[-1] == Broken(f"flow 3 at byte {2 * size}", "the file ends in the middle of it", records[-1].wall_us)
    assert records[-1].wall_us > 0


@pytest.mark.parametrize("harm", ["drop", "add", "garbage"])
def test_behind_damage_reading_goes_on_at_the_next_flow(harm):
    flows = [write(plain(content=b"%d" % number)) for number in range(5)]
    middle = len(flows[2]) // 2
    flows[2] = {
        "drop": flows[2][: middle - 20] + flows[2][middle:],
        "add": flows[2][:middle] + b"99:9:websocket;" + flows[2][middle:],
        "garbage": b"\x00garbage 12:",
    }[harm]
    records = read(b"".join(flows))
    assert [record.body.data for record in records if isinstance(record, Request)] == [b"0", b"1", b"3", b"4"]
    (broken,) = [record for record in records if isinstance(record, Broken)]
    assert broken.place == f"flow 3 at byte {len(flows[0]) + len(flows[1])}"


def test_a_flow_that_is_well_framed_but_no_flow_costs_only_itself():
    records = read(write(plain()) + tnetstring.dumps({"version": 21, "type": "http"}) + write(plain()))
    assert [type(record) for record in records] == [Request, Response, Broken, Request, Response]


@pytest.mark.parametrize(
    "data",
    [
        *(
            b"hello",
            b"999999999999:x",
            b"-5:abc}",
            b"9" * LIMIT,
            b"0:~" * LIMIT,
            b"5:hello,",
            b"0:}",
            b":",
            b"10:short}",
        ),
        b"x" + b"99999999:8:response;" * LIMIT,
        b"x" + b"%d:8:response;" % mitm.FLOW_LIMIT * 100,
    ],
)
def test_what_is_no_flow_file_says_so_and_ends(data):
    records = read(data)
    assert records
    assert all(isinstance(record, Broken) for record in records)


def test_an_empty_file_has_nothing_broken():
    assert read(b"") == []


def test_the_copies_of_web_socket_handshakes_in_old_files_are_one_flow():
    flow = tflow.twebsocketflow()
    flow.id = str(uuid.uuid4())
    handshake = tnetstring.loads(write(flow)) | {"websocket": None}
    copy = tnetstring.loads(write(flow)) | {"metadata": {"duplicated": "x"}}
    records = read(tnetstring.dumps(handshake) + tnetstring.dumps(copy))
    assert [type(record) for record in records] == [Request, Response, Message, Message, Message]
    assert len({record.flow for record in records}) == 1


@settings(derandomize=True, max_examples=120, deadline=None)
@given(damaged(DATA))
def test_whatever_damage_gives_records_that_can_be_written(data):
    for record in read(data):
        assert isinstance(record, Broken) or encode(record)


def test_whatever_stands_anywhere_gives_records_that_can_be_written():
    chance = random.Random(3)
    odd = [
        None,
        True,
        -1,
        1e300,
        10**30,
        "",
        "\ud800".encode("utf-8", "surrogatepass"),
        b"\xff",
        [],
        {},
        [[]],
        {"a": 1},
    ]
    for _ in range(150):
        state = tnetstring.loads(tnetstring.dumps(chance.choice(tflow.tflows()).get_state()))
        holder = state
        while True:
            key = chance.choice(sorted(holder))
            if not isinstance(holder[key], dict) or not holder[key] or chance.random() < 0.3:
                break
            holder = holder[key]
        holder[key] = chance.choice(odd)
        records = read(tnetstring.dumps(state))
        assert records
        for record in records:
            assert isinstance(record, Broken) or encode(record)
