"""Conditions: evaluates a rule's tree over the facts, in three values, and explains every node."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate, chain, pairwise
from typing import Final

from analyzer.analysis.facts import Fact, Facts
from analyzer.analysis.matches import (
    Terms,
    either,
    every,
    match_call,
    match_consent,
    match_mark,
    match_observation,
    match_screen,
)
from analyzer.analysis.packed import together
from analyzer.model.results import Explanation
from analyzer.model.vocabulary import Channel, ScreenKind, Truth
from analyzer.packs.conditions import Condition, Count, Lacks, ObservationQuery, Pair, Strict

POLICY_SPEAKS: Final = "the policy speaks of "
"""How the words of a node begin that asks what the privacy policy speaks of."""
_PART: Final = "only a part of the policy was read, and that says nothing of it"
_FOREIGN: Final = "the policy says nothing that is understood here; it may be in another language"

SHOWN: Final = 50
"""How many pieces of evidence an explanation names; the verdict itself names all."""
SECOND: Final = 1_000_000
_FOUND: Final = (Truth.YES, Truth.UNKNOWN)
_NOT: Final = {Truth.YES: Truth.NO, Truth.NO: Truth.YES, Truth.UNKNOWN: Truth.UNKNOWN}


class Sense(StrEnum):
    """By what means something would have been noticed."""

    HOOKS = "hooks"
    TRAFFIC = "traffic"
    SCREENS = "screens"
    CONSENTS = "consents"


@dataclass(frozen=True, slots=True)
class World:
    """What conditions are asked about: the facts, and per sense why silence is no answer, and for which gaps."""

    facts: Facts
    terms: Terms
    blind: Mapping[Sense, tuple[str, ...]] = field(default_factory=dict)
    gaps: Mapping[Sense, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """The truth of a node, the facts that make it true for sure and those that may."""

    truth: Truth
    explanation: Explanation
    sure: Sequence[Fact] = ()
    maybe: Sequence[Fact] = ()


def evaluate(condition: Condition, world: World) -> Answer:
    """Answer a condition; silence is `unknown` wherever a gap could hide what was asked for."""
    children = condition.all if condition.all is not None else condition.any
    if children is not None:
        words, join = ("all of", every) if condition.all is not None else ("any of", either)
        return _join(words, [evaluate(child, world) for child in children], join)
    if condition.negation is not None:
        return _negate(evaluate(condition.negation, world))
    return _evaluate_one(condition, world)


def _evaluate_one(condition: Condition, world: World) -> Answer:
    if condition.count is not None:
        return _count(condition.count, world)
    if condition.pair is not None:
        return _pair(condition.pair, world)
    if condition.lacks is not None:
        return _lacks(condition.lacks, world)
    if condition.policy_says is not None:
        return _policy_says(condition.policy_says, world.facts)
    return _leaf(condition, world)


def _policy_says(topics: Sequence[str], facts: Facts) -> Answer:
    """Say whether the policy speaks of one of these topics; silence of what was not read in whole is none.

    A policy that speaks of no topic at all is in a language that nothing reads.
    """
    words, told = f"{POLICY_SPEAKS}{' or '.join(topics).replace('_', ' ')}", facts.policy_topics
    found = [told[topic] for topic in topics if told is not None and topic in told]
    if found:
        return Answer(Truth.YES, Explanation(words, Truth.YES, reasons=(found[0],)))
    if told and facts.policy_whole:
        return Answer(Truth.NO, Explanation(words, Truth.NO))
    why = () if told is None else (_PART if told else _FOREIGN,)
    return Answer(Truth.UNKNOWN, Explanation(words, Truth.UNKNOWN, reasons=why))


def _leaf(condition: Condition, world: World) -> Answer:
    facts, match, senses = _asked(condition, world)
    found = _answered(facts, match, world.facts)
    sure, maybe = found[Truth.YES], found[Truth.UNKNOWN]
    blind = [sense for sense in senses if sense in world.blind]
    reasons = [reason for sense in blind for reason in world.blind[sense]]
    told = _answer(_words(condition), sure, maybe, reasons)
    if told.truth is not Truth.UNKNOWN:
        return told
    gaps = tuple(dict.fromkeys(name for sense in blind for name in world.gaps.get(sense, ())))
    return replace(told, explanation=replace(told.explanation, gaps=gaps[:SHOWN]))


def _answered(facts: Sequence[Fact], match: Callable[[Fact], Truth], known: Facts) -> dict[Truth, Sequence[Fact]]:
    """Give the facts by the answer to them; of observations that no condition tells apart, one is asked."""
    if facts is known.observations:
        answers = [match(sample) for sample in known.samples]
        return {truth: known.of_kinds({at for at, one in enumerate(answers) if one is truth}) for truth in _FOUND}
    found: dict[Truth, list[Fact]] = {truth: [] for truth in Truth}
    for fact in facts:
        found[match(fact)].append(fact)
    return {truth: tuple(found[truth]) for truth in _FOUND}


def _asked(condition: Condition, world: World) -> tuple[Sequence[Fact], Callable[[Fact], Truth], tuple[Sense, ...]]:
    facts, terms = world.facts, world.terms
    if (observation := condition.observation) is not None:
        return facts.observations, lambda fact: match_observation(fact, observation, terms), _senses(observation)
    if (call := condition.call) is not None:
        return facts.calls, lambda fact: match_call(fact, call, terms), (Sense.HOOKS,)
    if (mark := condition.mark) is not None:
        return facts.marks, lambda fact: match_mark(fact, mark, terms), ()
    if (consent := condition.consent) is not None:
        return facts.consents, lambda fact: match_consent(fact, consent), (Sense.HOOKS, Sense.CONSENTS)
    if (prompt := condition.prompt) is not None:
        return facts.prompts, lambda fact: match_screen(fact, prompt, terms), (Sense.SCREENS,)
    screen = condition.screen
    if screen is None:
        raise ValueError("a condition without a key reached the evaluation")
    return facts.screens, lambda fact: match_screen(fact, screen, terms), (Sense.SCREENS,)


def _senses(query: ObservationQuery) -> tuple[Sense, ...]:
    channels = query.channel or (Channel.API, Channel.NETWORK)
    senses = {Channel.API: Sense.HOOKS, Channel.STORAGE: Sense.HOOKS, Channel.NETWORK: Sense.TRAFFIC}
    return tuple(sense for sense in Sense if sense in {senses[channel] for channel in channels})


def _answer(words: str, sure: Sequence[Fact], maybe: Sequence[Fact], reasons: Sequence[str]) -> Answer:
    if sure:
        return Answer(Truth.YES, _explain(words, Truth.YES, sure, ()), sure, maybe)
    why = "may be meant: its phase, owner, recipient or permission is not known"
    unclear = [f"{fact.id} {why}" for fact in maybe[:SHOWN]]
    truth = Truth.UNKNOWN if unclear or reasons else Truth.NO
    return Answer(truth, _explain(words, truth, maybe, (*unclear, *reasons)), (), maybe)


def _join(words: str, answers: Sequence[Answer], join: Callable[[Sequence[Truth]], Truth]) -> Answer:
    truth = join([answer.truth for answer in answers])
    sure = together(*(answer.sure for answer in answers if answer.truth is Truth.YES))
    maybe = together(*(answer.maybe for answer in answers))
    explanation = Explanation(words, truth, children=tuple(answer.explanation for answer in answers))
    return Answer(truth, explanation, sure if truth is Truth.YES else (), maybe)


def _negate(answer: Answer) -> Answer:
    turned = _NOT[answer.truth]
    return Answer(turned, Explanation("not", turned, children=(answer.explanation,)))


def _count(count: Count, world: World) -> Answer:
    inner = evaluate(count.of, world)
    least = int(world.terms.figure(count.at_least))
    within = None if count.within is None else world.terms.figure(count.within)
    words = f"at least {least}" + ("" if within is None else f" within {within:g} s")
    words += f" of the same {' and '.join(count.same)}" if count.same else ""
    words += f" that differ in {count.distinct}" if count.distinct else ""
    sure = _densest(inner.sure, least, within, count)
    if sure:
        return Answer(Truth.YES, _explain(words, Truth.YES, sure, (), inner), sure)
    possible = _densest(together(inner.sure, inner.maybe), least, within, count)
    hidden = inner.explanation.reasons if inner.truth is Truth.UNKNOWN else ()
    truth = Truth.UNKNOWN if possible or hidden else Truth.NO
    return Answer(truth, _explain(words, truth, (), hidden, inner), (), possible)


def _densest(facts: Sequence[Fact], least: int, within: float | None, count: Count) -> tuple[Fact, ...]:
    """Give the facts of every group that is large enough, in a sliding window where there is one."""
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in facts:
        if not count.distinct or fact.attribute(count.distinct):
            groups.setdefault(tuple(fact.attribute(name) for name in count.same), []).append(fact)
    found: list[Fact] = []
    for group in groups.values():
        ordered = sorted(group, key=lambda fact: fact.instant)
        if any(_enough(ordered, start, least, within, count.distinct) for start in range(len(ordered) - least + 1)):
            found += ordered
    return tuple(found)


def _enough(facts: Sequence[Fact], start: int, least: int, within: float | None, distinct: str) -> bool:
    """Say whether enough facts lie within the time that the one at `start` opens."""
    end = None if within is None else facts[start].told_us + within * SECOND
    if not distinct:
        return end is None or facts[start + least - 1].told_us <= end
    inside = (fact for fact in facts[start:] if end is None or fact.told_us <= end)
    return len({fact.attribute(distinct) for fact in inside}) >= least


def _pair(pair: Pair, world: World) -> Answer:
    first, then = evaluate(pair.first, world), evaluate(pair.then, world)
    until = None if pair.until is None else evaluate(pair.until, world)
    asked = (first, then) if until is None else (first, then, until)
    within = None if pair.within is None else world.terms.figure(pair.within)
    words = "both" + (" in this order" if pair.ordered else "") + ("" if within is None else f" within {within:g} s")
    words += f" of the same {' and '.join(pair.same)}" if pair.same else ""
    words += "" if until is None else ", and not the third between them"

    def fits(one: Fact, other: Fact) -> Truth:
        ended = Truth.NO if until is None else _ended(one, other, pair, until)
        return every((_fits(one, other, pair, within), _NOT[ended]))

    sure = _pairs(first.sure, then.sure, pair, fits, {Truth.YES})
    if sure:
        return Answer(Truth.YES, _explain(words, Truth.YES, sure, (), *asked), sure)
    everything = chain(first.sure, first.maybe), chain(then.sure, then.maybe)
    possible = _pairs(*everything, pair, fits, {Truth.YES, Truth.UNKNOWN})
    hidden = Truth.UNKNOWN in (first.truth, then.truth) and Truth.NO not in (first.truth, then.truth)
    truth = Truth.UNKNOWN if possible or hidden else Truth.NO
    return Answer(truth, _explain(words, truth, (), (), *asked), (), possible)


def _pairs(
    first: Iterable[Fact], then: Iterable[Fact], pair: Pair, fits: Callable[[Fact, Fact], Truth], enough: set[Truth]
) -> tuple[Fact, ...]:
    groups: dict[tuple[str, ...], list[Fact]] = {}
    for fact in then:
        groups.setdefault(_shared(fact, pair), []).append(fact)
    found: dict[str, Fact] = {}
    for one in first:
        for other in groups.get(_shared(one, pair), ()):
            if one.id != other.id and fits(one, other) in enough:
                found.setdefault(one.id, one)
                found.setdefault(other.id, other)
    return tuple(found.values())


def _shared(fact: Fact, pair: Pair) -> tuple[str, ...]:
    return tuple(fact.attribute(name) for name in pair.same)


def _ended(one: Fact, other: Fact, pair: Pair, until: Answer) -> Truth:
    """Say whether something between two facts ended what the first began; what may have gone unseen may have."""
    answers = [Truth.UNKNOWN] if until.truth is Truth.UNKNOWN else []
    for fact in (*until.sure, *until.maybe):
        if _shared(fact, pair) == _shared(one, pair):
            between = every((_before(one, fact), _before(fact, other)))
            answers.append(every((between, Truth.YES if fact in until.sure else Truth.UNKNOWN)))
    return either(answers)


def _before(one: Fact, other: Fact) -> Truth:
    order = one.instant.before(other.instant)
    return Truth.UNKNOWN if order is None else Truth.YES if order else Truth.NO


def _fits(one: Fact, other: Fact, pair: Pair, within: float | None) -> Truth:
    if within is not None and abs(other.told_us - one.told_us) > within * SECOND:
        return Truth.NO
    if not pair.ordered:
        return Truth.YES
    return _before(one, other)


def _lacks(lacks: Lacks, world: World) -> Answer:
    of, before = evaluate(lacks.of, world), evaluate(lacks.before, world)
    span = world.terms.figure(lacks.within) * SECOND
    shown = _shown_until(world.facts.screens)
    earlier = _Reach((*before.sure, *before.maybe), shown)
    readable = _Reach((fact for fact in world.facts.screens if _readable(fact)), shown)
    sure: list[Fact] = []
    maybe: list[Fact] = list(of.maybe)
    for fact in of.sure:
        if earlier.near(fact, span):
            continue
        (sure if readable.near(fact, span) else maybe).append(fact)
    words = f"without the other in the {span / SECOND:g} s before"
    reasons = () if of.truth is not Truth.UNKNOWN else ("what was asked about may have gone unseen",)
    answer = _answer(words, sure, maybe, reasons)
    children = (of.explanation, before.explanation)
    explained = answer.explanation
    told = Explanation(words, answer.truth, explained.evidence, explained.reasons, children)
    return Answer(answer.truth, told, answer.sure, answer.maybe)


class _Reach:
    """Facts by recording, in order of time, and until when the longest shown of those so far was there."""

    def __init__(self, facts: Iterable[Fact], shown: Mapping[str, int]) -> None:
        spans: dict[str, list[tuple[int, int]]] = {}
        for fact in facts:
            start = fact.instant.at_us
            spans.setdefault(fact.recording, []).append((start, shown.get(fact.id, start)))
        self._starts: dict[str, list[int]] = {}
        self._until: dict[str, list[int]] = {}
        for recording, found in spans.items():
            found.sort()
            self._starts[recording] = [start for start, _ in found]
            self._until[recording] = list(accumulate((until for _, until in found), max))

    def near(self, fact: Fact, span: float) -> bool:
        """Say whether another fact lies in the time before; a screen lasts until the next one is shown."""
        at = bisect_right(self._starts.get(fact.recording, ()), fact.instant.at_us)
        return at > 0 and fact.instant.at_us - self._until[fact.recording][at - 1] <= span


def _shown_until(screens: Sequence[Fact]) -> dict[str, int]:
    return {
        one.id: following.instant.at_us for one, following in pairwise(screens) if one.recording == following.recording
    } | {one.id: one.instant.at_us for one in screens[-1:]}


def _readable(fact: Fact) -> bool:
    reading = getattr(fact.subject, "reading", None)
    return reading is not None and reading.kind not in (ScreenKind.UNREADABLE, ScreenKind.PERMISSION)


def _explain(words: str, truth: Truth, facts: Sequence[Fact], reasons: Sequence[str], *inner: Answer) -> Explanation:
    ids = tuple(fact.id for fact in facts[:SHOWN])
    more = (f"and {len(facts) - SHOWN} more",) if len(facts) > SHOWN else ()
    return Explanation(words, truth, ids, (*reasons, *more), tuple(answer.explanation for answer in inner))


_LEAVES: Final = ("observation", "call", "mark", "screen", "prompt", "consent")


def _words(condition: Condition) -> str:
    queries = (getattr(condition, name) for name in _LEAVES)
    query: Strict | None = next((one for one in queries if one is not None), None)
    if query is None:
        return condition.key
    asked = query.model_dump(mode="json", exclude_defaults=True)
    parts = (f"{name}: {_text(value)}" for name, value in asked.items())
    return f"{condition.key} {{{', '.join(parts)}}}"


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return "|".join(str(item) for item in value)
    return str(value)
