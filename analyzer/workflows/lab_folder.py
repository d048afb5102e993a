"""The lab device's folder: one recorder at a time; a second one in the same workspace gets a folder of its own."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_leftovers import end_leftovers
from analyzer.store.lock import lock
from analyzer.store.problems import SessionBusy
from analyzer.workflows.home import Home

MOST_LABS: Final = 16
"""More recorders than this at once find no lab device in one workspace."""

_OPEN: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def lab_folder(home: Home) -> Iterator[Path]:
    """Hold a folder for one lab device (`lab`, `lab-2`, …) and end what dead recorders left running in any of them.

    Raises `EnvironmentProblem` when every folder is held.
    """
    names = ["lab", *(f"lab-{number}" for number in range(2, MOST_LABS + 1))]
    for name in names:
        if (home.workspace.path / name).is_dir():
            end_leftovers(home.workspace.path / name)
    held = next(filter(None, (_hold(home.folder(name)) for name in names)), None)
    if held is None:
        where = home.workspace.path
        raise EnvironmentProblem(f"{MOST_LABS} recorders run in {where} already; wait, or use another --workspace.")
    folder, descriptor = held
    try:
        yield folder
    finally:
        os.close(descriptor)


def _hold(folder: Path) -> tuple[Path, int] | None:
    descriptor = os.open(folder / "held", _OPEN, 0o600)
    try:
        lock(descriptor, str(folder))
    except SessionBusy:
        os.close(descriptor)
        return None
    return folder, descriptor


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other recorder prepares this folder, and keep others waiting while the block lasts."""
    descriptor = os.open(folder / "preparing", _OPEN, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
