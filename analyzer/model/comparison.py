"""Comparison: what two results say of the same app, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzer.model.clock import Micros
from analyzer.model.vocabulary import Change, Channel, Outcome, Phase, Subject, Tier


@dataclass(frozen=True, slots=True)
class Judged:
    """What one result says of one rule; `seen` are the positions of its evidence among the sightings.

    `places` are phase and strategy of those marks and screens that are evidence.
    """

    rule: str
    clause: str
    title: Mapping[str, str]
    outcome: Outcome
    tier: Tier | None
    evidence: int
    reasons: tuple[str, ...] = ()
    seen: tuple[int, ...] = ()
    places: frozenset[tuple[Phase, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One observation, as far as it can be compared; `recipient` is a domain, `at_us` counts from the start."""

    data_type: str
    channel: Channel
    phase: Phase
    strategy: str
    tier: Tier
    at_us: Micros
    sdk: str = ""
    recipient: str = ""
    hook: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two results.

    `watched` gives how long the longest recording of a phase lasted, by phase and strategy; `armed` the hooks that were
    in place, `fired` whether any of them was seen to work; `gaps` kind and subject of what could not be seen; `planted`
    the data types whose values were known, `policy` the digest of the privacy policy compared with, if there was one,
    `unpinned` whether the app's own checks of certificates were taken away, `judged_by` versions and digests of what
    made the result, by name.
    """

    session: str
    package: str
    version: str = ""
    run_id: str = ""
    tool: str = ""
    device: str = ""
    imported: bool = False
    profile: Mapping[str, str] = field(default_factory=dict)
    planted: frozenset[str] = frozenset()
    policy: str = ""
    unpinned: bool = False
    judged_by: Mapping[str, str] = field(default_factory=dict)
    watched: Mapping[tuple[Phase, str], Micros] = field(default_factory=dict)
    armed: frozenset[str] = frozenset()
    fired: bool = True
    gaps: tuple[tuple[str, str], ...] = ()
    judged: tuple[Judged, ...] = ()
    sightings: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a thing stands in one result: outcome of a rule, strongest tier, how often, and when first."""

    outcome: Outcome | None
    tier: Tier | None
    count: int
    first_us: Micros | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one rule, data type, SDK, recipient, API, or of one data type on its way to one of them.

    `who` is the recipient of what was sent and the SDK of what was read. `reasons` say why nothing better can be said.
    """

    subject: Subject
    name: str
    change: Change
    before: Standing | None
    after: Standing | None
    reasons: tuple[str, ...] = ()
    clause: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    data_type: str = ""
    who: str = ""
    channel: Channel | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, what makes them hard to compare, and every difference."""

    before: Side
    after: Side
    warnings: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def broke(self) -> bool:
        """Say whether the second shows anything that the first does not."""
        return any(difference.change is Change.NEW for difference in self.differences)
