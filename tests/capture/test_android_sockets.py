from __future__ import annotations

import os
import socket
from typing import NamedTuple

import pytest

from analyzer.capture.android_shell import Said
from analyzer.capture.android_sockets import Socket, open_sockets, users_of_socket
from analyzer.capture.device import EnvironmentProblem


class Here(NamedTuple):
    """This machine's own kernel, whose tables are those of a device."""

    serial: str = "here"

    def run_as_root(self, _root: str, *words: str) -> Said:
        import subprocess  # noqa: PLC0415

        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return Said(0, done.stdout, done.stderr)


def test_the_user_of_a_connection_is_found_by_both_its_ends_also_where_ipv4_runs_in_ipv6():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_INET6) as six:
        place = server.getsockname()
        six.connect((f"::ffff:{place[0]}", place[1]))
        with socket.create_connection(place) as four, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as loose:
            loose.bind(("0.0.0.0", 0))
            found = open_sockets(Here(), "")
            for one in (four, six):
                port = one.getsockname()[1]
                assert users_of_socket(found, "tcp", "127.0.0.1", port, place) == {os.getuid()}
                assert users_of_socket(found, "tcp", "127.0.0.1", port, ("127.0.0.1", place[1] ^ 1)) == set()
                assert users_of_socket(found, "tcp", "127.0.0.2", port, place) == set()
            assert users_of_socket(found, "udp", "10.0.0.1", loose.getsockname()[1], ("8.8.8.8", 53)) == {os.getuid()}


def test_of_two_users_on_one_port_the_connection_tells_which():
    sockets = [
        Socket("tcp", "10.0.0.1", 40_000, "203.0.113.5", 443, 10_100),
        Socket("tcp", "10.0.0.1", 40_000, "203.0.113.6", 443, 10_222),
        Socket("udp", "10.0.0.1", 40_000, "0.0.0.0", 0, 10_333),
    ]
    assert users_of_socket(sockets, "tcp", "10.0.0.1", 40_000, ("203.0.113.6", 443)) == {10_222}
    assert users_of_socket(sockets, "tcp", "10.0.0.1", 40_000, ("203.0.113.7", 443)) == set()
    assert users_of_socket(sockets, "udp", "10.0.0.1", 40_000, ("203.0.113.7", 443)) == {10_333}


def test_a_socket_that_waits_for_its_end_names_no_user_and_odd_lines_are_left_out():
    class Odd(NamedTuple):
        serial: str = "odd"

        def run_as_root(self, *_: str) -> Said:
            head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
            ends = "0100000A:9C40 057100CB:01BB"
            lines = [
                f" {at}: {ends} {state} 0:0 00:0 0 {uid} 0" for at, (state, uid) in enumerate((("06", 0), ("01", 7)))
            ]
            return Said(0, "=tcp\n" + head + "\n".join([*lines, " 3: 0100", " 4: zz:1 0:1 01 0 0 0 x"]), "")

    assert open_sockets(Odd(), "") == [Socket("tcp", "10.0.0.1", 40_000, "203.0.113.5", 443, 7)]


def test_a_device_that_shows_nothing_is_a_problem():
    class Shut(NamedTuple):
        serial: str = "shut"

        def run_as_root(self, *_: str) -> Said:
            return Said(1, "=tcp\n", "Permission denied")

    with pytest.raises(EnvironmentProblem, match="shows no open sockets: Permission denied"):
        open_sockets(Shut(), "")
