"""What the proxy process tells its parent: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeAlias

from analyzer.model.clock import Stamp
from analyzer.model.evidence import Gap
from analyzer.model.vocabulary import GapKind

REFUSED = "refused"
"""The kind of a `FlowSeen` whose host the app would not reach through the proxy."""
CLOSED = "closed"
"""The same where the connection was only closed, so that nobody knows yet."""
LINE_LIMIT = 64 * 1024
"""No message is longer than this; the parent skips what is."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The proxy listens on this loopback port."""

    port: int


@dataclass(frozen=True, slots=True)
class FlowSeen:
    """A compact preview of a request or connection that has been written as evidence.

    `target` is cut at 200 characters, `size` counts body bytes, `found` names the data types that a preview saw.
    """

    id: str
    kind: str
    method: str
    host: str
    target: str
    size: int
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SocketSeen:
    """A connection came out of the device's tunnel: its two ends, and the number under which its owner is asked for.

    Number 0 asks for nothing.
    """

    number: int
    protocol: str
    client_port: int
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The proxy wrote everything that it had; counts are by record kind, and `dropped`, `gaps`."""

    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProxyLost:
    """The proxy cannot go on, or is gone; `reason` is one sentence."""

    reason: str


ProxyMessage: TypeAlias = Ready | FlowSeen | SocketSeen | Gap | Stopped | ProxyLost


_TAGS: Final = {FlowSeen: "flow", SocketSeen: "socket", Gap: "gap"}


def encode(message: ProxyMessage) -> bytes:
    """Turn a message into one line of ASCII JSON; whatever an app sends cannot break out of it."""
    return json.dumps(_tagged(message), ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"


def _tagged(message: ProxyMessage) -> dict[str, Any]:
    match message:
        case Ready(port):
            return {"ready": port}
        case FlowSeen() | SocketSeen() | Gap():
            return {_TAGS[type(message)]: asdict(message)}
        case Stopped(counts):
            return {"stopped": dict(counts)}
        case ProxyLost(reason):
            return {"fatal": reason}


def decode(line: bytes) -> ProxyMessage | None:
    """Read one line; `None` when it is no message of ours."""
    try:
        (tag, value), *_ = json.loads(line).items()
        return _message(tag, value)
    except (ValueError, OverflowError, RecursionError, TypeError, KeyError, AttributeError):
        return None


def _message(tag: str, value: Any) -> ProxyMessage | None:
    match tag:
        case "ready":
            return Ready(int(value))
        case "flow":
            return FlowSeen(**{**value, "found": tuple(value["found"])})
        case "socket":
            return SocketSeen(**value)
        case "gap":
            return _gap(value)
        case "stopped":
            return Stopped({str(name): int(count) for name, count in value.items()})
    return ProxyLost(str(value)) if tag == "fatal" else None


def _gap(value: Mapping[str, Any]) -> Gap:
    until = value["until"]
    stamps = {"stamp": Stamp(**value["stamp"]), "until": Stamp(**until) if until else None}
    return Gap(**{**value, **stamps, "kind": GapKind(value["kind"])})
