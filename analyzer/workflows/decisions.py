"""Decisions: analysts' own judgements, kept beside the results and outside of the sealed evidence."""

from __future__ import annotations

import os
import time
from difflib import get_close_matches
from typing import Final

from sqlalchemy.engine import Engine

from analyzer.model.vocabulary import Outcome
from analyzer.packs.loader import load_packs
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import DecisionEntry
from analyzer.report.instants import rfc3339
from analyzer.store.decisions import Decided, keep_decisions
from analyzer.store.files import FILE_MODE, write_all, write_whole
from analyzer.workflows.home import Home, UsageProblem

_FOLDER: Final = "decisions"
_LONGEST: Final = 10_000
_SOME: Final = 5
_MOST: Final = 10_000


def decide(home: Home, document: ResultDocument, rule: str, outcome: Outcome, why: str, operator: str) -> DecisionEntry:
    """Add a decision on a rule of a session's result; the earlier ones stay.

    Raises `UsageProblem` for a rule that the result does not have, and for a decision without a reason.
    """
    rules = [verdict.rule for verdict in document.verdicts]
    if rule not in rules:
        near = get_close_matches(rule, rules, n=3)
        has = f": it has {', '.join(rules[:_SOME])}{', …' if len(rules) > _SOME else ''}"
        meant = f"; did you mean {' or '.join(near)}?" if near else has
        if any(rule == one.id for pack in load_packs().rule_packs for one in pack.rules):
            meant = f"{has}; plain `analyzer replay {document.session.id}` judges by the usual packs, which have it"
        raise UsageProblem(f"The result of {document.session.id} has no rule {rule!r:.80}{meant}")
    if not why.strip() or len(why) > _LONGEST:
        raise UsageProblem(f"--why needs the reason, in 1 to {_LONGEST} characters.")
    if len(decisions(home, document.session.id)) >= _MOST:
        raise UsageProblem(f"There are {_MOST} decisions on {document.session.id} already.")
    now = time.time_ns() // 1000
    entry = DecisionEntry(rule=rule, outcome=outcome, why=why.strip(), operator=operator, at_us=now, at=rfc3339(now))
    path = home.folder(_FOLDER) / f"{document.session.id}.jsonl"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
    try:
        write_all(descriptor, entry.model_dump_json(by_alias=True).encode() + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    with home.results() as engine:
        record_decisions(home, engine, document.session.id)
    return entry


def record_decisions(home: Home, engine: Engine, session_id: str) -> None:
    """Put the decisions on a session into the database, where they stand beside the verdicts."""
    rows = [Decided(one.rule, one.outcome, one.why, one.operator, one.at_us) for one in decisions(home, session_id)]
    keep_decisions(engine, session_id, rows)


def record_all_decisions(home: Home, engine: Engine) -> None:
    """Put the decisions on every session into the database."""
    for path in sorted((home.workspace.path / _FOLDER).glob("*.jsonl")):
        record_decisions(home, engine, path.stem)


def decisions(home: Home, session_id: str) -> tuple[DecisionEntry, ...]:
    """Give the decisions on a session, the oldest first; raises `UsageProblem` for a file that cannot be read."""
    path = home.workspace.path / _FOLDER / f"{session_id}.jsonl"
    return read_decisions(path.read_bytes(), str(path)) if path.is_file() else ()


def decision_lines(home: Home, session_id: str) -> bytes:
    """Give the decisions on a session as they are kept, a JSON object per line; empty without any."""
    found = decisions(home, session_id)
    return b"".join(entry.model_dump_json(by_alias=True).encode() + b"\n" for entry in found)


def adopt_decisions(home: Home, session_id: str, lines: bytes, name: str) -> int:
    """Keep the decisions that came with a session from elsewhere, and give their number; own ones stay as they are.

    `name` says where they came from. Raises `UsageProblem` for what are none.
    """
    found = read_decisions(lines, name)
    path = home.folder(_FOLDER) / f"{session_id}.jsonl"
    if not found or path.exists():
        return 0
    write_whole(path, b"".join(entry.model_dump_json(by_alias=True).encode() + b"\n" for entry in found))
    return len(found)


def read_decisions(lines: bytes, name: str) -> tuple[DecisionEntry, ...]:
    """Read decisions, a JSON object per line; `name` says where they stand. Raises `UsageProblem`."""
    found = []
    for number, line in enumerate(lines.splitlines()[: _MOST + 1], 1):
        try:
            found.append(DecisionEntry.model_validate_json(line))
        except ValueError as problem:
            raise UsageProblem(f"{name}:{number} is no decision: mend or remove the line.") from problem
    if len(found) > _MOST:
        raise UsageProblem(f"{name} has more than {_MOST} decisions.")
    return tuple(found)


def decided(home: Home, document: ResultDocument) -> ResultDocument:
    """Give a result with the decisions on its session beside its verdicts."""
    found = decisions(home, document.session.id)
    return document.model_copy(update={"decisions": found}) if found else document
