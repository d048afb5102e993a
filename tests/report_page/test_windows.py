"""The report page in windows of its own: colours, a narrow window, paper, no scripts, many entries, two recordings."""

from __future__ import annotations

import io

import pytest
from browser import WIDE, Opened, opened
from pypdf import PdfReader

from analyzer.report.html import write_html

CONTRAST = """(selector) => {
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const shade = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = getComputedStyle(document.body).backgroundColor;
  const [one, two] = [getComputedStyle(document.querySelector(selector)).color, ground].map(shade);
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}"""


def contrast(report: Opened, selector: str) -> float:
    """Give the ratio of a text's colour to the ground of the page, as WCAG counts it."""
    return report.page.evaluate(CONTRAST, selector)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_colour_schemes_can_be_read_and_the_reader_may_choose(browser, file, scheme):
    with opened(browser, file, viewport=WIDE, color_scheme=scheme) as report:
        for _ in range(3):
            for selector in ("body", ".soft", ".outcome.o-violated", ".outcome.o-not_observed", "nav a"):
                assert contrast(report, selector) >= 4.5, selector
            report.page.locator("#theme").click()
        report.page.locator("#theme").click()
        assert report.page.evaluate("document.documentElement.dataset.theme") == "light"
        assert report.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        report.assert_quiet()


def test_a_narrow_window_needs_no_scrolling_sideways(browser, file):
    with opened(browser, file, viewport={"width": 390, "height": 800}) as report:
        assert report.page.evaluate("document.documentElement.scrollWidth") <= 390
        for table in report.page.locator(".scroll").all():
            assert table.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
        badge = report.page.locator("#table td > .phase").first
        assert badge.bounding_box()["width"] < badge.locator("xpath=..").bounding_box()["width"] / 2
        for tab in report.page.get_by_role("tab").all():
            tab.click()
            assert report.page.locator("#table").evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
        cell = report.page.locator("#table tbody td:not(:empty)").first
        name = cell.evaluate("(one) => getComputedStyle(one, '::before').content")
        assert name == f'"{cell.get_attribute("data-name")}"'
        report.page.evaluate("location.hash = '#o22'")
        assert report.page.locator("#panel").bounding_box()["width"] <= 390
        report.assert_quiet()


def test_on_paper_stand_verdicts_the_timeline_and_whole_tables_on_light_ground(browser, file, material):
    with opened(browser, file, viewport=WIDE, color_scheme="dark") as report:
        pdf = PdfReader(io.BytesIO(report.page.pdf(format="A4")))
        assert report.page.locator("#print table").count() == 0
        report.assert_quiet()
    text = "".join(page.extract_text() for page in pdf.pages)
    for fact in ("violated", "Strongest evidence", "API calls, by data type", "Personal data seen", "tls refused"):
        assert fact in text
    seen = [one for one in material[0].observations if one.value in text]
    assert len(seen) > 30
    assert "Colours: system" not in text
    assert len(pdf.pages) < 25


def test_without_scripts_verdicts_and_tables_are_there(browser, file, material):
    with opened(browser, file, java_script_enabled=False, viewport=WIDE) as report:
        text = report.page.locator("body").inner_text()
        assert "Without scripts the page shows its tables" in text
        assert material[0].observations[0].value in text
        assert report.page.locator("noscript tr").count() > 100
        assert report.page.locator("#explore").is_hidden()
        assert report.complaints == []


def test_twenty_thousand_entries_are_all_there_and_few_of_them_are_built(browser, material, tmp_path):
    document, shown = material
    many = 20_000
    items = [document.timeline[at % len(document.timeline)] for at in range(many)]
    start, step = document.timeline[0].at_us, 1000
    timeline = tuple(item.model_copy(update={"at_us": start + at * step}) for at, item in enumerate(items))
    span = document.recordings[0].model_copy(update={"end_us": start + many * step})
    path = tmp_path / "many.html"
    path.write_bytes(write_html(document.model_copy(update={"timeline": timeline, "recordings": (span,)}), "en", shown))
    with opened(browser, path, viewport=WIDE) as report:
        assert report.page.locator("#shown").inner_text() == "20,000 of 20,000 entries"
        report.page.locator("#tab-timeline").click()
        assert report.page.locator("#table tbody tr").count() == 50
        report.page.get_by_role("button", name="Show more rows").click()
        assert report.page.locator("#table tbody tr").count() == 250
        assert report.page.evaluate("document.querySelectorAll('*').length") < 8500
        report.page.get_by_role("button", name="Zoom in").click()
        report.assert_quiet()


def _later(entries, gap: int) -> tuple:
    """Repeat entries as those of a second recording, so much later."""
    made = []
    for one in entries:
        moved = {name: getattr(one, name) + gap for name in ("at_us", "start_us", "end_us") if hasattr(one, name)}
        if getattr(one, "ref", None):
            moved["ref"] = one.ref.model_copy(update={"recording": "2-refuse"})
        made.append(one.model_copy(update={**moved, "recording": "2-refuse"}))
    return (*entries, *made)


def test_each_recording_has_lanes_of_its_own_and_opening_an_entry_shows_the_right_one(browser, material, tmp_path):
    document, shown = material
    gap = 3_600_000_000
    first = document.recordings[0]
    times = {"start_us": first.start_us + gap, "end_us": first.end_us + gap}
    second = first.model_copy(update={"name": "2-refuse", **times})
    lists = {name: _later(getattr(document, name), gap) for name in ("timeline", "phases")}
    path = tmp_path / "two.html"
    path.write_bytes(write_html(document.model_copy(update={"recordings": (first, second), **lists}), "en", shown))
    with opened(browser, path, viewport=WIDE) as report:
        pressed = report.page.locator("#recordings [aria-pressed=true]")
        assert pressed.inner_text() == "1-accept"
        lanes = report.page.locator("#lanes").inner_text()
        report.page.get_by_role("button", name="2-refuse").click()
        assert report.page.locator("#lanes").inner_text() == lanes
        assert report.page.locator("#range").inner_text().startswith("+0.000 s")
        report.page.evaluate("location.hash = '#o1'")
        report.page.locator("#panel").wait_for()
        assert pressed.inner_text() == "1-accept"
        report.assert_quiet()
