from __future__ import annotations

import io
import time

import pytest
from PIL import Image

from analyzer.capture.lab_fonts import find_wide_font
from analyzer.capture.lab_screen import SIZE, draw_screen, read_nodes

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>"


def node(bounds: str, text: str = "", kind: str = "android.widget.TextView", more: str = "", inner: str = "") -> str:
    return f'<node index="0" text="{text}" class="{kind}" bounds="{bounds}" {more}>{inner}</node>'


def screen(*nodes: str) -> str:
    return f'{HEAD}<hierarchy rotation="0">{"".join(nodes)}</hierarchy>'


def picture(hierarchy: str, style: dict[str, object] | None = None) -> Image.Image:
    return Image.open(io.BytesIO(draw_screen(hierarchy, style)))


def ink(image: Image.Image, box: tuple[int, int, int, int]) -> int:
    """Count the dark pixels of a part of the picture."""
    return sum(image.crop(box).convert("L").histogram()[:100])


def test_text_is_drawn_inside_its_box_and_nowhere_else() -> None:
    image = picture(screen(node("[100,400][980,600]", "Privacy policy")))
    assert image.size == SIZE
    assert image.format == "PNG"
    assert ink(image, (50, 200, 490, 300)) > 100
    assert ink(image, (0, 0, 540, 200)) == ink(image, (0, 300, 540, 1200)) == 0


def test_long_chinese_text_is_broken_into_lines_that_stay_in_the_box() -> None:
    image = picture(screen(node("[100,400][980,700]", "请您阅读并同意隐私政策" * 8)))
    assert ink(image, (50, 225, 490, 350)) > 100
    assert ink(image, (492, 0, 540, 1200)) == ink(image, (0, 352, 540, 1200)) == 0


@pytest.mark.skipif(find_wide_font() is None, reason="no font with Chinese glyphs on this machine")
def test_different_chinese_letters_look_different() -> None:
    first, second = (picture(screen(node("[100,400][980,700]", text))).tobytes() for text in ("同意", "拒绝"))
    assert first != second


def test_the_app_s_colours_are_used() -> None:
    look = {"bounds": [0, 0, 200, 200], "class": "android.view.View", "background": "#ff0000"}
    image = picture(screen(node("[0,0][200,200]", kind="android.view.View")), {"nodes": [look], "dim": False})
    assert image.getpixel((50, 50)) == (255, 0, 0)
    assert image.getpixel((150, 50)) == (250, 250, 250)


def test_a_dialog_stands_out_from_the_dimmed_rest() -> None:
    image = picture(screen(node("[80,800][1000,1600]", kind="android.widget.FrameLayout")), {"dim": True})
    assert image.getpixel((10, 10)) == (138, 138, 138)
    assert image.getpixel((270, 600)) == (250, 250, 250)


def test_a_checked_box_is_darker_than_an_empty_one() -> None:
    boxes = [
        picture(screen(node("[0,0][400,100]", kind="android.widget.CheckBox", more=f'checkable="true" checked="{on}"')))
        for on in ("true", "false")
    ]
    assert ink(boxes[0], (0, 0, 30, 50)) > ink(boxes[1], (0, 0, 30, 50)) > 0


def test_the_same_screen_gives_the_same_bytes() -> None:
    hierarchy = screen(node("[0,0][1080,400]", "同意 Agree", kind="android.widget.Button"))
    assert draw_screen(hierarchy) == draw_screen(hierarchy)


@pytest.mark.parametrize(
    "hierarchy",
    [
        "",
        "not xml",
        screen(),
        screen(node("everywhere")),
        '<!DOCTYPE a [<!ENTITY b "boom">]>' + "<hierarchy>" + node("[0,0][9,9]", "&b;") + "</hierarchy>",
        "<node>" * 100_000,
        "<a>" * 100_000 + "</a>" * 100_000,
        "x" * 8_000_001,
    ],
)
def test_what_is_no_hierarchy_gives_no_picture(hierarchy: str) -> None:
    assert draw_screen(hierarchy) == b""


@pytest.mark.parametrize(
    "style",
    [
        {"nodes": "all"},
        {"nodes": [1, None, {"bounds": "x"}, {"bounds": [[]]}, {"bounds": [0, 0, 9, 9], "class": []}]},
        {"nodes": [{"bounds": [0, 0, 900, 900], "class": "c", "background": "url(x)", "text_size": 1e308}]},
        {"nodes": [{"bounds": [0, 0, 900, 900], "class": "c", "text_colour": 7, "text_size": -5}]},
    ],
)
def test_a_hostile_style_is_ignored(style: dict[str, object]) -> None:
    assert picture(screen(node("[0,0][900,900]", "x", kind="c")), style).size == SIZE


def test_boxes_outside_the_screen_and_inverted_ones_do_no_harm() -> None:
    bounds = ("[-500,-500][99999,99999]", "[900,900][100,100]", "[5000,5000][6000,6000]")
    assert picture(screen(*(node(each, "text", kind="android.widget.Button") for each in bounds))).size == SIZE


def test_a_screen_of_very_many_nodes_and_very_long_texts_is_bounded() -> None:
    nodes = list(read_nodes(screen(*[node("[0,0][9,9]", "x" * 10_000)] * 600, *[node("[0,0][9,9]")] * 3_000), {}))
    assert len(nodes) == 2_000
    assert len(nodes[0].text) == 4_000


def test_a_missing_font_becomes_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.capture.lab_screen.find_wide_font", lambda: None)
    image = picture(screen(node("[100,400][980,600]", "同意")))
    assert ink(image, (50, 200, 490, 300)) > 50


@pytest.mark.parametrize("text", ["\u0300" * 4000, "x" * 4000, "长" * 4000], ids=["marks", "word", "wide"])
def test_texts_that_fit_no_screen_do_not_hold_up_whoever_watches(text) -> None:
    before = time.process_time()
    image = picture(screen(*[node("[0,0][1080,2400]", text)] * 500))
    assert image.size == SIZE
    assert time.process_time() - before < 5
