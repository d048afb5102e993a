"""Reasons: says in one sentence what a verdict rests on, in counts, the phase and the first piece of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analyzer.analysis.facts import Fact
from analyzer.analysis.hosts import is_this_device
from analyzer.analysis.mark_words import MARK_WORDS
from analyzer.analysis.scene import PlacedMark, PlacedScreen
from analyzer.model.clock import signed_seconds
from analyzer.model.results import ConsentState, Explanation, Observation
from analyzer.model.vocabulary import Channel, MarkKind, Phase, ScreenKind, Tier, Truth

_HOUR_US: Final = 3_600_000_000
SHOWN: Final = 3
"""How many grounds of a negative are named."""
_WHEN: Final = {
    Phase.INITIAL: "before any choice",
    Phase.ACCEPTED: "after acceptance",
    Phase.REFUSED: "after the refusal",
    Phase.WITHDRAWN: "after the withdrawal",
    Phase.UNKNOWN: "in an unknown phase",
}
_PRESSED: Final = "controls that the search pressed by their names: "
_NOWHERE: Final = "; none on the app's main screen was named like a way to the policy"
_DONE: Final = {Channel.API: "reading", Channel.STORAGE: "storing", Channel.NETWORK: "sending"}


def tell_evidence(facts: Sequence[Fact], starts: Mapping[str, int]) -> tuple[str, ...]:
    """Give one sentence about the evidence of a verdict, more where the app ended itself or a clock was set ahead.

    Without evidence there is none.
    `starts` maps each recording to its start in microseconds of the common timeline.
    """
    if not facts:
        return ()
    counts = Counter(map(_nouns, facts))
    words = _listed([f"{count} {nouns[count != 1]}" for nouns, count in counts.items()])
    personal = " of personal data" if all(isinstance(fact.subject, Observation) for fact in facts) else ""
    seen = {fact.phase for fact in facts}
    phases = _listed([when for phase, when in _WHEN.items() if phase in seen])
    first = min(facts, key=lambda fact: (fact.instant.at_us - starts.get(fact.recording, 0), fact.id))
    ahead = [f"{hours:g}" for hours in sorted({fact.ahead_us / _HOUR_US for fact in facts if fact.ahead_us})]
    clock = (f"the device's clock was then set ahead by {_listed(ahead)} hours",) if ahead else ()
    exits = [fact for fact in facts if _ends_the_app(fact) and fact is not first]
    ended = (f"the app ended itself {_at(exits[0], starts)}",) if exits else ()
    return (f"{words}{personal} {phases}; first: {_named(first)} {_at(first, starts)}", *ended, *clock)


def tell_search(facts: Sequence[Fact]) -> tuple[str, ...]:
    """Say how many controls a search pressed that found no policy: with none, it has seen one screen only."""
    marks = [fact.subject.mark for fact in facts if isinstance(fact.subject, PlacedMark)]
    told = [mark.details.get("touches", "") for mark in marks if mark.kind is MarkKind.POLICY_NOT_FOUND]
    known = [touches for touches in dict.fromkeys(told) if touches.isascii() and touches.isdecimal()]
    return tuple(f"{_PRESSED}{touches}{_NOWHERE if touches == '0' else ''}" for touches in known)


def _ends_the_app(fact: Fact) -> bool:
    return isinstance(fact.subject, PlacedMark) and fact.subject.mark.kind is MarkKind.APP_EXITED


def tell_grounds(explanations: Sequence[Explanation], screens: Sequence[Fact]) -> tuple[str, ...]:
    """Name the screens whose presence answered a question for something that is missing."""
    known = {fact.id: fact.subject for fact in screens if isinstance(fact.subject, PlacedScreen)}
    ids = dict.fromkeys(found for explanation in explanations for found in _denied(explanation) if found in known)
    told = [
        f"{found} was taken for what the clause asks for ({subject.reading.kind.value}: {subject.reading.reasoning})"
        for found in ids
        for subject in (known[found],)
        if subject.reading.kind is not ScreenKind.ORDINARY
    ]
    return tuple(told[:SHOWN])


def tell_silence(node: Explanation, begins: str) -> tuple[str, ...]:
    """Say what a condition was met by that the policy does not speak of; `begins` is how such a node's words begin."""
    told = [
        f"the policy was read in whole and nowhere speaks of {child.condition.removeprefix(begins)}"
        for child in node.children
        if node.condition == "not" and node.truth is Truth.YES and child.condition.startswith(begins)
    ]
    return tuple(dict.fromkeys((*told, *(one for child in node.children for one in tell_silence(child, begins)))))


def _denied(node: Explanation) -> Iterator[str]:
    for child in node.children:
        if node.condition == "not" and node.truth is Truth.NO:
            yield from child.evidence
        yield from _denied(child)


def _nouns(fact: Fact) -> tuple[str, str]:
    """Give what one such fact is called, and what several are."""
    subject = fact.subject
    if isinstance(subject, PlacedMark):
        return MARK_WORDS[subject.mark.kind]
    if isinstance(subject, Observation):
        one = _kind(subject)
    elif isinstance(subject, PlacedScreen):
        one = f"{subject.reading.kind.value.replace('_', ' ')} screen"
    else:
        one = "consent signal" if isinstance(subject, ConsentState) else "call"
    return one, f"{one}s"


def _kind(item: Observation) -> str:
    if item.tier is Tier.ATTEMPTED:
        return "vain attempt"
    if item.tier is Tier.REQUESTED:
        return "request"
    return "hand-over" if _on_device(item) else _DONE.get(item.channel, "trace")


def _on_device(item: Observation) -> bool:
    """Say whether data went to the device itself: nobody was seen to get it."""
    return item.channel is Channel.NETWORK and item.recipient is not None and is_this_device(item.recipient.host)


def _named(fact: Fact) -> str:
    subject = fact.subject
    if isinstance(subject, Observation):
        host = subject.recipient.host if subject.channel is Channel.NETWORK and subject.recipient else ""
        by = subject.sdk.id if subject.sdk and subject.sdk.id else "an unknown caller"
        if _on_device(subject):
            return f"{subject.data_type} by {by} within the device, over {host}"
        return f"{subject.data_type} by {by}" + (f" to {host}" if host else "")
    if isinstance(subject, PlacedMark):
        return " ".join(filter(None, (MARK_WORDS[subject.mark.kind][0], subject.mark.details.get("detail", "")[:100])))
    if isinstance(subject, PlacedScreen):
        return f"{subject.reading.kind.value} ({subject.reading.reasoning})"
    return subject.key if isinstance(subject, ConsentState) else subject.event.hook


def _at(fact: Fact, starts: Mapping[str, int]) -> str:
    since_us = fact.instant.at_us - starts.get(fact.recording, fact.instant.at_us)
    return f"at {signed_seconds(since_us)} s of {fact.recording}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
