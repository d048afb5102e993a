"""Consent that was sent: TC strings, GPP strings and US privacy strings that requests carried, decoded.

What is sent is the sender's own claim. Names of the parameters: IAB Tech Lab, “Consent string and vendor list formats”
and “Global Privacy Platform”, URL-based services (memory).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

from analyzer.analysis.consent_states import MOST_STRINGS, TOO_MANY, decode_text, sections_unread
from analyzer.model.evidence import Request
from analyzer.model.results import ConsentState, Flow, Observation, SeenGap
from analyzer.model.vocabulary import UNREAD_SECTION, Channel, GapKind, Owner, Tier

_DATA_TYPE: Final = "consent.state"
_TEXTS: Final = frozenset(
    {"gdprconsent", "gdprconsentstring", "tcstring", "iabtcftcstring", "euconsentv2", "tcfstring"}
)
"""Parameters of a query, in letters alone, that hold a TC string or nothing."""
_GPP: Final = frozenset({"gpp", "gppstring", "iabgpphdrgppstring"})
"""Those that hold a GPP string."""
_APPLIES: Final = frozenset({"gdpr", "gdprapplies", "iabtcfgdprapplies"})
_EMPTY: Final = ("$", "{", "[", "%")
"""How a placeholder begins that nobody filled in."""
_SHORTEST: Final = 8
"""A shorter text is one of the yes and no that some recipients take under the same name."""
_MOST_FIELDS: Final = 1_000
_PARTS: Final = ("onsent", "tring", "gpp")
"""What the names have in common."""
_LETTERS: Final = re.compile(r"[a-z0-9]+")
_LAST: Final = re.compile(r"[\w-]+\Z")


def read_sent(
    observations: Iterable[Observation], flows: Iterable[Flow]
) -> tuple[tuple[ConsentState, ...], tuple[SeenGap, ...]]:
    """Give the consents that requests of the app carried, in order, and a gap for each text that cannot be read.

    Where a request says itself that the GDPR does not apply, its TC string says nothing.
    """
    told = [
        item
        for item in observations
        if item.data_type == _DATA_TYPE and item.channel is Channel.NETWORK and item.tier.rank >= Tier.TRANSMITTED.rank
    ]
    exempt = {item.flow_index for item in told if item.value == "0" and _letters(item.path) in _APPLIES}
    states: list[ConsentState] = []
    gaps: list[SeenGap] = []
    known: dict[str, dict[str, tuple[ConsentState, ...] | str]] = defaultdict(dict)
    for item in told:
        if len(item.value) < _SHORTEST or item.owner is Owner.OTHER or item.value.startswith(_EMPTY):
            continue
        if item.flow_index in exempt and _letters(item.path) not in _GPP:
            continue
        mine = known[item.ref.recording]
        if item.value not in mine:
            mine[item.value] = decode_text(item.value) if len(mine) < MOST_STRINGS else TOO_MANY
        read, key = mine[item.value], _key(item.path)
        if isinstance(read, str):
            gaps.append(_gap(item, key, read))
            continue
        states += (_carried_in(item, key, state) for state in read)
        gaps += (_gap(item, f"{UNREAD_SECTION}{number}", _SECTION) for number in sections_unread(item.value))
    read_texts = {(item.flow_index, item.value) for item in told}
    for flow in flows:
        if may_carry_consent(flow):
            carried = _carried(flow, () if flow.index in exempt else _TEXTS)
            gaps += (_gap(flow, key, _SHAPE) for key, text in carried if (flow.index, text) not in read_texts)
    return tuple(states), tuple(gaps)


def _carried_in(item: Observation, key: str, state: ConsentState) -> ConsentState:
    """Place a state in the request that carried it; what is sent is no choice, so it stands for none."""
    return replace(
        state,
        ref=item.ref,
        instant=item.instant,
        call=item.id,
        key=key,
        says=None,
        flow_index=item.flow_index,
        until=item.until,
    )


_SHAPE: Final = "the text is no consent string"
_SECTION: Final = "nothing reads this section"


def may_carry_consent(flow: Flow) -> bool:
    """Say whether the query of a request of the app may hold a consent."""
    return flow.owner is not Owner.OTHER and any(part in _query(flow) for part in _PARTS)


def _query(flow: Flow) -> str:
    record = flow.opening.record
    return record.target.partition("?")[2] if isinstance(record, Request) else ""


def _carried(flow: Flow, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Give what the query of a request holds under the names of a GPP string and under `names`."""
    for name, text in parse_qsl(_query(flow)[:65_536], max_num_fields=None, keep_blank_values=False)[:_MOST_FIELDS]:
        if (
            (_letters(name) in names or _letters(name) in _GPP)
            and len(text) >= _SHORTEST
            and not text.startswith(_EMPTY)
        ):
            yield name[:80], text


def _gap(item: Observation | Flow, key: str, why: str) -> SeenGap:
    place = item.ref.recording
    return SeenGap("", item.ref, place, GapKind.CONSENT_UNREADABLE, key, f"sent: {why}", item.instant.at_us)


def _key(path: str) -> str:
    found = _LAST.search(path)
    return found[0] if found else path


def _letters(path: str) -> str:
    return "".join(_LETTERS.findall(_key(path).casefold()))
