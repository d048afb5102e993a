from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from analyzer.model.vocabulary import SessionKind
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import ConsentEntry, FrequencyEntry, PermissionEntry
from analyzer.report.html import write_html
from analyzer.report.markdown import markdown_bytes, plain

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {
    "heading_open", "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close",
    "list_item_open", "list_item_close", "table_open", "table_close", "thead_open", "thead_close", "tbody_open",
    "tbody_close", "tr_open", "tr_close", "th_open", "th_close", "td_open", "td_close", "inline",
}  # fmt: skip
INSIDE = {"text", "strong_open", "strong_close", "text_special"}


def kinds(text: str) -> tuple[set[str], set[str]]:
    tokens = READER.parse(text)
    return {one.type for one in tokens}, {inner.type for one in tokens for inner in one.children or ()}


def test_the_summary_says_what_was_found(document: ResultDocument) -> None:
    text = markdown_bytes(document).decode()
    assert "| **violated** | cn.191.3.1 |" in text
    assert "| id.imei |" in text
    assert "pinned.example" in text
    assert "**Times count from**: 2026-09-21T14:13:20" in text


def test_an_import_says_when_it_was_captured_and_names_no_device(document: ResultDocument) -> None:
    device = document.session.device.model_copy(update={"kind": "none"})
    session = document.session.model_copy(update={"kind": SessionKind.IMPORTED, "device": device})
    text = markdown_bytes(document.model_copy(update={"session": session})).decode()
    assert "**Captured**: 2026-09-21T14:13:20" in text
    assert "**Imported**: " in text
    assert "Recorded**" not in text
    assert "Device" not in text
    page = write_html(document.model_copy(update={"session": session})).decode()
    header = page.partition("</header>")[0]
    assert "Captured" in header
    assert "· none" not in header
    assert "mitmproxy" not in header


def test_what_a_consent_manager_wrote_is_told_purpose_by_purpose(document: ResultDocument) -> None:
    wrote = ConsentEntry(
        ref=document.phases[0].evidence[0], event_id="c", at_us=0, at=None, key="IABTCF_TCString", framework="tcf",
        says=None, purposes=(1, 3), interests=(7,), vendors="2, 6-8", vendor_interests="", cmp=1, policy_version=4,
        sale_refused=None, flow_index=None,
    )  # fmt: skip
    text = markdown_bytes(document.model_copy(update={"consents": (wrote,)})).decode()
    assert "| IABTCF_TCString |  | 1, 3 | 7 | 2, 6-8 |" in text


def test_reads_come_with_their_curve_and_permissions_with_their_use(document: ResultDocument) -> None:
    reads = FrequencyEntry(
        recording="1-accept", data_type="id.oaid", sdk="acme", reads=5, background=2, silent=0, most=4, limit=4,
        window_us=60_000_000, over=True, complete=False, start_us=0, step_us=2_000_000, curve=(1, 0, 4),
    )  # fmt: skip
    use = PermissionEntry(permission="CAMERA", declared=True, asked=False, granted=False, opens=("sens.camera",),
                          types=(), reads=0, seen=None)  # fmt: skip
    text = markdown_bytes(document.model_copy(update={"frequencies": (reads,), "permissions": (use,)})).decode()
    assert "| 1-accept | id.oaid | acme |  | ≥ 5 | **4** | 2 |  | ▂·█ (2 s) |" in text
    seen = reads.model_copy(update={"data_type": "id.imei", "sdk": "Example"})
    told = markdown_bytes(document.model_copy(update={"frequencies": (seen,)})).decode()
    assert "| 1-accept | id.imei | Example | before any choice | ≥ 5 |" in told
    assert "Bold: at least 4 reads within 60 s" in text
    assert "| CAMERA | yes | no | not watched | sens.camera |" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_summary_is_headings_lists_and_tables_in_either_language(document: ResultDocument, language) -> None:
    blocks, inside = kinds(markdown_bytes(document, language).decode())
    assert {"heading_open", "table_open", "bullet_list_open"} <= blocks <= OURS
    assert inside <= INSIDE


def test_no_foreign_text_becomes_markup(hostile_document: ResultDocument) -> None:
    blocks, inside = kinds(markdown_bytes(hostile_document).decode())
    assert blocks <= OURS
    assert inside <= INSIDE
    quiet, _ = kinds(markdown_bytes(hostile_document).decode())
    assert "html_block" not in quiet


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("#*_-+=>`[]()!<&|~\\1.:/@ "), max_size=60))
def test_any_text_is_shown_as_it_is(text: str) -> None:
    tokens = READER.parse(f"- {plain(text)}\n\n| a |\n| --- |\n| {plain(text)} |\n")
    assert {one.type for one in tokens} <= OURS
    assert {inner.type for one in tokens for inner in one.children or ()} <= INSIDE
    assert sum(one.type == "td_open" for one in tokens) == 1
    assert sum(one.type == "list_item_open" for one in tokens) == 1


def test_no_bare_address_becomes_a_link() -> None:
    assert plain("http://evil.example") == "http\\://evil.example"
    assert plain("www.evil.example") == "www\\.evil.example"
