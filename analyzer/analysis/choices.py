"""Choices: the instants at which the user accepted, refused or withdrew, from taps, clicks and asserted marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Final

from analyzer.analysis.consent import ASKING, ScreenReading
from analyzer.analysis.consent_signals import Signal
from analyzer.analysis.scene import LAYER_US, STARTS, PlacedScreen, Scene, point_of, same_dialog
from analyzer.model.clock import Instant, Micros
from analyzer.model.evidence import EvidenceRef, Value
from analyzer.model.results import Call
from analyzer.model.vocabulary import Control, HookKind, MarkKind, Phase, ScreenKind, Strategy
from analyzer.packs.wording import normal_label

SAME_CHOICE_US: Final = 5_000_000
"""A tap, the click that it causes and the mark that asserts it lie within this time of each other."""

_TOUCH: Final = "dispatchtouchevent"
_ASSERTED: Final = {
    MarkKind.ACCEPTED: Phase.ACCEPTED,
    MarkKind.REFUSED: Phase.REFUSED,
    MarkKind.WITHDRAWN: Phase.WITHDRAWN,
}
_MEANING: Final = {Control.ACCEPT: Phase.ACCEPTED, Control.REFUSE: Phase.REFUSED, Control.QUIT: Phase.REFUSED}


class Witness(IntEnum):
    """How a choice is known, the most exact first."""

    CLICK = 0
    TAP = 1
    ASSERTED = 2
    SIGNAL = 3
    ABSENCE = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """From `instant` on the consent is in `phase`, and why we say so."""

    instant: Instant
    phase: Phase
    witness: Witness
    evidence: tuple[EvidenceRef, ...]
    reasoning: str


def find_choices(scene: Scene, clicks: Sequence[Call], signals: Sequence[Signal] = ()) -> tuple[Choice, ...]:
    """Give the choices of one recording in order.

    `clicks` are the calls of hooks of kind `ui` in this recording, `signals` what a consent manager wrote down. A click
    seen inside the app dates a choice better than the tap that caused it: the app knows nothing before its own click. A
    refusal upon which a second layer came up is no choice yet: its last layer's answer is. A layer that nobody answered
    leaves the phase unknown.
    """
    taps = _taps(scene)
    claims = sorted([*_clicks(scene, clicks), *_signalled(scene, signals)], key=_order)
    if scene.strategy in (Strategy.MANUAL, Strategy.IMPORT):
        claims = _unforged(scene, claims, _touches(scene, clicks))
    else:
        claims = _touched(scene, taps, claims)
    found = [*taps, *claims, *_asserted(scene)]
    found = _finished(scene, sorted(found, key=_order))
    found += _unwitnessed(scene, found)
    return tuple(_settle(sorted(found, key=_order)))


def ui_calls(calls: Sequence[Call], kinds: Mapping[str, HookKind]) -> tuple[Call, ...]:
    """Keep clicks and touches among the calls of hooks of kind `ui`: shows and dismissals of dialogs are no choice."""
    return tuple(
        call
        for call in calls
        if kinds.get(call.event.hook) is HookKind.UI
        and any(word in call.event.api.casefold() for word in ("click", _TOUCH))
    )


def _taps(scene: Scene) -> list[Choice]:
    found = []
    for tap in scene.marks_of(MarkKind.TAPPED):
        point = point_of(tap)
        screen = _screen_before(scene.screens, tap.instant)
        if point is None or screen is None or screen.reading.kind not in ASKING:
            continue
        control = screen.reading.at(*point)
        phase = _MEANING.get(control.control) if control else None
        if control is not None and phase is not None:
            why = f"tap on “{control.label}” of a {screen.reading.kind.value} screen"
            found.append(Choice(tap.instant, phase, Witness.TAP, (tap.ref, screen.ref), why))
    return found


def _clicks(scene: Scene, clicks: Sequence[Call]) -> list[Choice]:
    found = []
    touched: set[EvidenceRef] = set()
    for call in clicks:
        screen = _screen_before(scene.screens, call.instant)
        if screen is None or screen.reading.kind not in ASKING:
            continue
        point = _touch(call)
        if point is not None:
            control = screen.reading.at(*point)
            phase = _MEANING.get(control.control) if control else None
            known = screen.ref not in touched
            if control is None or control.control is not Control.CHECKBOX:
                touched.add(screen.ref)  # by the next touch it may be another screen, before it is looked at again
            if known and control is not None and phase is not None:
                why = f"a touch inside the app on “{control.label}” of a {screen.reading.kind.value} screen"
                found.append(Choice(call.instant, phase, Witness.CLICK, (call.ref, screen.ref), why))
            continue
        phase = _clicked(screen.reading, call)
        if phase is not None:
            why = f"a click inside the app on a {screen.reading.kind.value} screen ({call.event.api})"
            found.append(Choice(call.instant, phase, Witness.CLICK, (call.ref, screen.ref), why))
    return found


def _touch(call: Call) -> tuple[int, int] | None:
    """Give the point in pixels where a window was touched, `None` for a click of a view."""
    if _TOUCH not in call.event.api.casefold():
        return None
    fields = dict(call.event.this.fields) if call.event.this else {}
    try:
        return int(fields["x"].text), int(fields["y"].text)
    except (KeyError, ValueError):
        return -1, -1


def _clicked(reading: ScreenReading, call: Call) -> Phase | None:
    labels = {normal_label(text) for text in _texts(call)} - {""}
    for control in reading.controls:
        if control.control in _MEANING and normal_label(control.label) in labels:
            return _MEANING[control.control]
    return None


def _order(choice: Choice) -> tuple[Instant, Witness]:
    return choice.instant, choice.witness


def _touched(scene: Scene, taps: Sequence[Choice], claims: Sequence[Choice]) -> list[Choice]:
    """Keep what the operator's touch explains: a click, or a consent that is written, an app can make by itself.

    Where no touch explains it nothing was chosen. Where the last touch shortly before it chose otherwise, what is in
    force is unknown: the touch may have hit something else; but a refusal whose own click was seen stands, whatever
    the app claims after it. What names neither all nor nothing needs a touch on anything of the dialog.
    """
    touches = [mark.instant for mark in scene.marks_of(MarkKind.TAPPED)]
    kept: list[Choice] = []
    for claim in claims:
        near = [tap for tap in taps if _caused(tap.instant, claim)]
        if near and near[-1].phase is claim.phase:
            kept.append(claim)
        elif near and _proven(near[-1], kept):
            why = f"{near[-1].reasoning}, and its click was seen; against it stands only: {claim.reasoning}"
            kept.append(Choice(claim.instant, Phase.REFUSED, Witness.ABSENCE, claim.evidence, why))
        elif near:
            why = f"contradiction: {near[-1].reasoning}; {claim.reasoning}"
            evidence = near[-1].evidence + claim.evidence
            kept.append(Choice(claim.instant, Phase.UNKNOWN, Witness.ABSENCE, evidence, why))
        elif claim.witness is Witness.SIGNAL and claim.phase is not Phase.ACCEPTED:
            kept += [claim] if any(_caused(touch, claim) for touch in touches) else []
    return kept


def _touches(scene: Scene, clicks: Sequence[Call]) -> list[tuple[Instant, Phase | None]]:
    """Give when windows were touched, and what was chosen by it where that is known."""
    found: list[tuple[Instant, Phase | None]] = []
    for call in clicks:
        point = _touch(call)
        if point is not None:
            screen = _screen_before(scene.screens, call.instant)
            control = screen.reading.at(*point) if screen is not None else None
            found.append((call.instant, _MEANING.get(control.control) if control is not None else None))
    return found


def _unforged(scene: Scene, claims: Sequence[Choice], touches: Sequence[tuple[Instant, Phase | None]]) -> list[Choice]:
    """Let the app make no consent by itself, where nobody touches the screen from outside for us to know it.

    Nothing of the app's own turns a refusal that was seen inside it, until something asks anew. Where touches are told,
    a click or a signal is the app's own that no touch explains: none at all came before it, or one on another answer.
    """
    told = scene.touches_told or bool(touches)
    touches = sorted(touches, key=_touched_at)
    unsure = max((at.uncertainty_us for at, _ in touches), default=0)
    kept: list[Choice] = []
    refused: Choice | None = None
    for claim in claims:
        first = bisect_left(touches, claim.instant.at_us - SAME_CHOICE_US, key=_touched_at)
        last = bisect_right(touches, claim.instant.at_us + claim.instant.uncertainty_us + unsure, key=_touched_at)
        explained = any(_caused(at, claim) and phase in (None, claim.phase) for at, phase in touches[first:last])
        forged = told and not explained and claim.phase is not Phase.REFUSED
        seen = claim.witness is Witness.CLICK and not forged
        if refused is not None and claim.phase is not Phase.REFUSED and not seen:
            if not _asked_since(scene, refused, claim):
                why = f"{refused.reasoning}; against it stands only: {claim.reasoning}"
                kept.append(Choice(claim.instant, Phase.REFUSED, Witness.ABSENCE, claim.evidence, why))
                continue
        elif seen:
            refused = claim if claim.phase is Phase.REFUSED else None
        if forged:
            why = f"no touch of the screen explains it: {claim.reasoning}"
            kept.append(Choice(claim.instant, Phase.UNKNOWN, Witness.ABSENCE, claim.evidence, why))
        else:
            kept.append(claim)
    return kept


def _touched_at(touch: tuple[Instant, Phase | None]) -> Micros:
    return touch[0].at_us


def _asked_since(scene: Scene, refused: Choice, claim: Choice) -> bool:
    """Say whether a question was looked at between a refusal and a claim."""
    between = (
        one for one in scene.screens if refused.instant.before(one.instant) and one.instant.before(claim.instant)
    )
    return any(one.reading.kind in ASKING for one in between)


def _proven(tap: Choice, kept: Sequence[Choice]) -> bool:
    """Say whether the click of a refusal was seen that a touch refused by."""
    clicks = (item for item in kept if item.witness is Witness.CLICK and item.phase is Phase.REFUSED)
    return tap.phase is Phase.REFUSED and any(_caused(tap.instant, click) for click in clicks)


def _caused(touch: Instant, claim: Choice) -> bool:
    return not claim.instant.before(touch) and claim.instant.at_us - touch.at_us <= SAME_CHOICE_US


def _asserted(scene: Scene) -> list[Choice]:
    return [
        Choice(mark.instant, _ASSERTED[kind], Witness.ASSERTED, (mark.ref,), f"asserted: {kind.value}")
        for mark in scene.marks_of(*_ASSERTED)
        for kind in (mark.mark.kind,)
    ]


def _signalled(scene: Scene, signals: Sequence[Signal]) -> list[Choice]:
    """Take a signal for a choice where what had asked for one went away about then, in the same run.

    While it still asks, or where nothing ever did, what was written is a default or made up, and nobody has chosen.
    Where a later run asks the same again, what was chosen before is not known.
    """
    found = []
    for signal in signals:
        asked = [screen for screen in scene.screens if screen.instant.before(signal.instant)]
        since = max((mark.instant.at_us for mark in scene.marks_of(*STARTS) if mark.instant.before(signal.instant)),
                    default=scene.start_us)  # fmt: skip
        shown = [screen for screen in asked if screen.instant.at_us >= since and screen.reading.kind in ASKING]
        gone = _gone_at(scene, shown[-1]) if shown else None
        if gone is None or abs(signal.instant.at_us - gone) > SAME_CHOICE_US:
            continue
        evidence = (signal.ref, shown[-1].ref)
        again = _shown_again(scene, shown[-1], gone)
        if again is None:
            found.append(Choice(signal.instant, signal.phase, Witness.SIGNAL, evidence, signal.reasoning))
        elif again.instant.at_us >= _next_start(scene, signal.instant.at_us):
            why = f"{signal.reasoning}, but a later run asked the same again"
            found.append(Choice(signal.instant, Phase.UNKNOWN, Witness.SIGNAL, (*evidence, again.ref), why))
    return found


def _gone_at(scene: Scene, screen: PlacedScreen) -> int | None:
    """Give when a question was gone: the first readable screen of the app after it that asks nothing, if any came."""
    later = (other for other in scene.screens if other.instant.at_us > screen.instant.at_us)
    away = (other.instant.at_us for other in later if other.reading.kind not in ASKING | _PASSING)
    return min(away, default=None)


def _shown_again(scene: Scene, screen: PlacedScreen, gone_us: int) -> PlacedScreen | None:
    """Give the first screen that shows the same dialog after it was gone: then it had only been covered."""
    later = (other for other in scene.screens if other.instant.at_us > gone_us)
    return next((other for other in later if same_dialog(screen.reading, other.reading)), None)


def _finished(scene: Scene, found: Sequence[Choice]) -> list[Choice]:
    """Keep the choices that ended the asking; what an earlier run had refused stays refused."""
    kept: list[Choice] = []
    for choice in found:
        layer = _layer_after(scene, choice) if choice.phase is Phase.REFUSED else None
        if layer is None:
            kept.append(choice)
        elif not _answered(scene, layer, found) and not (kept and kept[-1].phase is Phase.REFUSED):
            why = f"{choice.reasoning}, then a second layer came up and nothing shows that it was answered"
            kept.append(Choice(choice.instant, Phase.UNKNOWN, choice.witness, (*choice.evidence, layer.ref), why))
    return kept


def _layer_after(scene: Scene, choice: Choice) -> PlacedScreen | None:
    """Give the dialog that came up upon a refusal, before anything else was shown, in the same run."""
    shown = _screen_before(scene.screens, choice.instant)
    end = _next_start(scene, choice.instant.at_us)
    for screen in scene.screens:
        kind, since = screen.reading.kind, screen.instant.at_us - choice.instant.at_us
        if since <= 0 or screen.instant.at_us >= end or kind in _PASSING:
            continue
        if shown is not None and same_dialog(shown.reading, screen.reading):
            continue
        if kind in _LAYERS:
            return screen
        if since > LAYER_US:
            return None
    return None


_LAYERS: Final = frozenset({ScreenKind.RETENTION, ScreenKind.CONSENT})
_PASSING: Final = frozenset({ScreenKind.UNREADABLE, ScreenKind.PERMISSION})


def _answered(scene: Scene, layer: PlacedScreen, found: Sequence[Choice]) -> bool:
    end = _next_start(scene, layer.instant.at_us)
    return any(layer.instant.at_us < choice.instant.at_us < end for choice in found)


def _next_start(scene: Scene, at_us: int) -> int:
    later = (mark.instant.at_us for mark in scene.marks_of(*STARTS) if mark.instant.at_us > at_us)
    return min(later, default=scene.end_us)


def _unwitnessed(scene: Scene, found: Sequence[Choice]) -> list[Choice]:
    """With a person at the device, a dialog that went away without a witness leaves the phase unknown."""
    if scene.strategy is not Strategy.MANUAL:
        return []
    lost = []
    for shown, after in pairwise(scene.screens):
        if shown.reading.kind is ScreenKind.UNREADABLE:
            lost.append(_unknown(shown, "a person was at the device and this screen could not be read"))
        elif shown.reading.kind in ASKING and after.reading.kind not in ASKING and not _witnessed(shown, after, found):
            lost.append(_unknown(shown, "the dialog went away and nothing shows what was chosen"))
    return lost


def _unknown(screen: PlacedScreen, why: str) -> Choice:
    return Choice(screen.instant, Phase.UNKNOWN, Witness.ABSENCE, (screen.ref,), why)


def _witnessed(shown: PlacedScreen, after: PlacedScreen, found: Sequence[Choice]) -> bool:
    return any(shown.instant.at_us <= choice.instant.at_us <= after.instant.at_us + SAME_CHOICE_US for choice in found)


_CLAIMS: Final = frozenset({Witness.ASSERTED, Witness.SIGNAL})
"""Witnesses that say what was chosen without showing it: against what was seen done, the choice is unknown."""


def _settle(found: Sequence[Choice]) -> list[Choice]:
    """Join the witnesses of one choice, keep its most exact instant, and call contradictions unknown."""
    settled: list[Choice] = []
    for choice in found:
        last = settled[-1] if settled else None
        if last is None or not _together(last, choice):
            settled.append(choice)
        elif last.phase is choice.phase:
            best, other = sorted((last, choice), key=lambda item: item.witness)
            why = other.reasoning if other.witness is Witness.ABSENCE else best.reasoning
            settled[-1] = Choice(best.instant, best.phase, best.witness, best.evidence + other.evidence, why)
        elif (
            _CLAIMS & {last.witness, choice.witness} and last.witness is not choice.witness
        ) or choice.instant.at_us == last.instant.at_us:
            settled.append(Choice(choice.instant, Phase.UNKNOWN, Witness.ABSENCE, last.evidence + choice.evidence,
                                  f"contradiction: {last.reasoning}; {choice.reasoning}"))  # fmt: skip
        else:
            settled.append(choice)
    return settled


def _together(first: Choice, second: Choice) -> bool:
    return abs(second.instant.at_us - first.instant.at_us) <= SAME_CHOICE_US


def _screen_before(screens: Sequence[PlacedScreen], instant: Instant) -> PlacedScreen | None:
    """Give the last screen that was surely before an instant; the screens are in order."""
    last = bisect_right(screens, instant.at_us, key=lambda screen: screen.instant.at_us)
    return next((screens[at] for at in range(last - 1, -1, -1) if screens[at].instant.before(instant)), None)


def _texts(call: Call) -> list[str]:
    values: list[Value] = [*([call.event.this] if call.event.this else []), *call.event.arguments]
    found: list[str] = []
    while values:
        value = values.pop()
        found.append(value.text)
        values.extend(inner for _, inner in value.fields)
        values.extend(value.items)
    return [text for text in found if text]
