"""Matches: whether one fact is what a leaf of a condition asks for, in three values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TypeVar

from analyzer.analysis.consent import ScreenReading
from analyzer.analysis.designs import Design
from analyzer.analysis.facts import Fact, call_kind
from analyzer.analysis.policy_page import PolicyPage
from analyzer.analysis.scene import PlacedMark, PlacedScreen
from analyzer.model.results import Call, ConsentState, Observation
from analyzer.model.vocabulary import AppState, Channel, Control, HookKind, Owner, Party, Phase, Tier, Truth, Where
from analyzer.packs.conditions import CallQuery, ConsentQuery, MarkQuery, Number, ObservationQuery, ScreenQuery
from analyzer.packs.wording import normal

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Terms:
    """What matching depends on beside the fact itself.

    `figure` resolves thresholds of the profile. With `strict` an unknown owner leaves a match unknown; otherwise it
    is given the benefit of suspicion. `necessary` are the data types that the named app type needs.
    """

    figure: Callable[[Number], float]
    kinds: Mapping[str, HookKind]
    necessary: frozenset[str] | None = None
    strict: bool = True


def every(answers: Iterable[Truth]) -> Truth:
    """Join answers: no if any is no, else unknown if any is unknown, else yes."""
    seen = set(answers)
    if Truth.NO in seen:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.YES


def either(answers: Iterable[Truth]) -> Truth:
    """Join answers: yes if any is yes, else unknown if any is unknown, else no."""
    seen = set(answers)
    if Truth.YES in seen:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.NO


def match_observation(fact: Fact, query: ObservationQuery, terms: Terms) -> Truth:
    """Say whether an observation is meant."""
    item = fact.subject
    if not isinstance(item, Observation):
        return Truth.NO
    return every(
        (
            *_placed(fact, query.phase, query.app_state),
            _one_of(item.tier, query.tier),
            _counts(item),
            _tier(item, query.tier_at_least),
            _one_of(item.channel, query.channel),
            _one_of(item.where, query.where),
            _glob(item.data_type, query.data_type),
            _not_glob(item.data_type, query.not_data_type),
            _party(item, query.party),
            _glob(item.sdk.id if item.sdk else "unknown", query.sdk),
            _one_of(item.method, query.method),
            _reaches(item.confidence, query.confidence_at_least, terms),
            _owner(item, terms),
            _unnecessary(item, terms) if query.unnecessary else Truth.YES,
            _asked(query.cleartext, fact.cleartext),
            _yes(not query.policy or fact.policy in query.policy),
            _reaches(fact.policy_confidence, query.policy_confidence_at_least, terms),
        )
    )


def match_call(fact: Fact, query: CallQuery, terms: Terms) -> Truth:
    """Say whether a call is meant."""
    if not isinstance(fact.subject, Call):
        return Truth.NO
    kind = call_kind(fact, terms.kinds)
    return every(
        (
            *_placed(fact, query.phase, query.app_state),
            _glob(fact.subject.event.hook, query.hook),
            _arguments(fact.subject, query.arguments),
            _yes(not query.kind or kind in query.kind),
        )
    )


def match_mark(fact: Fact, query: MarkQuery, terms: Terms) -> Truth:
    """Say whether a mark is meant."""
    if not isinstance(fact.subject, PlacedMark):
        return Truth.NO
    mark = fact.subject.mark
    return every(
        (
            *_placed(fact, query.phase, query.app_state),
            _one_of(mark.kind, query.kind),
            _yes(all(fnmatchcase(mark.details.get(name, ""), glob) for name, glob in query.details.items())),
            *(_over(mark.details.get(name, ""), least, terms) for name, least in query.over.items()),
            *(_not_detail(mark.details.get(name, ""), glob, terms) for name, glob in query.not_details.items()),
        )
    )


def match_consent(fact: Fact, query: ConsentQuery) -> Truth:
    """Say whether a state of consent is meant."""
    state = fact.subject
    if not isinstance(state, ConsentState):
        return Truth.NO
    asks = query.gives or query.refuses
    return every(
        (
            *_placed(fact, query.phase, ()),
            _yes(not query.framework or state.framework in query.framework),
            _yes(not asks or "purposes" in state.parts),
            *(_yes(number in state.purposes) for number in query.gives),
            *(_refused(state, number) for number in query.refuses),
            _yes(query.sale_refused is None or query.sale_refused is state.sale_refused),
            _asked(query.sent, state.flow_index is not None),
        )
    )


def _refused(state: ConsentState, number: int) -> Truth:
    if number in state.purposes:
        return Truth.NO
    return Truth.UNKNOWN if number == 1 and state.first_untold else Truth.YES


def match_screen(fact: Fact, query: ScreenQuery, terms: Terms) -> Truth:
    """Say whether a screen is meant."""
    if not isinstance(fact.subject, PlacedScreen):
        return Truth.NO
    reading = fact.subject.reading
    boxes = [item.checked for item in reading.controls if item.control is Control.CHECKBOX and item.explicit]
    return every(
        (
            *_placed(fact, query.phase, ()),
            _one_of(reading.kind, query.kind),
            _yes(not query.says or any(normal(word) in reading.text for word in query.says)),
            _yes(all(reading.control(kind) is not None for kind in query.has_control)),
            *(_lacks(fact.subject, kind) for kind in query.lacks_control),
            _asked(query.checkbox_checked, any(boxes)),
            _asked(query.implied_only, _implied(reading)),
            _asked(query.implies_consent, reading.implies_consent),
            _asked(query.mentions_policy, reading.mentions_policy),
            _asked(query.states_purpose, reading.states_purpose),
            _asked(query.after_relaunch, fact.run > 0),
            _yes(fact.first_of_run or not query.first_of_run),
            _smaller(fact.subject.design, query.refusal_smaller_than, terms),
            *_page(fact.subject.page, query, terms),
            _paler(fact.subject.design, query.refusal_paler_than, terms),
        )
    )


def _arguments(call: Call, globs: tuple[str, ...]) -> Truth:
    texts = [argument.text for argument in call.event.arguments]
    return _yes(len(texts) >= len(globs) and all(map(fnmatchcase, texts, globs)))


def _not_detail(text: str, glob: str, terms: Terms) -> Truth:
    """Say whether a detail is another than what a glob names; one that is not told may be that."""
    if fnmatchcase(text, glob):
        return Truth.NO
    return Truth.YES if text or not terms.strict else Truth.UNKNOWN


def _over(text: str, least: Number, terms: Terms) -> Truth:
    return _yes(float(text) > terms.figure(least)) if text.isascii() and text.isdecimal() else Truth.UNKNOWN


def _page(page: PolicyPage | None, query: ScreenQuery, terms: Terms) -> tuple[Truth, ...]:
    """Answer what is asked about a page of the policy; any other screen is not meant."""
    shorter, paler = query.policy_shorter_than, query.policy_paler_than
    chinese = query.policy_in_simplified_chinese
    if page is None:
        return (_yes(query.policy_page is not True and shorter is None and paler is None and chinese is None),)
    return (
        _asked(query.policy_page, actual=True),
        _yes(shorter is None or page.characters < terms.figure(shorter)),
        _known(page.contrast, lambda value: paler is None or value < terms.figure(paler), asked=paler is not None),
        _known(page.simplified, lambda value: value is chinese, asked=chinese is not None),
    )


def _known(value: _Value | None, holds: Callable[[_Value], bool], *, asked: bool) -> Truth:
    if not asked:
        return Truth.YES
    return Truth.UNKNOWN if value is None else _yes(holds(value))


def _smaller(design: Design, than: Number | None, terms: Terms) -> Truth:
    if than is None or not design.both:
        return _yes(than is None)
    return Truth.UNKNOWN if design.refusal_area is None else _yes(design.refusal_area < terms.figure(than))


def _paler(design: Design, than: Number | None, terms: Terms) -> Truth:
    if than is None or not design.both:
        return _yes(than is None)
    if design.refusal_contrast is None or design.accept_contrast is None:
        return Truth.UNKNOWN
    return _yes(design.refusal_contrast < terms.figure(than) <= design.accept_contrast)


def _implied(reading: ScreenReading) -> bool:
    """Say whether going on is merely taken as consent; “OK” beside a refusal or an unticked box is a choice."""
    accepts = [item.explicit for item in reading.controls if item.control is Control.ACCEPT]
    asks = any(
        item.control in {Control.REFUSE, Control.QUIT}
        or (item.control is Control.CHECKBOX and item.explicit and not item.checked)
        for item in reading.controls
    )
    return bool(accepts) and not any(accepts) and not asks


def _lacks(screen: PlacedScreen, kind: Control) -> Truth:
    if screen.reading.control(kind) is not None:
        return Truth.NO
    return Truth.UNKNOWN if screen.reading.unrecognised else Truth.YES


def _placed(fact: Fact, phases: tuple[Phase, ...], states: tuple[AppState, ...]) -> tuple[Truth, Truth]:
    phase = Truth.UNKNOWN if phases and fact.phase is Phase.UNKNOWN else _one_of(fact.phase, phases)
    state = Truth.UNKNOWN if states and fact.app_state is AppState.UNKNOWN else _one_of(fact.app_state, states)
    return phase, state


def _tier(item: Observation, least: Tier | None) -> Truth:
    if least is None or item.tier.rank >= least.rank:
        return Truth.YES
    party = item.recipient.party if item.recipient else Party.UNKNOWN
    open_end = least is Tier.TRANSMITTED_THIRD_PARTY and item.tier is Tier.TRANSMITTED and party is Party.UNKNOWN
    return Truth.UNKNOWN if open_end else Truth.NO


def _counts(item: Observation) -> Truth:
    """Say whether an observation counts: what is told only as no sending of personal data meets no condition."""
    return _yes(item.channel is not Channel.NETWORK or item.tier is not Tier.DECLARED or item.where is Where.RESPONSE)


def _party(item: Observation, parties: tuple[Party, ...]) -> Truth:
    party = item.recipient.party if item.recipient else Party.UNKNOWN
    if not parties or party in parties:
        return Truth.YES
    return Truth.UNKNOWN if party is Party.UNKNOWN else Truth.NO


def _reaches(confidence: float, least: Number | None, terms: Terms) -> Truth:
    return _yes(least is None or confidence >= terms.figure(least))


def _owner(item: Observation, terms: Terms) -> Truth:
    """A hook fires inside the app's own process, so what it reads is the app's whatever the field says."""
    if item.owner is Owner.APP or item.channel is not Channel.NETWORK:
        return Truth.YES
    if item.owner is Owner.OTHER:
        return Truth.NO
    return Truth.UNKNOWN if terms.strict else Truth.YES


def _unnecessary(item: Observation, terms: Terms) -> Truth:
    if terms.necessary is None:
        return Truth.UNKNOWN
    return _yes(item.data_type not in terms.necessary)


def _glob(value: str, patterns: tuple[str, ...]) -> Truth:
    return _yes(not patterns or any(fnmatchcase(value, pattern) for pattern in patterns))


def _not_glob(value: str, patterns: tuple[str, ...]) -> Truth:
    return _yes(not any(fnmatchcase(value, pattern) for pattern in patterns))


def _one_of(value: StrEnum, wanted: tuple[StrEnum, ...]) -> Truth:
    return _yes(not wanted or value in wanted)


def _asked(wanted: bool | None, actual: bool) -> Truth:  # noqa: FBT001 - private comparison
    return _yes(wanted is None or wanted is actual)


def _yes(answer: bool) -> Truth:  # noqa: FBT001 - private conversion
    return Truth.YES if answer else Truth.NO
