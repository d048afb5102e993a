"""Attributes what was sent: to the code that sent it, through whatever library carried it, and to who received it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from analyzer.analysis.attribute import UNKNOWN, attribute_stack
from analyzer.analysis.recipients import RecipientNames
from analyzer.analysis.senders import Sender
from analyzer.model.results import Call, Observation, Recipient, Sdk
from analyzer.model.vocabulary import HookKind, LinkMethod, Party, Tier
from analyzer.packs.catalog_entries import Catalog
from analyzer.packs.sdks import Sdks

SHARED: Final = 2
"""A library that sends for so many parties, to so many hosts, and reads nothing itself acts for its callers."""
_NO_PARTY: Final = frozenset({"app", "obfuscated", "unknown"})


class Sent(NamedTuple):
    """What attribution says of an observation; the names are its fields."""

    sdk: Sdk | None
    recipient: Recipient | None
    tier: Tier
    origins: tuple[str, ...]
    reasoning: str


@dataclass(frozen=True, slots=True)
class Sending:
    """Who is behind the flows of a session.

    `senders` by flow index; `callers` and `calls` by call id; `crypto` are the ids of crypto calls. `parties` are all
    who stand in the stack of a sender, innermost first, by its call; `shared` the ids of libraries that only carry.
    """

    senders: Mapping[int, Sender]
    callers: Mapping[str, Sdk]
    calls: Mapping[str, Call]
    crypto: frozenset[str]
    parties: Mapping[str, tuple[Sdk, ...]]
    shared: frozenset[str]

    def opener(self, index: int) -> Sdk | None:
        """Give who certainly opened a flow, whatever it carried; `None` where nobody was seen doing it."""
        sender = self.senders.get(index)
        if sender is None or sender.method is LinkMethod.TIME:
            return None
        parties = self.parties.get(sender.call, ())
        return _not_shared(parties, self.shared) or self.callers.get(sender.call)


def gather_sending(
    observations: Iterable[Observation],
    hosts: Sequence[str],
    senders: Mapping[int, Sender],
    calls: Sequence[Call],
    callers: Mapping[str, Sdk],
    catalog: Catalog,
    package: str,
    sdks: Sdks,
) -> Sending:
    """Give who is behind the flows to `hosts`, with the libraries told apart that only carry what others send."""
    by_id = {call.id: call for call in calls}
    parties = {
        sender.call: tuple(_parties(by_id[sender.call].frames or (), package, sdks)) for sender in senders.values()
    }
    crypto = frozenset(call.id for call in calls if _kind(call, catalog) is HookKind.CRYPTO)
    sending = Sending(senders, callers, by_id, crypto, parties, frozenset())
    readers = {callers[call.id].id for call in calls if call.id in callers and _reads(call, catalog)}
    busy = _serving(hosts, _served(observations, sending), sending)
    shared = {name for name in busy if name not in _NO_PARTY | readers and sdks.find(name) is None}
    return replace(sending, shared=frozenset(shared))


def _served(observations: Iterable[Observation], sending: Sending) -> dict[str, set[str]]:
    """Give for whom the innermost party of each sender sends: who calls it, or who had in hand what it sends alone."""
    served: dict[str, set[str]] = defaultdict(set)
    for parties in sending.parties.values():
        if len(parties) > 1:
            served[parties[0].id].add(parties[1].id)
    for one in observations if sending.parties else ():
        parties = _opened(one, sending)
        if len(parties) == 1:
            served[parties[0].id].update(maker.id for maker in list(_makers(one, sending))[:1])
    return {name: ids - {name, "obfuscated"} for name, ids in served.items()}


def _serving(hosts_of: Sequence[str], served: Mapping[str, set[str]], sending: Sending) -> set[str]:
    """Give who sends for several others, and to several hosts."""
    hosts: dict[str, set[str]] = defaultdict(set)
    for index, sender in sending.senders.items():
        for party in sending.parties[sender.call][:1]:
            hosts[party.id].add(hosts_of[index])
    return {name for name, others in served.items() if min(len(others), len(hosts[name])) >= SHARED}


class Attribution:
    """Says of observations on the network who sent and who received them; of others what they say themselves.

    `claimed` says by a flow's index that only its own header names its host.
    """

    def __init__(
        self, hosts: Sequence[str], sending: Sending, names: RecipientNames, claimed: Sequence[int] = ()
    ) -> None:
        self._hosts, self._claimed = hosts, claimed
        self._sending = sending
        self._names = names

    def of(self, one: Observation) -> Sent:
        """Give sender and recipient; data sent to a third party rises to that tier."""
        index = one.flow_index
        if index is None:
            return Sent(one.sdk, one.recipient, one.tier, one.origins, one.reasoning)
        claimed = bool(self._claimed and self._claimed[index])
        recipient = self._names.of(self._hosts[index], self._sending.opener(index), claimed=claimed)
        third = one.tier is Tier.TRANSMITTED and recipient.party is Party.THIRD
        tier = Tier.TRANSMITTED_THIRD_PARTY if third else one.tier
        if index not in self._sending.senders and not one.origins:
            return Sent(UNKNOWN, recipient, tier, (), one.reasoning)
        own = replace(one, origins=_origins(one, self._sending))
        sdk = sender_of(own, self._sending)
        return Sent(sdk, recipient, tier, own.origins, own.reasoning + _carried(own, sdk, self._sending))


def sender_of(one: Observation, sending: Sending) -> Sdk:
    """Give who sent an observed value.

    Of several parties in the sender's stack it is the innermost that also read or disguised the value; else the
    innermost that is no shared library; where only such a library is seen, the code that made or last read the value.
    """
    makers = list(_makers(one, sending))
    parties = _opened(one, sending)
    thirds = [party for party in parties if party.id not in _NO_PARTY]
    if len(thirds) > 1:
        ids = {maker.id for maker in makers}
        own = next((party for party in thirds if party.id in ids), None)
        if own is not None:
            return own
    named = _not_shared(parties, sending.shared)
    if named is not None:
        return named
    if makers:
        return makers[0]
    sender = _sender(one, sending)
    return sending.callers.get(sender.call, UNKNOWN) if sender else UNKNOWN


def _sender(one: Observation, sending: Sending) -> Sender | None:
    return None if one.flow_index is None else sending.senders.get(one.flow_index)


def _opened(one: Observation, sending: Sending) -> tuple[Sdk, ...]:
    """Give the parties in the stack of the call that certainly opened the flow."""
    sender = _sender(one, sending)
    return sending.parties[sender.call] if sender and sender.method is not LinkMethod.TIME else ()


def _makers(one: Observation, sending: Sending) -> Iterator[Sdk]:
    """Give who had the value in hand: first who disguised it, then who read it, the latest first."""
    for origin in sorted(one.origins, key=lambda origin: origin not in sending.crypto):
        caller = sending.callers.get(origin, UNKNOWN)
        if caller.id != UNKNOWN.id:
            yield caller


def _origins(one: Observation, sending: Sending) -> tuple[str, ...]:
    """Keep the origins of the process that sent, where it has some, and of several equal crypto calls the nearest."""
    sender = _sender(one, sending)
    pid = sending.calls[sender.call].event.process.pid if sender and sender.method is not LinkMethod.TIME else None
    crypto = [origin for origin in one.origins if origin in sending.crypto]
    reads = [origin for origin in one.origins if origin not in sending.crypto]
    return (*_of_process(reads, pid, sending), *_of_process(crypto, pid, sending)[:1])


def _of_process(origins: list[str], pid: int | None, sending: Sending) -> list[str]:
    own = [one for one in origins if one in sending.calls and sending.calls[one].event.process.pid == pid]
    return own or origins


def _carried(one: Observation, sdk: Sdk, sending: Sending) -> str:
    parties = _opened(one, sending)
    return f"; sent through {parties[0].name}" if parties and parties[0].id not in {sdk.id, *_NO_PARTY} else ""


def _not_shared(parties: Sequence[Sdk], shared: frozenset[str]) -> Sdk | None:
    return next((party for party in parties if party.id not in shared), None)


def _parties(frames: Sequence[str], package: str, sdks: Sdks) -> Iterator[Sdk]:
    """Give all who stand in a stack, each once, innermost first."""
    seen: set[str] = set()
    rest = list(frames)
    while rest:
        sdk = attribute_stack(rest, package, sdks)
        if sdk.id == UNKNOWN.id:
            return
        if sdk.id not in seen:
            seen.add(sdk.id)
            yield sdk
        rest = rest[rest.index(sdk.frame) + 1 :]


def _reads(call: Call, catalog: Catalog) -> bool:
    hook = catalog.hook(call.event.hook)
    return hook is not None and bool(hook.data_type_of(call.event))


def _kind(call: Call, catalog: Catalog) -> HookKind | None:
    hook = catalog.hook(call.event.hook)
    return hook.kind if hook else None
