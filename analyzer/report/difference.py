"""Says in words what one result has that another has not: verdicts, personal data, phases, links, gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from analyzer.report.document import ResultDocument
from analyzer.report.document_results import ObservationEntry, VerdictEntry
from analyzer.report.labels import Language, label, title
from analyzer.report.sentences import told

_LISTED: Final = 20


def differences(before: ResultDocument, after: ResultDocument, language: Language = "en") -> list[str]:
    """Give one line per difference, the verdicts first; none when both say the same of the same evidence."""
    return [
        *_verdicts(before, after, language),
        *_observations(before, after),
        *_counts(before, after),
    ]


def _verdicts(before: ResultDocument, after: ResultDocument, language: Language) -> Iterator[str]:
    old = {verdict.rule: verdict for verdict in before.verdicts}
    new = {verdict.rule: verdict for verdict in after.verdicts}
    for rule in [*old, *(rule for rule in new if rule not in old)]:
        if rule not in new:
            yield f"{rule}: was {_outcome(old[rule], language)}, is no longer judged"
        elif rule not in old:
            yield f"{rule} {_named(new[rule], language)}: newly judged, {_outcome(new[rule], language)}"
        else:
            yield from _verdict(old[rule], new[rule], language)


def _verdict(old: VerdictEntry, new: VerdictEntry, language: Language) -> Iterator[str]:
    if old.outcome != new.outcome:
        line = (
            f"{new.rule} {_named(new, language)}: {_outcome(old, language)} → {_outcome(new, language)}, "
            f"evidence {len(old.evidence)} → {len(new.evidence)}"
        )
        yield told(line, language) + (f" ({_reasons(new, language)})" if new.reasons else "")
        return
    changes = []
    if len(old.evidence) != len(new.evidence):
        changes.append(f"evidence {len(old.evidence)} → {len(new.evidence)}")
    if old.tier != new.tier:
        changes.append(f"tier {_tier(old, language)} → {_tier(new, language)}")
    if old.reasons != new.reasons:
        changes.append(told("other reasons", language) if new.reasons else told("no reasons any more", language))
    if changes:
        line = f"{new.rule} {_named(new, language)}: still {_outcome(new, language)}, {', '.join(changes)}"
        reasons = f" ({_reasons(new, language)})" if new.reasons and old.reasons != new.reasons else ""
        yield told(line, language) + reasons


def _reasons(verdict: VerdictEntry, language: Language) -> str:
    return "; ".join(told(reason, language) for reason in verdict.reasons)


def _observations(before: ResultDocument, after: ResultDocument) -> Iterator[str]:
    old = Counter(map(_key, before.observations))
    new = Counter(map(_key, after.observations))
    for word, left, right in (("no longer seen", old, new), ("newly seen", new, old)):
        gone = left - right
        by_type = Counter(key[0] for key in gone.elements())
        places: Mapping[str, tuple[str, ...]] = {key[0]: key for key in reversed(gone)}
        for data_type, count in sorted(by_type.items())[:_LISTED]:
            _, where, path, record = places[data_type]
            more = f" and {count - 1} more" if count > 1 else ""
            yield f"{data_type}: {word} in {where} {path} of {record}{more}"
        if len(by_type) > _LISTED:
            yield f"{len(by_type) - _LISTED} more data types: {word}"


def _key(seen: ObservationEntry) -> tuple[str, str, str, str]:
    ref = seen.ref
    return seen.data_type, seen.where.value, seen.path, f"{ref.recording}/{ref.source}/{ref.line}"


def _counts(before: ResultDocument, after: ResultDocument) -> Iterator[str]:
    for name in ("events", "flows", "links", "gaps"):
        old, new = len(getattr(before, name)), len(getattr(after, name))
        if old != new:
            yield f"{name}: {old} → {new}"
    if before.phases != after.phases:
        seen = [", ".join(dict.fromkeys(span.phase.value for span in one.phases)) for one in (before, after)]
        yield f"phases of consent: {seen[0]} → {seen[1]}" if seen[0] != seen[1] else "phases begin or end elsewhere"


def _outcome(verdict: VerdictEntry, language: Language) -> str:
    return label("outcome", verdict.outcome, language)


def _tier(verdict: VerdictEntry, language: Language) -> str:
    return label("tier", verdict.tier, language) if verdict.tier else label("heading", "none", language)


def _named(verdict: VerdictEntry, language: Language) -> str:
    return f"{verdict.clause} {title(verdict.title, language)}".strip()
