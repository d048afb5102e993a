"""What the first screen of the page says: the verdicts with their strongest evidence, and the figures that matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from analyzer.model.vocabulary import Channel, Outcome, Owner, Phase, Tier
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import DecisionEntry, ObservationEntry, VerdictEntry
from analyzer.report.kept_files import in_video
from analyzer.report.summary import Strongest, by_severity, decisions_by_rule, first_us, instants, since_start

MET: Final = frozenset({Outcome.VIOLATED, Outcome.SUSPECTED})
"""Outcomes that the page shows open; the others lie folded under it."""

_EVIDENCE: Final = 20
_CHIPS: Final = 60
_SHORT: Final = 12
_LIMB: Final = re.compile(r"\.\d+([ab])$")
"""How a rule ends that is one of two limbs of a clause."""
_ARTICLE: Final = re.compile(r"Art\. ?\d+(?:\(\d+\))*")


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """What the first screen says of one verdict; `first` is when it was met first, `video` where that is to be seen."""

    verdict: VerdictEntry
    first: str
    video: str
    strongest: ObservationEntry | None
    evidence: tuple[ObservationEntry, ...]
    decision: DecisionEntry | None = None

    @property
    def rest(self) -> tuple[str, ...]:
        """Name the evidence that is not among the first observations: later ones, calls, flows, marks and gaps."""
        told = {seen.id for seen in self.evidence}
        return tuple(name for name in self.verdict.evidence if name not in told)

    @property
    def short(self) -> str:
        """Give a name of the clause that fits into a line of many: itself, its article, or the rule."""
        clause, limb = self.verdict.clause, _LIMB.search(self.verdict.rule)
        if len(clause) <= _SHORT:
            return f"{clause} {limb[1]}" if limb and limb[1] not in clause else clause
        end = _ARTICLE.search(clause)
        return end[0] if end else self.verdict.rule


@dataclass(frozen=True, slots=True)
class Group:
    """The cards of one outcome."""

    outcome: str
    met: bool
    cards: tuple[VerdictCard, ...]

    @property
    def chips(self) -> list[tuple[str, list[VerdictCard]]]:
        """Give the first cards by instrument (rule pack), as they are named in one line of many."""
        by_pack: dict[str, list[VerdictCard]] = {}
        for card in self.cards[:_CHIPS]:
            by_pack.setdefault(card.verdict.pack, []).append(card)
        return list(by_pack.items())

    @property
    def left_out(self) -> int:
        """Give how many cards have no chip."""
        return max(0, len(self.cards) - _CHIPS)


@dataclass(frozen=True, slots=True)
class Glance:
    """The figures at a glance; `before` counts what happened before anybody had chosen."""

    violated: int
    suspected: int
    rules: int
    read_before: tuple[str, ...]
    sent_before: tuple[str, ...]
    recipients_before: tuple[str, ...]


def groups(document: ResultDocument) -> list[Group]:
    """Group the verdicts by outcome, the gravest first."""
    cards = _cards(document)
    outcomes = dict.fromkeys(card.verdict.outcome for card in cards)
    return [
        Group(outcome.value, outcome in MET, tuple(card for card in cards if card.verdict.outcome is outcome))
        for outcome in outcomes
    ]


def _cards(document: ResultDocument) -> list[VerdictCard]:
    known = instants(document)
    carrying = Strongest(document)
    cards, decisions = [], decisions_by_rule(document)
    for verdict in by_severity(document):
        at_us = first_us(verdict.evidence, known)
        cards.append(
            VerdictCard(
                verdict=verdict,
                first="" if at_us is None else since_start(document, at_us, " · "),
                video="" if at_us is None else in_video(document, at_us),
                strongest=carrying.of(verdict),
                evidence=carrying.first(verdict, _EVIDENCE),
                decision=decisions.get(verdict.rule),
            )
        )
    return cards


def glance(document: ResultDocument) -> Glance:
    """Count what a reader wants to know first; what another app sent is nothing that this one did."""
    read: dict[str, None] = {}
    sent: dict[str, None] = {}
    recipients: dict[str, None] = {}
    for seen in document.observations:
        if seen.phase is not Phase.INITIAL or seen.owner is Owner.OTHER:
            continue
        if seen.channel is Channel.API:
            read[seen.data_type] = None
        if seen.channel is Channel.NETWORK and seen.tier is not Tier.DECLARED:
            sent[seen.data_type] = None
            if seen.recipient:
                recipients[seen.recipient.company or seen.recipient.host] = None
    return Glance(
        violated=sum(verdict.outcome is Outcome.VIOLATED for verdict in document.verdicts),
        suspected=sum(verdict.outcome is Outcome.SUSPECTED for verdict in document.verdicts),
        rules=len(document.verdicts),
        read_before=tuple(read),
        sent_before=tuple(sent),
        recipients_before=tuple(recipients),
    )
