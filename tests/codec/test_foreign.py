from __future__ import annotations

import gzip
import json
import zlib

import pytest

from analyzer.codec.foreign import Kind, recognise

HAR = b'{"log": {"version": "1.2", "entries": []}}'
FLOW = b"1034:9:websocket;0:~8:response;"
LINES = b'{"time": 1700000000, "api": "a.b.C.d"}\n'


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (HAR, Kind.HAR),
        (b"\xef\xbb\xbf" + HAR, Kind.HAR),
        (HAR.decode().encode("utf-16"), Kind.HAR),
        (zlib.compress(HAR), Kind.HAR),
        (gzip.compress(HAR, mtime=0), Kind.HAR),
        (b'[{"_initiator": {"type": "x"}, "startedDateTime": ""}]', Kind.HAR),
        (b'{"entries": []}', Kind.HAR),
        (b"/* made by a tool */\n// once\n" + HAR, Kind.HAR),
        (b")]}',\n" + HAR, Kind.HAR),
        (b"var har = " + HAR + b";", Kind.HAR),
        (b"onInputData(" + HAR + b");", Kind.HAR),
        (FLOW, Kind.MITM),
        (gzip.compress(FLOW, mtime=0), Kind.MITM),
        (LINES, Kind.HOOK_LINES),
        (json.dumps([json.loads(LINES)], indent=1).encode(), Kind.HOOK_LINES),
        (b'{"v":1,"record":"event","seq":1', Kind.HOOK_LINES),
        (b'{"type":"send","payload":{}}', Kind.HOOK_LINES),
    ],
)
def test_a_capture_is_recognised_by_its_content_whatever_its_name(head, kind):
    assert recognise(head, "capture.bin") is kind
    assert recognise(head, "misleading.flow") is kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.har", Kind.HAR),
        ("A.HAR.gz", Kind.HAR),
        ("b.flow", Kind.MITM),
        ("c.jsonl", Kind.HOOK_LINES),
        ("d", Kind.UNKNOWN),
    ],
)
def test_content_that_says_nothing_leaves_it_to_the_name(name, kind):
    assert recognise(b"", name) is kind
    assert recognise(b"\x1f\x8b damaged", name) is kind
