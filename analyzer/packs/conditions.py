"""The condition language of rules: a tree of three-valued questions about what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analyzer.model.vocabulary import (
    AppState,
    Channel,
    ClaimStatus,
    Control,
    HookKind,
    MarkKind,
    Method,
    Party,
    Phase,
    ScreenKind,
    Tier,
    Where,
)

Number: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)] | str
"""A figure, or the name of a threshold of the profile."""


class Strict(BaseModel):
    """A part of a pack: immutable, and no key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ObservationQuery(Strict):
    """Which observations are meant; empty lists mean any. `data_type`, `sdk` take globs (`id.*`).

    `cleartext` asks whether the data was sent without encryption of the connection.
    `policy` is what the app's privacy policy says of the data at its recipient; without a policy nothing matches it.
    `policy_confidence_at_least` is how sure the reading of the policy must be.
    """

    phase: tuple[Phase, ...] = ()
    app_state: tuple[AppState, ...] = ()
    tier: tuple[Tier, ...] = ()
    tier_at_least: Tier | None = None
    channel: tuple[Channel, ...] = ()
    where: tuple[Where, ...] = ()
    data_type: tuple[str, ...] = ()
    not_data_type: tuple[str, ...] = ()
    party: tuple[Party, ...] = ()
    sdk: tuple[str, ...] = ()
    method: tuple[Method, ...] = ()
    confidence_at_least: Number | None = None
    unnecessary: bool = False
    cleartext: bool | None = None
    policy: tuple[ClaimStatus, ...] = ()
    policy_confidence_at_least: Number | None = None


class CallQuery(Strict):
    """Which hook hits are meant; `hook` takes globs, and so do `arguments`, one for each argument from the first."""

    hook: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    kind: tuple[HookKind, ...] = ()
    phase: tuple[Phase, ...] = ()
    app_state: tuple[AppState, ...] = ()


class MarkQuery(Strict):
    """Which marks are meant; `details` and `not_details` are globs by the name of the detail.

    A mark without the detail may be what `not_details` names: it is no ground of `violated_when`.

    `over` are figures by the name of a detail that is a number and must be greater.
    """

    kind: tuple[MarkKind, ...] = Field(min_length=1)
    phase: tuple[Phase, ...] = ()
    app_state: tuple[AppState, ...] = ()
    details: Mapping[str, str] = Field(default_factory=dict)
    not_details: Mapping[str, str] = Field(default_factory=dict)
    over: Mapping[str, Number] = Field(default_factory=dict)


class ScreenQuery(Strict):
    """Which screens are meant; `says` are words of which one stands on the screen, in normal form.

    `lacks_control` is unknown while a button of the screen was not understood. `implied_only` asks that going on is
    merely taken as consent, with neither a refusal nor a box to tick beside it; `implies_consent` that a line takes the
    mere use of the app as agreement. `first_of_run` asks for the first screen since the app was started.
    `refusal_smaller_than` is the area of the refusal as a share of that of the acceptance; `refusal_paler_than` the
    contrast of its letters (WCAG, 1 to 21) where that of the acceptance reaches it. Both are unknown where a dialog
    with both answers could not be measured. `policy_page` asks for a page at which a search for the privacy policy
    arrived; the questions about its length (characters), letters and script are unknown where they could not be read.
    """

    kind: tuple[ScreenKind, ...] = ()
    phase: tuple[Phase, ...] = ()
    says: tuple[str, ...] = ()
    has_control: tuple[Control, ...] = ()
    lacks_control: tuple[Control, ...] = ()
    checkbox_checked: bool | None = None
    implied_only: bool | None = None
    implies_consent: bool | None = None
    mentions_policy: bool | None = None
    states_purpose: bool | None = None
    after_relaunch: bool | None = None
    first_of_run: bool = False
    refusal_smaller_than: Number | None = None
    refusal_paler_than: Number | None = None
    policy_page: bool | None = None
    policy_shorter_than: Number | None = None
    policy_paler_than: Number | None = None
    policy_in_simplified_chinese: bool | None = None


class ConsentQuery(Strict):
    """Which states of consent are meant that the app wrote down or sent, by the text's own words.

    `gives` and `refuses` are numbers of purposes that it consents to, or does not; a text that holds no purposes is not
    meant, and what it says of purpose 1 is unknown where nobody was asked about that. `sent` asks whether it was sent.
    """

    framework: tuple[str, ...] = ()
    gives: tuple[int, ...] = ()
    refuses: tuple[int, ...] = ()
    sale_refused: bool | None = None
    sent: bool | None = None
    phase: tuple[Phase, ...] = ()


class Count(Strict):
    """At least so many facts, within a time in seconds where given, that agree in the attributes of `same`.

    The time is the one that the app saw: a device's clock that was set ahead counts.

    With `distinct` facts count once that have the same value of that attribute, and not at all without one.
    """

    of: Condition
    at_least: Annotated[float, Field(ge=1, allow_inf_nan=False)] | str
    within: Number | None = None
    same: tuple[str, ...] = ()
    distinct: str = ""


class Pair(Strict):
    """A fact and another that agree in `same`; with `ordered` the other follows, `within` seconds where given.

    A fact of `until` that lies between the two, and agrees in `same`, ends what the first one began: they are no pair.
    """

    first: Condition
    then: Condition
    until: Condition | None = None
    same: tuple[str, ...] = ("recording",)
    within: Number | None = None
    ordered: bool = False


class Lacks(Strict):
    """A fact with no other fact in the `within` seconds before it, although screens were read in that time."""

    of: Condition
    before: Condition
    within: Number


class Condition(Strict):
    """One node: exactly one of its keys is set.

    `policy_says` asks whether the app's privacy policy speaks of one of these topics of the policy words; silence of a
    policy that was read in part is unknown. `screen` asks about single screens, `prompt` about showings: screens in a
    row that show the same thing count once.
    """

    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    negation: Condition | None = Field(default=None, alias="not")
    observation: ObservationQuery | None = None
    call: CallQuery | None = None
    mark: MarkQuery | None = None
    screen: ScreenQuery | None = None
    prompt: ScreenQuery | None = None
    consent: ConsentQuery | None = None
    policy_says: tuple[str, ...] | None = None
    count: Count | None = None
    pair: Pair | None = None
    lacks: Lacks | None = None

    @model_validator(mode="after")
    def _one_key(self) -> Condition:
        chosen = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(chosen) != 1:
            raise ValueError(f"a condition has exactly one key, this one has {chosen or 'none'}")
        return self

    @property
    def key(self) -> str:
        """Give the name of the key that is set."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)
