"""A sink that keeps records in memory, and a recogniser that reads the scripted device's screens."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scripted_device import SeenArea, texts

from analyzer.model.evidence import Blob
from analyzer.model.vocabulary import Control, ScreenKind

WORDS = {"同意": Control.ACCEPT, "不同意": Control.REFUSE, "退出": Control.QUIT, "允许": Control.ACCEPT}


class MemorySink:
    """Keeps records and blobs; fails like a full disk when told to."""

    def __init__(self) -> None:
        self.records = []
        self.blobs = {}
        self.full = False

    def append(self, record) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self.records.append(record)

    def keep(self, data: bytes, suffix: str = "") -> Blob:
        digest = hashlib.sha256(data).hexdigest()
        self.blobs[digest] = data
        return Blob(f"kept/{digest}{suffix}", digest, len(data))

    def of(self, kind: type) -> list:
        return [record for record in self.records if isinstance(record, kind)]


@dataclass(frozen=True)
class SeenControl:
    control: Control
    label: str
    bounds: SeenArea
    checked: bool | None = None


@dataclass(frozen=True)
class SeenScreen:
    kind: ScreenKind
    controls: tuple[SeenControl, ...]


def recognise(xml: str) -> SeenScreen:
    words = texts(xml)
    controls = tuple(SeenControl(WORDS[w], w, SeenArea((50, i * 100 + 50))) for i, w in enumerate(words) if w in WORDS)
    if not words:
        return SeenScreen(ScreenKind.UNREADABLE, ())
    if "知道了" in words:
        answers = {"知道了": Control.ACCEPT, "以后再说": Control.REFUSE}
        places = enumerate(words)
        found = (SeenControl(answers[w], w, SeenArea((50, i * 100 + 50))) for i, w in places if w in answers)
        return SeenScreen(ScreenKind.RATIONALE, tuple(found))
    if "允许" in words:
        return SeenScreen(ScreenKind.PERMISSION, controls)
    return SeenScreen(ScreenKind.CONSENT if controls else ScreenKind.ORDINARY, controls)


@pytest.fixture
def sink() -> MemorySink:
    return MemorySink()


@pytest.fixture
def read_screen():
    return recognise
