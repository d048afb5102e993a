from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy.io import tnetstring

from analyzer.codec.mitm_fields import Fields, Opening, Plan

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.binary(max_size=9)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["version", "type", "id", "tls", "sni", "cipher", "a_1", "timestamp_end", "proxy_mode"])
PLAN = Plan(("version", "sni", "tls"), words=("2:id;3:[a-z]{3}", "6:cipher;1:x"))


def read(value: dict, plan: Plan):
    data = tnetstring.dumps(value)
    start = data.index(b":") + 1
    return Fields().read(b"xx" + data, start + 2, len(data) + 1, plan)


@settings(derandomize=True, max_examples=300)
@given(st.dictionaries(KEYS, VALUES))
def test_the_wanted_fields_are_read_as_mitmproxy_reads_them(value):
    expected = {key: inner for key, inner in tnetstring.loads(tnetstring.dumps(value)).items() if key in PLAN.keys}
    assert read(value, PLAN) == expected


def test_a_value_that_looks_like_fields_is_no_field():
    value = {"cipher": "x;3:sni;4:evil;", "other": b"3:sni;4:evil;", "sni": "good"}
    assert read(value, PLAN) == {"sni": "good"}


def test_header_pairs_are_latin_1_text_in_the_order_of_the_wire():
    headers = [(b"A", b"1,2]"), (b"A", bytes(range(256))), (b"", b""), (b"A", b"1,2]")]
    found = read({"headers": headers}, Plan((), {"headers": Opening.HEADERS}))["headers"]
    assert found == tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    assert found[0] is found[3]


def test_a_closed_dictionary_keeps_its_bytes_and_an_opened_one_its_wanted_keys():
    inner = {"sni": "x", "y": 1}
    assert read({"a": inner}, Plan((), {"a": PLAN})) == {"a": {"sni": "x"}}
    kept = read({"a": inner}, Plan((), {"a": Opening.CLOSED}))["a"]
    assert Fields().read(kept, 0, len(kept), PLAN) == {"sni": "x"}


@pytest.mark.parametrize(
    "data",
    [
        *(b"7:version;", b"7:version;9:x;", b"7:version;-1:;", b"7:version;2:21", b"x", b"7:version;999999999999999:"),
        *(b"7:version;1:x?", b"7:version;1:x#", b"3:sni;4:4:ab;]", b"3:sni;5:-2:;;]", b"3:tls;1:\xff;", b"3:sni;2:1:}"),
    ],
)
def test_what_is_no_tnetstring_is_refused(data):
    with pytest.raises(ValueError, match=r"[a-z]"):
        Fields().read(data, 0, len(data), PLAN)


def test_nesting_without_end_is_refused():
    data = b"0:]"
    for _ in range(100):
        data = b"%d:%b]" % (len(data), data)
    with pytest.raises(ValueError, match="deep"):
        Fields().read(b"3:sni;" + data, 0, len(data) + 6, PLAN)
