"""Rules: clauses of law as data, each with its conditions, its needs and examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from analyzer.model.vocabulary import (
    AppState,
    Channel,
    ClaimStatus,
    Control,
    Decidable,
    GapKind,
    MarkKind,
    Method,
    Outcome,
    Owner,
    Party,
    Phase,
    ScreenKind,
    Tier,
)
from analyzer.packs.conditions import Condition, Number, Strict


class Needs(Strict):
    """What must have been tested and visible before silence means anything.

    `phases`, `app_states` and `marks`: one of them must have been exercised. `hooks`: data types (globs) whose hooks
    must be armed. `first_run`: a fresh app state. `dwell`: the phase must have lasted as long as the profile asks.
    `consents`: every consent that was written or sent could be read.
    `reach`: seconds after the first start of the app within which new starts must have been tried, by the clock that
    the app saw; where the device's clock could not be set ahead for it, silence is inconclusive.
    `walk`: the policy was reached, or a search for it that nothing broke off was made where the app was not refused.
    `page`: the policy was reached, and not only named on a screen.
    """

    phases: tuple[Phase, ...] = ()
    app_states: tuple[AppState, ...] = ()
    marks: tuple[MarkKind, ...] = ()
    hooks: tuple[str, ...] = ()
    traffic: bool = False
    screens: bool = False
    consents: bool = False
    first_run: bool = False
    dwell: bool = False
    walk: bool = False
    page: bool = False
    reach: Number | None = None
    app_type: bool = False
    policy: bool = False


class SeenObservation(Strict):
    """An observation of an example."""

    at: float
    data_type: str
    phase: Phase = Phase.INITIAL
    app_state: AppState = AppState.FOREGROUND
    channel: Channel = Channel.API
    tier: Tier = Tier.ACCESSED
    party: Party | None = None
    owner: Owner = Owner.APP
    method: Method = Method.HOOK
    confidence: float = 1.0
    policy: ClaimStatus | None = None
    policy_confidence: float = 0.7
    cleartext: bool = False
    flow: int | None = None


class SeenCall(Strict):
    """A hooked call of an example, with its arguments as texts."""

    at: float
    hook: str
    arguments: tuple[str, ...] = ()
    phase: Phase = Phase.INITIAL


class SeenConsent(Strict):
    """A text written under a key of the frameworks, or sent in the request `flow`; what cannot be read is a gap."""

    at: float
    key: str
    text: str
    phase: Phase = Phase.INITIAL
    flow: int | None = None


class SeenMark(Strict):
    """A mark of an example."""

    at: float
    kind: MarkKind
    phase: Phase = Phase.INITIAL
    app_state: AppState = AppState.FOREGROUND
    details: Mapping[str, str] = Field(default_factory=dict)


class SeenPage(Strict):
    """What a page of the privacy policy looks like in an example."""

    characters: int = 5_000
    simplified: bool | None = True
    contrast: float | None = 15


class SeenScreen(Strict):
    """A screen of an example; `page` where a search for the privacy policy arrived on it."""

    at: float
    kind: ScreenKind
    phase: Phase = Phase.INITIAL
    controls: tuple[Control, ...] = ()
    checked: bool = False
    explicit: bool = True
    mentions_policy: bool = True
    states_purpose: bool = False
    implies_consent: bool = False
    says: str = ""
    refusal_area: float | None = 1
    refusal_contrast: float | None = 12
    accept_contrast: float | None = 12
    page: SeenPage | None = None


class SeenGapIn(Strict):
    """A gap of an example."""

    at: float
    kind: GapKind
    subject: str = ""


class Example(Strict):
    """A small story and the outcome that the rule must give; each phase lasts `each` seconds, one after the other.

    `policy` says that the app's privacy policy was given; what it says stands with the observations; it
    speaks of `policy_topics`, and of them only where `policy_whole`.
    """

    name: str
    expect: Outcome
    phases: tuple[Phase, ...] = (Phase.INITIAL,)
    app_state: AppState = AppState.FOREGROUND
    each: float = 60
    hooks: Literal["armed", "failed", "none"] = "armed"
    app_type: str = ""
    policy: bool = False
    policy_topics: tuple[str, ...] = ()
    policy_whole: bool = True
    observations: tuple[SeenObservation, ...] = ()
    calls: tuple[SeenCall, ...] = ()
    consents: tuple[SeenConsent, ...] = ()
    marks: tuple[SeenMark, ...] = ()
    screens: tuple[SeenScreen, ...] = ()
    gaps: tuple[SeenGapIn, ...] = ()


class Examples(Strict):
    """Stories in which the rule fires, stays silent, and cannot see."""

    fire: tuple[Example, ...] = ()
    silent: tuple[Example, ...] = ()
    blind: tuple[Example, ...] = Field(min_length=1)

    def __iter__(self) -> Iterator[Example]:  # type: ignore[override]
        """Give all stories."""
        yield from (*self.fire, *self.silent, *self.blind)


class Rule(Strict):
    """One clause; `text` holds the original wording and a paraphrase, graded by `text_fidelity`.

    `untested` says, by language, why no recording of ours can test a clause that could be decided: it has no condition.
    `covers` says, by language, what of a clause the conditions test where that is not all of it.
    `same_as` names the rule (`pack/rule`) whose conditions, needs and examples are this one's; the ceiling is its own.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_.]+$")
    clause: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    text_fidelity: str
    decidable: Decidable
    source: tuple[str, ...] = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)
    reasoning: str = Field(min_length=10)
    note: str = ""
    untested: Mapping[str, str] = Field(default_factory=dict)
    covers: Mapping[str, str] = Field(default_factory=dict)
    ceiling: Outcome = Outcome.VIOLATED
    same_as: str = Field(default="", pattern=r"^([a-z0-9-]+/[a-z][a-z0-9_.]+)?$")
    violated_when: Condition | None = None
    suspected_when: Condition | None = None
    needs: Needs = Needs()
    examples: Examples


def has_condition(rule: Rule) -> bool:
    """Say whether a rule can be met at all."""
    return rule.violated_when is not None or rule.suspected_when is not None


class RulePack(Strict):
    """A versioned set of rules of one instrument; `by_default` says whether it judges where no pack is named."""

    id: str
    version: str
    by_default: bool = True
    jurisdiction: str
    instrument: Mapping[str, str]
    source: tuple[str, ...] = Field(min_length=1)
    confidence: float = Field(ge=0, le=1)
    note: str = ""
    rules: tuple[Rule, ...] = Field(min_length=1)
