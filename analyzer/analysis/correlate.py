"""Links events to flows: the value itself, the crypto call that disguised it, the socket, and last the time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analyzer.analysis.attribute import UNKNOWN
from analyzer.analysis.senders import Sender
from analyzer.model.clock import Micros
from analyzer.model.evidence import Refusal
from analyzer.model.results import Call, Flow, Link, Observation, Sdk
from analyzer.model.vocabulary import Channel, HookKind, LinkMethod, Tier, Where
from analyzer.packs.catalog_entries import Catalog

TIME_WINDOW_US: Final = 5_000_000
"""A read this long before an unreadable flow of the same code may have gone into it; more is never said."""
_NOBODY: Final = frozenset({"unknown"})
_CONFIDENCE: Final = {LinkMethod.VALUE: 0.99, LinkMethod.CRYPTO: 0.97, LinkMethod.TIME: 0.3}


@dataclass(frozen=True, slots=True)
class Scene:
    """What the links are drawn between; `senders` by flow index, `callers` by call id."""

    calls: Mapping[str, Call]
    flows: Iterable[Flow]
    senders: Mapping[int, Sender]
    callers: Mapping[str, Sdk]
    catalog: Catalog


def link_observations(
    observations: Sequence[Observation],
    calls: Iterable[Call],
    flows: Iterable[Flow],
    senders: Mapping[int, Sender],
    callers: Mapping[str, Sdk],
    catalog: Catalog,
) -> Sequence[Link]:
    """Give all links, numbered `l1`, `l2`, … by flow; `observations` bear their ids.

    An observation is linked to one event: the latest read of its value before it, by the code that sent it if that
    read it too.
    """
    scene = Scene({call.id: call for call in calls}, flows, senders, callers, catalog)
    links = [*_by_value(observations, scene), *_by_connection(scene), *_by_time(observations, scene)]
    links.sort(key=lambda link: (link.flow_index, link.observation or "", link.method, link.event))
    return tuple(replace(link, id=f"l{at}") for at, link in enumerate(links, 1))


def _by_value(observations: Iterable[Observation], scene: Scene) -> Iterator[Link]:
    for one in observations:
        if one.flow_index is None or one.where is Where.RESPONSE:
            continue
        calls = [scene.calls[origin] for origin in one.origins if origin in scene.calls]
        crypto = [call for call in calls if _kind(call, scene) is HookKind.CRYPTO]
        reads = [call for call in calls if call not in crypto]
        event = _choose(reads or crypto, one, scene)
        if event is None:
            continue
        method = LinkMethod.CRYPTO if crypto else LinkMethod.VALUE
        distance = one.instant.at_us - event.instant.at_us
        confidence = min(one.confidence, _CONFIDENCE[method])
        yield Link("", event.id, one.flow_index, one.id, method, distance, confidence)


def _choose(calls: Sequence[Call], one: Observation, scene: Scene) -> Call | None:
    """Take the latest call, first among those of the code that sent the value."""
    if not calls:
        return None
    sdk = one.sdk or UNKNOWN
    own = [call for call in calls if sdk.id not in _NOBODY and _same(scene.callers.get(call.id), sdk)]
    return max(own or calls, key=lambda call: call.instant)


def _same(caller: Sdk | None, sdk: Sdk) -> bool:
    return caller is not None and caller.id == sdk.id


def _by_connection(scene: Scene) -> Iterator[Link]:
    for index, sender in sorted(scene.senders.items()):
        if sender.method is not LinkMethod.TIME:
            yield Link("", sender.call, index, None, sender.method, sender.distance_us, sender.confidence)


def _by_time(observations: Iterable[Observation], scene: Scene) -> Iterator[Link]:
    """Join reads to flows that nobody could read, when the same code made both within moments."""
    reads: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for one in observations:
        call = scene.calls.get(one.event_id or "") if one.channel is Channel.API and one.tier is Tier.ACCESSED else None
        if call is not None and (caller := scene.callers.get(call.id)) is not None:
            reads[call.ref.recording, caller.id].append(call)
    for calls in reads.values():
        calls.sort(key=_at)
    for flow in scene.flows if scene.senders else ():
        sender = scene.senders.get(flow.index)
        if not isinstance(flow.opening.record, Refusal) or sender is None:
            continue
        sdk = scene.callers.get(sender.call)
        if sdk is None or sdk.id in _NOBODY:
            continue
        calls, until = reads[flow.ref.recording, sdk.id], flow.instant.at_us
        first, last = bisect_left(calls, until - TIME_WINDOW_US, key=_at), bisect_right(calls, until, key=_at)
        for call in calls[first:last]:
            distance = until - call.instant.at_us
            yield Link("", call.id, flow.index, None, LinkMethod.TIME, distance, _CONFIDENCE[LinkMethod.TIME])


def _at(call: Call) -> Micros:
    return call.instant.at_us


def _kind(call: Call, scene: Scene) -> HookKind | None:
    hook = scene.catalog.hook(call.event.hook)
    return hook.kind if hook else None
