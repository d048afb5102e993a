"""The way of the app's traffic to this machine: redirected by its user id, or by the device's global proxy.

Every change is noted before it is made; `traffic_undo` takes back what was noted, also in a later process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from analyzer.capture.android_proxy import read_proxy, restore_proxy, set_proxy
from analyzer.capture.android_redirect import Redirect
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.clock_sync import now
from analyzer.capture.device import EnvironmentProblem
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import GapKind

REDIRECT, PORTS, PROXY = "redirect", "reverse_ports", "global_proxy"
"""The kinds of change; the facts of each are what `traffic_undo` needs."""
LOOK_EVERY_S: Final = 5.0

TellGap = Callable[[GapKind, str, str, Stamp, Stamp | None], object]
"""Kind, subject, why, since when, until when (`None`: to the end of the recording)."""

_NO_PROXY: Final = ("", "null", ":0")
"""What the setting reads where no proxy is set; `:0` is what switches one off at once."""


_PAST: Final = "only what heeds the device's proxy setting is seen: other connections of the app went past it"


class Changes(Protocol):
    """Where changes of a device are noted before they are made."""

    def note(self, kind: str, facts: Mapping[str, Any]) -> int:
        """Note a change that is about to be made, with facts that are JSON values; gives its number."""

    def undone(self, number: int) -> None:
        """Note that it was taken back."""


class AndroidTraffic:
    """One device's way to the proxy, for one recording; `root` is a root kind of `AndroidShell`."""

    def __init__(
        self, shell: AndroidShell, root: str, ports: ReversePorts, changes: Changes, tell_gap: TellGap
    ) -> None:
        self._shell, self._root, self._ports = shell, root, ports
        self._changes, self._tell_gap = changes, tell_gap
        self._redirect: Redirect | None = None
        self._made: list[tuple[int, str, Mapping[str, Any]]] = []
        self._since = now()
        self._doubts: list[tuple[GapKind, str, str, Stamp]] = []
        self._ended = threading.Event()
        self._watch: threading.Thread | None = None

    def lead(self, uids: Sequence[int], relay: Mapping[int, int]) -> None:
        """Send every TCP connection of these users to the relay; `relay` are its ports by class of original ports."""
        self.note_proxy()
        places = self._open_ports(list(relay.values()))
        self._change(REDIRECT, {"root": self._root})
        self._redirect = Redirect(self._shell, self._root)
        self._redirect.install(uids, dict(zip(relay, places, strict=True)))
        self._since = now()
        self._watch = threading.Thread(target=self._keep_looking, name="traffic", daemon=True)
        self._watch.start()

    def use_proxy(self, proxy: int) -> None:
        """Have every app of the device that heeds its proxy setting use the proxy; what does not is a gap."""
        (place,) = self._open_ports([proxy])
        self._change(PROXY, {"before": read_proxy(self._shell)})
        set_proxy(self._shell, place)
        self.doubt(GapKind.TRAFFIC_BYPASSED, "the app", _PAST)

    def note_proxy(self) -> None:
        """Say what the device's own proxy setting hides, as a run that was killed, or its owner, left it there."""
        setting = self._shell.run("settings", "get", "global", "http_proxy").out.strip()
        if setting not in _NO_PROXY:
            why = (
                f"the device's own proxy setting sends what heeds it to {setting[:100]!r}; take it away with "
                f"`adb -s {self._shell.serial} shell settings put global http_proxy :0`, and record again"
            )
            self.doubt(GapKind.TRAFFIC_BYPASSED, "the app", why)

    def doubt(self, kind: GapKind, subject: str, why: str) -> None:
        """Keep a gap that lasts from now to the end of the recording; it is told there, with its end."""
        self._doubts.append((kind, subject, why, now()))

    def look(self) -> None:
        """Tell what did not reach the proxy since the last look."""
        if self._redirect is None:
            return
        since, self._since = self._since, now()
        for one in self._redirect.unseen():
            kind = GapKind.TRAFFIC_BYPASSED if one.passed else GapKind.TRAFFIC_OPAQUE
            self._tell_gap(kind, "the app's user id", f"{one.packets} {one.means}", since, now())

    def restore(self) -> None:
        """Look for a last time and take everything back; safe to call twice."""
        self._ended.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
            self._look_or_say()
            self._redirect = None
        while self._doubts:
            gap, subject, why, since = self._doubts.pop()
            self._tell_gap(gap, subject, why, since, now())
        undo = traffic_undo(self._shell, self._ports)
        while self._made:
            number, kind, facts = self._made[-1]
            undo[kind](facts)
            self._changes.undone(number)
            self._made.pop()

    def _open_ports(self, targets: Sequence[int]) -> list[int]:
        for places in self._ports.plan(len(targets)):
            self._change(PORTS, {"ports": places, "targets": list(targets)})
            if self._ports.open(dict(zip(places, targets, strict=True))):
                return places
            self._changes.undone(self._made.pop()[0])  # all of them were closed again
        raise EnvironmentProblem(
            f"The device {self._shell.serial} lets adb open no ports for its traffic: they are all taken. "
            "Run `adb reverse --remove-all`, or restart the device."
        )

    def _change(self, kind: str, facts: Mapping[str, Any]) -> None:
        self._made.append((self._changes.note(kind, facts), kind, facts))

    def _keep_looking(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            if not self._look_or_say():
                return

    def _look_or_say(self) -> bool:
        since = self._since
        try:
            self.look()
        except EnvironmentProblem as problem:
            why = f"what went past the proxy could no longer be counted: {problem}"
            self._doubts.append((GapKind.TRAFFIC_BYPASSED, "the app's user id", why, since))
            return False
        except OSError:  # no evidence can be written: whoever writes the rest of it stops loudly
            return False
        return True


def traffic_undo(shell: AndroidShell, ports: ReversePorts) -> dict[str, Callable[[Mapping[str, Any]], None]]:
    """Give what takes each kind of noted change back; one never made, or taken back already, is no error."""
    return {
        REDIRECT: lambda facts: Redirect(shell, str(facts["root"])).remove(),
        PORTS: lambda facts: ports.close(dict(zip(facts["ports"], facts.get("targets", ()), strict=False))),
        PROXY: lambda facts: restore_proxy(shell, facts["before"]),
    }
