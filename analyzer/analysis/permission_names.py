"""Permission names: which permission a window of the system asked for, where its mark does not say so itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from analyzer.analysis.facts import opens_window, permission_group
from analyzer.analysis.scene import PlacedMark, Scene
from analyzer.model.results import Call
from analyzer.model.vocabulary import MarkKind

HOOK: Final = "ui.request_permissions"
DETAIL: Final = "detail"
"""The detail of a mark that names its permission."""

_NOTIFICATIONS: Final = "android.permission.POST_NOTIFICATIONS"
_SAME_US: Final = 3_000_000
"""The device's own word of a window and ours of the same window lie within this time of each other."""
_ASKED_US: Final = 10_000_000
"""A window of the system comes up, and is looked at, within this time of the call that asks for it."""
_NEXT_US: Final = 30_000_000
"""The next window of a call that asks for several comes up within this time of the one before."""
_ANSWERS: Final = (MarkKind.PERMISSION_GRANTED, MarkKind.PERMISSION_DENIED)


def requested(call: Call) -> tuple[str, ...]:
    """Give the permissions that a call asks for; none for any other call."""
    if call.event.hook != HOOK or not call.event.arguments:
        return ()
    first = call.event.arguments[0]
    return tuple(item.text for item in first.items if item.text)


def name_permissions(scenes: Sequence[Scene], calls: Sequence[Call]) -> tuple[Scene, ...]:
    """Give the scenes with the permission in every mark of a window where the device, or the app's own call, names it.

    Of calls that ask for several, the window is named by the first where each that may have opened it opens personal
    data, or none does; else it stays unnamed: it may have been that of the other kind. What was answered is named only
    where all of them are of one group.
    """
    asks: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for call in calls:
        names = requested(call)
        if names:
            asks.setdefault(call.ref.recording, []).append((call.instant.at_us, names))
    return tuple(_named(scene, asks.get(scene.recording, ())) for scene in scenes)


def _named(scene: Scene, asks: Sequence[tuple[int, tuple[str, ...]]]) -> Scene:
    told = {mark.instant.at_us: mark.mark.details[DETAIL] for mark in scene.marks_of(MarkKind.PERMISSION_ASKED)
            if DETAIL in mark.mark.details}  # fmt: skip
    marks: list[PlacedMark] = []
    asked: tuple[str, ...] = ()
    since = -_NEXT_US
    for mark in scene.marks:
        kind, found, at_us = mark.mark.kind, "", mark.instant.at_us
        if kind is MarkKind.PERMISSION_ASKED:
            found = mark.mark.details.get(DETAIL, "") or _near(told, at_us)
            asked = (found,) if found else _openers(asks, since, at_us) or (asked if at_us - since <= _NEXT_US else ())
            found, since = found or _named_by(asked), at_us
        elif kind in _ANSWERS and len({permission_group(name) for name in asked}) == 1:
            found = asked[0]
        marks.append(_with(mark, found) if found and DETAIL not in mark.mark.details else mark)
    return replace(scene, marks=tuple(marks))


def _openers(asks: Sequence[tuple[int, tuple[str, ...]]], since_us: int, at_us: int) -> tuple[str, ...]:
    """Give the permissions asked for since the window before that may have opened one, in order."""
    near = sorted(ask for ask in asks if max(since_us, at_us - _ASKED_US) < ask[0] <= at_us)
    return tuple(name for _, names in near for name in names if opens_window(name) is not False)


def _named_by(openers: Sequence[str]) -> str:
    personal = {name != _NOTIFICATIONS and bool(opens_window(name)) for name in openers}
    if personal == {True} or set(openers) == {_NOTIFICATIONS}:
        return openers[0]
    return ""


def _near(told: Mapping[int, str], at_us: int) -> str:
    near = [at for at in told if abs(at - at_us) <= _SAME_US]
    return told[min(near, key=lambda at: abs(at - at_us))] if near else ""


def _with(mark: PlacedMark, permission: str) -> PlacedMark:
    return replace(mark, mark=replace(mark.mark, details={**mark.mark.details, DETAIL: permission}))
