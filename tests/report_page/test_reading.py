"""The report page in a real Chromium: what a reader does with it, and what an app may not do in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browser import WIDE, Opened, opened
from playwright.sync_api import expect

from analyzer.report.sentences import chinese

PATIENT_MS = 60_000


@pytest.fixture(scope="module")
def window(browser, file):
    with opened(browser, file, viewport=WIDE) as made:
        yield made


@pytest.fixture
def report(window, file):
    """The page as it is when it was just opened; in one window for all, for a window costs more than the page."""
    window.page.mouse.move(0, 0)
    window.page.goto("about:blank")
    window.page.goto(file.as_uri())
    yield window
    window.assert_quiet()


def rows(report: Opened) -> int:
    return report.page.locator("#table tbody tr").count()


def title(report: Opened) -> str:
    return report.page.locator("#panel-title").inner_text()


def observation(material, **wanted: Any):
    return next(
        one for one in material[0].observations if all(getattr(one, name) == value for name, value in wanted.items())
    )


def test_the_first_screen_has_app_verdicts_strongest_evidence_and_blind_spots(report):
    first = report.page.locator("body").inner_text()
    for fact in ("com.example", "3.2.1", "Lab One", "analyzer 0.1.0", "Strongest evidence", "pin.pushlink.test"):
        assert fact in first
    sent = " ".join(report.page.locator("dl.sent").inner_text().split())
    assert "collect.statflow.example third party IMSI Wi-Fi MAC address mesh.geomesh.example" in sent
    assert "Times count from" in first
    assert "违反" not in report.page.locator("#verdicts").inner_text()
    box = report.page.locator(".card.o-violated").first.bounding_box()
    assert box is not None
    assert box["y"] < WIDE["height"]


def test_a_click_on_a_call_in_its_lane_opens_arguments_value_and_stack_with_the_sdk_marked(report, material):
    seen = next(one for one in material[0].observations if one.event_id and one.sdk and one.sdk.id != "app")
    click_entry(report, seen.event_id, lane=seen.data_type)
    panel = report.page.locator("#panel")
    assert "Arguments" in panel.inner_text()
    assert seen.value in panel.locator(".value").last.inner_text()
    assert seen.sdk.frame in panel.locator(".stack .decides").inner_text()
    assert "Left the device in" in panel.inner_text()


WHERE_IT_IS = """([name, lane]) => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const entry = data.timeline.find((one) => one.id === name);
  const wanted = lane ? data.types[lane][0] : entry.to || entry.host;
  const label = [...document.querySelectorAll("#lanes .lane")].find((one) => one.title === wanted);
  label.scrollIntoView({ block: "center", behavior: "instant" });
  const over = document.querySelector("#chart .u-over").getBoundingClientRect();
  const range = document.getElementById("range").textContent.replaceAll("−", "-");
  const [from, to] = range.split("–").map((text) => parseFloat(text));
  const box = label.getBoundingClientRect();
  const at = (entry.t - data.recordings[entry.r].from) / 1e6;
  return [over.left + ((at - from) / (to - from)) * over.width, box.top + box.height / 2];
}"""


def click_entry(report: Opened, name: str, lane: str = "") -> None:
    """Click where an entry of the timeline is drawn, by the name of its lane and its place on the time axis."""
    report.page.mouse.click(*report.page.evaluate(WHERE_IT_IS, [name, lane]))


def test_a_click_on_traffic_opens_the_request_with_finds_marked_and_the_chain_of_decodings(report, material):
    sent = next(one for one in material[0].observations if one.encodings == ("base64",) and one.where == "query")
    flow = material[0].flows[sent.flow_index]
    click_entry(report, flow.id)
    assert title(report).startswith("GET https://collect.statflow.example")
    mark = report.page.locator(f"#panel mark[data-find='{sent.id}']")
    assert mark.inner_text() not in {"", sent.value}  # what carries it is marked: it is base64
    mark.click()
    way = report.page.locator(f"#way-{sent.id}")
    assert "lit" in way.get_attribute("class")
    assert way.locator(".chain b").all_inner_texts() == [
        "query", "query:d", "base64", "pairs:imsi",
    ]  # fmt: skip
    assert way.locator(".chain .end").inner_text() == sent.value


def test_a_link_shows_both_of_its_ends(report, material):
    joined = next(one for one in material[0].links if one.observation)
    report.page.get_by_role("tab", name=re.compile("^Links")).click()
    report.page.locator("#table").get_by_role("link", name=joined.id, exact=True).click()
    ends = report.page.locator("#panel .end-of-link")
    call = next(one for one in material[0].events if one.id == joined.event)
    assert call.api in ends.nth(0).inner_text()
    assert material[0].flows[joined.flow_index].request_line in ends.nth(1).inner_text()
    assert ends.nth(1).locator("mark").count()


def test_a_line_between_a_call_and_a_request_opens_the_link_when_it_is_clicked(report, material):
    document = material[0]
    types = {one.id: one.data_type for one in document.observations}
    for joined in (one for one in document.links if one.observation):
        ends = [
            report.page.evaluate(WHERE_IT_IS, [joined.event, types[joined.observation]]),
            report.page.evaluate(WHERE_IT_IS, [document.flows[joined.flow_index].id, ""]),
        ]
        report.page.mouse.click(sum(x for x, _ in ends) / 2, sum(y for _, y in ends) / 2)
        if report.page.locator("#panel .end-of-link").count() == 2:
            return
        report.page.keyboard.press("Escape")
    pytest.fail("no line could be clicked")


def test_a_screen_shows_its_picture(report, material):
    shot = next(item for item in material[0].timeline if item.kind == "screen")
    report.page.evaluate(f"location.hash = '#{shot.ref.recording}/screens/{shot.ref.line}'")
    picture = report.page.locator("#panel img")
    picture.wait_for()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 100


def test_filters_narrow_lanes_and_tables_and_are_taken_away_one_by_one(report, material):
    document = material[0]
    imei = [one for one in document.observations if one.data_type == "id.imei"]
    lanes = report.page.locator("#lanes .k-event").count()
    report.page.locator(".pick[data-kind=type] summary").click()
    report.page.get_by_role("checkbox", name="IMEI / MEID").check()
    assert rows(report) == len(imei)
    assert report.page.locator("#lanes .k-event").count() < lanes
    report.page.locator(".pick[data-kind=tier] summary").click()
    report.page.get_by_role("checkbox", name="accessed").check()
    read = [one for one in imei if one.tier == "accessed"]
    assert 0 < len(read) < len(imei)
    assert rows(report) == len(read)
    report.page.get_by_role("button", name="Remove filter Tier: accessed").click()
    assert rows(report) == len(imei)
    report.page.get_by_role("button", name="Clear all filters").click()
    assert rows(report) == len(document.observations)


@pytest.mark.parametrize("kind", ["phase", "sdk", "to"])
def test_each_filter_shows_what_it_says(report, material, kind):
    report.page.locator(f".pick[data-kind={kind}] summary").click()
    report.page.locator(f".pick[data-kind={kind}] input").first.check()
    name = report.page.locator(f".pick[data-kind={kind}] label span").first.inner_text()
    column = {"phase": "Phase", "sdk": "SDK", "to": "Recipient"}[kind]
    heads = [head.strip(" ▲▼") for head in report.page.locator("#table thead th").all_inner_texts()]
    cells = report.page.locator(f"#table tbody td:nth-child({heads.index(column) + 1})").all_inner_texts()
    assert set(cells) == {name}


def test_names_of_recipients_and_sdks_are_broken_at_dots_only(report):
    cells = report.page.locator("#table td.c-to, #table td.c-sdk")
    assert "wbr" in cells.first.page.locator("#table td.c-to:not(:empty)").first.inner_html()
    narrow = report.page.evaluate(
        """() => [...document.querySelectorAll("#table td.c-to, #table td.c-sdk")].filter((cell) => {
          const range = document.createRange();
          return [...cell.childNodes].some((node) => {
            range.selectNodeContents(node);
            return node.nodeType === Node.TEXT_NODE && range.getClientRects().length > 1;
          });
        }).map((cell) => cell.textContent)"""
    )
    assert narrow == []


def test_search_finds_text_in_lanes_and_tables(report, material):
    report.page.fill("#search", "0000000")
    rows_shown = report.page.locator("#table tbody tr")
    expect(rows_shown).to_have_count(0, timeout=PATIENT_MS)  # no script text is evaluated: the page's policy forbids it
    report.page.fill("#search", "statflow")
    expect(rows_shown.first).to_be_visible(timeout=PATIENT_MS)
    assert "statflow" in report.page.locator("#table tbody").inner_text()
    assert rows(report) < len(material[0].observations)


def test_tables_sort_by_each_column_up_and_down(report, material):
    report.page.get_by_role("tab", name=re.compile("^Network traffic")).click()
    head = report.page.get_by_role("button", name="Bytes sent")
    sizes = []
    for direction in ("ascending", "descending"):
        head.click()
        assert head.locator("xpath=..").get_attribute("aria-sort") == direction
        texts = report.page.locator("#table tbody td:last-child").all_inner_texts()
        sizes.append([int(text.replace(",", "")) for text in texts if text])
    assert sizes[0] == sorted(sizes[0]) == sizes[1][::-1] or sorted(sizes[1], reverse=True) == sizes[1]
    assert len(sizes[0]) > 5


def test_zooming_by_button_keyboard_and_dragging_shows_less_and_all_shows_everything(report):
    def length() -> float:
        first, last = re.findall(r"[+−]([\d.]+) s", report.page.locator("#range").inner_text())
        return float(last) - float(first)

    whole = length()
    report.page.get_by_role("button", name="Zoom in").click()
    half = length()
    assert half < whole * 0.6
    report.page.locator("#timeline-box").focus()
    report.page.keyboard.press("+")
    assert length() < half
    report.page.keyboard.press("0")
    assert length() == pytest.approx(whole, rel=0.1)
    box = report.page.locator("#chart .u-over").bounding_box()
    assert box is not None
    report.page.mouse.move(box["x"] + 200, box["y"] + 40)
    report.page.mouse.down()
    report.page.mouse.move(box["x"] + 400, box["y"] + 44, steps=4)
    report.page.mouse.up()
    assert length() < whole / 2


def test_the_keyboard_alone_goes_through_the_timeline_and_opens_and_closes(report, material):
    box = report.page.locator("#timeline-box")
    box.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowDown"):
        report.page.keyboard.press(key)
    spoken = report.page.locator("#spoken").inner_text()
    assert re.search(r", \+\d+\.\d{3} s, calls ", spoken)
    report.page.keyboard.press("Enter")
    assert report.page.evaluate("document.activeElement.id") == "panel-title"
    assert title(report)
    report.page.keyboard.press("Escape")
    assert report.page.locator("#panel").is_hidden()
    assert report.page.evaluate("document.activeElement.id") == "timeline-box"
    report.page.locator("#tab-observations").focus()
    report.page.keyboard.press("ArrowRight")
    assert report.page.locator("#tab-timeline").get_attribute("aria-selected") == "true"
    assert rows(report) == min(50, len(material[0].timeline))


def test_everything_that_can_be_used_has_a_name_for_screen_readers(report):
    unnamed = report.page.evaluate(
        """() => [...document.querySelectorAll("button, input, a, summary, [role]:not(td), [tabindex]")]
          .filter((one) => !one.closest("[hidden], #panel, #spoken"))
          .filter((one) => !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby"))
          .filter((one) => !one.textContent.trim() && !one.closest("label"))
          .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert unnamed == []
    assert report.page.evaluate("[...document.querySelectorAll('th')].every((one) => one.scope)")


def test_the_language_is_switched_everywhere_at_once(report):
    report.page.evaluate("location.hash = '#o1'")
    report.page.get_by_role("button", name="中文").click()
    text = report.page.locator("body").inner_text()
    for word in ("逐条结论", "最强证据", "选择之前", "调用栈", "观察到的个人信息", "已读取"):
        assert word in text
    for word in ("Verdict per clause", "Strongest evidence", "sent to a third party", "Call stack", "not tested"):
        assert word not in text
    assert report.page.evaluate("document.documentElement.lang") == "zh"
    assert report.page.locator("#timeline-box").get_attribute("aria-label").startswith("泳道")
    assert report.page.title().startswith("个人信息收集分析")
    report.page.get_by_role("button", name="English").click()
    assert "Call stack" in report.page.locator("#panel").inner_text()


def test_in_the_chinese_page_the_tool_says_nothing_in_english(report, material):
    report.page.get_by_role("button", name="中文").click()
    said = "\n".join(report.page.locator(".reasons, .explained .soft, .blind .soft").all_text_contents())
    for verdict in material[0].verdicts:
        for reason in verdict.reasons:
            assert chinese(reason) != reason
            assert chinese(reason) in said
    report.page.evaluate(f"location.hash = '#{material[0].gaps[0].id}'")
    assert "应用中断了与代理的 TLS 握手" in report.page.locator("#panel").inner_text()
    report.page.locator("#tab-timeline").click()
    cells = report.page.locator("#table td.c-title").all_inner_texts()
    english = [
        cell for cell in cells if re.search(r"\b(calls|asks through|started|ended|dialog|screen|handshake)\b", cell)
    ]
    assert english == []


def test_each_clause_is_named_with_its_outcome_and_leads_to_its_card(report, material):
    chips = report.page.locator(".tally .chip")
    assert chips.count() == len(material[0].verdicts)
    untested = report.page.locator(".chip.o-not_tested").first
    untested.click()
    card = report.page.locator(f"[id='{untested.get_attribute('href')[1:]}']")
    assert card.is_visible()
    assert "not tested" in card.inner_text()


def test_no_table_is_wider_than_the_window(report):
    for tab in report.page.get_by_role("tab").all():
        tab.click()
        box = report.page.locator("#table")
        assert box.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0
