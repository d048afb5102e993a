"""Locks of this user's on this machine: they tell other processes what is in use, and end with their holder."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from analyzer.capture.device import EnvironmentProblem

_OF_ANOTHER: Final = "the file that tells whether it is used belongs to another user"


@contextmanager
def open_lock(name: str) -> Iterator[int]:
    """Open the file whose lock tells of a use; it stays. Raises `OSError` where it cannot be opened or is not ours."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    cache = os.path.expanduser("~/.cache")  # noqa: PTH111 - Path raises where the machine does not know the user
    own = Path(os.environ.get("XDG_CACHE_HOME", "") or cache)
    place = runtime if runtime.is_absolute() and runtime.is_dir() else own
    if not place.is_absolute():
        raise FileNotFoundError(errno.ENOENT, "this user has no folder", str(place))
    folder = place / "analyzer"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{name}.lock"
    held = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        for place, known in ((folder, folder.lstat()), (file, os.fstat(held))):
            if known.st_uid != os.getuid():
                raise PermissionError(errno.EPERM, _OF_ANOTHER, str(place))
        yield held
    finally:
        os.close(held)


@contextmanager
def device_in_use(serial: str) -> Iterator[None]:
    """Have a device for ourselves while the block lasts, whatever workspace others use; if that can be told.

    What two runs change on one device is the same: each would take it back under the other's hands. Raises
    `EnvironmentProblem` where another process has the device.
    """
    with ExitStack() as held:
        with suppress(OSError):
            lock = held.enter_context(open_lock(f"device-{_short(serial)}"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                who = os.pread(lock, 20, 0).decode("ascii", "replace").strip()
                raise EnvironmentProblem(
                    f"The device {serial} is in use by another run of the analyzer (process {who or 'unknown'}), and "
                    "each would take back what the other needs: wait for its end, or end it."
                ) from None
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield


def _short(serial: str) -> str:
    """Name a device in a file's name, whatever signs it has and however long it is."""
    return hashlib.sha256(serial.encode("utf-8", "surrogateescape")).hexdigest()[:32]
