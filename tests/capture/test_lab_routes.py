from __future__ import annotations

import pytest
from mitmproxy.connection import Server

from analyzer.capture.lab_routes import LabRoutes, direct

HTTP, HTTPS, TCP = ("127.0.0.1", 1001), ("127.0.0.1", 1002), ("127.0.0.1", 1003)
ROUTES = LabRoutes(HTTP, HTTPS, TCP)


@pytest.mark.parametrize(
    ("host", "port", "tls", "place"),
    [
        ("api.tracker.example", 443, True, HTTPS),
        ("api.tracker.example", 443, False, HTTPS),
        ("api.tracker.test", 9999, True, HTTPS),
        ("API.EXAMPLE.", 80, False, HTTP),
        ("a.example", 8080, False, HTTP),
        ("a.example", 5222, False, TCP),
        ("example", 80, False, HTTP),
        ("example.com", 443, True, None),
        ("a.invalid", 443, True, None),
        ("a.example.evil.org", 443, True, None),
        ("8.8.8.8", 53, False, None),
        ("localhost", 22, False, None),
        ("127.0.0.1", 22, False, None),
        ("127.0.0.1", 1002, True, HTTPS),
        ("", 80, False, None),
    ],
)
def test_only_reserved_names_lead_anywhere(host: str, port: int, tls: bool, place: tuple[str, int] | None) -> None:
    assert ROUTES.route(host, port, tls=tls) == place


def test_a_reserved_name_is_sent_to_the_lab() -> None:
    server = Server(address=("a.example", 80))
    direct(server, ROUTES)
    assert (server.address, server.error) == (HTTP, None)


def test_any_other_name_is_refused_with_its_name() -> None:
    server = Server(address=("google.com", 443))
    direct(server, ROUTES)
    assert server.error is not None
    assert "the lab refuses google.com:443" in server.error


def test_a_connection_without_an_address_is_left_alone() -> None:
    server = Server(address=None)
    direct(server, ROUTES)
    assert (server.address, server.error) == (None, None)


def test_a_connection_to_an_address_is_led_by_the_name_of_its_handshake() -> None:
    named, by_name = Server(address=("203.0.113.5", 443)), Server(address=("google.com", 443))
    direct(named, ROUTES, "a.example")
    direct(by_name, ROUTES, "a.example")
    assert (named.address, named.error) == (HTTPS, None)
    assert by_name.error is not None
