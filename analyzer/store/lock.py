"""One writer at a time, by a lock that dies with its process."""

from __future__ import annotations

import fcntl

from analyzer.store.problems import SessionBusy


def lock(descriptor: int, name: str) -> None:
    """Lock an open file until it is closed, for this process alone; raises `SessionBusy` when another holds it.

    A crashed recorder leaves nothing to clean up.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        raise SessionBusy(f"{name} is still being written by another recorder: wait until it has ended") from problem
