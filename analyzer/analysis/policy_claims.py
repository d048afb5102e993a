"""Compares what was seen with what the privacy policy says: per data type and recipient, never a verdict by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from analyzer.analysis.policy_statements import Statements
from analyzer.model.results import Claim, Observation
from analyzer.model.vocabulary import Channel, ClaimStatus, Party, Phase, Tier, Where

_BEFORE: Final = frozenset({Phase.INITIAL, Phase.REFUSED})
_NOBODY: Final = frozenset({"app", "obfuscated", "unknown"})
_SURE: Final = 0.5
_UNSURE: Final = 0.3
_WITHHELD: Final = 0.6
"""How sure a denial of giving or sending is: a recipient may act for the app, and what is sent may be a part."""


@dataclass(slots=True)
class _Pair:
    """All observations of one data type at one recipient; `name` is a company, a host, or empty for the app.

    `before` and `left`: it was seen before a choice; it left the device.
    """

    data_type: str
    name: str
    company: str
    party: Party
    confidence: float = 0.0
    before: bool = False
    left: bool = False
    observations: list[str] = field(default_factory=list)


def compare_with_policy(observations: Sequence[Observation], statements: Statements) -> tuple[Claim, ...]:
    """Give one claim for each pair of data type and recipient that was seen, most serious first.

    A pair whose type is named beside the recipient is `declared`, one that only umbrella terms take in `broadly`.
    The confidence never exceeds that of the observations.
    """
    claims = [_claim(pair, statements) for pair in _pairs(observations, statements)]
    order = {ClaimStatus.DENIED: 0, ClaimStatus.UNDECLARED: 1, ClaimStatus.BROADLY: 2, ClaimStatus.DECLARED: 3}
    claims.sort(key=lambda claim: (order[claim.status], -claim.confidence, claim.data_type, claim.recipient))
    return tuple(replace(claim, id=f"p{number}") for number, claim in enumerate(claims, 1))


def _pairs(observations: Iterable[Observation], said: Statements) -> Iterable[_Pair]:
    """Give the pairs; where a policy promises something of the time before a choice, that time is apart."""
    pairs: dict[tuple[str, str, bool], _Pair] = {}
    for seen in observations:
        if seen.channel is Channel.API and seen.tier is not Tier.ACCESSED:
            continue
        if seen.tier is Tier.DECLARED and seen.where is not Where.RESPONSE:
            continue
        name, company, party = _recipient(seen)
        apart = said.promise is not None and seen.phase in _BEFORE
        pair = pairs.setdefault((seen.data_type, name, apart), _Pair(seen.data_type, name, company, party))
        pair.confidence = max(pair.confidence, seen.confidence)
        pair.before = pair.before or seen.phase in _BEFORE
        pair.left = pair.left or (seen.channel is Channel.NETWORK and seen.where is not Where.RESPONSE)
        pair.observations.append(seen.id)
    return pairs.values()


def _recipient(seen: Observation) -> tuple[str, str, Party]:
    if seen.recipient is not None and seen.recipient.party is not Party.FIRST:
        company = seen.recipient.company
        return company or seen.recipient.host, company, seen.recipient.party
    if seen.recipient is None and seen.sdk is not None and seen.sdk.id not in _NOBODY and seen.sdk.company:
        return seen.sdk.company, seen.sdk.company, Party.THIRD
    return "", "", Party.FIRST


def _claim(pair: _Pair, said: Statements) -> Claim:
    status, number, sureness, why = _judge(pair, said)
    if status is ClaimStatus.UNDECLARED and not said.whole:
        sureness, why = min(sureness, _SURE), f"{why}; the policy may be longer than what was read of it"
    sentence = "" if number is None else said.sentences[number].text
    confidence = round(min(pair.confidence, sureness), 3)
    seen = tuple(pair.observations)
    return Claim("", pair.data_type, pair.name, pair.party, status, sentence, confidence, why, seen)


def _judge(pair: _Pair, said: Statements) -> tuple[ClaimStatus, int | None, float, str]:
    data_type = pair.data_type
    denial = _denial(pair, said)
    if denial is not None:
        return ClaimStatus.DENIED, *denial
    if pair.party is not Party.FIRST:
        return _third(pair, said) if pair.party is Party.THIRD and pair.company else _stranger(pair, said)
    if data_type in said.declared:
        return ClaimStatus.DECLARED, said.declared[data_type], 0.8, "a sentence names this data"
    if data_type in said.broadly:
        return ClaimStatus.BROADLY, said.broadly[data_type], 0.6, "only a broad term takes this data in"
    return ClaimStatus.UNDECLARED, None, 0.7, "no sentence names this data"


def _denial(pair: _Pair, said: Statements) -> tuple[int, float, str] | None:
    """Give the sentence that a pair contradicts: of collecting, the time before the choice, sending, or giving."""
    data_type = pair.data_type
    declared = data_type in said.declared
    if data_type in said.denied and not declared:
        return said.denied[data_type], 0.8, "a sentence denies that this data is collected"
    if pair.before and said.promise is not None:
        why = "a sentence says that nothing is collected before the user agrees; this was seen before"
        return said.promise, 0.7, why
    if pair.left and data_type in said.unsent and not declared:
        return said.unsent[data_type], _WITHHELD, "a sentence denies that this data is sent"
    if not (pair.left and pair.company and pair.party is Party.THIRD) or said.beside(pair.company, data_type):
        return None
    withheld = said.unshared(pair.company, data_type)
    if withheld is None:
        return None
    why = "a sentence denies that others get this data; whether the recipient acts for the app is not seen"
    return withheld, _WITHHELD, why


def _stranger(pair: _Pair, said: Statements) -> tuple[ClaimStatus, int | None, float, str]:
    """Judge a recipient of which only the host is known: what a sentence gives to somebody else is not given to it."""
    found = said.open_to(pair.name, pair.data_type, foreign=pair.party is Party.THIRD)
    if found is not None:
        number, outright = found
        if outright:
            return ClaimStatus.DECLARED, number, 0.8, "a sentence names this data"
        return ClaimStatus.BROADLY, number, 0.6, "only a broad term takes this data in"
    stranger = said.to_stranger(pair.data_type)
    if stranger is not None:
        return _maybe(stranger)
    anywhere = {**said.broadly, **said.declared}.get(pair.data_type)
    if anywhere is not None:
        beside = "this data is named only beside other recipients"
        alone = "this data is named, but nobody besides the app who gets it"
        sentence = said.sentences[anywhere]
        named = sentence.companies | sentence.given_to | sentence.strangers
        return ClaimStatus.UNDECLARED, None, _SURE, beside if named else alone
    return ClaimStatus.UNDECLARED, None, 0.7, "no sentence names this data"


def _maybe(stranger: tuple[int, str]) -> tuple[ClaimStatus, int | None, float, str]:
    """Say that a recipient may be the company that a sentence names: nothing tells its hosts."""
    number, name = stranger
    return ClaimStatus.UNDECLARED, number, _SURE, f"this data is given to {name}, which may be this recipient or not"


def _third(pair: _Pair, said: Statements) -> tuple[ClaimStatus, int | None, float, str]:
    data_type, named = pair.data_type, said.companies.get(pair.company)
    beside = said.beside(pair.company, data_type)
    if beside is not None:
        number, outright = beside
        if outright:
            return ClaimStatus.DECLARED, number, 0.8, "this data is named beside the recipient"
        return ClaimStatus.BROADLY, number, 0.6, "beside the recipient only a broad term takes this data in"
    anywhere = data_type in said.declared or data_type in said.broadly
    stranger = said.to_stranger(data_type)
    if named is None and stranger is not None:
        return _maybe(stranger)
    if named is None:
        sure = _SURE if anywhere else 0.7
        what = "the recipient is not named" if anywhere else "neither the recipient nor this data is named"
        return ClaimStatus.UNDECLARED, None, sure, what
    if anywhere:
        return ClaimStatus.UNDECLARED, named[0], _UNSURE, "the recipient is named, this data not beside it"
    return ClaimStatus.UNDECLARED, named[0], 0.7, "the recipient is named, this data nowhere"
