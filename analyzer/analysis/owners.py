"""Whose a flow is, where the recording alone does not prove it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from analyzer.analysis.senders import Sender
from analyzer.model.evidence import Request
from analyzer.model.results import Flow, SeenGap
from analyzer.model.vocabulary import GapKind, LinkMethod, Owner

UNPROVEN: Final = (
    "another app as sender, and an app can write that itself: what was sent so is not held against this one, "
    "and proves no absence"
)
"""What stands behind “3 requests name”."""
_PROOF: Final = frozenset({LinkMethod.SOCKET, LinkMethod.CLIENT_HELLO})
"""The agent sits inside the app: a socket or a handshake that it saw is the app's."""
_NAMING: Final = frozenset({"x-requested-with", "x-android-package", "user-agent"})
_LENGTHS: Final = frozenset(map(len, _NAMING))
_PACKAGE: Final = re.compile(r"[A-Za-z]\w*(?:\.[A-Za-z]\w*)+")
_SYSTEM: Final = re.compile(r"(com\.(?:google\.)?android\.[\w.]+)/")


def own_flows(flows: Iterable[Flow], senders: Mapping[int, Sender], package: str) -> Iterator[Flow]:
    """Give the flows with their owners: of those whose owner is unknown, the app's are the ones that the agent saw.

    One that names another app as its sender is that one's; what was proven while recording stays as it is.
    """
    for flow in flows:
        yield _own(flow, senders.get(flow.index), package) if flow.owner is Owner.UNKNOWN else flow


def _own(flow: Flow, sender: Sender | None, package: str) -> Flow:
    if sender is not None and sender.method in _PROOF:
        return replace(flow, owner=Owner.APP)
    opening = flow.opening.record
    if isinstance(opening, Request) and names_other_app(opening, package):
        return replace(flow, owner=Owner.OTHER)
    return flow


def is_stated_other(flow: Flow) -> bool:
    """Say whether nothing but a request's own word tells that a flow is another app's."""
    return flow.owner is Owner.OTHER and flow.opening.record.owner is Owner.UNKNOWN


def tell_stated(flows: Iterable[Flow]) -> list[SeenGap]:
    """Give a gap per recording for flows that only their own word makes another app's."""
    told: dict[str, list[Flow]] = {}
    for flow in flows:
        told.setdefault(flow.ref.recording, []).append(flow)
    gaps = []
    for recording, found in told.items():
        times = [flow.instant.at_us for flow in found]
        named = "1 request names" if len(found) == 1 else f"{len(found)} requests name"
        why = f"{named} {UNPROVEN}"
        gap = SeenGap("", found[0].ref, recording, GapKind.TRAFFIC_OPAQUE, "", why, min(times), max(times))
        gaps.append(gap)
    return gaps


def naming_headers(request: Request) -> tuple[tuple[str, str], ...]:
    """Give the headers of a request that name an app as its sender; none where its owner is known."""
    if request.owner is not Owner.UNKNOWN:
        return ()
    return tuple((name, value) for name, value in request.headers if _names(name, value, ""))


def names_other_app(request: Request, package: str) -> bool:
    """Say whether a request names another app as its sender (a web view, a key check, the system)."""
    return any(_names(name, value, package) for name, value in request.headers)


def _names(name: str, value: str, package: str) -> bool:
    return len(name) in _LENGTHS and name.lower() in _NAMING and _names_other(name.lower(), value, package)


def _names_other(name: str, value: str, package: str) -> bool:
    """Say whether a header names another app.

    Of the `User-Agent`, which every library fills as it likes (with a library's or a host's name as well), only the
    system's own form counts: any other leaves the owner unknown, which supports an indication and no breach.
    """
    if name == "user-agent":
        match = _SYSTEM.match(value)
        return match is not None and match[1] != package
    return value != package and _PACKAGE.fullmatch(value) is not None
