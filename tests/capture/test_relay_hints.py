from __future__ import annotations

from dataclasses import replace

from analyzer.capture.relay_hints import EARLY_S, KEPT, LATE_S, SocketHints
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Process, Thread, Value
from analyzer.model.vocabulary import Ending, ValueKind
from analyzer.packs.catalog import load_catalog

NOW = [100.0]


def _hints(*classes: int) -> SocketHints:
    NOW[0] = 100.0
    return SocketHints(classes, lambda: NOW[0])


def test_a_class_knows_its_own_port_and_the_rest_knows_every_other() -> None:
    hints = _hints(443, 80)
    hints.note("192.0.2.1", 443)
    hints.note("192.0.2.2", 5222)
    hints.note("2001:db8:0:0:0:0:0:1", 5223)
    assert hints.destinations(hints.arrive(443)) == {("192.0.2.1", 443)}
    assert hints.destinations(hints.arrive(0)) == {("192.0.2.2", 5222), ("2001:db8::1", 5223)}


def test_a_socket_that_was_told_before_a_connection_came_is_not_that_connections() -> None:
    hints = _hints()
    hints.note("192.0.2.1", 9000)
    NOW[0] += EARLY_S * 2
    later = hints.arrive(0)
    assert hints.destinations(later) == set()
    assert hints.take(later) is None
    NOW[0] += EARLY_S
    hints.note("192.0.2.2", 9001)
    assert hints.take(later) == ("192.0.2.2", 9001)


def test_a_socket_is_used_once() -> None:
    hints = _hints()
    first = hints.arrive(0)
    hints.note("192.0.2.1", 9000)
    assert hints.take(first) == ("192.0.2.1", 9000)
    assert hints.take(hints.arrive(0)) is None


def test_a_socket_that_may_be_another_connections_is_nobodys() -> None:
    hints = _hints()
    hints.arrive(0)
    NOW[0] += EARLY_S
    hints.note("192.0.2.1", 9000)
    second = hints.arrive(0)
    assert hints.destinations(second) == {("192.0.2.1", 9000)}
    assert hints.take(second) is None, "two connections, one socket"
    hints.note("192.0.2.1", 9000)
    assert hints.take(second) == ("192.0.2.1", 9000), "both go to the same place"
    NOW[0] += LATE_S + EARLY_S * 2
    third = hints.arrive(0)
    hints.note("192.0.2.3", 9000)
    hints.note("192.0.2.4", 9000)
    assert hints.take(third) is None


def test_sockets_are_forgotten_when_there_are_too_many() -> None:
    hints = _hints(443)
    for last in range(KEPT + 1):
        hints.note(f"10.0.{last // 250}.{last % 250}", 443)
    known = hints.destinations(hints.arrive(443))
    assert len(known) == KEPT
    assert ("10.0.0.0", 443) not in known


def test_what_is_no_destination_on_the_network_is_no_hint() -> None:
    hints = _hints()
    for host, port in [("127.0.0.1", 9), ("0:0:0:0:0:0:0:1", 9), ("0.0.0.0", 9), ("x\r\nEvil: 1", 9), ("192.0.2.1", 0)]:
        hints.note(host, port)
    assert hints.destinations(hints.arrive(0)) == set()


def test_the_agents_own_record_of_a_connect_is_a_hint() -> None:
    hints = _hints()
    arguments = tuple(Value(ValueKind.STRING, text=text) for text in ("7", "192.0.2.9", "5222"))
    event = Event(
        1, "agent:1", Stamp(1, 1), Process(1, "a"), Thread(1), "network.connect", "connect", arguments, Ending.RETURNED
    )
    assert "network.connect" in load_catalog().hooks
    for record in (event, replace(event, hook="other", arguments=()), replace(event, arguments=arguments[:2])):
        hints.see(record)
    hints.see(replace(event, arguments=(*arguments[:2], Value(ValueKind.STRING, text="²"))))
    assert hints.destinations(hints.arrive(0)) == {("192.0.2.9", 5222)}
