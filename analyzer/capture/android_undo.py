"""What takes each kind of change on an Android device back, also in a later process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.capture.android_clock import CLOCK, clock_undo
from analyzer.capture.android_packages import INSTALLING, remove_copies
from analyzer.capture.android_packets import PACKETS, remove_packets
from analyzer.capture.android_planting import planting_undo
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_screen import LOOK_FILE, SCREEN, AndroidScreen, DumpedHierarchies, remove_look
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import KIND as TRUST_STORE
from analyzer.capture.android_store import WRITTEN as SYSTEM_STORE
from analyzer.capture.android_store import TrustStore
from analyzer.capture.android_traffic import traffic_undo
from analyzer.capture.android_ui_server import UI_SERVER, remove_ui_server
from analyzer.capture.android_video import VIDEO, remove_video
from analyzer.capture.changes import ChangeJournal, Undo
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.frida_server import remove_server

ADB_ROOT: Final = "adb_root"
BY_ADB: Final = "adbd"
"""The root kind whose root ends when adbd starts again."""
FRIDA_SERVER: Final = "frida_server"
USAP: Final = "usap_pool"
USAP_PROPERTY: Final = "persist.device_config.runtime_native.usap_pool_enabled"
"""Processes that Android keeps forked in advance never pass the gate (AOSP, `ZygoteServer`; from memory)."""


def undo_changes(shell: AndroidShell, ports: ReversePorts) -> Mapping[str, Undo]:
    """Give the way back of every kind of change that a recording makes; each is safe where nothing was changed."""
    return {
        **traffic_undo(shell, ports),
        **planting_undo(shell),
        INSTALLING: lambda facts: remove_copies(shell, facts),
        LOOK_FILE: lambda _facts: remove_look(shell),
        PACKETS: lambda facts: remove_packets(shell, facts),
        UI_SERVER: lambda facts: remove_ui_server(shell, facts),
        VIDEO: lambda facts: remove_video(shell, facts),
        FRIDA_SERVER: lambda facts: remove_server(shell, str(facts["root"]), str(facts["place"])),
        TRUST_STORE: lambda facts: TrustStore(shell, str(facts["root"])).remove(),
        SYSTEM_STORE: lambda facts: TrustStore(shell, str(facts["root"])).unwrite(facts),
        SCREEN: lambda _facts: AndroidScreen(shell, DumpedHierarchies(shell)).light(),
        CLOCK: lambda facts: clock_undo(shell, facts),
        USAP: lambda facts: _restore_usap(shell, str(facts["root"]), str(facts["before"])),
        ADB_ROOT: lambda _facts: shell.end_root(),
    }


def undo_as_root(shell: AndroidShell, ports: ReversePorts, journal: ChangeJournal, *, kept: bool = False) -> None:
    """Take back what is noted; where that was made through adbd as root, which is none by now, it is meanwhile.

    Without `kept`, what is to stay beyond a recording stays.
    """
    noted = journal.changes()
    changes = [change for change in noted if kept or not change.kept]
    lost = any(change.facts.get("root") == BY_ADB for change in changes) and shell.run("id", "-u").out != "0"
    if lost:
        shell.become_root()
    try:
        journal.undo_all(undo_changes(shell, ports), kept=kept)
    finally:
        if lost and not any(change.kind == ADB_ROOT for change in noted):
            shell.end_root()


def _restore_usap(shell: AndroidShell, root: str, before: str) -> None:
    said = shell.run_as_root(root, "setprop", USAP_PROPERTY, before)
    if said.code:
        why = (said.err or said.out).strip()[:200] or f"exit code {said.code}"
        raise EnvironmentProblem(f"{USAP_PROPERTY} of {shell.serial} could not be set to {before} again: {why}.")
