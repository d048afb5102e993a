"""What every reserved name answers on the lab's internet: small JSON, a privacy policy, WebSocket echo."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

_Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[_Message]]
Send: TypeAlias = Callable[[_Message], Awaitable[None]]

POLICY: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Privacy policy / 隐私政策</title></head>
<body>
<h1>隐私政策 / Privacy policy</h1>
<p>This page belongs to the lab. It names no company and promises nothing.</p>
<p>本页面属于实验环境，不代表任何公司。</p>
</body></html>
"""


async def web(scope: _Message, receive: Receive, send: Send) -> None:
    """Answer one ASGI scope: HTTP of any method and path, WebSocket, and the server's own start and end."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "websocket":
        await _echo(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        stage = (await receive())["type"]
        await send({"type": f"{stage}.complete"})
        if stage == "lifespan.shutdown":
            return


async def _echo(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.receive":
            text = message.get("text")
            content = {"bytes": message["bytes"]} if text is None else {"text": text}
            await send({"type": "websocket.send", **content})
        else:
            return


async def _answer(scope: _Message, receive: Receive, send: Send) -> None:
    size = await _read_body(receive)
    if size is None:
        return
    if scope["method"] in {"GET", "HEAD"} and str(scope["path"]).startswith("/privacy"):
        kind, body = b"text/html; charset=utf-8", POLICY.encode()
    else:
        kind, body = b"application/json", json.dumps({"ok": True, "received": size}).encode()
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


async def _read_body(receive: Receive) -> int | None:
    """Count the bytes of the body to its end; `None` when the client went away before."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        size += len(message.get("body", b""))
        if not message.get("more_body", False):
            return size
