from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from analyzer.model.evidence import Session
from analyzer.model.results import Analysis
from analyzer.model.vocabulary import Phase
from analyzer.report.document import ResultDocument, build_document
from analyzer.report.document_results import ConsentEntry, FrequencyEntry, PermissionEntry
from analyzer.report.html import ROWS, write_html
from analyzer.report.labels import Language

LOADING = {"src", "srcset", "action", "formaction", "data", "poster", "background", "style", "xlink:href"}


class Page(HTMLParser):
    """Collects the tags, the attributes and the text of a page; that of each script apart."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.scripts: list[str] = []
        self.style = ""
        self._inside = ""
        self.feed(data.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside == "style":
            self.style += data
        else:
            self.text += data

    @property
    def policy(self) -> str:
        return next(value or "" for name, value in self.attributes if name == "content" and "default-src" in value)


def sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_page_loads_nothing_and_leads_nowhere(hostile_document: ResultDocument) -> None:
    page = Page(write_html(hostile_document))
    assert not {"img", "iframe", "object", "embed", "link", "base", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in LOADING or name.startswith("on")]
    assert {(value or "")[:1] for name, value in page.attributes if name == "href"} == {"#"}


def test_hostile_texts_add_no_tag_and_no_attribute(document: ResultDocument, hostile_document: ResultDocument) -> None:
    plain, attacked = Page(write_html(document)), Page(write_html(hostile_document))
    assert attacked.tags == plain.tags
    assert [name for name, _ in attacked.attributes] == [name for name, _ in plain.attributes]


def test_hostile_texts_neither_end_nor_begin_a_script(document: ResultDocument, hostile: str) -> None:
    data = write_html(document.model_copy(update={"flows": _named(document, hostile)}))
    page = Page(data)
    *blocks, library, script = page.scripts
    assert len(blocks) == 2
    assert all(set("<>&").isdisjoint(block) for block in blocks)
    assert json.loads(blocks[0])["flows"][0]["line"]
    assert [sha256(text) in page.policy for text in (library, script)] == [True, True]


def _named(document: ResultDocument, text: str) -> tuple:
    return tuple(flow.model_copy(update={"request_line": f"{text}</script><script>"}) for flow in document.flows)


def test_no_control_or_bidi_character_reaches_the_page(hostile_document: ResultDocument) -> None:
    text = write_html(hostile_document).decode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", text)


def test_long_texts_are_cut(document: ResultDocument, hostile_document: ResultDocument) -> None:
    assert len(write_html(hostile_document)) < len(write_html(document)) + 60_000


def test_the_policy_allows_only_the_style_and_the_scripts_that_are_in_the_page(document: ResultDocument) -> None:
    page = Page(write_html(document))
    rules = dict(rule.strip().split(" ", 1) for rule in page.policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["style-src"] == f"'sha256-{sha256(page.style)}'"
    assert rules["script-src"] == " ".join(f"'sha256-{sha256(text)}'" for text in page.scripts[-2:])
    assert rules["img-src"] == "data:"
    assert (rules["require-trusted-types-for"], rules["trusted-types"]) == ("'script'", "'none'")


def test_the_library_is_the_one_that_its_origin_names_and_its_licence_stands_in_the_page(
    document: ResultDocument,
) -> None:
    folder = files("analyzer.report") / "data" / "vendor" / "uplot"
    origin = json.loads((folder / "ORIGIN.json").read_text())
    kept = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert kept.pop("ORIGIN.json")
    assert kept == origin["sha256"]
    page = Page(write_html(document))
    assert f"{origin['name']} {origin['version']} ({origin['licence']})" in page.text
    assert "The above copyright notice and this permission notice shall be included" in page.text


def test_the_first_screen_tells_who_what_and_every_verdict(document: ResultDocument) -> None:
    first_screen = Page(write_html(document)).text.split("Timeline and evidence")[0]
    for fact in ("com.example", "1.2.3", "Android 14", "0.1.0", "unpinning", "ef" * 8, "sealed", "pinned.example"):
        assert fact in first_screen
    for outcome in ("violated", "inconclusive", "not observed"):
        assert outcome in first_screen
    words = re.sub(r"[\s ]+", " ", first_screen)
    assert re.search("Strongest evidence.{1,12}: id.imei.*?sent to a third party", words)


def test_what_was_counted_stands_in_tables_of_their_own(document: ResultDocument) -> None:
    reads = FrequencyEntry(
        recording="1-accept", data_type="id.oaid", sdk="<b>acme", reads=5, background=2, silent=0, most=4, limit=4,
        window_us=60_000_000, over=True, complete=False, start_us=0, step_us=2_000_000, curve=(1, 0, 4),
    )  # fmt: skip
    use = PermissionEntry(permission="<i>CAMERA", declared=True, asked=False, granted=False, opens=("sens.camera",),
                          types=(), reads=0, seen=False)  # fmt: skip
    consent = ConsentEntry(
        ref=document.phases[0].evidence[0], event_id="c", at_us=0, at=None, key="IABTCF_TCString", framework="tcf",
        says=Phase.REFUSED, purposes=(), interests=(7,), vendors="2, 6-8", vendor_interests="", cmp=1,
        policy_version=4, sale_refused=None, flow_index=None,
    )  # fmt: skip
    parts = {"frequencies": (reads,), "permissions": (use,), "consents": (consent,)}
    page = Page(write_html(document.model_copy(update=parts)))
    assert not {"consents-head", "frequency-head"} & {value for _, value in Page(write_html(document)).attributes}
    for told in ("▂·█", "≥ 5", "at least 4 reads within 60 s", "no use seen", "2, 6-8", "<b>acme", "<i>CAMERA"):
        assert told in page.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_holds_both_languages_and_begins_with_the_one_asked_for(
    document: ResultDocument, language: Language
) -> None:
    page = Page(write_html(document, language))
    assert "Verdict per clause" in page.text
    assert "逐条结论" in page.text
    assert ("lang", language) == page.attributes[0]


def test_templates_are_compiled_once_for_all_pages(document: ResultDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    write_html(document, "en")
    monkeypatch.setattr("jinja2.environment.Environment.compile", lambda *_, **__: pytest.fail("compiled again"))
    write_html(document, "zh")


def test_equal_documents_give_equal_pages(session: Session, analysis: Analysis) -> None:
    one, two = (write_html(build_document(session, analysis)) for _ in range(2))
    assert one == two


def test_without_scripts_a_long_timeline_is_cut_and_the_page_says_so(session: Session, analysis: Analysis) -> None:
    entry = replace(analysis.timeline[0], title="seen-once-per-row")
    long = replace(analysis, timeline=(entry,) * (ROWS + 7))
    text = Page(write_html(build_document(session, long))).text
    assert text.count("seen-once-per-row") == ROWS
    assert f"Only the first {ROWS} of {ROWS + 7} rows are shown" in text


def test_an_empty_analysis_still_gives_a_page(session: Session) -> None:
    text = Page(write_html(build_document(session, Analysis("r")))).text
    assert "com.example" in text
    assert "none" in text


def test_each_clause_stands_there_in_its_own_words_with_their_fidelity_and_source(document: ResultDocument) -> None:
    page = write_html(document).decode()
    assert '<blockquote lang="zh">征得用户同意前 Example</blockquote>' in page
    assert "verbatim public copy" in page
    assert "CAC-191" in page


def test_the_script_makes_no_markup_of_text(document: ResultDocument) -> None:
    for script in Page(write_html(document)).scripts[-2:]:
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|srcdoc", script)


def test_the_whole_clause_can_be_read(document: ResultDocument) -> None:
    clause = "以下行为可被认定为“未经用户同意收集使用个人信息”：\n" * 30
    verdicts = tuple(one.model_copy(update={"text": {"zh": clause}}) for one in document.verdicts)
    page = write_html(document.model_copy(update={"verdicts": verdicts})).decode()
    assert f'<blockquote lang="zh">{clause}</blockquote>' in page
