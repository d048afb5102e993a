from __future__ import annotations

import pytest

from analyzer.codec.foreign import stamp
from analyzer.model.evidence import Body, Peer, Request
from analyzer.model.vocabulary import Owner
from analyzer.workflows.import_owner import owned


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
