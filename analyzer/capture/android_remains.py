"""What runs that were killed, of this analyzer or of others, may have left on an Android device."""

from __future__ import annotations

import re
from typing import Final

from analyzer.capture.android_facts import DeviceFacts, Lack
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import MARK

_LITTLE_KB: Final = 100_000
_ON_ITSELF: Final = re.compile(r"(?:127\.0\.0\.1|localhost):\d+\Z")
_FIELDS: Final = 4


def find_remains(shell: AndroidShell, facts: DeviceFacts, *, noted: bool) -> list[Lack]:
    """Look for a proxy setting, a trust store laid over, and a full storage; changes nothing.

    `noted` says that a journal knows of changes: they are not left over, and `device restore` takes them back.
    """
    found = []
    adb = f"adb -s {facts.serial} shell"
    proxy = shell.run("settings", "get", "global", "http_proxy").out
    if _ON_ITSELF.match(proxy) and not noted:
        found.append(
            Lack(
                f"its proxy setting is {proxy}, as a run that was killed leaves it, so its apps may have no internet",
                f"run: {adb} settings put global http_proxy :0",
            )
        )
    mounts = shell.run_as_root(facts.root, "cat", "/proc/1/mountinfo").out if facts.root != "none" else ""
    if f" - tmpfs {MARK} " in mounts and not noted:
        found.append(
            Lack(
                "a proxy's certificate is laid over its trust store, of which this workspace knows nothing",
                f"run `analyzer device restore` with the --workspace of that run, or: adb -s {facts.serial} reboot",
            )
        )
    if (free := free_kb(shell)) < _LITTLE_KB:
        found.append(
            Lack(
                f"only {free // 1000} MB are free in its /data, too little for frida-server and apps",
                f"remove apps or files there: {adb} pm list packages -3",
            )
        )
    return found


def free_kb(shell: AndroidShell) -> int:
    """Read the free space of `/data`; much where the device does not tell."""
    lines = shell.run("df", "-k", "/data").out.splitlines()
    words = lines[-1].split() if lines else []
    return int(words[3]) if len(words) > _FIELDS and words[3].isdecimal() else _LITTLE_KB
