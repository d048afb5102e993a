"""What an app of the device trusts: the store as it lies in the app's own mounts, as far as the app may read it."""

from __future__ import annotations

import os

from layout import APEX_STORE, CERTIFICATES, STORE, SYSTEM_FILE
from programs_system import context_of

_READABLE = {SYSTEM_FILE, CERTIFICATES}


def seen_by(pid: int, selinux: str) -> list[str]:
    """Give the texts of the certificates; Conscrypt prefers the store of its own module."""
    root = f"/proc/{pid}/root"
    folder = next(root + place for place in (APEX_STORE, STORE) if os.path.isdir(root + place))
    if not _may_read(folder, 0o5, selinux):
        return []
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    found = []
    for path in paths:
        if _may_read(path, 0o4, selinux):
            with open(path, encoding="utf-8") as file:
                found.append(file.read().strip())
    return found


def _may_read(path: str, bits: int, selinux: str) -> bool:
    return os.stat(path).st_mode & bits == bits and (
        selinux != "enforcing" or context_of(path, exact=True) in _READABLE
    )
