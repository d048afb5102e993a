"""Calibration: holds what was seen of the lab's app against the app's own account of what it did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.model.calibration import Check, Proof, Said
from analyzer.model.vocabulary import HookStatus
from analyzer.packs.catalog_entries import Catalog, Hook

_NAMES: Final = {"aes-cbc": "aes", "salted_sha256": "sha256 salted"}
"""How the analysis calls what the app's account names otherwise."""
_STRUCTURES: Final = frozenset({"protobuf", "multipart"})
"""Forms that stand in the path of a value, not in its chain of encodings."""


@dataclass(frozen=True, slots=True)
class SeenHook:
    """One hook: the agent's answer, and how often it fired."""

    status: HookStatus
    fired: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SeenValue:
    """One value that was recognised in a request."""

    data_type: str
    host: str
    carrier: str
    encodings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenTraffic:
    """What was seen of connections: request lines of the app's flows, unread hosts, methods of links, messages."""

    lines: tuple[str, ...] = ()
    unread: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    messages: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """All that was seen of the app; hooks by their ids."""

    hooks: Mapping[str, SeenHook]
    values: Sequence[SeenValue]
    traffic: SeenTraffic


def hold_against(account: Sequence[Said], sight: Sight, catalog: Catalog) -> tuple[Check, ...]:
    """Say of every hook, decoder and path of traffic whether this device let us see by it."""
    calls = [said for said in account if said.what == "read"]
    sends = [said for said in account if said.what == "send"]
    return (
        *_hooks({(said.api, said.data_type) for said in calls}, sight.hooks, catalog),
        *_decoders([said for said in sends if said.delivered], sight.values),
        *_paths(sends, sight.traffic),
    )


def _hooks(calls: Collection[tuple[str, str]], seen: Mapping[str, SeenHook], catalog: Catalog) -> Iterable[Check]:
    missed: dict[str, str] = {}
    for api, data_type in sorted(calls):
        ours = [hook for hook in catalog.hooks.values() if hook.id in seen and _answers_for(hook, api, data_type)]
        if not any(seen[hook.id].fired for hook in ours):
            missed |= {hook.id: api for hook in ours}
    for name, hook in sorted(seen.items()):
        if hook.fired:
            yield Check("hook", name, Proof.PROVEN, f"fired {hook.fired} times")
        elif hook.status is not HookStatus.ARMED:
            yield Check("hook", name, Proof.NOT_ARMED, f"{hook.status.value}: {hook.detail}".rstrip(": "))
        elif name in missed:
            yield Check("hook", name, Proof.MISSED, f"the app called {missed[name]}, and the hook did not fire")
        else:
            yield Check("hook", name, Proof.NOT_EXERCISED, "the app does not call it")


def _answers_for(hook: Hook, api: str, data_type: str) -> bool:
    names = {f"{name}.{hook.target.method}" for name in hook.target.classes}
    return api in names and data_type in hook.data_types()


def _decoders(sends: Sequence[Said], values: Sequence[SeenValue]) -> Iterable[Check]:
    wanted: dict[str, list[Said]] = {}
    for said in sends:
        for name in said.encodings or (f"plain in {said.carrier}",):
            wanted.setdefault(name, []).append(said)
    for name, each in sorted(wanted.items()):
        missed = [said for said in each if not any(_shows(value, said, name) for value in values)]
        if missed:
            first = missed[0]
            detail = f"{first.data_type} to {first.host} was not recognised ({len(missed)} of {len(each)} values)"
            yield Check("decoder", name, Proof.MISSED, detail)
        else:
            yield Check("decoder", name, Proof.PROVEN, f"{len(each)} values recognised")
    if not wanted:
        yield Check("decoder", "all", Proof.NOT_EXERCISED, "no request of the app left the device")


def _shows(value: SeenValue, said: Said, name: str) -> bool:
    if (value.data_type, value.host) != (said.data_type, said.host):
        return False
    if name in _STRUCTURES or not said.encodings:
        return value.carrier == said.carrier
    return any(encoding.startswith(_NAMES.get(name, name)) for encoding in value.encodings)


def _paths(sends: Sequence[Said], traffic: SeenTraffic) -> Iterable[Check]:
    left = [said for said in sends if said.delivered]
    refused = {said.host for said in sends if not said.delivered}
    lines = traffic.lines
    yield _path("HTTPS of the app's user id", bool(left), any(" https://" in line for line in lines))
    yield _path("HTTP/2", False, any(line.endswith("HTTP/2.0") for line in lines))
    yield _path("WebSocket", any(said.carrier == "message" for said in left), traffic.messages)
    yield _path("refused certificates", False, bool(refused & traffic.unread))
    for method, name in (("value", "join by value"), ("crypto", "join by cipher or digest")):
        yield _path(name, method == "value" and bool(left), method in traffic.links)
    yield _path("join by connection", bool(left), bool({"socket", "client_hello"} & traffic.links))


def _path(name: str, exercised: bool, seen: bool) -> Check:  # noqa: FBT001 - two facts of one path
    if seen:
        return Check("path", name, Proof.PROVEN)
    if exercised:
        return Check("path", name, Proof.MISSED, "the app's account says that it was used")
    return Check("path", name, Proof.NOT_EXERCISED, "nothing shows that the app used it")
