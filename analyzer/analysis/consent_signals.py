"""Consent signals: the states of consent that a consent manager wrote down, each write taken as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import ConsentState
from analyzer.model.vocabulary import Phase

ONE_WRITE_US: Final = 1_000_000
"""A consent manager writes all its keys in one go; what lies closer together than this is one write."""


@dataclass(frozen=True, slots=True)
class Signal:
    """A state of consent that was written at `instant`; `unknown` where it consents to some purposes only."""

    instant: Instant
    phase: Phase
    ref: EvidenceRef
    reasoning: str


def find_signals(states: Sequence[ConsentState]) -> tuple[Signal, ...]:
    """Give the states of consent that were written in one recording, in order.

    Of a key that is written twice in one go the last counts; keys that then contradict each other say nothing.
    """
    return tuple(_signal(written) for written in _writes([state for state in states if state.says is not None]))


def _writes(states: Sequence[ConsentState]) -> Iterator[list[ConsentState]]:
    written: list[ConsentState] = []
    for state in states:
        if written and state.instant.at_us - written[-1].instant.at_us > ONE_WRITE_US:
            yield written
            written = []
        written.append(state)
    if written:
        yield written


def _signal(written: Sequence[ConsentState]) -> Signal:
    last = list({state.key: state for state in written}.values())
    newest = max(last, key=lambda state: state.instant)
    phases = {state.says for state in last}
    told = "; ".join(f"{state.key}: {_said(state)}" for state in last)
    if len(phases) > 1:
        return Signal(newest.instant, Phase.UNKNOWN, newest.ref, f"the app wrote what contradicts itself: {told}")
    return Signal(newest.instant, newest.says or Phase.UNKNOWN, newest.ref, f"the app wrote {told}")


def _said(state: ConsentState) -> str:
    if not state.parts:
        return f"the choice {state.says}"
    purposes = ", ".join(map(str, state.purposes))
    return f"consent to the purposes {purposes}" if purposes else "consent to no purpose"
