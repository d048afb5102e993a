# ruff: noqa: INP001 - a script, in no package
"""Writes the calls of the benchmark's app: seeded records of its hooks that go with the flows of `corpus`."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from corpus import SEED, START_S, flows

from analyzer.codec.records import encode
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Mark, Process, Stack, Thread, Value
from analyzer.model.vocabulary import Ending, MarkKind, ValueKind

READS = {
    "id.imei": ("telephony.imei", "android.telephony.TelephonyManager.getImei()"),
    "id.imsi": ("telephony.subscriber_id", "android.telephony.TelephonyManager.getSubscriberId()"),
    "id.mac_wifi": ("wifi.mac", "android.net.wifi.WifiInfo.getMacAddress()"),
}
"""The values of the persona that the app reads, and by which calls."""
SDKS = ("com.umeng.commonsdk.a", "cn.jiguang.a", "com.appsflyer.b", "com.bytedance.applog.c", "com.tencent.bugly.d",
        "com.example.bench.Track")  # fmt: skip
ROUND = 200
"""After so many requests the app goes into the background and comes back."""
_NEW = 0.1
"""The share of the reads that give a value which no other call gave."""
_SOURCE = "agent"


class _Made(NamedTuple):
    hook: str
    api: str
    arguments: tuple[Value, ...] = ()
    result: Value | None = None
    this: Value | None = None


def write_calls(path: Path, count: int, values: Mapping[str, tuple[str, ...]]) -> None:
    """Write `count` calls and the marks between them, one per flow and shortly before it."""
    with path.open("wb") as file:
        for record in _records(count, values):
            file.write(encode(record) + b"\n")


def _records(count: int, values: Mapping[str, tuple[str, ...]]) -> Iterator[Event | Stack | Mark]:
    chance = random.Random(SEED)  # noqa: S311 - a corpus, no secret
    stacks: dict[tuple[str, ...], int] = {}
    for index, flow in enumerate(flows(count, values)):
        stamp, at = Stamp(0, START_S * 1_000_000 + index * 10_000 - 4_000), index * 3
        if index % ROUND == 0:
            kind = (MarkKind.FOREGROUNDED, MarkKind.BACKGROUNDED)[index // ROUND % 2] if index else MarkKind.ACCEPTED
            yield Mark(at + 1, _SOURCE, stamp, kind, {})
        frames = _stack(chance)
        if frames not in stacks:
            stacks[frames] = len(stacks) + 1
            yield Stack(at + 2, _SOURCE, stamp, stacks[frames], frames)
        make = chance.choices((_read, _opened, _connected, _digested, _resumed), weights=(35, 30, 20, 10, 5))[0]
        made = make(chance, flow, values)
        thread = Thread(4400 + index % 8, "worker")
        yield Event(
            at + 3, _SOURCE, stamp, Process(4321, "com.example.bench"), thread, made.hook, made.api, made.arguments,
            Ending.RETURNED, made.result, "", made.this, stacks[frames],
        )  # fmt: skip


def _read(chance: random.Random, _flow: Mapping[str, Any], values: Mapping[str, tuple[str, ...]]) -> _Made:
    kind = chance.choice(sorted(READS))
    text = f"{chance.randrange(10**15):015d}" if chance.random() < _NEW else chance.choice(values[kind])
    return _Made(*READS[kind], result=_text(text))


def _opened(_chance: random.Random, flow: Mapping[str, Any], _values: object) -> _Made:
    request = flow["request"]
    address = _text(f"https://{request['host']}{request['path'].decode()}")
    return _Made("network.okhttp", "okhttp3.OkHttpClient.newCall(okhttp3.Request)", (address,))


def _connected(_chance: random.Random, flow: Mapping[str, Any], _values: object) -> _Made:
    port = Value(ValueKind.NUMBER, "int", str(flow["client_conn"]["peername"][1]))
    return _Made("network.connect", "libc.connect", (_thing(local_port=port),))


def _digested(chance: random.Random, _flow: Mapping[str, Any], values: Mapping[str, tuple[str, ...]]) -> _Made:
    data = f"{chance.choice(values['id.imei'])}-salt".encode()
    digest = Value(ValueKind.BYTES, "byte[]", data=hashlib.md5(data, usedforsecurity=False).digest())
    this = _thing(algorithm=_text("MD5"), input=Value(ValueKind.BYTES, "byte[]", data=data))
    return _Made("crypto.digest", "java.security.MessageDigest.digest()", (), digest, this)


def _resumed(_chance: random.Random, _flow: Mapping[str, Any], _values: object) -> _Made:
    return _Made("activity.resume", "android.app.Activity.onResume()")


def _stack(chance: random.Random) -> tuple[str, ...]:
    outer = f"com.example.bench.Main.step{chance.randrange(40)}(Main.java:{chance.randrange(900)})"
    return f"{chance.choice(SDKS)}.run{chance.randrange(30)}(S.java:{chance.randrange(400)})", outer


def _text(text: str) -> Value:
    return Value(ValueKind.STRING, "java.lang.String", text)


def _thing(**fields: Value) -> Value:
    return Value(ValueKind.OBJECT, "object", fields=tuple(fields.items()))
