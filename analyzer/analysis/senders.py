"""Finds the call that opened a flow: by its address, by its socket, by its TLS ClientHello."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from analyzer.model.clock import Micros
from analyzer.model.evidence import Request, Value
from analyzer.model.results import Call, Flow
from analyzer.model.vocabulary import HookKind, LinkMethod
from analyzer.packs.catalog_entries import Catalog

WINDOW_US: Final = 120_000_000
"""A connection that was opened longer ago than this is no longer told apart from another on the same port."""
ADDRESS_WINDOW_US: Final = 10_000_000
_URL: Final = re.compile(r"(?:https?|wss?)://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sender:
    """The call that opened a flow, how that is known, and how long before the flow's start it was."""

    call: str
    method: LinkMethod
    distance_us: Micros
    confidence: float


@dataclass(frozen=True, slots=True)
class _Opening:
    """What a network call says of the connection that it opens."""

    call: Call
    ports: frozenset[int]
    randoms: frozenset[str]
    targets: frozenset[tuple[str, str]]


def match_senders(flows: Sequence[Flow], calls: Iterable[Call], catalog: Catalog) -> dict[int, Sender]:
    """Give the sender of every flow that has one, by the flow's index."""
    openings: dict[str, list[_Opening]] = {}
    for call in calls:
        hook = catalog.hook(call.event.hook)
        if hook is not None and hook.kind is HookKind.NETWORK:
            openings.setdefault(call.ref.recording, []).append(_opening(call))
    found = ((flow.index, _sender(flow, openings.get(flow.ref.recording, []))) for flow in flows)
    return {index: sender for index, sender in found if sender is not None}


def _sender(flow: Flow, openings: Sequence[_Opening]) -> Sender | None:
    """Prefer a call with stack that names this very address, then the socket, then the handshake, then the host."""
    peer = flow.opening.record.peer
    by_socket = _nearest(flow, (one for one in openings if peer.client_port in one.ports), WINDOW_US)
    by_hello = _nearest(flow, (one for one in openings if peer.client_random and peer.client_random in one.randoms))
    target = flow.opening.record.target if isinstance(flow.opening.record, Request) else ""
    exact = _nearest(flow, (one for one in openings if (flow.host, target) in one.targets), ADDRESS_WINDOW_US)
    host = _nearest(flow, (one for one in openings if any(h == flow.host for h, _ in one.targets)), ADDRESS_WINDOW_US)
    method = LinkMethod.SOCKET if by_socket else LinkMethod.CLIENT_HELLO if by_hello else LinkMethod.TIME
    confidence = {LinkMethod.SOCKET: 0.95, LinkMethod.CLIENT_HELLO: 0.9}.get(method, 0.3)
    known = (one for one in (exact, by_socket, by_hello, host) if one is not None)
    best = next((one for one in known if one.call.frames), by_socket or by_hello or exact or host)
    if best is None:
        return None
    return Sender(best.call.id, method, flow.instant.at_us - best.call.instant.at_us, confidence)


def _nearest(flow: Flow, openings: Iterable[_Opening], window_us: Micros = WINDOW_US) -> _Opening | None:
    latest: _Opening | None = None
    for one in openings:
        distance = flow.instant.at_us - one.call.instant.at_us
        slack = min(flow.instant.uncertainty_us + one.call.instant.uncertainty_us, window_us)
        if -slack <= distance <= window_us and (latest is None or one.call.instant > latest.call.instant):
            latest = one
    return latest


def _opening(call: Call) -> _Opening:
    ports: set[int] = set()
    randoms: set[str] = set()
    targets: set[tuple[str, str]] = set()
    for name, value in _values(call):
        if name == "local_port" and value.text.isdigit():
            ports |= {int(value.text)} - {0}  # a socket that failed has none, and the proxy's record of NAT neither
        elif name == "client_random":
            randoms.add(value.data.hex() or value.text.lower())
        for url in _URL.findall(value.text):
            targets |= _target(url)
    return _Opening(call, frozenset(ports), frozenset(randoms), frozenset(targets))


def _target(url: str) -> set[tuple[str, str]]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return set()
    path = parts.path or "/"
    return {(host, f"{path}?{parts.query}" if parts.query else path)}


def _values(call: Call) -> Iterator[tuple[str, Value]]:
    event = call.event
    pending = [("", value) for value in (*event.arguments, event.result, event.this) if value is not None]
    while pending:
        name, value = pending.pop()
        yield name, value
        pending += value.fields
        pending += [(name, item) for item in value.items]
