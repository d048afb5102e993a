"""Which permissions the device says that the app has: noted before its start and at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from analyzer.capture.device import Device
from analyzer.capture.journal import Journal
from analyzer.model.vocabulary import MarkKind

_LONGEST_NAME: Final = 200
_LONGEST: Final = 4000
"""A mark's detail is cut where it is longer (`Journal.mark`): an app may name as many permissions as it likes."""


class PermissionState:
    """Notes what is granted and what is denied, and at the end what was denied at the start."""

    def __init__(self, device: Device, journal: Journal) -> None:
        self._device, self._journal = device, journal
        self._before: Mapping[str, bool] = {}

    def note(self, package: str, when: str) -> None:
        """Note the state of now; `when` is `start` or `end`. Nothing where the device tells nothing."""
        states = {name: held for name, held in self._device.permissions(package).items() if len(name) <= _LONGEST_NAME}
        found = {
            "granted": [name for name, held in states.items() if held],
            "denied": [name for name, held in states.items() if not held],
            "turned_on": [name for name, held in states.items() if held and self._before.get(name) is False],
        }
        for word, names in found.items():
            for part in _parts(sorted(names)):
                self._journal.mark(MarkKind.PERMISSIONS_READ, None, **{"when": when, word: part})
        self._before = states


def _parts(names: Iterable[str]) -> Iterator[str]:
    part = ""
    for name in names:
        if part and len(part) + len(name) + 1 > _LONGEST:
            yield part
            part = ""
        part = f"{part},{name}" if part else name
    if part:
        yield part
