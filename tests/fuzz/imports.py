"""What is fuzzed of an import as a whole: foreign files, bundles, what the importer states; and how finds are shown."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

import traffic
from fuzz.target import Target
from mitmproxy.io import FlowWriter

from analyzer.analysis.excerpt_marks import cut, mark
from analyzer.capture.interruption import Stop
from analyzer.codec.bundle import Voucher, encode_voucher
from analyzer.codec.foreign import recognise
from analyzer.codec.records import encode
from analyzer.model.evidence import Blob, Record
from analyzer.model.exhibits import Find
from analyzer.packs.loader import Packs, load_packs
from analyzer.packs.stated_marks import MarksProblem, parse_marks
from analyzer.store.bag import BagWriter
from analyzer.store.keys import public_hex, workspace_key
from analyzer.store.problems import EvidenceRefused
from analyzer.workflows import import_capture
from analyzer.workflows.bundle import SESSION, VOUCHER
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.import_capture import READERS, ImportOrder, import_captures
from analyzer.workflows.import_hooks import HookNames
from analyzer.workflows.import_records import Intake
from analyzer.workflows.import_statement import Statement, read_moment
from analyzer.workflows.unbundle import import_bundle, is_bundle

MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
APP = "com.example"
SHOWN = 2000
_BETWEEN = b"\n\n"


class Silent:
    """Shows nothing of an import."""

    def file(self, _name: str, _size: int) -> None: ...

    def at(self, _position: int, _records: int) -> None: ...

    def message(self, _text: str) -> None: ...


class Written:
    """A recording in the memory: writes what it is given as a file would hold it."""

    def __init__(self) -> None:
        self.records = 0

    def append(self, record: Record) -> None:
        self.records += bool(encode(record))

    def keep(self, data: bytes, suffix: str = "") -> Blob:
        return Blob(f"bodies/{suffix}", sha256(data).hexdigest())


@cache
def _hooks() -> HookNames:
    return HookNames(_packs().catalog)


@cache
def _packs() -> Packs:
    return load_packs()


@cache
def _home() -> Home:
    """Give a workspace of this process, which goes with it."""
    folder = tempfile.TemporaryDirectory(dir=MEMORY)
    _home.folder = folder
    return Home(Path(folder.name) / "w")


@contextmanager
def _file(data: bytes) -> Iterator[Path]:
    file = _home().workspace.path.parent / "a"
    file.write_bytes(data)
    yield file
    left = {path.name for path in file.parent.iterdir()} - {"a", "w"}
    assert not left
    assert not list((file.parent / "w").glob(".[bi][um]*-*"))
    assert not list((file.parent / "w").glob("sessions/2*"))


def _taken(data: bytes) -> None:
    """Do what an import does with each record of a file, but seal nothing."""
    kind = recognise(data, "a")
    if kind not in READERS:
        return
    written = Written()
    intake = Intake(written, APP, _hooks())
    intake.begin_file()
    for record in READERS[kind](io.BytesIO(data), f"{kind.value}-1"):
        intake.take(record, "a")
    first, last = intake.end_file("a")
    intake.end()
    assert first <= last
    assert written.records == intake.records + intake.gaps


def _imported(data: bytes) -> None:
    """Import a file as the command does, into a sealed session; the packs, which are the same, are read once."""
    with _file(data) as file, patch.object(import_capture, "load_packs", _packs):
        order = ImportOrder((file,), APP, Statement())
        _home().workspace.delete(import_captures(_home(), order, Silent(), Stop()))


def _unbundled(data: bytes) -> None:
    with _file(data) as file:
        if is_bundle(file):
            _home().workspace.delete(import_bundle(_home(), file)[0])


def _stated(data: bytes) -> None:
    """Read marks, and each of their times, as `--marks` and `--accepted-at` do."""
    text = data.decode("utf-8", "replace")
    for marks in (lambda: parse_marks(text, "a"), lambda: ()):
        try:
            stated = [(one, read_moment(one.time)) for one in marks()]
            read_moment(text)
        except (MarksProblem, UsageProblem):
            continue
        statement = Statement(tuple(stated))
        assert isinstance(statement.words(), str)
        assert statement.first_phase(statement.records(1))
        assert all(map(encode, statement.records(1)))


def _marked(data: bytes) -> None:
    """Mark a value in a text: value, way and carrier come first, each with an empty line after it."""
    value, way, carrier, text = (part.decode("utf-8", "replace") for part in (data.split(_BETWEEN, 3) + [b""] * 3)[:4])
    spans = mark(text, Find("1", 1, ("body", *way.split()), value), [carrier])
    assert all(0 <= span.start <= span.end <= len(text) for span in spans)
    pieces = cut(text, spans, SHOWN)
    assert sum(len(piece.text) + piece.omitted for piece in pieces) == len(text)
    assert sum(len(piece.text) for piece in pieces) <= SHOWN


def _captures() -> list[bytes]:
    with io.BytesIO() as file:
        for flow in traffic.flows()[:3]:
            FlowWriter(file).add(flow)
        flows = file.getvalue()
    events = (
        b'{"time": "2026-01-31T12:00:03+08:00", "api": "android.telephony.TelephonyManager.getImei()", "result": "1"}\n'
        b'{"time": 1700000000, "mark": "accepted"}\n'
    )
    return [traffic.har(traffic.told(1), traffic.entry(2, "https://a.test/x")), flows, events]


def _warm() -> list[bytes]:
    """Give the same; what the first import of a process reads for all (the packs) is not of one file."""
    captures = _captures()
    _imported(captures[0])
    return captures


def _bundles() -> list[bytes]:
    """Give a bundle of the smallest session, signed by its workspace."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as place:
        home, file = Home(Path(place) / "w"), Path(place) / "a"
        file.write_bytes(_captures()[2])
        session = import_captures(home, ImportOrder((file,), APP, Statement()), Silent(), Stop())
        folder, key = home.workspace.sessions_folder / session, workspace_key(home.workspace.key_file)
        with io.BytesIO() as out:
            with BagWriter(out, session) as bag:
                for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                    bag.add(f"{SESSION}/{path.relative_to(folder)}", [path.read_bytes()])
                whole = sha256(bag.close_payload({})).hexdigest()
                draft = Voucher(session, whole, public_hex(key))
                signature = key.sign(draft.signed()).hex()
                bag.vouch(VOUCHER, encode_voucher(Voucher(session, whole, draft.public_key, signature)))
            return [out.getvalue()]


def _statements() -> Iterable[bytes]:
    yield b"- {kind: accepted, time: +12.5}\n- {kind: backgrounded, time: 2026-01-31T12:00:03.5+08:00}\n"
    yield from (b"+1.25", b"1700000000.25", b"2026-01-31T12:00:03Z")


def _shown() -> Iterable[bytes]:
    yield b'a b\n\njson key:imei\n\ncarrier\n\n{"imei": "a b", "x": "a b"} a+b a%20b carrier'
    yield b"one, two, 3 more\n\n\n\n\n\none " + b"and two " * 600


IMPORTS: dict[str, Target] = {
    "intake": Target(_taken, _captures, (EvidenceRefused,)),
    "import": Target(_imported, _warm, (EvidenceRefused, UsageProblem), 8),
    "import_bundle": Target(_unbundled, _bundles, (EvidenceRefused, UsageProblem)),
    "import_statement": Target(_stated, _statements),
    "excerpt_marks": Target(_marked, _shown),
}
"""An import of a file takes some ninety milliseconds, most of it to describe and seal; `intake` is the part that reads
what is in it."""
