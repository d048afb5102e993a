from __future__ import annotations

import pytest

from analyzer.codec.foreign import stamp
from analyzer.model.evidence import Body, Peer, Request
from analyzer.model.vocabulary import Owner
from analyzer.workflows.import_owner import goes_by_other_handshake, names_other_host, owned


@pytest.mark.parametrize(
    ("name", "value", "owner"),
    [
        ("X-Requested-With", "com.example", Owner.APP),
        ("X-Requested-With", "com.other.browser", Owner.OTHER),
        ("x-requested-with", "XMLHttpRequest", Owner.APP),
        ("X-Android-Package", "com.google.android.gms", Owner.OTHER),
        ("User-Agent", "com.google.android.gms/2430 (Linux; Android 14)", Owner.OTHER),
        ("User-Agent", "com.example/1.2 okhttp/4.9", Owner.APP),
        ("User-Agent", "com.some.sdk/3.1", Owner.APP),
        ("Referer", "com.other.app", Owner.APP),
    ],
)
def test_a_request_is_another_apps_only_where_it_says_so(name, value, owner):
    headers = (("Accept", "*/*"), (name, value))
    request = Request(
        1,
        "s",
        stamp(1),
        stamp(1),
        "f",
        "GET",
        "https",
        "a.example",
        443,
        "/",
        "HTTP/1.1",
        headers,
        Body(0),
        Peer("", 0),
    )
    assert owned(request, "com.example").owner is owner


@pytest.mark.parametrize(
    ("host", "header", "other"),
    [
        ("203.0.113.5", "api.example.com", True),
        ("cdn.example", "api.example.com:8443", True),
        ("api.example.com", "API.example.com:443", False),
        ("203.0.113.5", "203.0.113.5", False),
        ("a.example", "", False),
    ],
)
def test_a_host_header_that_names_another_host_is_seen(host, header, other):
    headers = (("host", header),) if header else ()
    at = stamp(1)
    request = Request(1, "s", at, at, "f", "GET", "https", host, 443, "/", "HTTP/1.1", headers, Body(0), Peer("", 0))
    assert names_other_host(request) is other


@pytest.mark.parametrize(
    ("host", "handshake", "other"),
    [
        ("nice.example", "tracker.example", True),
        ("tracker.example", "tracker.example", False),
        ("203.0.113.5", "tracker.example", False),
        ("nice.example", "", False),
    ],
)
def test_a_handshake_that_names_another_host_is_seen(host, handshake, other):
    at, peer = stamp(1), Peer("", 0, handshake)
    request = Request(1, "s", at, at, "f", "GET", "https", host, 443, "/", "HTTP/1.1", (), Body(0), peer)
    assert goes_by_other_handshake(request) is other
