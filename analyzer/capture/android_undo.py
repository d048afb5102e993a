"""What takes each kind of change on an Android device back, also in a later process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analyzer.capture.android_planting import planting_undo
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import KIND as TRUST_STORE
from analyzer.capture.android_store import TrustStore
from analyzer.capture.android_traffic import traffic_undo
from analyzer.capture.changes import Undo
from analyzer.capture.frida_server import remove_server

ADB_ROOT: Final = "adb_root"
FRIDA_SERVER: Final = "frida_server"
USAP: Final = "usap_pool"
USAP_PROPERTY: Final = "persist.device_config.runtime_native.usap_pool_enabled"
"""Processes that Android keeps forked in advance never pass the gate (AOSP, `ZygoteServer`; from memory)."""


def undo_changes(shell: AndroidShell, ports: ReversePorts) -> Mapping[str, Undo]:
    """Give the way back of every kind of change that a recording makes; each is safe where nothing was changed."""
    return {
        **traffic_undo(shell, ports),
        **planting_undo(shell),
        FRIDA_SERVER: lambda facts: remove_server(shell, str(facts["root"]), str(facts["place"])),
        TRUST_STORE: lambda facts: TrustStore(shell, str(facts["root"])).remove(),
        USAP: lambda facts: shell.run_as_root(str(facts["root"]), "setprop", USAP_PROPERTY, str(facts["before"])),
        ADB_ROOT: lambda _facts: shell.end_root(),
    }
