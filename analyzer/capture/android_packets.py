"""Keeps the packets of one app beside its flows: the device's kernel logs them by user id, its tcpdump writes them.

A packet on the wire does not tell whose it is. So rules log what the app's user sends (before it is redirected, with
where it was meant to go) and the answers on the same connections (NFLOG, https://ipset.netfilter.org/iptables-extensions.man.html),
and tcpdump reads that log (`nflog:GROUP`, which Android's libpcap knows) to adb, so that no file lies on the device.
"""

from __future__ import annotations

import contextlib
import re
import shlex
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from analyzer.capture.android_redirect import LOOPBACK, Rule, removal
from analyzer.capture.android_shell import AndroidShell, ByteStream
from analyzer.capture.android_traffic import Changes
from analyzer.capture.beside import Beside
from analyzer.capture.clock_sync import now
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.pcap import PcapCopy

FILE: Final = "packets.pcap"
WHAT: Final = "packets"
PACKETS: Final = "packets"
"""The kind of change; its facts are the root kind."""
MOST_BYTES: Final = 512_000_000

_GROUP: Final = "7411"
_SENT: Final = "analyzer_sent"
_BACK: Final = "analyzer_back"
_MARK: Final = "0x800000/0x800000"
"""One bit of the marks of connections; Android's own uses of them have others (netd, StrictController; from memory)."""
_LOG: Final = ("-j", "NFLOG", "--nflog-group", _GROUP, "--nflog-threshold", "1")
_SOURCE: Final = ("tcpdump", "-i", f"nflog:{_GROUP}")
_SECONDS_TO_BEGIN: Final = 15.0
_SECONDS_TO_ARRIVE: Final = 3.0
_COUNT: Final = re.compile(r" -c (\d+) \d+")
_END: Final = (
    "tries=0; while [ $tries -lt 50 ]; do left=; for p in $(pidof tcpdump); do "
    'case "$(tr "\\0" " " </proc/$p/cmdline)" in '
    f"*nflog:{_GROUP}*) left=1; kill -9 $p;; esac; done; "
    '[ "$left" ] || exit 0; tries=$((tries + 1)); sleep 0.1; done; echo tcpdump still runs >&2; exit 1'
)
"""Ends the tcpdump that reads this log, and nobody else's."""
_REMOVE: Final = removal([(program, "mangle", {"OUTPUT": (_SENT,), "INPUT": (_BACK,)}) for program in LOOPBACK])


class Packets:
    """The packets of one recording; `root` is a root kind of `AndroidShell`. What they cannot be kept for is a gap."""

    def __init__(
        self, shell: AndroidShell, root: str, changes: Changes, beside: Beside, most: int = MOST_BYTES
    ) -> None:
        self._shell, self._root, self._changes, self._beside, self._most = shell, root, changes, beside, most
        self._change = 0
        self._copy: PcapCopy | None = None
        self._stream: ByteStream | None = None
        self._reader: threading.Thread | None = None
        self._moved = threading.Condition()
        self._ended = self._stopping = False
        self._begun = False

    def start(self, uids: Sequence[int]) -> None:
        """Begin to keep what these users send and receive."""
        said = self._shell.run_as_root(self._root, *_SOURCE, "-L")
        if said.code:
            words = (said.err or said.out).strip().splitlines()[-1:] or [f"exit code {said.code}"]
            self._beside.missing(WHAT, f"{_needs(self._shell.serial)} ({words[0][:200]})")
            return
        self._change = self._changes.note(PACKETS, {"root": self._root})
        with suppress(EnvironmentProblem):  # what a killed run left, also one of another workspace
            remove_packets(self._shell, {"root": self._root})
        try:
            self._read()
            rules = " && ".join(map(shlex.join, compose(uids)))
            said = self._shell.run_as_root(self._root, "sh", "-c", rules)
        except OSError as error:
            self._give_up(f"no file can be written here: {error.strerror}")
            return
        if said.code or not self._arrived():
            why = (said.err or said.out).strip().splitlines()[-1:] or ["tcpdump says nothing"]
            self._give_up(f"{self._shell.serial} cannot log an app's packets: {why[0][:200]}")
            return
        self._begun = True
        self._beside.begun(WHAT, FILE)

    def stop(self) -> None:
        """End it, tell what is missing, and take the rules away; safe to call twice, also without the device."""
        if not self._change:
            return
        counted = None
        try:
            if self._begun:
                counted = self._count()
                self._await(counted)
            self._stopping = True
            remove_packets(self._shell, {"root": self._root})
            self._changes.undone(self._change)
        finally:
            self._change = 0
            self._stopping = True
            self._close()
            self._tell(counted)

    def _read(self) -> None:
        out = (self._beside.folder / FILE).open("xb")
        self._copy = copy = PcapCopy(out, self._most)
        try:
            self._stream = stream = self._shell.raw(self._root, *_SOURCE, "-U", "-w", "-")
        except EnvironmentProblem:
            out.close()
            raise

        def read() -> None:
            with out:
                for data in stream.pieces():
                    self._take(copy, data)
            with self._moved:
                self._ended = True
                self._moved.notify_all()
            if self._begun and not self._stopping and not copy.over:
                copy.over = "tcpdump ended, or the device was lost"
                self._say_over(copy)

        self._reader = threading.Thread(target=read, name="packets", daemon=True)
        self._reader.start()

    def _take(self, copy: PcapCopy, data: bytes) -> None:
        before = copy.over
        try:
            copy.take(data)
        except OSError as error:
            copy.over = f"it cannot be written: {error.strerror}"
        with self._moved:
            self._moved.notify_all()
        if self._begun and copy.over != before:
            self._say_over(copy)

    def _say_over(self, copy: PcapCopy) -> None:
        with contextlib.suppress(OSError):  # the recorder hears of a full disk from its own writing
            self._beside.missing(WHAT, f"{copy.over}; later packets are not in {FILE}")

    def _arrived(self) -> bool:
        """Wait for the header of the file: then tcpdump listens."""
        copy = self._copy
        with self._moved:
            self._moved.wait_for(
                lambda: copy is None or copy.begun or bool(copy.over) or self._ended, _SECONDS_TO_BEGIN
            )
        return copy is not None and copy.begun

    def _await(self, packets: int) -> None:
        """Leave the packets that were logged the time to arrive."""
        copy = self._copy
        if copy is not None:
            with self._moved:
                arrived = lambda: copy.packets >= packets or bool(copy.over) or self._ended  # noqa: E731
                self._moved.wait_for(arrived, _SECONDS_TO_ARRIVE)

    def _count(self) -> int:
        """Read how many packets the rules logged."""
        found = 0
        for program in LOOPBACK:
            said = self._shell.run_as_root(self._root, program, "-w", "-t", "mangle", "-v", "-S")
            lines = [line for line in said.out.splitlines() if f"--nflog-group {_GROUP}" in line]
            found += sum(int(one[1]) for line in lines if (one := _COUNT.search(line)))
        return found

    def _give_up(self, why: str) -> None:
        self._stopping = True
        try:
            remove_packets(self._shell, {"root": self._root})
            self._changes.undone(self._change)
            self._change = 0
        finally:
            self._close()
            (self._beside.folder / FILE).unlink(missing_ok=True)
            self._beside.missing(WHAT, why)

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        if self._reader is not None:
            self._reader.join()

    def _tell(self, counted: int | None) -> None:
        copy = self._copy
        if copy is None or not self._begun:
            return
        if counted is None and not copy.over:
            self._beside.missing(WHAT, f"the device no longer says how many there were; later ones are not in {FILE}")
        elif counted is not None and copy.packets < counted and not copy.over:
            lost = counted - copy.packets
            self._beside.missing(WHAT, f"{lost} of {counted} packets that the device logged did not arrive", now())
        self._beside.ended(WHAT, FILE, packets=str(copy.packets), bytes=str(copy.size))


def compose(uids: Sequence[int]) -> list[Rule]:
    """Give the commands that log what these users send, and what comes back on the same connections.

    What stays on the device's loopback is left out: there Frida's own talk would fill the kernel's log.
    """
    commands: list[Rule] = []
    for program, loopback in LOOPBACK.items():
        head = (program, "-w", "-t", "mangle")
        commands += [(*head, "-N", _SENT), (*head, "-A", _SENT, "-d", loopback, "-j", "RETURN")]
        commands += [(*head, "-A", _SENT, "-j", "CONNMARK", "--set-xmark", _MARK), (*head, "-A", _SENT, *_LOG)]
        commands += [(*head, "-N", _BACK), (*head, "-A", _BACK, *_LOG)]
        answers = ("-m", "connmark", "--mark", _MARK, "-m", "conntrack", "--ctdir", "REPLY")
        commands.append((*head, "-I", "INPUT", *answers, "-j", _BACK))
        commands += [(*head, "-I", "OUTPUT", "-m", "owner", "--uid-owner", str(uid), "-j", _SENT) for uid in uids]
    return commands


def remove_packets(shell: AndroidShell, facts: Mapping[str, Any]) -> None:
    """End the tcpdump of ours and take its rules away; does nothing where there is none."""
    said = shell.run_as_root(str(facts["root"]), "sh", "-c", f"({_END}) && {_REMOVE}")
    if said.code:
        raise EnvironmentProblem(
            f"The capture of packets on {shell.serial} could not be ended: {(said.err or said.out).strip()[-300:]}. "
            "Restart the device: rules do not outlive it."
        )


def _needs(serial: str) -> str:
    return (
        f"{serial} cannot keep packets: that takes a tcpdump that reads the kernel's log (nflog), as emulators and "
        "userdebug builds have it; put one where the device finds it, or record without --pcap"
    )
