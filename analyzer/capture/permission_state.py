"""Which permissions the device says that the app has: noted before its start and at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from analyzer.capture.device import Device
from analyzer.capture.journal import Journal
from analyzer.model.vocabulary import MarkKind

_LONGEST_NAME: Final = 200
_LONGEST: Final = 4000
"""A mark's detail is cut where it is longer (`Journal.mark`): an app may name as many permissions as it likes."""


def note_permissions(device: Device, journal: Journal, package: str, when: str) -> None:
    """Note what is granted and what is denied; `when` is `start` or `end`. Nothing where the device tells nothing."""
    states = {name: held for name, held in device.permissions(package).items() if len(name) <= _LONGEST_NAME}
    for word, wanted in (("granted", True), ("denied", False)):
        for names in _parts(sorted(name for name, held in states.items() if held is wanted)):
            journal.mark(MarkKind.PERMISSIONS_READ, None, **{"when": when, word: names})


def _parts(names: Iterable[str]) -> Iterator[str]:
    part = ""
    for name in names:
        if part and len(part) + len(name) + 1 > _LONGEST:
            yield part
            part = ""
        part = f"{part},{name}" if part else name
    if part:
        yield part
