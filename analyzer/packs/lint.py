"""Lint: what is wrong in packs although every file can be read: unknown names, missing examples, dead references."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase

from analyzer.model.vocabulary import Decidable, Outcome
from analyzer.packs.conditions import Condition, Number, ObservationQuery, ScreenQuery
from analyzer.packs.lint_owners import check_owners
from analyzer.packs.loader import Packs
from analyzer.packs.rules import Rule

_LANGUAGES = ("zh", "en")
_ATTRIBUTES = frozenset({"recording", "run", "data_type", "sdk", "host", "flow"})
"""What facts other than marks are compared by; of a mark, every detail is an attribute."""


def check(packs: Packs) -> list[str]:
    """Give every problem as one sentence that names the rule and the key; an empty list when there is none."""
    rules = [rule for pack in packs.rule_packs for rule in pack.rules]
    found = [f"{rule.id}: {problem}" for rule in rules for problem in _rule(rule, packs)]
    found += [f"catalog {hook}: data type {name} is not in the taxonomy" for hook, name in _unknown_types(packs)]
    for kind in packs.app_types.values():
        unknown = sorted({*kind.necessary, *kind.borderline} - set(packs.taxonomy.types))
        found += [f"app type {kind.id}: data type {name} is not in the taxonomy" for name in unknown]
    return found + check_owners(packs.sdks, packs.endpoints, packs.sources)


def dead_references(packs: Packs) -> list[str]:
    """Give every name in a rule's conditions that nothing has: such a rule is silent whatever happens."""
    rules = [rule for pack in packs.rule_packs for rule in pack.rules]
    return [f"{rule.id}: {problem}" for rule in rules for problem in _references(rule, packs)]


def conditions(condition: Condition) -> Iterator[Condition]:
    """Give a condition and everything inside it."""
    yield condition
    inner: list[Condition] = [*(condition.all or ()), *(condition.any or ())]
    if condition.negation is not None:
        inner.append(condition.negation)
    if condition.count is not None:
        inner.append(condition.count.of)
    if condition.pair is not None:
        inner += [condition.pair.first, condition.pair.then]
        inner += [condition.pair.until] if condition.pair.until is not None else []
    if condition.lacks is not None:
        inner += [condition.lacks.of, condition.lacks.before]
    for child in inner:
        yield from conditions(child)


def _rule(rule: Rule, packs: Packs) -> Iterator[str]:
    judged = rule.violated_when is not None or rule.suspected_when is not None
    closed = rule.decidable in (Decidable.NONE, Decidable.WITH_POLICY, Decidable.DEFERRED)
    if not judged and not closed and not rule.untested:
        yield "has neither violated_when nor suspected_when, and `untested` does not say why"
    if judged and rule.untested:
        yield "untested: a rule with a condition is tested"
    if judged and not (rule.examples.fire and rule.examples.silent):
        yield "examples: needs stories that fire and stories that stay silent"
    if rule.ceiling not in (Outcome.VIOLATED, Outcome.SUSPECTED):
        yield f"ceiling: {rule.ceiling.value} is no ceiling"
    if not any(rule.title.get(language) for language in _LANGUAGES):
        yield "title: needs a text in zh or en"
    yield from _references(rule, packs)


def _references(rule: Rule, packs: Packs) -> Iterator[str]:
    for condition in (rule.violated_when, rule.suspected_when):
        if condition is not None:
            yield from _condition(condition, packs)
    yield from _globs("needs.hooks", rule.needs.hooks, packs)


def _condition(condition: Condition, packs: Packs) -> Iterator[str]:
    for node in conditions(condition):
        if node.observation is not None:
            yield from _observation(node.observation, packs)
        if node.call is not None:
            yield from _known("hook", node.call.hook, packs.catalog.hooks)
        for name in _compared(node):
            yield f"{name} is no attribute of what is compared: {', '.join(sorted(_ATTRIBUTES))}"
        topics = packs.policy_words.topics if packs.policy_words else {}
        for name in sorted(set(node.policy_says or ()) - set(topics)):
            yield f"policy_says: {name} is no topic of the policy words"
        for name in _names(node):
            if name not in packs.profile.thresholds:
                yield f"threshold {name} is not in the profile {packs.profile.id}"


def _observation(query: ObservationQuery, packs: Packs) -> Iterator[str]:
    yield from _globs("data_type", query.data_type, packs)
    yield from _globs("not_data_type", query.not_data_type, packs)
    yield from _known("sdk", query.sdk, {*(one.id for one in packs.sdks.entries), "app", "unknown"})


def _compared(node: Condition) -> list[str]:
    """Give the attributes by which observations are compared and that they do not have."""
    whole = [node.count.of] if node.count else [node.pair.first, node.pair.then] if node.pair else []
    names = (*node.count.same, node.count.distinct) if node.count else node.pair.same if node.pair else ()
    marks = any(inner.mark is not None for one in whole for inner in conditions(one))
    return [] if marks else sorted({*names} - _ATTRIBUTES - {""})


def _known(key: str, patterns: Iterable[str], names: Collection[str]) -> Iterator[str]:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            yield f"{key}: {pattern} matches nothing that there is"


def _names(node: Condition) -> list[str]:
    figures = [
        node.observation.confidence_at_least if node.observation else None,
        node.observation.policy_confidence_at_least if node.observation else None,
        *(_screen_figures(one) if (one := node.screen or node.prompt) else ()),
        *(node.mark.over.values() if node.mark else ()),
        *((node.count.at_least, node.count.within) if node.count else ()),
        node.pair.within if node.pair else None,
        node.lacks.within if node.lacks else None,
    ]
    return [figure for figure in figures if isinstance(figure, str)]


def _screen_figures(query: ScreenQuery) -> list[Number | None]:
    limits = (query.policy_shorter_than, query.policy_paler_than)
    return [query.refusal_smaller_than, query.refusal_paler_than, *limits]


def _globs(key: str, patterns: tuple[str, ...], packs: Packs) -> Iterator[str]:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in packs.taxonomy.types):
            yield f"{key}: {pattern} matches no data type of the taxonomy"


def _unknown_types(packs: Packs) -> Iterator[tuple[str, str]]:
    for hook in packs.catalog.hooks.values():
        for name in sorted(hook.data_types() - set(packs.taxonomy.types)):
            yield hook.id, name
