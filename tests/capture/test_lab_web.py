from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

from analyzer.capture.lab_web import web


def talk(scope: dict[str, Any], *received: dict[str, Any]) -> list[MutableMapping[str, Any]]:
    queue, sent = list(received), list[MutableMapping[str, Any]]()

    async def receive() -> MutableMapping[str, Any]:
        return queue.pop(0)

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(web(scope, receive, send))
    return sent


def request(method: str, path: str, *chunks: bytes) -> list[MutableMapping[str, Any]]:
    parts = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    return talk({"type": "http", "method": method, "path": path}, *parts, {"type": "http.request", "body": b""})


def test_every_path_and_method_answers_with_the_size_that_came() -> None:
    start, body = request("PATCH", "/any/where", b"ab", b"cde")
    assert start["status"] == 200
    assert json.loads(body["body"]) == {"ok": True, "received": 5}
    assert (b"content-length", b"%d" % len(body["body"])) in start["headers"]


def test_a_privacy_policy_is_a_page_of_its_own() -> None:
    start, body = request("GET", "/privacy/policy.html")
    assert (b"content-type", b"text/html; charset=utf-8") in start["headers"]
    assert "隐私政策" in body["body"].decode()


def test_a_head_request_gets_no_body() -> None:
    start, body = request("HEAD", "/privacy")
    assert body["body"] == b""
    assert dict(start["headers"])[b"content-length"] != b"0"


def test_a_client_that_leaves_gets_no_answer() -> None:
    assert talk({"type": "http", "method": "POST", "path": "/"}, {"type": "http.disconnect"}) == []


def test_a_web_socket_hears_itself() -> None:
    sent = talk(
        {"type": "websocket"},
        {"type": "websocket.connect"},
        {"type": "websocket.receive", "text": "你好"},
        {"type": "websocket.receive", "bytes": b"\x00\x01", "text": None},
        {"type": "websocket.disconnect"},
    )
    assert [message.get("text") or message.get("bytes") for message in sent] == [None, "你好", b"\x00\x01"]


def test_the_server_s_start_and_end_are_confirmed() -> None:
    sent = talk({"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
