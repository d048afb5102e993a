"""Consent states: what consent managers wrote under the keys of the IAB's frameworks, decoded.

Keys of the TCF: CMP API v2, in-app details (memory); of the GPP: GPP CMP API, in-app details (memory).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

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
from analyzer.model.results import Call, ConsentState, SeenGap
from analyzer.model.vocabulary import GapKind, HookKind, Phase

PURPOSES: Final = "IABTCF_PurposeConsents"
TC_STRING: Final = "IABTCF_TCString"
GPP_STRING: Final = "IABGPP_HDR_GppString"
US_STRING: Final = "IABUSPrivacy_String"

MOST_STRINGS: Final = 64
"""Different strings of one recording that are decoded; a consent manager writes a few for each choice."""

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
    calls: Sequence[Call], kinds: Mapping[str, HookKind]
) -> tuple[tuple[ConsentState, ...], tuple[SeenGap, ...]]:
    """Give what calls of hooks of kind `store` wrote of consents, in order, and a gap for each unreadable text.

    An empty text clears a key and says nothing. What says the same under the same key twice in a row stays twice.
    """
    states: list[ConsentState] = []
    gaps: list[SeenGap] = []
    decoded: dict[str, dict[tuple[str, str], list[ConsentState] | str]] = defaultdict(dict)
    for call in calls:
        texts = tuple(argument.text for argument in call.event.arguments[:2])
        if kinds.get(call.event.hook) is not HookKind.STORE or len(texts) < len(_PAIR):
            continue
        key, text = texts
        reader = _reader(key) if text else None
        if reader is None:
            continue
        mine = decoded[call.ref.recording]
        if (key, text) not in mine:
            mine[key, text] = _decode(reader, call, key, text) if len(mine) < MOST_STRINGS else _TOO_MANY
        read = mine[key, text]
        if isinstance(read, str):
            gaps.append(SeenGap("", call.ref, call.ref.recording, GapKind.CONSENT_UNREADABLE, key, read, _at(call)))
        else:
            states += (replace(state, ref=call.ref, instant=call.instant, call=call.id) for state in read)
    return tuple(states), tuple(gaps)


_PAIR: Final = ("key", "text")
_TOO_MANY: Final = f"only the first {MOST_STRINGS} different texts are decoded"
_Read = Callable[[Call, str, str], list[ConsentState]]


def _decode(read: _Read, call: Call, key: str, text: str) -> list[ConsentState] | str:
    """Give what a text says, or why it cannot be read."""
    try:
        return read(call, key, text)
    except UnreadableError as problem:
        return str(problem)


def _at(call: Call) -> int:
    return call.instant.at_us


def _reader(key: str) -> _Read | None:
    section = _GPP_SECTION.match(key)
    if section:
        return {TCF_SECTION: _tc_string, US_SECTION: _us_privacy}.get(int(section[1]))
    if key in _PART:
        return _bit_field
    return {TC_STRING: _tc_string, US_STRING: _us_privacy, GPP_STRING: _gpp_string}.get(key)


def _bit_field(call: Call, key: str, text: str) -> list[ConsentState]:
    part = _PART[key]
    numbers = bits_set(text, _MOST_VENDORS if part.startswith("vendor") else FIRST_PURPOSES)
    says = _phase(numbers) if key == PURPOSES else None
    return [
        ConsentState(
            *(call.ref, call.instant, call.id, key, "tcf", says, (part,)),
            purposes=numbers if part == "purposes" else (),
            interests=numbers if part == "interests" else (),
            vendors=numbers if part == "vendors" else (),
            vendor_interests=numbers if part == "vendor_interests" else (),
        )
    ]


def _tc_string(call: Call, key: str, text: str) -> list[ConsentState]:
    read = read_tc_string(text)
    return [
        ConsentState(
            *(call.ref, call.instant, call.id, key, "tcf", _phase(read.purposes), _ALL),
            purposes=read.purposes,
            interests=read.interests,
            vendors=read.vendors,
            vendor_interests=read.vendor_interests,
            cmp=read.cmp,
            policy_version=read.policy_version,
        )
    ]


def _us_privacy(call: Call, key: str, text: str) -> list[ConsentState]:
    return [ConsentState(call.ref, call.instant, call.id, key, "us_privacy", None, sale_refused=opted_out(text))]


def _gpp_string(call: Call, key: str, text: str) -> list[ConsentState]:
    found: list[ConsentState] = []
    for number, section in read_gpp_string(text).items():
        if number == TCF_SECTION:
            found += _tc_string(call, key, section)
        elif number == US_SECTION:
            found += _us_privacy(call, key, section)
    return found


def _phase(purposes: tuple[int, ...]) -> Phase:
    """Read the consents to purposes: all, none, or some, which is no answer to the whole."""
    if not purposes:
        return Phase.REFUSED
    return Phase.ACCEPTED if set(range(1, _MUST + 1)) <= set(purposes) else Phase.UNKNOWN
