from __future__ import annotations

from dataclasses import replace

from analyzer.capture.relay_hints import KEPT, WINDOW_S, SocketHints
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Process, Thread, Value
from analyzer.model.vocabulary import Ending, ValueKind
from analyzer.packs.catalog import load_catalog

NOW = [100.0]


def _hints() -> SocketHints:
    NOW[0] = 100.0
    return SocketHints(lambda: NOW[0])


def test_a_class_knows_its_own_port_and_the_rest_knows_every_other() -> None:
    hints = _hints()
    hints.note("192.0.2.1", 443)
    hints.note("192.0.2.2", 5222)
    hints.note("2001:db8:0:0:0:0:0:1", 5223)
    assert hints.destinations(443, (443, 80)) == {("192.0.2.1", 443)}
    assert hints.destinations(0, (443, 80)) == {("192.0.2.2", 5222), ("2001:db8::1", 5223)}
    assert hints.destinations(5222, (443, 80)) == {("192.0.2.2", 5222)}


def test_a_socket_is_forgotten_after_a_while_and_when_there_are_too_many() -> None:
    hints = _hints()
    hints.note("192.0.2.1", 443)
    NOW[0] += WINDOW_S + 1
    assert hints.destinations(443, ()) == set()
    for last in range(KEPT + 1):
        hints.note(f"10.0.{last // 250}.{last % 250}", 443)
    assert ("10.0.0.0", 443) not in hints.destinations(443, ())


def test_what_is_no_destination_on_the_network_is_no_hint() -> None:
    hints = _hints()
    for host, port in [("127.0.0.1", 9), ("0:0:0:0:0:0:0:1", 9), ("0.0.0.0", 9), ("x\r\nEvil: 1", 9), ("192.0.2.1", 0)]:
        hints.note(host, port)
    assert hints.destinations(0, ()) == set()


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
    assert hints.destinations(0, ()) == {("192.0.2.9", 5222)}
