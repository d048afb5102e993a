"""Attributes calls to the code that made them, and observations to senders and recipients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from analyzer.analysis.recipients import name_recipient
from analyzer.analysis.senders import Sender
from analyzer.analysis.stacks import class_of, is_nameless, is_own, is_skipped, organisation, within
from analyzer.model.results import Call, Flow, Observation, Sdk
from analyzer.model.vocabulary import LinkMethod, Party, Tier
from analyzer.packs.endpoints import Endpoints
from analyzer.packs.sdks import Sdks

UNKNOWN: Final = Sdk("unknown", "unknown", "")


def attribute_calls(calls: Iterable[Call], package: str, sdks: Sdks) -> dict[str, Sdk]:
    """Give the SDK of every call by the call's id."""
    seen: dict[tuple[str, ...], Sdk] = {}
    callers: dict[str, Sdk] = {}
    for call in calls:
        if call.frames is None:
            callers[call.id] = UNKNOWN
            continue
        frames = outside(call.frames, call.event.api)
        if frames not in seen:
            seen[frames] = attribute_stack(frames, package, sdks)
        callers[call.id] = seen[frames]
    return callers


def outside(frames: tuple[str, ...], api: str) -> tuple[str, ...]:
    """Drop the innermost frames that lie in the package of the hooked API itself: they answered, they did not ask."""
    home = class_of(f"{api.partition('(')[0]}(").rpartition(".")[0]
    inner = takewhile(lambda frame: home and within(class_of(frame), home), frames)
    return frames[sum(1 for _ in inner) :]


def attribute_stack(frames: Sequence[str], package: str, sdks: Sdks) -> Sdk:
    """Give who made a call: the innermost frame that is neither the platform's nor a mere wrapper decides.

    A nameless frame is explained by the SDK further out that called it, when there is one.
    """
    nameless: Sdk | None = None
    for frame in frames:
        name = class_of(frame)
        sdk = _attribute_class(name, frame, package, sdks) if name else None
        if sdk is None:
            continue
        if sdk.id == "obfuscated":
            nameless = nameless or sdk
        elif nameless is None or sdk.id != "app":
            return sdk
        else:
            return nameless
    return nameless or UNKNOWN


def attribute_observations(
    observations: Iterable[Observation],
    flows: Sequence[Flow],
    senders: Mapping[int, Sender],
    callers: Mapping[str, Sdk],
    package: str,
    sdks: Sdks,
    endpoints: Endpoints,
) -> tuple[Observation, ...]:
    """Give the observations with sender and recipient; data sent to a third party rises to that tier."""
    done = []
    for one in observations:
        if one.flow_index is None:
            done.append(one)
            continue
        sdk = sender_of(one, senders.get(one.flow_index), callers)
        recipient = name_recipient(flows[one.flow_index].host, package, sdks, endpoints, sdk)
        third = one.tier is Tier.TRANSMITTED and recipient.party is Party.THIRD
        tier = Tier.TRANSMITTED_THIRD_PARTY if third else one.tier
        done.append(replace(one, sdk=sdk, recipient=recipient, tier=tier))
    return tuple(done)


def sender_of(one: Observation, sender: Sender | None, callers: Mapping[str, Sdk]) -> Sdk:
    """Give who sent an observed value: the code that opened the connection, else the code that last read the value."""
    opened = callers.get(sender.call, UNKNOWN) if sender and sender.method is not LinkMethod.TIME else UNKNOWN
    if opened.id != UNKNOWN.id:
        return opened
    read = next((callers[origin] for origin in one.origins if origin in callers), UNKNOWN)
    if read.id != UNKNOWN.id:
        return read
    return callers.get(sender.call, UNKNOWN) if sender else UNKNOWN


def _attribute_class(name: str, frame: str, package: str, sdks: Sdks) -> Sdk | None:
    entry = sdks.find(name)
    prefix = max((one for one in entry.packages if within(name, one)), key=len) if entry else ""
    if within(name, package) and len(package) >= len(prefix):
        return Sdk("app", package, "", frame)
    if entry is not None:
        return Sdk(entry.id, entry.name, entry.company, frame)
    if is_skipped(name):
        return None
    if is_own(name, package):
        return Sdk("app", package, "", frame)
    if is_nameless(name):
        return Sdk("obfuscated", "obfuscated code", "", frame)
    prefix = organisation(name.rpartition(".")[0])
    return Sdk(prefix, prefix, "", frame)
