"""Runs the analysis over labelled exchanges and counts: found, missed, and claimed where nothing is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from corpus.dice import DATA
from corpus.exchange import Exchange, Label, LookAlike

from analyzer.analysis.pipeline import analyze
from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    AppFacts,
    Blob,
    Body,
    DeviceFacts,
    FlowRecord,
    Line,
    Peer,
    Recording,
    Request,
    Response,
    Session,
    SessionInfo,
)
from analyzer.model.results import Observation
from analyzer.model.vocabulary import Channel, SessionKind, Strategy, Where
from analyzer.packs.loader import Packs, load_packs
from analyzer.packs.yaml_text import load_safe

PACKAGE: Final = "com.acme.shop"
PAIRS: Final = frozenset({"loc.coarse", "loc.precise", "loc.trajectory"})
"""Two fields make one value, which is told at what holds both."""

START_US: Final = 1_718_000_000_000_000


@dataclass(frozen=True)
class Miss:
    """A label that was not found; `seen` is what was found instead in the same exchange."""

    exchange: Exchange
    label: Label
    seen: tuple[str, ...]


@dataclass(frozen=True)
class FalseFind:
    """An observation of a type that the exchange does not carry; `look_alike` is the value that it fell for."""

    exchange: Exchange
    observation: Observation
    look_alike: LookAlike | None


@dataclass
class Score:
    """Counts by (data type, `known`|`unknown`), and by chain; `placed` counts those found at the right place."""

    wanted: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    placed: Counter[tuple[str, str]] = field(default_factory=Counter)
    false: Counter[tuple[str, str]] = field(default_factory=Counter)
    chains: Counter[tuple[str, ...]] = field(default_factory=Counter)
    chains_found: Counter[tuple[str, ...]] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)
    false_finds: list[FalseFind] = field(default_factory=list)
    exchanges: int = 0
    look_alikes: int = 0

    def recall(self, data_type: str, kind: str) -> float | None:
        wanted = self.wanted[data_type, kind]
        return self.found[data_type, kind] / wanted if wanted else None

    def precision(self, data_type: str) -> float | None:
        right = self.found[data_type, "known"] + self.found[data_type, "unknown"]
        wrong = self.false[data_type, "known"] + self.false[data_type, "unknown"]
        return right / (right + wrong) if right + wrong else None


@cache
def packs() -> Packs:
    """Give the shipped packs without their rules: what is judged here is detection, not the app."""
    return replace(load_packs(), rule_packs=())


@cache
def tolerated() -> Mapping[str, frozenset[str]]:
    """Give, for each data type, the types that may be claimed beside it or in its stead."""
    table = load_safe((DATA / "tolerated.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(others) for name, others in table.items()}


def observe(exchanges: Sequence[Exchange], persona: Mapping[str, tuple[str, ...]]) -> list[list[Observation]]:
    """Analyse a session of these exchanges and give the observations on the network of each."""
    records: list[FlowRecord] = []
    for at, one in enumerate(exchanges):
        stamp = Stamp(at * 50_000, START_US + at * 50_000)
        peer, flow = Peer("127.0.0.1", 40000 + at % 20000), f"f{at}"
        body = Body(len(one.body), one.body)
        records.append(
            Request(
                len(records),
                "proxy",
                stamp,
                stamp,
                flow,
                one.method,
                "https",
                one.host,
                443,
                one.target,
                "HTTP/1.1",
                one.headers,
                body,
                peer,
            )
        )
        if one.answer:
            records.append(
                Response(
                    len(records),
                    "proxy",
                    stamp,
                    stamp,
                    flow,
                    200,
                    "OK",
                    "HTTP/1.1",
                    (),
                    Body(len(one.answer), one.answer),
                )
            )
    recording = Recording("1-accept", Strategy.ACCEPT, flows=[Line(at, record) for at, record in enumerate(records, 1)])
    info = SessionInfo(
        "corpus", SessionKind.RECORDED, START_US, AppFacts(PACKAGE), DeviceFacts("none", "none"), "0", persona=persona
    )
    analysis = analyze(Session(info, (recording,), "d" * 64, sealed=True), packs(), _missing)
    found: list[list[Observation]] = [[] for _ in exchanges]
    for seen in analysis.observations:
        if seen.channel is Channel.NETWORK and seen.flow_index is not None and seen.where is not Where.RESPONSE:
            found[seen.flow_index].append(seen)
    return found


def _missing(_recording: str, _blob: Blob) -> bytes:
    raise KeyError


def score(exchanges: Sequence[Exchange], persona: Mapping[str, tuple[str, ...]], into: Score) -> Score:
    """Count one session's exchanges into a score."""
    for exchange, seen in zip(exchanges, observe(exchanges, persona), strict=True):
        into.exchanges += 1
        into.look_alikes += len(exchange.look_alikes)
        _count_labels(exchange, seen, into)
        _count_false(exchange, seen, into, "known" if persona else "unknown")
    return into


def _count_labels(exchange: Exchange, seen: Sequence[Observation], into: Score) -> None:
    for data_type in sorted({label.data_type for label in exchange.labels if label.required}):
        labels = [label for label in exchange.labels if label.data_type == data_type and label.required]
        kind = "known" if any(label.known for label in labels) else "unknown"
        hits = [one for one in seen if one.data_type == data_type or one.data_type in _stands_for(data_type)]
        into.wanted[data_type, kind] += 1
        into.found[data_type, kind] += bool(hits)
        into.placed[data_type, kind] += all(any(at_place(label, one) for one in hits) for label in labels)
        for chain in {label.chain for label in labels if label.known}:
            into.chains[chain] += 1
            into.chains_found[chain] += bool(hits)
        if not hits:
            others = tuple(sorted(f"{one.data_type}@{one.path}" for one in seen))
            into.misses.append(Miss(exchange, labels[0], others))


def _stands_for(data_type: str) -> frozenset[str]:
    """Give the types whose claim counts as having found this one."""
    return tolerated().get(f"{data_type} by", frozenset())


def at_place(label: Label, seen: Observation) -> bool:
    """Say whether an observation names the part and the field that the label names."""
    if label.where != seen.where.value:
        return False
    if label.data_type in PAIRS:
        return True
    names = {part.lower() for part in re.split(r"[^\w$\-]+", seen.path)}
    wanted = {part.lower() for part in re.split(r"[^\w$\-]+", label.key) if part}
    return not wanted or bool(wanted & names)


def _count_false(exchange: Exchange, seen: Sequence[Observation], into: Score, kind: str) -> None:
    allowed = {label.data_type for label in exchange.labels}
    allowed |= {one for name in allowed for one in tolerated().get(name, ())}
    claimed: dict[str, Observation] = {}
    for one in seen:
        header = one.where is Where.HEADER and one.path.lower().endswith(("user-agent", "accept-language", "cookie"))
        if one.data_type not in allowed and not (header and one.data_type.startswith("dev.")):
            claimed.setdefault(one.data_type, one)
    for data_type, one in claimed.items():
        into.false[data_type, kind] += 1
        into.false_finds.append(FalseFind(exchange, one, _culprit(exchange.look_alikes, one)))


def _culprit(look_alikes: Iterable[LookAlike], seen: Observation) -> LookAlike | None:
    names = {part.lower() for part in re.split(r"[^\w\-]+", seen.path)}
    for one in look_alikes:
        if one.key.lower() in names or (len(seen.value) > 3 and seen.value in one.text):
            return one
    return None
