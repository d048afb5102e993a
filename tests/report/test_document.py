from __future__ import annotations

import json
from dataclasses import replace

from analyzer.model.evidence import Session
from analyzer.model.results import Analysis
from analyzer.model.vocabulary import Outcome
from analyzer.report.document import ResultDocument, build_document, document_pieces, to_bytes
from analyzer.report.document_results import DecisionEntry

KEYS = [
    "schema",
    "session",
    "recordings",
    "coverage",
    "gaps",
    "marks",
    "phases",
    "consents",
    "frequencies",
    "permissions",
    "timeline",
    "events",
    "flows",
    "observations",
    "links",
    "findings",
    "verdicts",
    "policy",
    "claims",
    "decisions",
]


def test_the_document_has_exactly_the_promised_top_level_keys(document: ResultDocument) -> None:
    assert list(json.loads(to_bytes(document))) == KEYS


def test_equal_inputs_give_equal_bytes_whatever_the_order_of_the_mappings(session: Session, analysis: Analysis) -> None:
    info = session.info
    turned = replace(session, info=replace(info, libraries=dict(reversed(list(info.libraries.items())))))
    assert to_bytes(build_document(session, analysis)) == to_bytes(build_document(turned, analysis))


def test_a_different_result_gives_different_bytes(session: Session, analysis: Analysis) -> None:
    other = replace(analysis, run_id="34" * 32)
    assert to_bytes(build_document(session, analysis)) != to_bytes(build_document(session, other))


def test_the_document_ends_in_a_newline_and_reads_back_as_itself(hostile_document: ResultDocument) -> None:
    data = to_bytes(hostile_document)
    assert data.endswith(b"}\n")
    assert to_bytes(ResultDocument.model_validate_json(data)) == data


def test_hostile_texts_do_not_blow_up_the_document(hostile_document: ResultDocument) -> None:
    assert len(to_bytes(hostile_document)) < 500_000


def test_decisions_of_analysts_stand_beside_the_verdicts(session: Session, analysis: Analysis) -> None:
    decision = DecisionEntry(
        rule="cn.191.3.1", outcome=Outcome.SUSPECTED, why="test traffic", operator="me", at_us=0, at=None
    )
    document = build_document(session, analysis, [decision])
    assert document.decisions == (decision,)
    assert document.verdicts[0].outcome is Outcome.VIOLATED


def test_what_is_written_in_pieces_is_what_the_document_writes(
    session: Session, analysis: Analysis, hostile_document: ResultDocument
) -> None:
    data = b"".join(document_pieces(session, analysis))
    assert to_bytes(ResultDocument.model_validate_json(data)) == data
    assert data.count(b"\n") > 100
    assert to_bytes(ResultDocument.model_validate_json(to_bytes(hostile_document))) == to_bytes(hostile_document)
