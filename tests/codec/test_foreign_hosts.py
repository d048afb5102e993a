from __future__ import annotations

import pytest

from analyzer.codec.foreign_hosts import host_name, is_address, is_name, port_number, split_authority, split_url


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://API.Example.com/v1?a=1#top", ("https", "api.example.com", 443, "/v1?a=1")),
        ("http://example.com", ("http", "example.com", 80, "/")),
        ("https://example.com?x=1", ("https", "example.com", 443, "/?x=1")),
        ("http://u:p@example.com:8080/", ("http", "example.com", 8080, "/")),
        ("https://[2001:db8::1]:8443/a", ("https", "2001:db8::1", 8443, "/a")),
        ("https://[::1]/", ("https", "::1", 443, "/")),
        ("wss://ws.example.com/s", ("https", "ws.example.com", 443, "/s")),
        ("https://例子.测试/路?名=值", ("https", "xn--fsqu00a.xn--0zwm56d", 443, "/%E8%B7%AF?%E5%90%8D=%E5%80%BC")),
        ("https://example.com/a%20b?c=%2B", ("https", "example.com", 443, "/a%20b?c=%2B")),
        ("data:text/plain;base64,eA==", ("data", "", 0, "text/plain;base64,eA==")),
        ("blob:https://example.com/1", ("blob", "", 0, "https://example.com/1")),
        ("chrome-extension://abc/x.js", ("chrome-extension", "abc", 0, "/x.js")),
        ("nothing", ("", "", 0, "nothing")),
    ],
)
def test_a_url_is_taken_apart_as_a_request_carries_it(url, parts):
    assert tuple(split_url(url)) == parts


def test_an_authority_has_a_host_and_perhaps_a_port():
    assert split_authority("Example.com:99") == ("example.com", 99)
    assert split_authority("example.com.") == ("example.com", 0)
    assert split_authority("a:99999999") == ("a", 0)
    assert split_authority("api.example.com:abc") == ("api.example.com", 0)
    assert split_authority("api%2Eexample.com:8443") == ("api.example.com", 8443)
    assert split_authority("2001:db8::1") == ("2001:db8::1", 0)


def test_names_and_addresses_are_told_apart():
    assert is_name("example.com")
    assert not is_name("a b")
    assert is_address("10.0.0.1")
    assert is_address("2001:db8::1")
    assert not is_address("10.example.com")


def test_a_host_that_is_too_long_or_no_text_stays_bounded():
    assert len(host_name("a" * 10_000)) == 255
    assert host_name("\ud800.com") == "?.com"


def test_a_port_is_a_number_of_sixteen_bits():
    assert [port_number(port) for port in ("443", 80, 0, -1, 65536, True, None, "x", 1.5)] == [443, 80, *[0] * 7]
