from __future__ import annotations

from tap_rig import opening

from analyzer.capture.tap_ledger import Ledger, Place
from analyzer.model.evidence import Peer

HOST = "a.example"


def peer(port: int, random: str = "", host: str = HOST) -> Peer:
    return Peer("127.0.0.1" if port else "", port, host, random, tls=True)


def ledger(*known: tuple[int, str, bool], host: str = HOST) -> Ledger:
    made = Ledger()
    for port, random, passed in known:
        made.note(host, 443, peer(port, random, host), passed=passed)
    return made


def test_the_handshake_finds_the_connection_whatever_the_host_is_called():
    found = ledger((1, "aa" * 32, True), (2, "bb" * 32, True)).place(opening(1, "", random="aa" * 32))
    assert isinstance(found, Place)
    assert (found.host, found.peer.client_port) == (HOST, 1)


def test_a_connection_that_the_proxy_reads_is_not_told_again():
    known = ledger((1, "aa" * 32, False))
    assert known.place(opening(1, random="aa" * 32)) is None
    assert known.place(opening(2, random="aa" * 32)) is None
    assert known.place(opening(3, local_port=1)) is None


def test_a_second_tap_of_a_connection_is_left_out_and_said():
    known = ledger((1, "aa" * 32, True))
    assert isinstance(known.place(opening(1, random="aa" * 32)), Place)
    assert known.place(opening(2, random="aa" * 32)) == "its plaintext is told by another tap already"


def test_the_socket_finds_the_latest_connection_of_a_port_and_only_of_the_same_host():
    known = ledger((7, "aa" * 32, True), (7, "bb" * 32, True))
    assert known.place(opening(1, local_port=7)).peer.client_random == "bb" * 32
    other = ledger((7, "aa" * 32, True)).place(opening(1, "b.example", local_port=7))
    assert other.tunnel is None
    assert other.host == "b.example"


def test_behind_a_translation_the_host_finds_the_only_connection_that_it_can_be():
    found = ledger((0, "aa" * 32, True)).place(opening(1, local_port=7))
    assert found.peer.client_random == "aa" * 32


def test_of_several_that_it_can_be_none_is_named_but_all_are_unread():
    found = ledger((0, "aa" * 32, True), (0, "bb" * 32, True)).place(opening(1, local_port=7))
    assert isinstance(found, Place)
    assert (found.tunnel, found.peer.client_random, found.port) == (None, "", 443)


def test_a_host_of_which_the_proxy_reads_anything_is_left_to_it():
    assert ledger((0, "aa" * 32, False)).place(opening(1, local_port=7)) is None


def test_a_host_that_never_came_to_the_proxy_went_around_it():
    found = ledger((1, "aa" * 32, False)).place(opening(1, "own.example", port=8443, local_port=9))
    assert (found.host, found.port, found.tunnel) == ("own.example", 8443, None)


def test_what_nothing_is_known_of_is_left_out():
    assert "neither its handshake" in str(Ledger().place(opening(1, "")))


def test_it_does_not_remember_without_end(monkeypatch):
    monkeypatch.setattr("analyzer.capture.tap_ledger._REMEMBERED", 2)
    known = ledger(*((port, f"{port:064x}", True) for port in (1, 2, 3)))
    assert isinstance(known.place(opening(1, "", random=f"{1:064x}")), str)
    assert isinstance(known.place(opening(2, "", random=f"{3:064x}")), Place)
