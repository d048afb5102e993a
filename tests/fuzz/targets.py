"""What is fuzzed: every reader of bytes that others wrote, what it may refuse them with, and where to begin."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import ssl
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import brotli
import traffic
from apk_tools import MANIFEST, make_apk, make_key, sign
from fuzz.imports import IMPORTS, MEMORY
from fuzz.target import Target
from mitmproxy.io import FlowWriter
from tsa import LocalAuthority
from unknown import REF
from wire import IMEI, missing

from analyzer.analysis.decode import Budget, Leaf, decode, decode_content
from analyzer.analysis.decode_flow import decode_record as decode_flow_record
from analyzer.analysis.indicators import Known, derive
from analyzer.analysis.redact import Redactor
from analyzer.analysis.screens import UnreadableHierarchy, read_hierarchy
from analyzer.capture.agent_messages import AgentMessages
from analyzer.capture.android_log import AppLog
from analyzer.capture.apk_archive import ApkArchive, ApkUnreadable
from analyzer.capture.apk_manifest import ManifestBroken, read_manifest
from analyzer.capture.apk_signature import read_signers
from analyzer.capture.proxy_messages import FlowSeen, Ready
from analyzer.capture.proxy_messages import decode as decode_said
from analyzer.capture.proxy_messages import encode as encode_said
from analyzer.capture.relay_opening import read_opening
from analyzer.codec.bundle import (
    Environment,
    Voucher,
    decode_environment,
    decode_voucher,
    encode_environment,
    encode_voucher,
)
from analyzer.codec.foreign import Broken, recognise
from analyzer.codec.foreign_times import moment
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
from analyzer.model.evidence import Body, Process, Request
from analyzer.model.vocabulary import Where
from analyzer.packs.persona import PersonaProblem, parse_persona
from analyzer.packs.stated_marks import MarksProblem, parse_marks
from analyzer.store.bag import open_bag
from analyzer.store.chain import split
from analyzer.store.lines import read_lines
from analyzer.store.problems import EvidenceRefused
from analyzer.store.timestamp import ask, read_stamp

_MESSAGE = b"message"
_PROCESS = Process(1, "com.example")
LOGGED = (
    "E AndroidRuntime: Process: com.example, PID: 10",
    "I ActivityManager: Killing 10:com.example/u0a1 (adj 0): x",
    "E ActivityManager: ANR in com.example (com.example/.Main)",
)
SHIPPED = Path(__file__).parents[2] / "analyzer" / "workflows" / "data" / "shipped.zip"


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


def _request(data: bytes) -> None:
    """Read the target, the headers and the body of a request, each after an empty line."""
    target, headers, body = (*data.split(b"\n\n", 2), b"", b"")[:3]
    pairs = tuple(
        tuple(part.decode("utf-8", "replace") for part in (line.partition(b":")[::2])) for line in headers.splitlines()
    )
    first = _first("request")
    assert isinstance(first, Request)
    made = replace(first, target=target.decode("utf-8", "replace"), headers=pairs, body=Body(len(body), body))
    for leaf in decode_flow_record(REF, made, missing).leaves:
        assert isinstance(leaf.path, str)


def _redacted(data: bytes) -> None:
    assert isinstance(_redactor().data(data), bytes)


@cache
def _redactor() -> Redactor:
    return Redactor(derive(Known("id.imei", IMEI)), (), lambda data_type, _: f"[{data_type}#0]")


def _agent(data: bytes) -> None:
    said = json.loads(data)
    for record in AgentMessages(_PROCESS, "host").records(said if isinstance(said, list) else [said]):
        assert encode(record)


def _apk(data: bytes) -> None:
    apk = ApkArchive(io.BytesIO(data), "a.apk")
    read_signers(apk)
    for name in apk.names[:20]:
        apk.read(name)


def _log(data: bytes) -> None:
    log = AppLog("com.example")
    for line in data.decode("utf-8", "replace").splitlines():
        log.read(line)


def _bundle(data: bytes) -> None:
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
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


def _requests() -> Iterable[bytes]:
    for body in _bodies():
        yield b"/a/b?imei=%b&x=%%7B%%7D\n\nCookie: a=b; c=d\nContent-Type: application/json\n\n%b" % (
            IMEI.encode(),
            body,
        )
    part = b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--xx--\r\n'
    yield b"/x\n\nContent-Type: multipart/form-data; boundary=xx\n\n%b" % part


def _mitm() -> list[bytes]:
    found = []
    for flow in traffic.flows():
        with io.BytesIO() as file:
            FlowWriter(file).add(flow)
            found.append(file.getvalue())
    return found


@cache
def _first(kind: str) -> object:
    return next(decode_record(line) for line in _lines() if json.loads(line)["record"] == kind)


def _said_by_agents() -> list[bytes]:
    stamp = {"s": 1, "m": 5, "w": 6}
    value = {"k": "string", "c": "java.lang.String", "t": IMEI}
    kinds = [
        {"k": "event", "tid": 1, "tn": "main", "h": "a", "api": "a.B.c()", "a": [value], "e": "returned", "r": value},
        {"k": "stack", "id": 1, "x": "[a.B.c(B.java:1), d.E.f(E.java:2)]"},
        {"k": "hook", "h": "a", "st": "armed", "d": ""},
        {"k": "gap", "g": "agent_error", "h": "a", "why": "x"},
    ]
    return [json.dumps([{**stamp, **one}]).encode() for one in kinds]


@cache
def _apks(*, manifests: bool) -> list[bytes]:
    """Give signed and unsigned APKs, or the binary manifest of one; without the tools, something like it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if not (shutil.which("aapt") and shutil.which("apksigner") and shutil.which("keytool")):
            with io.BytesIO() as packed:
                with zipfile.ZipFile(packed, "w") as archive:
                    archive.writestr("AndroidManifest.xml", MANIFEST)
                    archive.writestr("META-INF/CERT.RSA", b"nonsense")
                return [b"\x03\0\x08\0\x08\0\0\0" if manifests else packed.getvalue()]
        if manifests:
            with zipfile.ZipFile(make_apk(folder / "a.apk")) as archive:
                return [archive.read("AndroidManifest.xml")]
        key, _ = make_key(folder)
        return [sign(make_apk(folder / "a.apk"), key, "v1", "v2", "v3").read_bytes()]


def _hello() -> bytes:
    """Give the first words of a TLS client."""
    sent = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), sent, server_hostname="api.example.org")
    with suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return sent.read()


def _stamps() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        return [LocalAuthority(Path(folder)).answer(ask(_MESSAGE).data)]


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
    "brotli": Target(_brotli, lambda: [brotli.compress(body) for body in _bodies()]),
    "request": Target(_request, lambda: [*_requests()]),
    "redact": Target(_redacted, _bodies),
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
    "voucher": Target(decode_voucher, lambda: [encode_voucher(Voucher("a", "b"))], (FormatProblem,)),
    "environment": Target(
        decode_environment, lambda: [encode_environment(Environment("1", "3.13", {"a": "1"}, {"b": "2"}))],
        (FormatProblem,),
    ),
    "stamp": Target(lambda data: read_stamp(data, _MESSAGE), _stamps, (EvidenceRefused,)),
    "apk": Target(_apk, lambda: _apks(manifests=False), (ApkUnreadable,)),
    "apk_manifest": Target(read_manifest, lambda: _apks(manifests=True), (ManifestBroken,)),
    "agent": Target(_agent, _said_by_agents, (json.JSONDecodeError, UnicodeDecodeError, RecursionError)),
    "proxy": Target(decode_said, lambda: list(map(encode_said, (Ready(1), FlowSeen("a", "http", "", "h", "/", 1))))),
    "opening": Target(read_opening, lambda: [b"GET / HTTP/1.1\r\nHost: a.test:80\r\n\r\n", _hello()]),
    "app_log": Target(_log, lambda: [f"01-02 03:04:05.678  10  11 {text}\n".encode() for text in LOGGED]),
    "recognise": Target(lambda data: recognise(data, "a"), lambda: [*_hooks(), *_mitm()[:2]]),
    "times": Target(lambda data: moment(data.decode("utf-8", "replace")),
        lambda: [b"2026-01-31T12:00:03.5+08:00", b"1700000000.25", b"Sat, 31 Jan 2026 12:00:03 GMT", b"1700000000000"]),
    **IMPORTS,
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
