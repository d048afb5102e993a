from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest
from network_namespace import V4, V6, Network, network

from analyzer.capture.android_redirect import Redirect, Unseen, compose
from analyzer.capture.android_shell import Said
from analyzer.capture.device import EnvironmentProblem

APP, SANDBOX, OTHER = 10123, 20123, 10999
PORTS = {443: 28101, 80: 28102, 0: 28100}
DEVICE = [f"tcp,127.0.0.1,{port}" for port in PORTS.values()]
WORLD = [f"tcp,{V4},443", f"tcp,{V6},443", f"udp,{V4},443", f"udp,{V4},53", f"udp,{V4},3478", f"udp,{V6},53"]


@pytest.fixture(scope="module")
def device() -> Iterator[Network]:
    with network() as made:
        made.serve(*DEVICE, *WORLD, "tcp,127.0.0.1,9000")
        yield made


@pytest.fixture
def redirect(device: Network) -> Iterator[Redirect]:
    made = Redirect(device, "adbd")
    made.install((APP, SANDBOX), PORTS)
    yield made
    made.remove()


def test_every_connection_of_the_app_comes_to_the_port_of_its_class(device: Network, redirect: Redirect) -> None:
    assert [device.ask(APP, "tcp", V4, port) for port in (443, 80, 5222)] == ["28101", "28102", "28100"]
    assert device.ask(SANDBOX, "tcp", V4, 443) == "28101"
    assert redirect.unseen() == []


def test_nobody_elses_connection_is_touched_and_nobody_else_reaches_the_ports(
    device: Network, redirect: Redirect
) -> None:
    assert device.ask(OTHER, "tcp", V4, 443) == "443"
    assert device.ask(OTHER, "tcp", V6, 443) == "443"
    assert device.ask(OTHER, "udp", V4, 443) == "443"
    assert device.ask(OTHER, "tcp", "127.0.0.1", 28101) == "ConnectionRefusedError"
    assert redirect.unseen() == []


def test_what_the_app_serves_to_itself_stays_on_the_device(device: Network, redirect: Redirect) -> None:
    assert device.ask(APP, "tcp", "127.0.0.1", 9000) == "9000"


def test_what_cannot_be_redirected_is_refused_or_counted_each_time_once(device: Network, redirect: Redirect) -> None:
    assert device.ask(APP, "tcp", V6, 443) == "ConnectionRefusedError"
    assert device.ask(APP, "udp", V6, 53) == "PermissionError"
    assert device.ask(APP, "udp", V4, 443) == "PermissionError"
    assert device.ask(APP, "udp", V4, 53) == "53"
    assert device.ask(APP, "udp", V4, 3478) == "3478"
    first = redirect.unseen()
    assert [(one.packets, one.passed) for one in first] == [(1, False), (1, True), (1, True), (1, False), (1, False)]
    assert "QUIC" in first[0].means
    assert "DNS" in first[1].means
    assert redirect.unseen() == []
    device.ask(APP, "udp", V4, 53)
    assert redirect.unseen() == [Unseen(1, "packets with DNS questions of the app's own went past the proxy", True)]


def test_the_rules_are_gone_afterwards_byte_for_byte_also_by_another_hand(device: Network) -> None:
    before = device.rules()
    Redirect(device, "adbd").install((APP, SANDBOX), PORTS)
    assert device.rules() != before
    Redirect(device, "adbd").remove()
    assert device.rules() == before
    Redirect(device, "adbd").remove()
    assert device.rules() == before


@pytest.mark.parametrize("stop", range(1, len(compose((APP,), PORTS)) + 1, 5))
def test_a_crash_between_any_two_commands_leaves_nothing_that_cannot_be_taken_away(device: Network, stop: int) -> None:
    before = device.rules()
    for command in compose((APP,), PORTS)[:stop]:
        assert device.run_as_root("adbd", *command).code == 0
    Redirect(device, "adbd").remove()
    assert device.rules() == before


def test_rules_that_a_killed_run_left_give_way_to_those_of_the_next(device: Network) -> None:
    before = device.rules()
    Redirect(device, "adbd").install((OTHER,), {**PORTS, 443: 28199})
    made = Redirect(device, "adbd")
    made.install((APP,), PORTS)
    assert device.ask(APP, "tcp", V4, 443) == "28101"
    assert device.ask(OTHER, "tcp", V4, 443) == "443"
    made.remove()
    assert device.rules() == before


def test_rules_of_others_stay_as_they_are(device: Network) -> None:
    device.run_as_root("adbd", "iptables", "-t", "nat", "-N", "oem_out")
    device.run_as_root("adbd", "iptables", "-t", "nat", "-A", "OUTPUT", "-p", "udp", "-j", "oem_out")
    before = device.rules()
    made = Redirect(device, "adbd")
    made.install((APP,), PORTS)
    made.remove()
    assert device.rules() == before
    assert "-A OUTPUT -p udp -j oem_out" in before


def test_a_device_that_refuses_a_rule_is_left_as_it_was_and_says_so(device: Network) -> None:
    before = device.rules()
    with pytest.raises(EnvironmentProblem, match=r"emulator-5554 cannot redirect the app's traffic \(.*owner match"):
        Redirect(device, "adbd").install((-1,), PORTS)
    assert device.rules() == before


class Failing:
    """The device's shell, in which one program cannot do one thing."""

    serial = "emulator-5554"

    def __init__(self, device: Network, program: str, word: str) -> None:
        self._device = device
        denied = f'case " $* " in *" {word} "*) echo denied >&2; return 4;; esac'
        self._script = f'{program}() {{ {denied}; command {program} "$@"; }}; '

    def run_as_root(self, root: str, *words: str) -> Said:
        line = words[2] if words[:2] == ("sh", "-c") else shlex.join(words)
        return self._device.run_as_root(root, "sh", "-c", self._script + line)


@pytest.mark.parametrize("program", ["iptables", "ip6tables"])
def test_rules_that_cannot_be_listed_do_not_count_as_taken_away(
    device: Network, redirect: Redirect, program: str
) -> None:
    before = device.rules()
    with pytest.raises(EnvironmentProblem, match="could not be taken away: denied"):
        Redirect(Failing(device, program, "-S"), "adbd").remove()
    assert "analyzer_" in before


@pytest.mark.parametrize(
    "damage",
    [
        "iptables -F OUTPUT",
        "iptables -t nat -F OUTPUT",
        "iptables -t nat -F analyzer_nat",
        "ip6tables -F analyzer_out",
        "iptables -D analyzer_out 2",
    ],
)
def test_what_can_no_longer_be_counted_is_told(device: Network, redirect: Redirect, damage: str) -> None:
    assert redirect.unseen() == []
    assert device.run_as_root("adbd", *damage.split()).code == 0
    with pytest.raises(EnvironmentProblem, match=r"are gone from emulator-5554"):
        redirect.unseen()


def test_counters_that_cannot_be_read_are_no_zeros(device: Network) -> None:
    lost = Redirect(Failing(device, "ip6tables", "-v"), "adbd")
    lost.install((APP, SANDBOX), PORTS)
    with pytest.raises(EnvironmentProblem, match="does not list its ip6tables rules: denied"):
        lost.unseen()
    lost.remove()
