"""Runs a program on a plain JVM under the agent, and the same without, for the tests of hooks."""

from __future__ import annotations

import platform
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping

import frida
import pytest
from house import PACKAGE, ROOT

from analyzer.capture.agent import Agent
from analyzer.capture.agent_config import NO_CHANGES
from analyzer.capture.lab_java import find_java
from analyzer.capture.tap_messages import TapMessage
from analyzer.model.evidence import Event, Gap, HookState, Process, Record, Stack
from analyzer.packs.catalog_entries import Catalog, Hook
from analyzer.packs.changes import Changes

PROGRAMS = ROOT / "tests" / "lab_programs" / "programs.jar"
LAB = PACKAGE / "capture" / "lab_device"
JAVA = str(find_java().home / "bin" / "java") if platform.machine() in ("x86_64", "AMD64") else ""
NEEDS_JVM = (pytest.mark.lab, pytest.mark.skipif(not JAVA, reason="the lab's JVM needs an x86-64 machine"))
END_SECONDS = 120


def command(program: str, *words: str, properties: Mapping[str, object] | None = None) -> list[str]:
    """Give the command line of a program, the simulated Android classes beside it."""
    flags = [f"-D{name}={value}" for name, value in (properties or {}).items()]
    patch = ["--patch-module", f"java.base={LAB / 'java-base.jar'}"] if properties else []
    # HotSpot works out what was null from the code of a method when it is asked, and finds none in a hooked method.
    return [
        JAVA,
        "-XX:-ShowCodeDetailsInExceptionMessages",
        *patch,
        "-cp",
        f"{PROGRAMS}:{LAB / 'lab.jar'}",
        *flags,
        f"program.{program}",
        *words,
    ]


def without_agent(line: list[str]) -> list[str]:
    """Run a program as it is; give what it printed."""
    return subprocess.run(line, capture_output=True, check=True, timeout=END_SECONDS).stdout.decode().splitlines()


class Observed:
    """One program under the agent, from its gate to its end: what it printed, and the records of the agent.

    `more` is added to its environment. With `tap` the TLS tap is armed, and `tapped` is what it said.
    """

    def __init__(
        self,
        bundle: str,
        hooks: Iterable[Hook],
        line: list[str],
        changes: Changes = NO_CHANGES,
        *,
        tap: bool = False,
        **more: str,
    ) -> None:
        self.records: list[Record] = []
        self.tapped: list[TapMessage] = []
        output, ended = bytearray(), threading.Event()
        device = frida.get_local_device()
        catalog = Catalog({hook.id: hook for hook in hooks})
        agent = Agent(bundle, catalog, self, changes=changes, on_tap=self.tap if tap else None)
        process = Process(device.spawn(line, stdio="pipe", env=more), "program")

        def listen(pid: int, fd: int, data: bytes) -> None:
            if pid == process.pid and fd == 1:
                output.extend(data)
                if not data:
                    ended.set()

        device.on("output", listen)
        try:
            agent.attach(device, process)
            device.resume(process.pid)
            assert ended.wait(END_SECONDS), "the program did not end"
            end = time.monotonic() + END_SECONDS
            while agent.processes() and time.monotonic() < end:
                time.sleep(0.02)
        finally:
            device.off("output", listen)
            agent.close()
        self.lines = output.decode().splitlines()

    def tap(self, message: TapMessage) -> None:
        """Keep what the TLS tap says."""
        self.tapped.append(message)

    def append(self, record: Record) -> None:
        """Keep a record; this object is the agent's sink."""
        self.records.append(record)

    @property
    def events(self) -> list[Event]:
        """Give the events."""
        return [one for one in self.records if isinstance(one, Event)]

    @property
    def gaps(self) -> list[Gap]:
        """Give the gaps."""
        return [one for one in self.records if isinstance(one, Gap)]

    @property
    def states(self) -> dict[str, HookState]:
        """Give the answer for each hook."""
        return {one.hook: one for one in self.records if isinstance(one, HookState)}

    @property
    def stacks(self) -> dict[int, tuple[str, ...]]:
        """Give the frames of each stack by its id."""
        return {one.id: one.frames for one in self.records if isinstance(one, Stack)}
