"""The whole state of the double, in a form that is equal when nothing differs."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import subprocess
from typing import Any

from framework import Framework, command_line
from layout import LABEL

_COUNTERS = re.compile(r"\[\d+:\d+\]")
_PASSING = ("/proc", "/dev/pts", "/dev/socket", "/run")


def take(framework: Framework) -> dict[str, Any]:
    """Describe files, mounts, rules, settings, packages, processes and open ports."""
    state = framework.state
    return {
        "files": _files(framework.config["visible"]),
        "mounts": _mounts(),
        "iptables": _rules("iptables-save"),
        "ip6tables": _rules("ip6tables-save"),
        "routes": _said(["ip", "rule"]) + _said(["ip", "route"]) + _said(["ip", "-6", "route"]),
        "ports": _ports(),
        "settings": {space: dict(sorted(table.items())) for space, table in state.settings.items()},
        "properties": dict(sorted(state.properties.items())),
        "packages": state.packages,
        "processes": sorted(_processes()),
        "extra": state.extra,
        "clock": state.moved_s,
        "adbd_as_root": framework.adbd_as_root,
    }


def _files(visible: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    leave_out = {*_PASSING, *visible}
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in leave_out]
        for name in [*folders, *names]:
            path = os.path.join(folder, name)
            found[path] = _describe(path)
    return dict(sorted(found.items()))


def _describe(path: str) -> str:
    facts = os.lstat(path)
    text = f"{stat.filemode(facts.st_mode)} {facts.st_uid}:{facts.st_gid}"
    try:
        text += " " + os.getxattr(path, LABEL, follow_symlinks=False).rstrip(b"\0").decode()
    except OSError:
        text += " -"
    if stat.S_ISLNK(facts.st_mode):
        return f"{text} -> {os.readlink(path)}"
    if stat.S_ISREG(facts.st_mode):
        with open(path, "rb") as file:
            return f"{text} {facts.st_size} {hashlib.file_digest(file, 'sha256').hexdigest()}"
    return text


def _pids() -> list[int]:
    return sorted(int(name) for name in os.listdir("/proc") if name.isdigit())


def _mounts() -> dict[str, list[str]]:
    """Give the mounts of each namespace, named after its first process."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for pid in _pids():
        try:
            space = os.readlink(f"/proc/{pid}/ns/mnt")
            if space in seen:
                continue
            with open(f"/proc/{pid}/mountinfo", encoding="utf-8") as file:
                lines = file.read().splitlines()
        except OSError:
            continue
        seen.add(space)
        name = "init" if pid == 1 else command_line(pid)
        found.setdefault(name, []).extend(_mount(line) for line in lines)
    return found


def _mount(line: str) -> str:
    """Leave out the numbers of a mount: they differ from one mount to the next."""
    before, after = line.split(" - ")
    fields = before.split()
    tags = sorted(tag.split(":")[0] for tag in fields[6:])
    return " ".join([fields[3], fields[4], fields[5], *tags, "-", *after.split()])


def _rules(program: str) -> list[str]:
    lines = _said([program]).splitlines()
    return [_COUNTERS.sub("", line) for line in lines if not line.startswith("#")]


def _said(command: list[str]) -> str:
    return subprocess.run(
        [f"/system/bin/{command[0]}", *command[1:]], capture_output=True, text=True, check=False
    ).stdout


def _ports() -> list[str]:
    """List where something listens: IPv4, IPv6 and UDP, and sockets with a name."""
    found = []
    for kind, listening in (("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")):
        with open(f"/proc/net/{kind}", encoding="ascii") as file:
            rows = [line.split() for line in file.readlines()[1:]]
        found += [f"{kind} {row[1]}" for row in rows if row[3] == listening]
    with open("/proc/net/unix", encoding="utf-8") as file:
        rows = [line.split() for line in file.readlines()[1:]]
    found += [f"unix {row[7]}" for row in rows if len(row) > 7 and row[5] == "01"]
    return sorted(found)


def _processes() -> list[str]:
    found = []
    for pid in _pids():
        name = command_line(pid)
        if name and pid != 1:
            found.append(f"{os.stat(f'/proc/{pid}').st_uid} {name}")
    return found
