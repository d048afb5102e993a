from __future__ import annotations

import sys

import pytest

from analyzer.analysis.hosts import is_this_device, no_public_name, plain_host, registrable_domain, tenant_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.statflow.example", "statflow.example"),
        ("x.y.co.uk", "y.co.uk"),
        ("log.umeng.com", "umeng.com"),
        ("LOG.Umeng.COM.", "umeng.com"),
        ("a_b.c-d.umeng.com", "umeng.com"),
        ("数据.例子.cn", "xn--fsqu00a.cn"),
        ("xn--fsqu00a.cn", "xn--fsqu00a.cn"),
        ("a。umeng。com", "umeng.com"),
        ("shop.github.io", "github.io"),
        ("10.0.0.1", "10.0.0.1"),
        ("[2606:4700::1]", "2606:4700::1"),
        ("localhost", "localhost"),
        ("com.cn", "com.cn"),
        ("", ""),
    ],
)
def test_the_registrable_domain_is_found_without_any_network(host, domain):
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.shop.github.io", "shop.github.io"),
        ("www.acme.herokuapp.com", "acme.herokuapp.com"),
        ("acme.appspot.com", "acme.appspot.com"),
        ("d1.cloudfront.net", "d1.cloudfront.net"),
        ("log.umeng.com", "umeng.com"),
        ("github.io", "github.io"),
    ],
)
def test_the_part_that_one_customer_of_a_hoster_has_is_found(host, domain):
    assert tenant_domain(host) == domain


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("127.0.0.1", "the device itself"),
        ("localhost", "the device itself"),
        ("[::1]", "the device itself"),
        ("fe80::1%wlan0", "local network"),
        ("192.168.1.1", "local network"),
        ("8.8.8.8", "a bare address"),
        ("240.0.0.1", "a bare address"),
        ("100.64.3.4", "local network"),
        ("fd00::1", "local network"),
        ("::ffff:10.0.0.1", "local network"),
        ("203.0.113.5", "kept for documentation"),
        ("198.51.100.7", "kept for documentation"),
        ("192.0.2.1", "kept for documentation"),
        ("2001:db8::1", "kept for documentation"),
        ("[2606:4700::1]", "a bare address"),
        ("router", "no name of the public internet"),
        ("printer.local", "no name of the public internet"),
        ("", "no host was named"),
    ],
)
def test_what_is_no_name_on_the_internet_is_said_in_words(host, words):
    assert words in no_public_name(host)


@pytest.mark.parametrize("host", ["log.umeng.com", "a.statflow.example", "例子.cn", "1.2.3.4.nip.io", "999.1.1.1.com"])
def test_a_name_on_the_internet_is_one(host):
    assert no_public_name(host) == ""


def test_a_name_that_cannot_be_written_in_ascii_stays_as_it_is():
    assert plain_host("é" * 70 + ".cn") == "é" * 70 + ".cn"
    assert plain_host("é..cn") == "é..cn"


def test_naming_a_host_opens_no_file():
    opened: list[str] = []
    armed = [True]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if armed[0] and event in {"open", "socket.getaddrinfo"}:
            opened.append(str(arguments))

    sys.addaudithook(watch)
    registrable_domain("数据.never-seen-before.中国")
    tenant_domain("never-seen.s3.eu-central-1.amazonaws.com")
    armed[0] = False
    assert opened == []


def test_the_device_itself_is_told_from_every_other_host():
    assert all(map(is_this_device, ["127.0.0.1", "localhost", "LOCALHOST.", "app.localhost", "[::1]", "0.0.0.0"]))
    assert not any(map(is_this_device, ["192.168.1.1", "8.8.8.8", "log.umeng.com", "localhost.example.com", ""]))
