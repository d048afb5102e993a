"""Observes personal data in hooked calls: what was read, asked for, tried in vain, or stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from analyzer.analysis.decode import Budget, Leaf, decode
from analyzer.analysis.detect_known import detect_known
from analyzer.analysis.indicators import Indicators
from analyzer.analysis.matching import Moment
from analyzer.analysis.readings import Read, read_calls
from analyzer.model.results import Call, Observation, Sdk
from analyzer.model.vocabulary import Channel, Ending, HookKind, Method, Owner, Tier, Where
from analyzer.packs.catalog_entries import Catalog
from analyzer.packs.taxonomy import Taxonomy


def observe_calls(calls: Sequence[Call], catalog: Catalog, callers: Mapping[str, Sdk]) -> tuple[Observation, ...]:
    """Give one observation (without id) per call that reads, asks for or stores personal data by its nature."""
    return tuple(_observation(read, callers) for read in read_calls(calls, catalog))


def observe_stored(
    calls: Sequence[Call], catalog: Catalog, callers: Mapping[str, Sdk], indicators: Indicators, taxonomy: Taxonomy
) -> tuple[Observation, ...]:
    """Give one observation (without id) per call that stores a known value on the device, and data type."""
    return tuple(
        stored for call in calls for stored in _stored(call, catalog, callers.get(call.id), indicators, taxonomy)
    )


def _observation(read: Read, callers: Mapping[str, Sdk]) -> Observation:
    call, hook, reading = read.call, read.hook, read.reading
    return Observation(
        id="",
        ref=call.ref,
        instant=call.instant,
        data_type=reading.data_type,
        channel=Channel.STORAGE if hook.kind is HookKind.STORE else Channel.API,
        where=hook.where or Where.RETURN,
        path=call.event.api or hook.id,
        encodings=(),
        chain=((hook.where or Where.RETURN).value,),
        value=reading.text,
        method=Method.HOOK,
        tier=_tier(read),
        confidence=1.0 if reading.real else 0.9,
        reasoning="; ".join(filter(None, (f"hook {hook.id}: {hook.reasoning}", reading.why))),
        event_id=call.id,
        owner=Owner.APP,
        sdk=callers.get(call.id),
        origins=(call.id,) if reading.parts else (),
    )


def _tier(read: Read) -> Tier:
    if read.call.event.ending is Ending.THREW:
        return Tier.ATTEMPTED
    if read.hook.kind is HookKind.STORE:
        return Tier.STORED if read.reading.real else Tier.ATTEMPTED
    if read.hook.kind is HookKind.REQUEST and not read.delivered:
        return Tier.REQUESTED
    return Tier.ACCESSED if read.reading.real else Tier.ATTEMPTED


def _stored(
    call: Call, catalog: Catalog, sdk: Sdk | None, indicators: Indicators, taxonomy: Taxonomy
) -> Iterator[Observation]:
    hook = catalog.hook(call.event.hook)
    if hook is None or hook.kind is not HookKind.STORE or hook.data_type_of(call.event):
        return
    moment = Moment(call.ref.recording, call.instant)
    for sighting in detect_known(_stored_leaves(call), indicators, taxonomy, moment):
        yield Observation(
            id="",
            ref=call.ref,
            instant=call.instant,
            data_type=sighting.data_type,
            channel=Channel.STORAGE,
            where=Where.ARGUMENT,
            path=sighting.path,
            encodings=sighting.encodings,
            chain=(Where.ARGUMENT.value, *sighting.steps()),
            value=sighting.value,
            method=sighting.method,
            tier=Tier.STORED,
            confidence=sighting.confidence,
            reasoning=f"hook {hook.id}: {sighting.reasoning}",
            event_id=call.id,
            owner=Owner.APP,
            sdk=sdk,
            origins=sighting.origins,
        )


def _stored_leaves(call: Call) -> list[Leaf]:
    """Give the leaves of the arguments; the first text of several names the others."""
    texts = [argument.text for argument in call.event.arguments if argument.text]
    budget = Budget()
    leaves: list[Leaf] = []
    for at, argument in enumerate(call.event.arguments):
        key = texts[0] if at and texts else ""
        items = (item.text.encode("utf-8", "replace") for item in argument.items)
        for raw in (argument.text.encode("utf-8", "replace"), argument.data, *items):
            if raw:
                leaves += decode(
                    Leaf(call.ref, Where.ARGUMENT, f"argument:{at}", key, raw, steps=(f"argument:{at}",)), budget
                )
    return leaves
