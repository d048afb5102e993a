from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from analyzer.model.evidence import Session
from analyzer.model.results import Analysis
from analyzer.report.document import ResultDocument, build_document
from analyzer.report.html import ROWS, write_html
from analyzer.report.labels import Language

LOADING = {"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "style", "xlink:href"}


class Page(HTMLParser):
    """Collects the tags, the attributes and the text of a page."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(data.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_loads_nothing_and_runs_nothing(hostile_document: ResultDocument) -> None:
    page = Page(write_html(hostile_document))
    assert not {"script", "img", "iframe", "object", "embed", "link", "base", "form", "a"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in LOADING or name.startswith("on")]


def test_hostile_texts_add_no_tag_and_no_attribute(document: ResultDocument, hostile_document: ResultDocument) -> None:
    plain, attacked = Page(write_html(document)), Page(write_html(hostile_document))
    assert attacked.tags == plain.tags
    assert [name for name, _ in attacked.attributes] == [name for name, _ in plain.attributes]


def test_no_control_or_bidi_character_reaches_the_page(hostile_document: ResultDocument) -> None:
    text = write_html(hostile_document).decode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", text)


def test_long_texts_are_cut(hostile_document: ResultDocument) -> None:
    assert len(write_html(hostile_document)) < 60_000


def test_the_policy_allows_only_the_style_that_is_in_the_page(document: ResultDocument) -> None:
    text = write_html(document).decode("utf-8")
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:" in text


def test_the_first_screen_tells_who_what_and_every_verdict(document: ResultDocument) -> None:
    first_screen = Page(write_html(document)).text.split("Timeline")[0]
    for fact in ("com.example", "1.2.3", "Android 14", "0.1.0", "unpinning", "ef" * 32, "sealed", "pinned.example"):
        assert fact in first_screen
    for outcome in ("violated", "inconclusive", "not observed"):
        assert outcome in first_screen
    assert "Strongest evidence: id.imei · sent to a third party" in re.sub(r"\s+", " ", first_screen)


@pytest.mark.parametrize(("language", "word"), [("en", "Verdict per clause"), ("zh", "逐条结论")])
def test_the_page_speaks_two_languages(document: ResultDocument, language: Language, word: str) -> None:
    assert word in Page(write_html(document, language)).text


def test_equal_documents_give_equal_pages(session: Session, analysis: Analysis) -> None:
    one, two = (write_html(build_document(session, analysis)) for _ in range(2))
    assert one == two


def test_a_long_timeline_is_cut_and_the_page_says_so(session: Session, analysis: Analysis) -> None:
    entry = replace(analysis.timeline[0], title="seen-once-per-row")
    long = replace(analysis, timeline=(entry,) * (ROWS + 7))
    text = Page(write_html(build_document(session, long))).text
    assert text.count("seen-once-per-row") == ROWS
    assert "Only the first 5000 of 5007 rows are shown" in text


def test_an_empty_analysis_still_gives_a_page(session: Session) -> None:
    text = Page(write_html(build_document(session, Analysis("r")))).text
    assert "com.example" in text
    assert "none" in text


def test_each_clause_stands_there_in_its_own_words_with_their_fidelity_and_source(document: ResultDocument) -> None:
    page = write_html(document).decode()
    assert '<blockquote lang="zh">征得用户同意前 Example</blockquote>' in page
    assert "verbatim public copy" in page
    assert "CAC-191" in page
