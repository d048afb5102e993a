"""Attributes calls to the code that made them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final

from analyzer.analysis.stacks import class_of, is_nameless, is_own, is_skipped, organisation, within
from analyzer.model.results import Call, Sdk
from analyzer.packs.sdks import SdkEntry, Sdks

UNKNOWN: Final = Sdk("unknown", "unknown", "")


def attribute_calls(calls: Iterable[Call], package: str, sdks: Sdks) -> dict[str, Sdk]:
    """Give the SDK of every call by the call's id."""
    seen: dict[tuple[tuple[str, ...], str], Sdk] = {}
    callers: dict[str, Sdk] = {}
    for call in calls:
        if call.frames is None:
            callers[call.id] = UNKNOWN
            continue
        frames = outside(call.frames, call.event.api)
        key = (frames, _home(call.event.api))
        if key not in seen:
            seen[key] = attribute_stack(frames, package, sdks, sdks.find(_home(call.event.api)))
        callers[call.id] = seen[key]
    return callers


def outside(frames: tuple[str, ...], api: str) -> tuple[str, ...]:
    """Drop the innermost frames that lie in the package of the hooked API itself: they answered, they did not ask."""
    home = _home(api).rpartition(".")[0]
    inner = takewhile(lambda frame: home and within(class_of(frame), home), frames)
    return frames[sum(1 for _ in inner) :]


def _home(api: str) -> str:
    """Give the class of a hooked API."""
    return class_of(f"{api.partition('(')[0]}(")


def attribute_stack(frames: Sequence[str], package: str, sdks: Sdks, asked: SdkEntry | None = None) -> Sdk:
    """Give who made a call: the innermost frame that is neither the platform's nor a mere wrapper decides.

    A nameless frame is explained by the SDK further out that called it, when there is one; not by the SDK that was
    `asked`, which only calls back whoever asked it.
    """
    nameless: Sdk | None = None
    for frame in frames:
        name = class_of(frame)
        sdk = _attribute_class(name, frame, package, sdks) if name else None
        if sdk is None:
            continue
        if sdk.id == "obfuscated":
            nameless = nameless or sdk
        elif nameless is not None and asked is not None and sdk.id == asked.id:
            continue
        elif nameless is None or sdk.id != "app":
            return sdk
        else:
            return nameless
    return nameless or UNKNOWN


def _attribute_class(name: str, frame: str, package: str, sdks: Sdks) -> Sdk | None:
    prefix = sdks.prefix(name)
    if within(name, package) and len(package) >= len(prefix):
        return Sdk("app", package, "", frame)
    if prefix:
        entry = sdks.by_package[prefix]
        return None if entry.wrapper else Sdk(entry.id, entry.name, entry.company, frame)
    if is_skipped(name):
        return None
    if is_own(name, package):
        return Sdk("app", package, "", frame)
    if is_nameless(name):
        return Sdk("obfuscated", "obfuscated code", "", frame)
    prefix = organisation(name.rpartition(".")[0])
    return Sdk(prefix, prefix, "", frame)
