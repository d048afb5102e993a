"""A report page whose every text is an attack, in a real Chromium: nothing of it runs, wherever one looks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser import WIDE, opened

from analyzer.model.exhibits import Exhibits
from analyzer.report.document import ResultDocument, to_bytes
from analyzer.report.html import write_html

PAYLOADS = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=2</script>",
    '"><img src=x onerror="window.hit=3">',
    "'><svg onload=window.hit=4>",
    "</noscript></style></textarea></title><img src=x onerror=window.hit=5>",
    "javascript:window.hit=6",
    "<!--<script>",
    "]]>--><body onload=window.hit=7>",
    "{{constructor.constructor('window.hit=8')()}}${window.hit=9}",
    "</pre></table><iframe srcdoc='<script>parent.hit=10</script>'></iframe>",
    "<style>*{display:none}</style><link rel=stylesheet href=https://evil.example/a.css>",
    "__proto__",
    "\u202e\u2066\x00\x1b[31m\ufeff\ud800",
    "\\u003cimg src=x onerror=window.hit=11\\u003e",
)
OURS = {"id", "event_id", "event", "observation", "observations", "origins", "evidence", "recording", "rule", "schema"}
CLOSED = {"name", "strategy", "created", "start", "end", "at", "until", "kind"}


def poisoned(tree: Any, key: str = "", turn: list[int] | None = None) -> Any:
    """Put a payload before every text of a document that is none of a closed vocabulary."""
    turn = turn or [0]
    if isinstance(tree, dict):
        if key in {"title", "text"}:
            return {name: poisoned(value, key, turn) for name, value in tree.items()}
        return {name: poisoned(value, name, turn) for name, value in tree.items()}
    if isinstance(tree, list):
        return [poisoned(one, key, turn) for one in tree]
    if not isinstance(tree, str) or key in OURS or key in CLOSED:
        return tree
    turn[0] += 1
    return PAYLOADS[turn[0] % len(PAYLOADS)].encode("utf-8", "backslashreplace").decode() + tree


@pytest.fixture(scope="module")
def hostile(material, tmp_path_factory) -> Path:
    document, shown = material
    tree = json.loads(to_bytes(document))
    attacked = ResultDocument.model_validate(_kept_enums(tree, poisoned(tree)))
    evil = Exhibits(
        {
            index: replace(
                one,
                passages=tuple(
                    replace(
                        passage,
                        pieces=tuple(
                            piece._replace(text=PAYLOADS[(at + index) % len(PAYLOADS)] + piece.text)
                            if piece.text
                            else piece
                            for at, piece in enumerate(passage.pieces)
                        ),
                        undone=PAYLOADS[:2],
                    )
                    for passage in one.passages
                ),
                ways={
                    find: tuple(step._replace(name=PAYLOADS[2], text=PAYLOADS[3]) for step in way)
                    for find, way in one.ways.items()
                },
            )
            for index, one in shown.excerpts.items()
        },
        shown.screens,
        shown.pictures,
        {name: {"en": PAYLOADS[0], "zh": PAYLOADS[1]} for name in shown.data_types},
    )
    path = tmp_path_factory.mktemp("hostile") / "report.html"
    path.write_bytes(write_html(attacked, "en", evil))
    return path


def _kept_enums(plain: Any, evil: Any) -> Any:
    """Take back what the document's own vocabulary does not allow to be anything else."""
    closed = {
        "phase",
        "app_state",
        "channel",
        "where",
        "method",
        "tier",
        "outcome",
        "truth",
        "party",
        "owner",
        "status",
    }
    closed |= {"ending", "direction", "strategy", "source", "kind", "read", "data_type"}
    if isinstance(plain, dict):
        return {
            name: value if name in closed and isinstance(value, str) else _kept_enums(value, evil[name])
            for name, value in plain.items()
        }
    if isinstance(plain, list):
        return [_kept_enums(one, two) for one, two in zip(plain, evil, strict=True)]
    return evil


def test_nothing_of_a_page_whose_every_text_is_hostile_runs_wherever_one_looks(browser, hostile):
    with opened(browser, hostile, viewport=WIDE) as report:
        page = report.page
        assert "<script>window.hit=1</script>" in page.locator("body").inner_text()
        for details in page.locator("main details:not(.pick) > summary").all():
            if details.is_visible():
                details.click()
        for kind in ("phase", "type", "sdk", "to", "tier"):
            page.locator(f".pick[data-kind={kind}] summary").click()
            if page.locator(f".pick[data-kind={kind}] input").count():
                page.locator(f".pick[data-kind={kind}] input").first.check()
                page.keyboard.press("Escape")
        page.locator("#chosen .clear").click()
        for tab in page.get_by_role("tab").all():
            tab.click()
            for link in page.locator("#table a.ref").all()[:4]:
                link.click(force=True)
                for mark in page.locator("#panel mark").all()[:1]:
                    mark.click(force=True)
                page.keyboard.press("Escape")
        for language in ("zh", "en"):
            page.locator(f"[data-language={language}]").click()
        page.locator("#chart .u-over").hover()
        page.pdf()
        report.assert_quiet()
    with opened(browser, hostile, java_script_enabled=False, viewport=WIDE) as report:
        assert report.page.locator("img, iframe, svg, body > style").count() == 0
        assert report.page.locator("noscript tr").count() > 100
        assert report.complaints == report.requests == []


def test_the_policy_lets_no_other_script_run(browser, file):
    with opened(browser, file, viewport=WIDE) as report:
        for attack in (
            "const one = document.createElement('button'); one.setAttribute('onclick', 'window.hit = 1'); one.click()",
            "const one = document.createElement('script'); one.append('window.hit = 1'); document.body.append(one)",
            "setTimeout(() => eval('window.hit = 1'))",
            "document.body.innerHTML = '<img src=x onerror=\"window.hit=1\">'",
            "location.href = 'javascript:window.hit=1'",
        ):
            before = len(report.complaints)
            try:
                report.page.evaluate(f"(() => {{ {attack} }})()")
            except Exception as problem:  # noqa: BLE001 - the browser's own refusal
                report.complaints.append(str(problem))
            report.page.wait_for_timeout(50)
            assert len(report.complaints) > before, attack
        assert report.page.evaluate("window.hit") is None
