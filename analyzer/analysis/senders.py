"""Finds the call that opened a flow: by its address, by its socket, by its TLS ClientHello."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from analyzer.model.clock import Instant, Micros
from analyzer.model.evidence import Request, Value
from analyzer.model.results import Call, Flow
from analyzer.model.vocabulary import HookKind, LinkMethod
from analyzer.packs.catalog_entries import Catalog

WINDOW_US: Final = 120_000_000
"""A connection that was opened longer ago than this is no longer told apart from another on the same port."""
ADDRESS_WINDOW_US: Final = 10_000_000
_Key: TypeAlias = int | str | tuple[str] | tuple[str, str]
"""The port on the device, the random of the handshake, the host, or host and target."""
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
    """What a network call says of the connection that it opens: the keys by which a flow is known to be that one."""

    call: Call
    keys: frozenset[_Key]


class _Openings:
    """The calls of one recording that open connections, by what they say of them; each list is in order of time."""

    def __init__(self, calls: Iterable[Call]) -> None:
        self._by: dict[_Key, list[_Opening]] = {}
        openings = [_opening(call) for call in calls]
        openings.reverse()  # of calls at one instant the first counts: it is to come last
        for one in sorted(openings, key=_instant):
            for key in one.keys:
                self._by.setdefault(key, []).append(one)
        self._slack = max((one.call.instant.uncertainty_us for one in openings), default=0)

    def nearest(self, flow: Flow, key: _Key, window_us: Micros = WINDOW_US) -> _Opening | None:
        """Give the latest opening under a key that may have come before a flow, within a window."""
        openings = self._by.get(key)
        if openings is None:
            return None
        start, unsure = flow.instant.at_us, flow.instant.uncertainty_us
        at = bisect_right(openings, start + min(unsure + self._slack, window_us), key=_at)
        while at:
            at -= 1
            instant = openings[at].call.instant
            distance = start - instant.at_us
            if distance > window_us:
                return None
            if -min(unsure + instant.uncertainty_us, window_us) <= distance:
                return openings[at]
        return None


def match_senders(flows: Iterable[Flow], calls: Iterable[Call], catalog: Catalog) -> dict[int, Sender]:
    """Give the sender of every flow that has one, by the flow's index."""
    of_network: dict[str, list[Call]] = {}
    for call in calls:
        hook = catalog.hook(call.event.hook)
        if hook is not None and hook.kind is HookKind.NETWORK:
            of_network.setdefault(call.ref.recording, []).append(call)
    if not of_network:
        return {}
    openings = {recording: _Openings(found) for recording, found in of_network.items()}
    met = ((flow, openings[flow.ref.recording]) for flow in flows if flow.ref.recording in openings)
    found = ((flow.index, _sender(flow, own)) for flow, own in met)
    return {index: sender for index, sender in found if sender is not None}


def _sender(flow: Flow, openings: _Openings) -> Sender | None:
    """Prefer a call with stack that names this very address, then the socket, then the handshake, then the host."""
    peer = flow.opening.record.peer
    by_socket = openings.nearest(flow, peer.client_port)
    by_hello = openings.nearest(flow, peer.client_random) if peer.client_random else None
    target = flow.opening.record.target if isinstance(flow.opening.record, Request) else ""
    exact = openings.nearest(flow, (flow.host, target), ADDRESS_WINDOW_US)
    host = openings.nearest(flow, (flow.host,), ADDRESS_WINDOW_US)
    method = LinkMethod.SOCKET if by_socket else LinkMethod.CLIENT_HELLO if by_hello else LinkMethod.TIME
    confidence = {LinkMethod.SOCKET: 0.95, LinkMethod.CLIENT_HELLO: 0.9}.get(method, 0.3)
    known = (one for one in (exact, by_socket, by_hello, host) if one is not None)
    best = next((one for one in known if one.call.frames), by_socket or by_hello or exact or host)
    if best is None:
        return None
    return Sender(best.call.id, method, flow.instant.at_us - best.call.instant.at_us, confidence)


def _instant(one: _Opening) -> Instant:
    return one.call.instant


def _at(one: _Opening) -> Micros:
    return one.call.instant.at_us


def _opening(call: Call) -> _Opening:
    keys: set[_Key] = set()
    for name, value in _values(call):
        if name == "local_port" and value.text.isdigit():
            keys |= {int(value.text)} - {0}  # a socket that failed has none, and the proxy's record of NAT neither
        elif name == "client_random":
            keys.add(value.data.hex() or value.text.lower())
        for url in _URL.findall(value.text):
            keys |= _target(url)
    return _Opening(call, frozenset(keys))


def _target(url: str) -> set[_Key]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return set()
    path = parts.path or "/"
    return {(host,), (host, f"{path}?{parts.query}" if parts.query else path)}


def _values(call: Call) -> Iterator[tuple[str, Value]]:
    event = call.event
    pending = [("", value) for value in (*event.arguments, event.result, event.this) if value is not None]
    while pending:
        name, value = pending.pop()
        yield name, value
        pending += value.fields
        pending += [(name, item) for item in value.items]
