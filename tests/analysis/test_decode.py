from __future__ import annotations

import base64
import bz2
import gzip
import html
import json
import plistlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

import brotli
import cramjam
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import msgpack

from analyzer.analysis.decode import MAX_LEAVES, Budget, Leaf, decode, decode_content, decode_parts, trace_parts
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

REF = EvidenceRef("r", Source.FLOWS, 1)


def _root(data: bytes) -> Leaf:
    return Leaf(REF, Where.BODY, "", "", data)


def _found(data: bytes) -> dict[str, bytes]:
    return {leaf.path: leaf.data for leaf in decode(_root(data), Budget())}


def _field(number: int, data: bytes) -> bytes:
    size, head = len(data), bytes([number << 3 | 2])
    while size > 127:
        head += bytes([size & 127 | 128])
        size >>= 7
    return head + bytes([size]) + data


def _multipart(data: bytes) -> bytes:
    mark = b"--b0und%d" % len(data)
    return mark + b'\r\nContent-Disposition: form-data; name="d"\r\n\r\n' + data + b"\r\n" + mark + b"--\r\n"


def _url64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _jwt(data: bytes) -> bytes:
    claims = json.dumps({"d": data.decode()}).encode()
    return b".".join(map(_url64, (b'{"alg":"HS256"}', claims, bytes(range(200, 232)))))


def _grpc(data: bytes) -> bytes:
    message = _field(3, data)
    return b"\0" + struct.pack(">I", len(message)) + message


def _cbor(data: bytes) -> bytes:
    return b"\xa1\x61d\x5a" + struct.pack(">I", len(data)) + data


def _html(data: bytes) -> bytes:
    return "".join(f"&#{ord(char)};" for char in data.decode()).encode()


@dataclass(frozen=True)
class Encoder:
    """One layer: what it makes of bytes, the steps that must be told, and what it needs to be put around."""

    steps: tuple[str, ...]
    encode: Callable[[bytes], bytes]
    needs: str = ""

    def fits(self, data: bytes) -> bool:
        if self.needs == "text":
            return data.isascii() and data.decode().isprintable()
        if self.steps == ("hex",):  # bytes as long as a digest are only tried when they begin as something known does
            return len(data) not in {16, 20, 28, 32, 48, 64}
        return self.needs != "json" or data[:1] in (b"{", b"[")


ENCODERS = {
    "base64": Encoder(("base64",), base64.b64encode),
    "base64 for URLs": Encoder(("base64",), _url64),
    "base64 in lines": Encoder(("base64",), base64.encodebytes),
    "base64 in a data URL": Encoder(("base64",), lambda data: b"data:x/y;base64," + base64.b64encode(data)),
    "base32": Encoder(("base32",), base64.b32encode, "text"),
    "hex": Encoder(("hex",), lambda data: data.hex().encode()),
    "upper hex": Encoder(("hex",), lambda data: data.hex().upper().encode()),
    "percent": Encoder(("percent",), lambda data: "".join(f"%{byte:02X}" for byte in data).encode()),
    "entities": Encoder(("html",), _html, "text"),
    "escapes": Encoder(("escape",), lambda data: "".join(f"\\u{byte:04x}" for byte in data).encode(), "text"),
    "utf-16": Encoder(("utf-16le",), lambda data: data.decode().encode("utf-16"), "text"),
    "gzip": Encoder(("gzip",), lambda data: gzip.compress(data, mtime=0)),
    "gzip behind a head": Encoder(("skip 6", "gzip"), lambda data: b"\1\2\0\0\1\2" + gzip.compress(data, mtime=0)),
    "zlib": Encoder(("zlib",), zlib.compress),
    "deflate": Encoder(("deflate",), lambda data: zlib.compress(data, wbits=-15), "text"),
    "zstd": Encoder(("zstd",), zstandard.compress),
    "br": Encoder(("br",), brotli.compress, "text"),
    "bzip2": Encoder(("bzip2",), bz2.compress),
    "lz4": Encoder(("lz4",), lambda data: bytes(cramjam.lz4.compress(data))),
    "lz4 block": Encoder(("lz4",), lambda data: bytes(cramjam.lz4.compress_block(data)), "text"),
    "snappy": Encoder(("snappy",), lambda data: bytes(cramjam.snappy.compress(data))),
    "snappy block": Encoder(("snappy",), lambda data: bytes(cramjam.snappy.compress_raw(data)), "text"),
    "xor": Encoder(("xor 0x91",), lambda data: bytes(byte ^ 0x91 for byte in data), "json"),
    "json": Encoder(("json:$.a[0].d",), lambda data: json.dumps({"a": [{"d": data.decode()}]}).encode(), "text"),
    "jsonp": Encoder(("json:$.d",), lambda data: b"cb(" + json.dumps({"d": data.decode()}).encode() + b");", "text"),
    "form": Encoder(("form:x[d]",), lambda data: b"v=1&x[d]=" + quote(data, safe="").encode()),
    "URL": Encoder(("query:d",), lambda data: b"https://h.example/p?v=1&d=" + quote(data, safe="").encode()),
    "pairs": Encoder(("pairs:d",), lambda data: b"v=1; d=" + quote(data, safe="").encode(), "text"),
    "multipart": Encoder(("multipart:d",), _multipart),
    "xml": Encoder(("xml:/a/d",), lambda d: f"<a><d>{html.escape(d.decode(), quote=False)}</d></a>".encode(), "text"),
    "plist": Encoder(("plist:$.d",), lambda data: plistlib.dumps({"d": data}, fmt=plistlib.FMT_BINARY)),
    "msgpack": Encoder(("msgpack:$.d",), lambda data: msgpack.encode({"d": data})),
    "cbor": Encoder(("cbor:$.d",), _cbor),
    "protobuf": Encoder(("protobuf:2",), lambda data: b"\x08\x05" + _field(2, data) + b"\x1a\x09some name"),
    "grpc": Encoder(("grpc", "protobuf:3"), _grpc),
    "jwt": Encoder(("jwt:claims", "json:$.d"), _jwt, "text"),
    "length": Encoder(("length",), lambda data: struct.pack(">I", len(data)) + data, "text"),
}
SECRET = b"secret: 867431059238179 & more"


def _chain(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Write the steps as the decoder does: nested messages are one step."""
    chain: list[str] = []
    for step in steps:
        if chain and step.startswith("protobuf:") and chain[-1].startswith("protobuf:"):
            chain[-1] += f".{step.removeprefix('protobuf:')}"
        else:
            chain.append(step)
    return tuple(chain)


def _chains(data: bytes, value: bytes) -> set[tuple[str, ...]]:
    """Give the chains under which a value is found, without percent signs, which some containers undo themselves."""
    return {leaf.steps for leaf in decode(_root(data), Budget()) if value in leaf.data}


@pytest.mark.parametrize("name", ENCODERS)
def test_what_one_encoder_hid_is_found_at_its_place(name):
    encoder = ENCODERS[name]
    inner = b'{"d": "' + SECRET + b'"}' if encoder.needs == "json" else SECRET
    expected = (*encoder.steps, "json:$.d") if encoder.needs == "json" else encoder.steps
    if name == "pairs":
        expected = (*expected, "percent")
    leaves = [leaf for leaf in decode(_root(encoder.encode(inner)), Budget()) if leaf.data == SECRET]
    assert expected in {leaf.steps for leaf in leaves}
    (leaf,) = (leaf for leaf in leaves if leaf.steps == expected)
    assert leaf.encodings == tuple(step for step in expected if ":" not in step)
    assert leaf.path == (">".join(step for step in expected if ":" in step) or "raw")


@st.composite
def hidden(draw: st.DrawFn) -> tuple[list[str], bytes]:
    """Draw up to four encoders in any order, one around the other, and what they make of the secret."""
    data, names = SECRET, []
    for _ in range(draw(st.integers(1, 4))):
        fitting = [name for name, encoder in ENCODERS.items() if encoder.fits(data)]
        name = draw(st.sampled_from(fitting))
        data = ENCODERS[name].encode(data)
        names.append(name)
    return names[::-1], data


@settings(max_examples=300, deadline=None, derandomize=True)
@given(hidden())
def test_whatever_order_encoders_are_put_around_a_value_it_is_found_with_its_chain(made):
    names, data = made
    expected = [step for name in names for step in ENCODERS[name].steps]
    plain = _chain(tuple(step for step in expected if step != "percent"))
    chains = {_chain(tuple(step for step in chain if step != "percent")) for chain in _chains(data, SECRET)}
    assert plain in chains, (names, data[:200], chains)


def test_layers_are_peeled_by_content_and_the_path_tells_the_way():
    inner = base64.b64encode(gzip.compress(b'{"a": [{"b c": "secret"}]}')).decode()
    body = json.dumps({"p": json.dumps({"q": inner})}).encode()
    leaves = [leaf for leaf in decode(_root(body), Budget()) if leaf.data == b"secret"]
    assert [(leaf.path, leaf.encodings, leaf.key) for leaf in leaves] == [
        ('json:$.p>json:$.q>json:$.a[0]["b c"]', ("base64", "gzip"), "b c")
    ]
    assert leaves[0].steps == ("json:$.p", "json:$.q", "base64", "gzip", 'json:$.a[0]["b c"]')


def test_deflate_without_a_mark_is_opened_when_text_or_protobuf_comes_out():
    def raw_deflate(data: bytes) -> bytes:
        return zlib.compress(data, wbits=-15)

    assert _found(raw_deflate(b'{"a": "not: base64!"}'))["json:$.a"] == b"not: base64!"
    message = raw_deflate(b"\x08\x96\x01\x12\x0f867431059238179")
    assert b"867431059238179" in [leaf.data for leaf in decode(_root(message), Budget())]
    noise = bytes(range(128, 256))
    assert noise not in _found(raw_deflate(noise)).values()


def test_a_wrong_guess_leaves_nothing_behind():
    word = "com/example/application+Main1234"
    assert [leaf.data for leaf in decode(_root(word.encode()), Budget()) if leaf.textual] == [word.encode()]


def test_encrypted_bytes_in_base64_are_kept_for_known_values():
    secret = bytes(range(128, 176))
    leaves = list(decode(_root(base64.b64encode(secret)), Budget()))
    assert [(leaf.data, leaf.textual) for leaf in leaves][1:] == [(secret, False)]


def test_parts_share_a_budget_and_keep_their_places():
    parts = [(Where.QUERY, "query:q", "q", "eyJhIjogMX0=", ""), (Where.BODY, "", "", b"x=1", "")]
    leaves = decode_parts(REF, parts, Budget())
    assert [(leaf.where, leaf.path, leaf.key, leaf.steps) for leaf in leaves] == [
        (Where.QUERY, "query:q", "q", ("query:q",)),
        (Where.QUERY, "query:q>json:$.a", "a", ("query:q", "base64", "json:$.a")),
        (Where.BODY, "form:x", "x", ("form:x",)),
    ]
    budget = Budget(leaves_left=1)
    assert len(decode_parts(REF, [(Where.HEADER, f"header:{at}", "", "x", "") for at in range(5)], budget)) == 1
    assert budget.spent


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


def test_a_body_too_large_to_open_is_still_searched():
    budget = Budget(bytes_left=10)
    assert [leaf.data for leaf in decode(_root(b"a=1&imei=867431059238179"), budget)] == [b"a=1&imei=867431059238179"]
    assert budget.spent


def test_brotli_is_believed_from_its_header_only_when_it_opens():
    leaves = list(decode_content(_root(b"a=1"), "br", Budget()))
    assert [leaf.path for leaf in leaves] == ["form:a"]
    leaves = list(decode_content(_root(brotli.compress(b"a=1")), "br", Budget()))
    assert [leaf.steps for leaf in leaves] == [("br", "form:a")]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_no_bytes_break_the_decoder(data):
    for leaf in decode(_root(data), Budget(leaves_left=500, bytes_left=100_000)):
        assert leaf.path
        assert leaf.data


def test_what_is_met_on_the_way_to_a_leaf_is_given_by_its_steps():
    inner = base64.b64encode(b'{"a":"value"}')
    parts = [(Where.BODY, "", "", b"d=" + inner, ""), (Where.QUERY, "query:q", "q", "plain", "")]
    trail = trace_parts(EvidenceRef("1-accept", Source.FLOWS, 1), parts, Budget())
    assert trail[Where.BODY, ()] == b"d=" + inner
    assert trail[Where.BODY, ("form:d",)] == inner
    assert trail[Where.BODY, ("form:d", "base64")] == b'{"a":"value"}'
    assert trail[Where.BODY, ("form:d", "base64", "json:$.a")] == b"value"
    assert trail[Where.QUERY, ("query:q",)] == b"plain"
