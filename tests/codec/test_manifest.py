from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from analyzer.codec.manifest import decode_manifest, encode_manifest
from analyzer.codec.migrate import FormatProblem
from analyzer.model.evidence import AppFacts, DeviceFacts, SessionInfo
from analyzer.model.subject import Component
from analyzer.model.vocabulary import SessionKind

INFO = SessionInfo(
    id="20261123-181500-com.example-1f3a",
    kind=SessionKind.RECORDED,
    created_us=1_795_457_700_000_000,
    app=AppFacts("com.example", "1.0", "1", "示例", "ab" * 32, 34, ("android.permission.INTERNET",)),
    device=DeviceFacts("lab", "lab"),
    tool_version="0.1.0",
    libraries={"frida": "17", "adbutils": "2"},
    persona={"loc.precise": ('{"lat": 31.2304}',), "id.imei": ("490154203237518",)},
    interventions=("unpinned",),
)


def test_a_manifest_survives_the_way_to_a_file_and_back() -> None:
    assert decode_manifest(encode_manifest(INFO)) == INFO


def test_what_the_apk_says_survives_too() -> None:
    part = Component("provider", "a.B", exported=True, permission="p", process=":x")
    app = replace(INFO.app, min_sdk=24, signers=("cd" * 32,), components=(part,), files={"base.apk": "ab" * 32})
    assert decode_manifest(encode_manifest(replace(INFO, app=app))).app == app


def test_a_manifest_from_before_the_apk_was_read_is_still_read() -> None:
    old = json.loads(encode_manifest(INFO)) | {"v": 1}
    for name in ("min_sdk", "signers", "signature_schemes", "abis", "native_libraries", "components", "files"):
        del old["app"][name]
    assert decode_manifest(json.dumps(old, ensure_ascii=False, indent=2).encode()) == INFO
    with pytest.raises(FormatProblem, match="unknown or missing keys"):
        decode_manifest(json.dumps({**old, "v": 2}).encode())


def test_equal_manifests_have_equal_bytes() -> None:
    assert encode_manifest(INFO) == encode_manifest(replace(INFO, libraries={"adbutils": "2", "frida": "17"}))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('"kind": "recorded"', '"kind": "invented"', "kind"),
        ('"keep_data": false', '"keep_data": 0', "keep_data"),
        ('"keep_data": false', '"keep_data": false, "colour": "red"', "colour"),
        ('"operator": ""', '"operator":  ""', "changed"),
        ('"v": 2', '"v": 7', "newer analyzer"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused_by_key(old: str, new: str, named: str) -> None:
    text = encode_manifest(INFO).decode()
    assert old in text
    with pytest.raises(FormatProblem, match=named):
        decode_manifest(text.replace(old, new).encode())


@pytest.mark.parametrize("field", [{"case": 5}, {"created_us": "now"}, {"app": None}, {"persona": {"id.imei": "text"}}])
def test_a_manifest_that_could_not_be_read_again_is_never_written(field: dict[str, Any]) -> None:
    with pytest.raises(FormatProblem):
        encode_manifest(replace(INFO, **field))
