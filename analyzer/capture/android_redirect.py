"""Redirects the TCP connections of one app, by its user id, to ports of the device that adb carries to this machine.

The rules lie in chains of our own in the tables `nat` and `filter` of IPv4 and IPv6, so that they can be found and
taken away whoever put them there: also after a crash, without knowing the app.
"""

from __future__ import annotations

import contextlib
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem

CLASSES: Final = (443, 80, 8443, 8080, 8888, 8000, 53, 853, 1883, 8883, 5222, 5223, 5228)
"""Original ports that have a port of their own; all others share one and are told apart by what the app says."""

_NAT: Final = "analyzer_nat"
_OUT: Final = "analyzer_out"
_GUARD: Final = "analyzer_guard"
_COUNT: Final = re.compile(r" -c (\d+) \d+")
LOOPBACK: Final = {"iptables": "127.0.0.0/8", "ip6tables": "::1/128"}

_RESET: Final = ("-j", "REJECT", "--reject-with", "tcp-reset")

Rule: TypeAlias = tuple[str, ...]


class Counter(NamedTuple):
    """A rule whose packets are counted, what it means for the app's traffic, and whether the packets were let go."""

    program: str
    rule: str
    means: str
    passed: bool = False


COUNTERS: Final = (
    Counter(
        "iptables",
        "-p udp --dport 443 -j REJECT --reject-with icmp-port-unreachable",
        "packets of QUIC (UDP port 443) were refused, so that the app uses TCP",
    ),
    Counter(
        "iptables",
        "-p udp --dport 53 -j RETURN",
        "packets with DNS questions of the app's own went past the proxy",
        passed=True,
    ),
    Counter("iptables", "-p tcp -j RETURN", "packets of TCP connections went past the proxy", passed=True),
    Counter("iptables", "-j RETURN", "packets that are neither TCP nor QUIC nor DNS went past the proxy", passed=True),
    Counter(
        "ip6tables",
        "-p tcp -j REJECT --reject-with tcp-reset",
        "packets of TCP over IPv6 were refused, so that the app uses IPv4",
    ),
    Counter("ip6tables", "-j REJECT", "other packets over IPv6 were refused, so that the app uses IPv4"),
)
"""The last rules of the chain, in their order; every packet of the app that is not redirected meets one of them."""


class Unseen(NamedTuple):
    """Packets of the app that did not reach the proxy since the last look."""

    packets: int
    means: str
    passed: bool


class Redirect:
    """The rules for one app on one device; `root` is a root kind of `AndroidShell`.

    Raises `EnvironmentProblem` when the device refuses a rule.
    """

    def __init__(self, shell: AndroidShell, root: str) -> None:
        self._shell = shell
        self._root = root
        self._seen: dict[tuple[str, int], int] = {}
        self._users = 0

    def install(self, uids: Sequence[int], ports: Mapping[int, int]) -> None:
        """Put the rules in place of any that were left: `ports` are device ports by class (0: all other ports)."""
        with contextlib.suppress(EnvironmentProblem):  # what a killed run left, also one of another workspace
            self.remove()
        commands = compose(uids, ports)
        said = self._shell.run_as_root(self._root, "sh", "-c", " && ".join(map(shlex.join, commands)))
        if said.code:
            with contextlib.suppress(EnvironmentProblem):  # who noted the change takes it back again, and tells
                self.remove()
            why = (said.err or said.out).strip().splitlines()[-1:] or ["no reason given"]
            raise EnvironmentProblem(
                f"The device {self._shell.serial} cannot redirect the app's traffic ({why[0][:300]}); "
                "its kernel may lack the owner match: --traffic proxy sees what heeds the device's proxy setting."
            )
        self._seen.clear()
        self._users = len(uids)

    def remove(self) -> None:
        """Take away every rule of ours, whoever put it there; does nothing where there is none."""
        said = self._shell.run_as_root(self._root, "sh", "-c", REMOVE)
        if said.code:
            raise EnvironmentProblem(
                f"Redirect rules of the device {self._shell.serial} could not be taken away: "
                f"{said.err.strip()[-300:] or said.out.strip()[-300:]}. Restart the device: rules do not outlive it."
            )

    def unseen(self) -> list[Unseen]:
        """Give what did not reach the proxy since the last call; raises where rules of ours are there no longer."""
        found = []
        for program in LOOPBACK:
            counters = [counter for counter in COUNTERS if counter.program == program]
            counts = self._counts(program, len(counters))
            for place, (counter, count) in enumerate(zip(counters, counts, strict=True)):
                before = self._seen.get((program, place), 0)
                self._seen[program, place] = count
                if count > before:
                    found.append(Unseen(count - before, counter.means, counter.passed))
        return found

    def _counts(self, program: str, rules: int) -> list[int]:
        """Read the counters of the last rules, and look whether the app's packets still come to them."""
        listed = []
        for table, chain in [("filter", _OUT), *([("nat", _NAT)] if program == "iptables" else [])]:
            said = self._shell.run_as_root(self._root, program, "-w", "-t", table, "-v", "-S")
            if said.code:
                why = (said.err or said.out).strip()[-200:] or f"exit code {said.code}"
                raise EnvironmentProblem(f"The device {self._shell.serial} does not list its {program} rules: {why}.")
            lines = said.out.splitlines()
            jumps = [line for line in lines if line.startswith("-A OUTPUT ") and f" -j {chain}" in line]
            listed.append([line for line in lines if line.startswith(f"-A {chain} ")])
            if len(jumps) < self._users or not listed[-1]:
                raise EnvironmentProblem(f"Rules that redirect the app's traffic are gone from {self._shell.serial}.")
        counts = [int(one[1]) for line in listed[0] if (one := _COUNT.search(line))]
        if len(counts) != rules + 1:  # the first lets loopback go
            raise EnvironmentProblem(f"Rules that count the app's traffic are gone from {self._shell.serial}.")
        return counts[1:]


def compose(uids: Sequence[int], ports: Mapping[int, int]) -> list[Rule]:
    """Give the commands that redirect the connections of these users, refuse what cannot be, and count the rest.

    The app's own chains come first, the jumps into them last: there is no moment in which half of them work.
    """
    commands: list[Rule] = []
    for program, loopback in LOOPBACK.items():
        counters = [tuple(counter.rule.split()) for counter in COUNTERS if counter.program == program]
        commands += _new(program, "filter", _OUT, [("-d", loopback, "-j", "RETURN"), *counters])
    own, others = {port: at for port, at in ports.items() if port}, ports[0]
    tcp = [("-p", "tcp", "--dport", str(port), *_to(at)) for port, at in own.items()]
    last: Rule = ("-p", "tcp", *_to(others))
    commands += _new("iptables", "nat", _NAT, [("-d", LOOPBACK["iptables"], "-j", "RETURN"), *tcp, last])
    allowed: list[Rule] = [("-m", "owner", "--uid-owner", str(uid), "-j", "RETURN") for uid in uids]
    commands += _new("iptables", "filter", _GUARD, [*allowed, ("-p", "tcp", *_RESET)])
    span = f"{min(ports.values())}:{max(ports.values())}"
    guarded = ("-p", "tcp", "-d", "127.0.0.1", "--dport", span, "--syn", "-j", _GUARD)
    commands.append(("iptables", "-w", "-t", "filter", "-I", "OUTPUT", *guarded))
    for uid in uids:
        who = ("-m", "owner", "--uid-owner", str(uid))
        commands += [(program, "-w", "-t", "filter", "-I", "OUTPUT", *who, "-j", _OUT) for program in LOOPBACK]
        commands.append(("iptables", "-w", "-t", "nat", "-I", "OUTPUT", "-p", "tcp", *who, "-j", _NAT))
    return commands


def _new(program: str, table: str, chain: str, rules: Sequence[Rule]) -> list[Rule]:
    head = (program, "-w", "-t", table)
    return [(*head, "-N", chain), *((*head, "-A", chain, *rule) for rule in rules)]


def _to(port: int) -> Rule:
    return ("-j", "REDIRECT", "--to-ports", str(port))


def removal(places: Sequence[tuple[str, str, Mapping[str, Sequence[str]]]]) -> str:
    """Compose the script that takes chains of ours away: per program and table, those that each chain of it jumps to.

    The jumps are found by the chain that they lead to.
    """
    parts = []
    for program, table, jumped in places:
        call = f"{program} -w -t {table}"
        for builtin, chains in jumped.items():
            jumps = "|".join(f'*"-j {chain}"' for chain in chains)
            parts.append(f"rules=$({call} -S {builtin}) || exit 1")  # of a pipe, only the last exit code counts
            parts.append(
                f'echo "$rules" | while read -r flag rule; do case "$rule" in {jumps}) {call} -D $rule;; esac; done'
            )
        parts += [
            f"if {call} -S {chain} >/dev/null 2>&1; then {call} -F {chain} && {call} -X {chain}; fi"
            for chains in jumped.values()
            for chain in chains
        ]
        parts.append(f"rules=$({call} -S) || exit 1")
        ours = "|".join(f"*{chain}*" for chains in jumped.values() for chain in chains)
        parts.append(f'case "$rules" in {ours}) echo {program} {table} still has rules >&2; exit 1;; esac')
    return "; ".join(parts)


REMOVE: Final = removal(
    (
        ("iptables", "nat", {"OUTPUT": (_NAT,)}),
        ("iptables", "filter", {"OUTPUT": (_OUT, _GUARD)}),
        ("ip6tables", "filter", {"OUTPUT": (_OUT,)}),
    )
)
"""The script that takes the rules away."""
