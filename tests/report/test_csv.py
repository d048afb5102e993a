from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from analyzer.model.vocabulary import Outcome
from analyzer.report.csv import COLUMNS, cell, csv_pieces
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import DecisionEntry, FrequencyEntry, PermissionEntry
from analyzer.report.instants import rfc3339

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(document: ResultDocument) -> list[dict[str, str]]:
    text = b"".join(csv_pieces(document)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_every_timeline_entry_observation_and_verdict_has_one_row(document: ResultDocument) -> None:
    rows = table(document)
    assert [row["row"] for row in rows] == ["timeline"] * 3 + ["observation"] * 2 + ["verdict"] * 3
    assert list(rows[0]) == list(COLUMNS)


def test_frequencies_and_permissions_have_rows_of_their_own_and_what_is_not_known_stays_empty(
    document: ResultDocument,
) -> None:
    often = FrequencyEntry(
        recording="1-accept", data_type="id.oaid", sdk="=acme()", reads=5, background=2, silent=0, most=4, limit=4,
        window_us=60_000_000, over=True, complete=False, start_us=0, step_us=2_000_000, curve=(1, 0, 4),
    )  # fmt: skip
    use = PermissionEntry(permission="CAMERA", declared=True, asked=False, granted=None, opens=("sens.camera",),
                          types=(), reads=0, seen=False)  # fmt: skip
    rows = table(document.model_copy(update={"frequencies": (often,), "permissions": (use,)}))
    first, second = (row for row in rows if row["row"] in {"frequency", "permission"})
    assert (first["reads"], first["most_in_window"], first["limit"], first["over"]) == ("5", "4", "4", "true")
    assert (first["sdk"], first["curve"], first["complete"]) == ("'=acme()", "1 0 4", "false")
    assert (second["title"], second["declared"], second["granted"], second["use_seen"]) == (
        "CAMERA",
        "true",
        "",
        "false",
    )


def test_an_observation_row_says_what_went_where(document: ResultDocument) -> None:
    row = table(document)[4]
    assert (row["data_types"], row["recipient"], row["party"]) == ("id.imei", "ads.example", "third")
    assert row["chain"] == "query › query:d › base64 › md5"
    assert (row["encodings"], row["tier"], row["line"]) == ("base64 md5", "transmitted_third_party", "1")


def test_a_decision_stands_in_the_row_of_the_verdict_and_changes_no_word_of_it(document: ResultDocument) -> None:
    why = DecisionEntry(rule="cn.191.3.1", outcome=Outcome.NOT_OBSERVED, why="=1+1", operator="Li", at_us=0, at="then")
    plain, row = (next(row for row in table(one) if row["rule"] == "cn.191.3.1")
                  for one in (document, document.model_copy(update={"decisions": (why,)})))  # fmt: skip
    assert (row["outcome"], row["analyst_outcome"], row["analyst"]) == ("violated", "not_observed", "Li")
    assert row["analyst_why"] == "'=1+1"
    assert {name: text for name, text in row.items() if not name.startswith("analyst")}.items() <= plain.items()


def test_a_verdict_has_the_instant_of_its_first_evidence_and_without_evidence_no_confidence(
    document: ResultDocument,
) -> None:
    first = min(one.at_us for one in document.observations)
    rows = {row["rule"]: row for row in table(document) if row["row"] == "verdict"}
    met = rows.pop("cn.191.3.1")
    assert (met["at_us"], met["at"], met["confidence"]) == (str(first), rfc3339(first), "0.900")
    assert {(row["at_us"], row["at"], row["confidence"]) for row in rows.values()} == {("", "", "")}


def test_no_cell_computes_or_carries_controls(hostile_document: ResultDocument) -> None:
    for row in table(hostile_document):
        for text in row.values():
            assert not text.startswith(STARTERS)
            assert text.isprintable()


@given(st.text(st.characters(exclude_categories=())))
@example("  =1+1")
@example(" \t=1+1")
def test_no_text_at_all_becomes_a_formula(text: str) -> None:
    made = cell(text)
    assert not made.lstrip(" ").startswith(STARTERS)
    assert not set(made) & set("\x00\x1b\t\r\n\u202e")


def test_equal_documents_give_equal_tables(document: ResultDocument) -> None:
    made = b"".join(csv_pieces(document))
    assert made == b"".join(csv_pieces(document))
    assert made.startswith(b"\xef\xbb\xbfrow,at,")
    assert made.count(b"\r\n") == 9
