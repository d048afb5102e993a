from __future__ import annotations

from analyzer.capture.relay_hints import KEPT, WINDOW_S, SocketHints

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
