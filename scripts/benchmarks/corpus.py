# ruff: noqa: ARG001, INP001 - scripts, in no package; every kind of body is made from the same arguments
"""Writes the benchmark's corpus: seeded flows of an app with many SDKs, as a flow file of mitmproxy."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlencode

from mitmproxy.io import tnetstring
from mitmproxy.version import FLOW_FORMAT_VERSION

PACKAGE = "com.example.bench"
START_S = 1_760_000_000
SEED = 20_260_101
AGENT = "Mozilla/5.0 (Linux; Android 14; PL-K7Q2 Build/UP1A.231005.007; wv) AppleWebKit/537.36 Chrome/126.0 Mobile"
WORDS = ("session", "page_view", "home", "detail", "click", "expose", "channel", "wifi", "portrait", "launch", "cart")
HOSTS = tuple(f"{name}.{rest}" for name in ("log", "api", "sdk", "m") for rest in (
    "umeng.com", "snssdk.com", "getui.com", "jpush.cn", "appsflyer.com", "example-shop.com", "gdt.qq.com",
    "bugly.qq.com",
))  # fmt: skip
CARRYING = 0.25
"""The share of flows that carry values of the persona."""

Part = tuple[str, bytes, Mapping[str, str], str]
"""Method, body, headers of the body, target."""


def flows(count: int, values: Mapping[str, tuple[str, ...]], seed: int = SEED) -> Iterator[dict[str, Any]]:
    """Give the states of `count` flows; equal arguments give equal flows."""
    chance = random.Random(seed)  # noqa: S311 - a corpus, no secret
    texts = sorted((kind, text) for kind, several in values.items() for text in several)
    noise = chance.randbytes(1 << 20)
    for index in range(count):
        yield _flow(index, chance, texts, noise)


def write(path: Path, count: int, values: Mapping[str, tuple[str, ...]], most_bytes: int = 0) -> None:
    """Write a flow file, of `count` flows or, where `most_bytes` is given, until that size is reached."""
    with path.open("wb") as file:
        for state in flows(count, values):
            _dump(state, file)
            if most_bytes and file.tell() >= most_bytes:
                return


def _dump(state: dict[str, Any], file: BinaryIO) -> None:
    tnetstring.dump(state, file)


def _flow(index: int, chance: random.Random, texts: list[tuple[str, str]], noise: bytes) -> dict[str, Any]:
    carried = [_disguised(chance, *chance.choice(texts)) for _ in range(3)] if chance.random() < CARRYING else []
    kinds: list[Callable[..., Part]] = [_json, _zipped, _form, _protobuf, _opaque, _query, _upload]
    kind = chance.choices(kinds, weights=(34, 16, 14, 9, 7, 18, 2))[0]
    method, body, content, target = kind(chance, carried, noise)
    host = chance.choice(HOSTS)
    headers = {
        "host": host, "user-agent": AGENT, "accept": "*/*", "accept-encoding": "gzip", "connection": "Keep-Alive",
        "x-request-id": f"{chance.getrandbits(128):032x}", "x-sdk-version": "8.2.1",
        "x-ts": str(START_S * 1000 + index),
        "accept-language": "zh-CN,zh;q=0.9", "cookie": f"sid={chance.getrandbits(96):024x}; region=cn",
        "authorization": f"Bearer {_text(chance, 40)}", **content, "content-length": str(len(body)),
    }  # fmt: skip
    start = START_S + index * 0.01
    return {
        **_ends(host, index, start), "request": _request(method, host, target, headers, body, start),
        "response": _response(chance, noise, start), "type": "http", "version": FLOW_FORMAT_VERSION, "websocket": None,
        "backup": None, "comment": "", "error": None, "id": f"{index:08x}-0000-4000-8000-{chance.getrandbits(48):012x}",
        "intercepted": False, "is_replay": None, "marked": "", "metadata": {}, "timestamp_created": start,
    }  # fmt: skip


def _request(
    method: str, host: str, target: str, headers: Mapping[str, str], body: bytes, start: float
) -> dict[str, Any]:
    return {
        "authority": b"", "content": body, "headers": _fields(headers), "host": host, "http_version": b"HTTP/1.1",
        "method": method.encode(), "path": target.encode(), "port": 443, "scheme": b"https",
        "timestamp_start": start, "timestamp_end": start + 0.001, "trailers": None,
    }  # fmt: skip


def _response(chance: random.Random, noise: bytes, start: float) -> dict[str, Any]:
    picture = chance.random() < 0.02  # noqa: PLR2004 - one flow in fifty loads a picture
    size = chance.randrange(10_000, 200_000) if picture else chance.randrange(40, 1_500)
    if picture:
        body, kind, extra = b"\xff\xd8\xff\xe0" + _slice(chance, noise, size), "image/jpeg", {}
    elif chance.random() < 0.5:  # noqa: PLR2004 - half of the answers are compressed
        body, kind = gzip.compress(_document(chance, size, []), 6, mtime=0), "application/json"
        extra = {"content-encoding": "gzip"}
    else:
        body, kind, extra = _document(chance, size, []), "application/json; charset=utf-8", {}
    headers = {
        "server": "nginx", "date": "Thu, 09 Oct 2025 08:53:20 GMT", "content-type": kind, **extra,
        "content-length": str(len(body)), "x-trace": f"{chance.getrandbits(64):016x}",
    }  # fmt: skip
    return {
        "content": body, "headers": _fields(headers), "http_version": b"HTTP/1.1", "reason": b"OK", "status_code": 200,
        "timestamp_start": start + 0.002, "timestamp_end": start + 0.003, "trailers": None,
    }  # fmt: skip


def _ends(host: str, index: int, start: float) -> dict[str, Any]:
    shared = {
        "alpn": b"http/1.1", "alpn_offers": [], "certificate_list": [], "cipher": "TLS_AES_128_GCM_SHA256",
        "cipher_list": [], "error": None, "timestamp_start": start, "timestamp_end": None,
        "timestamp_tls_setup": start, "tls": True, "tls_version": "TLSv1.3", "transport_protocol": "tcp", "sni": host,
    }  # fmt: skip
    client = {
        **shared, "id": f"client-{index // 8}", "mitmcert": None,
        "peername": ("10.0.0.2", 30_000 + index // 8 % 30_000),
        "proxy_mode": "regular", "sockname": ("10.0.0.1", 8080),
    }  # fmt: skip
    server = {
        **shared, "id": f"server-{index // 8}", "address": (host, 443), "peername": ("192.0.2.9", 443),
        "sockname": ("10.0.0.1", 40_000), "timestamp_tcp_setup": start, "via": None,
    }  # fmt: skip
    return {"client_conn": client, "server_conn": server}


def _json(chance: random.Random, carried: list[tuple[str, str]], noise: bytes) -> Part:
    return "POST", _document(chance, _small(chance), carried), {"content-type": "application/json"}, "/v2/track"


def _zipped(chance: random.Random, carried: list[tuple[str, str]], noise: bytes) -> Part:
    body = gzip.compress(_document(chance, _small(chance), carried), 6, mtime=0)
    return "POST", body, {"content-type": "application/octet-stream", "content-encoding": "gzip"}, "/service/2/log/"


def _form(chance: random.Random, carried: list[tuple[str, str]], noise: bytes) -> Part:
    packed = base64.b64encode(_document(chance, _small(chance), carried)).decode()
    fields = {"appkey": _text(chance, 24), "v": "3.1", "data": packed, "sign": f"{chance.getrandbits(128):032x}"}
    return "POST", urlencode(fields).encode(), {"content-type": "application/x-www-form-urlencoded"}, "/collect"


def _protobuf(chance: random.Random, carried: list[tuple[str, str]], noise: bytes) -> Part:
    inner = b"".join(_field(at, text.encode()) for at, (_, text) in enumerate(carried, 2))
    events = b"".join(
        _field(4, _field(1, chance.choice(WORDS).encode()) + b"\x10" + _varint(chance.getrandbits(40)))
        for _ in range(chance.randrange(5, 60))
    )
    body = _field(1, b"3.4.1") + _field(3, inner or b"none") + events
    return "POST", body, {"content-type": "application/x-protobuf"}, "/pb/events"


def _opaque(chance: random.Random, carried: list[tuple[str, str]], noise: bytes) -> Part:
    return "POST", _slice(chance, noise, _small(chance) & ~15), {"content-type": "application/octet-stream"}, "/e"


def _query(chance: random.Random, carried: list[tuple[str, str]], noise: bytes) -> Part:
    fields = {"os": "android", "ver": "14", "r": _text(chance, 12), **dict(carried), "t": str(chance.getrandbits(40))}
    return "GET", b"", {}, f"/config/{chance.choice(WORDS)}?{urlencode(fields)}"


def _upload(chance: random.Random, carried: list[tuple[str, str]], noise: bytes) -> Part:
    picture = b"\x89PNG\r\n\x1a\n" + _slice(chance, noise, chance.randrange(10_000, 200_000))
    head = b'--frontier\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    text = b'\r\n--frontier\r\nContent-Disposition: form-data; name="info"\r\n\r\n' + _document(chance, 300, carried)
    body = head + picture + text + b"\r\n--frontier--\r\n"
    return "POST", body, {"content-type": "multipart/form-data; boundary=frontier"}, "/upload"


def _document(chance: random.Random, size: int, carried: list[tuple[str, str]]) -> bytes:
    events: list[dict[str, object]] = []
    device = {"os": "android", "os_version": "14", "screen": "1080x2400", "sdk": "8.2.1", **dict(carried)}
    document = {"header": device, "id": _text(chance, 16), "time": START_S * 1000, "events": events}
    length = 180
    while length < size:
        event = {
            "name": chance.choice(WORDS), "ts": START_S * 1000 + chance.getrandbits(20), "n": chance.getrandbits(12),
            "page": f"com.example.bench.{chance.choice(WORDS)}", "trace": f"{chance.getrandbits(64):016x}",
            "ok": chance.random() < 0.5, "ratio": round(chance.random(), 4),  # noqa: PLR2004 - a coin
        }  # fmt: skip
        events.append(event)
        length += 130
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _disguised(chance: random.Random, kind: str, text: str) -> tuple[str, str]:
    forms: list[Callable[[str], str]] = [
        str, str, str.upper, lambda t: hashlib.md5(t.encode(), usedforsecurity=False).hexdigest(),
        lambda t: hashlib.sha256(t.encode()).hexdigest(), lambda t: base64.b64encode(t.encode()).decode(),
    ]  # fmt: skip
    return kind.partition(".")[2], chance.choice(forms)(text)


def _small(chance: random.Random) -> int:
    return int(500 * 10 ** chance.random())


def _slice(chance: random.Random, noise: bytes, size: int) -> bytes:
    start = chance.randrange(len(noise) - size)
    return noise[start : start + size]


def _text(chance: random.Random, length: int) -> str:
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _fields(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
