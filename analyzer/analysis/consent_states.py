"""Consent states: what consent managers wrote under the keys of the IAB's frameworks, decoded.

Keys of the TCF: CMP API v2, in-app details (memory); of the GPP: GPP CMP API, in-app details (memory).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from analyzer.analysis.consent_strings import (
    FIRST_PURPOSES,
    TCF_SECTION,
    US_SECTION,
    UnreadableError,
    bits_set,
    opted_out,
    read_gpp_string,
    read_tc_string,
)
from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Call, ConsentState, SeenGap
from analyzer.model.vocabulary import UNREAD_SECTION, GapKind, HookKind, Phase, Source
from analyzer.packs.catalog_entries import Hook

PURPOSES: Final = "IABTCF_PurposeConsents"
TC_STRING: Final = "IABTCF_TCString"
GPP_STRING: Final = "IABGPP_HDR_GppString"
US_STRING: Final = "IABUSPrivacy_String"

MOST_STRINGS: Final = 64
"""Different strings of one recording that are decoded; a consent manager writes a few for each choice."""

_SEPARATOR: Final = "~"
"""Stands before each section of a GPP string, and in no other."""
_MUST: Final = 10
"""Purposes that a full consent has: the eleventh came with version 2.2 and is missing before."""
_MOST_VENDORS: Final = 4096
_GPP_SECTION: Final = re.compile(r"IABGPP_([0-9]{1,3})_String\Z")
_PART: Final = {
    PURPOSES: "purposes",
    "IABTCF_PurposeLegitimateInterests": "interests",
    "IABTCF_VendorConsents": "vendors",
    "IABTCF_VendorLegitimateInterests": "vendor_interests",
}
_ALL: Final = tuple(_PART.values())


def read_consents(
    calls: Sequence[Call], kinds: Mapping[str, HookKind], hooks: Mapping[str, Hook] | None = None
) -> tuple[tuple[ConsentState, ...], tuple[SeenGap, ...]]:
    """Give what calls of hooks of kind `store` wrote of consents, in order, and a gap for each text or section unread.

    `hooks` tell what consent managers say by being called: a state of the framework `cmp` under the id of the hook.
    An empty text clears a key and says nothing. What says the same under the same key twice in a row stays twice.
    """
    states: list[ConsentState] = []
    gaps: list[SeenGap] = []
    decoded: dict[str, dict[tuple[str, str], _Decoded]] = defaultdict(dict)
    for call in calls:
        hook = hooks.get(call.event.hook) if hooks is not None else None
        says = hook.choice_of(call.event) if hook is not None else None
        if says is not None:
            states.append(ConsentState(call.ref, call.instant, call.id, call.event.hook, "cmp", says))
        texts = tuple(argument.text for argument in call.event.arguments[:2])
        if kinds.get(call.event.hook) is not HookKind.STORE or len(texts) < len(_PAIR):
            continue
        key, text = texts
        if not text or not (_reader(key) or _GPP_SECTION.match(key)):
            continue
        mine = decoded[call.ref.recording]
        if (key, text) not in mine:
            place = (call.ref, call.instant, call.id)
            mine[key, text] = _decode(place, key, text) if len(mine) < MOST_STRINGS else _Decoded(why=TOO_MANY)
        read = mine[key, text]
        told = [(key, read.why)] if read.why else []
        told += [(f"{UNREAD_SECTION}{number}", f"{key}: nothing reads this section") for number in read.unread]
        gaps += (
            SeenGap("", call.ref, call.ref.recording, GapKind.CONSENT_UNREADABLE, subject, why, _at(call))
            for subject, why in told
        )
        states += (replace(state, ref=call.ref, instant=call.instant, call=call.id) for state in read.states)
    return tuple(states), tuple(gaps)


@dataclass(frozen=True, slots=True)
class _Decoded:
    """What a text says, why it cannot be read, and the numbers of its sections that nothing reads."""

    states: tuple[ConsentState, ...] = ()
    why: str = ""
    unread: tuple[int, ...] = ()


_PAIR: Final = ("key", "text")
TOO_MANY: Final = f"only the first {MOST_STRINGS} different texts are decoded"
_Place: TypeAlias = tuple[EvidenceRef, Instant, str]
_Read = Callable[[_Place, str, str], list[ConsentState]]
_NOWHERE: Final[_Place] = (EvidenceRef("", Source.FLOWS, 0), Instant(0, "", 0), "")


def decode_stored(key: str, text: str) -> tuple[ConsentState, ...] | str:
    """Give what a text under a key of the frameworks says, or why it cannot be read; nothing for other keys."""
    read = _decode(_NOWHERE, key, text) if text else _Decoded()
    return read.why or read.states


def decode_text(text: str) -> tuple[ConsentState, ...] | str:
    """Give what a text says that stands under no known key, by its form; or why it cannot be read.

    Where and when it was found is for the caller to say.
    """
    read = _gpp_string if _SEPARATOR in text else _us_privacy if len(text) == len("1---") else _tc_string
    try:
        return tuple(read(_NOWHERE, "", text))
    except UnreadableError as problem:
        return str(problem)


def sections_unread(text: str) -> tuple[int, ...]:
    """Give the numbers of the sections of a GPP string that nothing reads; none for any other text."""
    try:
        numbers = read_gpp_string(text) if _SEPARATOR in text else ()
    except UnreadableError:
        return ()
    return tuple(number for number in numbers if number not in _SECTIONS)


def _decode(place: _Place, key: str, text: str) -> _Decoded:
    read, section = _reader(key), _GPP_SECTION.match(key)
    if read is None:
        return _Decoded(unread=(int(section[1]),) if section else ())
    try:
        states = tuple(read(place, key, text))
    except UnreadableError as problem:
        return _Decoded(why=str(problem))
    return _Decoded(states, unread=sections_unread(text) if key == GPP_STRING else ())


def _at(call: Call) -> int:
    return call.instant.at_us


def _reader(key: str) -> _Read | None:
    section = _GPP_SECTION.match(key)
    if section:
        return _SECTIONS.get(int(section[1]))
    if key in _PART:
        return _bit_field
    return {TC_STRING: _tc_string, US_STRING: _us_privacy, GPP_STRING: _gpp_string}.get(key)


def _bit_field(place: _Place, key: str, text: str) -> list[ConsentState]:
    part = _PART[key]
    numbers = bits_set(text, _MOST_VENDORS if part.startswith("vendor") else FIRST_PURPOSES)
    says = _phase(numbers) if key == PURPOSES else None
    return [
        ConsentState(
            *(*place, key, "tcf", says, (part,)),
            purposes=numbers if part == "purposes" else (),
            interests=numbers if part == "interests" else (),
            vendors=numbers if part == "vendors" else (),
            vendor_interests=numbers if part == "vendor_interests" else (),
        )
    ]


def _tc_string(place: _Place, key: str, text: str) -> list[ConsentState]:
    read = read_tc_string(text)
    return [
        ConsentState(
            *(*place, key, "tcf", _phase(read.purposes), _ALL),
            purposes=read.purposes,
            interests=read.interests,
            vendors=read.vendors,
            vendor_interests=read.vendor_interests,
            cmp=read.cmp,
            policy_version=read.policy_version,
            first_untold=read.first_untold,
        )
    ]


def _us_privacy(place: _Place, key: str, text: str) -> list[ConsentState]:
    return [ConsentState(*place, key, "us_privacy", None, sale_refused=opted_out(text))]


def _gpp_string(place: _Place, key: str, text: str) -> list[ConsentState]:
    found: list[ConsentState] = []
    for number, section in read_gpp_string(text).items():
        if number == TCF_SECTION:
            found += _tc_string(place, key, section)
        elif number == US_SECTION:
            found += _us_privacy(place, key, section)
    return found


_SECTIONS: Final[Mapping[int, _Read]] = {TCF_SECTION: _tc_string, US_SECTION: _us_privacy}
"""Sections of a GPP string that are read; the others (7 on: states of the US, Canada) are only named, as gaps."""


def _phase(purposes: tuple[int, ...]) -> Phase:
    """Read the consents to purposes: all, none, or some, which is no answer to the whole."""
    if not purposes:
        return Phase.REFUSED
    return Phase.ACCEPTED if set(range(1, _MUST + 1)) <= set(purposes) else Phase.UNKNOWN
