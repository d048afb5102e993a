"""What was changed on a device, on this machine's disk: noted before each change, so that a crash loses nothing."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Self
from urllib.parse import quote, unquote

from analyzer.capture.device import EnvironmentProblem

FOLDER: Final = "devices"
_ENDING: Final = ".changes.jsonl"
_NAMES: Final = ("change", "kind", "facts", "kept")

Undo = Callable[[Mapping[str, Any]], object]
"""Takes one change back, given its facts. Safe when the change was never made, or was taken back already."""


class Change(NamedTuple):
    """One noted change: its kind, and the facts (JSON values) that whoever takes it back needs.

    `kept` is one that stays when a recording ends: `device setup` made it, and `device restore` takes it back.
    """

    number: int
    kind: str
    facts: Mapping[str, Any]
    kept: bool = False


class ChangeJournal:
    """The changes of one device that are not taken back yet; one process at a time may hold it.

    `workspace` is where the file lies, named after `serial`. Every line is on the disk before the method returns.
    """

    def __init__(self, workspace: Path, serial: str) -> None:
        self.serial = serial
        self.file = workspace / FOLDER / (quote(serial, safe="") + _ENDING)
        self._handle = self._open()
        self._changes: dict[int, Change] = {}
        try:
            self._read()
        except EnvironmentProblem:
            os.close(self._handle)
            raise
        self._last = max(self._changes, default=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def note(self, kind: str, facts: Mapping[str, Any], *, kept: bool = False) -> int:
        """Write down a change that is about to be made; gives its number. The same change is noted only once."""
        for change in self._changes.values():
            if (change.kind, change.facts) == (kind, facts) and change.kept >= kept:
                return change.number
        self._last += 1
        self._write({"change": self._last, "kind": kind, "facts": dict(facts), "kept": kept})
        self._changes[self._last] = Change(self._last, kind, dict(facts), kept)
        return self._last

    def undone(self, number: int) -> None:
        """Write down that a change was taken back."""
        if self._changes.pop(number, None) is None:
            return
        self._write({"undone": number})
        if not self._changes:
            os.ftruncate(self._handle, 0)
            os.fsync(self._handle)

    def changes(self) -> list[Change]:
        """Give what is not taken back yet, the newest first: the order in which to do it."""
        return sorted(self._changes.values(), reverse=True)

    @property
    def last(self) -> int:
        """Give the number of the newest change that was ever noted."""
        return self._last

    def undo_all(self, undo: Mapping[str, Undo], *, kept: bool = False, after: int = 0) -> None:
        """Take everything back, the newest first; what cannot be stays noted, and is told when all was tried.

        Without `kept`, what is to stay beyond a recording stays; so do changes up to the number `after`.
        """
        problems = []
        for change in [one for one in self.changes() if one.number > after and (kept or not one.kept)]:
            try:
                undo.get(change.kind, _nobody(change))(change.facts)
            except EnvironmentProblem as problem:
                problems.append(str(problem))
            else:
                self.undone(change.number)
        if problems:
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise EnvironmentProblem(
                f"The device {self.serial} is not restored yet: {problems[0]}{more} "
                f"What is left is noted in {self.file}: run `analyzer device restore --device {self.serial}` again."
            )

    def close(self) -> None:
        """Let another process have it; safe to call twice."""
        if self._handle >= 0:
            if not self._changes:
                self.file.unlink(missing_ok=True)
            os.close(self._handle)
            self._handle = -1

    def _open(self) -> int:
        """Open and lock the file; one that its last holder took away meanwhile is not the file any more."""
        while True:
            handle = self._lock()
            if self._is_file(handle):
                _sync_folder(self.file.parent)
                return handle
            os.close(handle)

    def _is_file(self, handle: int) -> bool:
        with contextlib.suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(handle), self.file.stat())
        return False

    def _lock(self) -> int:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise EnvironmentProblem(
                f"The changes of a device cannot be noted in {self.file} ({error.strerror}), so none is made; "
                "free some space, or name another --workspace."
            ) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise EnvironmentProblem(
                f"The device {self.serial} is in use by another run of the analyzer; wait for its end, or end it."
            ) from error
        return handle

    def _read(self) -> None:
        """Read what earlier processes left; a last line that was torn by a crash tells of a change never made."""
        *lines, torn = self.file.read_bytes().split(b"\n")
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)
                if "undone" in entry:
                    self._changes.pop(entry["undone"], None)
                else:
                    self._changes[entry["change"]] = Change(*(entry[name] for name in _NAMES))
            except (ValueError, KeyError, TypeError) as error:
                raise EnvironmentProblem(
                    f"{self.file}:{number} is none of our notes; look at what it says was changed on {self.serial}, "
                    "take it back by hand (a restart of the device takes most of it back), and delete the file."
                ) from error
        if torn:
            os.ftruncate(self._handle, sum(len(line) + 1 for line in lines))

    def _write(self, entry: Mapping[str, Any]) -> None:
        data = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        before = os.fstat(self._handle).st_size
        try:
            while data:
                data = data[os.write(self._handle, data) :]
            os.fsync(self._handle)
        except OSError as error:
            with contextlib.suppress(OSError):  # half a line would make the next one unreadable
                os.ftruncate(self._handle, before)
            raise EnvironmentProblem(
                f"The change cannot be noted in {self.file} ({error.strerror}), so it is not made; free some space."
            ) from error


def noted_serials(workspace: Path) -> list[str]:
    """List the devices that have changes which are not taken back."""
    files = sorted((workspace / FOLDER).glob(f"*{_ENDING}"))
    return [_unquoted(file) for file in files if file.stat().st_size]


def _nobody(change: Change) -> Undo:
    def refuse(_: Mapping[str, Any]) -> None:
        raise EnvironmentProblem(f"“{change.kind}” is nothing that this version of the analyzer knows.")

    return refuse


def _unquoted(file: Path) -> str:
    return unquote(file.name.removesuffix(_ENDING))


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last, not only the bytes of its files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
