"""Write the summary of a result as Markdown that renders alike everywhere and carries no markup of the app's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from analyzer.model.vocabulary import Outcome, SessionKind
from analyzer.report.collection_entries import drawn
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import ObservationEntry, VerdictEntry
from analyzer.report.instants import elapsed, rfc3339
from analyzer.report.kept_files import in_video, kept_files
from analyzer.report.labels import Language, counted, joined, label, title
from analyzer.report.sentences import told
from analyzer.report.summary import (
    Share,
    Strongest,
    by_instrument,
    by_recipient,
    by_sdk,
    by_severity,
    decisions_by_rule,
    first_hooks,
    first_us,
    instants,
    named,
    read_phases,
    since_start,
    start_us,
    tally,
    watched,
)
from analyzer.report.text import shown
from analyzer.report.verdict_rows import decision_line

_MARKUP: Final = re.compile(
    r"([\\`*\[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|(?<=[Ww]{3})\.|:(?=//)|^[#>+\-=!]|(?<=^\d)[.)]|(?<=^\d\d)[.)])"
)
"""What counts inside of a line, what makes a bare address a link, and what begins a block."""

_CELL: Final = 200
_LISTED: Final = 100


def markdown_bytes(document: ResultDocument, language: Language = "en") -> bytes:
    """Write the summary: what was examined, verdicts, who took and received what, phases, what stayed unseen."""
    return "\n".join((*_lines(document, language), "")).encode("utf-8", "backslashreplace")


def plain(foreign: str, limit: int = _CELL) -> str:
    """Give foreign text so that no Markdown, HTML or table syntax in it counts."""
    safe = shown(foreign, limit).replace("&", "&amp;").replace("<", "&lt;")
    return _MARKUP.sub(r"\\\1", safe)


def _lines(document: ResultDocument, language: Language) -> Iterator[str]:
    app = document.session.app
    yield f"# {label('heading', 'title', language)}: {plain(app.label or app.package)}"
    yield ""
    yield from _facts(document, language)
    yield from _heading("verdicts", language)
    yield joined((f"{label('outcome', outcome, language)} {count}" for outcome, count in tally(document)), language)
    yield ""
    yield from _verdicts(document, language)
    yield from _heading("instruments", language)
    yield from _instruments(document, language)
    for heading, shares in (("sdk", by_sdk(document)), ("recipient", by_recipient(document))):
        if shares:
            yield from _heading(heading, language)
            yield from _shares(heading, shares, language)
    if document.frequencies:
        yield from _heading("frequency", language)
        yield from _frequencies(document, language)
    if document.permissions:
        yield from _heading("permissions", language)
        yield from _permissions(document, language)
    if document.decisions:
        yield from _heading("analyst", language)
        yield from _decisions(document, language)
    if document.policy is not None:
        yield from _heading("policy", language)
        yield from _claims(document, language)
    yield from _heading("phases", language)
    yield from _phases(document, language)
    if document.consents:
        yield from _heading("consents", language)
        yield from _consents(document, language)
    yield from _heading("blind", language)
    yield from _blind(document, language)


def _heading(word: str, language: Language) -> tuple[str, str, str]:
    return "", f"## {label('heading', word, language)}", ""


def _facts(document: ResultDocument, language: Language) -> Iterator[str]:
    session = document.session
    sealed = label("heading", "sealed" if session.sealed else "unsealed", language)
    imported, device = session.kind is SessionKind.IMPORTED, session.device
    first = next((one.start for one in document.recordings if one.start), None) if imported else None
    by = session.judged_by
    rows = (
        ("app", f"{session.app.package} {session.app.version_name}"),
        ("device", "" if device.kind == "none" else f"{device.kind} {device.model} Android {device.android_version}"),
        ("captured", first or ""),
        ("imported" if imported else "when", session.created or ""),
        ("zero", rfc3339(start_us(document)) or ""),
        ("case", session.case),
        ("operator", session.operator),
        ("tools", f"analyzer {session.tool.analyzer}, Python {session.tool.python}"),
        ("interventions", "; ".join(session.interventions)),
        ("redaction", label("heading", "redacted", language) if session.redaction else ""),
        ("session", session.id),
        ("digest", f"{session.digest} ({sealed})"),
        ("run_id", session.run_id),
        ("judged_by", f"analyzer {by.analyzer}, {label('heading', 'packs', language)} {by.packs_digest}" if by else ""),
    )
    for word, fact in rows:
        if fact.strip():
            yield f"- **{label('heading', word, language)}**: {plain(fact.strip(), 2000)}"
    word, files = kept_files(document)
    if files:
        yield f"- **{label('heading', word, language)}**: {plain('; '.join(files), 2000)}"


def _verdicts(document: ResultDocument, language: Language) -> Iterator[str]:
    known = instants(document)
    carrying, decisions = Strongest(document), decisions_by_rule(document)
    yield from _head(("outcome", "rule", "clause", "evidence", "first", "tier", "strongest"), language)
    for verdict in by_severity(document):
        at_us = first_us(verdict.evidence, known)
        outcome, decision = label("outcome", verdict.outcome, language), decisions.get(verdict.rule)
        said = f" ({plain(decision_line(decision, language), 1000)})" if decision else ""
        yield _row(
            (f"**{outcome}**" if verdict.outcome is Outcome.VIOLATED else outcome) + said,
            plain(verdict.rule),
            plain(f"{verdict.clause} {title(verdict.title, language)}".strip()),
            str(len(verdict.evidence) or ""),
            ""
            if at_us is None
            else ", ".join(filter(None, (since_start(document, at_us), plain(in_video(document, at_us))))),
            label("tier", verdict.tier, language) if verdict.tier else "",
            _why(verdict, carrying.of(verdict), language),
        )


def _instruments(document: ResultDocument, language: Language) -> Iterator[str]:
    yield from _head(("instrument", "outcome", "evidence", "first", "tier"), language)
    for one in by_instrument(document):
        yield _row(
            plain(one.pack),
            joined((f"{label('outcome', outcome, language)} {count}" for outcome, count in one.outcomes), language),
            str(one.evidence or ""),
            "" if one.first_us is None else since_start(document, one.first_us),
            label("tier", one.tier, language) if one.tier else "",
        )


def _why(verdict: VerdictEntry, seen: ObservationEntry | None, language: Language) -> str:
    if seen is not None and verdict.outcome in {Outcome.VIOLATED, Outcome.SUSPECTED}:
        to = f" → {seen.recipient.company or seen.recipient.host}" if seen.recipient else ""
        return plain(f"{seen.data_type}{to}: {' › '.join(seen.chain)}")
    return plain("; ".join(told(one, language) for one in verdict.reasons), 1000)


def _shares(heading: str, shares: Sequence[Share], language: Language) -> Iterator[str]:
    yield from _head((heading, "phase", "data_type", "evidence", "tier"), language)
    for share in shares[:_LISTED]:
        phase, tier = label("phase", share.phase, language), label("tier", share.tier, language)
        types = plain(", ".join(share.data_types), 1000)
        yield _row(plain(named(share, language)), phase, types, str(share.count), tier)
    yield from _cut(len(shares), language)


def _decisions(document: ResultDocument, language: Language) -> Iterator[str]:
    yield from _head(("rule", "outcome", "operator", "when", "why"), language)
    for one in document.decisions:
        outcome = label("outcome", one.outcome, language)
        yield _row(plain(one.rule), outcome, plain(one.operator), plain(one.at or ""), plain(one.why, 1000))


def _claims(document: ResultDocument, language: Language) -> Iterator[str]:
    yield from _head(("policy_status", "data_type", "recipient", "confidence", "sentence"), language)
    for claim in document.claims[:_LISTED]:
        yield _row(
            label("claim", claim.status, language),
            plain(claim.data_type),
            plain(claim.recipient) or label("heading", "the_app", language),
            f"{claim.confidence:g}",
            plain(claim.sentence or told(claim.why, language)),
        )


def _phases(document: ResultDocument, language: Language) -> Iterator[str]:
    start = start_us(document)
    yield from _head(("recording", "phase", "time", "why"), language)
    last = None
    for span in document.phases:
        if (span.recording, span.phase) != last:
            last = (span.recording, span.phase)
            at = elapsed(span.start_us, start)
            yield _row(
                plain(span.recording), label("phase", span.phase, language), at, plain(told(span.reasoning, language))
            )


def _consents(document: ResultDocument, language: Language) -> Iterator[str]:
    start = start_us(document)
    yield from _head(("time", "source", "phase", "purposes", "interests", "vendors"), language)
    for one in document.consents[:_LISTED]:
        yield _row(
            elapsed(one.at_us, start),
            plain(one.key),
            label("phase", one.says, language) if one.says else "",
            "" if one.purposes is None else ", ".join(map(str, one.purposes)) or label("heading", "none", language),
            ", ".join(map(str, one.interests or ())),
            plain(one.vendors or ""),
        )
    yield from _cut(len(document.consents), language)


def _frequencies(document: ResultDocument, language: Language) -> Iterator[str]:
    first = document.frequencies[0]
    told = label("heading", "frequency_limit", language)
    yield told.format(limit=f"{first.limit:g}", seconds=first.window_us // 10**6)
    yield ""
    yield from _head(
        ("recording", "data_type", "sdk", "phase", "reads", "most", "background", "silent", "curve"), language
    )
    phases = read_phases(document)
    for one in document.frequencies[:_LISTED]:
        told_of = phases.get((one.recording, one.data_type, one.sdk), ())
        yield _row(
            plain(one.recording),
            plain(one.data_type),
            plain(one.sdk),
            joined((label("phase", phase, language) for phase in told_of), language),
            f"{'' if one.complete else '≥ '}{one.reads}",
            f"**{one.most}**" if one.over else str(one.most),
            *(str(one.background or ""), str(one.silent or "")),
            f"{drawn(one.curve)} ({one.step_us // 10**6} s)",
        )
    yield from _cut(len(document.frequencies), language)


def _permissions(document: ResultDocument, language: Language) -> Iterator[str]:
    yield from _head(("permission", "declared", "asked", "use", "data_type"), language)
    for one in document.permissions[:_LISTED]:
        use = {True: "used", False: "not_used", None: "not_watched"}[one.seen]
        yield _row(
            plain(one.permission),
            *(label("heading", "yes" if is_so else "no", language) for is_so in (one.declared, one.asked)),
            label("heading", use, language),
            plain(", ".join(one.types or one.opens), 1000),
        )
    yield from _cut(len(document.permissions), language)


def _cut(total: int, language: Language) -> Iterator[str]:
    if total > _LISTED:
        yield ""
        yield label("heading", "cut", language).format(shown=_LISTED, total=total)


def _blind(document: ResultDocument, language: Language) -> Iterator[str]:
    coverage, views = document.coverage, watched(document)
    for one in views:
        named = f"{plain(one.recording)}: " if len(views) > 1 else ""
        hooks = counted("armed", f"{one.armed}/{one.asked}", language)
        kinds = {"flows_read": one.flows_read, "flows_opaque": one.flows_opaque, "flows_tapped": one.flows_tapped}
        flows = [counted(kind, count, language) for kind, count in kinds.items() if count or kind != "flows_tapped"]
        yield f"- {named}{joined((hooks, counted('proven', one.proven, language), *flows), language)}"
    yield f"- {counted('screens_unreadable', coverage.screens_unreadable, language)}"
    if soon := first_hooks(document):
        yield f"- {label('heading', 'first_hook', language)}: {plain(', '.join(soon[:_LISTED]), 2000)}"
    yield from (f"- {plain(host)}" for host in coverage.opaque_hosts[:_LISTED])
    for gap in document.gaps[:_LISTED]:
        kind = told(gap.kind.replace("_", " "), language)
        yield f"- {plain(kind)}: {plain(gap.subject)}: {plain(told(gap.why, language), 500)}"
    left = len(document.gaps) - _LISTED
    if left > 0:
        yield f"- {counted('more_gaps', left, language)}"


def _head(words: Sequence[str], language: Language) -> tuple[str, str]:
    return _row(*(label("heading", word, language) for word in words)), _row(*("---" for _ in words))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
