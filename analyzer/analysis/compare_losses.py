"""Losses: why one session could not have shown what another one did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.model.comparison import Side, Sighting
from analyzer.model.vocabulary import ISOLATED, Channel, GapKind, Phase, Strategy, Tier

ENOUGH: Final = 0.8
"""A phase that was watched for less than this share of the other session's time may have ended too early."""

PHASES: Final[Mapping[Phase, str]] = {
    Phase.INITIAL: "the time before any choice",
    Phase.ACCEPTED: "the time after an acceptance",
    Phase.REFUSED: "the time after a refusal",
    Phase.WITHDRAWN: "the time after a withdrawal",
    Phase.UNKNOWN: "a time of an unknown phase",
}
_SECOND: Final = 1_000_000
_BROKEN: Final = frozenset(
    {GapKind.DEVICE_LOST, GapKind.INTERRUPTED, GapKind.STORAGE_FULL, GapKind.APP_CRASHED}
    | {GapKind.RECORD_TORN, GapKind.RECORD_INVALID}
)
_DEAF: Final = frozenset(
    {GapKind.AGENT_LATE, GapKind.AGENT_LOST, GapKind.AGENT_ERROR, GapKind.EVENTS_DROPPED, GapKind.CODE_UNSEEN}
)
_BLIND: Final = frozenset(
    {GapKind.PROXY_LOST, GapKind.PROXY_ERROR, GapKind.FLOWS_DROPPED, GapKind.TRAFFIC_BYPASSED, GapKind.DECODE_LIMIT}
    | {GapKind.BODY_TRUNCATED, GapKind.BODY_MISSING}
)
_UNREAD: Final = frozenset({GapKind.TLS_REFUSED, GapKind.TRAFFIC_OPAQUE})


@dataclass(frozen=True, slots=True)
class Trace:
    """All sightings of one thing, taken together; `recipients` is empty where nothing was sent."""

    count: int
    tier: Tier
    first_us: int
    places: frozenset[tuple[Phase, str]]
    hooks: frozenset[str]
    recipients: frozenset[str]
    sent_types: frozenset[str]
    read: bool


def trace(sightings: Sequence[Sighting]) -> Trace:
    """Take the sightings of one thing together."""
    sent = [one for one in sightings if one.channel is Channel.NETWORK]
    return Trace(
        count=len(sightings),
        tier=max((one.tier for one in sightings), key=lambda tier: tier.rank, default=Tier.DECLARED),
        first_us=min((one.at_us for one in sightings), default=0),
        places=frozenset((one.phase, one.strategy) for one in sightings),
        hooks=frozenset(one.hook for one in sightings if one.hook),
        recipients=frozenset(one.recipient for one in sent),
        sent_types=frozenset(one.data_type for one in sent),
        read=any(one.channel is not Channel.NETWORK for one in sightings),
    )


def losses(seen: Trace, there: Side, here: Side, ordinal: str, *, anywhere: bool = False) -> tuple[str, ...]:
    """Say why the session `here`, the `ordinal` one, may have missed what was seen `there`; empty where it could not.

    With `anywhere` the thing may have gone to any host, not only to those it was seen going to.
    """
    found = [*_general(here, ordinal), *_phases(seen, there, here, ordinal)]
    if seen.read:
        found += _hooks(seen, here, ordinal)
    if seen.recipients:
        found += _traffic(seen, there, here, ordinal, anywhere=anywhere)
    return tuple(dict.fromkeys(found))


def _general(here: Side, ordinal: str) -> Iterator[str]:
    if here.imported:
        yield f"the {ordinal} is an import: it does not tell what was not captured"
    yield from (f"{_told(kind, subject)} in the {ordinal}" for kind, subject in here.gaps if kind in _BROKEN)


def _phases(seen: Trace, there: Side, here: Side, ordinal: str) -> Iterator[str]:
    for phase in sorted({phase for phase, _ in seen.places}):
        ways, words = {way for place, way in here.watched if place is phase}, PHASES[phase]
        if not ways:
            yield f"no recording of the {ordinal} had {words}"
            continue
        used = {way for place, way in seen.places if place is phase}
        if not used & ways and (phase is not Phase.INITIAL or Strategy.MANUAL in used):
            yield f"{words} was reached by {_list(used)}, in the {ordinal} by {_list(ways)}"
        time = max(length for (place, _), length in here.watched.items() if place is phase)
        other = max((length for (place, _), length in there.watched.items() if place is phase), default=0)
        if time < ENOUGH * other:
            yield f"{words} lasted {time / _SECOND:.0f} s in the {ordinal}, {other / _SECOND:.0f} s in the other"


def _hooks(seen: Trace, here: Side, ordinal: str) -> Iterator[str]:
    missing = seen.hooks - here.armed
    if missing:
        yield f"not armed in the {ordinal}: {_list(missing)}"
    if not here.fired:
        yield f"no hook fired in the {ordinal}, so nothing proves that the agent saw the app"
    deaf = [gap for gap in here.gaps if gap[0] in _DEAF and gap[1] != ISOLATED]
    yield from (f"{_told(kind, subject)} in the {ordinal}" for kind, subject in deaf)


def _traffic(seen: Trace, there: Side, here: Side, ordinal: str, *, anywhere: bool) -> Iterator[str]:
    giving = {one.hook for one in there.sightings if one.hook and one.data_type in seen.sent_types}
    if missing := giving - here.armed:
        yield f"not armed in the {ordinal}, so that the values they give were not looked for: {_list(missing)}"
    unknown = (seen.sent_types & there.planted) - here.planted
    if unknown:
        yield f"the {ordinal} did not know the device's values of {_list(unknown)}"
    for kind, subject in here.gaps:
        if kind in _BLIND or (kind in _UNREAD and (anywhere or _may_hide(subject, seen))):
            yield f"{_told(kind, subject)} in the {ordinal}"


def _may_hide(host: str, seen: Trace) -> bool:
    """An unread connection hides what went to its own host; where it is unknown whose it is, anything."""
    name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdigit() else host
    if not name or "." not in name:
        return True
    return any(name == one or name.endswith(f".{one}") for one in seen.recipients)


def _told(kind: str, subject: str) -> str:
    return f"{kind} ({subject})" if subject else kind


def _list(words: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(words))
