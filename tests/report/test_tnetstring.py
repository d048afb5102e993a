from __future__ import annotations

import io

import pytest
from mitmproxy.io import tnetstring as theirs

from analyzer.report.tnetstring import tnetstring


@pytest.mark.parametrize(
    "value",
    [None, True, False, 0, -7, 2**40, 1.5, 1700000000.123456, b"\x00\xff", "测试", [], {}, [1, [b"a"], {"k": None}]],
)
def test_mitmproxy_reads_what_is_written(value):
    assert theirs.load(io.BytesIO(tnetstring(value))) == value
    assert theirs.load(io.BytesIO(tnetstring({"in": [value]}))) == {"in": [value]}


def test_anything_else_is_refused():
    with pytest.raises(TypeError, match="complex has no tnetstring"):
        tnetstring([1j])
