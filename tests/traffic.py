"""Foreign captures for the tests of imports: a HAR, and a mitmproxy flow file with every kind of flow."""

from __future__ import annotations

import gzip
import json
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import brotli
from mitmproxy import connection, dns, flow, http, tcp, udp, websocket
from mitmproxy.io import FlowWriter
from wsproto.frame_protocol import Opcode

START_S = 1_700_000_000.25
IMEI = "867431059238179"
ANDROID_ID = "3f1c9a4be27d6058"
PERSONA = f'persona: test\nvalues: {{id.imei: ["{IMEI}"], id.android_id: ["{ANDROID_ID}"]}}\n'
DNSMessage = vars(dns).get("DNSMessage") or vars(dns)["Message"]  # its name up to mitmproxy 11.0
JSON = {"Content-Type": "application/json"}
PART = b'--x\r\nContent-Disposition: form-data; name="%b"; filename="a"\r\nContent-Type: %b\r\n\r\n%b\r\n'


def persona(folder: Path) -> Path:
    path = folder / "persona.yaml"
    path.write_text(PERSONA, encoding="utf-8")
    return path


def har(*entries: Any) -> bytes:
    return json.dumps(
        {"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": entries}}
    ).encode()


def entry(second: float, url: str, body: str = "", **headers: str) -> dict[str, Any]:
    """Give an entry that starts `second` seconds into the minute."""
    names = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {
        "startedDateTime": f"2026-01-31T12:00:{second:09.6f}Z",
        "time": 5,
        "request": {
            "method": "POST" if body else "GET", "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": [{"name": name, "value": value} for name, value in names.items()], "queryString": [],
            "headersSize": -1, "bodySize": len(body),
            **({"postData": {"mimeType": "application/json", "text": body}} if body else {}),
        },
        "response": {
            "status": 204, "statusText": "", "httpVersion": "HTTP/1.1", "headers": [], "cookies": [],
            "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": 0,
        },
        "cache": {}, "timings": {"send": 1, "wait": 2, "receive": 2},
    }  # fmt: skip


def told(second: float, host: str = "collect.example.org") -> dict[str, Any]:
    """Give an entry that sends the IMEI."""
    return entry(second, f"https://{host}/v1/track", json.dumps({"imei": IMEI}))


def flows() -> list[flow.Flow]:
    """Give flows of every kind, a second apart, nearly all with a known value inside."""
    known = json.dumps({"device": {"imei": IMEI}, "name": "Zoë 测试"}, ensure_ascii=False).encode()
    parts = PART % (b"meta", b"application/json", known) + PART % (b"raw", b"image/png", bytes(range(256))) + b"--x--"
    found: list[flow.Flow] = [
        _http("https://api.example.org/plain", known, JSON),
        _http(f"https://api.example.org/q?aid={ANDROID_ID}&x=%E4%BD%A0", b"", {"Cookie": f"uid={IMEI}"}),
        _http("https://api.example.org/gzip", gzip.compress(known, mtime=0), JSON | {"Content-Encoding": "gzip"}),
        _http("http://api.example.org:8080/up", parts, {"Content-Type": "multipart/form-data; boundary=x"}),
        _http("https://api.example.org/bin", b"\x0a\x0f" + IMEI.encode() + b"\xff\xfe\x00\x80", {}),
        _http("https://api.example.org/latin", b"n=caf\xe9&imei=" + IMEI.encode(), {"Content-Type": "text/plain"}),
        _http("https://api.example.org/zipped", b"", {}, brotli.compress(known), "br"),
        _http("https://api.example.org/gone", known, JSON, None),
        _http("wss://api.example.org/ws", b"", {"Upgrade": "websocket"}, status=101),
        tcp.TCPFlow(*_ends("raw.example.org", 5000)),
        udp.UDPFlow(*_ends("raw.example.org", 5001)),
        dns.DNSFlow(*_ends("1.1.1.1", 53)),
    ]
    for second, one in enumerate(found):
        _time(one, START_S + second)
    return found


def mitm(path: Path) -> Path:
    with path.open("wb") as file:
        writer = FlowWriter(file)
        for one in flows():
            writer.add(one)
    return path


def _ends(host: str, port: int) -> tuple[connection.Client, connection.Server]:
    client = connection.Client(peername=("127.0.0.1", 40000), sockname=("127.0.0.1", 8080), timestamp_start=START_S)
    return client, connection.Server(address=(host, port))


def _http(
    url: str, body: bytes, headers: dict[str, str], answer: bytes | None = b"{}", coding: str = "", status: int = 200
) -> http.HTTPFlow:
    made = http.HTTPFlow(*_ends("api.example.org", 443))
    made.request = http.Request.make("POST" if body else "GET", url.replace("wss:", "https:"), b"", headers)
    made.request.raw_content = body
    made.request.headers["content-length"] = str(len(body))
    if answer is None:
        made.error = flow.Error("connection closed")
        return made
    made.response = http.Response.make(status, b"", {"Content-Type": "application/json"})
    made.response.raw_content = answer
    if coding:
        made.response.headers["content-encoding"] = coding
    return made


def _time(one: flow.Flow, at: float) -> None:
    one.timestamp_created = at
    if isinstance(one, http.HTTPFlow):
        one.request.timestamp_start, one.request.timestamp_end = at, at + 0.01
        if one.response:
            one.response.timestamp_start, one.response.timestamp_end = at + 0.2, at + 0.25
        if one.error:
            one.error.timestamp = at + 0.3
        if one.response and one.response.status_code == 101:
            texts = [(Opcode.TEXT, True, f'{{"imei":"{IMEI}","n":"é"}}'.encode()), (Opcode.BINARY, False, b"\x00\xff")]
            messages = [websocket.WebSocketMessage(*text, at + 0.3) for text in texts]
            one.websocket = websocket.WebSocketData(messages=messages)
    elif isinstance(one, tcp.TCPFlow | udp.UDPFlow):
        kind = tcp.TCPMessage if isinstance(one, tcp.TCPFlow) else udp.UDPMessage
        one.messages = [kind(True, b"imei=" + IMEI.encode(), at), kind(False, b"ok", at + 0.1)]
    elif isinstance(one, dns.DNSFlow):
        question = dns.Question(f"{ANDROID_ID}.example.org", dns.types.A, dns.classes.IN)
        flags = dict.fromkeys(("authoritative_answer", "truncation", "recursion_available"), False)
        one.request = DNSMessage(
            id=7, query=True, op_code=dns.op_codes.QUERY, recursion_desired=True, reserved=0, response_code=0, **flags,
            questions=[question], answers=[], authorities=[], additionals=[], timestamp=at,
        )  # fmt: skip
        one.response = one.request.succeed([dns.ResourceRecord.A(question.name, IPv4Address("1.2.3.4"))])
        one.response.timestamp = at + 0.1
