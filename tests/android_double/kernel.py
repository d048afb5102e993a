"""The few calls of Linux that Python 3.11 has no words for: mounts, namespaces, names of processes."""

from __future__ import annotations

import ctypes
import os

RDONLY, NOSUID, NODEV, REMOUNT, BIND, REC = 1, 2, 4, 32, 4096, 16384
PRIVATE, SLAVE, SHARED = 1 << 18, 1 << 19, 1 << 20
DETACH = 2
NEW_MOUNTS = 0x00020000
_SET_NAME, _PARENT_DEATH = 15, 1
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}[os.uname().machine]

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    words = [word.encode() or None for word in (source, target, kind)]
    _check(_libc.mount(*words, ctypes.c_ulong(flags), options.encode() or None), f"mount {source} on {target}")


def unmount(target: str, flags: int = 0) -> None:
    _check(_libc.umount2(target.encode(), flags), f"unmount {target}")


def own_mounts(*, private: bool = False) -> None:
    """Give the calling process a copy of the mounts that follows the original, as Android's zygotes do."""
    _check(_libc.unshare(NEW_MOUNTS), "unshare")
    mount("", "/", flags=(PRIVATE if private else SLAVE) | REC)


def change_root(new: str) -> None:
    """Make `new` the root of this mount namespace; what was there before is gone."""
    os.chdir(new)
    _check(_libc.syscall(_PIVOT_ROOT, b".", b"."), "pivot_root")
    unmount(".", DETACH)
    os.chdir("/")


def enter_mounts(pid: int) -> None:
    """Move the calling process into the mounts of another one."""
    space = os.open(f"/proc/{pid}/ns/mnt", os.O_RDONLY)
    _check(_libc.setns(space, NEW_MOUNTS), "setns")
    os.close(space)


def call_itself(name: str) -> None:
    """Change what `ps` and `pidof` show of the calling process: it writes over its own words."""
    _libc.prctl(_SET_NAME, name.encode()[-15:], 0, 0, 0)
    with open("/proc/self/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    ctypes.memmove(start, name.encode()[: end - start - 1].ljust(end - start, b"\0"), end - start)


def die_with_parent(signal: int) -> None:
    _libc.prctl(_PARENT_DEATH, signal, 0, 0, 0)
