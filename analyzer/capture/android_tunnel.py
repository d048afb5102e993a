"""The device's end of the WireGuard tunnel: waits until it is there, watches it, and tells whose its connections are.

Nothing on the device is changed: its user loads the configuration, switches the tunnel on, and takes it away again.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_sockets import open_sockets, users_of_socket
from analyzer.capture.android_traffic import TellGap
from analyzer.capture.clock_sync import now
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.proxy_messages import SocketSeen
from analyzer.capture.tunnel_door import PROBES
from analyzer.capture.wireguard import INSIDE, WireGuard
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import GapKind, Owner

WAIT_S: Final = 600.0
LOOK_EVERY_S: Final = 5.0
TELL_EVERY_S: Final = 15.0
SUBJECT: Final = "the tunnel"

_OVER_IPV6: Final = "2001:db8::53"
_LOOK: Final = (
    f'way=$(ip -4 route get {PROBES} uid {{user}} 2>&1); echo "$way"; echo =0; '
    f"ip -6 route get {_OVER_IPV6} uid {{user}} 2>&1; echo =$?; command -v nc; echo =$?; "
    f'case "$way " in *" src {INSIDE} "*) (exec </dev/null >/dev/null 2>&1; nc -w 2 {PROBES} {{port}} & tried=$!; '
    "sleep 3; kill $tried) & esac"
)
"""Which way the kernel leads the app's packets, and, where that is the tunnel, a connection through it.

Nobody waits for `nc`: one whose connection is left open, as by a tunnel that breaks, waits for its end for ever.
"""
_FIRST_PORT, _PORTS = 1024, 60_000
_COMES_S: Final = 3.0
_OWN_USERS: Final = 10_000
"""Below are Android's own users, which also act for apps; above, within one person's range, is one app each."""
_PERSON: Final = 100_000
_ISOLATED: Final = 90_000

ACT_FOR_OTHERS: Final = "com.android.providers."
"""How packages are named that have users of their own and fetch for any app that asks them (DownloadManager, media)."""

Answer = Callable[[int, Owner], object]


class Users(NamedTuple):
    """Users of the device: the app's (`sure` says that no other app is the same), and those that act for any app.

    Where none of the latter is known, the device does not list users by package, and nothing is proven another app's.
    """

    app: tuple[int, ...]
    sure: bool = True
    helpers: frozenset[int] = frozenset()

    def owner(self, found: set[int]) -> Owner:
        """Say whose a socket is: another app's only where its user is one app that acts for no other."""
        if len(found) != 1:
            return Owner.UNKNOWN
        (user,) = found
        if user in self.app:
            return Owner.APP if self.sure else Owner.UNKNOWN
        own = _OWN_USERS <= user % _PERSON < _ISOLATED
        return Owner.OTHER if own and self.helpers and user not in self.helpers else Owner.UNKNOWN


class AndroidTunnel:
    """The tunnel of one device for one recording; `answer` takes whose a connection is, by its number."""

    def __init__(
        self,
        shell: AndroidShell,
        root: str,
        wireguard: WireGuard,
        users: Users,
        answer: Answer,
        tell_gap: TellGap,
        every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._shell, self._root, self._wireguard, self._users = shell, root, wireguard, users
        self._answer, self._tell_gap, self._every_s = answer, tell_gap, every_s
        self._ended = threading.Event()
        self._came = threading.Condition()
        self._probes: set[int] = set()
        self._anything = False
        self._port = 0
        self._good = now()
        self._troubles: dict[str, tuple[str, Stamp]] = {}
        self._left = threading.Event()
        self._watch_lock = threading.Lock()
        self._resting = True
        self._answering: threading.Thread | None = None
        self._watching: threading.Thread | None = None

    def start(self, wait_s: float = WAIT_S) -> None:
        """Answer for connections, wait until the device comes in, and watch it from then on.

        Raises `EnvironmentProblem` when it does not come within the time, or somebody asked to stop.
        """
        self._answering = _begin(self._keep_answering, "sockets")
        say, began, told = self._wireguard.say, time.monotonic(), 0.0
        while lacks := {key: why for key, why in self._look().items() if key != "ipv6"}:
            waited = time.monotonic() - began
            if self._wireguard.stopped() or waited > wait_s:
                raise EnvironmentProblem(
                    f"{self._shell.serial} did not come in through the tunnel within {waited:.0f} s "
                    f"({next(iter(lacks.values()))}); load {self._wireguard.configuration} in its WireGuard app, "
                    f"switch it on, and see that it reaches {self._wireguard.listen} over UDP."
                )
            if not told or waited - told >= TELL_EVERY_S:
                told = waited or 0.001
                why = " and ".join(lacks.values())
                say(f"Waiting for the device to come in through the tunnel ({waited:.0f} s): {why}.")
            self._ended.wait(1.0)
        say("The device came in through the tunnel.")
        self.resume()
        self._watching = _begin(self._keep_looking, "tunnel")

    def resume(self) -> None:
        """Watch from now on: the app is about to run."""
        with self._watch_lock:
            self._resting, self._good = False, now()
            self._watch()

    def rest(self) -> None:
        """Look for a last time: the app runs no more, and the proxy may go."""
        with self._watch_lock:
            if not self._resting:
                self._watch()
            self._resting = True

    def restore(self) -> None:
        """Tell what the tunnel did not lead, and let go; safe to call twice."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._left.set()
        for thread in (self._watching, self._answering):
            if thread is not None:
                thread.join()
        for why, since in self._troubles.values():
            self._tell_gap(GapKind.TRAFFIC_BYPASSED, SUBJECT, why, since, now())
        self._troubles.clear()

    def _keep_looking(self) -> None:
        while not self._ended.wait(self._every_s):
            with self._watch_lock:
                if not self._resting:
                    self._watch()

    def _watch(self) -> None:
        """Look once: a trouble lasts from the last look without it to the next one without it."""
        since = self._good
        try:
            found = self._look()
        except EnvironmentProblem as problem:
            found = {"device": f"the device did not say whether its tunnel is there: {problem}"}
        for key, why in found.items():
            self._troubles.setdefault(key, (why, since))
        for key in [key for key in self._troubles if key not in found]:
            why, began = self._troubles.pop(key)
            self._tell_gap(GapKind.TRAFFIC_BYPASSED, SUBJECT, why, began, now())
        self._good = now()

    def _look(self) -> dict[str, str]:
        """Ask the device which way the app's packets go, and have it make a connection; give what is wrong."""
        self._port = _FIRST_PORT + (self._port + 1 - _FIRST_PORT) % _PORTS
        with self._came:
            anything, self._anything = self._anything, False
        script = _LOOK.format(user=self._users.app[0], port=self._port)
        (over4, _), (over6, code6), (_, code) = _answers(self._shell.run("sh", "-c", script).out)
        found = {}
        if code6 == 0:
            found["ipv6"] = f"the app had a way for IPv6 past the tunnel ({over6[:200]})"
        if f" src {INSIDE} " not in f"{over4} ":
            found["way"] = f"the app's connections were not led into the tunnel ({over4[:200] or 'no answer'})"
        elif code:
            if not anything:
                found["probe"] = "nothing came through the tunnel, and the device has no nc to try it with"
        elif not self._arrived(self._port):
            found["probe"] = "a connection that the device made did not come through the tunnel"
        return found

    def _arrived(self, port: int) -> bool:
        with self._came:
            self._came.wait_for(lambda: port in self._probes, _COMES_S)
            there = port in self._probes
            self._probes.clear()
            return there

    def _keep_answering(self) -> None:
        """Answer for connections as they come; those that come together are looked up together."""
        while not self._left.is_set():
            try:
                asked = [self._wireguard.seen.get(timeout=0.2)]
            except queue.Empty:
                continue
            while not self._wireguard.seen.empty():
                asked.append(self._wireguard.seen.get())
            with self._came:
                self._anything = True
                self._probes |= {one.port for one in asked if one.host == PROBES}
                self._came.notify_all()
            self._own([one for one in asked if one.number])

    def _own(self, asked: list[SocketSeen]) -> None:
        if not asked:
            return
        try:
            sockets = open_sockets(self._shell, self._root)
        except EnvironmentProblem:
            sockets = []
        for one in asked:
            users = users_of_socket(sockets, one.protocol, INSIDE, one.client_port, (one.host, one.port))
            self._answer(one.number, self._users.owner(users))


def _begin(work: Callable[[], None], name: str) -> threading.Thread:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    return thread


def _answers(said: str) -> list[tuple[str, int]]:
    """Split what three commands said, each with its exit code behind."""
    parts: list[tuple[str, int]] = []
    lines: list[str] = []
    for line in said.splitlines():
        if line.startswith("=") and line[1:].isdigit():
            parts.append((" ".join(" ".join(lines).split()), int(line[1:])))
            lines = []
        else:
            lines.append(line)
    if len(parts) != 3:  # noqa: PLR2004 - the three commands
        raise EnvironmentProblem(f"The answer of the device was cut: {said[:100]!r}.")
    return parts
