"""Consent signals: what a consent manager wrote down as the user's choice, in the keys of the IAB's frameworks.

The keys and their bit strings are those of the in-app part of the TCF (CMP API v2, in-app details, memory): position
n of `IABTCF_PurposeConsents` is the consent to purpose n+1. Only the purposes decide here; vendors follow from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Call
from analyzer.model.vocabulary import HookKind, Phase

PURPOSES: Final = "IABTCF_PurposeConsents"
FIRST_PURPOSES: Final = 10
"""The purposes of the framework; what comes after them in the string is not defined."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A state of consent that was written at `instant`; `unknown` where it consents to some purposes only."""

    instant: Instant
    phase: Phase
    ref: EvidenceRef
    reasoning: str


def find_signals(calls: Sequence[Call], kinds: Mapping[str, HookKind]) -> tuple[Signal, ...]:
    """Give the states of consent that calls of hooks of kind `store` wrote, in order."""
    found = []
    for call in calls:
        texts = [argument.text for argument in call.event.arguments[:2]]
        if kinds.get(call.event.hook) is HookKind.STORE and texts[:1] == [PURPOSES] and len(texts) > 1:
            phase = _phase(texts[1])
            if phase is not None:
                why = f"the app wrote {PURPOSES} = {texts[1][:FIRST_PURPOSES]}"
                found.append(Signal(call.instant, phase, call.ref, why))
    return tuple(found)


def _phase(bits: str) -> Phase | None:
    """Read the consents to all purposes; an empty or foreign text says nothing."""
    purposes = bits[:FIRST_PURPOSES]
    if not purposes or set(bits) - {"0", "1"}:
        return None
    if "1" not in purposes:
        return Phase.REFUSED
    whole = len(purposes) == FIRST_PURPOSES and "0" not in purposes
    return Phase.ACCEPTED if whole else Phase.UNKNOWN
