"""Examples: runs the stories that a rule tells about itself, through the very judge that real evidence meets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analyzer.analysis.consent import ScreenReading
from analyzer.analysis.consent_states import decode_stored, decode_text
from analyzer.analysis.controls import ScreenControl
from analyzer.analysis.designs import Design
from analyzer.analysis.facts import Fact, Facts, clock_ahead, showings
from analyzer.analysis.judge import Case, judge_rule
from analyzer.analysis.needs import View
from analyzer.analysis.policy_page import PolicyPage
from analyzer.analysis.scene import PlacedMark, PlacedScreen
from analyzer.analysis.screens import Bounds
from analyzer.model.clock import Instant, Stamp
from analyzer.model.evidence import Event, EvidenceRef, Mark, Process, Screen, Thread, Value
from analyzer.model.results import (
    Call,
    ConsentState,
    Coverage,
    HookCoverage,
    Observation,
    PhaseSpan,
    Recipient,
    SeenGap,
)
from analyzer.model.vocabulary import (
    AppState,
    Channel,
    Control,
    Ending,
    GapKind,
    HookKind,
    HookStatus,
    MarkKind,
    Party,
    Source,
    ValueKind,
    Where,
)
from analyzer.packs.app_types import AppType
from analyzer.packs.profiles import Profile
from analyzer.packs.rules import Example, Rule, RulePack, SeenCall, SeenConsent, SeenMark, SeenObservation, SeenScreen
from analyzer.packs.wording import normal

_RECORDING = "1-example"
_LEAVING = frozenset({Control.REFUSE, Control.QUIT, Control.CLOSE})


def run_examples(packs: Sequence[RulePack], profile: Profile, app_types: Mapping[str, AppType]) -> list[str]:
    """Judge every example of every rule; gives one sentence for each that comes out otherwise than expected."""
    return [
        f"{rule.id}: the example “{example.name}” gives {outcome}, expected {example.expect.value}"
        for pack in packs
        for rule in pack.rules
        for example in rule.examples
        for outcome in (judge_rule(rule, pack.id, stage(rule, example, profile, app_types)).outcome.value,)
        if outcome != example.expect.value
    ]


def stage(rule: Rule, example: Example, profile: Profile, app_types: Mapping[str, AppType]) -> Case:
    """Build the case that an example describes; the hooks of the types that the rule needs are armed or not."""
    app_type = app_types.get(example.app_type)
    necessary = None if app_type is None else frozenset({*app_type.necessary, *app_type.borderline})
    types = {f"example.{number}": frozenset({name}) for number, name in enumerate(rule.needs.hooks)}
    view = View(
        *(_spans(example), _gaps(example), _coverage(example, types), _facts(example), types, profile),
        app_type=example.app_type,
        policy=example.policy,
        policy_part=example.policy and not example.policy_whole,
    )
    return Case(view, dict.fromkeys(types, HookKind.READ), necessary)


def _spans(example: Example) -> tuple[PhaseSpan, ...]:
    length = _us(example.each)
    return tuple(
        PhaseSpan(_RECORDING, phase, example.app_state, number * length, (number + 1) * length, (), "as the story says")
        for number, phase in enumerate(example.phases)
    )


def _gaps(example: Example) -> tuple[SeenGap, ...]:
    told = [(gap.at, gap.kind, gap.subject, "as the story says") for gap in example.gaps]
    read = ((item, _decoded(item)) for item in example.consents)
    told += [(item.at, GapKind.CONSENT_UNREADABLE, item.key, why) for item, why in read if isinstance(why, str)]
    return tuple(
        SeenGap(f"g{number}", None, _RECORDING, kind, subject, why, _us(at))
        for number, (at, kind, subject, why) in enumerate(told, 1)
    )


def _coverage(example: Example, types: Mapping[str, frozenset[str]]) -> Coverage:
    if example.hooks == "none":
        return Coverage()
    status = HookStatus.ARMED if example.hooks == "armed" else HookStatus.FAILED
    return Coverage(tuple(HookCoverage(_RECORDING, hook, status, ("main",), 1) for hook in types))


def _facts(example: Example) -> Facts:
    starts = [mark.at for mark in example.marks if mark.kind is MarkKind.RELAUNCHED]
    marks = [_mark(number, item) for number, item in enumerate(example.marks, 1)]
    ahead = clock_ahead([fact.subject for fact in marks if isinstance(fact.subject, PlacedMark)])
    seen = [_screen(number, screen, starts) for number, screen in enumerate(example.screens, 1)]
    screens = [replace(fact, ahead_us=ahead(fact.instant.at_us)) for fact in seen]
    return Facts(
        observations=tuple(_observation(number, item) for number, item in enumerate(example.observations, 1)),
        calls=tuple(_call(number, item) for number, item in enumerate(example.calls, 1)),
        marks=tuple(replace(fact, ahead_us=ahead(fact.instant.at_us)) for fact in marks),
        screens=tuple(screens),
        prompts=showings(screens),
        policy_topics=dict.fromkeys(example.policy_topics, "as the story says") if example.policy else None,
        policy_whole=example.policy_whole,
        consents=tuple(fact for number, item in enumerate(example.consents, 1) for fact in _consents(number, item)),
    )


def _observation(number: int, item: SeenObservation) -> Fact:
    instant = Instant(_us(item.at), "example", number)
    recipient = None if item.party is None else Recipient("host.example", "host.example", "", "", item.party, "story")
    network = item.channel is Channel.NETWORK
    observation = Observation(
        id=f"o{number}",
        ref=EvidenceRef(_RECORDING, Source.FLOWS if network else Source.EVENTS, number),
        instant=instant,
        data_type=item.data_type,
        channel=item.channel,
        where=Where.BODY if network else Where.RETURN,
        path="",
        encodings=(),
        value="",
        method=item.method,
        tier=item.tier,
        confidence=item.confidence,
        reasoning="as the story says",
        phase=item.phase,
        app_state=item.app_state,
        owner=item.owner,
        flow_index=item.flow,
        recipient=recipient or Recipient("", "", "", "", Party.UNKNOWN, "story"),
    )
    return Fact(
        observation.id,
        _RECORDING,
        instant,
        item.phase,
        item.app_state,
        observation,
        policy=item.policy,
        policy_confidence=item.policy_confidence,
        cleartext=item.cleartext,
    )


def _call(number: int, item: SeenCall) -> Fact:
    instant = Instant(_us(item.at), "example", number)
    arguments = tuple(Value(ValueKind.STRING, "java.lang.String", text=text) for text in item.arguments)
    event = Event(
        *(number, "example", Stamp(instant.at_us, instant.at_us), Process(1, "example"), Thread(1)),
        *(item.hook, item.hook, arguments, Ending.RETURNED, None),
    )
    call = Call(f"c{number}", EvidenceRef(_RECORDING, Source.EVENTS, number), instant, event, ())
    return Fact(call.id, _RECORDING, instant, item.phase, AppState.FOREGROUND, call)


def _decoded(item: SeenConsent) -> tuple[ConsentState, ...] | str:
    return decode_stored(item.key, item.text) if item.flow is None else decode_text(item.text)


def _consents(number: int, item: SeenConsent) -> list[Fact]:
    states = _decoded(item)
    if isinstance(states, str):
        return []
    instant, name = Instant(_us(item.at), "example", number), f"w{number}"
    ref = EvidenceRef(_RECORDING, Source.EVENTS if item.flow is None else Source.FLOWS, number)
    placed = (
        replace(state, ref=ref, instant=instant, call=name, key=item.key, flow_index=item.flow) for state in states
    )
    return [Fact(name, _RECORDING, instant, item.phase, AppState.FOREGROUND, state) for state in placed]


def _mark(number: int, item: SeenMark) -> Fact:
    instant = Instant(_us(item.at), "example", number)
    mark = Mark(number, "example", Stamp(instant.at_us, instant.at_us), item.kind, item.details)
    placed = PlacedMark(f"m{number}", EvidenceRef(_RECORDING, Source.MARKS, number), instant, mark)
    return Fact(placed.id, _RECORDING, instant, item.phase, item.app_state, placed)


def _screen(number: int, item: SeenScreen, starts: Sequence[float]) -> Fact:
    instant = Instant(_us(item.at), "example", number)
    controls = tuple(
        ScreenControl(control, control.value, Bounds(0, 0, 10, 10), item.explicit, item.checked)
        for control in item.controls
    )
    reading = ScreenReading(
        item.kind,
        controls,
        "as the story says",
        normal(item.says),
        mentions_policy=item.mentions_policy,
        states_purpose=item.states_purpose,
        implies_consent=item.implies_consent,
    )
    screen = Screen(number, "example", Stamp(instant.at_us, instant.at_us), "example", "example", "", readable=True)
    ref = EvidenceRef(_RECORDING, Source.SCREENS, number)
    page = None if item.page is None else PolicyPage(item.page.characters, item.page.simplified, item.page.contrast)
    both = Control.ACCEPT in item.controls and bool(_LEAVING & set(item.controls))
    design = Design(both, item.refusal_area, item.accept_contrast, item.refusal_contrast) if both else Design()
    placed = PlacedScreen(f"s{number}", ref, instant, screen, reading, design, page)
    run = sum(start <= item.at for start in starts)
    return Fact(placed.id, _RECORDING, instant, item.phase, AppState.FOREGROUND, placed, run, first_of_run=True)


def _us(seconds: float) -> int:
    return int(seconds * 1_000_000)
