"""What is fuzzed: every reader of bytes that others wrote, what it may refuse them with, and where to begin."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import traffic
from unknown import REF
from wire import IMEI

from analyzer.analysis.decode import Budget, Leaf, decode, decode_content
from analyzer.analysis.screens import UnreadableHierarchy, read_hierarchy
from analyzer.codec.foreign import Broken
from analyzer.codec.har import read_har
from analyzer.codec.hook_lines import read_hook_lines
from analyzer.codec.manifest import decode_manifest
from analyzer.codec.migrate import FormatProblem
from analyzer.codec.mitm import read_mitm
from analyzer.codec.policy_text import PolicyUnreadable, read_policy_lines
from analyzer.codec.records import decode as decode_record
from analyzer.codec.records import encode
from analyzer.codec.seal import decode_seal
from analyzer.codec.stack_text import read_frames
from analyzer.codec.thumbnail import thumbnail
from analyzer.model.vocabulary import Where
from analyzer.packs.persona import PersonaProblem, parse_persona
from analyzer.packs.stated_marks import MarksProblem, parse_marks
from analyzer.store.bag import open_bag
from analyzer.store.chain import split
from analyzer.store.lines import read_lines
from analyzer.store.problems import EvidenceRefused

SHIPPED = Path(__file__).parents[2] / "analyzer" / "workflows" / "data" / "shipped.zip"


@dataclass(frozen=True)
class Target:
    """One reader: `run` takes any bytes, and raises nothing but `refuses`; `seeds` are bytes that it understands."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    refuses: tuple[type[Exception], ...] = ()


def _leaves(data: bytes) -> None:
    for leaf in decode(Leaf(REF, Where.BODY, "", "", data), Budget()):
        assert isinstance(leaf.path, str)
        assert leaf.data is not None


def _brotli(data: bytes) -> None:
    list(decode_content(Leaf(REF, Where.BODY, "", "", data), "br", Budget()))


def _foreign(read: Callable[[io.BytesIO, str], Iterable[object]]) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        for record in read(io.BytesIO(data), "a"):
            assert isinstance(record, Broken) or encode(record)

    return run


def _record(data: bytes) -> None:
    record = decode_record(data)
    assert decode_record(encode(record)) == record


def _journal(data: bytes) -> None:
    for line in read_lines(io.BytesIO(data)):
        split(line.data)


def _bundle(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, into = Path(folder) / "b.zip", Path(folder) / "into"
        file.write_bytes(data)
        into.mkdir()
        try:
            open_bag(file, into)
        finally:
            outside = {path.name for path in Path(folder).iterdir()} - {"b.zip", "into"}
            assert not outside


def _text(read: Callable[[str, str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"), "a")


@cache
def _shipped(end: str) -> list[bytes]:
    """Give the files of the shipped session whose names end so."""
    with zipfile.ZipFile(SHIPPED) as archive:
        return [archive.read(name) for name in sorted(archive.namelist()) if name.endswith(end)]


def _lines() -> list[bytes]:
    lines = {}
    for file in _shipped(".jsonl"):
        for line in file.splitlines():
            payload = (split(line) or (line, ""))[0]
            lines.setdefault(json.loads(payload)["record"], payload)
    return list(lines.values())


def _bodies() -> list[bytes]:
    known = json.dumps({"device": {"imei": IMEI}, "apps": ["a.b", "c.d"], "at": 31.25}).encode()
    others = [
        b"imei=" + IMEI.encode() + b"&x=%7B%22a%22%3A1%7D", b"ts,imei\n1," + IMEI.encode() + b"\n",
        b'<a b="' + IMEI.encode() + b'"><c>x</c></a>', b"bplist00\xd1\x01\x02Timei_\x10\x0f" + IMEI.encode(),
        b"\x81\xa4imei\xaf" + IMEI.encode(), b"\xa1dimeio" + IMEI.encode(), b"\x0a\x0f" + IMEI.encode(),
        b"\0\0\0\0\x11\x0a\x0f" + IMEI.encode(), b"\x10\x1a\0\x04MQTT\x04\x02\0\x3c\0\x0e" + b"device-1234567",
        b"\x1f\0\0\0\x02imei\0\x10\0\0\0" + IMEI.encode() + b"\0\0",
    ]  # fmt: skip
    with io.BytesIO() as packed:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.json", known)
        others.append(packed.getvalue())
    return [known, gzip.compress(known, mtime=0), *others]


def _mitm() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return [traffic.mitm(Path(folder) / "a.mitm").read_bytes()]


def _hooks() -> list[bytes]:
    return [
        b'{"time": "2026-01-31T12:00:03+08:00", "api": "android.telephony.TelephonyManager.getImei()", "result": ""}\n',
        b'{"time": 1700000000, "mark": "accepted"}\n',
        b'{"type": "send", "payload": {"class": "a.B", "method": "c", "args": [1, "x"], "stack": "at a.B.c(B:1)"}}',
        b"\n".join(_lines()),
    ]


def _bag() -> list[bytes]:
    with io.BytesIO() as packed:
        with zipfile.ZipFile(packed, "w") as archive:
            for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data/a"):
                archive.writestr(f"top/{name}", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        return [packed.getvalue()]


TARGETS: dict[str, Target] = {
    "decode": Target(_leaves, _bodies),
    "brotli": Target(_brotli, _bodies),
    "hierarchy": Target(
        lambda data: read_hierarchy(data.decode("utf-8", "replace")),
        lambda: [b'<hierarchy><node text="a" bounds="[0,0][9,9]"><node text="b" password="true"/></node></hierarchy>'],
        (UnreadableHierarchy,),
    ),
    "har": Target(_foreign(read_har), lambda: [traffic.har(traffic.told(1), traffic.entry(2, "https://a.test/x"))]),
    "mitm": Target(_foreign(read_mitm), _mitm),
    "hook_lines": Target(_foreign(read_hook_lines), _hooks),
    "records": Target(_record, _lines, (FormatProblem,)),
    "journal": Target(_journal, lambda: [b"\n".join(_lines())]),
    "manifest": Target(
        decode_manifest, lambda: _shipped("manifest.json"), (FormatProblem,)
    ),
    "seal": Target(decode_seal, lambda: _shipped("seal.json"), (FormatProblem,)),
    "stack_text": Target(
        lambda data: read_frames(data.decode("utf-8", "replace")), lambda: [b"\tat a.B.c(B.java:1)\n\tat d.E.f(Native)"]
    ),
    "policy_html": Target(
        lambda data: read_policy_lines(data, "a.html"), lambda: [b"<p>\xe9\x9a\x90 x</p><li>y"], (PolicyUnreadable,)
    ),
    "policy_pdf": Target(
        lambda data: read_policy_lines(data, "a.pdf"), lambda: [_pdf()], (PolicyUnreadable,)
    ),
    "persona": Target(
        _text(parse_persona), lambda: [b'persona: a\nvalues: {id.imei: ["1"], loc.precise: [{lat: 1, lon: 2}]}'],
        (PersonaProblem,),
    ),
    "marks": Target(
        _text(parse_marks), lambda: [b"- {kind: accepted, time: +12.5}\n", b'{"kind": "accepted", "time": 1}\n'],
        (MarksProblem,),
    ),
    "thumbnail": Target(thumbnail, lambda: [_png()]),
    "bundle": Target(_bundle, _bag, (EvidenceRefused,)),
}  # fmt: skip


def _pdf() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"4 0 obj<</Length 20>>stream\nBT (privacy) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def _png() -> bytes:
    return bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
        "789c6360606000000004000183d6c4b50000000049454e44ae426082"
    )
