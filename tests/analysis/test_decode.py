from __future__ import annotations

import base64
import gzip
import json
import zlib

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.analysis.decode import MAX_LEAVES, Budget, Leaf, as_text, decode, decode_content
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

REF = EvidenceRef("r", Source.FLOWS, 1)


def _root(data: bytes) -> Leaf:
    return Leaf(REF, Where.BODY, "", "", data)


def _found(data: bytes) -> dict[str, bytes]:
    return {leaf.path: leaf.data for leaf in decode(_root(data), Budget())}


def test_layers_are_peeled_by_content_and_the_path_tells_the_way():
    inner = base64.b64encode(gzip.compress(b'{"a": [{"b c": "secret"}]}')).decode()
    body = json.dumps({"p": json.dumps({"q": inner})}).encode()
    leaves = [leaf for leaf in decode(_root(body), Budget()) if leaf.data == b"secret"]
    assert [(leaf.path, leaf.encodings, leaf.key) for leaf in leaves] == [
        ('json:$.p>json:$.q>json:$.a[0]["b c"]', ("base64", "gzip"), "b c")
    ]


def test_deflate_without_a_mark_is_opened_when_text_or_protobuf_comes_out():
    def raw_deflate(data: bytes) -> bytes:
        return zlib.compress(data, wbits=-15)

    assert _found(raw_deflate(b'{"a": "not: base64!"}'))["json:$.a"] == b"not: base64!"
    message = raw_deflate(b"\x08\x96\x01\x12\x0f867431059238179")
    assert b"867431059238179" in [leaf.data for leaf in decode(_root(message), Budget())]
    noise = bytes(range(128, 256))
    assert noise not in _found(raw_deflate(noise)).values()


def test_numbers_keep_the_text_they_were_sent_as():
    assert _found(b'{"lat": 31.230, "n": 1e3}') == {"json:$.lat": b"31.230", "json:$.n": b"1e3"}


def test_a_bomb_spends_the_budget_and_no_memory():
    budget = Budget(bytes_left=1 << 20)
    assert sum(len(leaf.data) for leaf in decode(_root(gzip.compress(bytes(50 << 20))), budget)) <= 1 << 20
    assert budget.spent


def test_a_million_values_spend_the_budget():
    budget = Budget()
    assert len(list(decode(_root(json.dumps(["x"] * (MAX_LEAVES + 10)).encode()), budget))) <= MAX_LEAVES
    assert budget.spent


def test_endless_nesting_spends_the_budget():
    data = b"x" * 30
    for _ in range(40):
        data = base64.b64encode(data)
    budget = Budget()
    list(decode(_root(data), budget))
    assert budget.spent


def test_brotli_is_believed_from_its_header_only_when_it_opens():
    leaves = list(decode_content(_root(b"a=1"), "br", Budget()))
    assert [leaf.path for leaf in leaves] == ["form:a"]


def test_text_is_printable_and_utf8():
    assert as_text("é\r\n\t".encode()) == "é\r\n\t"
    assert as_text(b"\x00a") is None
    assert as_text(b"\xff") is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_decoder(data):
    for leaf in decode(_root(data), Budget(leaves_left=500, bytes_left=100_000)):
        assert leaf.path
